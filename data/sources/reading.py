"""Reading a file of users row by row: values, points in RD, faults and notes together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import shapely

from data.faults import Fault, check_none
from data.sources.file_columns import (
    FileColumn,
    ParsedRow,
    find_columns,
    missing_column_faults,
    parse_row,
    unknown_column_notes,
)
from data.sources.placing import Placing, place_rows
from data.sources.secrets import SecretWords, secret_faults
from data.sources.table_files import TableFile, read_table_file


@dataclass(frozen=True)
class Choices:
    """What the user says about a file: sheet or layer, system, and columns by our keys."""

    part: str | None = None
    epsg: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """A file as far as it could be read. Rows about secret places are left out of it.

    ``place_column`` is empty for a list that is not about points.
    """

    table: TableFile
    found: dict[str, str]
    place_column: str
    faults: list[Fault]
    notes: list[str]
    rows: list[ParsedRow] = field(default_factory=list)
    points: dict[int, shapely.Point] = field(default_factory=dict)

    def blame(self, row: ParsedRow, key: str, message: str, value: str | None = None) -> None:
        """Add a fault at this row, in the file's own column for the key."""
        self.faults.append(Fault(message, row.number, self.found.get(key, key), value))

    def has_fault_at(self, row: ParsedRow, key: str) -> bool:
        """Whether the cell of this key could not be read."""
        return key not in row.values

    def blame_place(self, row: ParsedRow, message: str) -> None:
        """Add a fault about the place of this row."""
        self.faults.append(Fault(message, row.number, self.place_column))

    def has_place_fault(self, row: ParsedRow) -> bool:
        """Whether something was already found wrong with the place of this row."""
        place = {self.place_column, *(self.found.get(key) for key in ("x", "y", "lon", "lat"))}
        return any(f.row == row.number and f.column in place for f in self.faults)


def read_rows(
    path: Path,
    columns: Sequence[FileColumn],
    choices: Choices,
    *,
    needed: Iterable[str],
    secret: SecretWords,
) -> Reading:
    """The rows with their points. What can't be read or placed is in ``faults``.

    Raises Refused for unreadable files.
    """
    reading = read_values(path, columns, choices, needed=needed, secret=secret)
    _place(reading, choices.epsg)
    return reading


def read_values(
    path: Path,
    columns: Sequence[FileColumn],
    choices: Choices,
    *,
    needed: Iterable[str],
    secret: SecretWords,
) -> Reading:
    """The rows of a list that is not about points; what can't be read is in ``faults``.

    Raises Refused for unreadable files.
    """
    table = read_table_file(path, choices.part)
    return parse_table(table, columns, choices, needed=needed, secret=secret)


def parse_table(
    table: TableFile,
    columns: Sequence[FileColumn],
    choices: Choices,
    *,
    needed: Iterable[str],
    secret: SecretWords,
) -> Reading:
    """The rows of a table that was read; what can't be parsed is in ``faults``."""
    found, faults = find_columns(table, columns, choices.columns)
    hidden, hidden_rows = secret_faults(table, secret, found.get("type"))
    check_none([fault for fault in hidden if fault.row is None])
    faults = [*hidden, *faults, *missing_column_faults(table, columns, found, needed)]
    table = replace(table, rows=tuple(row for row in table.rows if row.number not in hidden_rows))
    notes = [*table.notes, *unknown_column_notes(table, found)]
    rows = [parse_row(row, columns, found, faults) for row in table.rows]
    return Reading(table, found, "", faults, notes, rows)


def _place(reading: Reading, epsg: int | None) -> None:
    table, faults = reading.table, reading.faults
    placing = Placing.of(table, reading.found, epsg)
    if placing is None:
        faults.append(
            Fault(
                "Er zijn geen kolommen voor de plek. Geef x en y (RD), of lengtegraad en "
                "breedtegraad.",
                row=1,
            )
        )
        return
    reading.place_column = placing.column
    reading.points = place_rows(table, reading.rows, placing, faults, reading.notes)
