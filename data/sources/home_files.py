"""Homes of single people from a CSV or XLSX file: a number by area and type, about one year.

A file that tells where the homes are, or who lives there, is refused as a whole. Every fault is
found before anything is refused, and nothing is stored when there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.faults import Fault, Refused, check_none
from data.sources.cells import shown, to_plain
from data.sources.file_columns import ParsedRow
from data.sources.home_columns import TELLING_WORDS, HomeVocabulary
from data.sources.reading import Choices, Reading, read_values
from data.sources.table_files import read_table_file
from geo.frames import HOMES, check

_ASKED = {
    "area": "Vul een gemeente, wijk of buurt in.",
    "type": "Vul een soort woning in.",
    "year": "Vul het jaar in waarover het aantal gaat.",
    "home_count": "Vul een aantal in. Weet u het niet, haal de rij dan weg.",
}
_TELLS_WHERE = (
    "Deze kolom zegt waar een woning staat of wie er woont. Van gewone woningen lezen wij alleen "
    "aantallen per gebied. Er is niets opgeslagen. Haal de kolom weg uit het bestand."
)
_HAS_POINTS = (
    "Dit bestand heeft punten op de kaart. Van gewone woningen lezen wij alleen aantallen per "
    "gebied, uit een CSV- of XLSX-bestand."
)


@dataclass(frozen=True)
class HomeFile:
    """The checked frame of a file, the year it is about, and what the user should know."""

    homes: pd.DataFrame
    year: int
    notes: tuple[str, ...]


def read_homes(path: Path, vocabulary: HomeVocabulary, choices: Choices) -> HomeFile:
    """The homes by area and type. Raises Refused with every fault of the file."""
    _check_tells_no_place(path, choices)
    reading = read_values(
        path, vocabulary.columns, choices, needed=tuple(_ASKED), secret=vocabulary.secret
    )
    for row in reading.rows:
        _check_filled(row, reading)
    _check_once(reading)
    _check_one_year(reading)
    _check_sums(reading, vocabulary)
    if not reading.rows and not reading.faults:
        reading.faults.append(Fault("Er staan geen rijen in het bestand."))
    check_none(reading.faults)
    return HomeFile(
        _to_frame(reading.rows), int(reading.rows[0].values["year"]), tuple(reading.notes)
    )


def _check_tells_no_place(path: Path, choices: Choices) -> None:
    """Raises Refused, repeating no cell, when a column tells of places or people."""
    table = read_table_file(path, choices.part)
    if table.has_points:
        raise Refused([Fault(_HAS_POINTS)])
    telling = [name for name in table.columns if TELLING_WORDS & set(to_plain(name).split())]
    check_none([Fault(_TELLS_WHERE, 1, name) for name in telling])


def _check_filled(row: ParsedRow, reading: Reading) -> None:
    for key, message in _ASKED.items():
        if key in reading.found and row.values.get(key, "unread") is None:
            reading.blame(row, key, message)


def _check_once(reading: Reading) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for row in reading.rows:
        key = (row.values.get("area"), row.values.get("type"))
        if None in key:
            continue
        if key in first:
            reading.blame(
                row,
                "area",
                f"Dit gebied en deze soort staan ook in rij {first[key]}. Houd er één.",
                shown(row.values["area"]),
            )
        first.setdefault(key, row.number)


def _check_one_year(reading: Reading) -> None:
    """Blame each row about another year than the first: counts are protected year by year."""
    years = [row.values["year"] for row in reading.rows if row.values.get("year") is not None]
    for row in reading.rows:
        year = row.values.get("year")
        if year is not None and year != years[0]:
            reading.blame(
                row,
                "year",
                f"De eerste rij gaat over {years[0]}. Zet elk jaar in een eigen bestand.",
                shown(year),
            )


def _check_sums(reading: Reading, vocabulary: HomeVocabulary) -> None:
    for of_type in _rows_by_type(reading).values():
        counts = {code: int(row.values["home_count"]) for code, row in of_type.items()}
        for code, together in vocabulary.sum_faults(counts).items():
            reading.blame(
                of_type[code],
                "home_count",
                f"De delen van dit gebied zijn samen {together}. Het geheel moet de som zijn, of "
                "meer als er delen in het bestand ontbreken.",
                shown(counts[code]),
            )


def _rows_by_type(reading: Reading) -> Mapping[str, dict[str, ParsedRow]]:
    found: dict[str, dict[str, ParsedRow]] = {}
    for row in reading.rows:
        area, kind, count = (row.values.get(key) for key in ("area", "type", "home_count"))
        if None not in (area, kind, count):
            found.setdefault(str(kind), {}).setdefault(str(area), row)
    return found


def _to_frame(rows: list[ParsedRow]) -> pd.DataFrame:
    records = [tuple(row.values[key] for key in ("area", "type", "home_count")) for row in rows]
    frame = pd.DataFrame(records, columns=list(HOMES.columns))
    return check(frame.sort_values(list(HOMES.also_unique), ignore_index=True), HOMES)
