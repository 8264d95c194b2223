"""Amenities from a CSV, XLSX or GeoPackage file: points with a category."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data.faults import Fault, check_none
from data.sources.cells import to_word
from data.sources.file_columns import ParsedRow
from data.sources.point_columns import POINT_COLUMNS
from data.sources.reading import Choices, Reading, read_rows
from data.sources.secrets import SecretWords
from geo.crs import RD
from geo.frames import AMENITIES, check

_NAMED_ROWS = 10


@dataclass(frozen=True)
class PointVocabulary:
    """The words for categories (plain word to key), and what may never be stored."""

    categories: Mapping[str, str]
    secret: SecretWords


@dataclass(frozen=True)
class PointFile:
    """The checked frame of a file, and what the user should know about it."""

    amenities: gpd.GeoDataFrame
    notes: tuple[str, ...]


def read_points(
    path: Path, vocabulary: PointVocabulary, choices: Choices, category: str | None = None
) -> PointFile:
    """The amenities. Raises Refused with every fault of the file.

    ``category`` is the key of the category of all points; without it the file has a column.
    """
    parse_category = to_word(vocabulary.categories, "deze soort voorziening")
    columns = tuple(
        replace(column, parse=parse_category) if column.key == "category" else column
        for column in POINT_COLUMNS
        if category is None or column.key != "category"
    )
    needed = () if category else ("category",)
    reading = read_rows(path, columns, choices, needed=needed, secret=vocabulary.secret)
    for row in reading.rows:
        _check_row(row, reading, category)
    rows = _placed_rows(reading)
    check_none(reading.faults)
    frame = _to_frame(rows, reading, category)
    return PointFile(check(frame, AMENITIES), tuple(reading.notes))


def _check_row(row: ParsedRow, reading: Reading, category: str | None) -> None:
    asks_category = category is None and "category" in reading.found
    if asks_category and row.values.get("category", "unread") is None:
        reading.blame(row, "category", "Vul een soort voorziening in.")


def _placed_rows(reading: Reading) -> list[ParsedRow]:
    """The rows that have a place; a note names the others. Without any row it is a fault."""
    placed = [row for row in reading.rows if row.number in reading.points]
    lost = [
        row.number
        for row in reading.rows
        if row.number not in reading.points and not reading.has_place_fault(row)
    ]
    if lost and not placed and reading.place_column:
        reading.faults.append(Fault("Geen enkele rij heeft een plek.", column=reading.place_column))
    elif lost:
        shown = ", ".join(str(number) for number in lost[:_NAMED_ROWS])
        more = " ..." if len(lost) > _NAMED_ROWS else ""
        reading.notes.append(
            f"Rijen zonder plek: {len(lost)} (rij {shown}{more}). Die zijn niet geladen."
        )
    return placed


def _to_frame(rows: list[ParsedRow], reading: Reading, category: str | None) -> gpd.GeoDataFrame:
    records = [_record(row, reading.points[row.number], category) for row in rows]
    made = sum(row.values["amenity_code"] is None for row in rows)
    if made:
        reading.notes.append(
            f"Punten zonder code: {made}. Hun code is gemaakt uit soort, naam en plek."
        )
    table = pd.DataFrame(records, columns=["code", "category", "name", "point"], dtype=object)
    table = _without_twins(table, reading)
    return gpd.GeoDataFrame(
        {"category": table["category"].to_numpy(), "name": table["name"].to_numpy()},
        geometry=list(table["point"]),
        crs=RD,
        index=pd.Index(table["code"], name="amenity_code"),
    )


def _record(
    row: ParsedRow, point: shapely.Point, category: str | None
) -> tuple[str, str, str | None, shapely.Point]:
    kind: str = category or row.values["category"]
    name: str | None = row.values["name"]
    return row.values["amenity_code"] or _made_code(kind, name, point), kind, name, point


def _made_code(category: str, name: str | None, point: shapely.Point) -> str:
    words = f"{category}|{name or ''}|{point.x:.0f}|{point.y:.0f}"
    return f"{category}-{hashlib.sha256(words.encode()).hexdigest()[:10]}"


def _without_twins(table: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Each code once: equal rows count once, different ones get a number behind the code."""
    spot = table["point"].map(lambda point: (round(point.x), round(point.y)))
    same = pd.DataFrame(
        {"code": table["code"], "category": table["category"], "name": table["name"], "spot": spot}
    ).duplicated()
    if same.any():
        reading.notes.append(f"Dubbele rijen: {int(same.sum())}. Die tellen één keer.")
    table = table[~same]
    rank = table.groupby("code").cumcount()
    if rank.any():
        codes = table.loc[rank > 0, "code"].unique()
        reading.notes.append(
            f"Codes met meer dan één punt: {len(codes)} ({', '.join(codes[:_NAMED_ROWS])}). De "
            "volgende punten kregen een nummer achter de code."
        )
    suffix = rank.map(lambda number: f"-{number + 1}" if number else "")
    return table.assign(code=table["code"] + suffix)
