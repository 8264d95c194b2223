"""Writing computations in the background: asked by a person, kept up by the process itself.

A process writes only while its row is unfinished. Who finds a row that went silent ends it, and
the process that comes back after that finds its row taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from data.changes.refusals import in_words
from data.errors import NotFound
from data.planning_tables import SitingJob
from data.queries.jobs import (
    CANCELLED,
    DONE,
    FAILED,
    NO_JOB,
    RUNNING,
    UNFINISHED,
    WAITING,
    lost,
)
from data.tables import LARGEST_ID

_NOW = func.clock_timestamp()


def add_job(
    connection: Connection,
    gemeente_code: str,
    name: str,
    question: Mapping[str, Any],
    account_id: int | None,
) -> int:
    """Keep what is asked; returns the number of the computation, which waits for its process."""
    values = {
        "gemeente_code": gemeente_code,
        "name": name,
        "question": dict(question),
        "state": WAITING,
        "account_id": account_id,
    }
    with in_words():
        return int(
            connection.execute(
                insert(SitingJob).values(**values).returning(SitingJob.id)
            ).scalar_one()
        )


def begin_job(connection: Connection, job_id: int) -> bool:
    """Note that the computing begins; False when nobody waits for it any more."""
    return _write(connection, job_id, state=RUNNING, started_at=_NOW, seen_at=_NOW)


def note_seen(
    connection: Connection, job_id: int, progress: Mapping[str, Any] | None
) -> bool | None:
    """Note that the process is there, and how far; returns whether it is asked to stop.

    None when the row is finished already, or gone: nobody waits for the process any more.
    """
    values = {"seen_at": _NOW} | ({} if progress is None else {"progress": dict(progress)})
    found = connection.execute(
        update(SitingJob)
        .where(SitingJob.id == job_id, SitingJob.state.in_(UNFINISHED))
        .values(**values)
        .returning(SitingJob.is_cancel_asked)
    ).first()
    return None if found is None else bool(found[0])


def finish_job(connection: Connection, job_id: int, result: Mapping[str, Any]) -> bool:
    """Keep what came of it."""
    return _end(connection, job_id, DONE, result=dict(result))


def end_cancelled_job(
    connection: Connection, job_id: int, result: Mapping[str, Any] | None = None
) -> bool:
    """Note that it was stopped, with what was found until then."""
    found = {} if result is None else {"result": dict(result)}
    return _end(connection, job_id, CANCELLED, **found)


def fail_job(connection: Connection, job_id: int, fault: str) -> bool:
    """Note why nothing came of it, in words for who asked."""
    return _end(connection, job_id, FAILED, fault=fault)


def ask_cancel(connection: Connection, job_id: int) -> None:
    """Ask the process to stop; nothing when it ended already. NotFound when it is of others."""
    own = select(SitingJob.id).where(SitingJob.id == job_id).with_for_update()
    if job_id > LARGEST_ID or connection.scalar(own) is None:
        raise NotFound(NO_JOB)
    _write(connection, job_id, is_cancel_asked=True)


def end_lost_jobs(connection: Connection, fault: str) -> int:
    """End the computations whose process is gone; returns how many there were."""
    ended = connection.execute(
        update(SitingJob)
        .where(lost())
        .values(state=FAILED, fault=fault, finished_at=_NOW)
        .returning(SitingJob.id)
    )
    return len(ended.all())


def _end(connection: Connection, job_id: int, state: str, **values: Any) -> bool:
    return _write(connection, job_id, state=state, finished_at=_NOW, seen_at=_NOW, **values)


def _write(connection: Connection, job_id: int, **values: Any) -> bool:
    """Write to an unfinished row; False when it is finished already."""
    written = connection.execute(
        update(SitingJob)
        .where(SitingJob.id == job_id, SitingJob.state.in_(UNFINISHED))
        .values(**values)
        .returning(SitingJob.id)
    )
    return written.first() is not None
