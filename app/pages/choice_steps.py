"""One candidate of a choice: letting it go on, fall, or come back."""

from __future__ import annotations

from collections.abc import Callable
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
from sqlalchemy import Connection
from wtforms import BooleanField, Field, Form, HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.choice_stages import CHOICE_STAGES, next_stage
from analysis.site_life import Caution
from app.auth import guard
from app.database import changing_as
from app.pages.choice_frame import actor_in, read_choice, read_own_choice
from app.pages.typed_fields import SeenField, line, paragraphs
from app.services import current
from app.services.choice_changes import (
    ChoiceFault,
    UnheededMove,
    drop_candidate,
    move_candidate,
    take_back,
)
from app.services.choices import Candidate, ChoiceView
from data.changes.refusals import SecretText
from data.changes.sites import Conflict

page = Blueprint(
    "choice_steps", __name__, url_prefix="/keuzes/<int:choice_id>/kandidaten/<int:site_id>"
)
_HISTORY = "Dit komt in de geschiedenis, naast uw naam en de tijd."


class MoveForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Another stage; ``gewaarschuwd`` which cautions were shown."""

    fase = SelectField("Naar welke fase?", validate_choice=False)
    waarom = line("Toelichting", description=_HISTORY)
    gezien = SeenField()
    gewaarschuwd = HiddenField()

    def validate_fase(self, field: Field) -> None:
        """Only a stage of the registry."""
        if field.data not in CHOICE_STAGES:
            raise ValidationError("Kies een fase uit de lijst.")


class DropForm(Form):  # type: ignore[misc]
    """Why a candidate falls."""

    reden = paragraphs(
        "Waarom valt deze plek af?",
        asked="Schrijf op waarom. Bij afvallen hoort altijd een reden.",
        description="Dit blijft bij de keuze staan, ook in het dossier. Schrijf niets over "
        "personen.",
    )
    register = BooleanField("Zet de locatie ook in het register op ‘Afgevallen’")
    gezien = SeenField()


class TakeBackForm(Form):  # type: ignore[misc]
    """Why a candidate comes back."""

    waarom = line(
        "Waarom doet deze plek weer mee?", asked="Schrijf kort waarom.", description=_HISTORY
    )
    gezien = SeenField()


@page.get("")
def show(choice_id: int, site_id: int) -> str:
    """A candidate with what is known of it, and the steps that can be made."""
    view = read_own_choice(choice_id)
    return _page(view, view.of(site_id))


@page.post("/fase")
def move(choice_id: int, site_id: int) -> Response:
    """Let the candidate go on or back; what is missing is told first."""
    form, view = MoveForm(request.form), read_own_choice(choice_id)
    if not form.validate():
        return _again(view, view.of(site_id), move=form)
    heeded = str(form.gewaarschuwd.data or "").split(",")

    def step(opened: Connection) -> None:
        move_candidate(
            opened,
            choice_id,
            site_id,
            str(form.fase.data),
            form.gezien.version,
            current.today(),
            heeded,
        )

    try:
        return _do(view, site_id, form, form.waarom.data, step, move=form)
    except UnheededMove as error:
        form.gewaarschuwd.data = ",".join(caution.key for caution in error.cautions)
        return _again(view, view.of(site_id), error.cautions, move=form)


@page.post("/laten-vallen")
def drop(choice_id: int, site_id: int) -> Response:
    """Let the candidate fall, with the reason; all of it stays listed."""
    form, view = DropForm(request.form), read_own_choice(choice_id)
    if not form.validate():
        return _again(view, view.of(site_id), drop=form)
    reason = str(form.reden.data)

    def step(opened: Connection) -> None:
        drop_candidate(
            opened,
            choice_id,
            site_id,
            reason,
            form.gezien.version,
            actor_in(view),
            also_in_register=bool(form.register.data),
        )

    return _do(view, site_id, form, reason, step, drop=form)


@page.post("/terughalen")
def take_back_candidate(choice_id: int, site_id: int) -> Response:
    """Let a candidate that fell join again."""
    form, view = TakeBackForm(request.form), read_own_choice(choice_id)
    if not form.validate():
        return _again(view, view.of(site_id), back=form)

    def step(opened: Connection) -> None:
        take_back(opened, choice_id, site_id, form.gezien.version)

    return _do(view, site_id, form, form.waarom.data, step, back=form)


def _do(
    view: ChoiceView,
    site_id: int,
    form: Any,
    reason: str | None,
    step: Callable[[Connection], None],
    **forms: Any,
) -> Response:
    """Make the step, or tell what is wrong or what someone else did in between."""
    candidate = view.of(site_id)
    try:
        with changing_as(guard.hands(reason)) as opened:
            step(opened)
    except (ChoiceFault, SecretText) as error:
        form.form_errors.append(str(error))
        return _again(view, candidate, **forms)
    except Conflict:
        view = read_choice(view.record.id)
        candidate = view.of(site_id)
        form.gezien.data = str(candidate.record.version)
        return make_response(_page(view, candidate, is_conflict=True, **forms), HTTPStatus.CONFLICT)
    flash(f"Opgeslagen: {candidate.name}.")
    address = url_for("choices.show", choice_id=view.record.id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _again(
    view: ChoiceView, candidate: Candidate, cautions: tuple[Caution, ...] = (), **forms: Any
) -> Response:
    return make_response(_page(view, candidate, cautions, **forms), HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    view: ChoiceView,
    candidate: Candidate,
    cautions: tuple[Caution, ...] = (),
    *,
    is_conflict: bool = False,
    **forms: Any,
) -> str:
    version = str(candidate.record.version)
    likely = next_stage(candidate.stage) or candidate.stage
    move = forms.get("move") or MoveForm(prefix="", data={"fase": likely.key, "gezien": version})
    move.fase.choices = [
        SelectChoice(stage.key, stage.label) for stage in CHOICE_STAGES if stage != candidate.stage
    ]
    return render_template(
        "keuzes/kandidaat.html",
        view=view,
        candidate=candidate,
        next_stage=next_stage(candidate.stage),
        cautions=cautions,
        is_conflict=is_conflict,
        move=move,
        drop=forms.get("drop") or DropForm(data={"gezien": version}),
        back=forms.get("back") or TakeBackForm(data={"gezien": version}),
    )
