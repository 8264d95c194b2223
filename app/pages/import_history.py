"""Which data were imported: by whom, when, how much and with which checksum."""

from __future__ import annotations

import math

from flask import Blueprint, render_template, request, url_for

from app.auth import guard
from app.database import reading_as
from app.pages import parameters
from app.services.import_history import PAGE_SIZE, past_imports
from data.queries.history import count_imports

page = Blueprint("import_history", __name__)


@page.get("/geschiedenis/inlezen")
def show() -> str:
    """The imports, the latest first."""
    number = parameters.page_number(request.args)
    with reading_as(guard.hands()) as opened:
        count = count_imports(opened)
        imports = past_imports(opened, number)
    return render_template(
        "inleesgeschiedenis.html",
        imports=imports,
        count=count,
        page=number,
        page_count=max(1, math.ceil(count / PAGE_SIZE)),
        page_url=lambda other: url_for("import_history.show", pagina=other),
    )
