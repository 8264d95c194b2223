"""Candidates that join a choice: from the register, from a place on the map, and from a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, Form, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.choice_stages import ORIGINS
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.choice_frame import actor_in, read_own_choice
from app.pages.typed_fields import PlacesField, line
from app.services import current
from app.services.bulk_file import read_bulk_file
from app.services.choice_changes import ChoiceFault, NewPlace, Source, add_candidates, add_place
from app.services.choice_file import add_file as add_file_to_choice
from app.services.choice_sites import ChoiceSite, own_sites
from app.services.choices import ChoiceView
from app.services.site_form import FieldFaults
from app.services.typed_points import TypedPointError, typed_point
from data.changes.refusals import SecretText
from data.errors import NotFound
from data.faults import Fault, Refused
from geo.frames import REGION_CODE

page = Blueprint("choice_candidates", __name__, url_prefix="/keuzes/<int:choice_id>/kandidaten")
MOST_FAULTS_SHOWN = 200
_NO_NAMES = "Schrijf geen namen van personen op."
_PLACE = "RD-meters (zoals 103900, 488500) of graden (zoals 52,38 4,63)."
#: Where a candidate that is typed may come from; a file says so itself.
TYPED_ORIGINS = tuple(entry for entry in ORIGINS if entry.key != "bestand")


class OriginForm(Form):  # type: ignore[misc]  # WTForms has no types
    """By which way candidates come."""

    herkomst = SelectField(
        "Waar komt dit vandaan?",
        choices=[SelectChoice(entry.key, entry.label) for entry in TYPED_ORIGINS],
        validate_choice=False,
    )
    toelichting = line("Toelichting bij de herkomst", description=_NO_NAMES)

    def validate_herkomst(self, field: Field) -> None:
        """Only an origin of the registry."""
        if field.data not in {entry.key for entry in TYPED_ORIGINS}:
            raise ValidationError("Kies een herkomst uit de lijst.")

    @property
    def source(self) -> Source:
        """What was chosen and typed."""
        return Source(str(self.herkomst.data), self.toelichting.data)


class SitesForm(OriginForm):
    """Sites of the register that join."""

    locatie = SelectMultipleField("Locaties", validate_choice=False)

    def validate_locatie(self, field: Field) -> None:
        """At least one, each by its number."""
        if not field.data:
            raise ValidationError("Kies ten minste één locatie.")
        if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in field.data):
            raise ValidationError("Kies locaties uit de lijst.")


class PlaceForm(OriginForm):
    """A place that is in no register yet."""

    naam = line("Naam van de plek", asked="Geef de plek een naam.")
    punt = line("Plek", asked="Vul in waar het is.", description=_PLACE)
    adres = line("Adres", description="Straat, nummer en plaats.")
    aantal = PlacesField("Aantal plekken", description="Laat dit leeg als het niet bekend is.")
    reden = line(
        "Waarom deze plek?",
        asked="Schrijf kort waarom.",
        description="Dit komt in de geschiedenis en bij de fase van de locatie.",
    )

    def validate_punt(self, field: Field) -> None:
        """Two numbers that are a place in the Netherlands."""
        try:
            self.point = typed_point(field.data)
        except TypedPointError as error:
            raise ValidationError(str(error)) from None
        if self.point is None:
            raise ValidationError(f"Dit is geen plek. Typ {_PLACE}")

    @property
    def place(self) -> NewPlace:
        """What was typed; only of a form that is in order."""
        assert self.point is not None
        x_m, y_m = self.point
        return NewPlace(str(self.naam.data), x_m, y_m, self.aantal.data or None, self.adres.data)


class FileForm(Form):  # type: ignore[misc]
    """A file with places."""

    bestand = FileField(
        "Bestand",
        [FileRequired("Kies een bestand.")],
        description="Excel (XLSX), CSV of GeoPackage. Hoogstens 5 MB en 1.000 rijen.",
    )


@page.get("")
def show(choice_id: int) -> str:
    """The three ways in which candidates join; the address may bring a site or a place."""
    view = read_own_choice(choice_id)
    asked = request.args
    origin = asked.get("herkomst", "")
    chosen = origin if origin in {entry.key for entry in TYPED_ORIGINS} else None
    place = {"punt": asked.get("punt", "")[:100], "naam": asked.get("naam", "")[:100]}
    usual = "zoekgebied" if place["punt"] else "planner"
    return _page(
        view,
        SitesForm(
            prefix="register-",
            data={"locatie": asked.getlist("locatie"), "herkomst": chosen or "planner"},
        ),
        PlaceForm(prefix="plek-", data={**place, "herkomst": chosen or usual}),
    )


@page.post("")
def add_sites(choice_id: int) -> Response:
    """Let sites of the register join."""
    view, form = read_own_choice(choice_id), SitesForm(request.form, prefix="register-")
    if not form.validate():
        return _again(view, sites_form=form)
    ids = [int(word) for word in form.locatie.data]
    try:
        with changing_as(guard.hands(form.toelichting.data)) as opened:
            add_candidates(opened, choice_id, ids, form.source, actor_in(view))
    except NotFound:
        form.locatie.errors = ["Deze locatie is er niet, of hoort niet bij uw gemeente."]
        return _again(view, sites_form=form)
    except (ChoiceFault, SecretText) as error:
        form.form_errors.append(str(error))
        return _again(view, sites_form=form)
    return _done(choice_id, len(ids))


@page.post("/plek")
def add_place_to_choice(choice_id: int) -> Response:
    """Make a site of a place, as an idea, and let it join."""
    view, form = read_own_choice(choice_id), PlaceForm(request.form, prefix="plek-")
    if not form.validate():
        return _again(view, place_form=form)
    reason = str(form.reden.data)
    try:
        with changing_as(guard.hands(reason)) as opened:
            add_place(opened, choice_id, form.place, form.source, actor_in(view), reason)
    except FieldFaults as error:
        form.punt.errors = list(error.faults.values())
        return _again(view, place_form=form)
    except (ChoiceFault, SecretText) as error:
        form.form_errors.append(str(error))
        return _again(view, place_form=form)
    return _done(choice_id, 1)


@page.post("/bestand")
def add_file(choice_id: int) -> Response:
    """Let the places of a file join, all of them or none; every fault with its row."""
    view = read_own_choice(choice_id)
    form = FileForm(CombinedMultiDict((request.files, request.form)), prefix="bestand-")
    if not form.validate():
        return _again(view, file_form=form)
    sent, why = form.bestand.data, f"Ingelezen bij de keuze {view.record.name}"
    try:
        with reading_as(guard.hands()) as opened:
            file = read_bulk_file(opened, sent.filename or "", sent.stream.read())
        with changing_as(guard.hands(why)) as opened:
            count = add_file_to_choice(opened, choice_id, file, actor_in(view))
    except Refused as refused:
        return _again(view, file_form=form, faults=refused.faults)
    except (ChoiceFault, SecretText) as error:
        form.form_errors.append(str(error))
        return _again(view, file_form=form)
    return _done(choice_id, count)


def _done(choice_id: int, count: int) -> Response:
    flash("1 plek is toegevoegd." if count == 1 else f"{count} plekken zijn toegevoegd.")
    address = url_for("choices.show", choice_id=choice_id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _again(view: ChoiceView, **forms: Any) -> Response:
    sites_form = forms.pop("sites_form", None) or SitesForm(
        prefix="register-", data={"herkomst": "planner"}
    )
    place_form = forms.pop("place_form", None) or PlaceForm(
        prefix="plek-", data={"herkomst": "planner"}
    )
    shown = _page(view, sites_form, place_form, **forms)
    return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    view: ChoiceView,
    sites_form: SitesForm,
    place_form: PlaceForm,
    file_form: FileForm | None = None,
    faults: tuple[Fault, ...] = (),
) -> str:
    return render_template(
        "keuzes/toevoegen.html",
        view=view,
        sites=_joinable(view),
        sites_form=sites_form,
        place_form=place_form,
        file_form=file_form or FileForm(prefix="bestand-"),
        faults=faults[:MOST_FAULTS_SHOWN],
        fault_count=len(faults),
        origins=ORIGINS,
    )


def _joinable(view: ChoiceView) -> list[ChoiceSite]:
    """The sites of the register that may still join."""
    whose = view.record.gemeente_code
    there = {one.record.site_id for one in view.candidates}
    with reading_as(guard.hands()) as opened:
        found = own_sites(
            opened, view.type.key, None if whose == REGION_CODE else whose, current.today()
        )
    return [site for site in found if site.id not in there]
