"""Where the residents live: 100 m cells along the streets, exact to the published number."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from data.demo.region import RegionFacts
from data.demo.streets import Streets
from geo import frames
from geo.crs import RD

CELL_M = 100.0
#: Small buurten get no more points than one for every five residents.
_RESIDENTS_PER_CELL_MIN = 5


def place_residents(
    facts: RegionFacts, streets: Streets, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """The POPULATION_POINTS frame; buurten with a secret number of residents have no points."""
    outward = streets.outward(facts)
    nodes_m = shapely.get_coordinates(streets.nodes.geometry)
    centres = KDTree(facts.centres_m)
    codes: list[str] = []
    counts: list[npt.NDArray[np.int64]] = []
    places: list[npt.NDArray[np.float64]] = []
    for row, (buurt_code, residents) in enumerate(facts.resident_counts.items()):
        if np.isnan(residents):
            continue
        cells_m = _cells(nodes_m[outward[str(buurt_code)]], row, centres)
        cells_m = cells_m[: max(1, int(residents) // _RESIDENTS_PER_CELL_MIN)]
        counts.append(share_out(int(residents), rng.uniform(0.5, 1.5, len(cells_m))))
        places.append(cells_m)
        codes += [f"{buurt_code}-{number:04d}" for number in range(1, len(cells_m) + 1)]
    points = gpd.GeoDataFrame(
        {"resident_count": np.concatenate(counts)},
        geometry=shapely.points(np.concatenate(places)),
        crs=RD,
        index=pd.Index(codes, name="point_code"),
    )
    return frames.check(points, frames.POPULATION_POINTS)


def share_out(total_count: int, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Whole numbers in proportion to the weights, adding up to the total (largest remainder)."""
    exact = total_count * weights / weights.sum()
    counts: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    largest_first = np.argsort(counts - exact, kind="stable")
    left_over = total_count - int(counts.sum())
    counts[largest_first[:left_over]] += 1
    return counts


def _cells(nodes_m: npt.NDArray[np.float64], row: int, centres: KDTree) -> npt.NDArray[np.float64]:
    """Middles of the 100 m cells that hold the nodes, nearest to the centre of the buurt first.

    Middles that lie in another buurt are left out; where none is left the first node stands in.
    """
    middles = (np.floor(nodes_m / CELL_M) + 0.5) * CELL_M
    first = np.sort(np.unique(middles, axis=0, return_index=True)[1])
    middles = middles[first]
    own = middles[centres.query(middles)[1] == row]
    return np.asarray(own if len(own) else nodes_m[:1])
