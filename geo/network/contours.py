"""The border between points that belong to an area and points that do not.

The border is the contour between them through their Delaunay triangles (marching triangles,
after the marching cubes of Lorensen and Cline 1987). Every point is a corner of triangles and
keeps its side, so the area is exact for the points, however near to each other they lie.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import Delaunay

from geo.network.arrays import Flags, Floats, Int64s

Geometries = npt.NDArray[np.object_]

#: The border is simplified in pieces of so many corners, so that one can be put back.
_PIECE_CORNERS = 16


def draw_border(
    inside_m: Floats, outside_m: Floats, empty_m: Floats, away_m: Floats, halo_m: float
) -> shapely.MultiPolygon:
    """The area around the points inside, of which the points outside are no part.

    The border is half-way to a point outside, and ``halo_m`` away where there is none. The
    empty points must surround all others; ``away_m`` is how far each is from all points inside,
    and more than ``halo_m``.
    """
    if not len(inside_m):
        return shapely.MultiPolygon()
    known_count = len(inside_m) + len(outside_m)
    middle_m = inside_m.mean(axis=0)
    xy_m = np.concatenate([inside_m, outside_m, empty_m]) - middle_m
    corners = Delaunay(xy_m).simplices.astype(np.int64)
    is_inside = corners < len(inside_m)
    inside_count = is_inside.sum(axis=1)
    is_mixed = (inside_count == 1) | (inside_count == 2)
    corners, is_inside = corners[is_mixed], is_inside[is_mixed]
    alone = np.argmax(is_inside == (inside_count[is_mixed] == 1)[:, None], axis=1)
    row, ends_m = np.arange(len(corners)), []
    for step in (1, 2):
        sides = corners[row, alone], corners[row, (alone + step) % 3]
        inner, outer = np.minimum(*sides), np.maximum(*sides)
        step_m = xy_m[outer] - xy_m[inner]
        share = np.minimum(0.5, halo_m / np.hypot(*step_m.T))
        is_empty = outer >= known_count
        share[is_empty] = halo_m / away_m[outer[is_empty] - known_count]
        ends_m.append(xy_m[inner] + step_m * share[:, None] + middle_m)
    border = shapely.MultiLineString(list(np.stack(ends_m, axis=1)))
    return _multi(shapely.build_area(border))


def fill_small_holes(
    area: shapely.MultiPolygon, outside_m: Floats, smallest_m2: float
) -> shapely.MultiPolygon:
    """The area without the holes that are smaller and have no point outside in them."""
    parts = shapely.get_parts(area)
    shells = shapely.get_exterior_ring(parts)
    holes, of_part = shapely.get_rings(parts, return_index=True)
    is_hole = np.ones(len(holes), dtype=bool)
    is_hole[np.searchsorted(of_part, np.arange(len(parts)))] = False
    holes, of_part = holes[is_hole], of_part[is_hole]
    filled = _array(shapely.polygons(holes))
    kept = shapely.area(filled) >= smallest_m2
    kept[shapely.STRtree(filled).query(shapely.points(outside_m), "intersects")[1]] = True
    return _multi(_with_holes(shells, holes[kept], of_part[kept]))


def drop_slivers(
    area: shapely.MultiPolygon, inside_m: Floats, smallest_m2: float
) -> shapely.MultiPolygon:
    """The area without the parts that are smaller and have no such point in them.

    When no part has one, all of them stay.
    """
    parts = shapely.get_parts(area)
    kept = np.zeros(len(parts), dtype=bool)
    kept[shapely.STRtree(parts).query(shapely.points(inside_m), "intersects")[1]] = True
    return _multi(parts[kept | (shapely.area(parts) >= smallest_m2)]) if kept.any() else area


def simplify_border(
    area: shapely.MultiPolygon, tolerance_m: float, inside_m: Floats, outside_m: Floats
) -> shapely.MultiPolygon:
    """The area with fewer corners, valid and with every point on the side where it was.

    A piece of the border that would put a point on the wrong side stays as it is.
    """
    rings, of_part = shapely.get_rings(shapely.get_parts(area), return_index=True)
    pieces, of_ring = _cut(rings)
    simple = shapely.simplify(pieces, tolerance_m)
    tree, points = shapely.STRtree(pieces), np.concatenate([inside_m, outside_m])
    belongs = np.arange(len(points)) < len(inside_m)
    while True:
        found = _assemble(simple, of_ring, of_part)
        if found.is_valid:
            wrong = shapely.points(points[are_inside(found, points) != belongs])
            if not len(wrong):
                return found
            near = tree.query(wrong, "dwithin", distance=2 * tolerance_m)[1]
        else:
            near = shapely.STRtree(simple).query(simple, "crosses")
        again = np.unique(near)
        again = again[simple[again] != pieces[again]]
        if not len(again):
            return area
        simple[again] = pieces[again]


def are_inside(area: shapely.MultiPolygon, xy_m: Floats) -> Flags:
    """Which of the points lie in the area."""
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, xy_m), dtype=bool)


def _cut(rings: Geometries) -> tuple[Geometries, Int64s]:
    """The rings in pieces, three or more a ring, and the ring that each is of."""
    xy_m, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.searchsorted(ring, np.arange(len(rings)))
    side_count = np.bincount(ring) - 1
    step = np.minimum(_PIECE_CORNERS, side_count // 3)
    place = np.arange(len(ring)) - first[ring]
    is_last = place == side_count[ring]
    begins = (place % step[ring] == 0) & ~is_last
    piece = np.cumsum(begins) - 1
    joins = begins & (place > 0)
    order = np.argsort(np.concatenate([np.arange(len(ring)), np.flatnonzero(joins) - 0.5]))
    all_xy = np.concatenate([xy_m, xy_m[joins]])[order]
    all_pieces = np.concatenate([piece, piece[joins] - 1])[order]
    return _array(shapely.linestrings(all_xy, indices=all_pieces)), ring[begins]


def _assemble(pieces: Geometries, of_ring: Int64s, of_part: Int64s) -> shapely.MultiPolygon:
    xy_m, piece = shapely.get_coordinates(pieces, return_index=True)
    rings = _array(shapely.linearrings(xy_m, indices=of_ring[piece]))
    is_shell: Flags = np.ones(len(rings), dtype=np.bool_)
    is_shell[1:] = of_part[1:] != of_part[:-1]
    return _multi(_with_holes(rings[is_shell], rings[~is_shell], of_part[~is_shell]))


def _with_holes(shells: Geometries, holes: Geometries, of_part: Int64s) -> Geometries:
    """Polygons of these shells; ``of_part`` is the shell of each hole, in order."""
    parts = _array(shapely.polygons(shells))
    for part in np.unique(of_part):
        parts[part] = shapely.Polygon(shells[part], holes[of_part == part])
    return parts


def _multi(parts: shapely.Geometry | Geometries) -> shapely.MultiPolygon:
    polygons = shapely.get_parts(parts)
    return shapely.MultiPolygon(polygons.tolist())


def _array(shapes: shapely.Geometry | Geometries) -> Geometries:
    return np.asarray(shapes, dtype=np.object_)
