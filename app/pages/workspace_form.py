"""Adding a site and changing one, by a form."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.workspace_site import map_frame
from app.services import current
from app.services.site_form import (
    FIRST_STATUSES,
    SITE_TYPES,
    FieldFaults,
    read_first_state,
    read_reason,
    read_site,
    site_texts,
)
from app.services.site_saving import save_change, save_new
from data.publication import INTERN, PUBLICATION_LEVELS
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_form", __name__)
#: Says in the label that a field must be filled in; what is wrong is said by the service.
ASKED = [InputRequired()]


class SiteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is asked of a site."""

    naam = StringField(
        "Naam", ASKED, description="Zoals u de plek zelf noemt, bijvoorbeeld ‘Hoek Dorpsstraat’."
    )
    soort = SelectField("Soort plek", ASKED, validate_choice=False)
    aanbieder = StringField(
        "Aanbieder", description="De organisatie die hier hulp geeft of gaat geven."
    )
    toelichting = TextAreaField("Toelichting", description="Schrijf niets over personen.")
    adres = StringField("Adres", description="Straat, nummer en plaats.")
    plek = StringField(
        "Plek", ASKED, description="RD-meters (103900, 488500) of graden (52,38 4,63)."
    )
    omtrek = TextAreaField(
        "Omtrek van het perceel", description="Elke hoek op een eigen regel: x en y in RD-meters."
    )
    publicatie = RadioField(
        "Wie mag dit zien?",
        ASKED,
        validate_choice=False,
        choices=[(level.key, level.label) for level in PUBLICATION_LEVELS],
    )
    geldig_van = StringField("In het overzicht vanaf")
    geldig_tot = StringField("In het overzicht tot en met")
    fase = RadioField(
        "Hoe ver is het?",
        ASKED,
        validate_choice=False,
        choices=[(status.key, status.label) for status in FIRST_STATUSES],
    )
    fase_datum = StringField("Sinds wanneer?", ASKED)
    aantal = StringField(
        "Aantal plekken", description="Hoeveel mensen er kunnen wonen of verblijven."
    )
    reden = StringField("Waarom?", ASKED)
    versie = HiddenField()


FIRST_FIELDS = ("fase", "fase_datum", "aantal")


@page.get("/werkbank/locaties/nieuw")
def add() -> str:
    """An empty form."""
    with reading_as(guard.hands()) as opened:
        texts = {
            "publicatie": INTERN.key,
            "fase": "idee",
            "fase_datum": current.today().isoformat(),
        }
        return _form_page(opened, SiteForm(formdata=None, data=texts))


@page.post("/werkbank/locaties/nieuw")
def save_added() -> Response:
    """Store a new site, or show what is wrong."""
    form = SiteForm()
    texts, today = _texts(form), current.today()
    faults: dict[str, str] = {}
    fields = _collect(faults, lambda: read_site(texts))
    first = _collect(faults, lambda: read_first_state(texts, today))
    reason = _collect(faults, lambda: read_reason(texts))
    if not faults:
        try:
            with changing_as(guard.hands(reason)) as opened:
                site_id = save_new(opened, fields, first, reason, today)
            return cast(Response, redirect(url_for("workspace_site.show", site_id=site_id), 303))
        except FieldFaults as found:
            faults = found.faults
    with reading_as(guard.hands()) as opened:
        return _refused(opened, form, faults)


@page.get("/werkbank/locaties/<int:site_id>/wijzigen")
def edit(site_id: int) -> str:
    """The form with what is stored."""
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        form = SiteForm(formdata=None, data={**site_texts(site), "versie": site.version})
        return _form_page(opened, form, site)


@page.post("/werkbank/locaties/<int:site_id>/wijzigen")
def save_edited(site_id: int) -> Response:
    """Store the changes, or show what is wrong."""
    form = SiteForm()
    texts = _texts(form)
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
    faults: dict[str, str] = {}
    fields = _collect(faults, lambda: read_site(texts, site))
    reason = _collect(faults, lambda: read_reason(texts))
    if not faults:
        try:
            with changing_as(guard.hands(reason)) as opened:
                save_change(opened, site, fields)
            return cast(Response, redirect(url_for("workspace_site.show", site_id=site_id), 303))
        except FieldFaults as found:
            faults = found.faults
    with reading_as(guard.hands()) as opened:
        return _refused(opened, form, faults, site)


def _collect(faults: dict[str, str], read: Any) -> Any:
    try:
        return read()
    except FieldFaults as found:
        faults.update(found.faults)
        return None


def _texts(form: SiteForm) -> dict[str, str]:
    return {field.name: str(field.data or "") for field in form}


def _refused(
    opened: Connection, form: SiteForm, faults: Mapping[str, str], site: WorkspaceSite | None = None
) -> Response:
    for key, fault in faults.items():
        form[key].errors = [fault]
    return make_response(_form_page(opened, form, site), HTTPStatus.UNPROCESSABLE_ENTITY)


def _form_page(opened: Connection, form: SiteForm, site: WorkspaceSite | None = None) -> str:
    form.soort.choices = [
        ("", "Kies een soort"),
        *((entry.key, entry.label) for entry in SITE_TYPES),
    ]
    if site is not None:
        for name in FIRST_FIELDS:
            delattr(form, name)
    return render_template(
        "werkbank/formulier.html",
        form=form,
        site=site,
        publication_levels=PUBLICATION_LEVELS,
        first_statuses=FIRST_STATUSES,
        **map_frame(opened),
    )
