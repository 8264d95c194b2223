"""Places from a file that join a choice: internal ideas in the register, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from sqlalchemy import Connection

from analysis.facility_types import FACILITY_TYPES
from app.services.bulk_edit import BulkPlan, SitePlan, apply_plan, locked_plan
from app.services.bulk_file import BulkFile, OfferedSite
from app.services.choice_changes import (
    Actor,
    ChoiceFault,
    Source,
    add_candidates,
    check_gemeente,
)
from data.changes.choices import hold_choice
from data.faults import Fault, check_none
from data.queries.choices import ChoiceRecord, find_choice
from data.queries.workspace import WorkspaceSite, workspace_sites

IDEA = "idee"
_LONGEST_NOTE = 120


def add_file(connection: Connection, choice_id: int, file: BulkFile, actor: Actor) -> int:
    """Write the places of a file as ideas and let them join; returns how many.

    Raises Refused with every fault and its row. Then the transaction must be taken back.
    """
    hold_choice(connection, choice_id)
    choice = find_choice(connection, choice_id)
    check_none(list(_own_faults(choice, file, actor)))
    unmarked = replace(file, sites=tuple(replace(site, mark=None) for site in file.sites))
    plan = locked_plan(connection, unmarked, actor.on)
    check_none(list(_plan_faults(plan)))
    if not plan.may_be_applied:
        raise ChoiceFault("In dit bestand staan geen plekken.")
    apply_plan(connection, plan, actor.on)
    made = _made(connection, plan, actor)
    check_none(list(_place_faults(connection, choice, plan, made)))
    ids = [made[site.code].id for site in plan.sites]
    source = Source("bestand", PurePath(file.name).name[:_LONGEST_NOTE])
    add_candidates(connection, choice_id, ids, source, actor)
    return len(ids)


def _own_faults(choice: ChoiceRecord, file: BulkFile, actor: Actor) -> Iterable[Fault]:
    """What a choice asks of a file, beside what every file with sites must be."""
    kind = FACILITY_TYPES[choice.type]
    for site in file.sites:
        offered = str(site.facts.get("type"))
        if offered != kind.key:
            label = FACILITY_TYPES[offered].label if offered in FACILITY_TYPES else offered
            yield Fault(
                f"Deze keuze gaat over {kind.plural}. Haal deze rij weg of wijzig de soort.",
                site.row,
                "type",
                label,
            )
        yield from _life_faults(site, actor)


def _life_faults(site: OfferedSite, actor: Actor) -> Iterable[Fault]:
    if len(site.states) > 1 or site.states[0].status != IDEA:
        yield Fault(
            "Plekken uit een bestand beginnen als idee. Houd één rij per plek, met de status Idee.",
            site.row,
            "status",
        )
    if site.states[0].from_date > actor.on:
        yield Fault("Deze dag moet nog komen.", site.row, "status sinds")


def _plan_faults(plan: BulkPlan) -> Iterable[Fault]:
    for site in plan.sites:
        if site.stored is not None:
            yield Fault(
                f"Deze code staat al in het register, bij {site.stored.name}. Voeg die locatie toe "
                "uit het register, of geef deze plek een andere code.",
                site.row,
                "code",
                site.code,
            )
        elif site.problem is not None:
            yield Fault(site.problem, site.row)


def _made(connection: Connection, plan: BulkPlan, actor: Actor) -> dict[str, WorkspaceSite]:
    codes = {site.code for site in plan.sites}
    found = workspace_sites(connection, actor.on)
    return {site.site_code: site for site in found if site.site_code in codes}


def _place_faults(
    connection: Connection,
    choice: ChoiceRecord,
    plan: BulkPlan,
    made: dict[str, WorkspaceSite],
) -> Iterable[Fault]:
    for site in plan.sites:
        fault = _place_fault(connection, choice, site, made[site.code])
        if fault is not None:
            yield fault


def _place_fault(
    connection: Connection, choice: ChoiceRecord, site: SitePlan, made: WorkspaceSite
) -> Fault | None:
    try:
        check_gemeente(connection, choice, made.gemeente_code)
    except ChoiceFault as error:
        return Fault(str(error), site.row)
    return None
