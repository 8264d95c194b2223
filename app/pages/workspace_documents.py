"""Photos and documents of a site: the list, adding one, looking at one, taking one away."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import Connection
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.stored_files import file_name, send_stored
from app.pages.typed_fields import one_line, reason, refusing_secrets
from app.services import current
from app.services.clean_files import UploadRefused
from app.services.uploads import SECRET, clean_upload, keep_upload
from data.changes.documents import MOST_OF_A_SITE, SameFile, TooManyFiles, remove_document
from data.queries.documents import document, document_content, documents_of
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_documents", __name__)


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file with what it is called."""

    titel = StringField(
        "Titel",
        [
            DataRequired("Vul in wat dit is."),
            Length(max=120, message="Houd de titel korter dan 120 tekens."),
            refusing_secrets(SECRET),
        ],
        filters=[one_line],
        description="Wat is dit? Bijvoorbeeld: foto vanaf de straat.",
    )
    bestand = FileField(
        "Bestand",
        [FileRequired("Kies een bestand.")],
        description="Een foto (JPEG, PNG of WebP) of een PDF. Hoogstens 10 MB.",
    )


class RemovalForm(FlaskForm):  # type: ignore[misc]
    """Why a file is taken away."""

    reden = reason(
        "Waarom haalt u dit bestand weg?",
        asked="Vul in waarom u dit bestand weghaalt.",
        secret=SECRET,
        description="Dit blijft staan in de geschiedenis van de locatie.",
    )


def document_section(connection: Connection, site: WorkspaceSite) -> Mapping[str, Any]:
    """What ``werkbank/_bestanden.html`` shows on the page of a site."""
    return {"documents": documents_of(connection, site.id), "most_documents": MOST_OF_A_SITE}


@page.get("/werkbank/locaties/<int:site_id>/bestanden")
def show(site_id: int) -> str:
    """The files of a site, and the form to add one."""
    return _list_page(site_id, UploadForm(formdata=None))


@page.post("/werkbank/locaties/<int:site_id>/bestanden")
def add(site_id: int) -> Response:
    """Clean a file and keep it; or say why not."""
    form = UploadForm()
    with reading_as(guard.hands()) as opened:
        workspace_site(opened, site_id, current.today())
    if form.validate_on_submit():
        try:
            told = _keep(site_id, form)
        except UploadRefused as refused:
            form.bestand.errors = [str(refused)]
        except (SameFile, TooManyFiles) as refused:
            form.bestand.errors = [str(refused)]
        else:
            flash(f"‘{form.titel.data}’ is toegevoegd. {told}")
            return cast(Response, redirect(url_for(".show", site_id=site_id), 303))
    return make_response(_list_page(site_id, form), HTTPStatus.UNPROCESSABLE_ENTITY)


@page.get("/werkbank/bestanden/<int:document_id>")
def file(document_id: int) -> Response:
    """The file itself: a photo to look at, a PDF to keep."""
    with reading_as(guard.hands()) as opened:
        record = document(opened, document_id)
        content = document_content(opened, document_id)
    name = file_name(record.title, record.media_type, f"bestand-{record.id}")
    return send_stored(content, record.media_type, name)


@page.get("/werkbank/bestanden/<int:document_id>/weghalen")
def ask_removal(document_id: int) -> str:
    """Whether it should really go, and why."""
    return _removal_page(document_id, RemovalForm(formdata=None))


@page.post("/werkbank/bestanden/<int:document_id>/weghalen")
def remove(document_id: int) -> Response:
    """Take a file away; the history keeps that it was there."""
    form = RemovalForm()
    if not form.validate_on_submit():
        return make_response(_removal_page(document_id, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    with changing_as(guard.hands(form.reden.data)) as opened:
        record = document(opened, document_id)
        remove_document(opened, document_id)
    flash(f"‘{record.title}’ is weggehaald.")
    return cast(Response, redirect(url_for(".show", site_id=record.site_id), 303))


def _keep(site_id: int, form: UploadForm) -> str:
    sent = form.bestand.data
    cleaned = clean_upload(sent.filename or "", sent.stream.read())
    hands = guard.hands(f"Bestand toegevoegd: {form.titel.data}")
    with changing_as(hands) as opened:
        return keep_upload(opened, site_id, form.titel.data, cleaned, hands.account_id)


def _list_page(site_id: int, form: UploadForm) -> str:
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        shown = document_section(opened, site)
    return render_template("werkbank/bestanden.html", site=site, form=form, **shown)


def _removal_page(document_id: int, form: RemovalForm) -> str:
    with reading_as(guard.hands()) as opened:
        record = document(opened, document_id)
        site = workspace_site(opened, record.site_id, current.today())
    return render_template("werkbank/bestand_weghalen.html", site=site, document=record, form=form)
