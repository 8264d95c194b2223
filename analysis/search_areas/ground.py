"""The ground of every square: how much of it rules the square out, and what asks attention.

Ground of many corners is cut in small pieces first, so that a square is compared with the few
corners near it. What is outside the region is ground that rules out as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.land_uses import LAND_USES
from analysis.search_areas.grid import CELL_M, squares

Geometries = npt.NDArray[Any]
Positions = npt.NDArray[np.intp]
#: The kind of ground that no gemeente of the region has.
OUTSIDE = "buiten"
#: A piece of ground has no more corners than this.
MOST_CORNERS = 64
_CELL_M2 = float(CELL_M**2)
_NONE: Positions = np.array([], dtype=np.intp)
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of the ground of the squares of the region.

    ``cells`` are those of ``grid.cells_in`` with ``excluded_share`` (how much of the square is
    ground that rules out, 0 to 1), ``is_middle_excluded`` and ``excluded_by`` (the use that takes
    most of it, or <NA>). ``shares`` has for every kind of ground that occurs how much of the square
    it is. ``kinds`` are the kinds that anything is known of: of others the map is silent.
    """

    cells: pd.DataFrame
    shares: pd.DataFrame
    kinds: tuple[str, ...]
    _pieces: Geometries
    _barring_cell: Positions
    _barring_piece: Positions

    @property
    def attention_kinds(self) -> tuple[str, ...]:
        """The kinds that something is known of and that ask attention, but rule nothing out."""
        return tuple(kind for kind in self.kinds if not LAND_USES[kind].excludes)

    def barred_at(self, positions: Positions) -> Geometries:
        """The ground that rules out in or beside these squares (by their place in a row)."""
        first, last = (np.searchsorted(self._barring_cell, positions, side) for side in _SIDES)
        some = np.flatnonzero(last > first)
        found = [self._barring_piece[first[at] : last[at]] for at in some]
        pieces: Geometries = self._pieces[np.unique(np.concatenate([_NONE, *found]))]
        return pieces


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Pieces of ground: their shape, their kind, and the place of the whole they are cut from."""

    shape: Geometries
    kind: npt.NDArray[np.object_]
    whole: Positions


@dataclass(frozen=True, eq=False)
class _Touches:
    """Which square has which piece, and the part of the piece in the square."""

    cell: Positions
    piece: Positions
    part: Geometries


def measure_ground(cells: pd.DataFrame, uses: gpd.GeoDataFrame, region: shapely.Geometry) -> Ground:
    """The ground of the squares, from uses of the ground (``kind`` and geometry, RD).

    ``region`` is the ground of all gemeenten together. Ground that overlaps counts once.
    """
    pieces = _cut(uses, cells, region)
    boxes = np.asarray(squares(cells).array)
    touches = _touches(boxes, pieces)
    kinds = tuple(kind for kind in (*LAND_USES.keys, OUTSIDE) if kind in set(pieces.kind))
    shares = _shares(len(cells), touches, pieces, kinds)
    excluding = [kind for kind in kinds if _excludes(kind)]
    is_barring = np.isin(pieces.kind, excluding)
    barring = _part(touches, is_barring[touches.piece])
    order = np.argsort(barring.cell, kind="stable")
    share = _share_of(len(cells), barring, pieces)
    return Ground(
        cells.assign(
            excluded_share=share,
            is_middle_excluded=_has_middle(cells, pieces.shape[is_barring]),
            excluded_by=_largest(shares[:, [kinds.index(kind) for kind in excluding]], excluding),
        ),
        pd.DataFrame(shares, index=cells.index, columns=list(kinds)),
        kinds=tuple(kind for kind in LAND_USES.keys if kind in set(uses["kind"])),
        _pieces=pieces.shape,
        _barring_cell=barring.cell[order],
        _barring_piece=barring.piece[order],
    )


def cut_ground(
    shapes: Geometries, most_corners: int = MOST_CORNERS
) -> tuple[Geometries, Positions]:
    """The same ground in pieces of few corners, and for each the place of what it is cut from.

    Whatever has more corners is halved along its longer side until it has not.
    """
    done: list[Geometries] = []
    done_of: list[Positions] = []
    left, left_of = np.asarray(shapes, dtype=object), np.arange(len(shapes))
    while len(left):
        is_small = shapely.get_num_coordinates(left) <= most_corners
        done.append(left[is_small])
        done_of.append(left_of[is_small])
        left, left_of = _halved(left[~is_small], left_of[~is_small])
    return np.concatenate([left, *done]), np.concatenate([left_of, *done_of])


def _halved(shapes: Geometries, of: Positions) -> tuple[Geometries, Positions]:
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    is_wide = (east - west) >= (north - south)
    x_m = np.where(is_wide, (west + east) / 2, east)
    y_m = np.where(is_wide, north, (south + north) / 2)
    first = shapely.intersection(shapes, shapely.box(west, south, x_m, y_m))
    x_m, y_m = np.where(is_wide, x_m, west), np.where(is_wide, south, y_m)
    second = shapely.intersection(shapes, shapely.box(x_m, y_m, east, north))
    halves, halves_of = np.concatenate([first, second]), np.concatenate([of, of])
    is_ground = shapely.area(halves) > 0
    return halves[is_ground], halves_of[is_ground]


def _cut(uses: gpd.GeoDataFrame, cells: pd.DataFrame, region: shapely.Geometry) -> _Pieces:
    boxes = squares(cells)
    outside = shapely.difference(shapely.box(*boxes.total_bounds), region)
    shapes = np.append(np.asarray(uses.geometry.array, dtype=object), outside)
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    kinds = np.append(uses["kind"].to_numpy(dtype=object), OUTSIDE)
    polygons, of = shapely.get_parts(shapes, return_index=True)
    is_ground = shapely.area(polygons) > 0
    polygons, of = polygons[is_ground], of[is_ground]
    pieces, whole = cut_ground(polygons)
    return _Pieces(pieces, kinds[of[whole]], whole)


def _touches(boxes: Geometries, pieces: _Pieces) -> _Touches:
    piece, cell = shapely.STRtree(boxes).query(pieces.shape, predicate="intersects")
    part = boxes[cell].copy()
    is_whole = shapely.covers(pieces.shape[piece], boxes[cell])
    cut = ~is_whole
    part[cut] = shapely.intersection(boxes[cell[cut]], pieces.shape[piece[cut]])
    has_ground = shapely.area(part) > 0
    return _Touches(cell[has_ground], piece[has_ground], part[has_ground])


def _part(touches: _Touches, which: npt.NDArray[np.bool_]) -> _Touches:
    return _Touches(touches.cell[which], touches.piece[which], touches.part[which])


def _shares(
    count: int, touches: _Touches, pieces: _Pieces, kinds: Collection[str]
) -> npt.NDArray[np.float64]:
    found = np.zeros((count, len(kinds)))
    for place, kind in enumerate(kinds):
        own = _part(touches, pieces.kind[touches.piece] == kind)
        found[:, place] = _share_of(count, own, pieces)
    return found


def _share_of(count: int, touches: _Touches, pieces: _Pieces) -> npt.NDArray[np.float64]:
    """How much of each square these parts take together; where wholes overlap, they count once."""
    areas = np.bincount(touches.cell, shapely.area(touches.part), minlength=count)
    order = np.argsort(touches.cell, kind="stable")
    shared = _shared(touches, pieces)
    first, last = (np.searchsorted(touches.cell[order], shared, side) for side in _SIDES)
    for cell, start, end in zip(shared, first, last, strict=True):
        areas[cell] = shapely.union_all(touches.part[order[start:end]]).area
    return np.minimum(areas / _CELL_M2, 1.0)


def _shared(touches: _Touches, pieces: _Pieces) -> Positions:
    """The squares with parts of more than one whole, which may overlap."""
    pairs = np.unique(np.column_stack([touches.cell, pieces.whole[touches.piece]]), axis=0)
    cell, wholes = np.unique(pairs[:, 0], return_counts=True)
    found: Positions = cell[wholes > 1]
    return found


def _has_middle(cells: pd.DataFrame, pieces: Geometries) -> npt.NDArray[np.bool_]:
    middles = shapely.points(cells["x_m"], cells["y_m"])
    inside, _ = shapely.STRtree(pieces).query(middles, predicate="intersects")
    found = np.zeros(len(cells), dtype=np.bool_)
    found[inside] = True
    return found


def _largest(shares: npt.NDArray[np.float64], kinds: list[str]) -> npt.NDArray[np.object_]:
    found = np.full(len(shares), pd.NA, dtype=object)
    if kinds:
        has_any = shares.max(axis=1) > 0
        found[has_any] = np.array(kinds, dtype=object)[shares[has_any].argmax(axis=1)]
    return found


def _excludes(kind: str) -> bool:
    return kind == OUTSIDE or LAND_USES[kind].excludes
