"""Which areas lie against each other: they share a piece of border, or only a corner."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import GeoError

Int64s = npt.NDArray[np.int64]

#: Borders closer together than this are one border, metres.
SAME_BORDER_M = 0.01
_MM_PER_M = 1000
#: A corner is one whole number: its x in millimetres times this, and its y.
_ROW = 2**31
_FARTHEST_MM = 2**30


def find_neighbours(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Pairs of areas (RD, metres) that share a piece of border or a corner: queen contiguity.

    Columns ``area`` and ``neighbour`` hold labels of the index, which must be unique; each pair
    stands there once, in the order of the index. First come the areas that have a point of their
    border in common, to the millimetre. Of the others, those whose borders come within
    ``SAME_BORDER_M``: in the files of CBS a border between two gemeenten can be drawn twice, with
    other points on either side. An area without a shape, or alone in the water, is in no pair.

    Source: Cliff & Ord, Spatial Processes (1981), section 1.4.
    """
    if not areas.index.is_unique:
        raise GeoError("find_neighbours: an area occurs twice")
    shapes = np.asarray(areas.geometry.array, dtype=object)
    by_point = _sharing_a_point(shapes)
    codes = np.union1d(by_point, _touching(shapes, by_point))
    first, second = np.divmod(codes, max(1, len(shapes)))
    return pd.DataFrame({"area": areas.index[first], "neighbour": areas.index[second]})


def _sharing_a_point(shapes: npt.NDArray[Any]) -> Int64s:
    """Pairs with a common point, as first row times the number of shapes plus second row."""
    points, rows = _points(shapes)
    pairs: list[Int64s] = [np.empty(0, dtype=np.int64)]
    for step in range(1, len(shapes)):
        same = points[step:] == points[:-step]
        if not same.any():
            break
        pairs.append(rows[:-step][same] * len(shapes) + rows[step:][same])
    return np.unique(np.concatenate(pairs))


def _points(shapes: npt.NDArray[Any]) -> tuple[Int64s, Int64s]:
    """Every point of every border once, as a whole number, and its shape; sorted by both."""
    xy_m, rows = shapely.get_coordinates(shapes, return_index=True)
    mm = np.rint(xy_m * _MM_PER_M)
    if not (np.abs(mm) < _FARTHEST_MM).all():
        raise GeoError("find_neighbours: a border lies outside RD, or has no coordinates")
    whole = mm.astype(np.int64)
    points = whole[:, 0] * _ROW + whole[:, 1]
    order = np.lexsort((rows, points))
    points, rows = points[order], rows[order].astype(np.int64)
    is_new = np.ones(len(points), dtype=bool)
    is_new[1:] = (np.diff(points) != 0) | (np.diff(rows) != 0)
    return points[is_new], rows[is_new]


def _touching(shapes: npt.NDArray[Any], known: Int64s) -> Int64s:
    """Pairs not yet known whose borders come within the tolerance."""
    boxes = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * SAME_BORDER_M
    near = shapely.STRtree(shapes).query(shapely.box(*boxes.T))
    first, second = near[:, near[0] < near[1]].astype(np.int64)
    codes = first * len(shapes) + second
    unknown = ~np.isin(codes, known)
    first, second = first[unknown], second[unknown]
    shapely.prepare(shapes[first])
    meets = shapely.dwithin(shapes[first], shapes[second], SAME_BORDER_M)
    return np.asarray(codes[unknown][meets], dtype=np.int64)
