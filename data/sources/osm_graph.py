"""From the ways of OpenStreetMap to a graph: nodes at junctions and ends, edges between them.

A way is cut where it meets another way or itself. Pieces that only continue each other, with
the same rules, are joined again; the bends of the street stay in the geometry. A barrier that
not everybody may pass closes one of the two stretches that meet there, the shorter one: who
lives along the other still gets home. The number of a
node is that of OpenStreetMap; the number of an edge tells its way (see ``way_id_of``). So the
same file always gives the same numbers, and a newer file the same for what did not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from data.sources.osm_pbf import NodePlaces, StreetWays
from geo.crs import segment_lengths_m
from geo.frames import STREET_EDGES, STREET_NODES, check

Wholes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: A way of OpenStreetMap has at most 2,000 nodes.
_NODES_PER_WAY = 2048
#: A part of the network that hangs together and has fewer nodes than this is small.
SMALL_PART_NODES = 50
_START, _END = 0, 1


@dataclass(frozen=True)
class StreetGraph:
    """The two frames of a network, in the system ``epsg``.

    Nodes also have ``part``, the number of the part of the network that hangs together (0 is
    the largest), and ``in_small_part``. ``lost_count`` stretches could not be drawn, because
    the file names their nodes and lacks them, as happens at the border of an extract.
    ``barrier_count`` points in streets can't be passed by everybody.
    """

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    epsg: int
    lost_count: int
    barrier_count: int

    @property
    def part_sizes(self) -> pd.Series:
        """The number of nodes of each part, the largest first."""
        return pd.Series(np.bincount(self.nodes["part"]))


@dataclass(frozen=True)
class _Track:
    """All ways behind each other: per stop its node, way, place in the way; and where it goes on.

    ``goes_on[i]`` says that stop ``i`` and the next are the two ends of a stretch of one way,
    where ``rules[i]`` hold.
    """

    node: Wholes
    way: Wholes
    place: Wholes
    goes_on: Flags
    rules: Flags
    lost_count: int
    barrier_count: int


@dataclass(frozen=True)
class _Pieces:
    """Parts of ways between two cuts: first and last stop, and the rules of the way."""

    first: Wholes
    last: Wholes
    edge_id: Wholes
    rules: Flags

    def ends(self, node: Wholes) -> Wholes:
        """The nodes at the start and the end, one row a piece."""
        return np.stack([node[self.first], node[self.last]], axis=1)


@dataclass(frozen=True)
class _Chains:
    """Pieces joined to edges: piece, whether against its direction, and the edge it is in."""

    piece: Wholes
    reverse: Flags
    edge: Wholes


def way_id_of(edge_id: int) -> int:
    """The number in OpenStreetMap of the way that an edge, not yet cut, is or begins with."""
    return edge_id // _NODES_PER_WAY


def build_graph(ways: StreetWays, places: NodePlaces, xy_m: Floats, epsg: int) -> StreetGraph:
    """The graph of these ways; ``xy_m`` are the places of the nodes in the system ``epsg``.

    A node without a place, or with an infinite one, is taken to be absent.
    """
    track = _lay_track(ways, places, xy_m)
    pieces = _cut(ways, track)
    chains = _join(pieces, track.node)
    edges = _to_edges(pieces, chains, track, places, xy_m, epsg)
    nodes = _to_nodes(edges, places, xy_m, epsg)
    return StreetGraph(
        nodes=check(nodes, STREET_NODES, epsg=epsg),
        edges=check(edges, STREET_EDGES, epsg=epsg),
        epsg=epsg,
        lost_count=track.lost_count,
        barrier_count=track.barrier_count,
    )


def _lay_track(ways: StreetWays, places: NodePlaces, xy_m: Floats) -> _Track:
    counts = np.asarray(ways.node_counts, dtype=np.int64)
    way = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(way)) - np.repeat(np.cumsum(counts) - counts, counts)
    node = places.rows_of(ways.node_ids)
    repeats = np.zeros(len(way), dtype=bool)
    repeats[1:] = (way[1:] == way[:-1]) & (node[1:] == node[:-1])
    way, place, node = way[~repeats], place[~repeats], node[~repeats]
    known = np.isfinite(xy_m.sum(axis=1))[node]
    same_way = way[1:] == way[:-1]
    goes_on = np.zeros(len(way), dtype=bool)
    goes_on[:-1] = same_way & known[1:] & known[:-1]
    lost_count = int((same_way & ~goes_on[:-1]).sum())
    rules = np.asarray(ways.rules, dtype=bool).reshape(-1, 3)[way]
    barrier_count = _close_at_barriers(node, goes_on, rules, places, xy_m)
    return _Track(node, way, place, goes_on, rules, lost_count, barrier_count)


def _close_at_barriers(
    node: Wholes, goes_on: Flags, rules: Flags, places: NodePlaces, xy_m: Floats
) -> int:
    """Change the rules of a stretch at each barrier; how many barriers stand in a street.

    Where a street ends or three stretches meet, the map does not say what the barrier closes.
    """
    stop = np.flatnonzero(goes_on)
    ends = np.concatenate([node[stop], node[stop + 1]])
    stretch = np.concatenate([stop, stop])
    degree = np.bincount(ends, minlength=len(places.node_ids))
    wanted = np.sort(places.rows_of(list(places.barriers)))
    wanted = wanted[degree[wanted] == 2]
    at_barrier = np.flatnonzero(np.isin(ends, wanted))
    two = stretch[at_barrier[np.argsort(ends[at_barrier], kind="stable")]].reshape(-1, 2)
    length_m = np.hypot(*(xy_m[node[two + 1]] - xy_m[node[two]]).transpose(2, 0, 1))
    shorter = np.take_along_axis(two, length_m.argmin(axis=1)[:, None], axis=1)[:, 0]
    passages = [places.barriers[int(node_id)] for node_id in places.node_ids[wanted]]
    allowed = [(p.walk, p.cycle_forward, p.cycle_backward) for p in passages]
    np.logical_and.at(rules, shorter, np.array(allowed, dtype=bool).reshape(-1, 3))
    goes_on[shorter] = rules[shorter].any(axis=1)
    return len(wanted)


def _cut(ways: StreetWays, track: _Track) -> _Pieces:
    """The pieces between nodes where something else than one way going on happens."""
    stop = np.flatnonzero(track.goes_on)
    degree = np.bincount(track.node[stop], minlength=int(track.node.max(initial=-1)) + 1)
    degree += np.bincount(track.node[stop + 1], minlength=len(degree))
    is_cut = degree[track.node] != 2
    came_from = np.zeros(len(stop), dtype=bool)
    came_from[1:] = stop[1:] == stop[:-1] + 1
    came_from[1:] &= (track.rules[stop[1:]] == track.rules[stop[:-1]]).all(axis=1)
    begins = ~came_from | is_cut[stop]
    first = stop[begins]
    ends = np.append(begins[1:], True) if len(stop) else begins
    last = stop[ends] + 1
    way_ids = np.asarray(ways.way_ids, dtype=np.int64)
    edge_id = way_ids[track.way[first]] * _NODES_PER_WAY + track.place[first]
    in_order = np.argsort(edge_id, kind="stable")
    first, last = first[in_order], last[in_order]
    return _Pieces(first, last, edge_id[in_order], track.rules[first])


def _join(pieces: _Pieces, node: Wholes) -> _Chains:
    """Join pieces that only continue each other; the lowest numbered one leads the edge."""
    links = _links(pieces, node)
    chains: list[list[tuple[int, bool]]] = []
    seen = np.zeros(len(pieces.first), dtype=bool)
    for lead in np.flatnonzero((links >= 0).any(axis=1)).tolist():
        if not seen[lead]:
            chain = _chain_of(lead, links)
            seen[[piece for piece, _ in chain]] = True
            chains.append(chain)
    alone = np.flatnonzero(~seen)
    joined = [link for chain in chains for link in chain]
    sizes = [len(chain) for chain in chains]
    return _Chains(
        piece=np.concatenate([alone, [piece for piece, _ in joined]]).astype(np.int64),
        reverse=np.concatenate([alone < 0, [back for _, back in joined]]).astype(bool),
        edge=np.concatenate(
            [np.arange(len(alone)), len(alone) + np.repeat(np.arange(len(sizes)), sizes)]
        ).astype(np.int64),
    )


def _links(pieces: _Pieces, node: Wholes) -> Wholes:
    """For both ends of each piece the end that continues it, as 2 * piece + side; or -1."""
    ends = pieces.ends(node).ravel()
    order = np.argsort(ends, kind="stable")
    there = ends[order]
    _, start, count = np.unique(there, return_index=True, return_counts=True)
    one, other = order[start[count == 2]], order[start[count == 2] + 1]
    fits = (one // 2 != other // 2) & _same_rules(pieces, one, other)
    links = np.full(len(ends), -1, dtype=np.int64)
    links[one[fits]], links[other[fits]] = other[fits], one[fits]
    return links.reshape(-1, 2)


def _same_rules(pieces: _Pieces, one: Wholes, other: Wholes) -> Flags:
    """Whether the rules stay the same for who comes in at one end and goes on at the other."""
    walk, forward, backward = pieces.rules.T
    in_piece, in_turned = one // 2, one % 2 == _START
    out_piece, out_turned = other // 2, other % 2 == _END
    in_along = np.where(in_turned, backward[in_piece], forward[in_piece])
    in_against = np.where(in_turned, forward[in_piece], backward[in_piece])
    out_along = np.where(out_turned, backward[out_piece], forward[out_piece])
    out_against = np.where(out_turned, forward[out_piece], backward[out_piece])
    same_walk = walk[in_piece] == walk[out_piece]
    return np.asarray(same_walk & (in_along == out_along) & (in_against == out_against))


def _chain_of(lead: int, links: Wholes) -> list[tuple[int, bool]]:
    """The pieces of an edge in order, each with whether it is passed from end to start."""
    onward = list(_follow(lead, _END, links))
    if onward and onward[-1][0] == lead:  # a ring
        return [(lead, False), *onward[:-1]]
    before = [(piece, not back) for piece, back in _follow(lead, _START, links)]
    return [*reversed(before), (lead, False), *onward]


def _follow(lead: int, side: int, links: Wholes) -> Iterator[tuple[int, bool]]:
    """The pieces beyond this side of a piece, until there are no more or it comes round."""
    piece = lead
    while (link := int(links[piece, side])) >= 0:
        piece, entered = divmod(link, 2)
        yield piece, entered == _END
        if piece == lead:
            return
        side = _START if entered == _END else _END


def _to_edges(
    pieces: _Pieces, chains: _Chains, track: _Track, places: NodePlaces, xy_m: Floats, epsg: int
) -> gpd.GeoDataFrame:
    node, edge = _points_of(pieces, chains, track.node)
    edge_count = int(edge[-1]) + 1 if len(edge) else 0
    length_m = _lengths_m(node, edge, edge_count, places, xy_m, epsg)
    starts = np.searchsorted(edge, np.arange(edge_count))
    stops = np.append(starts[1:], len(edge)) - 1
    lead, rules = _leads(pieces, chains, edge_count)
    frame = gpd.GeoDataFrame(
        {
            "from_node_id": places.node_ids[node[starts]],
            "to_node_id": places.node_ids[node[stops]],
            "length_m": length_m,
            "walk": rules[:, 0],
            "cycle_forward": rules[:, 1],
            "cycle_backward": rules[:, 2],
        },
        geometry=shapely.linestrings(xy_m[node], indices=edge),
        crs=epsg,
        index=pd.Index(pieces.edge_id[lead], name="edge_id"),
    )
    return frame.sort_index()


def _points_of(pieces: _Pieces, chains: _Chains, node: Wholes) -> tuple[Wholes, Wholes]:
    """The nodes along all edges behind each other, and the edge that each belongs to."""
    first, last = pieces.first[chains.piece], pieces.last[chains.piece]
    counts = last - first + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    stop = np.where(chains.reverse[owner], last[owner] - step, first[owner] + step)
    goes_on = np.zeros(len(counts), dtype=bool)
    goes_on[1:] = chains.edge[1:] == chains.edge[:-1]
    kept = ~(goes_on[owner] & (step == 0))  # where two pieces meet, the point is there once
    return node[stop[kept]], chains.edge[owner[kept]]


def _lengths_m(
    node: Wholes, edge: Wholes, edge_count: int, places: NodePlaces, xy_m: Floats, epsg: int
) -> Floats:
    between_m = segment_lengths_m(places.lonlat[node], xy_m[node], epsg)
    within = edge[1:] == edge[:-1]
    total = np.bincount(edge[1:][within], weights=between_m[within], minlength=edge_count)
    return np.asarray(total, dtype=np.float64)


def _leads(pieces: _Pieces, chains: _Chains, edge_count: int) -> tuple[Wholes, Flags]:
    """The piece that gives each edge its number, and the rules of the edge along its points."""
    lead = np.full(edge_count, len(pieces.first), dtype=np.int64)
    np.minimum.at(lead, chains.edge, chains.piece)
    return lead, pieces.rules[lead]


def _to_nodes(
    edges: gpd.GeoDataFrame, places: NodePlaces, xy_m: Floats, epsg: int
) -> gpd.GeoDataFrame:
    ends = edges[["from_node_id", "to_node_id"]].to_numpy(dtype=np.int64)
    node_ids, place = np.unique(ends, return_inverse=True)
    part = _parts(place.reshape(-1, 2), len(node_ids))
    sizes = np.bincount(part)
    return gpd.GeoDataFrame(
        {"part": part, "in_small_part": sizes[part] < SMALL_PART_NODES},
        geometry=shapely.points(xy_m[places.rows_of(node_ids)]),
        crs=epsg,
        index=pd.Index(node_ids, name="node_id"),
    )


def _parts(ends: Wholes, node_count: int) -> Wholes:
    """The part each node is in, regardless of direction; 0 is the largest."""
    graph = coo_matrix((np.ones(len(ends)), ends.T), shape=(node_count, node_count))
    _, label = connected_components(graph, directed=False)
    by_size = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty_like(by_size)
    rank[by_size] = np.arange(len(by_size))
    return np.asarray(rank[label], dtype=np.int64)
