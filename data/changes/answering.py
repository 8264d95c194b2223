"""Writing answers: themes, what is in them, what was done with it, and closing a phase.

Hold the conversation first (``tracks.hold_track``): who answers at the same time then waits, and
every change names the version that was seen. Who wrote in between is never written over.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.changes.tracks import NOT_YOUR_TRACK
from data.dialogue_tables import Contribution, Theme, TrackPhase
from data.errors import NotFound
from data.queries.answering import NO_PHASE, NO_THEME

CONTRIBUTION_CHANGED = "Iemand anders heeft deze reactie intussen gewijzigd."
THEME_CHANGED = "Iemand anders heeft dit thema intussen gewijzigd."
PHASE_CHANGED = "Iemand anders heeft deze fase intussen gewijzigd."


@dataclass(frozen=True)
class AnswerFields:
    """What a person fills in of what was done with a contribution; an empty answer is None."""

    status: str
    answer: str | None
    theme_id: int | None
    phase_id: int | None


@dataclass(frozen=True)
class ThemeFields:
    """What a person fills in of a theme; an empty answer is None."""

    name: str
    status: str = "nieuw"
    answer: str | None = None


@dataclass(frozen=True)
class By:
    """Who answers, and when; ``account_id`` is None for a command."""

    account_id: int | None
    at: dt.datetime


def answer_contribution(
    connection: Connection,
    track_id: int,
    code: str,
    fields: AnswerFields,
    seen_version: int,
    by: By | None,
) -> None:
    """Write what was done over version ``seen_version`` of a contribution; Conflict on another.

    ``by`` is None when the status and the answer stay as they were.
    """
    values = dataclasses.asdict(fields)
    if by is not None:
        told = fields.answer is not None
        values |= {"answered_by": by.account_id, "answered_at": by.at if told else None}
    _change_contributions(connection, track_id, {code: seen_version}, values)


def put_in_theme(
    connection: Connection, track_id: int, seen: Mapping[str, int], theme_id: int | None
) -> None:
    """Put contributions (code to version seen) in a theme, or (None) in no theme."""
    _change_contributions(connection, track_id, seen, {"theme_id": theme_id})


def set_status(connection: Connection, track_id: int, seen: Mapping[str, int], status: str) -> None:
    """Write one status for several contributions (code to version seen)."""
    _change_contributions(connection, track_id, seen, {"status": status})


def add_theme(connection: Connection, track_id: int, fields: ThemeFields, at: dt.datetime) -> int:
    """Make a theme after the others; returns its id."""
    last = select(func.coalesce(func.max(Theme.position), 0)).where(Theme.track_id == track_id)
    values = {**_theme_values(fields, at), "position": (connection.scalar(last) or 0) + 1}
    with in_words(NOT_YOUR_TRACK):
        made = insert(Theme).values(track_id=track_id, **values).returning(Theme.id)
        return int(connection.execute(made).scalar_one())


def change_theme(
    connection: Connection,
    track_id: int,
    theme_id: int,
    fields: ThemeFields,
    seen_version: int,
    at: dt.datetime | None,
) -> None:
    """Write name, status and answer over version ``seen_version`` of a theme.

    ``at`` is None when the status and the answer stay as they were.
    """
    _change_theme(connection, track_id, theme_id, seen_version, _theme_values(fields, at))


def order_themes(connection: Connection, track_id: int, theme_ids: Sequence[int]) -> None:
    """Let the themes stand in this order."""
    with in_words(NOT_YOUR_TRACK):
        for position, theme_id in enumerate(theme_ids, start=1):
            connection.execute(
                update(Theme)
                .where(Theme.track_id == track_id, Theme.id == theme_id)
                .where(Theme.position != position)
                .values(position=position)
            )


def empty_theme(
    connection: Connection, track_id: int, theme_id: int, into_id: int | None
) -> list[str]:
    """Put all that is in a theme in another, or in none; returns the codes."""
    moved = (
        update(Contribution)
        .where(Contribution.track_id == track_id, Contribution.theme_id == theme_id)
        .values(theme_id=into_id)
        .returning(Contribution.code)
    )
    with in_words(NOT_YOUR_TRACK):
        return list(connection.scalars(moved))


def remove_theme(connection: Connection, track_id: int, theme_id: int, seen_version: int) -> None:
    """Take a theme away. Raises Conflict when there is a newer version."""
    gone = delete(Theme).where(
        Theme.track_id == track_id, Theme.id == theme_id, Theme.version == seen_version
    )
    with in_words(NOT_YOUR_TRACK):
        if not connection.execute(gone).rowcount:
            raise Conflict(THEME_CHANGED)


def close_phase(
    connection: Connection, track_id: int, phase_id: int, outcome: str, seen_version: int, by: By
) -> None:
    """Write that a phase is over, and what came of it, over version ``seen_version``."""
    values = {"outcome": outcome, "closed_at": by.at, "closed_by": by.account_id}
    _change_phase(connection, track_id, phase_id, seen_version, values)


def reopen_phase(connection: Connection, track_id: int, phase_id: int, seen_version: int) -> None:
    """Write that a phase is not over after all. What came of it stays in the history."""
    values = dict.fromkeys(("outcome", "closed_at", "closed_by"))
    _change_phase(connection, track_id, phase_id, seen_version, values)


def _theme_values(fields: ThemeFields, at: dt.datetime | None) -> dict[str, Any]:
    values = dataclasses.asdict(fields)
    if at is not None:
        values["answered_at"] = at if fields.answer is not None else None
    return values


def _change_contributions(
    connection: Connection, track_id: int, seen: Mapping[str, int], values: Mapping[str, Any]
) -> None:
    as_seen = tuple_(Contribution.code, Contribution.version).in_(list(seen.items()))
    changed = update(Contribution).where(Contribution.track_id == track_id, as_seen)
    with in_words(NOT_YOUR_TRACK):
        if connection.execute(changed.values(**values)).rowcount != len(seen):
            raise Conflict(CONTRIBUTION_CHANGED)


def _change_theme(
    connection: Connection, track_id: int, theme_id: int, seen: int, values: Mapping[str, Any]
) -> None:
    of_track = Theme.track_id == track_id, Theme.id == theme_id
    changed = update(Theme).where(*of_track, Theme.version == seen).values(**values)
    with in_words(NOT_YOUR_TRACK):
        if connection.execute(changed).rowcount:
            return
    _check_there(connection, select(Theme.id).where(*of_track), NO_THEME)
    raise Conflict(THEME_CHANGED)


def _change_phase(
    connection: Connection, track_id: int, phase_id: int, seen: int, values: Mapping[str, Any]
) -> None:
    of_track = TrackPhase.track_id == track_id, TrackPhase.id == phase_id
    changed = update(TrackPhase).where(*of_track, TrackPhase.version == seen).values(**values)
    with in_words(NOT_YOUR_TRACK):
        if connection.execute(changed).rowcount:
            return
    _check_there(connection, select(TrackPhase.id).where(*of_track), NO_PHASE)
    raise Conflict(PHASE_CHANGED)


def _check_there(connection: Connection, query: Any, missing: str) -> None:
    if connection.scalar(query) is None:
        raise NotFound(missing)
