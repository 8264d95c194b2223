"""A file with sites that someone offers in the workspace: read, checked, and kept as plain facts.

Only what was read is kept until it is confirmed, never the file itself: nobody looks at the
other sheets of a workbook.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection

from app.services.bulk_sheet import MARK, SHEET
from app.services.imports import site_vocabulary
from data.faults import Fault, Refused, check_none, refuse
from data.load.region import read_region
from data.sources.cells import is_empty, to_plain, to_text
from data.sources.file_columns import find_columns
from data.sources.reading import Choices
from data.sources.site_columns import FIXED_KEYS, SiteVocabulary
from data.sources.site_files import SiteFile, read_sites
from data.sources.table_files import TableFile, read_table_file

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 25 * 1024 * 1024
MOST_ROWS = 1000
_DATE_KEYS = ("valid_from", "valid_to")
_LONGEST_NAME = 80
#: From what a command says to what a page says.
_FOR_PAGES: tuple[tuple[str, str], ...] = (
    (r" Kies een ander blad met --sheet\.", " Zet het blad dat u bedoelt vooraan."),
    (
        r"Kies met --sheet een laag van (.*?): (.*)\.",
        r"In \1 staat niet precies een laag met punten, maar: \2. Bewaar de laag die u bedoelt "
        "in een eigen bestand.",
    ),
    (r", of geef --crs \d+\.", "."),
    (r" Geef --crs \d+\.", " Reken ze om naar RD."),
    (
        r" Maak ze zichtbaar met --publication \w+\.",
        " Kies in de kolom publicatie wie een locatie mag zien.",
    ),
)


@dataclass(frozen=True)
class OfferedState:
    """What a row of the file says that is so from a date on."""

    from_date: dt.date
    status: str
    capacity_count: int | None
    reason: str | None


@dataclass(frozen=True)
class OfferedSite:
    """A site as the file has it; ``facts`` holds only what the file speaks of.

    ``row`` is its first row; ``mark`` the version of the site when the sheet was made.
    """

    row: int
    code: str
    facts: Mapping[str, Any]
    x_m: float
    y_m: float
    mark: str | None
    states: tuple[OfferedState, ...]


@dataclass(frozen=True)
class BulkFile:
    """What was read of a file. ``keys`` are our keys of the columns that it has."""

    name: str
    sites: tuple[OfferedSite, ...]
    keys: frozenset[str]
    notes: tuple[str, ...]


def read_bulk_file(connection: Connection, name: str, content: bytes) -> BulkFile:
    """The sites of a file. Raises Refused with every fault, in words for a page."""
    if len(content) > LARGEST_BYTES:
        raise refuse(
            f"Dit bestand is te groot: {len(content) / 1024**2:.1f} MB. Hoogstens "
            f"{LARGEST_BYTES // 1024**2} MB mag. Bewaar alleen de rijen die nodig zijn."
        )
    region = read_region(connection)
    with tempfile.TemporaryDirectory(prefix="vlekkenplan-") as folder:
        path = Path(folder) / _safe_name(name)
        path.write_bytes(content)
        try:
            _check_unpacked(content)
            table = read_table_file(path)
            _check_rows(table)
            vocabulary = site_vocabulary()
            return _to_bulk(table, read_sites(path, vocabulary, region, Choices()), vocabulary)
        except Refused as refused:
            raise Refused(_for_pages(fault) for fault in refused.faults) from refused


def to_draft(file: BulkFile) -> dict[str, Any]:
    """The file as JSON can hold it."""
    return {
        "name": file.name,
        "keys": sorted(file.keys),
        "notes": list(file.notes),
        "sites": [
            {
                **vars(site),
                "facts": {key: _plain(value) for key, value in site.facts.items()},
                "states": [
                    [_plain(value) for value in vars(state).values()] for state in site.states
                ],
            }
            for site in file.sites
        ],
    }


def from_draft(content: Mapping[str, Any]) -> BulkFile:
    """The file as ``to_draft`` kept it."""
    return BulkFile(
        content["name"],
        tuple(_site_from(site) for site in content["sites"]),
        frozenset(content["keys"]),
        tuple(content["notes"]),
    )


def _site_from(site: Mapping[str, Any]) -> OfferedSite:
    facts = {
        key: dt.date.fromisoformat(value) if key in _DATE_KEYS and value else value
        for key, value in site["facts"].items()
    }
    states = tuple(
        OfferedState(dt.date.fromisoformat(day), *others) for day, *others in site["states"]
    )
    return OfferedSite(**{**site, "facts": facts, "states": states})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _safe_name(name: str) -> str:
    """The name without folders; its words are looked at, so they stay."""
    last = PurePosixPath(name.replace("\\", "/").replace("\x00", "")).name or "bestand"
    path = PurePosixPath("".join(letter for letter in last if letter.isprintable()) or "bestand")
    return path.stem[:_LONGEST_NAME] + path.suffix[:10]


def _check_unpacked(content: bytes) -> None:
    """Refuse a workbook that is small as a file and large when it is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        unpacked = sum(part.file_size for part in book.infolist())
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise refuse(
            "Dit werkblad is uitgepakt te groot om hier te lezen. Bewaar alleen de rijen en "
            "kolommen die nodig zijn in een nieuw bestand."
        )


def _check_rows(table: TableFile) -> None:
    if len(table.rows) > MOST_ROWS:
        raise refuse(
            f"Dit bestand heeft {len(table.rows)} rijen. Hoogstens {MOST_ROWS} mag. Verdeel het "
            "over meer bestanden."
        )


def _to_bulk(table: TableFile, file: SiteFile, vocabulary: SiteVocabulary) -> BulkFile:
    found, _ = find_columns(table, vocabulary.columns, {})
    marks = next((name for name in table.columns if to_plain(name) == MARK), None)
    rows: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for row in table.rows:
        rows.setdefault(to_text(row.cells.get(found["site_code"])) or "", []).append(
            (row.number, row.cells)
        )
    states = _states(file)
    faults: list[Fault] = []
    sites = []
    for code, record in zip(file.sites.index, file.sites.to_dict("records"), strict=True):
        cells = rows[code]
        silent = all(is_empty(row.get(found.get("publication", ""))) for _, row in cells)
        facts = {key: record[key] for key in FIXED_KEYS if key in found}
        if silent:
            facts.pop("publication", None)
        sites.append(
            OfferedSite(
                cells[0][0],
                code,
                {key: None if is_empty(value) else value for key, value in facts.items()},
                record["geometry"].x,
                record["geometry"].y,
                _mark(cells, marks, faults),
                tuple(states[code]),
            )
        )
    check_none(faults)
    return BulkFile(table.path.name, tuple(sites), frozenset(found), _notes(table, file, found))


def _states(file: SiteFile) -> dict[str, list[OfferedState]]:
    records: Any = file.states.astype(object).where(file.states.notna(), None)
    states: dict[str, list[OfferedState]] = {}
    for record in records.itertuples(index=False):
        count = None if record.capacity_count is None else int(record.capacity_count)
        states.setdefault(record.site_code, []).append(
            OfferedState(record.from_date, record.status, count, record.reason)
        )
    return states


def _mark(
    cells: list[tuple[int, Mapping[str, Any]]], column: str | None, faults: list[Fault]
) -> str | None:
    said = [
        (number, str(row[column]).strip())
        for number, row in cells
        if column is not None and not is_empty(row[column])
    ]
    for number, mark in said[1:]:
        if mark != said[0][1]:
            faults.append(
                Fault(
                    f"In rij {said[0][0]} staat bij deze code een andere versie. Neem in alle "
                    "rijen van een locatie dezelfde versie.",
                    number,
                    column,
                    mark[:60],
                )
            )
    return said[0][1] if said else None


def _notes(table: TableFile, file: SiteFile, found: Mapping[str, str]) -> tuple[str, ...]:
    """What is worth telling of the file; that our own columns are ours is not."""
    own = {MARK, "gemeente"}
    unread = [
        name for name in table.columns if name not in found.values() and to_plain(name) not in own
    ]
    notes = [
        note
        for note in file.notes
        if not note.startswith("Deze kolommen lezen wij niet")
        and not note.startswith(f"Gelezen is het eerste blad, {SHEET}.")
        and not note.startswith("Locaties zonder publicatieniveau")
    ]
    if unread:
        notes.append(f"Deze kolommen lezen wij niet: {', '.join(unread)}.")
    return tuple(_words_for_pages(note) for note in notes)


def _for_pages(fault: Fault) -> Fault:
    return Fault(_words_for_pages(fault.message), fault.row, fault.column, fault.value)


def _words_for_pages(words: str) -> str:
    for pattern, instead in _FOR_PAGES:
        words = re.sub(pattern, instead, words)
    return words
