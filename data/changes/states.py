"""Writing the stages of a site. Hold the site first (``hold_site``)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.errors import NotFound
from data.queries.workspace import StateRecord, site_states
from data.tables import SiteState

NO_STATE = "Op deze datum staat geen fase. Misschien heeft iemand anders haar gewijzigd."


def mark_of(states: Sequence[StateRecord]) -> str:
    """A short text that is another one as soon as anything of the states is."""
    told = "\n".join(repr(dataclasses.astuple(state)) for state in states)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def check_seen(connection: Connection, site_id: int, seen_mark: str) -> list[StateRecord]:
    """The states, when they are still as they were seen; else raises Conflict."""
    states = site_states(connection, site_id)
    if mark_of(states) != seen_mark:
        raise Conflict("Iemand anders heeft de fase intussen gewijzigd.")
    return states


def add_state(connection: Connection, site_id: int, state: StateRecord) -> None:
    """Add a state on a date that has none."""
    with in_words():
        connection.execute(insert(SiteState).values(site_id=site_id, **dataclasses.asdict(state)))


def change_state(
    connection: Connection, site_id: int, from_date: dt.date, state: StateRecord
) -> None:
    """Write another state over the one of a date; it may get another date itself."""
    statement = update(SiteState).where(*_of(site_id, from_date))
    with in_words():
        changed = connection.execute(statement.values(**dataclasses.asdict(state))).rowcount
    if not changed:
        raise NotFound(NO_STATE)


def remove_state(connection: Connection, site_id: int, from_date: dt.date) -> None:
    """Remove the state of a date; the history keeps it."""
    if not connection.execute(delete(SiteState).where(*_of(site_id, from_date))).rowcount:
        raise NotFound(NO_STATE)


def _of(site_id: int, from_date: dt.date) -> tuple[ColumnElement[bool], ...]:
    return (SiteState.site_id == site_id, SiteState.from_date == from_date)
