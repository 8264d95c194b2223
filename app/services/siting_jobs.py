"""Choosing several sites in the background: asking, starting its process, stopping, looking on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from app.config import PROGRAM_FOLDER
from data.changes.jobs import add_job, ask_cancel, end_lost_jobs, fail_job
from data.database_roles import WHOLE_REGION, Hands, to_scope, work_as
from data.errors import DataError
from data.queries.jobs import unfinished_count
from geo.frames import REGION_CODE

#: What is started, before the number of the job and whose reach it has.
PROGRAM: tuple[str, ...] = (sys.executable, "-m", "app.cli.siting_job")
#: Of the environment of the website nothing that signs in anywhere is handed on.
SECRETS = ("VLEKKENPLAN_SECRET_KEY", "VLEKKENPLAN_OIDC_CLIENT_SECRET", "DATABASE_URL")
MOST_UNFINISHED = 3
LOST = (
    "De berekening is onverwacht gestopt, bijvoorbeeld doordat de server opnieuw is gestart. Wat u "
    "vroeg, is bewaard. Start de berekening opnieuw."
)
NOT_STARTED = "De berekening kon niet starten. Probeer het later opnieuw."


class TooManyJobs(DataError):
    """Enough is being computed already; nothing is kept."""


def ask_job(
    connection: Connection,
    hands: Hands,
    gemeente_code: str,
    name: str,
    question: Mapping[str, Any],
) -> int:
    """Keep what is asked; its process is to be started once this transaction is stored.

    TooManyJobs when the gemeente (or the region) waits for enough already.
    """
    end_lost_jobs(connection, LOST)
    if unfinished_count(connection, gemeente_code) >= MOST_UNFINISHED:
        raise TooManyJobs(
            f"Er lopen al {MOST_UNFINISHED} berekeningen van u. Wacht tot er een klaar is, of stop "
            "er een."
        )
    return add_job(connection, gemeente_code, name, question, hands.account_id)


def stop_job(connection: Connection, job_id: int) -> None:
    """Ask a computation to stop; one whose process is gone already is ended at once."""
    ask_cancel(connection, job_id)
    end_lost_jobs(connection, LOST)


def start_process(engine: Engine, home: Path, hands: Hands, job_id: int) -> int | None:
    """Start the process of a job that is stored; returns its number among the processes.

    It goes on when this one ends, and nothing but the database knows of it. None when it could not
    be started: the row then says so.
    """
    command = [*PROGRAM, str(job_id), "--gemeenten", to_scope(hands.gemeenten)]
    if hands.account_id is not None:
        command += ["--account", str(hands.account_id)]
    try:
        process = subprocess.Popen(
            command,
            cwd=PROGRAM_FOLDER,
            env=environment(engine, home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        with engine.connect() as opened, opened.begin():
            work_as(opened, hands)
            fail_job(opened, job_id, NOT_STARTED)
        return None
    # Who started it must hear its end, or it stays in the list of processes.
    threading.Thread(target=process.wait, daemon=True).start()
    return process.pid


def environment(engine: Engine, home: Path) -> dict[str, str]:
    """The environment of the process: where the database is, and no other secret."""
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    url = engine.url.render_as_string(hide_password=False)
    return {**kept, "DATABASE_URL": url, "VLEKKENPLAN_HOME": str(home)}


def own_gemeenten(hands: Hands, names: Mapping[str, str]) -> dict[str, str]:
    """Of whom a computation may be, by code: the own gemeenten, or else the region."""
    if to_scope(hands.gemeenten) == WHOLE_REGION:
        return {REGION_CODE: "de regio"}
    return {code: names.get(code, code) for code in sorted(hands.gemeenten)}


def is_own(hands: Hands, gemeente_code: str) -> bool:
    """Whether who asks may change what is of this gemeente (or of the region)."""
    return to_scope(hands.gemeenten) == WHOLE_REGION or gemeente_code in hands.gemeenten
