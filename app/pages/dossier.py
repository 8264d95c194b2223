"""The dossier of a choice under its permanent link, as everyone reads it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.database import connection
from app.services.canonical_json import canonical_bytes
from app.services.dossier_page import dossier_page
from data.queries.assessments import PublicDossier, find_public_dossier

page = Blueprint("dossier", __name__, url_prefix="/dossier")


@page.get("/<code>")
def show(code: str) -> str:
    """The document, once somebody published it."""
    found = _find(code)
    return render_template(
        "dossier/openbaar.html", dossier=found, shown=dossier_page(found.content)
    )


@page.get("/<code>.json")
def file(code: str) -> Response:
    """The stored content, byte for byte what the checksum is of."""
    found = _find(code)
    made = Response(canonical_bytes(found.content), mimetype="application/json")
    made.headers["Content-Disposition"] = f"attachment; filename=dossier-{found.code}.json"
    return made


def _find(code: str) -> PublicDossier:
    with connection() as opened:
        return find_public_dossier(opened, code)
