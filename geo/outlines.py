"""Light outlines of areas for the map: simplified together, so that neighbours still touch.

Areas are simplified per level as one coverage: a border that two areas share loses the same
points on both sides, and no gap or overlap appears. Simplifying each area by itself would
tear them apart.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import RD, WGS84

Geometries = npt.NDArray[Any]

#: Bends smaller than a triangle of about this by this are left out, metres (Visvalingam-Whyatt).
TOLERANCE_M = 10.0
#: Coordinates on the map have this many decimals of a degree: about 1 m.
DEGREE_DECIMALS = 5
#: Borders closer together than this are one border, metres.
_SAME_POINT_M = 0.01


def to_outlines(areas: gpd.GeoSeries, tolerance_m: float = TOLERANCE_M) -> gpd.GeoSeries:
    """Simplified outlines in WGS 84 (MultiPolygon) on the index of ``areas`` (RD, one level).

    Every outline is valid and not empty; coordinates are rounded to ``DEGREE_DECIMALS``.
    """
    if areas.empty:
        return gpd.GeoSeries([], index=areas.index, crs=WGS84)
    whole = _noded(np.asarray(areas.geometry.array, dtype=object), _SAME_POINT_M)
    simple = shapely.coverage_simplify(whole, tolerance_m, simplify_boundary=True)
    simple = np.where(_usable(simple), simple, whole)
    in_degrees = gpd.GeoSeries(simple, index=areas.index, crs=RD).to_crs(WGS84)
    outlines = _rounded(np.asarray(in_degrees.array, dtype=object))
    return gpd.GeoSeries(outlines, index=areas.index, crs=WGS84)


def to_multipolygons(geometries: Geometries) -> Geometries:
    """Each geometry as a MultiPolygon of its polygons; lines and points in it are dropped."""
    return np.array([_to_multipolygon(geometry) for geometry in geometries], dtype=object)


def _to_multipolygon(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    if isinstance(geometry, shapely.MultiPolygon):
        return geometry
    parts = [
        polygon
        for part in shapely.get_parts(geometry)
        for polygon in shapely.get_parts(part)
        if isinstance(polygon, shapely.Polygon)
    ]
    return shapely.MultiPolygon(parts)


def _noded(areas: Geometries, grid: float) -> Geometries:
    """The areas as a proper coverage: every point of a shared border is on both its sides.

    In some files one side of a border has points that the other side lacks. The borders are
    then cut into faces on ``grid``, and each face goes back to the area it lies in.
    """
    if shapely.coverage_is_valid(areas):
        return areas
    borders = shapely.unary_union(shapely.boundary(areas), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([borders]))
    area_of, face_of = shapely.STRtree(shapely.point_on_surface(faces)).query(
        areas, predicate="contains"
    )
    faces_once, first = np.unique(face_of, return_index=True)
    owners = area_of[first]
    rebuilt = areas.copy()
    for position in np.unique(owners):
        rebuilt[position] = shapely.coverage_union_all(faces[faces_once[owners == position]])
    return rebuilt


def _rounded(geometries: Geometries) -> Geometries:
    """Rounded in degrees, still a proper coverage; a shape too small to round stays as it is."""
    grid = 10.0**-DEGREE_DECIMALS
    rounded = shapely.set_precision(geometries, grid, mode="pointwise")
    noded = to_multipolygons(_noded(np.where(_usable(rounded), rounded, geometries), grid))
    return np.where(_usable(noded), noded, to_multipolygons(geometries))


def _usable(geometries: Geometries) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = shapely.is_valid(geometries) & ~shapely.is_empty(geometries)
    return found
