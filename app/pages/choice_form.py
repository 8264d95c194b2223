"""Making a choice, and changing its name, its target and its explanation."""

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
from wtforms import Field, Form, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.choice_frame import read_choice, read_own_choice
from app.pages.typed_fields import PlacesField, SeenField, line, paragraphs
from app.services.choice_changes import make_choice
from app.services.choices import REGION_NAME, ChoiceView
from app.services.site_form import SITE_TYPES
from app.services.worklist import gemeente_names
from data.changes.choices import ChoiceFields, change_choice
from data.changes.refusals import SecretText
from data.changes.sites import Conflict, OutsideScope
from data.database_roles import WHOLE_REGION
from geo.frames import REGION_CODE

page = Blueprint("choice_form", __name__, url_prefix="/keuzes")
_EDIT = "/<int:choice_id>/wijzigen"
_WHY = "Schrijf kort waarom. Dit komt in de geschiedenis."


class ChoiceForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What a choice is about, and how many places it looks for."""

    naam = line(
        "Naam",
        asked="Geef de keuze een naam.",
        description="Bijvoorbeeld ‘Skaeve Huse in Haarlem’. Iedereen die de keuze leest, ziet dit.",
    )
    plekken = PlacesField(
        "Hoeveel plekken zoekt u?", description="Laat dit leeg als het nog niet bekend is."
    )
    toelichting = paragraphs(
        "Toelichting", description="Waarom deze keuze, en wat ging eraan vooraf?"
    )
    reden = line("Waarom?", asked=_WHY, description="Dit komt in de geschiedenis.")
    gezien = SeenField()

    def validate_plekken(self, field: Field) -> None:
        """Nobody looks for no places."""
        if field.data == 0:
            raise ValidationError("Schrijf een getal boven 0, of laat het leeg.")

    def fields_of(self, gemeente_code: str, type_key: str) -> ChoiceFields:
        """What was typed; only of a form that is in order."""
        return ChoiceFields(
            gemeente_code,
            type_key,
            str(self.naam.data),
            self.toelichting.data,
            self.plekken.data,
        )


class NewChoiceForm(ChoiceForm):
    """Also whose choice it is and of which type; neither changes afterwards."""

    soort = SelectField(
        "Soort plek",
        description="Deze keuze gaat over één soort. Later wijzigen kan niet.",
        validate_choice=False,
    )
    van = SelectField(
        "Van wie is deze keuze?",
        description="Een keuze van de regio is te lezen voor alle gemeenten.",
        validate_choice=False,
    )

    def validate_soort(self, field: Field) -> None:
        """Only a type that stands on the map."""
        if field.data not in {entry.key for entry in SITE_TYPES}:
            raise ValidationError("Kies een soort uit de lijst.")

    def validate_van(self, field: Field) -> None:
        """Only a gemeente to choose from."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies van wie deze keuze is.")


@page.get("/nieuw")
def add() -> str:
    """An empty form for a new choice."""
    return _new_page(_new_form(None))


@page.post("/nieuw")
def save_added() -> Response:
    """Make a choice, or show what is wrong."""
    form = _new_form(request.form)
    if not form.validate():
        return _refused(_new_page(form))
    fields = form.fields_of(str(form.van.data), str(form.soort.data))
    reason = str(form.reden.data)
    try:
        with changing_as(guard.hands(reason)) as opened:
            choice_id = make_choice(opened, fields, reason, guard.person().account_id)
    except (SecretText, OutsideScope) as error:
        form.form_errors.append(str(error))
        return _refused(_new_page(form))
    flash("De keuze is gemaakt. Voeg nu kandidaten toe.")
    return _to(choice_id)


@page.get(_EDIT)
def edit(choice_id: int) -> str:
    """The form with what stands there."""
    view = read_own_choice(choice_id)
    return _edit_page(view, _stored_form(view))


@page.post(_EDIT)
def save_edited(choice_id: int) -> Response:
    """Store the changes, or show what is wrong or what another stored in between."""
    form, view = ChoiceForm(request.form), read_own_choice(choice_id)
    if not form.validate():
        return _refused(_edit_page(view, form))
    fields = form.fields_of(view.record.gemeente_code, view.record.type)
    try:
        with changing_as(guard.hands(str(form.reden.data))) as opened:
            change_choice(opened, choice_id, fields, form.gezien.version)
    except SecretText as error:
        form.form_errors.append(str(error))
        return _refused(_edit_page(view, form))
    except Conflict:
        view = read_choice(choice_id)
        form.gezien.data = str(view.record.version)
        return make_response(_edit_page(view, form, is_conflict=True), HTTPStatus.CONFLICT)
    flash("De wijziging is opgeslagen.")
    return _to(choice_id)


def _new_form(sent: Any) -> NewChoiceForm:
    form = NewChoiceForm(sent)
    form.soort.choices = [SelectChoice("", "Kies een soort")]
    form.soort.choices += [SelectChoice(entry.key, entry.label) for entry in SITE_TYPES]
    form.van.choices = [SelectChoice(code, name) for code, name in _scopes()]
    return form


def _scopes() -> list[tuple[str, str]]:
    """The gemeenten, and the region, for which who asks may make a choice."""
    scope = guard.person().scope_of(guard.permission().key)
    with reading_as(guard.hands()) as opened:
        names = gemeente_names(opened)
    if WHOLE_REGION in scope:
        return [(REGION_CODE, REGION_NAME.capitalize()), *names.items()]
    return [(code, name) for code, name in names.items() if code in scope]


def _stored_form(view: ChoiceView) -> ChoiceForm:
    record = view.record
    return ChoiceForm(
        data={
            "naam": record.name,
            "plekken": record.target_place_count,
            "toelichting": record.explanation,
            "gezien": str(record.version),
        }
    )


def _new_page(form: NewChoiceForm) -> str:
    return render_template("keuzes/formulier.html", form=form, view=None, is_conflict=False)


def _edit_page(view: ChoiceView, form: ChoiceForm, *, is_conflict: bool = False) -> str:
    return render_template("keuzes/formulier.html", form=form, view=view, is_conflict=is_conflict)


def _refused(body: str) -> Response:
    return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY)


def _to(choice_id: int) -> Response:
    address = url_for("choices.show", choice_id=choice_id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
