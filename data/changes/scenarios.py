"""Writing scenarios. Who wrote in between is never written over, and an adopted one stays.

Every change of an item goes with a change of its scenario, in one transaction: so the version of
the scenario tells of both, and nobody changes an item of a scenario that is being adopted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.errors import DataError, NotFound
from data.planning_tables import Scenario, ScenarioItem, ScenarioLink
from data.queries.scenarios import NO_ITEM, NO_SCENARIO
from data.tables import LARGEST_ID
from geo.crs import RD_EPSG

CHANGED = "Iemand anders heeft dit scenario intussen gewijzigd."
ADOPTED = "Dit scenario is overgenomen in de locaties. Het verandert niet meer. Maak een kopie."
ONLY_READ = "U kunt dit scenario alleen lezen. Maak een kopie om ermee verder te gaan."
MOST_ITEMS = 100


class AlreadyAdopted(DataError):
    """The scenario was adopted; it can be copied, and not changed."""


class OnlyRead(DataError):
    """The scenario is within reach to read, and not to change."""


class SiteTaken(DataError):
    """The site stands in the scenario already."""


class TooManyItems(DataError):
    """The scenario holds as many items as it may."""


@dataclass(frozen=True)
class ScenarioFields:
    """What a person fills in of a scenario."""

    name: str
    type: str
    on_date: dt.date
    target_place_count: int | None
    explanation: str | None


@dataclass(frozen=True)
class ItemFields:
    """What a person fills in of an item; the place is in RD (metres)."""

    kind: str
    site_id: int | None = None
    name: str | None = None
    place_count: int | None = None
    cost_eur: int | None = None
    note: str | None = None
    x_m: float | None = None
    y_m: float | None = None


def add_scenario(
    connection: Connection,
    gemeente_code: str,
    fields: ScenarioFields,
    account_id: int | None,
    copied_from: int | None = None,
) -> int:
    """Make a scenario and return its id. Raises OutsideScope when its area is not theirs."""
    values = {"gemeente_code": gemeente_code, "account_id": account_id, "copied_from": copied_from}
    with in_words():
        made = connection.execute(
            insert(Scenario).values(**values, **dataclasses.asdict(fields)).returning(Scenario.id)
        )
    return int(made.scalar_one())


def change_scenario(
    connection: Connection, scenario_id: int, fields: ScenarioFields, seen_version: int
) -> None:
    """Write the fields over version ``seen_version``; see ``touch_scenario`` for what it raises."""
    touch_scenario(connection, scenario_id, seen_version, **dataclasses.asdict(fields))


def touch_scenario(
    connection: Connection, scenario_id: int, seen_version: int, **values: Any
) -> None:
    """Take the scenario for a change of it or of its items, until the transaction ends.

    Raises NotFound, OnlyRead, AlreadyAdopted or (when there is a newer version) Conflict.
    """
    if scenario_id > LARGEST_ID or not 0 <= seen_version <= LARGEST_ID:
        raise NotFound(NO_SCENARIO)
    statement = (
        update(Scenario)
        .where(
            Scenario.id == scenario_id,
            Scenario.version == seen_version,
            Scenario.adopted_at.is_(None),
        )
        .values(updated_at=func.clock_timestamp(), **values)
    )
    with in_words():
        changed = connection.execute(statement).rowcount
    if not changed:
        _raise_why(connection, scenario_id, seen_version)


def remove_scenario(connection: Connection, scenario_id: int, seen_version: int) -> None:
    """Take a scenario away. The history keeps it, and what it changed."""
    touch_scenario(connection, scenario_id, seen_version)
    # Before the scenario itself: the history asks of which gemeente they are.
    withdraw_links(connection, scenario_id)
    connection.execute(delete(ScenarioItem).where(ScenarioItem.scenario_id == scenario_id))
    connection.execute(delete(Scenario).where(Scenario.id == scenario_id))


def add_item(
    connection: Connection, scenario_id: int, fields: ItemFields, seen_version: int
) -> int:
    """Add an item and return its id. Raises SiteTaken, TooManyItems, or as ``touch_scenario``."""
    touch_scenario(connection, scenario_id, seen_version)
    count = connection.scalar(select(func.count()).where(ScenarioItem.scenario_id == scenario_id))
    if (count or 0) >= MOST_ITEMS:
        raise TooManyItems(f"Een scenario heeft hoogstens {MOST_ITEMS} onderdelen.")
    _check_free(connection, scenario_id, fields.site_id)
    return put_item(connection, scenario_id, fields)


def put_item(connection: Connection, scenario_id: int, fields: ItemFields) -> int:
    """Add an item to a scenario that this transaction holds already."""
    with in_words():
        made = connection.execute(
            insert(ScenarioItem)
            .values(scenario_id=scenario_id, **_columns(fields))
            .returning(ScenarioItem.id)
        )
    return int(made.scalar_one())


def change_item(
    connection: Connection, scenario_id: int, item_id: int, fields: ItemFields, seen_version: int
) -> None:
    """Write the fields over an item. Raises SiteTaken, NotFound, or as ``touch_scenario``."""
    touch_scenario(connection, scenario_id, seen_version)
    _check_free(connection, scenario_id, fields.site_id, item_id)
    statement = update(ScenarioItem).where(*_item(scenario_id, item_id)).values(**_columns(fields))
    with in_words():
        changed = connection.execute(statement).rowcount
    if not changed:
        raise NotFound(NO_ITEM)


def remove_item(connection: Connection, scenario_id: int, item_id: int, seen_version: int) -> None:
    """Take an item away; the history keeps it."""
    touch_scenario(connection, scenario_id, seen_version)
    removed = connection.execute(delete(ScenarioItem).where(*_item(scenario_id, item_id)))
    if not removed.rowcount:
        raise NotFound(NO_ITEM)


def mark_adopted(
    connection: Connection,
    scenario_id: int,
    seen_version: int,
    account_id: int | None,
    reason: str,
) -> None:
    """Write down that the scenario was adopted; its links end."""
    touch_scenario(
        connection,
        scenario_id,
        seen_version,
        adopted_at=func.clock_timestamp(),
        adopted_by=account_id,
        adopted_reason=reason,
    )
    withdraw_links(connection, scenario_id)


def add_link(
    connection: Connection, scenario_id: int, token_sha256: str, account_id: int | None
) -> None:
    """Keep the checksum of a link's token."""
    with in_words():
        connection.execute(
            insert(ScenarioLink).values(
                token_sha256=token_sha256, scenario_id=scenario_id, account_id=account_id
            )
        )


def withdraw_links(
    connection: Connection, scenario_id: int, token_sha256: str | None = None
) -> int:
    """Let this link (or every link) of a scenario open nothing any more; how many it were."""
    statement = update(ScenarioLink).where(
        ScenarioLink.scenario_id == scenario_id, ScenarioLink.withdrawn_at.is_(None)
    )
    if token_sha256 is not None:
        statement = statement.where(ScenarioLink.token_sha256 == token_sha256)
    return int(connection.execute(statement.values(withdrawn_at=func.now())).rowcount)


def _raise_why(connection: Connection, scenario_id: int, seen_version: int) -> None:
    query = select(Scenario.version, Scenario.adopted_at).where(Scenario.id == scenario_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(NO_SCENARIO)
    if row.adopted_at is not None:
        raise AlreadyAdopted(ADOPTED)
    if row.version == seen_version:
        raise OnlyRead(ONLY_READ)
    raise Conflict(CHANGED)


def _check_free(
    connection: Connection, scenario_id: int, site_id: int | None, item_id: int | None = None
) -> None:
    if site_id is None:
        return
    query = select(ScenarioItem.id).where(
        ScenarioItem.scenario_id == scenario_id, ScenarioItem.site_id == site_id
    )
    if connection.scalar(query) not in (None, item_id):
        raise SiteTaken("Deze locatie staat al in het scenario. Wijzig dat onderdeel.")


def _item(scenario_id: int, item_id: int) -> Iterable[Any]:
    if max(scenario_id, item_id) > LARGEST_ID:
        raise NotFound(NO_ITEM)
    return (ScenarioItem.scenario_id == scenario_id, ScenarioItem.id == item_id)


def _columns(fields: ItemFields) -> dict[str, Any]:
    given = dataclasses.asdict(fields)
    x_m, y_m = given.pop("x_m"), given.pop("y_m")
    place = None if x_m is None else f"SRID={RD_EPSG};POINT({x_m!r} {y_m!r})"
    return {**given, "geom": place}
