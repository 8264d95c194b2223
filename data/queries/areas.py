"""Gemeenten, wijken and buurten of one release, their figures and their outlines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import geopandas as gpd
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Double, Integer, and_, func, select, text
from sqlalchemy.dialects.postgresql import array

from data.errors import NotFound
from data.tables import Area as AreaRow
from data.tables import Figure
from geo.crs import RD, RD_EPSG
from geo.frames import Level

#: Decimals of a degree in outlines for the map: 5 is about 1 m.
OUTLINE_DECIMALS = 5


@dataclass(frozen=True)
class Area:
    """One gemeente, wijk or buurt; ``lon`` and ``lat`` are those of a point inside it."""

    area_code: str
    level: Level
    name: str
    gemeente_code: str
    gemeente_name: str
    wijk_code: str | None
    in_region: bool
    is_water: bool
    land_area_ha: float | None
    lon: float
    lat: float


@dataclass(frozen=True)
class Outline:
    """The simplified border of an area as GeoJSON geometry text, WGS 84."""

    area_code: str
    name: str
    in_region: bool
    geojson: str


@dataclass(frozen=True)
class NearGemeente:
    """A gemeente near a place that does not lie in it."""

    area_code: str
    name: str
    in_region: bool
    distance_m: float


#: A place in RD: x and y in metres.
Place = tuple[float, float]
_LABEL_POINT = func.ST_PointOnSurface(AreaRow.geom_wgs84)
_FACTS = (
    AreaRow.area_code,
    AreaRow.level,
    AreaRow.name,
    AreaRow.gemeente_code,
    AreaRow.gemeente_name,
    AreaRow.wijk_code,
    AreaRow.in_region,
    AreaRow.is_water,
    AreaRow.land_area_ha,
    func.ST_X(_LABEL_POINT).label("lon"),
    func.ST_Y(_LABEL_POINT).label("lat"),
)


def _asked(release_id: int, level: Level | None, region_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [AreaRow.release_id == release_id]
    if level is not None:
        conditions.append(AreaRow.level == level)
    if region_only:
        conditions.append(AreaRow.in_region.is_(True))
    return conditions


def areas(
    connection: Connection,
    release_id: int,
    level: Level | None = None,
    region_only: bool = False,
) -> pd.DataFrame:
    """Areas by code, without geometry; columns as in ``Area``."""
    query = (
        select(*_FACTS).where(*_asked(release_id, level, region_only)).order_by(AreaRow.area_code)
    )
    return pd.read_sql_query(query, connection, index_col="area_code")


def wijk_names(connection: Connection, release_id: int) -> list[tuple[str, str, str, str]]:
    """Code, name, and code and name of the gemeente, of every wijk on land in the region.

    By the names of gemeente and wijk; without the outlines that ``areas`` looks at.
    """
    query = (
        select(AreaRow.area_code, AreaRow.name, AreaRow.gemeente_code, AreaRow.gemeente_name)
        .where(*_asked(release_id, "wijk", region_only=True), AreaRow.is_water.is_(False))
        .order_by(AreaRow.gemeente_name, AreaRow.name, AreaRow.area_code)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def area(connection: Connection, release_id: int, area_code: str) -> Area:
    """One area; NotFound when the release does not have it."""
    asked = select(*_FACTS).where(AreaRow.release_id == release_id, AreaRow.area_code == area_code)
    # PostgreSQL refuses some characters outright; no code has them.
    row = connection.execute(asked).one_or_none() if area_code.isalnum() else None
    if row is None:
        raise NotFound(f"Er is geen gebied met code {area_code}.")
    return Area(**cast(dict[str, Any], row._mapping))


def area_names(connection: Connection, release_id: int, codes: Collection[str]) -> dict[str, str]:
    """The names of these areas by code; a code that the release does not have is not there."""
    asked = select(AreaRow.area_code, AreaRow.name).where(
        AreaRow.release_id == release_id, AreaRow.area_code.in_(codes)
    )
    return {row.area_code: row.name for row in connection.execute(asked)}


def figures(
    connection: Connection,
    release_id: int,
    level: Level | None = None,
    codes: Collection[str] | None = None,
    region_only: bool = False,
) -> pd.DataFrame:
    """Figures in long form: area_code, figure, value, reason (one of the two is known)."""
    query = (
        select(Figure.area_code, Figure.figure, Figure.value, Figure.reason)
        .join(AreaRow, _same_area())
        .where(*_asked(release_id, level, region_only))
        .order_by(Figure.area_code, Figure.figure)
    )
    if codes is not None:
        query = query.where(AreaRow.area_code.in_(codes))
    return pd.read_sql_query(query, connection).astype({"value": "float64"})


def figure_values(
    connection: Connection,
    release_id: int,
    level: Level,
    figure: str,
    region_only: bool = False,
) -> pd.DataFrame:
    """One figure of every area of a level, by area code.

    Columns name, gemeente_code, gemeente_name, in_region, value, reason. An area of which the
    release says nothing has the reason ``not_in_file``.
    """
    query = (
        select(
            AreaRow.area_code,
            AreaRow.name,
            AreaRow.gemeente_code,
            AreaRow.gemeente_name,
            AreaRow.in_region,
            Figure.value,
            Figure.reason,
        )
        .outerjoin(Figure, and_(_same_area(), Figure.figure == figure))
        .where(*_asked(release_id, level, region_only))
        .order_by(AreaRow.area_code)
    )
    frame = pd.read_sql_query(query, connection, index_col="area_code").astype({"value": "float64"})
    nothing_said = frame["value"].isna() & frame["reason"].isna()
    frame.loc[nothing_said, "reason"] = "not_in_file"
    return frame


def known_figures(connection: Connection, release_id: int, level: Level) -> list[str]:
    """Keys of the figures that have a value somewhere on this level, in alphabetical order."""
    query = (
        select(Figure.figure)
        .join(AreaRow, _same_area())
        .where(*_asked(release_id, level, False), Figure.value.is_not(None))
        .distinct()
        .order_by(Figure.figure)
    )
    return list(connection.scalars(query))


def outlines(connection: Connection, release_id: int, level: Level) -> list[Outline]:
    """Simplified borders for the map; neighbours share theirs exactly."""
    query = (
        select(
            AreaRow.area_code,
            AreaRow.name,
            AreaRow.in_region,
            func.ST_AsGeoJSON(AreaRow.outline_wgs84, OUTLINE_DECIMALS),
        )
        .where(*_asked(release_id, level, False))
        .order_by(AreaRow.area_code)
    )
    return [Outline(*row) for row in connection.execute(query)]


def geometries(
    connection: Connection, release_id: int, level: Level, region_only: bool = False
) -> gpd.GeoDataFrame:
    """Areas with their full borders in RD (metres), by area code."""
    query = (
        select(
            AreaRow.area_code,
            AreaRow.level,
            AreaRow.name,
            AreaRow.gemeente_code,
            AreaRow.gemeente_name,
            AreaRow.wijk_code,
            AreaRow.in_region,
            AreaRow.is_water,
            AreaRow.land_area_ha,
            func.ST_AsEWKB(AreaRow.geom).label("geometry"),
        )
        .where(*_asked(release_id, level, region_only))
        .order_by(AreaRow.area_code)
    )
    frame = pd.read_sql_query(query, connection, index_col="area_code")
    shapes = gpd.GeoSeries.from_wkb(frame.pop("geometry").map(bytes), crs=RD)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=RD)


def gemeenten_near(
    connection: Connection, release_id: int, places: Mapping[int, Place], within_m: float
) -> dict[int, list[NearGemeente]]:
    """The other gemeenten within a distance of each place, the nearest first.

    A place in RD lies in the gemeente that covers it, on a border in the one with the lowest
    code; that one is no neighbour. A place without neighbours is not in the answer.
    """
    found: dict[int, list[NearGemeente]] = {}
    if not places:
        return found
    keys = list(places)
    given = (
        func.unnest(
            array(keys, type_=Integer),
            array([places[key][0] for key in keys], type_=Double),
            array([places[key][1] for key in keys], type_=Double),
        )
        .table_valued("place_id", "x_m", "y_m", name="given")
        .render_derived()
    )
    point = func.ST_SetSRID(func.ST_MakePoint(given.c.x_m, given.c.y_m), RD_EPSG)
    query = (
        select(
            given.c.place_id,
            AreaRow.area_code,
            AreaRow.name,
            AreaRow.in_region,
            func.ST_Distance(AreaRow.geom, point).label("distance_m"),
        )
        .join(AreaRow, func.ST_DWithin(AreaRow.geom, point, within_m))
        .where(*_asked(release_id, "gemeente", False))
        .order_by(given.c.place_id, text("distance_m"), AreaRow.area_code)
    )
    for place_id, rows in groupby(connection.execute(query), key=lambda row: row.place_id):
        near = [NearGemeente(*row[1:]) for row in rows]
        own = 1 if near[0].distance_m == 0 else 0
        if near[own:]:
            found[place_id] = near[own:]
    return found


def _same_area() -> ColumnElement[bool]:
    return and_(Figure.release_id == AreaRow.release_id, Figure.area_code == AreaRow.area_code)
