"""The task of gemeenten from a CSV or XLSX file: places needed by gemeente, type and year.

Every fault of the file is found before anything is refused, and nothing is stored when there
is one. The vocabulary of gemeenten and types is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.faults import check_none
from data.sources.cells import shown
from data.sources.file_columns import ParsedRow
from data.sources.reading import Choices, Reading, read_values
from data.sources.task_columns import TaskVocabulary
from geo.frames import TASKS, check

_KEY = ("gemeente", "type", "from_year")
_ASKED = {
    "gemeente": "Vul een gemeente in.",
    "type": "Vul een soort voorziening in.",
    "from_year": "Vul in vanaf welk jaar dit geldt.",
    "place_count": (
        "Vul een aantal plekken in. Is er geen opgave, haal de rij dan weg. Vul 0 in als er niets "
        "nodig is."
    ),
}


@dataclass(frozen=True)
class TaskFile:
    """The checked frame of a file, and what the user should know about it."""

    tasks: pd.DataFrame
    notes: tuple[str, ...]


def read_tasks(path: Path, vocabulary: TaskVocabulary, choices: Choices) -> TaskFile:
    """The task of each gemeente. Raises Refused with every fault of the file."""
    reading = read_values(
        path, vocabulary.columns, choices, needed=tuple(_ASKED), secret=vocabulary.secret
    )
    for row in reading.rows:
        _check_filled(row, reading)
    _check_once(reading)
    check_none(reading.faults)
    tasks = _to_frame(reading.rows)
    return TaskFile(tasks, (*reading.notes, *_gap_notes(tasks, vocabulary)))


def _check_filled(row: ParsedRow, reading: Reading) -> None:
    for key, message in _ASKED.items():
        is_empty = key in reading.found and row.values.get(key, "unread") is None
        if is_empty:
            reading.blame(row, key, message)


def _check_once(reading: Reading) -> None:
    """Blame each row that says again how many places a gemeente needs of a type from a year."""
    first: dict[tuple[Any, ...], int] = {}
    for row in reading.rows:
        key = tuple(row.values.get(name) for name in _KEY)
        if None in key:
            continue
        if key in first:
            reading.blame(
                row,
                "from_year",
                f"Deze gemeente, deze soort en dit jaar staan ook in rij {first[key]}. Houd er "
                "één.",
                shown(row.values["from_year"]),
            )
        first.setdefault(key, row.number)


def _to_frame(rows: list[ParsedRow]) -> pd.DataFrame:
    records = [(*(row.values[name] for name in _KEY), row.values["place_count"]) for row in rows]
    frame = pd.DataFrame(records, columns=list(TASKS.columns))
    return check(frame.sort_values(list(TASKS.also_unique), ignore_index=True), TASKS)


def _gap_notes(tasks: pd.DataFrame, vocabulary: TaskVocabulary) -> list[str]:
    """A note for each type that is filled in for some gemeenten, and not for others."""
    notes = []
    for key, rows in tasks.groupby("type", sort=False):
        given = set(rows["gemeente_code"])
        missing = [name for code, name in vocabulary.gemeenten.items() if code not in given]
        if missing:
            notes.append(
                f"Niet ingevuld voor {str(key).replace('_', ' ')}: {', '.join(missing)}. Daar is "
                "de opgave onbekend."
            )
    return notes
