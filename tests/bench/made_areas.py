"""Made-up areas to measure with: squares in a grid, some residents, sites where people live."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import RD

SIDE_M = 600.0


@dataclass(frozen=True, eq=False)
class MadeAreas:
    """Squares with names and residents in groups, and the size and area of every site."""

    frame: pd.DataFrame
    shapes: gpd.GeoDataFrame
    sites: pd.DataFrame


def made_areas(
    area_count: int, group_count: int, site_count: int, rng: np.random.Generator
) -> MadeAreas:
    """``area_count`` squares of 600 m in ``group_count`` bundles of rows, and their sites.

    Residents are drawn from a long-tailed distribution, as those of real buurten are; every site
    has 4 to 24 places and falls in an area by its residents, some areas twice as often.
    """
    side = int(np.ceil(area_count**0.5))
    row, column = np.divmod(np.arange(area_count), side)
    codes = pd.Index([f"A{number:05}" for number in range(area_count)], name="area_code")
    residents = np.maximum(5, rng.lognormal(6.6, 0.9, area_count).round(-1))
    liked = residents * np.where(rng.random(area_count) < 0.2, 3, 1)
    area = rng.choice(area_count, site_count, p=liked / liked.sum())
    sites = pd.DataFrame(
        {"area_code": codes[area], "capacity_count": rng.integers(4, 25, site_count)}
    )
    frame = pd.DataFrame(
        {
            "name": codes,
            "weight": residents,
            "capacity_count": np.bincount(area, sites["capacity_count"], area_count).astype(
                "int64"
            ),
            "group": np.arange(area_count) * group_count // area_count,
        },
        index=codes,
    )
    boxes = shapely.box(column * SIDE_M, row * SIDE_M, (column + 1) * SIDE_M, (row + 1) * SIDE_M)
    return MadeAreas(frame, gpd.GeoDataFrame(geometry=boxes, crs=RD, index=codes), sites)
