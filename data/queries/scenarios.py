"""Scenarios, what they change, and the links by which they are shared.

The workspace reads those of its gemeenten and of the region, by row level security; a visitor
reads a shared one through the function ``shared_scenario`` and in no other way.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, column, func, select, table, text
from sqlalchemy import Integer as IntegerType

from data.errors import NotFound
from data.planning_tables import Scenario, ScenarioItem, ScenarioLink
from data.queries.history import ChangeRecord, changes_where
from data.tables import LARGEST_ID, Change

NO_SCENARIO = "Dit scenario is er niet, of hoort niet bij uw gemeente."
NO_ITEM = "Dit onderdeel is er niet (meer)."
NOT_SHARED = "Deze link werkt niet. Misschien is hij ingetrokken. Vraag wie hem gaf om een nieuwe."
_TABLES = ("scenario", "scenario_item", "scenario_link")
_account_name = table("account_name", column("id", IntegerType), column("name", String))


@dataclass(frozen=True)
class ScenarioRecord:
    """A scenario as it is stored; ``version`` grows with each change of it or of its items."""

    id: int
    gemeente_code: str
    name: str
    explanation: str | None
    type: str
    on_date: dt.date
    target_place_count: int | None
    copied_from: int | None
    made_at: dt.datetime
    updated_at: dt.datetime
    adopted_at: dt.datetime | None
    adopted_reason: str | None
    version: int
    made_by: str | None
    adopted_by: str | None

    @property
    def is_adopted(self) -> bool:
        """Whether it was taken over in the register; it can't be changed any more."""
        return self.adopted_at is not None


@dataclass(frozen=True)
class ItemRecord:
    """One thing that a scenario changes, with its place in RD (metres) where it has one."""

    id: int
    scenario_id: int
    kind: str
    site_id: int | None
    name: str | None
    place_count: int | None
    cost_eur: int | None
    note: str | None
    x_m: float | None
    y_m: float | None


@dataclass(frozen=True)
class LinkRecord:
    """A link by which a scenario was shared; of the token only a checksum is known."""

    token_sha256: str
    made_at: dt.datetime
    withdrawn_at: dt.datetime | None
    made_by: str | None


@dataclass(frozen=True)
class SharedScenario:
    """What a link opens: the scenario, and its items as far as they are public."""

    name: str
    explanation: str | None
    type: str
    gemeente_code: str
    on_date: dt.date
    target_place_count: int | None
    items: tuple[ItemRecord, ...]


def scenarios(connection: Connection) -> list[ScenarioRecord]:
    """Every scenario within reach, the one that was changed last first."""
    rows = connection.execute(_scenarios().order_by(Scenario.updated_at.desc(), Scenario.id.desc()))
    return [ScenarioRecord(*row) for row in rows]


def scenario(connection: Connection, scenario_id: int) -> ScenarioRecord:
    """One scenario; NotFound when it is not there or not within reach."""
    query = _scenarios().where(Scenario.id == scenario_id)
    row = connection.execute(query).first() if scenario_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_SCENARIO)
    return ScenarioRecord(*row)


def scenario_items(connection: Connection, scenario_id: int) -> list[ItemRecord]:
    """What a scenario changes, in the order in which it was added."""
    query = _items().where(ScenarioItem.scenario_id == scenario_id).order_by(ScenarioItem.id)
    return [ItemRecord(*row) for row in connection.execute(query)]


def scenario_item(connection: Connection, scenario_id: int, item_id: int) -> ItemRecord:
    """One thing that a scenario changes; NotFound when the scenario does not have it."""
    asked = (ScenarioItem.scenario_id == scenario_id, ScenarioItem.id == item_id)
    is_possible = max(scenario_id, item_id) <= LARGEST_ID
    row = connection.execute(_items().where(*asked)).first() if is_possible else None
    if row is None:
        raise NotFound(NO_ITEM)
    return ItemRecord(*row)


def item_counts(connection: Connection) -> dict[int, int]:
    """How many items each scenario within reach has; one without any is not there."""
    query = select(ScenarioItem.scenario_id, func.count()).group_by(ScenarioItem.scenario_id)
    return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def scenario_links(connection: Connection, scenario_id: int) -> list[LinkRecord]:
    """The links of a scenario, the newest first."""
    query = (
        select(
            ScenarioLink.token_sha256,
            ScenarioLink.made_at,
            ScenarioLink.withdrawn_at,
            _account_name.c.name,
        )
        .outerjoin(_account_name, _account_name.c.id == ScenarioLink.account_id)
        .where(ScenarioLink.scenario_id == scenario_id)
        .order_by(ScenarioLink.made_at.desc(), ScenarioLink.token_sha256)
    )
    return [LinkRecord(*row) for row in connection.execute(query)]


def shared_scenario(connection: Connection, token_sha256: str) -> SharedScenario:
    """The scenario that a link opens; NotFound when it never was or was withdrawn."""
    found = connection.scalar(select(func.shared_scenario(token_sha256)))
    if found is None:
        raise NotFound(NOT_SHARED)
    told: dict[str, Any] = found["scenario"]
    return SharedScenario(
        name=told["name"],
        explanation=told["explanation"],
        type=told["type"],
        gemeente_code=told["gemeente_code"],
        on_date=dt.date.fromisoformat(told["on_date"]),
        target_place_count=told["target_place_count"],
        items=tuple(ItemRecord(**item) for item in found["items"]),
    )


def scenario_changes(connection: Connection, scenario_id: int) -> list[ChangeRecord]:
    """Everything that happened to a scenario, its items and links, the latest first.

    NotFound when nothing is known of it: not there, or not within reach.
    """
    row = func.coalesce(Change.after, Change.before)
    number = str(scenario_id)
    is_itself = (Change.table_name == _TABLES[0]) & (row["id"].astext == number)
    is_part = Change.table_name.in_(_TABLES[1:]) & (row["scenario_id"].astext == number)
    found = changes_where(connection, is_itself | is_part)
    if not found:
        raise NotFound(NO_SCENARIO)
    return found


def removed_scenarios(connection: Connection, limit: int) -> list[ChangeRecord]:
    """The scenarios within reach that were removed, the latest first."""
    return changes_where(
        connection, Change.table_name == _TABLES[0], Change.action == "removed", limit=limit
    )


def may_change(connection: Connection, gemeente_code: str) -> bool:
    """Whether this transaction may change what is of a gemeente (or of the region)."""
    return bool(connection.scalar(text("SELECT in_scope(:code)"), {"code": gemeente_code}))


def _scenarios() -> Any:
    made = _account_name.alias("made")
    adopted = _account_name.alias("adopted")
    stored = [
        getattr(Scenario, name)
        for name in ScenarioRecord.__dataclass_fields__
        if name not in ("made_by", "adopted_by")
    ]
    return (
        select(*stored, made.c.name, adopted.c.name)
        .outerjoin(made, made.c.id == Scenario.account_id)
        .outerjoin(adopted, adopted.c.id == Scenario.adopted_by)
    )


def _items() -> Any:
    stored = [getattr(ScenarioItem, name) for name in list(ItemRecord.__dataclass_fields__)[:-2]]
    place = ScenarioItem.geom
    return select(*stored, func.ST_X(place), func.ST_Y(place))
