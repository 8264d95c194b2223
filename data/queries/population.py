"""Where people live: points that stand for residents, each with the areas it lies in."""

from __future__ import annotations

from typing import Literal, NamedTuple

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Select, and_, func, select, true

from data.queries.releases import Release, release
from data.tables import Area, Figure, PopulationPoint
from data.views import public_release
from geo.crs import RD
from geo.frames import POPULATION_POINTS, check

#: ``punten``: points as delivered. ``buurtpunten``: one point inside each buurt, with the
#: residents that the figures give for it.
PopulationBasis = Literal["punten", "buurtpunten"]
RESIDENTS = "inwoners"
#: From the middle of a cell of 100 m to its corner, rounded up.
HALF_A_CELL_M = 71.0


class PopulationSource(NamedTuple):
    """What stands for the residents, and the delivery that their numbers come from."""

    basis: PopulationBasis
    release: Release


class Population(NamedTuple):
    """The points, what they are, and the delivery that their residents come from.

    ``points`` keeps the promise of POPULATION_POINTS and has the columns buurt_code, wijk_code,
    gemeente_code (None outside the buurten of the areas asked for) and in_region.
    """

    points: gpd.GeoDataFrame
    basis: PopulationBasis
    release: Release


def population_source(connection: Connection, area_release_id: int) -> PopulationSource:
    """Which points to use on these areas; quick, to see whether any changed.

    Real points come before example points. On real areas example points never count: their
    residents are made up.
    """
    areas = release(connection, area_release_id)
    a_point = (
        select(PopulationPoint.point_code)
        .where(PopulationPoint.release_id == public_release.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(public_release.c.id)
        .where(a_point.is_not(None))
        .order_by(
            public_release.c.is_example,
            public_release.c.year.desc(),
            public_release.c.version.desc(),
        )
        .limit(1)
    )
    found = connection.scalar(query)
    of_points = None if found is None else release(connection, found)
    if of_points is None or (of_points.is_example and not areas.is_example):
        return PopulationSource("buurtpunten", areas)
    return PopulationSource("punten", of_points)


def population_points(connection: Connection, area_release_id: int) -> Population:
    """Every point with residents, by code, with the areas of this release it lies in.

    Without points to use, one point inside each buurt stands for the residents that its figures
    give; a buurt without that figure has no point.
    """
    basis, source = population_source(connection, area_release_id)
    if basis == "punten":
        query = _given_points(source.id, area_release_id)
    else:
        query = _buurt_points(area_release_id)
    return Population(_read(connection, query), basis, source)


def _given_points(release_id: int, area_release_id: int) -> Select[tuple[object, ...]]:
    """Points of one release; one on a border is in the area with the lowest code, as sites are.

    The middle of a cell may lie just outside all buurten, in the sea; the nearest one counts.
    """
    point = PopulationPoint
    here = [Area.release_id == area_release_id, Area.level == "buurt"]
    facts = (Area.area_code, Area.wijk_code, Area.gemeente_code, Area.in_region)
    inside = (
        select(*facts)
        .where(*here, func.ST_Covers(Area.geom, point.geom))
        .order_by(Area.area_code)
        .limit(1)
        .lateral("inside")
    )
    near = (
        select(*facts)
        .where(
            inside.c.area_code.is_(None),
            *here,
            func.ST_DWithin(Area.geom, point.geom, HALF_A_CELL_M),
        )
        .order_by(func.ST_Distance(Area.geom, point.geom), Area.area_code)
        .limit(1)
        .lateral("near")
    )
    return (
        select(
            point.point_code,
            point.resident_count,
            func.coalesce(inside.c.area_code, near.c.area_code).label("buurt_code"),
            func.coalesce(inside.c.wijk_code, near.c.wijk_code).label("wijk_code"),
            func.coalesce(inside.c.gemeente_code, near.c.gemeente_code).label("gemeente_code"),
            func.coalesce(inside.c.in_region, near.c.in_region, False).label("in_region"),
            func.ST_X(point.geom).label("x_m"),
            func.ST_Y(point.geom).label("y_m"),
        )
        .outerjoin(inside, true())
        .outerjoin(near, true())
        .where(point.release_id == release_id, point.resident_count > 0)
        .order_by(point.point_code)
    )


def _buurt_points(area_release_id: int) -> Select[tuple[object, ...]]:
    inside = func.ST_PointOnSurface(Area.geom)
    residents = and_(
        Figure.release_id == Area.release_id,
        Figure.area_code == Area.area_code,
        Figure.figure == RESIDENTS,
    )
    return (
        select(
            Area.area_code.label("point_code"),
            Figure.value.label("resident_count"),
            Area.area_code.label("buurt_code"),
            Area.wijk_code,
            Area.gemeente_code,
            Area.in_region,
            func.ST_X(inside).label("x_m"),
            func.ST_Y(inside).label("y_m"),
        )
        .join(Figure, residents)
        .where(Area.release_id == area_release_id, Area.level == "buurt", Figure.value > 0)
        .order_by(Area.area_code)
    )


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> gpd.GeoDataFrame:
    frame = pd.read_sql_query(query, connection, index_col="point_code")
    kinds = {"resident_count": "float64", "in_region": "bool", "x_m": "float64", "y_m": "float64"}
    frame = frame.astype(kinds)
    places = gpd.points_from_xy(frame.pop("x_m"), frame.pop("y_m"), crs=RD)
    return check(gpd.GeoDataFrame(frame, geometry=places, crs=RD), POPULATION_POINTS)
