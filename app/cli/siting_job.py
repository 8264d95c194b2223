"""The process that computes one question in the background; the website starts it.

It is no command of ``vlekkenplan``: ``python -m app.cli.siting_job 12 --gemeenten GM0392 ...``.
The address of the database comes by the environment, where no list of processes shows it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from app.auth.permissions import PERMISSIONS
from app.config import home_folder, to_driver_url
from app.fault_log import write_with_time
from app.services.job_process import Compute, JobTask, run_job
from data.database_roles import VISITOR, Hands
from data.schema import connect

PERMISSION = "spreiding_kiezen"
#: The website goes before: people wait for a page, and see here how far it is.
NICENESS = 10


def compute_siting(task: JobTask) -> dict[str, Any] | None:
    """The computation of the website; imported here, for that takes longer than a sign of life."""
    from app.services.siting_run import run_siting

    return run_siting(task)


@click.command("siting-job")
@click.argument("job_id", type=int)
@click.option("--gemeenten", required=True, help="Codes met komma's, of *.")
@click.option("--account", type=int, help="Het nummer van het account dat dit vroeg.")
def siting_job_command(job_id: int, gemeenten: str, account: int | None) -> None:
    """Reken één vraag uit en bewaar het antwoord."""
    work(job_id, gemeenten, account, compute_siting)


def work(job_id: int, gemeenten: str, account: int | None, compute: Compute) -> None:
    """Do one job with the reach of who asked, and as the role that the permission gives."""
    write_with_time()
    os.nice(NICENESS)
    role = PERMISSIONS[PERMISSION].database_role
    url = to_driver_url(os.environ.get("DATABASE_URL"))
    assert role is not None
    assert url is not None
    engine = connect(url, VISITOR)
    try:
        hands = Hands(role, frozenset(gemeenten.split(",")), account, actor="berekening")
        run_job(engine, hands, job_id, Path(home_folder(os.environ)), compute)
    finally:
        engine.dispose()


if __name__ == "__main__":
    siting_job_command()
    sys.exit(0)
