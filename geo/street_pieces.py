"""Long streets in pieces, so that every place along a street has a node nearby.

A point is joined to the streets at the nearest node. Were crossings the only nodes, a place
right beside the middle of a long street would seem far from it, and its way would start at a
crossing that may be the wrong one. So each street is cut into equal pieces of at most
``LONGEST_PIECE_M``, and nodes come in between. These are no crossings: nobody turns there.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import NetworkError
from geo.frames import STREET_EDGES, STREET_NODES, check

Wholes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Lines = npt.NDArray[np.object_]

#: A street of this length is whole; 50 m on foot is 0.6 minutes.
LONGEST_PIECE_M = 100.0
#: Only streets of more than 3.2 km have longer pieces: ferries, dikes, tracks in the hills.
PIECES_PER_STREET = 32
#: Nodes in between are numbered from here, beyond all crossings (OpenStreetMap: 2**34 in 2026).
#: All numbers stay below 2**53, so that they are whole numbers as a float as well.
FIRST_BETWEEN_ID = 2**50
#: New points are rounded to 0.1 micrometre: the same on every machine.
_DECIMALS = 7
_MM_DECIMALS = 3


@dataclass(frozen=True)
class StreetPieces:
    """STREET_NODES and STREET_EDGES of ``geo.frames`` after cutting."""

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame


@dataclass(frozen=True)
class _Plan:
    """Per piece: the row of its street, its place in it, how many there are, begin and end (m)."""

    street: Wholes
    place: Wholes
    count: Wholes
    begin_m: Floats
    end_m: Floats

    @property
    def is_first(self) -> Flags:
        return np.asarray(self.place == 0)

    @property
    def is_last(self) -> Flags:
        return np.asarray(self.place + 1 == self.count)


def street_id_of(edge_id: int) -> int:
    """The number that the street of a piece had before it was cut."""
    return edge_id // PIECES_PER_STREET


def are_between(node_ids: Wholes) -> Flags:
    """Which nodes are no crossings but lie between two pieces of one street."""
    return np.asarray(node_ids >= FIRST_BETWEEN_ID)


def cut_streets(nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> StreetPieces:
    """The streets in pieces, with the nodes in between added.

    A piece is numbered ``PIECES_PER_STREET`` times its street plus its place, and the node
    where it starts ``FIRST_BETWEEN_ID`` plus the number of the piece: the same street always
    gives the same numbers. Cuts lie on whole millimetres, so the pieces together are as long
    as the street, also after rounding: between crossings no distance changes. Raises
    NetworkError for numbers that leave no room.
    """
    street_ids = edges.index.to_numpy(dtype=np.int64)
    _check_room(nodes.index.to_numpy(dtype=np.int64), street_ids)
    plan = _plan(edges["length_m"].to_numpy(dtype=np.float64))
    edge_id = street_ids[plan.street] * PIECES_PER_STREET + plan.place
    lines = _cut_lines(np.asarray(edges.geometry.array, dtype=object), plan)
    between = ~plan.is_first
    node_id = FIRST_BETWEEN_ID + edge_id
    cut = gpd.GeoDataFrame(
        edges.drop(columns="geometry").take(plan.street).reset_index(drop=True),
        geometry=lines,
        crs=edges.crs,
    ).set_index(pd.Index(edge_id, name="edge_id"))
    cut["length_m"] = plan.end_m - plan.begin_m
    cut["from_node_id"] = np.where(between, node_id, cut["from_node_id"])
    cut["to_node_id"] = np.where(plan.is_last, cut["to_node_id"], np.roll(node_id, -1))
    added = gpd.GeoDataFrame(
        geometry=shapely.get_point(lines[between], 0),
        crs=nodes.crs,
        index=pd.Index(node_id[between], name="node_id"),
    )
    every = gpd.GeoDataFrame(pd.concat([nodes[["geometry"]], added]), crs=nodes.crs)
    every.index = pd.Index(every.index.to_numpy(dtype=np.int64), name="node_id")
    epsg = edges.crs.to_epsg()
    return StreetPieces(check(every, STREET_NODES, epsg=epsg), check(cut, STREET_EDGES, epsg=epsg))


def _check_room(node_ids: Wholes, street_ids: Wholes) -> None:
    if are_between(node_ids).any():
        raise NetworkError(f"a crossing is numbered {FIRST_BETWEEN_ID} or more")
    if len(street_ids) and not 0 <= street_ids.min() <= street_ids.max() < _street_id_limit():
        raise NetworkError(f"a street is not numbered from 0 to {_street_id_limit() - 1}")


def _street_id_limit() -> int:
    return FIRST_BETWEEN_ID // PIECES_PER_STREET


def _plan(length_m: Floats) -> _Plan:
    """Pieces of equal length, but for the millimetre."""
    counts = np.ceil(length_m / LONGEST_PIECE_M).clip(1, PIECES_PER_STREET).astype(np.int64)
    street = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(street)) - np.repeat(np.cumsum(counts) - counts, counts)
    count, whole_m = counts[street], length_m[street]
    begin_m = np.round(whole_m * place / count, _MM_DECIMALS)
    end_m = np.where(place + 1 == count, whole_m, np.roll(begin_m, -1))
    return _Plan(street, place, count, begin_m, end_m)


def _cut_lines(lines: Lines, plan: _Plan) -> Lines:
    """The line of each piece. Along a line ``length_m`` grows as fast as the line itself."""
    found: Lines = lines[plan.street]
    cut = np.flatnonzero(plan.count > 1)
    if not len(cut):
        return found
    long, owner = np.unique(plan.street[cut], return_inverse=True)
    xy_m, line = shapely.get_coordinates(lines[long], return_index=True)
    step_m = np.hypot(*np.diff(xy_m, axis=0, prepend=xy_m[:1]).T)
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    stops = np.append(starts[1:], len(line)) - 1
    step_m[starts] = 0.0
    along_m = np.cumsum(step_m)  # of all lines behind each other
    whole_m = along_m[stops] - along_m[starts]
    first, last = plan.is_first[cut], plan.is_last[cut]
    share = plan.begin_m[cut] / plan.end_m[cut[last]][owner]
    begin_m = along_m[starts[owner]] + share * whole_m[owner]
    begin = np.column_stack([np.interp(begin_m, along_m, values) for values in xy_m.T])
    begin = np.where(first[:, None], xy_m[starts[owner]], np.round(begin, _DECIMALS))
    end = np.where(last[:, None], xy_m[stops[owner]], np.roll(begin, -1, axis=0))
    bends = np.setdiff1d(np.arange(len(xy_m)), np.concatenate([starts, stops]))
    piece = np.searchsorted(begin_m, along_m[bends], side="right") - 1
    piece = piece.clip(np.flatnonzero(first)[line[bends]], np.flatnonzero(last)[line[bends]])
    apart = (along_m[bends] != begin_m[piece]) | first[piece]  # the cut may be at a bend
    rows = np.arange(len(cut))
    order = np.concatenate([rows * 3, piece[apart] * 3 + 1, rows * 3 + 2])
    points = np.concatenate([begin, xy_m[bends[apart]], end])
    in_order = np.argsort(order, kind="stable")
    found[cut] = shapely.linestrings(points[in_order], indices=order[in_order] // 3)
    return found
