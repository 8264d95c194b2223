"""Loading the task of gemeenten."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.tables import Task
from geo.frames import TASKS, check

_TASK = table_of(Task)


def store_tasks(
    connection: Connection, release: OpenRelease, tasks: pd.DataFrame
) -> tuple[Section, ...]:
    """Make the task of this release equal to the frame. Needs a transaction."""
    check(tasks, TASKS)
    rows = tasks[list(TASKS.columns)].reset_index(drop=True)
    rows.insert(0, "release_id", release.id)
    changes = merge(connection, _TASK, rows, within=_TASK.c.release_id == release.id)
    return (Section("aantallen in de opgave", changes),)
