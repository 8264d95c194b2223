"""Placing the rows of a file on the map: which columns, which system, which point in RD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from data.faults import Fault
from data.sources.cells import CellError, to_number
from data.sources.coordinates import plain_system, to_rd_point, to_system
from data.sources.file_columns import FileColumn, ParsedRow
from data.sources.table_files import TableFile
from geo.crs import RD_EPSG, WGS84_EPSG

PLACE_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "x",
        ("x", "x coordinaat", "xcoordinaat", "x coord", "rd x", "x rd", "x m"),
        to_number,
        "plek in RD, meters",
    ),
    FileColumn(
        "y",
        ("y", "y coordinaat", "ycoordinaat", "y coord", "rd y", "y rd", "y m"),
        to_number,
        "plek in RD, meters",
    ),
    FileColumn(
        "lon",
        ("lengtegraad", "lon", "longitude", "lng", "long"),
        to_number,
        "plek in graden, in plaats van x",
    ),
    FileColumn(
        "lat",
        ("breedtegraad", "lat", "latitude"),
        to_number,
        "plek in graden, in plaats van y",
    ),
    FileColumn(
        "crs",
        ("crs", "epsg", "coordinatenstelsel", "srid"),
        to_system,
        "het stelsel van x en y, als dat niet RD is",
    ),
)


@dataclass(frozen=True)
class Placing:
    """How the places of a file are read: two columns, or the geometry; and their system."""

    x_key: str
    y_key: str
    column: str
    epsg: int | None

    @staticmethod
    def of(table: TableFile, found: Mapping[str, str], epsg: int | None) -> Placing | None:
        """How this file does it; None when it has no columns for it. ``epsg`` was asked for."""
        if table.has_points:
            return Placing("", "", "geometrie", epsg or table.epsg)
        if "x" in found and "y" in found:
            return Placing("x", "y", f"{found['x']}, {found['y']}", epsg)
        if "lon" in found and "lat" in found:
            column = f"{found['lon']}, {found['lat']}"
            return Placing("lon", "lat", column, epsg or WGS84_EPSG)
        return None


def place_rows(
    table: TableFile,
    parsed: Sequence[ParsedRow],
    placing: Placing,
    faults: list[Fault],
    notes: list[str],
) -> dict[int, shapely.Point]:
    """The point in RD of each row that has one, by its number."""
    pairs = _pairs(table, parsed, placing)
    default = placing.epsg
    undeclared = [
        pairs[row.number] for row in parsed if row.number in pairs and row.values.get("crs") is None
    ]
    if default is None:
        default = plain_system(undeclared)
        if default == WGS84_EPSG:
            notes.append("De coördinaten zijn graden (WGS 84); ze zijn omgerekend naar RD.")
    points = {}
    for row in parsed:
        if row.number not in pairs:
            continue
        x, y = pairs[row.number]
        try:
            points[row.number] = to_rd_point(x, y, row.values.get("crs") or default or RD_EPSG)
        except CellError as error:
            faults.append(Fault(str(error), row.number, placing.column, f"{x:.10g} {y:.10g}"))
    return points


def _pairs(
    table: TableFile, parsed: Sequence[ParsedRow], placing: Placing
) -> dict[int, tuple[float, float]]:
    if table.has_points:
        return {row.number: row.xy for row in table.rows if row.xy is not None}
    pairs = {}
    for row in parsed:
        x, y = row.values.get(placing.x_key), row.values.get(placing.y_key)
        if x is not None and y is not None:
            pairs[row.number] = (float(x), float(y))
    return pairs
