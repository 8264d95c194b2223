"""A computation in a process of its own: it takes its turn, tells how far it is, and can stop.

The row of the computation is the only way to and from it. The process works with the hands of who
asked, and writes only as long as the row waits for it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text

from analysis.errors import AnalysisError
from app.fault_log import to_text
from data.changes import jobs as changes
from data.database_roles import Hands, work_as
from data.errors import DataError
from data.queries.jobs import job
from geo.errors import GeoError

log = logging.getLogger("vlekkenplan.jobs")
#: Errors that are an answer to who asked.
ANSWERS = (AnalysisError, DataError, GeoError)
OUR_FAULT = (
    "De berekening is gestopt door een fout. De fout ligt bij ons en is vastgelegd. Wat u vroeg, "
    "is bewaard."
)
TOOK_TOO_LONG = "De berekening duurde te lang en is gestopt. Vraag minder tegelijk."
#: So many computations at a time, whichever worker of the website they were asked of.
SLOT_COUNT = 2
#: The first half of the numbers by which a turn is held in the database.
_TURNS = 0x51
_TAKE = text("SELECT pg_try_advisory_lock(:turns, :slot)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:turns, :slot)")
PULSE_S = 0.5
#: What is asked to stop and does not within this time, is ended.
STOP_PATIENCE_S = 15.0
LONGEST_S = 1800.0


class Stopped(Exception):
    """The computation was asked to stop before there was anything to show."""


class TakenAway(Exception):
    """Nobody waits for this process any more: its row is finished, or gone."""


@dataclass(frozen=True)
class JobTask:
    """What a computation gets: the question, hands to read with, and whom to tell how far it is.

    ``report`` may be called as often as is handy: the row is written a few times a second at most.
    """

    engine: Engine
    hands: Hands
    home: Path
    question: Mapping[str, Any]
    report: Callable[[Mapping[str, Any]], None]
    is_stop_asked: Callable[[], bool]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only transaction that reaches as far as who asked."""
        with self.engine.connect().execution_options(postgresql_readonly=True) as opened:
            work_as(opened, self.hands)
            yield opened


#: A computation: what came of it as JSON, or None when it was stopped before it found anything.
Compute = Callable[[JobTask], dict[str, Any] | None]


class Row:
    """The row of one computation, written with the hands of who asked."""

    def __init__(self, engine: Engine, hands: Hands, job_id: int) -> None:
        self.engine = engine
        self.hands = hands
        self.job_id = job_id

    def write(self, change: Callable[..., Any], *values: Any) -> Any:
        """Make one change in a transaction of its own."""
        with self.engine.connect() as opened, opened.begin():
            work_as(opened, self.hands)
            return change(opened, self.job_id, *values)

    def question(self) -> dict[str, Any]:
        """What was asked."""
        with self.engine.connect() as opened:
            work_as(opened, self.hands)
            return job(opened, self.job_id).question


class Pulse(threading.Thread):
    """Tells the row that the process is there and how far it is, and hears whether to stop."""

    def __init__(self, row: Row) -> None:
        super().__init__(daemon=True)
        self.row = row
        self.stop = threading.Event()
        self.gone = threading.Event()
        self.ended = threading.Event()
        self.newest: Mapping[str, Any] | None = None
        self.started = time.monotonic()
        self.stop_asked_at: float | None = None

    def report(self, progress: Mapping[str, Any]) -> None:
        """Keep how far it is until the next beat."""
        self.newest = dict(progress)

    def run(self) -> None:
        """Beat until the work ends, or nobody waits for it."""
        while not self.ended.wait(PULSE_S):
            try:
                self.beat()
            except Exception as error:
                log.error("no pulse: %s", to_text(error))
                self._leave()
            self._end_when_deaf()

    def beat(self) -> None:
        """Write once, and hear what is asked."""
        newest, self.newest = self.newest, None
        answer = self.row.write(changes.note_seen, newest)
        if answer is None:
            self._leave()
        elif answer and self.stop_asked_at is None:
            self.stop_asked_at = time.monotonic()
            self.stop.set()

    def _leave(self) -> None:
        self.gone.set()
        self.stop.set()
        self.stop_asked_at = self.stop_asked_at or time.monotonic()

    def _end_when_deaf(self) -> None:
        """End the whole process when the computation does not stop, or takes far too long."""
        now = time.monotonic()
        is_deaf = self.stop_asked_at is not None and now - self.stop_asked_at > STOP_PATIENCE_S
        if self.ended.is_set() or not (is_deaf or now - self.started > LONGEST_S):
            return
        try:
            if not self.gone.is_set():
                if is_deaf:
                    self.row.write(changes.end_cancelled_job)
                else:
                    self.row.write(changes.fail_job, TOOK_TOO_LONG)
        finally:
            os._exit(1)


def run_job(engine: Engine, hands: Hands, job_id: int, home: Path, compute: Compute) -> None:
    """Wait for a turn, compute, and keep what came of it in the row; or why nothing did."""
    row = Row(engine, hands, job_id)
    pulse = Pulse(row)
    pulse.start()
    try:
        with _turn(engine, pulse):
            _compute(row, pulse, home, compute)
    except TakenAway:
        log.warning("job %d was ended by others", job_id)
    finally:
        pulse.ended.set()
        pulse.join()


def _compute(row: Row, pulse: Pulse, home: Path, compute: Compute) -> None:
    if pulse.stop.is_set():
        _end(row, pulse, changes.end_cancelled_job)
        return
    if not row.write(changes.begin_job):
        raise TakenAway
    try:
        task = JobTask(row.engine, row.hands, home, row.question(), pulse.report, pulse.stop.is_set)
        result = compute(task)
    except Stopped:
        _end(row, pulse, changes.end_cancelled_job)
    except ANSWERS as error:
        _end(row, pulse, changes.fail_job, str(error))
    except Exception as error:
        log.error("job %d: %s", row.job_id, to_text(error))
        _end(row, pulse, changes.fail_job, OUR_FAULT)
    else:
        is_stopped = pulse.stop.is_set() or result is None
        _end(row, pulse, changes.end_cancelled_job if is_stopped else changes.finish_job, result)


def _end(row: Row, pulse: Pulse, change: Callable[..., Any], *values: Any) -> None:
    """The last write, after the last beat."""
    pulse.ended.set()
    pulse.join()
    if pulse.gone.is_set() or not row.write(change, *values):
        raise TakenAway


@contextmanager
def _turn(engine: Engine, pulse: Pulse) -> Iterator[None]:
    """Hold one of the few turns; the database gives it back when this process ends."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as opened:
        slot = _wait_for_turn(opened, pulse)
        try:
            yield
        finally:
            if slot is not None:
                _ask(opened, _GIVE_BACK, slot)


def _wait_for_turn(opened: Connection, pulse: Pulse) -> int | None:
    """The number of the turn; None when it was asked to stop while it waited."""
    while not pulse.stop.is_set():
        for slot in range(SLOT_COUNT):
            if _ask(opened, _TAKE, slot):
                return slot
        pulse.stop.wait(PULSE_S)
    if pulse.gone.is_set():
        raise TakenAway
    return None


def _ask(opened: Connection, query: TextClause, slot: int) -> bool:
    return bool(opened.scalar(query, {"turns": _TURNS, "slot": slot}))
