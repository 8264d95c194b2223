"""Rows from a file that users make: CSV, XLSX or GeoPackage, with the numbers users see."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.faults import Fault, Refused, refuse
from data.sources.cells import Cell, is_empty
from data.sources.geopackages import check_file, check_geopackage, choose_layer, read_layer
from data.sources.workbooks import read_workbook
from geo.crs import RD_EPSG, WEB_MERCATOR_EPSG, WGS84_EPSG, frame_to_rd

LARGEST_TABLE_MB = 200
_DELIMITERS = (";", ",", "\t")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Row:
    """One row: its number as the user sees it, its cells by column name, perhaps its point."""

    number: int
    cells: Mapping[str, Cell]
    xy: tuple[float, float] | None = None


@dataclass(frozen=True)
class TableFile:
    """The rows of a file. ``part`` is the sheet or layer; ``epsg`` the system of the points."""

    path: Path
    part: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    has_points: bool = False
    epsg: int | None = None


def read_table_file(path: Path, part: str | None = None) -> TableFile:
    """The rows of a file; ``part`` names the sheet or layer. Raises Refused when unreadable."""
    check_file(path)
    if path.stat().st_size > LARGEST_TABLE_MB * 1_000_000:
        raise refuse(
            f"{path.name} is te groot. Wij lezen lijsten tot {LARGEST_TABLE_MB} MB. Haal weg wat "
            "niet nodig is, of verdeel het bestand."
        )
    readers: dict[str, Callable[[Path, str | None], TableFile]] = {
        ".csv": _read_csv,
        ".txt": _read_csv,
        ".tsv": _read_csv,
        ".xlsx": _read_xlsx,
        ".xlsm": _read_xlsx,
        ".gpkg": _read_geopackage,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise refuse(
            f"Bestanden die eindigen op {path.suffix or 'niets'} kunnen wij niet lezen. Kies een "
            "CSV-, XLSX- of GeoPackage-bestand."
        )
    table = reader(path, part)
    if not table.rows:
        raise refuse(f"{path.name} heeft geen rijen onder de kolomnamen.")
    return table


def _read_csv(path: Path, _part: str | None) -> TableFile:
    text, notes = _decode(path)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text)))
    header = lines[0] if lines else []
    return _to_table(path, "", header, lines[1:], notes)


def _decode(path: Path) -> tuple[str, tuple[str, ...]]:
    content = path.read_bytes()
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _decoded(path, content, encoding), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        note = "Het bestand is gelezen met de tekens van Windows (cp1252), niet als UTF-8."
        return _decoded(path, content, "cp1252"), (note,)


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(path) from error
    if "\x00" in text:
        raise _unreadable(path)
    return text


def _unreadable(path: Path) -> Refused:
    return refuse(
        f"De letters in {path.name} zijn niet te lezen. Bewaar het bestand opnieuw als CSV UTF-8."
    )


def _delimiter_of(text: str) -> str:
    first_line = text.splitlines()[0] if text.strip() else ""
    return max(_DELIMITERS, key=first_line.count)


def _read_xlsx(path: Path, part: str | None) -> TableFile:
    sheet = read_workbook(path, part)
    return _to_table(
        path, sheet.name, sheet.rows[0] if sheet.rows else [], sheet.rows[1:], sheet.notes
    )


def _to_table(
    path: Path, part: str, header: list[Cell], lines: list[list[Cell]], notes: tuple[str, ...]
) -> TableFile:
    names = [str(cell).strip() if not is_empty(cell) else "" for cell in header]
    _check_header(path, names)
    faults, rows = [], []
    for number, line in enumerate(lines, start=2):
        if all(is_empty(cell) for cell in line):
            continue
        surplus = [cell for cell in line[len(names) :] if not is_empty(cell)]
        if surplus:
            faults.append(
                Fault(
                    f"Deze rij heeft meer cellen dan er kolomnamen zijn ({len(names)}). Staat er "
                    "een scheidingsteken in een tekst? Zet die tekst tussen aanhalingstekens.",
                    row=number,
                )
            )
        padded = [*line, *[None] * len(names)]
        cells = {name: cell for name, cell in zip(names, padded, strict=False) if name}
        rows.append(Row(number, cells))
    if faults:
        raise Refused(faults)
    return TableFile(path, part, tuple(name for name in names if name), tuple(rows), notes)


def _check_header(path: Path, names: list[str]) -> None:
    if not any(names):
        raise refuse(f"{path.name} heeft geen kolomnamen in rij 1.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Refused(
            Fault("Deze kolomnaam staat er twee keer. Geef elke kolom een eigen naam.", 1, name)
            for name in twice
        )


def _read_geopackage(path: Path, part: str | None) -> TableFile:
    check_geopackage(path)
    layer = choose_layer(path, part)
    frame = read_layer(path, layer, layer.columns)
    if frame.crs is None:
        raise refuse(
            f"De laag {layer.name} zegt niet in welk coördinatenstelsel de punten staan. Geef de "
            "laag een stelsel, bijvoorbeeld RD (EPSG:28992)."
        )
    if frame.crs.to_epsg() not in (RD_EPSG, WGS84_EPSG, WEB_MERCATOR_EPSG):
        frame = frame_to_rd(frame)
    kinds = set(frame.geom_type.dropna()) - {"Point"}
    if kinds:
        raise refuse(
            f"De laag {layer.name} bevat geen punten maar {', '.join(sorted(kinds))}. Kies een "
            "laag met punten."
        )
    points = [
        None if point is None or point.is_empty else (float(point.x), float(point.y))
        for point in frame.geometry
    ]
    records = frame.drop(columns=frame.geometry.name).astype(object).to_dict("records")
    rows = tuple(
        Row(int(fid), {str(name): cell for name, cell in record.items()}, point)
        for fid, record, point in zip(frame.index, records, points, strict=True)
    )
    return TableFile(
        path, layer.name, layer.columns, rows, has_points=True, epsg=frame.crs.to_epsg()
    )
