"""The areas of the region as shapes in a drawing, for maps that need no map program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection

from data.queries.areas import outlines
from geo.crs import RD, WGS84
from geo.frames import Level

#: Decimals of a place in the drawing: a tenth of a unit is less than a pixel.
_DECIMALS = 1


@dataclass(frozen=True)
class AreaShape:
    """One area: its path in SVG, and the point for a name or a mark."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class AreaDrawing:
    """The areas of the region on one level, in a drawing of ``width`` by ``height`` units."""

    shapes: tuple[AreaShape, ...]
    width: float
    height: float


def draw_areas(
    connection: Connection, area_release_id: int, level: Level, width: float
) -> AreaDrawing:
    """The areas of the region so wide that they fill ``width``; north is up, in RD.

    The borders are those of the map, simplified together, so neighbours still meet.
    """
    found = [line for line in outlines(connection, area_release_id, level) if line.in_region]
    borders = shapely.from_geojson([line.geojson for line in found])
    in_rd = gpd.GeoSeries(borders, crs=WGS84).to_crs(RD)
    if in_rd.empty:
        return AreaDrawing((), width, width)
    west, south, east, north = in_rd.total_bounds
    scale = width / (east - west)

    def place(xy_m: np.ndarray) -> np.ndarray:
        return np.column_stack([(xy_m[:, 0] - west) * scale, (north - xy_m[:, 1]) * scale])

    drawn = shapely.transform(in_rd.to_numpy(), place)
    points = shapely.get_coordinates(shapely.point_on_surface(drawn)).round(_DECIMALS)
    return AreaDrawing(
        tuple(
            AreaShape(line.area_code, line.name, _path(shape), float(x), float(y))
            for line, shape, (x, y) in zip(found, drawn, points, strict=True)
        ),
        width,
        round((north - south) * scale, _DECIMALS),
    )


def _path(shape: shapely.Geometry) -> str:
    """All rings of the shape as one path; the rule even-odd leaves the holes open."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(f"M{' '.join(_places(shapely.get_coordinates(ring)[:-1]))}Z" for ring in rings)


def _places(xy: np.ndarray) -> Iterable[str]:
    """The places of a ring, those that fall on the one before it left out."""
    rounded = xy.round(_DECIMALS)
    moved = np.append(True, (np.diff(rounded, axis=0) != 0).any(axis=1))
    return (f"{x:g},{y:g}" for x, y in rounded[moved])
