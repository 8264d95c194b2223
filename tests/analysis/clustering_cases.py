"""A made-up region of 5 by 6 wijken of 1 km, with as many sites as a test asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.spreading.clustering import (
    Clustering,
    Homes,
    OnFoot,
    SiteCounts,
    measure_clustering,
)
from analysis.spreading.nearest_neighbour import Pool, Walks

COLUMNS, ROWS, SIDE_M = 5, 6, 1000.0
Floats = npt.NDArray[np.float64]


def crow_walks(places_m: Floats) -> Walks:
    """Ways in a straight line: a stand-in for streets."""
    metres = np.hypot(*(places_m[:, None] - places_m[None, :]).transpose(2, 0, 1))
    return Walks(metres, np.full(len(places_m), np.inf))


def board_neighbours() -> pd.DataFrame:
    """Which of the wijken share a side."""
    codes = wijk_codes().to_numpy().reshape(ROWS, COLUMNS)
    sides = [(codes[:, :-1], codes[:, 1:]), (codes[:-1], codes[1:])]
    pairs = [np.column_stack([one.ravel(), other.ravel()]) for one, other in sides]
    return pd.DataFrame(np.concatenate(pairs), columns=["area", "neighbour"])


def wijk_codes() -> pd.Index:
    """The codes of the wijken, row by row."""
    return pd.Index([f"WK{number:02}" for number in range(COLUMNS * ROWS)], name="area_code")


def inputs(site_count: int, seed: int = 1, protected_count: int = 0) -> dict[str, Any]:
    """What ``measure_clustering`` asks, for sites and homes put down at random."""
    rng = np.random.default_rng(seed)
    size = np.array([COLUMNS, ROWS]) * SIDE_M
    sites, homes = rng.random((site_count, 2)) * size, rng.random((300, 2)) * size
    residents = rng.integers(1, 90, 300).astype(np.float64)
    codes = wijk_codes()
    return {
        "places_m": sites,
        "counts": SiteCounts(site_count, 0, protected_count),
        "on_foot": OnFoot(crow_walks(sites), Pool(crow_walks(homes), residents)),
        "homes": Homes(homes, residents),
        "areas": pd.DataFrame(
            {
                "name": [f"Wijk {code}" for code in codes],
                "weight": rng.integers(500, 9000, len(codes)),
                "capacity_count": rng.integers(0, 30, len(codes)),
            },
            index=codes,
        ),
        "neighbours": board_neighbours(),
        "area_m2": float(size.prod()),
    }


def a_clustering(site_count: int = 20, **changes: Any) -> Clustering:
    """The measured region, with some inputs changed."""
    return measure_clustering(**(inputs(site_count) | {"draw_count": 99} | changes))
