"""Sharing a scenario by a link that anyone may read, until it is withdrawn.

What a link shows is made as for any visitor: of sites only what is public with its place. That
there are other items is not told, nor how many: a number that changes would tell of them.
"""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

from sqlalchemy import Connection

from analysis.facility_types import FACILITY_TYPES
from app.services.scenario_figures import Case, ScenarioFigures, measure_scenarios
from app.services.sessions import to_checksum
from data.changes.scenarios import ADOPTED, ONLY_READ, AlreadyAdopted, OnlyRead, add_link
from data.queries.scenarios import SharedScenario, may_change, scenario, shared_scenario


def make_link(connection: Connection, scenario_id: int, account_id: int | None) -> str:
    """A new link as its token, 256 random bits. The database holds a checksum only.

    Raises NotFound, OnlyRead or AlreadyAdopted: what stands in the register now is not public.
    """
    record = scenario(connection, scenario_id)
    if record.is_adopted:
        raise AlreadyAdopted(ADOPTED)
    if not may_change(connection, record.gemeente_code):
        raise OnlyRead(ONLY_READ)
    token = secrets.token_urlsafe(32)
    add_link(connection, scenario_id, to_checksum(token), account_id)
    return token


def open_link(connection: Connection, token: str) -> SharedScenario:
    """What the link of this token shows; NotFound when it opens nothing (any more)."""
    return shared_scenario(connection, to_checksum(token))


def measure_shared(
    connection: Connection, home: Path, shared: SharedScenario, today: dt.date
) -> ScenarioFigures:
    """The figures of a shared scenario, made of what is public alone."""
    case = Case(
        shared.name,
        FACILITY_TYPES[shared.type],
        shared.on_date,
        shared.target_place_count,
        shared.items,
    )
    return measure_scenarios(connection, home, today, [case], is_staff=False)
