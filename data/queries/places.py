"""In which areas a place lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, Connection, Float, bindparam, func, select

from data.tables import Area
from geo.crs import RD_EPSG
from geo.frames import LEVELS, Level


@dataclass(frozen=True)
class AreaOfPlace:
    """An area that a place lies in."""

    area_code: str
    level: Level
    name: str
    is_water: bool


def areas_at(
    connection: Connection, area_release_id: int, x_m: float, y_m: float
) -> dict[Level, AreaOfPlace]:
    """The areas of a release that the place (RD, metres) lies in, the smallest level first.

    Empty outside all areas. On a border the lowest code counts, as it does for sites.
    """
    place = func.ST_SetSRID(func.ST_MakePoint(x_m, y_m), RD_EPSG)
    query = (
        select(Area.area_code, Area.level, Area.name, Area.is_water)
        .where(Area.release_id == area_release_id, func.ST_Covers(Area.geom, place))
        .order_by(Area.area_code.desc())
    )
    found = {row.level: AreaOfPlace(**row._mapping) for row in connection.execute(query)}
    return {level: found[level] for level in reversed(LEVELS) if level in found}


def areas_at_points(
    connection: Connection, area_release_id: int, x_m: Sequence[float], y_m: Sequence[float]
) -> list[dict[Level, AreaOfPlace]]:
    """``areas_at`` of each of these places, in their order, in one question."""
    numbers = ARRAY(Float)
    given = (
        func.unnest(
            bindparam("x_m", [*map(float, x_m)], numbers),
            bindparam("y_m", [*map(float, y_m)], numbers),
        )
        .table_valued("x_m", "y_m", with_ordinality="number")
        .render_derived("given")
    )
    place = func.ST_SetSRID(func.ST_MakePoint(given.c.x_m, given.c.y_m), RD_EPSG)
    query = (
        select(given.c.number, Area.area_code, Area.level, Area.name, Area.is_water)
        .join(Area, func.ST_Covers(Area.geom, place))
        .where(Area.release_id == area_release_id)
        .order_by(Area.area_code.desc())
    )
    found: list[dict[Level, AreaOfPlace]] = [{} for _ in x_m]
    for number, *facts in connection.execute(query):
        area = AreaOfPlace(*facts)
        found[number - 1][area.level] = area
    return [
        {level: areas[level] for level in reversed(LEVELS) if level in areas} for areas in found
    ]
