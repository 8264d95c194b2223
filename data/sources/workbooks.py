"""The sheets of an Excel workbook (XLSX)."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.faults import Fault, Refused, refuse

LARGEST_UNPACKED_MB = 300
#: Rows times columns, empty cells between others included.
MOST_CELLS = 5_000_000
_OLD_OFFICE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet, the header first."""

    name: str
    rows: list[list[Any]]
    notes: tuple[str, ...]


def read_workbook(path: Path, sheet_name: str | None = None) -> Sheet:
    """The sheet of this name, or else the first. Raises Refused when it can't be read."""
    _check_kind(path)
    _check_size(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(path, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise refuse(
            f"{path.name} is beschadigd of geen Excel-bestand (XLSX). Open het in Excel en bewaar "
            "het opnieuw."
        ) from error
    try:
        return _read_sheet(workbook, path, sheet_name)
    finally:
        workbook.close()


def _check_kind(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(_OLD_OFFICE_MAGIC):
        return
    if _ENCRYPTED_MARK in content:
        raise refuse(f"{path.name} heeft een wachtwoord. Bewaar het zonder wachtwoord.")
    raise refuse(f"{path.name} is een oud Excel-bestand (XLS). Bewaar het als XLSX.")


def _check_size(path: Path) -> None:
    """Refuse a workbook that is small as a file and huge when it is unpacked."""
    try:
        with zipfile.ZipFile(path) as book:
            unpacked = sum(part.file_size for part in book.infolist())
    except zipfile.BadZipFile:
        return  # said in better words when it is opened
    if unpacked > LARGEST_UNPACKED_MB * 1_000_000:
        raise _too_large(path)


def _too_large(path: Path) -> Refused:
    return refuse(
        f"{path.name} is te groot om te lezen. Bewaar alleen de rijen en kolommen die nodig zijn "
        "in een nieuw bestand."
    )


def _read_sheet(workbook: Any, path: Path, sheet_name: str | None) -> Sheet:
    names = [sheet.title for sheet in workbook.worksheets]
    if sheet_name is not None and sheet_name not in names:
        raise refuse(f"Het blad {sheet_name} staat niet in {path.name}. Wel: {', '.join(names)}.")
    if not names:
        raise refuse(f"{path.name} heeft geen bladen met cellen.")
    chosen = sheet_name or names[0]
    sheet = workbook[chosen]
    _check_header_not_merged(sheet)
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise _too_large(path)
    notes: tuple[str, ...] = ()
    if sheet_name is None and len(names) > 1:
        notes = (f"Gelezen is het eerste blad, {chosen}. Kies een ander blad met --sheet.",)
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return Sheet(chosen, rows, notes)


def _check_header_not_merged(sheet: Any) -> None:
    merged = [str(area) for area in sheet.merged_cells.ranges if area.min_row == 1]
    if merged:
        raise Refused(
            Fault(
                f"De cellen {area} zijn samengevoegd. Geef elke kolom in rij 1 een eigen naam.",
                row=1,
            )
            for area in sorted(merged)
        )
