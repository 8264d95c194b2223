"""The area that can be reached within a distance, as polygons that follow the streets.

Streets are sampled: every crossing, and points at most ``SPACING_M`` apart along them. Some
samples are reached and others not, and empty points are laid where no reached street is near.
The border runs between them (see ``contours``): half-way between what is reached and what is
not, and ``HALO_M`` from a reached street towards empty land. The area is exact for crossings:

* every crossing in the area can be reached in time, and every other crossing lies outside;
* that still holds after simplifying, which goes only as far as no crossing changes sides.

The plane has no levels. Where an unreached street passes under or over a reached one, the
reached one stays whole, and the crossings of the other are cut out. Only where two crossings
lie at one place (within ``SAME_PLACE_M``) and one of them is reached, both lie in the area:
``Isochrone.stacked_nodes`` names the other.

Crossings where no street of this way of travelling ends (those of footpaths, when cycling)
are not of its network and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import KDTree

from geo.errors import NetworkError
from geo.network.arrays import MM_PER_M, Floats, Int32s, Int64s, StreetNetwork
from geo.network.contours import (
    Geometries,
    are_inside,
    draw_border,
    drop_slivers,
    fill_small_holes,
    simplify_border,
)
from geo.network.nearest import to_limits
from geo.network.reach import Direction, Reach, Stretches, measure_reach, measure_stretches
from geo.network.snap import Stops

Lines: TypeAlias = gpd.GeoSeries | Mapping[int, shapely.LineString]

#: How far the area goes beside a street, where nothing unreached is nearer.
HALO_M = 40.0
#: Samples along a street are at most this far apart.
SPACING_M = 10.0
_SPACING_MM = SPACING_M * MM_PER_M
#: An unreached street closer to a reached one than this runs beside it or crosses it.
BESIDE_M = 6.0
#: A hole without crossings is filled when it is smaller than this; it would only be noise.
SMALLEST_HOLE_M2 = 10_000.0
#: A piece of street that is cut off from the rest and has no crossing is left out when it is
#: smaller than this.
SMALLEST_PART_M2 = 1_000.0
#: Crossings within this distance lie at one place.
SAME_PLACE_M = 0.01
#: The border moves at most this far when it is simplified for the screen.
SIMPLIFY_M = 3.0

#: Where time ends half-way a street there is a sample this far on either side of the spot.
_END_MM = 4_000.0
#: A sample of a reached street makes room for an unreached crossing as near as this.
_ROOM_M = 1.0
#: Empty points lie on a grid of this step, in a belt so far from what is reached: closer by,
#: they would draw a slit between two streets.
_GRID_M = 25.0
_EMPTY_M = HALO_M + 10.0
_BELT_M = _EMPTY_M + 1.5 * _GRID_M
#: Unreached samples farther from the reached ones than this change nothing.
_AROUND_M = 3 * HALO_M
#: Reached samples farther from all others than this hardly ever change anything.
_INLAND_M = 2.5 * HALO_M
#: A street is at most this much longer on the map than its length: the projection.
_STRETCH = 1.01


@dataclass(frozen=True, eq=False)
class Isochrone:
    """The area, in the system of the network; ``stacked_nodes`` are in it but not reached."""

    area: shapely.MultiPolygon
    stacked_nodes: Int32s


@dataclass(frozen=True, eq=False)
class _Streets:
    """Streets around what is reached, and how far each is reached from either end."""

    line: Geometries
    length_mm: Int64s
    from_start_mm: Int64s
    from_end_mm: Int64s


def draw_isochrone(
    network: StreetNetwork,
    lines: Lines,
    point: Stops,
    limit_m: float,
    direction: Direction = "from_points",
    *,
    at_m: tuple[float, float] | None = None,
) -> shapely.MultiPolygon:
    """The area within ``limit_m`` of one point; empty when it is too far from the streets.

    ``lines`` has the geometry of the streets by edge id: of all of them, or at least of
    ``edges_around``. The straight way from the point to its crossing counts; it is in the area
    as well when ``at_m`` tells where the point is.
    """
    return measure_isochrone(network, lines, point, limit_m, direction, at_m=at_m).area


def measure_isochrone(
    network: StreetNetwork,
    lines: Lines,
    point: Stops,
    limit_m: float,
    direction: Direction = "from_points",
    *,
    at_m: tuple[float, float] | None = None,
) -> Isochrone:
    """As ``draw_isochrone``, with the crossings that the plane can't tell apart."""
    if len(point) != 1:
        raise NetworkError(f"an isochrone is of one point, not of {len(point)}")
    bit_m = _straight_bit(network, point, limit_m, at_m)
    reach = measure_reach(network, point, limit_m, direction)
    if not len(reach.node) and not len(bit_m):
        return Isochrone(shapely.MultiPolygon(), np.zeros(0, dtype=np.int32))
    edge, missed = _around(network, reach, limit_m, bit_m)
    stretches = measure_stretches(network, reach, 0, limit_m, direction)
    on_street_m, off_street_m = _sample(_cover(network, lines, edge, stretches, direction))
    xy_m = np.column_stack([network.x_m, network.y_m])
    reached_m = xy_m[reach.node]
    is_stacked = _distance_m(xy_m[missed], reached_m) <= SAME_PLACE_M
    missed_m = xy_m[missed[~is_stacked]]
    area = _draw(reached_m, np.concatenate([on_street_m, bit_m]), missed_m, off_street_m)
    return Isochrone(area, missed[is_stacked])


def edges_around(
    network: StreetNetwork,
    point: Stops,
    limit_m: float,
    direction: Direction = "from_points",
    *,
    at_m: tuple[float, float] | None = None,
) -> Int64s:
    """The ids of the streets whose geometry ``draw_isochrone`` needs for the same question."""
    bit_m = _straight_bit(network, point, limit_m, at_m)
    reach = measure_reach(network, point, limit_m, direction)
    edge, _ = _around(network, reach, limit_m, bit_m)
    return network.edge_ids[edge]


def _draw(
    reached_m: Floats, on_street_m: Floats, missed_m: Floats, off_street_m: Floats
) -> shapely.MultiPolygon:
    """The area around reached crossings and streets, without the missed ones."""
    on_street_m = on_street_m[_distance_m(on_street_m, missed_m) > _ROOM_M]
    inside_m = np.concatenate([reached_m, on_street_m])
    if not len(inside_m):
        return shapely.MultiPolygon()
    off_street_m = off_street_m[_distance_m(off_street_m, inside_m) > BESIDE_M]
    outside_m = np.concatenate([missed_m, off_street_m])
    outside_m = outside_m[_distance_m(outside_m, inside_m) < _AROUND_M]
    empty_m, away_m = _empty_points(inside_m)
    to_border_m = _distance_m(inside_m, np.concatenate([outside_m, empty_m]))
    coastal_m = inside_m[to_border_m < _INLAND_M]
    area = draw_border(coastal_m, outside_m, empty_m, away_m, HALO_M)
    if not are_inside(area, reached_m).all():
        area = draw_border(inside_m, outside_m, empty_m, away_m, HALO_M)
    area = drop_slivers(area, reached_m, SMALLEST_PART_M2)
    area = fill_small_holes(area, missed_m, SMALLEST_HOLE_M2)
    return simplify_border(area, SIMPLIFY_M, reached_m, missed_m)


def _straight_bit(
    network: StreetNetwork, point: Stops, limit_m: float, at_m: tuple[float, float] | None
) -> Floats:
    """Samples of the straight way from the point to its crossing, as far as the limit goes."""
    node = int(point.node[0])
    if at_m is None or node < 0:
        return np.zeros((0, 2))
    way_m = np.array([network.x_m[node] - at_m[0], network.y_m[node] - at_m[1]])
    length_m = float(np.hypot(*way_m))
    covered = min(1.0, limit_m / length_m) if length_m else 0.0
    count = 1 + int(np.ceil(covered * length_m / SPACING_M))
    return np.asarray(at_m + way_m * np.linspace(0.0, covered, count)[:, None])


def _around(
    network: StreetNetwork, reach: Reach, limit_m: float, bit_m: Floats
) -> tuple[Int64s, Int32s]:
    """The streets with an end in the box around what is reached, and their unreached ends."""
    arcs = network.forward
    left_m = (int(to_limits(limit_m)[0]) - reach.distance_mm) / MM_PER_M
    margin_m = np.concatenate([left_m * _STRETCH, np.zeros(len(bit_m))]) + _AROUND_M
    in_box = np.ones(network.node_count, dtype=bool)
    for here_m, bit in ((network.x_m, bit_m[:, 0]), (network.y_m, bit_m[:, 1])):
        reached_m = np.concatenate([here_m[reach.node], bit])
        in_box &= here_m >= (reached_m - margin_m).min(initial=np.inf)
        in_box &= here_m <= (reached_m + margin_m).max(initial=-np.inf)
    near = np.flatnonzero(in_box[arcs.source] | in_box[arcs.target])
    is_missed = np.zeros(network.node_count, dtype=bool)
    is_missed[arcs.source[near]] = is_missed[arcs.target[near]] = True
    is_missed[reach.node] = False
    return np.unique(arcs.edge[near]).astype(np.int64), np.flatnonzero(is_missed).astype(np.int32)


def _cover(
    network: StreetNetwork,
    lines: Lines,
    edge: Int64s,
    stretches: Stretches,
    direction: Direction,
) -> _Streets:
    """These streets with their geometry, and how much of each is reached from either end.

    The arc of a ring tells no direction: the first is taken to run as the ring is drawn.
    """
    arcs = network.forward if direction == "from_points" else network.backward
    length_mm = np.zeros(len(network.edge_ids), dtype=np.int64)
    length_mm[arcs.edge] = arcs.length_mm
    line = _lines_of(lines, network.edge_ids[edge])
    row = np.searchsorted(edge, arcs.edge[stretches.arc])
    source = arcs.source[stretches.arc]
    source_m = np.column_stack([network.x_m[source], network.y_m[source]])
    to_ends_m = [
        np.hypot(*(shapely.get_coordinates(shapely.get_point(line[row], end)) - source_m).T)
        for end in (0, -1)
    ]
    is_repeated = np.ones(len(row), dtype=bool)
    is_repeated[np.unique(row, return_index=True)[1]] = False
    at_start = np.where(to_ends_m[0] == to_ends_m[1], ~is_repeated, to_ends_m[0] < to_ends_m[1])
    covered_mm = np.zeros((2, len(edge)), dtype=np.int64)
    for end, of_end in enumerate((at_start, ~at_start)):
        np.maximum.at(covered_mm[end], row[of_end], stretches.covered_mm[of_end])
    return _Streets(line, length_mm[edge], covered_mm[0], covered_mm[1])


def _lines_of(lines: Lines, edge_ids: Int64s) -> Geometries:
    """The geometry of each street; NetworkError when one is missing."""
    if isinstance(lines, gpd.GeoSeries):
        found = lines.index.get_indexer(edge_ids)
        missing = edge_ids[found < 0]
        if not len(missing):
            return np.asarray(lines.array[found], dtype=object)
    else:
        missing = np.array([edge_id for edge_id in edge_ids.tolist() if edge_id not in lines])
        if not len(missing):
            return np.array([lines[edge_id] for edge_id in edge_ids.tolist()], dtype=object)
    raise NetworkError(f"{len(missing)} streets have no geometry, the first is {missing[0]}")


def _sample(streets: _Streets) -> tuple[Floats, Floats]:
    """Samples of the reached and of the other parts of streets, without their crossings.

    Where time ends half-way a street there is one on either side, as far from that spot.
    """
    counts = np.ceil(streets.length_mm / _SPACING_MM).astype(np.int64).clip(min=1) - 1
    street = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(len(street)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    along_mm = step * streets.length_mm[street] / (counts[street] + 1)
    from_mm, until_mm = streets.from_start_mm, streets.length_mm - streets.from_end_mm
    is_reached = (along_mm <= from_mm[street]) | (along_mm >= until_mm[street])
    kept = np.ones(len(street), dtype=bool)
    samples = []
    for spot_mm, covered_mm, side in (
        (from_mm, streets.from_start_mm, 1),
        (until_mm, streets.from_end_mm, -1),
    ):
        ends = np.flatnonzero((from_mm < until_mm) & (covered_mm > 0))
        room_mm = np.minimum(covered_mm, (until_mm - from_mm) / 2)[ends].clip(max=_END_MM)
        samples += [
            (ends, spot_mm[ends] - side * room_mm, np.ones(len(ends), dtype=bool)),
            (ends, spot_mm[ends] + side * room_mm, np.zeros(len(ends), dtype=bool)),
        ]
        has_end = np.zeros(len(counts), dtype=bool)
        has_end[ends] = True
        kept &= ~has_end[street] | (np.abs(along_mm - spot_mm[street]) > _END_MM)
    samples.append((street[kept], along_mm[kept], is_reached[kept]))
    street, along_mm, is_reached = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    share = along_mm / streets.length_mm[street].clip(min=1)
    xy_m = shapely.get_coordinates(
        shapely.line_interpolate_point(streets.line[street], share, normalized=True)
    )
    return xy_m[is_reached], xy_m[~is_reached]


def _empty_points(inside_m: Floats) -> tuple[Floats, Floats]:
    """Points of a grid in a belt around the others, and four around it all; how far each is."""
    low, high = inside_m.min(axis=0) - 2 * _BELT_M, inside_m.max(axis=0) + 2 * _BELT_M
    steps = [np.arange(low[axis], high[axis], _GRID_M) for axis in (0, 1)]
    grid_m = np.stack(np.meshgrid(*steps), axis=-1).reshape(-1, 2)
    away_m = _distance_m(grid_m, inside_m, _BELT_M)
    in_belt = (away_m > _EMPTY_M) & (away_m < _BELT_M)
    corners_m = np.array([[x_m, y_m] for x_m in (low[0], high[0]) for y_m in (low[1], high[1])])
    points_m = np.concatenate([grid_m[in_belt], corners_m])
    return points_m, np.concatenate([away_m[in_belt], _distance_m(corners_m, inside_m)])


def _distance_m(points_m: Floats, others_m: Floats, limit_m: float = np.inf) -> Floats:
    """From each point to the nearest of the others; infinite when none is within the limit."""
    if not len(others_m) or not len(points_m):
        return np.full(len(points_m), np.inf)
    found, _ = KDTree(others_m).query(points_m, distance_upper_bound=limit_m)
    return np.asarray(found, dtype=np.float64)
