"""Importing the task of gemeenten: a file, through its checks, into the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine

from analysis.facility_types import FACILITY_TYPES
from app.services.imports import secret_words, transaction
from data.load.region import read_gemeente_names
from data.load.releases import (
    Delivery,
    check_not_known_otherwise,
    load,
    next_version,
    release_with_content,
    sha256_of,
)
from data.load.report import LoadReport
from data.load.tasks import store_tasks
from data.progress import Progress, silent
from data.sources.cells import to_plain
from data.sources.geopackages import check_file
from data.sources.opgave import SOURCE
from data.sources.reading import Choices
from data.sources.task_columns import TaskVocabulary
from data.sources.task_files import TaskFile, read_tasks


@dataclass(frozen=True)
class TaskImport:
    """How to read a file with the task, and as a delivery of which year to keep it.

    Without a year it is this year's, or the year under which the very same file is known.
    """

    year: int | None = None
    choices: Choices = field(default_factory=Choices)


def import_tasks(
    engine: Engine,
    path: Path,
    wanted: TaskImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import the task of the gemeenten. The newest delivery counts, in its whole."""
    check_file(path)
    with transaction(engine, dry_run, SOURCE.title, path.name) as connection:
        gemeenten = read_gemeente_names(connection)
        progress(f"{path.name} lezen")
        file = read_tasks(path, task_vocabulary(gemeenten), wanted.choices)
        delivery = _delivery(connection, sha256_of(path), wanted.year)
        progress("Opgave vergelijken en opslaan")
        return load(
            connection,
            delivery,
            [lambda release: store_tasks(connection, release, file.tasks)],
            (_fact(file),),
            file.notes,
        )


def task_vocabulary(gemeenten: Mapping[str, str]) -> TaskVocabulary:
    """The words of files with the task: these gemeenten, and the registry of types."""
    by_place: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for entry in FACILITY_TYPES:
        on_map = entry.recorded.on_map
        for word in (entry.key, entry.label, *entry.aliases):
            by_place[on_map][to_plain(word)] = entry.key if on_map else entry.label
    return TaskVocabulary(gemeenten, by_place[True], by_place[False], secret_words())


def _fact(file: TaskFile) -> str:
    gemeenten, types = file.tasks["gemeente_code"].nunique(), file.tasks["type"].nunique()
    return (
        f"{gemeenten} {'gemeente' if gemeenten == 1 else 'gemeenten'} en {types} "
        f"{'soort' if types == 1 else 'soorten'} met een opgave"
    )


def _delivery(connection: Connection, sha256: str, year: int | None) -> Delivery:
    """The newest delivery again when the file is the same, else the next one of its year."""
    today = dt.date.today()
    known = release_with_content(connection, SOURCE.key, sha256)
    if known is not None and known.is_newest:
        delivery = Delivery(SOURCE, year or known.year, known.version, sha256, today)
        check_not_known_otherwise(connection, delivery)
        return delivery
    of_year = year or today.year
    version = next_version(connection, SOURCE.key, of_year)
    return Delivery(SOURCE, of_year, version, sha256, today)
