"""Writing agreements and measurements of support. Who wrote in between is never written over."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.changes.track_parts import TooManyParts
from data.changes.tracks import CHANGED, NOT_YOUR_TRACK, hold_track
from data.dialogue_tables import Agreement, SupportMeasurement
from data.queries.agreements import find_agreement, find_measurement

MOST = 100


@dataclass(frozen=True)
class AgreementFields:
    """What a person fills in of an agreement."""

    kind: str
    title: str
    who: str
    agreed_on: dt.date
    explanation: str | None = None
    site_id: int | None = None
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    evaluate_on: dt.date | None = None
    is_public: bool = True


@dataclass(frozen=True)
class MeasurementFields:
    """What a person fills in of a measurement."""

    measured_on: dt.date
    question: str
    method: str
    source: str
    positive_count: int
    neutral_count: int
    negative_count: int
    invited_count: int | None = None
    site_id: int | None = None


Fields = AgreementFields | MeasurementFields
_KINDS: dict[type, tuple[Any, Any]] = {
    AgreementFields: (Agreement, find_agreement),
    MeasurementFields: (SupportMeasurement, find_measurement),
}


def add_to_track(connection: Connection, track_id: int, fields: Fields) -> int:
    """Add an agreement or measurement to a track; its id."""
    hold_track(connection, track_id)
    table, _ = _KINDS[type(fields)]
    count = select(func.count()).select_from(table).where(table.track_id == track_id)
    if (connection.scalar(count) or 0) >= MOST:
        raise TooManyParts(f"Er staan er al {MOST}. Haal er eerst een weg.")
    values = {"track_id": track_id, **dataclasses.asdict(fields)}
    with in_words(NOT_YOUR_TRACK):
        made = connection.execute(insert(table).values(**values).returning(table.id))
    return int(made.scalar_one())


def change_of_track(
    connection: Connection, track_id: int, row_id: int, fields: Fields, seen_version: int
) -> None:
    """Write over version ``seen_version``; Conflict on another, NotFound without it."""
    table, find = _KINDS[type(fields)]
    values = dataclasses.asdict(fields)
    _write(connection, table, find, (track_id, row_id, seen_version), values)


def finish_agreement(
    connection: Connection,
    track_id: int,
    agreement_id: int,
    done_on: dt.date,
    note: str,
    seen_version: int,
) -> None:
    """Say that an agreement was kept: when, and how."""
    values = {"done_on": done_on, "done_note": note}
    _write(connection, Agreement, find_agreement, (track_id, agreement_id, seen_version), values)


def reopen_agreement(
    connection: Connection, track_id: int, agreement_id: int, seen_version: int
) -> None:
    """Let an agreement go on that was said to be done; the history keeps what was said."""
    values = {"done_on": None, "done_note": None}
    _write(connection, Agreement, find_agreement, (track_id, agreement_id, seen_version), values)


def remove_from_track(
    connection: Connection, track_id: int, row_id: int, kind: type[Fields], seen_version: int
) -> None:
    """Take away what was entered by mistake; the history keeps it."""
    table, find = _KINDS[kind]
    _check_seen(connection, find, (track_id, row_id, seen_version))
    connection.execute(delete(table).where(table.id == row_id, table.track_id == track_id))


def _write(
    connection: Connection, table: Any, find: Any, seen: tuple[int, int, int], values: Any
) -> None:
    _check_seen(connection, find, seen)
    statement = update(table).where(table.id == seen[1], table.track_id == seen[0])
    with in_words(NOT_YOUR_TRACK):
        connection.execute(statement.values(**values))


def _check_seen(connection: Connection, find: Any, seen: tuple[int, int, int]) -> None:
    track_id, row_id, version = seen
    hold_track(connection, track_id)
    if find(connection, track_id, row_id).version != version:
        raise Conflict(CHANGED)
