"""Writing what a conversation holds after some time, at once: for the example region only.

By hand these come one by one, each by who may: here the owner of the tables writes them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from data.changes.contributions import NewContribution, add_contribution
from data.dialogue_tables import (
    Agreement,
    Contribution,
    Importance,
    SupportMeasurement,
    Theme,
    Track,
    TrackNews,
    TrackPhase,
)


def is_there(connection: Connection, code: str) -> bool:
    """Whether there is a track with this address."""
    return connection.scalar(select(Track.id).where(Track.code == code)) is not None


def open_track(connection: Connection, track_id: int, since: dt.datetime) -> None:
    """Let everyone see a track, as if since this moment."""
    values = {"state": "open", "published_at": since}
    connection.execute(update(Track).where(Track.id == track_id).values(**values))


def close_phase(connection: Connection, phase_id: int, at: dt.datetime, outcome: str) -> None:
    """Close a phase with its outcome."""
    values = {"closed_at": at, "outcome": outcome}
    connection.execute(update(TrackPhase).where(TrackPhase.id == phase_id).values(**values))


def add_news(connection: Connection, track_id: int, title: str, body: str, at: dt.datetime) -> None:
    """A message of an earlier day."""
    values = {"title": title, "body": body, "published_at": at}
    connection.execute(insert(TrackNews).values(track_id=track_id, **values))


def add_theme(connection: Connection, track_id: int, values: Mapping[str, Any]) -> int:
    """A theme, perhaps with its answer; its id."""
    statement = insert(Theme).values(track_id=track_id, **values).returning(Theme.id)
    return int(connection.execute(statement).scalar_one())


def add_handled_contribution(
    connection: Connection, new: NewContribution, handled: Mapping[str, Any]
) -> None:
    """A contribution with what a moderator and an answerer did with it."""
    add_contribution(connection, new)
    where = Contribution.code == new.code
    connection.execute(update(Contribution).where(where).values(**handled))


def add_importance(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """What residents find important, a row for each."""
    if rows:
        connection.execute(insert(Importance), list(rows))


def add_agreement(connection: Connection, track_id: int, values: Mapping[str, Any]) -> None:
    """Something that was agreed."""
    connection.execute(insert(Agreement).values(track_id=track_id, **values))


def add_measurement(connection: Connection, track_id: int, values: Mapping[str, Any]) -> None:
    """A measuring of support."""
    connection.execute(insert(SupportMeasurement).values(track_id=track_id, **values))
