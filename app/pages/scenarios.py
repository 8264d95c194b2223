"""The scenarios: a list of them, and making, changing, copying and removing one."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from sqlalchemy import Connection
from wtforms import Form

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.scenario_fields import CopyForm, ScenarioForm
from app.pages.sender import go_to
from app.services import current
from app.services.scenarios import (
    TYPES,
    area_choices,
    area_names,
    copy_name,
    copy_scenario,
    is_open_to,
    scenario_list,
)
from data.changes.refusals import SecretText
from data.changes.scenarios import (
    ADOPTED,
    ONLY_READ,
    AlreadyAdopted,
    OnlyRead,
    add_scenario,
    change_scenario,
    remove_scenario,
)
from data.changes.sites import Conflict
from data.queries.scenarios import ScenarioRecord, scenario

page = Blueprint("scenarios", __name__)
_ONE = "/scenario/<int:scenario_id>"


@page.get("/scenarios")
def show() -> str:
    """Every scenario within reach."""
    with reading_as(guard.hands()) as opened:
        found = scenario_list(opened)
    return render_template("scenarios/lijst.html", found=found)


@page.get("/scenarios/nieuw")
def new() -> str:
    """An empty form."""
    form = ScenarioForm(data={"datum": current.today()})
    with reading_as(guard.hands()) as opened:
        _offer(opened, form)
    return _new_page(form)


@page.post("/scenarios/nieuw")
def add() -> Response:
    """Store a new scenario, or show what is wrong."""
    form = ScenarioForm(request.form)
    with reading_as(guard.hands()) as opened:
        _offer(opened, form)
    if form.validate():
        try:
            with changing_as(guard.hands()) as opened:
                made = add_scenario(
                    opened, str(form.gebied.data), form.fields, guard.person().account_id
                )
            flash("Het scenario is gemaakt. Kies nu wat er anders is dan vandaag.")
            return go_to(url_for("scenario.show", scenario_id=made))
        except SecretText as error:
            form.form_errors.append(str(error))
    return make_response(_new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY)


@page.get(f"{_ONE}/wijzigen")
def edit(scenario_id: int) -> str:
    """The form with what is stored."""
    record = _changeable(scenario_id)
    return _edit_page(record, _stored_form(record))


@page.post(f"{_ONE}/wijzigen")
def change(scenario_id: int) -> Response:
    """Store what was changed, or show what is wrong, or what another changed."""
    record, form = _changeable(scenario_id), ScenarioForm(request.form)
    _prepare_edit(form)
    if not form.validate():
        return _edit_again(record, form)
    try:
        with changing_as(guard.hands()) as opened:
            change_scenario(opened, scenario_id, form.fields, form.seen_version)
    except SecretText as error:
        form.form_errors.append(str(error))
        return _edit_again(record, form)
    except Conflict as error:
        record = _changeable(scenario_id)
        form.form_errors.append(f"{error} Hieronder staat wat u typte; daarnaast wat er nu staat.")
        form.gezien.data = str(record.version)
        return _edit_again(record, form, HTTPStatus.CONFLICT)
    flash("Het scenario is gewijzigd.")
    return go_to(url_for("scenario.show", scenario_id=scenario_id))


@page.get(f"{_ONE}/kopie")
def copy(scenario_id: int) -> str:
    """What the copy is called, and of whom it is."""
    with reading_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        form = CopyForm(data={"naam": copy_name(record.name), "gebied": record.gemeente_code})
        form.gebied.choices = _areas(opened)
    return render_template("scenarios/kopie.html", record=record, form=form)


@page.post(f"{_ONE}/kopie")
def make_copy(scenario_id: int) -> Response:
    """Store a copy, or show what is wrong."""
    form = CopyForm(request.form)
    with reading_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        form.gebied.choices = _areas(opened)
    if form.validate():
        try:
            with changing_as(guard.hands()) as opened:
                made, lost = copy_scenario(
                    opened,
                    scenario_id,
                    str(form.gebied.data),
                    str(form.naam.data),
                    guard.person().account_id,
                    current.today(),
                )
            flash(_copied(lost))
            return go_to(url_for("scenario.show", scenario_id=made))
        except SecretText as error:
            form.form_errors.append(str(error))
    text = render_template("scenarios/kopie.html", record=record, form=form)
    return make_response(text, HTTPStatus.UNPROCESSABLE_ENTITY)


@page.post(f"{_ONE}/weghalen")
def remove(scenario_id: int) -> Response:
    """Take a scenario away; its history stays."""
    form = ScenarioForm(request.form)
    record = _changeable(scenario_id)
    try:
        with changing_as(guard.hands()) as opened:
            remove_scenario(opened, scenario_id, form.seen_version)
    except Conflict as error:
        record = _changeable(scenario_id)
        again = _stored_form(record)
        again.form_errors.append(f"{error} Er is niets weggehaald. Kijk eerst wat er nu staat.")
        return _edit_again(record, again, HTTPStatus.CONFLICT)
    flash(f"‘{record.name}’ is weggehaald. De geschiedenis blijft.")
    return go_to(url_for("scenarios.show"))


def _changeable(scenario_id: int) -> ScenarioRecord:
    """The scenario; AlreadyAdopted or OnlyRead when who asks can't change it."""
    with reading_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        is_open = is_open_to(opened, record)
    if record.is_adopted:
        raise AlreadyAdopted(ADOPTED)
    if not is_open:
        raise OnlyRead(ONLY_READ)
    return record


def _areas(opened: Connection) -> list[tuple[str, str]]:
    return area_choices(opened, guard.person().scope_of(guard.permission().key))


def _offer(opened: Connection, form: ScenarioForm) -> None:
    form.gebied.choices = _areas(opened)
    _offer_types(form)


def _offer_types(form: ScenarioForm) -> None:
    form.soort.choices = [
        ("", "Kies een soort"),
        *((entry.key, entry.label) for entry in TYPES),
    ]


def _prepare_edit(form: ScenarioForm) -> None:
    """A scenario stays of whom it is."""
    del form.gebied
    _offer_types(form)


def _stored_form(record: ScenarioRecord) -> ScenarioForm:
    form = ScenarioForm(
        data={
            "naam": record.name,
            "soort": record.type,
            "datum": record.on_date,
            "doel": record.target_place_count,
            "toelichting": record.explanation,
            "gezien": str(record.version),
        }
    )
    _prepare_edit(form)
    return form


def _new_page(form: Form) -> str:
    return render_template("scenarios/formulier.html", form=form, record=None)


def _edit_page(record: ScenarioRecord, form: ScenarioForm, *, is_conflict: bool = False) -> str:
    with reading_as(guard.hands()) as opened:
        area = area_names(opened).get(record.gemeente_code, record.gemeente_code)
    types = {entry.key: entry for entry in TYPES}
    return render_template(
        "scenarios/formulier.html",
        form=form,
        record=record,
        area=area,
        type=types.get(record.type),
        is_conflict=is_conflict,
    )


def _edit_again(
    record: ScenarioRecord,
    form: ScenarioForm,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    is_conflict = status == HTTPStatus.CONFLICT
    return make_response(_edit_page(record, form, is_conflict=is_conflict), status)


def _copied(lost: int) -> str:
    if not lost:
        return "De kopie is gemaakt."
    items = "1 onderdeel ging" if lost == 1 else f"{lost} onderdelen gingen"
    return f"De kopie is gemaakt. {items} niet mee: die locaties mag u niet zien."
