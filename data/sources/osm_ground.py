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
    is_secret = cache(secret.are_in)
    told = [surface for surface in surfaces if not (surface.name and is_secret(surface.name))]
    shapes = np.array([_shape_of(surface, places, xy_m) for surface in told], dtype=object)
    closed = ~shapely.is_empty(shapes)
    if within is not None:
        shapes = _cut_to(shapes, within)
    kept = np.flatnonzero(shapely.area(shapes) > 0)
    frame = _to_frame([told[row] for row in kept], shapes[kept], epsg)
    return OsmGround(frame, int((~closed).sum()))


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


def _shape_of(surface: Surface, places: NodePlaces, xy_m: Floats) -> shapely.MultiPolygon:
    """What the lines enclose; empty when a line or a place is missing, or when they are open."""
    if surface.is_torn or _has_gap(surface.lines):
        return shapely.MultiPolygon()
    lines = [_line_of(line, places, xy_m) for line in surface.lines]
    if not all(np.isfinite(line).all() for line in lines):
        return shapely.MultiPolygon()
    whole = shapely.build_area(shapely.MultiLineString(lines))
    if len(lines) == 1 and len(lines[0]) > _CORNERS_OF_A_LINE:
        whole = shapely.Polygon(lines[0])
    return polygons_in(shapely.make_valid(whole))


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
