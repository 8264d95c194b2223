"""The nota van beantwoording, and what everyone may read of the contributions as files."""

from __future__ import annotations

import io

from flask import Blueprint, Response, render_template, request, send_file

from app.database import connection
from app.errors import BadRequest
from app.pages.lists import file_answer
from app.services.contribution_files import contributions_download, nota_download, on_the_map
from app.services.nota import Nota, closed_phases, public_nota
from app.services.nota_document import MEDIA_TYPE, to_docx

page = Blueprint("nota", __name__, url_prefix="/in-gesprek/<code>")


@page.get("/nota")
def show(code: str) -> str:
    """What was said, answered and changed in a phase that is closed."""
    with connection() as opened:
        nota = public_nota(opened, code, _phase_id())
        phases = closed_phases(opened, nota.track.id)
    return render_template("in_gesprek/nota.html", nota=nota, phases=phases)


@page.get("/nota.docx")
def document(code: str) -> Response:
    """The same as a document."""
    nota = _nota(code)
    return send_file(
        io.BytesIO(to_docx(nota)),
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=f"nota-{nota.track.code}-{nota.phase.position}.docx",
        max_age=0,
    )


@page.get("/nota.csv")
def table(code: str) -> Response:
    """The contributions of the nota with their answers."""
    return file_answer(nota_download(_nota(code)), "csv")


@page.get("/reacties.<any(csv, geojson):extension>")
def contributions(code: str, extension: str) -> Response:
    """Every contribution that everyone may read; in GeoJSON those that point at a place."""
    with connection() as opened:
        download = contributions_download(opened, code)
    return file_answer(on_the_map(download) if extension == "geojson" else download, extension)


def _nota(code: str) -> Nota:
    with connection() as opened:
        return public_nota(opened, code, _phase_id())


def _phase_id() -> int | None:
    word = request.args.get("fase", "").strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise BadRequest("fase", "Dit is geen nummer van een fase.")
    return int(word)
