"""Beginning a conversation from a template, and changing its texts, contact and promises."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from wtforms import Field, Form, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.participation import PARTICIPATION_LEVELS
from analysis.dialogue.track_templates import TRACK_TEMPLATES
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages import parameters
from app.pages.sender import refused
from app.pages.track_fields import PartForm, differences
from app.pages.track_frame import read_own_track, to_track
from app.pages.typed_fields import DayField, PlacesField, line, paragraphs, readable_texts
from app.services.readability_hints import readability_hints
from app.services.site_form import SITE_TYPES
from app.services.track_making import Beginning, make_track
from app.services.track_places import Places, read_places
from app.services.workspace_track import TrackView, choice_options
from data.changes.refusals import SecretText
from data.changes.sites import Conflict, OutsideScope
from data.changes.tracks import TrackTexts, change_track
from data.queries.choices import ChoiceRecord
from data.queries.workspace_tracks import WorkTrack

page = Blueprint("track_form", __name__, url_prefix="/gesprekken")
_EDIT = "/<int:track_id>/wijzigen"
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{7,18}")
_LONGEST_DAYS = 365
_TYPES = {entry.key: entry.label for entry in SITE_TYPES}


class DaysField(PlacesField):
    """A number of days."""

    counted = "dagen"


class NewTrackForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Where a conversation is, about which type, and when it begins."""

    gebied = SelectField(
        "Waar gaat het gesprek over?",
        description="Een wijk, of een hele gemeente. Later wijzigen kan niet.",
        validate_choice=False,
    )
    soort = SelectField(
        "Soort plek",
        description="Is er nog geen soort? Laat dit dan leeg. Later wijzigen kan niet.",
        validate_choice=False,
    )
    titel = line("Titel", description="Laat dit leeg, dan stellen wij een titel voor.")
    start = DayField(
        "Eerste dag van de eerste fase",
        description="Dan krijgen de fasen hun gebruikelijke lengte. U past alles daarna aan.",
    )

    def validate_gebied(self, field: Field) -> None:
        """Only a place for which who asks may make one."""
        known = {choice.value for choices in field.choices.values() for choice in choices}
        if field.data not in known or not field.data:
            raise ValidationError("Kies een gemeente of een wijk uit de lijst.")

    def validate_soort(self, field: Field) -> None:
        """Only a type that stands on the map, or none."""
        if field.data and field.data not in _TYPES:
            raise ValidationError("Kies een soort uit de lijst, of laat dit leeg.")


class UnderForm(NewTrackForm):
    """A conversation about one type, under the one of its wijk: the place is known."""

    gebied = None

    def validate_soort(self, field: Field) -> None:
        """Under a wijk hangs a conversation about one type."""
        if field.data not in _TYPES:
            raise ValidationError("Kies een soort uit de lijst.")


class TrackForm(PartForm):
    """The texts of a conversation, whom to ask, and what is promised."""

    titel = line("Titel", asked="Geef het gesprek een titel.")
    samenvatting = paragraphs("Samenvatting", asked="Schrijf in een paar zinnen wat er is.")
    waarom_hier = paragraphs("Waarom hier?")
    niet = paragraphs("Wat is het niet?")
    straat = paragraphs("Wat betekent het voor de straat?")
    open = paragraphs("Wat is nog open?")
    vast = paragraphs("Wat staat al vast?")
    contact_naam = line(
        "Bij wie kunnen mensen terecht?",
        description="Een functie of een afdeling. Schrijf geen naam van een persoon op.",
    )
    contact_mail = line("E-mailadres", description="Van de afdeling, niet van een persoon.")
    contact_telefoon = line("Telefoonnummer", description="Van de afdeling, zoals 14 023.")
    antwoord_dagen = DaysField(
        "Binnen hoeveel dagen krijgt iedereen antwoord?", description="Dit belooft u."
    )
    controle_dagen = DaysField(
        "Binnen hoeveel dagen kijkt een moderator?", description="Dit belooft u."
    )
    keuze = SelectField(
        "Keuze waar dit bij hoort",
        description="Dan ziet u de kandidaten van die keuze ernaast. Inwoners zien de keuze niet.",
        validate_choice=False,
    )
    reden = line("Waarom wijzigt u dit?", description="Dit komt in de geschiedenis.")

    def validate_contact_mail(self, field: Field) -> None:
        """Something that mail may reach."""
        if field.data and not _EMAIL.fullmatch(field.data):
            raise ValidationError("Dit is geen e-mailadres. Een adres lijkt op wonen@gemeente.nl.")

    def validate_contact_telefoon(self, field: Field) -> None:
        """Figures, as people dial them."""
        if field.data and not (
            _PHONE.fullmatch(field.data) or re.fullmatch("14 ?0[0-9]{2,3}", field.data)
        ):
            raise ValidationError("Dit is geen telefoonnummer. Schrijf het als 023 511 51 15.")

    def validate_antwoord_dagen(self, field: Field) -> None:
        """A promise has a number of days."""
        _check_days(field)

    def validate_controle_dagen(self, field: Field) -> None:
        """A promise has a number of days."""
        _check_days(field)

    def validate_keuze(self, field: Field) -> None:
        """Only a choice of the list, or none."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een keuze uit de lijst, of geen.")

    @property
    def texts(self) -> TrackTexts:
        """What was typed; only of a form that is in order."""
        return TrackTexts(
            str(self.titel.data),
            str(self.samenvatting.data),
            self.waarom_hier.data,
            self.niet.data,
            self.straat.data,
            self.open.data,
            self.vast.data,
            self.contact_naam.data,
            self.contact_mail.data,
            self.contact_telefoon.data,
            self.antwoord_dagen.data or _LONGEST_DAYS,
            self.controle_dagen.data or _LONGEST_DAYS,
            int(self.keuze.data) if self.keuze.data else None,
        )


@page.get("/nieuw")
def new() -> str:
    """An empty form; under the conversation of a wijk when the address names one."""
    parent = _parent(request.args.get("onder", ""))
    kind = parameters.words(request.args, "soort")
    return _new_page(_new_form(None, parent, kind if kind in _TYPES else ""), parent)


@page.post("/nieuw")
def add() -> Response:
    """Make a concept from the template, or show what is wrong."""
    parent = _parent(request.form.get("onder", ""))
    form = _new_form(request.form, parent)
    if not form.validate():
        return refused(_new_page(form, parent))
    try:
        with changing_as(guard.hands("Gesprek begonnen")) as opened:
            beginning = _beginning(form, parent, read_places(opened))
            track_id = make_track(opened, beginning, guard.person().account_id)
    except (SecretText, OutsideScope) as error:
        form.form_errors.append(str(error))
        return refused(_new_page(form, parent))
    flash("Het gesprek is gemaakt als concept. Pas de teksten aan. Daarna maakt u het openbaar.")
    return to_track(track_id)


@page.get(_EDIT)
def edit(track_id: int) -> str:
    """The form with what stands there."""
    view = read_own_track(track_id)
    return _edit_page(view, _stored(view.record, _choices(view)))


@page.post(_EDIT)
def save(track_id: int) -> Response:
    """Store the texts, or show what is wrong or what another stored in between."""
    view = read_own_track(track_id)
    form = _with_choices(TrackForm(request.form), _choices(view))
    if not form.validate():
        return refused(_edit_page(view, form))
    try:
        with changing_as(guard.hands(form.reden.data)) as opened:
            change_track(opened, track_id, form.texts, form.gezien.version)
    except SecretText as error:
        form.form_errors.append(str(error))
        return refused(_edit_page(view, form))
    except Conflict:
        return _conflict(track_id, form)
    flash("De teksten zijn opgeslagen.")
    return to_track(track_id)


def _conflict(track_id: int, form: TrackForm) -> Response:
    view = read_own_track(track_id)
    now = _stored(view.record, _choices(view))
    form.gezien.data = str(view.record.version)
    stands = [
        (label, text) for label, text in differences(form, now) if label != now.reden.label.text
    ]
    return refused(_edit_page(view, form, stands), HTTPStatus.CONFLICT)


def _beginning(form: NewTrackForm, parent: WorkTrack | None, places: Places) -> Beginning:
    if parent is None:
        place = places.by_code[str(form.gebied.data)]
    else:
        place = places.of(parent.gemeente_code, parent.wijk_code)
    return Beginning(place, form.soort.data or None, form.titel.data, form.start.data, parent)


def _parent(word: str) -> WorkTrack | None:
    """The conversation of a wijk under which the new one hangs; OutsideScope when not theirs."""
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        return None
    return read_own_track(int(word)).record


def _new_form(sent: Any, parent: WorkTrack | None, kind: str = "") -> NewTrackForm:
    form = NewTrackForm(sent, data={"soort": kind}) if parent is None else UnderForm(sent)
    first = "Nog geen soort" if parent is None else "Kies een soort"
    form.soort.choices = [SelectChoice("", first)]
    form.soort.choices += [SelectChoice(key, label) for key, label in _TYPES.items()]
    if parent is None:
        form.gebied.choices = _place_choices()
    return form


def _place_choices() -> dict[str, list[SelectChoice]]:
    scope = guard.person().scope_of(guard.permission().key)
    with reading_as(guard.hands()) as opened:
        groups = read_places(opened).grouped(scope)
    choices = {
        name: [
            SelectChoice(
                place.code,
                place.name if place.wijk_code else f"Heel {place.name}",
            )
            for place in places
        ]
        for name, places in groups.items()
    }
    return {"Kies eerst": [SelectChoice("", "Kies een gemeente of wijk")], **choices}


def _choices(view: TrackView) -> list[ChoiceRecord]:
    with reading_as(guard.hands()) as opened:
        return choice_options(opened, view.record)


def _with_choices(form: TrackForm, found: list[ChoiceRecord]) -> TrackForm:
    form.keuze.choices = [SelectChoice("", "Geen keuze")]
    form.keuze.choices += [SelectChoice(str(one.id), one.name) for one in found]
    return form


def _stored(record: WorkTrack, found: list[ChoiceRecord]) -> TrackForm:
    form = TrackForm(
        data={
            "titel": record.title,
            "samenvatting": record.summary,
            "waarom_hier": record.why_here,
            "niet": record.not_this,
            "straat": record.street_text,
            "open": record.open_text,
            "vast": record.fixed_text,
            "contact_naam": record.contact_name,
            "contact_mail": record.contact_email,
            "contact_telefoon": record.contact_phone,
            "antwoord_dagen": record.answer_days,
            "controle_dagen": record.moderation_days,
            "keuze": "" if record.choice_id is None else str(record.choice_id),
            "gezien": str(record.version),
        }
    )
    return _with_choices(form, found)


def _check_days(field: Field) -> None:
    if field.errors:
        return
    if not field.data:
        raise ValidationError("Schrijf een getal boven 0.")
    if field.data > _LONGEST_DAYS:
        raise ValidationError(f"Dit is te lang: hoogstens {_LONGEST_DAYS} dagen.")


def _new_page(form: NewTrackForm, parent: WorkTrack | None) -> str:
    return render_template(
        "gesprekken/nieuw.html",
        form=form,
        parent=parent,
        templates=TRACK_TEMPLATES,
        levels=PARTICIPATION_LEVELS,
    )


def _edit_page(
    view: TrackView, form: TrackForm, stands: list[tuple[str, str]] | None = None
) -> str:
    return render_template(
        "gesprekken/teksten.html",
        view=view,
        form=form,
        stands=stands,
        leesbaarheid=readability_hints(readable_texts(form)),
    )
