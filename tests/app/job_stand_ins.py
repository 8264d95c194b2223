"""Computations that stand in for the solver, each in the real process with the real row."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from sqlalchemy import text

from analysis.errors import InputError
from app.cli.siting_job import work
from app.services.job_process import JobTask, Stopped
from data.queries.workspace import workspace_sites

PATIENCE_S = 60


def count_own_sites(task: JobTask) -> dict[str, Any]:
    """Which sites the process can see, and as whom it works."""
    from app.services import current

    with task.reading() as connection:
        sites = workspace_sites(connection, current.today())
        role = connection.scalar(text("SELECT current_user"))
    return {
        "gemeenten": sorted({site.gemeente_code or "" for site in sites}),
        "site_count": len(sites),
        "role": role,
        "account_id": task.hands.account_id,
        "asked": dict(task.question),
        "secrets": sorted(name for name in os.environ if "SECRET" in name),
        "niceness": os.nice(0),
    }


def wait_for_stop(task: JobTask) -> dict[str, Any]:
    """Tells how far it is all the time, and stops when asked, with what it has."""
    started, step = time.monotonic(), 0
    while not task.is_stop_asked():
        step += 1
        task.report({"stage": "verdeling", "step": step, "pid": os.getpid()})
        time.sleep(0.01)
        if time.monotonic() - started > PATIENCE_S:
            raise AssertionError("nobody stopped this")
    if task.question.get("empty_handed"):
        raise Stopped
    return {"steps": step}


def wait_empty_handed(task: JobTask) -> dict[str, Any]:
    """Tells how far it is, step after step, and stops when asked without having found anything."""
    started = time.monotonic()
    while not task.is_stop_asked():
        seconds = time.monotonic() - started
        told = {"stage": "verdeling", "step": min(2, int(seconds)), "step_count": 4}
        task.report({**told, "value": 3.5, "bound": 2.0, "gap": 0.43, "seconds": seconds})
        time.sleep(0.05)
        if seconds > PATIENCE_S:
            raise AssertionError("nobody stopped this")
    raise Stopped


def fault_in_question(_task: JobTask) -> dict[str, Any]:
    """Refuses what is asked, in words."""
    raise InputError("vraag", ["Er zijn geen kandidaten."])


def own_fault(_task: JobTask) -> dict[str, Any]:
    """Breaks, with a name in the message that no log may hold."""
    raise RuntimeError("".join(["Qwerty", "huis"]))


def die(task: JobTask) -> dict[str, Any]:
    """Is killed halfway, as by a server that runs out of memory."""
    task.report({"stage": "verdeling"})
    time.sleep(1.2)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def deaf(task: JobTask) -> dict[str, Any]:
    """Never looks whether it should stop."""
    task.report({"pid": os.getpid()})
    time.sleep(PATIENCE_S)
    return {}


def try_to_write(task: JobTask) -> dict[str, Any]:
    """Tries to change something through the reading hands, and to read accounts."""
    refused = []
    for statement in (
        "UPDATE siting_job SET name = 'x'",
        "SELECT * FROM account",
    ):
        try:
            with task.reading() as connection:
                connection.execute(text(statement))
        except Exception as error:
            refused.append(type(error).__name__)
    return {"refused": refused}


if __name__ == "__main__":
    from app.services import job_process

    name, job_id, _, gemeenten, *account = sys.argv[1:]
    job_process.STOP_PATIENCE_S = 2.0
    work(int(job_id), gemeenten, int(account[1]) if account else None, globals()[name])
