"""Made-up problems of choosing sites, of any size: candidates around the centres of gemeenten."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.siting.demands import Separation, Target
from analysis.siting.problem import SitingProblem, to_candidates

WIDTH_M = 30_000.0
#: Places of an average candidate, and of all sites that are there already.
MEAN_PLACES, EXISTING_PLACES = 17, 600


def made_siting(
    count: int,
    site_count: int,
    *,
    seed: int = 1,
    gemeente_count: int = 8,
    separation_m: float = 500.0,
    with_places: bool = True,
    stages: tuple[str, ...] = ("verdeling", "tussenafstand", "bereikbaarheid"),
) -> SitingProblem:
    """Choose so many sites; ``with_places`` also says how many places they have together."""
    draw = np.random.default_rng(seed)
    residents = np.sort(draw.integers(8_000, 165_000, gemeente_count))[::-1]
    part = residents / residents.sum()
    centres = draw.uniform(0, WIDTH_M, (gemeente_count, 2))
    gemeente = draw.choice(gemeente_count, count, p=part)
    places = centres[gemeente] + draw.normal(0, WIDTH_M / 12, (count, 2))
    codes = pd.Index([f"GM{row:04d}" for row in range(gemeente_count)], name="gemeente_code")
    keys = [f"K{row}" for row in range(count)]
    candidates = to_candidates(
        pd.DataFrame(
            {
                "name": [f"Kandidaat {row}" for row in range(count)],
                "type": "skaeve_huse",
                "gemeente_code": codes[gemeente],
                "place_count": draw.integers(4, 31, count),
                "access": np.round(draw.uniform(20, 95, count), 2),
                "cost_eur": draw.integers(200, 4_000, count) * 1_000.0,
                "x_m": places[:, 0],
                "y_m": places[:, 1],
            },
            index=keys,
        )
    )
    uneven = 1 + draw.normal(0, 0.3, gemeente_count)
    existing = np.rint(EXISTING_PLACES * part * uneven).clip(0)
    wished = site_count * MEAN_PLACES if with_places else None
    return SitingProblem(
        candidates,
        pd.DataFrame(
            {"name": [f"Gemeente {code}" for code in codes], "weight": residents.astype("float64")},
            index=codes,
        ),
        pd.DataFrame({"skaeve_huse": existing}, index=codes),
        (Target("skaeve_huse", wished, wished, site_count, site_count),),
        separation=Separation(separation_m, "Rust voor de buurt."),
        stages=stages,
    )
