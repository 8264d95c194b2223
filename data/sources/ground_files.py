"""Uses of the ground from a GeoPackage, a GeoJSON file or a Shapefile: surfaces with a kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.faults import check_none, refuse
from data.sources.cells import CellError, to_word
from data.sources.coordinates import check_corner, plain_system
from data.sources.file_columns import ParsedRow
from data.sources.ground_columns import GROUND_COLUMNS
from data.sources.osm_ground import polygons_in
from data.sources.reading import Choices, Reading, parse_table
from data.sources.secrets import SecretWords
from data.sources.vector_files import VectorFile, read_vector_file
from geo.crs import EPSG_OF_WORD, RD, RD_EPSG, WGS84_EPSG
from geo.frames import LAND_USE, check

_NAMED_ROWS = 10
_PLACE = "geometrie"
_KNOWN_SYSTEMS = frozenset(EPSG_OF_WORD.values())
_GEOJSON = (".geojson", ".json")
_NOT_A_SURFACE: dict[int, str] = {
    shapely.GeometryType.POINT: "Dit is een punt. Wij lezen vlakken.",
    shapely.GeometryType.MULTIPOINT: "Dit zijn punten. Wij lezen vlakken.",
    shapely.GeometryType.LINESTRING: (
        "Dit is een lijn. Wij lezen vlakken. Maak er een vlak van met de breedte."
    ),
    shapely.GeometryType.MULTILINESTRING: (
        "Dit zijn lijnen. Wij lezen vlakken. Maak er vlakken van met de breedte."
    ),
}


@dataclass(frozen=True)
class GroundVocabulary:
    """The words for uses of the ground (plain word to key), and what may never be stored."""

    kinds: Mapping[str, str]
    secret: SecretWords


@dataclass(frozen=True)
class GroundFile:
    """The checked frame of a file, and what the user should know about it."""

    ground: gpd.GeoDataFrame
    notes: tuple[str, ...]


@dataclass
class _Pieces:
    """The surfaces of the rows in RD, as far as they are in order; ``repaired`` are mended."""

    shapes: dict[int, shapely.MultiPolygon] = field(default_factory=dict)
    repaired: list[int] = field(default_factory=list)


def read_ground(
    path: Path,
    vocabulary: GroundVocabulary,
    choices: Choices,
    *,
    kind: str | None = None,
    within: shapely.Geometry | None = None,
) -> GroundFile:
    """The ground. Raises Refused with every fault of the file.

    ``kind`` is the key of the use of all surfaces; without it the file has a column. With
    ``within``, an area in RD, only what lies in it, cut to it.
    """
    file = read_vector_file(path, choices.part)
    parse_kind = to_word(vocabulary.kinds, "dit gebruik van de grond")
    columns = tuple(
        replace(column, parse=parse_kind) if column.key == "kind" else column
        for column in GROUND_COLUMNS
        if kind is None or column.key != "kind"
    )
    needed = () if kind else ("kind",)
    reading = parse_table(file.table, columns, choices, needed=needed, secret=vocabulary.secret)
    for row in reading.rows:
        if kind is None and "kind" in reading.found and row.values.get("kind", "") is None:
            reading.blame(row, "kind", "Vul een gebruik van de grond in.")
    pieces = _pieces(file, reading, choices.epsg)
    check_none(reading.faults)
    _note_rows(reading.notes, "Vlakken met een rand die niet klopte, hersteld", pieces.repaired)
    shapes = pieces.shapes if within is None else _within(pieces.shapes, within, reading)
    frame = _to_frame(reading, shapes, kind)
    return GroundFile(check(frame, LAND_USE), tuple(reading.notes))


def _pieces(file: VectorFile, reading: Reading, asked_epsg: int | None) -> _Pieces:
    reading.place_column = _PLACE
    surfaces: dict[int, shapely.Geometry] = {}
    for row in reading.rows:
        shape = file.shapes.get(row.number)
        fault = _NOT_A_SURFACE.get(int(shapely.get_type_id(shape)))
        if shape is None:
            reading.blame_place(row, "Deze rij heeft geen vlak.")
        elif fault is not None:
            reading.blame_place(row, fault)
        else:
            surfaces[row.number] = shapely.force_2d(shape)
    epsg = asked_epsg or _system_of(file, surfaces, reading.notes)
    return _in_rd(surfaces, epsg, reading)


def _system_of(file: VectorFile, surfaces: Mapping[int, shapely.Geometry], notes: list[str]) -> int:
    """The system that the file says; where it says nothing, the one that the numbers show.

    A GeoJSON file that says nothing should be in degrees, and is in RD all the same at times.
    """
    is_geojson = file.table.path.suffix.lower() in _GEOJSON
    if file.epsg is not None and not (is_geojson and file.epsg == WGS84_EPSG):
        return file.epsg
    if is_geojson:
        if not _all_in_rd(surfaces):
            return WGS84_EPSG
        notes.append("Het bestand zegt niet dat het in RD staat, maar de coördinaten zijn RD.")
        return RD_EPSG
    seen = plain_system(corner for shape in surfaces.values() for corner in _corners(shape))
    if seen == WGS84_EPSG:
        notes.append("De coördinaten zijn graden (WGS 84); ze zijn omgerekend naar RD.")
    return seen


def _all_in_rd(surfaces: Mapping[int, shapely.Geometry]) -> bool:
    corners = [corner for shape in surfaces.values() for corner in _corners(shape)]
    return bool(corners) and all(_fault_at(corner, RD_EPSG) is None for corner in corners)


def _in_rd(surfaces: Mapping[int, shapely.Geometry], epsg: int, reading: Reading) -> _Pieces:
    pieces = _Pieces()
    by_number = {row.number: row for row in reading.rows}
    for number, shape in surfaces.items():
        row = by_number[number]
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            reading.blame_place(row, "Een hoek van dit vlak heeft geen plek.")
            continue
        fault = _fault_of(shape, epsg)
        if fault is not None:
            reading.blame_place(row, fault)
            continue
        moved = gpd.GeoSeries([shape], crs=epsg).to_crs(RD).iloc[0]
        whole = polygons_in(moved if moved.is_valid else shapely.make_valid(moved))
        if whole.area <= 0:
            reading.blame_place(row, "Dit vlak heeft geen oppervlakte.")
            continue
        pieces.shapes[number] = whole
        if not moved.is_valid:
            pieces.repaired.append(number)
    return pieces


def _fault_of(shape: shapely.Geometry, epsg: int) -> str | None:
    if epsg not in _KNOWN_SYSTEMS:
        return None
    faults = [_fault_at(corner, epsg) for corner in _corners(shape)]
    return next((fault for fault in faults if fault is not None), None)


def _fault_at(corner: tuple[float, float], epsg: int) -> str | None:
    try:
        check_corner(*corner, epsg)
    except CellError as error:
        return str(error)
    return None


def _corners(shape: shapely.Geometry) -> tuple[tuple[float, float], tuple[float, float]]:
    x_min, y_min, x_max, y_max = map(float, shapely.bounds(shape))
    return (x_min, y_min), (x_max, y_max)


def _within(
    shapes: Mapping[int, shapely.MultiPolygon], within: shapely.Geometry, reading: Reading
) -> dict[int, shapely.MultiPolygon]:
    shapely.prepare(within)
    kept: dict[int, shapely.MultiPolygon] = {}
    for number, shape in shapes.items():
        is_whole = shapely.covers(within, shape)
        here = shape if is_whole else polygons_in(shapely.intersection(shape, within))
        if here.area > 0:
            kept[number] = here
    if not kept:
        raise refuse("Geen enkel vlak ligt in of bij de regio. Kies een ander bestand.")
    away = [number for number in shapes if number not in kept]
    _note_rows(reading.notes, "Vlakken buiten de regio en haar rand, niet geladen", away)
    return kept


def _note_rows(notes: list[str], what: str, numbers: Sequence[int]) -> None:
    if not numbers:
        return
    listed = ", ".join(str(number) for number in numbers[:_NAMED_ROWS])
    more = " ..." if len(numbers) > _NAMED_ROWS else ""
    notes.append(f"{what}: {len(numbers)} (rij {listed}{more}).")


def _to_frame(
    reading: Reading, shapes: Mapping[int, shapely.MultiPolygon], kind: str | None
) -> gpd.GeoDataFrame:
    rows = [row for row in reading.rows if row.number in shapes]
    records = [_record(row, shapes[row.number], kind) for row in rows]
    table = pd.DataFrame(records, columns=["code", "kind", "name", "shape"], dtype=object)
    table = _without_twins(table, reading.notes).sort_values("code", kind="stable")
    return gpd.GeoDataFrame(
        {"kind": table["kind"].to_numpy(), "name": table["name"].to_numpy()},
        geometry=list(table["shape"]),
        crs=RD,
        index=pd.Index(table["code"], name="land_code", dtype=object),
    )


def _record(
    row: ParsedRow, shape: shapely.MultiPolygon, kind: str | None
) -> tuple[str, str, str | None, shapely.MultiPolygon]:
    own: str = kind or row.values["kind"]
    name: str | None = row.values["name"]
    return row.values["land_code"] or _made_code(own, name, shape), own, name, shape


def _made_code(kind: str, name: str | None, shape: shapely.MultiPolygon) -> str:
    rounded = shapely.set_precision(shape, 1.0).normalize()
    digest = hashlib.sha256(f"{kind}|{name or ''}|".encode() + rounded.wkb)
    return f"{kind}-{digest.hexdigest()[:10]}"


def _without_twins(table: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Each code once: equal rows count once, different ones get a number behind the code."""
    alike = table.assign(shape=[shape.normalize().wkb for shape in table["shape"]]).duplicated()
    if alike.any():
        notes.append(f"Dubbele rijen: {int(alike.sum())}. Die tellen één keer.")
    table = table[~alike]
    rank = table.groupby("code").cumcount()
    suffix = rank.map(lambda number: f"-{number + 1}" if number else "")
    return table.assign(code=table["code"] + suffix)
