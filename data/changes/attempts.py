"""Counting how often signing in was tried, under keys that tell nobody's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from data.tables import Attempt


@dataclass(frozen=True)
class AttemptRecord:
    """How often something was tried since ``window_start``, and until when it is refused."""

    window_start: dt.datetime
    attempt_count: int
    blocked_until: dt.datetime | None


def take_attempts(connection: Connection, kind: str, key: str, now: dt.datetime) -> AttemptRecord:
    """The count under this key, begun when there is none; nobody else counts until we are done."""
    connection.execute(
        insert(Attempt)
        .values(kind=kind, key=key, window_start=now, attempt_count=0)
        .on_conflict_do_nothing()
    )
    row = connection.execute(
        select(Attempt.window_start, Attempt.attempt_count, Attempt.blocked_until)
        .where(Attempt.kind == kind, Attempt.key == key)
        .with_for_update()
    ).one()
    return AttemptRecord(*row)


def keep_attempts(connection: Connection, kind: str, key: str, record: AttemptRecord) -> None:
    """Write the count under this key."""
    connection.execute(
        update(Attempt)
        .where(Attempt.kind == kind, Attempt.key == key)
        .values(
            window_start=record.window_start,
            attempt_count=record.attempt_count,
            blocked_until=record.blocked_until,
        )
    )


def take_one_back(connection: Connection, kind: str, key: str) -> None:
    """Count one attempt less: it was a good one."""
    connection.execute(
        update(Attempt)
        .where(Attempt.kind == kind, Attempt.key == key)
        .values(attempt_count=func.greatest(Attempt.attempt_count - 1, 0), blocked_until=None)
    )


def forget_attempts(connection: Connection, kind: str, key: str) -> None:
    """Begin anew under this key."""
    connection.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.key == key))


def remove_old_attempts(connection: Connection, before: dt.datetime, now: dt.datetime) -> None:
    """Forget what was tried before this moment, when it makes nobody wait any more."""
    connection.execute(
        delete(Attempt).where(
            Attempt.window_start < before,
            or_(Attempt.blocked_until.is_(None), Attempt.blocked_until < now),
        )
    )
