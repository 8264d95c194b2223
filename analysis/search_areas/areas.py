"""Squares beside each other that meet everything, made areas: outline, size and ranges.

Squares that share a side belong together. What crosses the border of a wijk is told per wijk, so
that every area has its place in a list by wijk; how large the whole is stands with each part.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import ndimage

from analysis.search_areas.assessment import RegionFacts, assess_cells
from analysis.search_areas.conditions import Conditions
from analysis.search_areas.grid import CELL_HA, Floats, run_boxes
from analysis.search_areas.ground import Ground
from geo.crs import RD
from geo.outlines import to_multipolygons

#: What a square became that meets everything, in a group that is smaller than asked.
TOO_SMALL = "te_klein"
FITS = "past"
_M2_PER_HA = 10_000.0
#: Outlines that lie closer together than this are one, metres.
_SAME_POINT_M = 0.001
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SearchAreas:
    """The search areas of a type under some conditions, and what became of every square.

    ``cells`` are those of ``assess_cells``, with ``gemeente_code``, ``wijk_code`` and
    ``area_number`` (0 for squares in none); squares in too small a group are ``te_klein``.
    ``areas`` (index ``area_number``, from 1; by gemeente, wijk and from north to south) has:
    ``gemeente_code``, ``wijk_code``, ``whole_number`` (the same for parts of one whole),
    ``whole_ha``, ``area_ha`` (without ground that rules out), ``cell_count``, ``x_m`` and ``y_m``
    (the middle of a square in the midst of it) and the outline. ``ranges`` (area_number,
    criterion) has ``least_min`` and ``most_min`` of the travel time; ``area_ranges`` has
    ``least_`` and ``most_`` of the scores and the places near, by area. ``attention`` has how
    many ha of each use that asks attention lies in an area.
    """

    facts: RegionFacts
    conditions: Conditions
    cells: pd.DataFrame
    areas: gpd.GeoDataFrame
    ranges: pd.DataFrame
    area_ranges: pd.DataFrame
    attention: pd.DataFrame

    @property
    def total_ha(self) -> float:
        """How much ground all areas are together."""
        return float(self.areas["area_ha"].sum())


def find_search_areas(facts: RegionFacts, conditions: Conditions) -> SearchAreas:
    """Assess every square and gather those that meet everything into areas."""
    ground = facts.ground
    cells = ground.cells[["column", "row", "x_m", "y_m", "gemeente_code", "wijk_code"]].join(
        assess_cells(facts, conditions)
    )
    whole = _wholes(cells, cells["outcome"] == FITS)
    sizes = np.bincount(whole)
    is_small = (whole > 0) & (sizes[whole] * CELL_HA < conditions.kleinste)
    cells["outcome"] = cells["outcome"].mask(is_small, TOO_SMALL)
    whole[is_small] = 0
    cells["area_number"], listed = _numbered(cells, whole)
    areas = _outlined(cells, ground, listed)
    kept = cells["area_number"] > 0
    number = cells.loc[kept, "area_number"]
    return SearchAreas(
        facts,
        conditions,
        cells=cells,
        areas=areas,
        ranges=_travel_ranges(facts.minutes[kept], number),
        area_ranges=_other_ranges(cells[kept], number),
        attention=_attention(ground, kept.to_numpy(), number),
    )


def _wholes(cells: pd.DataFrame, fits: pd.Series) -> Numbers:
    """The number of the whole that each square is part of; squares that share a side are one."""
    column, row = (cells[name].to_numpy() - cells[name].min() for name in ("column", "row"))
    picture = np.zeros((row.max() + 1, column.max() + 1), dtype=np.bool_)
    picture[row, column] = fits
    labels, _ = ndimage.label(picture)
    found: Numbers = labels[row, column].astype(np.int64)
    return found


def _numbered(cells: pd.DataFrame, whole: Numbers) -> tuple[Numbers, pd.DataFrame]:
    """Areas in the order of their codes, from north to south; the number of each square's area."""
    kept = cells[whole > 0].assign(whole=whole[whole > 0])
    by = ["gemeente_code", "wijk_code", "whole"]
    parts = (
        kept.assign(wijk_code=kept["wijk_code"].fillna(""))
        .groupby(by, sort=False)
        .agg(row=("row", "max"), column=("column", "min"), cell_count=("row", "size"))
        .reset_index()
        .sort_values(
            ["gemeente_code", "wijk_code", "row", "column", "whole"],
            ascending=[True, True, False, True, True],
        )
        .reset_index(drop=True)
    )
    parts.index = pd.RangeIndex(1, len(parts) + 1, name="area_number")
    sizes = parts.groupby("whole")["cell_count"].transform("sum") * CELL_HA
    listed = parts.drop(columns=["row", "column"]).rename(columns={"whole": "whole_number"})
    listed["whole_ha"] = sizes.astype("float64")
    numbers = np.zeros(len(cells), dtype=np.int64)
    keys = pd.MultiIndex.from_frame(kept[by].assign(wijk_code=kept["wijk_code"].fillna("")))
    numbers[whole > 0] = pd.MultiIndex.from_frame(parts[by]).get_indexer(keys) + 1
    return numbers, listed


def _outlined(cells: pd.DataFrame, ground: Ground, listed: pd.DataFrame) -> gpd.GeoDataFrame:
    number = cells["area_number"].to_numpy()
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], [*listed.index, len(listed) + 1])
    column, row, x_m, y_m = (cells[name].to_numpy() for name in ("column", "row", "x_m", "y_m"))
    drawn, middles = [], []
    for first, last in pairwise(bounds):
        own = order[first:last]
        drawn.append(_outline(run_boxes(column[own], row[own]), ground.barred_at(own)))
        middles.append(_middle(x_m[own], y_m[own]))
    places = pd.DataFrame(middles, columns=["x_m", "y_m"], index=listed.index, dtype="float64")
    shapes = to_multipolygons(np.array(drawn, dtype=object))
    areas = listed.assign(
        wijk_code=listed["wijk_code"].replace("", pd.NA),
        area_ha=shapely.area(shapes) / _M2_PER_HA,
        **places,
    )
    return gpd.GeoDataFrame(areas, geometry=gpd.GeoSeries(shapes, index=listed.index, crs=RD))


def _outline(boxes: npt.NDArray[Any], barred: npt.NDArray[Any]) -> Any:
    """The ground of the boxes, without the ground that rules out."""
    # Corners on a straight line go; what is thinner than a millimetre as well.
    whole = shapely.simplify(shapely.union_all(boxes), 0)
    if not len(barred):
        return whole
    shape = shapely.set_precision(
        shapely.simplify(shapely.difference(whole, shapely.union_all(barred)), 0), _SAME_POINT_M
    )
    return shape if shape.is_valid else shapely.make_valid(shape)


def _middle(x_m: Floats, y_m: Floats) -> tuple[float, float]:
    """The middle of the square nearest to the middle of all of them."""
    nearest = int(np.argmin(np.hypot(x_m - x_m.mean(), y_m - y_m.mean())))
    return float(x_m[nearest]), float(y_m[nearest])


def _travel_ranges(minutes: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    grouped = minutes.groupby(number.to_numpy())
    parts = [grouped.min().stack(), grouped.max().stack()]
    found = pd.concat(parts, axis=1, keys=["least_min", "most_min"])
    found.index = found.index.set_names(["area_number", "criterion"])
    return found


def _other_ranges(cells: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    names = ["access_score", "distance_score", "place_count", "unknown_site_count"]
    grouped = cells[names].groupby(number.to_numpy())
    found = grouped.min().add_prefix("least_").join(grouped.max().add_prefix("most_"))
    return found.rename_axis("area_number")


def _attention(ground: Ground, kept: npt.NDArray[np.bool_], number: pd.Series) -> pd.DataFrame:
    """How many ha of each kind that does not rule out lies in each area."""
    names = [kind for kind in ground.attention_kinds if kind in ground.shares]
    shares = ground.shares.loc[kept, names] * CELL_HA
    return shares.groupby(number.to_numpy()).sum().rename_axis("area_number")
