"""A place that somebody proposed joins a choice as a candidate."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from wtforms import Field, Form, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.answering_frame import may_change, read_view
from app.pages.choice_frame import actor_in, read_own_choice
from app.pages.sender import refused
from app.pages.typed_fields import line
from app.services.answering import AnsweringView, ReceivedLine
from app.services.answering_changes import line_of
from app.services.choice_changes import ChoiceFault
from app.services.choices import ChoiceLine, choice_list
from app.services.proposed_places import take_over_place
from app.services.site_form import FieldFaults
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope
from data.errors import NotFound
from data.queries.answering import NO_CONTRIBUTION

page = Blueprint(
    "proposed_candidates",
    __name__,
    url_prefix="/gesprekken/<int:track_id>/reacties/<code>/kandidaat",
)


class CandidateForm(Form):  # type: ignore[misc]  # WTForms has no types
    """In which choice the place joins, and why."""

    keuze = SelectField("Bij welke keuze hoort deze plek?", validate_choice=False)
    naam = line(
        "Naam van de plek",
        asked="Geef de plek een naam.",
        description="Bijvoorbeeld ‘Veld achter de kerk’. Schrijf geen naam van een persoon op.",
    )
    reden = line(
        "Waarom doet deze plek mee?",
        asked="Schrijf kort waarom.",
        description="Dit komt in de geschiedenis van de keuze.",
    )

    def validate_keuze(self, field: Field) -> None:
        """Only a choice that who asks may change."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een keuze uit de lijst.")


@page.get("")
def show(track_id: int, code: str) -> str:
    """Which choices the place can join, and the form for it."""
    view, proposed = _read(track_id, code)
    form = CandidateForm(data={"naam": f"Voorstel {code}"})
    return _page(view, proposed, form, _open_choices(view, form))


@page.post("")
def add(track_id: int, code: str) -> Response:
    """Let the place join, or show what is wrong."""
    view, proposed = _read(track_id, code)
    form = CandidateForm(request.form)
    choices = _open_choices(view, form)
    if not form.validate():
        return refused(_page(view, proposed, form, choices))
    choice = read_own_choice(int(form.keuze.data))
    name, reason = str(form.naam.data), str(form.reden.data)
    try:
        with changing_as(guard.hands(reason)) as opened:
            take_over_place(opened, choice.record.id, code, name, actor_in(choice), reason)
    except FieldFaults as error:
        form.form_errors.extend(error.faults.values())
    except (ChoiceFault, SecretText, OutsideScope) as error:
        form.form_errors.append(str(error))
    if form.form_errors:
        return refused(_page(view, proposed, form, choices))
    flash(f"De plek doet mee in ‘{choice.record.name}’.")
    address = url_for("choices.show", choice_id=choice.record.id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _read(track_id: int, code: str) -> tuple[AnsweringView, ReceivedLine]:
    view = read_view(track_id)
    may_change(view)
    proposed = line_of(view, code)
    if proposed.record.kind != "plek":
        raise NotFound(NO_CONTRIBUTION)
    return view, proposed


def _open_choices(view: AnsweringView, form: CandidateForm) -> list[ChoiceLine]:
    """The choices that who asks may change, of the type that the conversation is about."""
    with reading_as(guard.hands()) as opened:
        lines = choice_list(opened)
    found = [one for one in lines if one.record.is_own and view.track.type in (None, one.type.key)]
    form.keuze.choices = [SelectChoice(str(one.record.id), one.record.name) for one in found]
    return found


def _page(
    view: AnsweringView, proposed: ReceivedLine, form: CandidateForm, choices: list[ChoiceLine]
) -> str:
    return render_template(
        "gesprekken/kandidaat.html", view=view, line=proposed, form=form, choices=choices
    )
