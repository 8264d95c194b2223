"""Uses of the ground from OpenStreetMap: the surfaces of ways and of relations, holes left out.

A surface is what its lines enclose an odd number of times, whatever is called outer or inner:
so a hole is a hole also where somebody forgot to say so.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.sources.osm_pbf import Floats, NodePlaces, Surface
from data.sources.secrets import SecretWords
from geo.frames import LAND_USE, check

#: A ring that goes to another node and back names three.
_CORNERS_OF_A_LINE = 3

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class OsmGround:
    """The frame, and how many surfaces were left out because their border has gaps."""

    frame: gpd.GeoDataFrame
    open_count: int


def to_ground(
    surfaces: Sequence[Surface],
    places: NodePlaces,
    xy_m: Floats,
    epsg: int,
    secret: SecretWords,
    within: shapely.Geometry | None = None,
) -> OsmGround:
    """One row for each use of each surface in the area, cut to it, sorted by code."""
    shapes = _shapes_of(surfaces, places, xy_m)
    open_count = int(shapely.is_empty(shapes).sum())
    if within is not None:
        shapes = _cut_to(shapes, within)
    is_secret = cache(secret.are_in)
    kept = [
        row
        for row in np.flatnonzero(shapely.area(shapes) > 0).tolist()
        if not ((name := surfaces[row].name) and is_secret(name))
    ]
    return OsmGround(_to_frame([surfaces[row] for row in kept], shapes[kept], epsg), open_count)


def _to_frame(surfaces: Sequence[Surface], shapes: Shapes, epsg: int) -> gpd.GeoDataFrame:
    rows = [
        (f"{kind}-{surface.code}", kind, surface.name, shape)
        for surface, shape in zip(surfaces, shapes, strict=True)
        for kind in surface.kinds
    ]
    table = pd.DataFrame(rows, columns=["code", "kind", "name", "shape"], dtype=object)
    table = table.sort_values("code", kind="stable")
    frame = gpd.GeoDataFrame(
        {"kind": table["kind"].to_numpy(), "name": table["name"].to_numpy()},
        geometry=list(table["shape"]),
        crs=epsg,
        index=pd.Index(table["code"], name="land_code", dtype=object),
    )
    return check(frame, LAND_USE, epsg=epsg)


def _shapes_of(surfaces: Sequence[Surface], places: NodePlaces, xy_m: Floats) -> Shapes:
    """What the lines of each enclose; empty when a line or a place is missing, or a gap is left."""
    shapes = np.array([shapely.MultiPolygon()] * len(surfaces), dtype=object)
    rings = [row for row, surface in enumerate(surfaces) if _is_ring(surface)]
    if rings:
        shapes[rings] = _rings_of([surfaces[row].lines[0] for row in rings], places, xy_m)
    for row in set(range(len(surfaces))) - set(rings):
        shapes[row] = _assembled(surfaces[row], places, xy_m)
    for row in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        shapes[row] = polygons_in(shapely.make_valid(shapes[row]))
    return shapes


def _is_ring(surface: Surface) -> bool:
    if surface.is_torn or len(surface.lines) != 1:
        return False
    (line,) = surface.lines
    return len(line) > _CORNERS_OF_A_LINE and line[0] == line[-1]


def _rings_of(lines: Sequence[array[int]], places: NodePlaces, xy_m: Floats) -> Shapes:
    """The surface in each closed line, all at once; empty where a place is missing."""
    counts = np.array([len(line) for line in lines])
    nodes = np.concatenate([np.frombuffer(line, dtype=np.int64) for line in lines])
    corners_m = xy_m[places.rows_of(nodes)]
    owner = np.repeat(np.arange(len(lines)), counts)
    lost = np.bincount(owner, weights=~np.isfinite(corners_m).all(axis=1)) > 0
    shapes = np.array([shapely.MultiPolygon()] * len(lines), dtype=object)
    known = ~lost[owner]
    if known.any():
        number = np.cumsum(~lost) - 1
        drawn = shapely.linearrings(corners_m[known], indices=number[owner[known]])
        shapes[~lost] = shapely.polygons(drawn)
    return shapes


def _assembled(surface: Surface, places: NodePlaces, xy_m: Floats) -> shapely.Geometry:
    if surface.is_torn or _has_gap(surface.lines):
        return shapely.MultiPolygon()
    lines = [_line_of(line, places, xy_m) for line in surface.lines]
    if not all(np.isfinite(line).all() for line in lines):
        return shapely.MultiPolygon()
    return shapely.build_area(shapely.MultiLineString(lines))


def _has_gap(lines: Sequence[array[int]]) -> bool:
    """Whether somewhere a line ends where no other goes on."""
    if any(len(line) < 2 for line in lines):
        return True
    ends = Counter(node for line in lines for node in (line[0], line[-1]))
    return any(count % 2 for count in ends.values())


def _line_of(line: array[int], places: NodePlaces, xy_m: Floats) -> Floats:
    return np.asarray(xy_m[places.rows_of(np.frombuffer(line, dtype=np.int64))])


def polygons_in(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The surfaces in a geometry, without the lines and points that a repair or a cut leaves."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _cut_to(shapes: Shapes, within: shapely.Geometry) -> Shapes:
    """The part of each shape in the area; the shape itself when it lies wholly in it."""
    shapely.prepare(within)
    touching = shapely.intersects(within, shapes)
    whole = shapely.covers(within, shapes)
    cut = np.array([shapely.MultiPolygon()] * len(shapes), dtype=object)
    cut[whole] = shapes[whole]
    for row in np.flatnonzero(touching & ~whole):
        cut[row] = polygons_in(shapely.intersection(shapes[row], within))
    return cut
