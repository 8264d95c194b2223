"""The documents of a conversation: cleaned as those of sites are, and then for everyone to read."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.sender import refused
from app.pages.stored_files import file_name, send_stored
from app.pages.track_frame import read_own_track, read_track, to_track
from app.pages.workspace_documents import RemovalForm, UploadForm
from app.services.clean_files import UploadRefused
from app.services.uploads import clean_upload, what_was_removed
from data.changes.refusals import SecretText
from data.changes.track_parts import MOST_DOCUMENTS, TooManyParts, add_document, remove_document
from data.queries.workspace_tracks import document_content, find_document

page = Blueprint("track_documents", __name__, url_prefix="/gesprekken/<int:track_id>/documenten")


@page.get("/nieuw")
def new(track_id: int) -> str:
    """The form to add a document."""
    return _page(track_id, UploadForm(formdata=None))


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Clean a document and keep it; or say why not."""
    read_own_track(track_id)
    form = UploadForm()
    if form.validate_on_submit():
        try:
            told = _keep(track_id, form)
        except (UploadRefused, TooManyParts) as error:
            form.bestand.errors = [str(error)]
        except SecretText as error:
            form.titel.errors = [str(error)]
        else:
            flash(f"‘{form.titel.data}’ is toegevoegd. {told}")
            return to_track(track_id, "documenten")
    return refused(_page(track_id, form))


@page.get("/<int:document_id>")
def file(track_id: int, document_id: int) -> Response:
    """The document itself: a picture to look at, a PDF to keep."""
    read_track(track_id)
    with reading_as(guard.hands()) as opened:
        record = find_document(opened, track_id, document_id)
        content = document_content(opened, document_id)
    name = file_name(record.title, record.media_type, f"document-{document_id}")
    return send_stored(content, record.media_type, name)


@page.get("/<int:document_id>/weghalen")
def ask_removal(track_id: int, document_id: int) -> str:
    """Whether it should really go, and why."""
    return _removal_page(track_id, document_id, RemovalForm(formdata=None))


@page.post("/<int:document_id>/weghalen")
def remove(track_id: int, document_id: int) -> Response:
    """Take a document away; the history keeps that it was there."""
    read_own_track(track_id)
    form = RemovalForm()
    if not form.validate_on_submit():
        return refused(_removal_page(track_id, document_id, form))
    with changing_as(guard.hands(form.reden.data)) as opened:
        record = find_document(opened, track_id, document_id)
        remove_document(opened, track_id, document_id)
    flash(f"‘{record.title}’ is weggehaald.")
    return to_track(track_id, "documenten")


def _keep(track_id: int, form: UploadForm) -> str:
    sent = form.bestand.data
    cleaned = clean_upload(sent.filename or "", sent.stream.read())
    hands = guard.hands(f"Document toegevoegd: {form.titel.data}")
    with changing_as(hands) as opened:
        add_document(
            opened,
            track_id,
            str(form.titel.data),
            cleaned.media_type,
            cleaned.content,
            hands.account_id,
        )
    return what_was_removed(cleaned)


def _page(track_id: int, form: UploadForm) -> str:
    view = read_own_track(track_id)
    return render_template(
        "gesprekken/document.html", view=view, form=form, most_documents=MOST_DOCUMENTS
    )


def _removal_page(track_id: int, document_id: int, form: RemovalForm) -> str:
    view = read_own_track(track_id)
    with reading_as(guard.hands()) as opened:
        record = find_document(opened, track_id, document_id)
    return render_template(
        "gesprekken/document_weghalen.html", view=view, document=record, form=form
    )
