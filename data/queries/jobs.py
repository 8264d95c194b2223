"""Computations in the background; row level security shows those of the gemeente and the region."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from data.errors import NotFound
from data.planning_tables import SitingJob
from data.tables import LARGEST_ID

NO_JOB = "Deze berekening is er niet, of is niet van uw gemeente."
WAITING, RUNNING, DONE, CANCELLED, FAILED = "waiting", "running", "done", "cancelled", "failed"
UNFINISHED = (WAITING, RUNNING)
#: A process tells every second that it is there; after so long without a word it is gone.
LOST_AFTER_S = 20
#: On a busy server it takes a while before a process gives its first sign.
FIRST_SIGN_S = 120


@dataclass(frozen=True)
class JobHead:
    """A computation as a list shows it; ``is_lost`` when its process gives no sign of life."""

    id: int
    gemeente_code: str
    name: str
    state: str
    fault: str | None
    is_cancel_asked: bool
    account_id: int | None
    asked_at: dt.datetime
    started_at: dt.datetime | None
    seen_at: dt.datetime | None
    finished_at: dt.datetime | None
    is_lost: bool

    @property
    def is_unfinished(self) -> bool:
        """Whether a process is still at it."""
        return self.state in UNFINISHED and not self.is_lost


@dataclass(frozen=True)
class JobRecord(JobHead):
    """A whole computation: what was asked, how far it is, what came of it."""

    question: dict[str, Any]
    progress: dict[str, Any] | None
    result: dict[str, Any] | None


def lost() -> ColumnElement[bool]:
    """Whether a process that should be at it gave no sign of life for too long."""
    is_silent = or_(
        and_(SitingJob.seen_at.is_not(None), SitingJob.seen_at < _ago(LOST_AFTER_S)),
        and_(SitingJob.seen_at.is_(None), SitingJob.asked_at < _ago(FIRST_SIGN_S)),
    )
    return and_(SitingJob.state.in_(UNFINISHED), is_silent)


def _ago(seconds: int) -> ColumnElement[Any]:
    return func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _columns(kind: type[JobHead]) -> list[Any]:
    return [
        lost().label(name) if name == "is_lost" else getattr(SitingJob, name)
        for name in kind.__dataclass_fields__
    ]


def jobs(connection: Connection, limit: int = 50) -> list[JobHead]:
    """The computations within reach, the newest first."""
    query = select(*_columns(JobHead)).order_by(SitingJob.id.desc()).limit(limit)
    return [JobHead(*row) for row in connection.execute(query)]


def job(connection: Connection, job_id: int) -> JobRecord:
    """One computation; NotFound out of reach."""
    query = select(*_columns(JobRecord)).where(SitingJob.id == job_id)
    row = connection.execute(query).first() if job_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_JOB)
    return JobRecord(*row)


def unfinished_count(connection: Connection, gemeente_code: str) -> int:
    """How many computations of a gemeente (or the region) are waiting or running."""
    query = select(func.count()).where(
        SitingJob.gemeente_code == gemeente_code, SitingJob.state.in_(UNFINISHED), ~lost()
    )
    return int(connection.scalar(query) or 0)
