"""The register of personal data, as a page and as a file."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, make_response, render_template

from app.database import connection
from app.services.downloads import harmless
from app.services.privacy_register import FILE_COLUMNS, privacy_register, register_rows

page = Blueprint("privacy_register", __name__, url_prefix="/privacy")
FILE_NAME = "register-persoonsgegevens.csv"


@page.get("/register")
def show() -> str:
    """What is kept about people: a summary first, then every column."""
    with connection() as opened:
        register = privacy_register(opened)
    return render_template("privacy_register.html", register=register)


@page.get("/register.csv")
def file() -> Response:
    """The same as a file, to attach to an assessment (DPIA)."""
    with connection() as opened:
        rows = register_rows(privacy_register(opened))
    written = io.StringIO()
    writer = csv.DictWriter(written, FILE_COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows([{key: harmless(text) for key, text in row.items()} for row in rows])
    answer = make_response(written.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer
