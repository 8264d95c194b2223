"""A scenario made of what came of a choice of several sites: the chosen sites on, nothing else."""

from __future__ import annotations

from sqlalchemy import Connection

from analysis.siting.plan import SitingAnswer
from app.numbers import to_dutch_date
from app.services.scenarios import LONGEST_NAME
from app.services.siting_question import SitingQuestion
from data.changes.scenarios import (
    MOST_ITEMS,
    ItemFields,
    ScenarioFields,
    add_scenario,
    put_item,
)
from data.database_roles import Hands
from data.errors import DataError
from data.queries.jobs import JobRecord


class NoScenario(DataError):
    """Of what was chosen no scenario can be made; the message says why."""


def chosen_types(job: JobRecord) -> tuple[str, ...]:
    """The types of which sites were chosen: a scenario is of one type."""
    return tuple(dict.fromkeys(kind for kind, _ in _chosen(job)))


def make_scenario(connection: Connection, hands: Hands, job: JobRecord, kind: str) -> int:
    """Keep the chosen sites of a type as a scenario and return its number.

    Raises NoScenario, or OutsideScope when it is not theirs to make.
    """
    site_ids = [site_id for of_kind, site_id in _chosen(job) if of_kind == kind]
    if not site_ids:
        raise NoScenario("Van deze soort is niets gekozen. Er is geen scenario gemaakt.")
    if len(site_ids) > MOST_ITEMS:
        raise NoScenario(f"Een scenario heeft hoogstens {MOST_ITEMS} onderdelen.")
    fields = ScenarioFields(
        job.name[:LONGEST_NAME],
        kind,
        SitingQuestion.from_record(job.question).on,
        None,
        f"Gemaakt van berekening {job.id} (‘{job.name}’) van {to_dutch_date(job.asked_at.date())}.",
    )
    made = add_scenario(connection, job.gemeente_code, fields, hands.account_id)
    for site_id in site_ids:
        put_item(connection, made, ItemFields("on", site_id=site_id))
    return made


def _chosen(job: JobRecord) -> list[tuple[str, int]]:
    """Type and number of each chosen site."""
    if not job.result:
        return []
    plan = SitingAnswer.from_record(job.result["answer"]).plan
    places = job.result["places"]
    return [
        (outcome.type, int(places[outcome.key]["site_id"]))
        for outcome in (plan.candidates if plan else ())
        if outcome.is_chosen and places.get(outcome.key, {}).get("site_id") is not None
    ]
