"""One scenario beside today, two of them side by side, and the history of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Connection

from analysis.facility_types import FACILITY_TYPES
from analysis.scenario import ITEM_KINDS, ScenarioFaults
from app.auth import guard
from app.auth.person import Person
from app.database import reading_as
from app.errors import BadRequest
from app.pages.map_frame import map_frame
from app.services import current
from app.services.scenario_figures import ScenarioFigures, measure_scenarios
from app.services.scenario_history import scenario_history
from app.services.scenario_map import map_points
from app.services.scenario_words import TODAY, four_figures, lead, planned_sentence
from app.services.scenarios import (
    area_names,
    is_open_to,
    item_lines,
    scenario_list,
    to_case,
)
from data.queries.scenarios import ScenarioRecord, scenario

page = Blueprint("scenario", __name__)
_ONE = "/scenario/<int:scenario_id>"
#: What two scenarios are called where their names would not fit.
_LETTERS = ("Scenario A", "Scenario B")


@page.get(_ONE)
def show(scenario_id: int) -> str:
    """Today against the scenario."""
    with reading_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        facts = {**_frame(opened, record), **_measured(opened, record)}
    return render_template("scenarios/scenario.html", **facts)


@page.get("/scenarios/vergelijk")
def compare() -> Response:
    """Two scenarios and today, side by side; or the choice which two."""
    with reading_as(guard.hands()) as opened:
        everything = scenario_list(opened)
        lines = [*everything.open, *everything.adopted]
        asked = [_asked(name) for name in ("a", "b")]
        chosen = [scenario(opened, number) for number in asked if number is not None]
        fault = _why_not(chosen)
        facts: dict[str, Any] = {}
        if len(chosen) == 2 and fault is None:
            facts = _compared(opened, chosen)
        fault = facts.pop("fault", fault)
    body = render_template(
        "scenarios/vergelijk.html",
        lines=lines,
        asked=["" if number is None else str(number) for number in asked],
        chosen=chosen,
        fault=fault,
        **facts,
    )
    return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK)


@page.get(f"{_ONE}/geschiedenis")
def history(scenario_id: int) -> str:
    """What was changed, also of a scenario that was taken away."""
    with reading_as(guard.hands()) as opened:
        name, saves = scenario_history(opened, scenario_id, current.today())
    is_there = not any(
        entry.heading == "Scenario verwijderd" for save in saves for entry in save.entries
    )
    return render_template(
        "scenarios/geschiedenis.html",
        scenario_id=scenario_id,
        name=name,
        saves=saves,
        is_there=is_there,
    )


def _frame(opened: Connection, record: ScenarioRecord) -> dict[str, Any]:
    """What stands around the figures."""
    person: Person = guard.person()
    return {
        "record": record,
        "type": FACILITY_TYPES[record.type],
        "area": area_names(opened).get(record.gemeente_code, record.gemeente_code),
        "is_open": is_open_to(opened, record),
        "may_adopt": person.may("scenarios_overnemen"),
        "kinds": tuple(ITEM_KINDS),
        **map_frame(opened),
    }


def _measured(opened: Connection, record: ScenarioRecord) -> dict[str, Any]:
    """The figures; or what is wrong with the items, all at once."""
    case = to_case(opened, record)
    try:
        found = measure_scenarios(opened, current.home(), current.today(), [case], is_staff=True)
    except ScenarioFaults as error:
        return {"faults": [fault.text for fault in error.faults], "found": None}
    return {"faults": [], **told(found, record.name)}


def told(found: ScenarioFigures, name: str) -> dict[str, Any]:
    """What the page of one scenario says."""
    entry = found.cases[0]
    return {
        "found": found,
        "entry": entry,
        "items": item_lines(entry),
        "lead": lead(found, name),
        "figures": four_figures(found, [name]),
        "columns": [TODAY, "Scenario"],
        "planned": planned_sentence(entry.planned),
        "unknown": [fault.text for fault in entry.situation.faults],
        "points": map_points(found),
    }


def _asked(name: str) -> int | None:
    word = request.args.get(name, "").strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 11):
        raise BadRequest(name, f"{name} is geen nummer van een scenario.")
    return int(word)


def _why_not(chosen: list[ScenarioRecord]) -> str | None:
    """Why these can't be compared; None when they can, or when none is chosen."""
    if not chosen:
        return None
    if len(chosen) == 1:
        return "Kies twee scenario's."
    first, second = chosen
    if first.id == second.id:
        return "Dit is twee keer hetzelfde scenario. Kies er nog een."
    if first.type != second.type:
        labels = [FACILITY_TYPES[record.type].label.lower() for record in chosen]
        return (
            f"Het ene scenario gaat over {labels[0]}, het andere over {labels[1]}. Kies twee "
            "scenario's van dezelfde soort."
        )
    return None


def _compared(opened: Connection, chosen: list[ScenarioRecord]) -> dict[str, Any]:
    try:
        found = measure_scenarios(
            opened,
            current.home(),
            current.today(),
            [to_case(opened, record) for record in chosen],
            is_staff=True,
        )
    except ScenarioFaults as error:
        return {"fault": str(error)}
    return {
        "found": found,
        "type": found.type,
        "figures": four_figures(found, _LETTERS),
        "columns": [TODAY, *_LETTERS],
        "items": [item_lines(entry) for entry in found.cases],
        "area_release": found.release,
    }
