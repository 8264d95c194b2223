"""The street network of the demo region: made up, but shaped like a Dutch town and polder.

Every buurt has a small grid of its own around its centre point, denser where more people
live; between them lies a coarse rural grid. The streets are a part of one Delaunay
triangulation over all nodes, so that they meet only in nodes. The Noordzeekanaal and the
Ringvaart can be crossed at a few named places only.

What always holds: no street leaves the outline, one can walk from every node to every other,
and cycle too, in both directions (the backbone has no one-way streets).
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from data.demo.region import RegionFacts
from geo import frames
from geo.crs import RD
from geo.units import M2_PER_HA

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Nodes of the grid of a buurt: some always, and one for so many residents.
NODES_PER_BUURT = 10
RESIDENTS_PER_NODE = 38.0
#: A buurt is built up over this many hectares: as its residents need, never less than 4.
RESIDENTS_PER_BUILT_HA = 25.0
MIN_BUILT_HA = 4.0
#: Blocks are longer than wide, by this factor each way.
_STRETCH = 1.35
_JITTER_SHARE = 0.07
_RURAL_SPACING_M = 550.0
_RURAL_FREE_M = 330.0
_INSET_M = 45.0
#: Longer streets get nodes on the way, around which places are made up. For travelling all are
#: cut once more, paths as well (``geo.street_pieces``).
_LONGEST_M = 220.0
_ALIGNED_DEGREES = 15.0
#: Direction of the polder grid of the Haarlemmermeer; its roads run north-east and north-west.
_POLDER_DEGREES = 47.0
_ROUNDED_DECIMALS = 1

ONE_WAY_SHARE = 0.07
PATH_SHARE = 0.06
DUNE_PATH_SHARE = 0.6
_DROPPED_GRID_SHARE = 0.12
_DROPPED_LINK_SHARE = 0.35

HAARLEMMERMEER = "GM0394"
#: Wijken of Haarlemmermeer that lie outside the Ringvaart.
OUTSIDE_RINGVAART = ("WK039420", "WK039421", "WK039422")
#: Velsen-Noord; with Beverwijk and Heemskerk it lies north of the Noordzeekanaal.
VELSEN_NOORD = "WK045305"
NORTH_OF_CANAL = ("GM0375", "GM0396")
RING_SHORE, NORTH_SHORE = 1, 2
SCHIPHOL = "BU03941663"
#: Buurten of sand and paths: most ways there are for walking only.
DUNES = (
    "BU03770009",
    "BU03770109",
    "BU03770309",
    "BU03960409",
    "BU04530608",
    "BU04730403",
    "BU04730404",
)
#: Where water can be crossed: RD New in metres, rounded to 100 m. Tunnels for cars are no use.
CROSSINGS_M: tuple[tuple[str, int, int], ...] = (
    ("Sluizen IJmuiden", 102_300, 498_400),
    ("Pont Velsen", 104_700, 497_600),
    ("Bennebroekerbrug", 102_200, 481_500),
    ("Cruquiusbrug", 104_000, 483_500),
    ("Vijfhuizerbrug", 106_600, 485_600),
    ("Penningsveer", 107_200, 488_300),
    ("Halfweg", 111_500, 488_400),
)


@dataclass(frozen=True)
class Streets:
    """The two frames of the network before it is cut, and in which buurt each node lies."""

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    buurt_codes: pd.Series

    def outward(self, facts: RegionFacts) -> dict[str, Wholes]:
        """Per buurt its nodes, those nearest to the centre point first."""
        centres_m = facts.buurten.loc[self.buurt_codes, ["centre_x_m", "centre_y_m"]].to_numpy()
        away_m = np.hypot(*(shapely.get_coordinates(self.nodes.geometry) - centres_m).T)
        order = np.argsort(away_m, kind="stable")
        codes = self.buurt_codes.to_numpy()[order]
        return {code: order[codes == code] for code in facts.buurten.index}


@dataclass(frozen=True)
class _Nodes:
    """Points in RD, the row of their buurt, the direction of their grid, town or country."""

    xy_m: Floats
    buurt: Wholes
    degrees: Floats
    rural: Flags


@dataclass(frozen=True)
class _Links:
    """Pairs of nodes; ``tree`` marks the backbone that keeps all nodes together."""

    ends: Wholes
    tree: Flags


def lay_streets(
    facts: RegionFacts,
    cells: npt.NDArray[np.object_],
    outline: shapely.Polygon,
    rng: np.random.Generator,
) -> Streets:
    """The street network over the ``cells`` of the buurten, in the order of the facts."""
    nodes = _place_nodes(facts, cells, outline, rng)
    links = _choose_links(nodes, facts, outline, rng)
    paths = _walk_only(nodes, links, facts, rng)
    one_way = ~links.tree & ~paths & (rng.random(len(paths)) < ONE_WAY_SHARE)
    return _to_frames(nodes, links, paths, one_way, facts)


def _place_nodes(
    facts: RegionFacts,
    cells: npt.NDArray[np.object_],
    outline: shapely.Polygon,
    rng: np.random.Generator,
) -> _Nodes:
    centres = KDTree(facts.centres_m)
    inner = outline.buffer(-_INSET_M)
    shapely.prepare(inner)
    degrees = _grid_directions(facts, rng)
    residents = facts.resident_counts.fillna(0).to_numpy()
    towns = [
        _town_grid(row, cells[row], residents[row], degrees[row], centres, inner, rng)
        for row in range(len(cells))
    ]
    town_xy = np.concatenate(towns)
    town_buurt = np.repeat(np.arange(len(towns)), [len(town) for town in towns])
    rural_xy, rural_degrees = _rural_grid(facts, town_xy, centres, inner, rng)
    return _Nodes(
        xy_m=np.round(np.concatenate([town_xy, rural_xy]), _ROUNDED_DECIMALS),
        buurt=np.concatenate([town_buurt, centres.query(rural_xy)[1]]),
        degrees=np.concatenate([degrees[town_buurt], rural_degrees]),
        rural=np.arange(len(town_xy) + len(rural_xy)) >= len(town_xy),
    )


def _grid_directions(facts: RegionFacts, rng: np.random.Generator) -> Floats:
    """One direction a wijk, a little different in each buurt; fixed in the polder."""
    wijken = facts.wijken.index.get_indexer(pd.Index(facts.buurten["wijkcode"]))
    degrees = rng.uniform(0, 90, len(facts.wijken))[wijken]
    in_polder = (facts.buurten["gemeentecode"] == HAARLEMMERMEER).to_numpy()
    degrees = np.where(in_polder, _POLDER_DEGREES, degrees)
    return np.asarray(degrees + rng.normal(0, 6, len(degrees)))


def _town_grid(
    row: int,
    cell: shapely.Geometry,
    resident_count: float,
    degrees: float,
    centres: KDTree,
    inner: shapely.Geometry,
    rng: np.random.Generator,
) -> Floats:
    """The street corners of one buurt: those of its grid that are nearest to its centre."""
    wanted = round(NODES_PER_BUURT + resident_count / RESIDENTS_PER_NODE)
    built_m2 = max(MIN_BUILT_HA, resident_count / RESIDENTS_PER_BUILT_HA) * M2_PER_HA
    spacing_m = float(np.sqrt(min(built_m2, shapely.area(cell)) / wanted))
    centre = np.asarray(centres.data[row])
    reach_m = shapely.hausdorff_distance(cell, shapely.Point(centre))
    side = int(np.ceil(min(reach_m, 3.0 * np.sqrt(built_m2)) / spacing_m * _STRETCH)) + 1
    steps = np.arange(-side, side + 1)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * spacing_m
    grid = grid * (_STRETCH, 1 / _STRETCH)
    grid = grid + rng.uniform(-_JITTER_SHARE, _JITTER_SHARE, grid.shape) * spacing_m
    points = centre + _turn(grid, degrees)
    points = points[centres.query(points)[1] == row]
    points = points[shapely.contains_xy(inner, points[:, 0], points[:, 1])]
    nearest_first = np.argsort(np.hypot(*(points - centre).T), kind="stable")
    return np.asarray(points[nearest_first[:wanted]])


def _rural_grid(
    facts: RegionFacts,
    town_xy: Floats,
    centres: KDTree,
    inner: shapely.Geometry,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Crossroads of the country, away from the towns; regular in the polder only."""
    x_min, y_min, x_max, y_max = shapely.bounds(inner)
    middle = np.array([(x_min + x_max) / 2, (y_min + y_max) / 2])
    side = int(np.hypot(x_max - x_min, y_max - y_min) / 2 / _RURAL_SPACING_M) + 1
    steps = np.arange(-side, side + 1)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * _RURAL_SPACING_M
    points = middle + _turn(grid.astype(np.float64), _POLDER_DEGREES)
    buurt = centres.query(points)[1]
    in_polder = (facts.buurten["gemeentecode"] == HAARLEMMERMEER).to_numpy()[buurt]
    shift = rng.uniform(-1, 1, points.shape) * _RURAL_SPACING_M
    points = points + shift * np.where(in_polder, 0.02, 0.3)[:, None]
    free = KDTree(town_xy).query(points)[0] > _RURAL_FREE_M
    free &= shapely.contains_xy(inner, points[:, 0], points[:, 1])
    free &= facts.buurten.index.get_loc(SCHIPHOL) != buurt
    return points[free], np.full(int(free.sum()), _POLDER_DEGREES)


def _turn(points: Floats, degrees: float) -> Floats:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ turn)


def _choose_links(
    nodes: _Nodes, facts: RegionFacts, outline: shapely.Polygon, rng: np.random.Generator
) -> _Links:
    """The streets: a backbone over all nodes, and the better part of the other pairs."""
    ends, longest = _triangulate(nodes.xy_m)
    length_m = np.hypot(*(nodes.xy_m[ends[:, 0]] - nodes.xy_m[ends[:, 1]]).T)
    shore = shores(facts)[nodes.buurt]
    lines = shapely.linestrings(nodes.xy_m[ends])
    shapely.prepare(outline)
    inside = shapely.contains(outline, lines)
    allowed = inside & (shore[ends[:, 0]] == shore[ends[:, 1]])
    crossing = _crossings(nodes.xy_m[ends].mean(axis=1), inside & ~allowed)
    allowed |= crossing
    same_grid = _of_one_grid(nodes, ends)
    fitting = np.where(same_grid, _aligned(nodes, ends), ~longest)
    weight = np.where(fitting, length_m, 2.0 * length_m)
    tree = _backbone(ends, weight, allowed, len(nodes.xy_m))
    dropped = rng.random(len(ends)) < np.where(same_grid, _DROPPED_GRID_SHARE, _DROPPED_LINK_SHARE)
    kept = tree | crossing | (allowed & fitting & ~dropped)
    return _Links(ends[kept], (tree | crossing)[kept])


def _triangulate(xy_m: Floats) -> tuple[Wholes, Flags]:
    """All neighbouring pairs of points, and whether a pair is the longest of a triangle.

    Leaving out the longest keeps at least the relative neighbourhood graph: sparse,
    connected and free of crossings.
    """
    corners = Delaunay(xy_m).simplices
    sides = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    side_m = np.hypot(*np.moveaxis(xy_m[sides[:, :, 0]] - xy_m[sides[:, :, 1]], 2, 0))
    is_longest = side_m == side_m.max(axis=1, keepdims=True)
    ends, place = np.unique(sides.reshape(-1, 2), axis=0, return_inverse=True)
    longest = np.zeros(len(ends), dtype=bool)
    longest[place[is_longest.ravel()]] = True
    return ends.astype(np.int64), longest


def shores(facts: RegionFacts) -> Wholes:
    """Per buurt the land it lies on: in the Ringvaart, north of the canal, or neither (0)."""
    buurten = facts.buurten
    ring = buurten["gemeentecode"].eq(HAARLEMMERMEER) & ~buurten["wijkcode"].isin(OUTSIDE_RINGVAART)
    north = buurten["gemeentecode"].isin(NORTH_OF_CANAL) | buurten["wijkcode"].eq(VELSEN_NOORD)
    return RING_SHORE * ring.to_numpy(np.int64) + NORTH_SHORE * north.to_numpy(np.int64)


def _crossings(middles_m: Floats, over_water: Flags) -> Flags:
    """The pairs that carry a bridge, lock or ferry: nearest to each named crossing."""
    candidates = np.flatnonzero(over_water)
    places = np.array([(x, y) for _, x, y in CROSSINGS_M], dtype=float)
    nearest = KDTree(middles_m[candidates]).query(places)[1]
    chosen = np.zeros(len(middles_m), dtype=bool)
    chosen[candidates[nearest]] = True
    return chosen


def _of_one_grid(nodes: _Nodes, ends: Wholes) -> Flags:
    first, second = ends.T
    town = ~nodes.rural[first] & ~nodes.rural[second]
    country = nodes.rural[first] & nodes.rural[second]
    return np.asarray(country | (town & (nodes.buurt[first] == nodes.buurt[second])))


def _aligned(nodes: _Nodes, ends: Wholes) -> Flags:
    """Whether a pair runs along its grid rather than across it."""
    along = nodes.xy_m[ends[:, 1]] - nodes.xy_m[ends[:, 0]]
    degrees = np.degrees(np.arctan2(along[:, 1], along[:, 0]))
    off = (degrees - nodes.degrees[ends[:, 0]]) % 90.0
    return np.asarray(np.minimum(off, 90.0 - off) < _ALIGNED_DEGREES)


def _backbone(ends: Wholes, weight: Floats, allowed: Flags, node_count: int) -> Flags:
    """The lightest set of pairs that connects all nodes."""
    first, second = ends[allowed].T
    graph = coo_matrix((weight[allowed], (first, second)), shape=(node_count, node_count))
    chosen = minimum_spanning_tree(graph).tocoo()
    keys = ends[:, 0] * node_count + ends[:, 1]
    tree_keys = chosen.row.astype(np.int64) * node_count + chosen.col
    return np.asarray(np.isin(keys, tree_keys))


def _walk_only(nodes: _Nodes, links: _Links, facts: RegionFacts, rng: np.random.Generator) -> Flags:
    in_dunes = facts.buurten.index.isin(DUNES)[nodes.buurt[links.ends]].all(axis=1)
    share = np.where(in_dunes, DUNE_PATH_SHARE, PATH_SHARE)
    return np.asarray(~links.tree & (rng.random(len(share)) < share))


def _to_frames(
    nodes: _Nodes, links: _Links, paths: Flags, one_way: Flags, facts: RegionFacts
) -> Streets:
    """Cut long streets into stretches and put all in the promised frames."""
    xy_m, ends, link = _cut(nodes.xy_m, links.ends, paths)
    rows = KDTree(facts.centres_m).query(xy_m)[1]
    index = pd.RangeIndex(len(xy_m), name="node_id")
    lines = shapely.linestrings(xy_m[ends])
    street_edges = gpd.GeoDataFrame(
        {
            "from_node_id": ends[:, 0],
            "to_node_id": ends[:, 1],
            "length_m": shapely.length(lines),
            "walk": True,
            "cycle_forward": ~paths[link],
            "cycle_backward": ~paths[link] & ~one_way[link],
        },
        geometry=lines,
        crs=RD,
        index=pd.RangeIndex(len(ends), name="edge_id"),
    )
    street_nodes = gpd.GeoDataFrame(geometry=shapely.points(xy_m), crs=RD, index=index)
    return Streets(
        nodes=frames.check(street_nodes, frames.STREET_NODES),
        edges=frames.check(street_edges, frames.STREET_EDGES),
        buurt_codes=pd.Series(facts.buurten.index.to_numpy()[rows], index=index),
    )


def _cut(xy_m: Floats, ends: Wholes, whole: Flags) -> tuple[Floats, Wholes, Wholes]:
    """Points with those on the way added, pairs of points, and the street each is part of.

    Paths stay ``whole``, so that every node can be reached by bicycle.
    """
    start, stop = xy_m[ends[:, 0]], xy_m[ends[:, 1]]
    parts = np.ceil(np.hypot(*(stop - start).T) / _LONGEST_M).astype(np.int64)
    parts[whole] = 1
    link = np.repeat(np.arange(len(ends)), parts)
    place = np.arange(len(link)) - np.repeat(np.cumsum(parts) - parts, parts)
    inner = place > 0
    share = (place / parts[link])[inner, None]
    between = start[link[inner]] + share * (stop - start)[link[inner]]
    new_id = np.full(len(link) + 1, -1)
    new_id[:-1][inner] = len(xy_m) + np.arange(int(inner.sum()))
    first = np.where(inner, new_id[:-1], ends[link, 0])
    second = np.where(place + 1 < parts[link], new_id[1:], ends[link, 1])
    points = np.concatenate([xy_m, np.round(between, _ROUNDED_DECIMALS)])
    return points, np.stack([first, second], axis=1), link
