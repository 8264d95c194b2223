"""The street network as arrays: nodes, and arcs from node to node.

A node is a crossing, an end of a street, or lies between two pieces of a long street (see
``geo.street_pieces``); only ``in_small_component`` tells them apart.

Streets that can be used both ways are two arcs. The arcs stand in rows by the node they
leave (compressed sparse rows): those of node ``v`` are ``first[v]`` to ``first[v + 1]``.
Nodes are put in the order of a curve that keeps neighbours together (Morton 1966), so that
a search that spreads over the streets stays in a small part of memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import RD_EPSG
from geo.errors import NetworkError
from geo.frames import STREET_EDGES, STREET_NODES, check
from geo.street_pieces import are_between

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Profile = Literal["walk", "cycle"]
PROFILES: tuple[Profile, ...] = get_args(Profile)

MM_PER_M = 1_000
#: Not reached. A street more never makes it overflow: twice this still fits in 32 bits.
UNREACHED = np.int32(2**30)
#: The longest distance that can be measured, and the longest single street.
MAX_MM = int(UNREACHED) - 1
#: A component of fewer crossings is small: a path in a park, a car park, a fault in the map.
#: Nodes in between do not count: a long path without crossings leads nowhere either.
SMALL_COMPONENT_NODES = 20
#: Steps that put a zero between every two bits of a number of 32 bits.
_SPREAD_BITS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs in rows by node; ``edge`` is the row in ``StreetNetwork.edge_ids`` of each."""

    first: Int32s
    target: Int32s
    length_mm: Int32s
    edge: Int32s

    def __post_init__(self) -> None:
        """Arrays can't be changed: many searches read them at the same time."""
        for values in (self.first, self.target, self.length_mm, self.edge):
            values.flags.writeable = False

    @cached_property
    def source(self) -> Int32s:
        """The node that each arc leaves."""
        nodes = np.arange(len(self.first) - 1, dtype=np.int32)
        return np.repeat(nodes, np.diff(self.first))

    @cached_property
    def longest_mm(self) -> int:
        """The length of the longest arc; 0 when there is none."""
        return int(self.length_mm.max(initial=0))


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """The streets for one way of travelling.

    ``forward`` has the arcs from each node, ``backward`` those towards it, turned round; on
    foot they are the same. ``component`` numbers the parts that hang together, whatever the
    direction; 0 is the largest. ``node_ids`` and ``edge_ids`` lead back to the frames.
    """

    profile: Profile
    node_ids: Int64s
    x_m: Floats
    y_m: Floats
    edge_ids: Int64s
    component: Int32s
    forward: Arcs
    backward: Arcs

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other: the search would read beyond them."""
        for values in (self.node_ids, self.x_m, self.y_m, self.edge_ids, self.component):
            values.flags.writeable = False
        faults = [
            f"{name} has {len(values)} values, not {self.node_count}"
            for name, values in (
                ("x_m", self.x_m),
                ("y_m", self.y_m),
                ("component", self.component),
            )
            if len(values) != self.node_count
        ]
        for name, arcs in (("forward", self.forward), ("backward", self.backward)):
            faults += [f"{name}: {fault}" for fault in _faults(arcs, self)]
        if faults:
            raise NetworkError("; ".join(faults))

    @property
    def node_count(self) -> int:
        """Number of crossings and nodes in between."""
        return len(self.node_ids)

    @property
    def arc_count(self) -> int:
        """Number of arcs; a street that can be used both ways counts twice."""
        return len(self.forward.target)

    @cached_property
    def component_node_counts(self) -> Int64s:
        """Number of nodes in each component, the largest first."""
        return np.bincount(self.component).astype(np.int64)

    @cached_property
    def in_small_component(self) -> Flags:
        """Whether each node lies in a component of few crossings that is not the largest one."""
        crossings = self.component[~are_between(self.node_ids)]
        counts = np.bincount(crossings, minlength=len(self.component_node_counts))
        small = counts < SMALL_COMPONENT_NODES
        small[:1] = False
        flags: Flags = small[self.component]
        return flags

    @cached_property
    def _order_of_ids(self) -> Int64s:
        return np.argsort(self.node_ids).astype(np.int64)

    def index_of(self, node_ids: npt.ArrayLike) -> Int32s:
        """Where the nodes with these ids are in the arrays; NetworkError when one is unknown."""
        return _positions(np.asarray(node_ids), self.node_ids, self._order_of_ids, "node")


@dataclass(frozen=True)
class Streets:
    """Streets between rows of a table of nodes, each with the directions one may go."""

    ids: Int64s
    start: Int64s
    stop: Int64s
    length_mm: Int64s
    forward: Flags
    backward: Flags

    def usable(self) -> Streets:
        """Only those that can be used in some direction."""
        kept = self.forward | self.backward
        return Streets(*(values[kept] for values in vars(self).values()))


def build_network(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, profile: Profile, *, epsg: int = RD_EPSG
) -> StreetNetwork:
    """The network for ``profile`` from STREET_NODES and STREET_EDGES of ``geo.frames``.

    ``epsg`` is the system in metres of the frames: RD New, and another only abroad.
    """
    check(nodes, STREET_NODES, epsg=epsg)
    check(edges, STREET_EDGES, epsg=epsg)
    if profile not in PROFILES:
        raise NetworkError(f"{profile!r} is not one of {list(PROFILES)}")
    ids = _whole(nodes.index, "node")
    order = np.argsort(ids)
    both = [_whole(pd.Index(edges[name]), "node") for name in ("from_node_id", "to_node_id")]
    start, stop = (_positions(ends, ids, order, "node") for ends in both)
    directions = ("walk", "walk") if profile == "walk" else ("cycle_forward", "cycle_backward")
    forward, backward = (edges[name].to_numpy(dtype=bool) for name in directions)
    streets = Streets(
        ids=_whole(edges.index, "edge"),
        start=start.astype(np.int64),
        stop=stop.astype(np.int64),
        length_mm=to_mm(edges["length_m"].to_numpy(dtype=float)),
        forward=forward,
        backward=backward,
    )
    xy_m = shapely.get_coordinates(nodes.geometry.array)
    return lay_network(profile, ids, xy_m[:, 0], xy_m[:, 1], streets)


def lay_network(
    profile: Profile, node_ids: Int64s, x_m: Floats, y_m: Floats, streets: Streets
) -> StreetNetwork:
    """The network of these nodes and streets; on foot every street goes both ways."""
    streets = streets.usable()
    if len(streets.ids) and not 0 <= streets.length_mm.min() <= streets.length_mm.max() <= MAX_MM:
        raise NetworkError(f"a street is shorter than 0 or longer than {MAX_MM / MM_PER_M:.0f} m")
    order = _morton_order(x_m, y_m)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    start, stop = rank[streets.start], rank[streets.stop]
    along = _Bundle.of(start, stop, streets.length_mm, streets.forward)
    against = _Bundle.of(stop, start, streets.length_mm, streets.backward)
    both = along.joined(against)
    symmetric = bool((streets.forward == streets.backward).all())
    forward = both.to_arcs(len(order))
    return StreetNetwork(
        profile=profile,
        node_ids=node_ids[order].astype(np.int64),
        x_m=x_m[order].astype(np.float64),
        y_m=y_m[order].astype(np.float64),
        edge_ids=streets.ids.astype(np.int64),
        component=_components(start, stop, len(order)),
        forward=forward,
        backward=forward if symmetric else both.turned().to_arcs(len(order)),
    )


def to_mm(metres: npt.ArrayLike) -> Int64s:
    """Whole millimetres, a half to the even one; longer than 64 bits hold is refused."""
    mm = np.rint(np.asarray(metres, dtype=np.float64) * MM_PER_M)
    if not np.isfinite(mm).all() or (np.abs(mm) > MAX_MM).any():
        raise NetworkError(f"a length is unknown or longer than {MAX_MM / MM_PER_M:.0f} m")
    return mm.astype(np.int64)


def to_m(distance_mm: npt.NDArray[np.integer]) -> Floats:
    """Metres; NaN where nothing was reached."""
    return np.where(distance_mm >= UNREACHED, np.nan, distance_mm / MM_PER_M)


@dataclass(frozen=True)
class _Bundle:
    """Arcs in any order."""

    source: Int64s
    target: Int64s
    length_mm: Int64s
    edge: Int64s

    @classmethod
    def of(cls, source: Int64s, target: Int64s, length_mm: Int64s, allowed: Flags) -> _Bundle:
        edge = np.flatnonzero(allowed)
        return cls(source[edge], target[edge], length_mm[edge], edge)

    def joined(self, other: _Bundle) -> _Bundle:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return _Bundle(*(np.concatenate(pair) for pair in pairs))

    def turned(self) -> _Bundle:
        return _Bundle(self.target, self.source, self.length_mm, self.edge)

    def to_arcs(self, node_count: int) -> Arcs:
        order = np.lexsort((self.length_mm, self.target, self.source))
        leaving = np.bincount(self.source, minlength=node_count)
        return Arcs(
            first=np.concatenate([[0], np.cumsum(leaving)]).astype(np.int32),
            target=self.target[order].astype(np.int32),
            length_mm=self.length_mm[order].astype(np.int32),
            edge=self.edge[order].astype(np.int32),
        )


def _faults(arcs: Arcs, network: StreetNetwork) -> list[str]:
    count = len(arcs.target)
    if len(arcs.first) != network.node_count + 1 or len(arcs.length_mm) != count:
        return ["the arrays differ in length"]
    if len(arcs.edge) != count or arcs.first[0] != 0 or arcs.first[-1] != count:
        return ["the arrays differ in length"]
    faults = []
    if (np.diff(arcs.first) < 0).any():
        faults.append("the rows are not in order")
    for name, values, below in (
        ("target", arcs.target, network.node_count),
        ("length", arcs.length_mm, MAX_MM + 1),
        ("edge", arcs.edge, len(network.edge_ids)),
    ):
        if count and not (values.min() >= 0 and values.max() < below):
            faults.append(f"{name} is out of range")
    return faults


def _whole(index: pd.Index, what: str) -> Int64s:
    if not pd.api.types.is_numeric_dtype(index.dtype):
        raise NetworkError(f"the {what} ids are not whole numbers")
    return index.to_numpy().astype(np.int64)


def _positions(wanted: Int64s, ids: Int64s, order: Int64s, what: str) -> Int32s:
    """Row of each wanted id; ``order`` sorts ``ids``."""
    if not len(ids):
        found = np.zeros(wanted.shape, dtype=np.int64)
        unknown = np.ones(wanted.shape, dtype=bool)
    else:
        found = order[np.searchsorted(ids, wanted, sorter=order).clip(max=len(ids) - 1)]
        unknown = ids[found] != wanted
    if unknown.any():
        raise NetworkError(
            f"{int(unknown.sum())} {what} ids are unknown, the first is {wanted[unknown].flat[0]}"
        )
    return found.astype(np.int32)


def _components(start: Int64s, stop: Int64s, node_count: int) -> Int32s:
    """The component of each node, numbered by size; of equal ones the first comes first."""
    ones = np.ones(len(start), dtype=np.int32)
    graph = coo_array((ones, (start, stop)), shape=(node_count, node_count)).tocsr()
    if node_count == 0:
        return np.zeros(0, dtype=np.int32)
    _, label = connected_components(graph, directed=False)
    by_size = np.argsort(-np.bincount(label), kind="stable")
    number = np.empty(len(by_size), dtype=np.int32)
    number[by_size] = np.arange(len(by_size), dtype=np.int32)
    component: Int32s = number[label]
    return component


def _morton_order(x_m: Floats, y_m: Floats) -> Int64s:
    """Rows along a Z-curve: the bits of both coordinates in turn, in steps of a metre."""
    if not len(x_m):
        return np.zeros(0, dtype=np.int64)
    codes = np.zeros(len(x_m), dtype=np.uint64)
    for bit_of_axis, metres in enumerate((x_m, y_m)):
        steps = np.clip(metres - metres.min(), 0, 2**31).astype(np.uint64)
        for shift, mask in _SPREAD_BITS:
            steps = (steps | (steps << np.uint64(shift))) & np.uint64(mask)
        codes |= steps << np.uint64(bit_of_axis)
    return np.argsort(codes, kind="stable").astype(np.int64)
