"""The columns that we know in files of users: their names, how to read them, what is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.faults import Fault
from data.sources.cells import Cell, CellError, Parser, shown, to_plain
from data.sources.table_files import Row, TableFile


@dataclass(frozen=True)
class FileColumn:
    """One column: our key, the names it may have (plain words, the usual one first), its parser.

    ``explanation`` is what the sources page says about it.
    """

    key: str
    names: tuple[str, ...]
    parse: Parser
    explanation: str = ""

    @property
    def label(self) -> str:
        """The usual name."""
        return self.names[0]


@dataclass
class ParsedRow:
    """The values of one row by our keys; what could not be read is absent and a fault."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)


def find_columns(
    table: TableFile, columns: Sequence[FileColumn], chosen: Mapping[str, str]
) -> tuple[dict[str, str], list[Fault]]:
    """Which column of the file holds which key. ``chosen`` are the user's own choices."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    by_plain = {to_plain(name): name for name in table.columns}
    for column in columns:
        if column.key in chosen:
            name = by_plain.get(to_plain(chosen[column.key]))
            if name is None:
                faults.append(_missing_choice(table, column, chosen[column.key]))
            else:
                found[column.key] = name
            continue
        matches = [by_plain[to_plain(name)] for name in column.names if to_plain(name) in by_plain]
        free = [name for name in matches if name not in chosen.values()]
        if len(free) > 1:
            faults.append(
                Fault(
                    f"Deze kolommen kunnen allebei {column.label} zijn: {', '.join(free)}. Houd "
                    "er één.",
                    column=free[1],
                    row=1,
                )
            )
        if free:
            found[column.key] = free[0]
    return found, faults


def missing_column_faults(
    table: TableFile, columns: Sequence[FileColumn], found: Mapping[str, str], keys: Iterable[str]
) -> list[Fault]:
    """A fault for each of the keys for which the file has no column."""
    labels = {column.key: column for column in columns}
    present = ", ".join(table.columns)
    return [
        Fault(
            f"De kolom {labels[key].label} ontbreekt. Wel in het bestand: {present}.",
            row=1,
            column=labels[key].label,
        )
        for key in keys
        if key not in found
    ]


def unknown_column_notes(table: TableFile, found: Mapping[str, str]) -> list[str]:
    """A note that names the columns we do not read."""
    unknown = [name for name in table.columns if name not in found.values()]
    return [f"Deze kolommen lezen wij niet: {', '.join(unknown)}."] if unknown else []


def parse_row(
    row: Row, columns: Sequence[FileColumn], found: Mapping[str, str], faults: list[Fault]
) -> ParsedRow:
    """The values of a row. What can't be read is added to ``faults``."""
    parsed = ParsedRow(row.number)
    for column in columns:
        if column.key not in found:
            parsed.values[column.key] = None
            continue
        cell: Cell = row.cells.get(found[column.key])
        try:
            parsed.values[column.key] = column.parse(cell)
        except CellError as error:
            faults.append(Fault(str(error), row.number, found[column.key], shown(cell)))
    return parsed


def _missing_choice(table: TableFile, column: FileColumn, name: str) -> Fault:
    return Fault(
        f"U koos de kolom {name} voor {column.label}, maar die is er niet. Wel in het bestand: "
        f"{', '.join(table.columns)}.",
        row=1,
        column=name,
    )
