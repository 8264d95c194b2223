"""What the example region has beside its sites: a closer look, costs, and a choice in Haarlem."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine

from app.services.choice_changes import (
    Actor,
    Source,
    add_candidates,
    drop_candidate,
    make_choice,
    move_candidate,
)
from app.services.command_history import tell_command
from data.changes.answers import AnswerFields, save_answer
from data.changes.choices import ChoiceFields
from data.changes.costs import CostFields, save_cost
from data.demo.choice_plans import HAARLEM_CHOICE, LOOK_PLANS, ChoicePlan, LookPlan
from data.demo.site_plans import SITE_PLANS
from data.demo.sites import code_of
from data.progress import Progress, silent
from data.queries.choices import choices, find_candidate
from data.queries.workspace import workspace_sites
from data.sources.voorbeeldregio import SOURCE

#: A command has no account; it did it as who would have.
_ROLE = "planner"
#: The sites that it is about; another made-up region than the demo has none of them.
_CODES = {code_of(look.type, look.place) for look in LOOK_PLANS}


def load_demo_choices(engine: Engine, progress: Progress = silent) -> bool:
    """Load them once, beside the sites of the example region; whether anything was loaded.

    The choice tells whether it was done before: what people changed since stays as it is.
    """
    with engine.begin() as connection:
        tell_command(connection, SOURCE.title)
        return fill_demo_choices(connection, progress)


def fill_demo_choices(connection: Connection, progress: Progress = silent) -> bool:
    """The same in a transaction of the caller's, who owns the tables."""
    ids = _ids_by_code(connection)
    plan = HAARLEM_CHOICE
    is_there = any(
        (choice.gemeente_code, choice.name) == (plan.gemeente_code, plan.name)
        for choice in choices(connection)
    )
    if is_there or not ids.keys() >= _CODES:
        return False
    progress("Voorbeelden van kandidaten en een keuze opslaan")
    for look in LOOK_PLANS:
        _keep_look(connection, ids[code_of(look.type, look.place)], look)
    _keep_choice(connection, plan, ids)
    return True


def _ids_by_code(connection: Connection) -> dict[str, int]:
    sites = workspace_sites(connection, HAARLEM_CHOICE.explored_on)
    return {site.site_code: site.id for site in sites if site.is_example}


def _keep_look(connection: Connection, site_id: int, look: LookPlan) -> None:
    for question, found in look.answers.items():
        fields = AnswerFields(found.finding, found.told, look.source, look.found_on)
        save_answer(connection, site_id, question, fields, 0)
    if look.cost_eur is not None:
        cost = CostFields(look.cost_eur, look.source, look.found_on)
        save_cost(connection, site_id, cost, 0)


def _keep_choice(connection: Connection, plan: ChoicePlan, ids: dict[str, int]) -> None:
    def of(places: Iterable[str]) -> list[int]:
        return [ids[code_of(plan.type, place)] for place in places]

    fields = ChoiceFields(
        plan.gemeente_code, plan.type, plan.name, plan.explanation, plan.target_place_count
    )
    choice_id = make_choice(connection, fields, plan.reason, None)
    actor = Actor(_ROLE, plan.explored_on)
    every = of((*plan.dropped, *plan.looked_at, *plan.compared))
    add_candidates(connection, choice_id, every, Source("planner", plan.origin_note), actor)
    reasons = {entry.place: entry.reason for entry in SITE_PLANS if entry.type == plan.type}
    for place, site_id in zip(plan.dropped, of(plan.dropped), strict=True):
        reason = reasons[place]
        assert reason is not None
        drop_candidate(connection, choice_id, site_id, reason, 1, actor)
    for site_id in of((*plan.looked_at, *plan.compared)):
        move_candidate(connection, choice_id, site_id, "nader_onderzoek", 1, plan.explored_on)
    for site_id in of(plan.compared):
        seen = find_candidate(connection, choice_id, site_id).version
        move_candidate(connection, choice_id, site_id, "vergelijking", seen, plan.compared_on)
