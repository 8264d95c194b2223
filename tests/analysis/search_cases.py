"""Small regions of whole squares, to test search areas by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.access.profiles import ACCESS_PROFILES, HOMES, AccessProfile, far, near
from analysis.search_areas.assessment import RegionFacts
from analysis.search_areas.grid import cells_in
from analysis.search_areas.ground import Ground, measure_ground
from geo.crs import RD

WEST_M, SOUTH_M = 100_000, 480_000
NEAR_ONLY: AccessProfile = replace(
    ACCESS_PROFILES["respijt"],
    criteria=(near("huisarts", 5, 15, 60), near("supermarkt", 5, 15, 40)),
)
NEAR_AND_FAR: AccessProfile = replace(
    ACCESS_PROFILES["skaeve_huse"],
    criteria=(near("huisarts", 5, 15, 40), far(HOMES, 5, 1, 60)),
)
assert NEAR_ONLY.criteria[0].weight == Fraction(3, 5)
Use = tuple[str, shapely.Geometry]


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in metres from the south-west corner of the region."""
    return shapely.box(WEST_M + west, SOUTH_M + south, WEST_M + east, SOUTH_M + north)


def named(shapes: Mapping[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Areas by code."""
    index = pd.Index(list(shapes), name="area_code")
    return gpd.GeoDataFrame(geometry=list(shapes.values()), crs=RD, index=index)


def uses_of(uses: Sequence[Use]) -> gpd.GeoDataFrame:
    """Uses of the ground."""
    kinds = pd.Series([kind for kind, _ in uses], dtype="object")
    return gpd.GeoDataFrame({"kind": kinds}, geometry=[shape for _, shape in uses], crs=RD)


#: Two gemeenten beside each other, each of 5 by 10 squares; the east one has two wijken.
GEMEENTEN = named({"GM1": box(0, 0, 500, 1000), "GM2": box(500, 0, 1000, 1000)})
WIJKEN = named(
    {
        "WK1": box(0, 0, 500, 1000),
        "WK2": box(500, 0, 1000, 500),
        "WK3": box(500, 500, 1000, 1000),
    }
)
REGION = box(0, 0, 1000, 1000)


def ground_of(*uses: Use) -> Ground:
    """The ground of that region."""
    return measure_ground(cells_in(GEMEENTEN, WIJKEN), uses_of(uses), REGION)


def facts_of(
    ground: Ground,
    minutes: Mapping[str, Any],
    profile: AccessProfile = NEAR_ONLY,
    *,
    places: Any = 0.0,
    unknown_sites: Any = 0.0,
    verdicts: Mapping[str, str] | None = None,
) -> RegionFacts:
    """What is known of the squares: the same everywhere, or one by one."""
    index = ground.cells.index
    times = pd.DataFrame(
        {key: np.broadcast_to(value, len(index)) for key, value in minutes.items()},
        index=index,
        dtype="float64",
    )
    reasons = pd.DataFrame("Niet gemeten.", index=index, columns=times.columns, dtype="object")
    found = {"GM1": "geen_duidelijk_verschil", "GM2": "onder_aandeel", **(verdicts or {})}
    return RegionFacts(
        profile,
        ground,
        times,
        reasons.mask(times.notna()),
        pd.Series(np.broadcast_to(places, len(index)), index=index, dtype="float64"),
        pd.Series(np.broadcast_to(unknown_sites, len(index)), index=index, dtype="float64"),
        pd.Series(found),
    )


def column(ground: Ground, number: int) -> Any:
    """Which squares are in this column from the west, from 0."""
    return (ground.cells["column"] == WEST_M // 100 + number).to_numpy()


def row(ground: Ground, number: int) -> Any:
    """Which squares are in this row from the south, from 0."""
    return (ground.cells["row"] == SOUTH_M // 100 + number).to_numpy()
