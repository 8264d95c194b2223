"""The example homes of single people: numbers by area, all of them made up.

Two types are counted down to the buurt, one to the wijk only, so that a reader sees what is known,
what is hidden and what is not filled in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.population import share_out
from data.demo.region import RegionFacts
from geo import frames

#: Homes per 10,000 residents of the region.
PER_10000 = {"omklapwoning": 9.0, "contingentwoning": 16.0, "kanscontractwoning": 3.0}
#: The type that nobody counted by buurt.
BY_WIJK_ONLY = "kanscontractwoning"


def list_homes(facts: RegionFacts) -> pd.DataFrame:
    """The HOMES frame: buurten, and wijken and gemeenten as their sums."""
    rows: list[tuple[str, str, int]] = []
    for number, kind in enumerate(PER_10000, start=2):
        by_buurt = _by_buurt(facts, kind, number)
        wijken = by_buurt.groupby(facts.buurten["wijkcode"]).sum()
        gemeenten = by_buurt.groupby(facts.buurten["gemeentecode"]).sum()
        counted = [wijken, gemeenten] if kind == BY_WIJK_ONLY else [by_buurt, wijken, gemeenten]
        rows += [(str(code), kind, int(count)) for part in counted for code, count in part.items()]
    homes = pd.DataFrame(rows, columns=list(frames.HOMES.columns))
    return frames.check(
        homes.sort_values(list(frames.HOMES.also_unique), ignore_index=True), frames.HOMES
    )


def _by_buurt(facts: RegionFacts, kind: str, number: int) -> pd.Series:
    """By residents, with every few buurten more than their part and some nothing at all."""
    residents = facts.resident_counts.fillna(0.0)
    turn = np.arange(len(residents)) * number
    weights = residents.to_numpy() * np.array([0.0, 1.0, 1.0, 3.0, 1.5])[turn % 5]
    total = round(float(residents.sum()) / 10_000 * PER_10000[kind])
    return pd.Series(share_out(total, weights), index=residents.index)
