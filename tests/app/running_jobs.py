"""Starting computations in tests, waiting for them, and ending only those that were started."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.pages import siting
from app.services import siting_jobs
from data.database_roles import WORKSPACE, Hands, work_as
from data.queries.jobs import JobRecord, job

LONGEST_WAIT_S = 60
PLANNER = Hands(WORKSPACE, frozenset({"GM9001"}), 7)
REGION = Hands(WORKSPACE, frozenset({"*"}), 8)


def stand_in(name: str) -> tuple[str, ...]:
    """The program that computes as the stand-in of this name does."""
    return (sys.executable, "-m", "tests.app.job_stand_ins", name)


@contextmanager
def noting_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that the website starts while this lasts; what is left of them is ended."""
    pids: list[int] = []
    start = siting_jobs.start_process

    def noting(*asked: Any) -> int | None:
        pid = start(*asked)
        if pid is not None:
            pids.append(pid)
        return pid

    monkeypatch.setattr(siting, "start_process", noting)
    try:
        yield pids
    finally:
        end(pids)


def end(pids: list[int]) -> None:
    """End these processes, as far as they are still there."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


class Jobs:
    """Computations on one database, each in its real process."""

    def __init__(self, engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self.home = home
        self.monkeypatch = monkeypatch
        self.pids: list[int] = []

    def ask(
        self,
        kind: str,
        hands: Hands = PLANNER,
        gemeente_code: str = "GM9001",
        question: Mapping[str, Any] | None = None,
    ) -> int:
        """Keep a question and start the process of a stand-in for it."""
        with self.changing(hands) as connection:
            job_id = siting_jobs.ask_job(
                connection, hands, gemeente_code, "Een vraag", question or {}
            )
        self.start(kind, hands, job_id)
        return job_id

    def start(self, kind: str, hands: Hands, job_id: int) -> None:
        """Start the process of a stand-in for a question that is kept."""
        self.monkeypatch.setattr(siting_jobs, "PROGRAM", stand_in(kind))
        pid = siting_jobs.start_process(self.engine, self.home, hands, job_id)
        if pid is not None:
            self.pids.append(pid)

    @contextmanager
    def changing(self, hands: Hands = PLANNER) -> Iterator[Any]:
        """A transaction in the name of these hands."""
        with self.engine.connect() as opened, opened.begin():
            work_as(opened, hands)
            yield opened

    def stop(self, job_id: int, hands: Hands = PLANNER) -> None:
        """Ask the process to stop."""
        with self.changing(hands) as connection:
            siting_jobs.stop_job(connection, job_id)

    def look(self, job_id: int, hands: Hands = PLANNER) -> JobRecord:
        """The row as these hands see it."""
        with self.changing(hands) as connection:
            return job(connection, job_id)

    def wait(self, job_id: int, *states: str, hands: Hands = PLANNER) -> JobRecord:
        """The row once it is in one of these states."""
        return self.wait_until(job_id, lambda row: row.state in states, hands)

    def wait_until(self, job_id: int, is_so: Any, hands: Hands = PLANNER) -> JobRecord:
        """The row once this is so of it."""
        give_up_at = time.monotonic() + LONGEST_WAIT_S
        while not is_so(row := self.look(job_id, hands)):
            assert time.monotonic() < give_up_at, row
            time.sleep(0.05)
        return row

    def silence(self, job_id: int) -> None:
        """Let it be as if its last sign of life was long ago."""
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE siting_job SET seen_at = now() - interval '1 hour' WHERE id = :id"),
                {"id": job_id},
            )

    def end_all(self) -> None:
        """End what was started here and is still there."""
        end(self.pids)
