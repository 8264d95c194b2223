"""The squares of 100 m: on whole hundreds of metres in RD, each in one gemeente and one wijk."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.errors import InputError
from geo.crs import RD

#: The side of a square, and how much ground it is.
CELL_M = 100
CELL_HA = 1.0

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]


def cells_in(gemeenten: gpd.GeoDataFrame, wijken: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every square whose middle lies in one of the gemeenten (index: area code, RD).

    Index ``cell_code``: hundreds of metres of the south-west corner, as CBS names its squares
    (``E1039N4885``). Columns ``column`` and ``row`` (whole hundreds of metres east and north),
    ``x_m`` and ``y_m`` (the middle), ``gemeente_code`` and ``wijk_code`` (<NA> where no wijk is
    known). A middle on a border is in the area with the lowest code. From south to north, and
    from west to east.
    """
    if gemeenten.empty:
        raise InputError("cells_in", ["there are no gemeenten"])
    column, row = (part.ravel() for part in _corners(gemeenten.total_bounds))
    x_m, y_m = (part.astype(np.float64) * CELL_M + CELL_M / 2 for part in (column, row))
    gemeente = areas_of_points(x_m, y_m, gemeenten)
    inside = gemeente != ""
    column, row, x_m, y_m = column[inside], row[inside], x_m[inside], y_m[inside]
    wijk = areas_of_points(x_m, y_m, wijken)
    codes = [f"E{east:04d}N{north:04d}" for east, north in zip(column, row, strict=True)]
    return pd.DataFrame(
        {
            "column": column,
            "row": row,
            "x_m": x_m,
            "y_m": y_m,
            "gemeente_code": gemeente[inside],
            "wijk_code": pd.Series(wijk, dtype="object").replace("", pd.NA).to_numpy(),
        },
        index=pd.Index(codes, name="cell_code", dtype="object"),
    )


def areas_of_points(x_m: Floats, y_m: Floats, areas: gpd.GeoDataFrame) -> Words:
    """The code of the area (index) that each point lies in, "" outside all of them."""
    found = np.full(len(x_m), "", dtype=object)
    for code, shape in areas.geometry.sort_index().items():
        west, south, east, north = shape.bounds
        near = (x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north) & (found == "")
        at = np.flatnonzero(near)
        shapely.prepare(shape)
        found[at[shapely.intersects_xy(shape, x_m[at], y_m[at])]] = code
    return found


def squares(cells: pd.DataFrame) -> gpd.GeoSeries:
    """The squares themselves, on the index of the cells."""
    west, south = cells["column"].to_numpy() * CELL_M, cells["row"].to_numpy() * CELL_M
    boxes = shapely.box(west, south, west + CELL_M, south + CELL_M)
    return gpd.GeoSeries(boxes, index=cells.index, crs=RD)


def runs(cells: pd.DataFrame) -> npt.NDArray[Any]:
    """The same ground as the squares in few boxes: neighbours in a row make one."""
    return run_boxes(cells["column"].to_numpy(), cells["row"].to_numpy())


def run_boxes(columns: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """``runs`` of squares by their columns and rows."""
    order = np.lexsort((columns, rows))
    column, row = columns[order], rows[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 1)])
    ends = np.r_[starts[1:], len(column)] - 1
    return shapely.box(
        column[starts] * CELL_M,
        row[starts] * CELL_M,
        (column[ends] + 1) * CELL_M,
        (row[starts] + 1) * CELL_M,
    )


def _corners(bounds: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Columns and rows of every square that touches the bounds, row by row from the south."""
    west, south = np.floor(bounds[:2] / CELL_M).astype(np.int64)
    east, north = np.ceil(bounds[2:] / CELL_M).astype(np.int64)
    columns, rows = np.meshgrid(np.arange(west, east), np.arange(south, north))
    return columns, rows
