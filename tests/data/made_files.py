"""Files as users and publishers make them, written by the tests themselves."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl import Workbook
from sqlalchemy import Connection, text

from data.sources.region import Region
from data.tables import Table
from geo.crs import RD
from geo.frames import LEVELS
from tests.world import tiny_world

SITE_HEADER = (
    "code",
    "naam",
    "soort",
    "status",
    "status sinds",
    "plekken",
    "x",
    "y",
    "publicatie",
    "reden",
)
#: A site in the middle of BU90010102 of the tiny world.
SITE_ROW: Mapping[str, Any] = {
    "code": "A-1",
    "naam": "De Linde",
    "soort": "Beschut wonen",
    "status": "In gebruik",
    "status sinds": "01-01-2020",
    "plekken": "8",
    "x": "101500",
    "y": "480500",
    "publicatie": "openbaar",
    "reden": "",
}
#: The task of a gemeente of the tiny world.
TASK_ROW: Mapping[str, Any] = {
    "gemeente": "GM9001",
    "soort": "Beschut wonen",
    "jaar": "2026",
    "plekken": "12",
}
CBS_LAYERS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}


def site_rows(*changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One good row for each of the changes to it; codes count up."""
    return [
        {**SITE_ROW, "code": f"A-{number}", **change}
        for number, change in enumerate(changes, start=1)
    ]


def task_rows(*changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One good row for each of the changes to it; years count up."""
    return [
        {**TASK_ROW, "jaar": str(year), **change} for year, change in enumerate(changes, start=2026)
    ]


def write_csv(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    header: Sequence[str] | None = None,
) -> Path:
    """A CSV with the columns of the first row."""
    columns = list(header or rows[0])
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, Any]], sheet: str = "Locaties") -> Path:
    """A workbook with one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(path)
    return path


def write_point_geopackage(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    points: Sequence[tuple[float, float]],
    crs: str | None = RD,
) -> Path:
    """A GeoPackage with one layer of points."""
    frame = gpd.GeoDataFrame(
        pd.DataFrame(list(rows)), geometry=[shapely.Point(x, y) for x, y in points], crs=crs
    )
    return write_layers(path, {"locaties": frame})


def cbs_layers(year: int = 2024) -> dict[str, gpd.GeoDataFrame]:
    """The tiny world in the three layers and the column names of CBS."""
    world = tiny_world()
    figures = world.figures.pivot(index="area_code", columns="figure", values="value")
    layers = {}
    for level in LEVELS:
        areas = world.areas[world.areas["level"] == level]
        columns: dict[str, Any] = {f"{level}code": areas.index, f"{level}naam": areas["name"]}
        if level == "buurt":
            columns["wijkcode"] = areas["wijk_code"]
        if level != "gemeente":
            columns["gemeentecode"] = areas["gemeente_code"]
            columns["gemeentenaam"] = areas["gemeente_name"]
        columns["water"] = "NEE"
        columns["jaar"] = year
        columns["aantal_inwoners"] = figures["inwoners"].reindex(areas.index).fillna(-99997)
        columns["aantal_huishoudens"] = figures["huishoudens"].reindex(areas.index).fillna(-99997)
        columns["oppervlakte_land_in_ha"] = areas["land_area_ha"]
        frame = gpd.GeoDataFrame(columns, geometry=areas.geometry, crs=RD)
        layers[CBS_LAYERS[level]] = frame.reset_index(drop=True)
    return layers


def write_layers(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> Path:
    """A GeoPackage with these layers."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        for name, frame in layers.items():
            frame.to_file(path, layer=name)
    return path


def tiny_region() -> Region:
    """The gemeenten of the tiny world; the third, in the north, is rim."""
    areas = tiny_world().areas
    gemeenten = areas[areas["level"] == "gemeente"].assign(
        in_region=lambda frame: frame.index != "GM9003"
    )
    return Region(gemeenten, is_example=False)


def database_checksum(connection: Connection) -> dict[str, str]:
    """A checksum over all rows of each table."""
    return {
        name: str(
            connection.scalar(
                text(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            )
        )
        for name in Table.metadata.tables
    }
