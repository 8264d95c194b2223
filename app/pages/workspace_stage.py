"""The stage of a site: the next one, and correcting or removing one that was wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from wtforms import Field, Form, HiddenField, SelectField
from wtforms.validators import DataRequired, ValidationError

from analysis.domain import SITE_STATUSES
from analysis.site_life import Caution
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.typed_fields import DayField, PlacesField, line, paragraphs
from app.services import current
from app.services.site_stage import (
    SiteLife,
    Stage,
    StageFaults,
    Unheeded,
    add_stage,
    correct_stage,
    foreseen,
    remove_stage,
    site_life,
    told_where,
)
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.changes.states import NO_STATE
from data.errors import NotFound
from data.queries.history import ChangeRecord, last_change
from data.queries.workspace import StateRecord, WorkspaceSite, workspace_site

page = Blueprint("workspace_stage", __name__, url_prefix="/werkbank/locaties")
_ADDRESS = "/<int:site_id>/fase"
_ONE = f"{_ADDRESS}/<datum>"
_WHY = "Schrijf kort waarom. Dit komt in de geschiedenis."


class StageForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A stage, from when, with how many places, and why.

    ``stand`` tells how the whole life of the site was when the page was made; ``gezien`` which
    cautions were shown.
    """

    fase = SelectField("Fase", validate_choice=False)
    vanaf = DayField("Vanaf", validators=[DataRequired("Vul in vanaf welke datum.")])
    plekken = PlacesField("Aantal plekken", description="Laat dit leeg als het nog niet bekend is.")
    reden = paragraphs("Reden bij deze fase")
    waarom = line(
        "Waarom wijzigt u dit?",
        description="Dit komt in de geschiedenis. Alleen wie in de werkbank werkt, leest het.",
    )
    stand = HiddenField()
    gezien = HiddenField()

    def validate_fase(self, field: Field) -> None:
        """Only a stage of the registry."""
        if field.data not in SITE_STATUSES:
            raise ValidationError("Kies een fase uit de lijst.")

    def validate_waarom(self, field: Field) -> None:
        """Why, at least once: the reason of the stage itself is enough."""
        if not field.data and not self.reden.data:
            raise ValidationError(_WHY)

    @property
    def state(self) -> StateRecord:
        """The stage that was typed; only of a form that is in order."""
        assert self.vanaf.data is not None
        return StateRecord(self.vanaf.data, str(self.fase.data), self.plekken.data, self.reden.data)

    @property
    def why(self) -> str:
        """What the history keeps as the reason."""
        return str(self.waarom.data or self.reden.data)


class RemovalForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Why a stage was wrong altogether."""

    waarom = line("Waarom hoort deze fase hier niet?", asked=_WHY)
    stand = HiddenField()


@dataclass(frozen=True)
class _Told:
    """What a page says beside its form."""

    cautions: tuple[Caution, ...] = ()
    faults: tuple[str, ...] = ()
    is_conflict: bool = False
    changed: ChangeRecord | None = None


@page.get(_ADDRESS)
def show(site_id: int) -> str:
    """The life of a site, and a form for its next stage."""
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        life = site_life(opened, site_id, current.today())
        told = _Told(cautions=foreseen(opened, site_id, life))
    now = life.now.record if life.now else None
    form = StageForm(
        data={
            "fase": life.likely[0].key if life.likely else now.status if now else "idee",
            "vanaf": current.today(),
            "plekken": now.capacity_count if now else None,
            "stand": life.mark,
        }
    )
    return _next_page(site, life, form, told)


@page.post(_ADDRESS)
def save(site_id: int) -> Response:
    """Store the next stage; or show what is wrong, or what to think of first."""
    form, today = StageForm(request.form), current.today()
    site, life = _read(site_id)
    if not form.validate():
        return _next_again(site, life, form, _Told())
    heeded = str(form.gezien.data or "").split(",")
    try:
        with changing_as(guard.hands(form.why)) as opened:
            add_stage(opened, site_id, form.state, str(form.stand.data), today, heeded)
    except (StageFaults, SecretText) as error:
        return _next_again(site, life, form, _Told(faults=_put(form, error)))
    except Unheeded as error:
        form.gezien.data = ",".join(caution.key for caution in error.cautions)
        return _next_again(site, life, form, _Told(cautions=error.cautions))
    except Conflict:
        site, life = _read(site_id)
        form.stand.data = life.mark
        told = _Told(is_conflict=True, changed=_last(site_id))
        return _next_again(site, life, form, told, HTTPStatus.CONFLICT)
    return _on(site_id)


@page.get(_ONE)
def show_state(site_id: int, datum: str) -> str:
    """One stage, to correct it or to remove it."""
    site, life = _read(site_id)
    stage = life.of(_day(datum))
    form = _stored_form(stage, life)
    return _one_page(site, life, stage, form, RemovalForm(data={"stand": life.mark}))


@page.post(_ONE)
def correct(site_id: int, datum: str) -> Response:
    """Store a stage as it should have been."""
    form, day = StageForm(request.form), _day(datum)
    site, life = _read(site_id)
    form.waarom.validators = [*form.waarom.validators, DataRequired(_WHY)]
    if not form.validate():
        return _one_again(site, life, day, form)
    try:
        with changing_as(guard.hands(form.why)) as opened:
            correct_stage(opened, site_id, day, form.state, str(form.stand.data), current.today())
    except (StageFaults, SecretText) as error:
        return _one_again(site, life, day, form, told=_Told(faults=_put(form, error)))
    except Conflict:
        site, life = _read(site_id)
        form.stand.data = life.mark
        told = _Told(is_conflict=True, changed=_last(site_id))
        return _one_again(site, life, day, form, None, told, HTTPStatus.CONFLICT)
    return _on(site_id)


@page.post(f"{_ONE}/verwijderen")
def remove(site_id: int, datum: str) -> Response:
    """Take away a stage that was wrong."""
    removal, day = RemovalForm(request.form), _day(datum)
    site, life = _read(site_id)
    if not removal.validate():
        return _one_again(site, life, day, None, removal)
    try:
        with changing_as(guard.hands(removal.waarom.data)) as opened:
            remove_stage(opened, site_id, day, str(removal.stand.data))
    except Conflict:
        site, life = _read(site_id)
        removal.stand.data = life.mark
        told = _Told(is_conflict=True, changed=_last(site_id))
        return _one_again(site, life, day, None, removal, told, HTTPStatus.CONFLICT)
    return _on(site_id)


def _read(site_id: int) -> tuple[WorkspaceSite, SiteLife]:
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        return site, site_life(opened, site_id, current.today())


def _stored_form(stage: Stage, life: SiteLife) -> StageForm:
    """A form with what is stored of a stage."""
    record = stage.record
    return StageForm(
        data={
            "fase": record.status,
            "vanaf": record.from_date,
            "plekken": record.capacity_count,
            "reden": record.reason,
            "stand": life.mark,
        }
    )


def _last(site_id: int) -> ChangeRecord | None:
    with reading_as(guard.hands()) as opened:
        return last_change(opened, site_id, "site_state")


def _day(datum: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(datum)
    except ValueError:
        day = None
    if day is None or day.isoformat() != datum:
        raise NotFound(NO_STATE)
    return day


def _put(form: StageForm, error: StageFaults | SecretText) -> tuple[str, ...]:
    """The faults beside their fields; what belongs to none is returned."""
    if isinstance(error, SecretText):
        return (str(error),)
    for name, fault in error.by_field.items():
        form[_FIELDS[name]].errors = [fault]
    return ()


def _on(site_id: int) -> Response:
    address = url_for("workspace_stage.show", site_id=site_id, bewaard=1)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _next_again(
    site: WorkspaceSite,
    life: SiteLife,
    form: StageForm,
    told: _Told,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    return make_response(_next_page(site, life, form, told), status)


def _next_page(site: WorkspaceSite, life: SiteLife, form: StageForm, told: _Told) -> str:
    _prepare(form, site, life)
    return render_template(
        "werkbank/fase.html",
        site=site,
        life=life,
        form=form,
        told=told,
        is_saved=request.method == "GET" and "bewaard" in request.args,
    )


def _one_again(
    site: WorkspaceSite,
    life: SiteLife,
    day: dt.date,
    form: StageForm | None,
    removal: RemovalForm | None = None,
    told: _Told | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    """The page of one stage again; when it is gone, the page of all with what was typed."""
    told = told or _Told()
    try:
        stage = life.of(day)
    except NotFound:
        if not told.is_conflict:
            raise
        typed = form or StageForm(data={"stand": life.mark, "vanaf": day})
        return _next_again(site, life, typed, told, status)
    shown = form or _stored_form(stage, life)
    removal = removal or RemovalForm(data={"stand": life.mark})
    return make_response(_one_page(site, life, stage, shown, removal, told), status)


def _one_page(
    site: WorkspaceSite,
    life: SiteLife,
    stage: Stage,
    form: StageForm,
    removal: RemovalForm,
    told: _Told | None = None,
) -> str:
    _prepare(form, site, None)
    return render_template(
        "werkbank/fase_verbeteren.html",
        site=site,
        life=life,
        stage=stage,
        form=form,
        removal=removal,
        told=told or _Told(),
    )


def _prepare(form: StageForm, site: WorkspaceSite, life: SiteLife | None) -> None:
    """The choices, the usual ones first, and who can read the reason."""
    likely = life.likely if life else ()
    rest = [entry for entry in SITE_STATUSES if entry not in likely]
    form.fase.choices = {entry.key: entry.label for entry in (*likely, *rest)}
    form.reden.description = (
        f"Nodig als het plan is afgevallen. {told_where(site.publication)} Schrijf niets over "
        "personen."
    )


_FIELDS = {
    "status": "fase",
    "from_date": "vanaf",
    "capacity_count": "plekken",
    "reason": "reden",
}
