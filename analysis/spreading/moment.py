"""One moment of a series: the few figures that are told of every year, quickly."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.spreading.counts import floats
from analysis.spreading.hoover import hoover_index
from analysis.spreading.interval import location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.outcome import Outcome
from analysis.spreading.overview import measure_spreading
from analysis.spreading.verdict import verdict


@dataclass(frozen=True, eq=False)
class SpreadingMoment:
    """The spreading at one moment, as ``measure_spreading`` has it, without the fair shares.

    ``table`` has columns ``name``, ``capacity_count``, ``location_quotient`` and ``verdict``;
    what is unknown is NaN.
    ``hoover`` is the index or the reason why there is none; ``capacity_count`` is of the counted
    areas.
    """

    table: pd.DataFrame
    hoover: Outcome
    capacity_count: int
    counted_area_count: int
    left_out_area_count: int


def measure_moment(areas: pd.DataFrame) -> SpreadingMoment:
    """The figures of a series on one date; ``areas`` is as for ``measure_spreading``.

    The same values as there, in a fifth of the time: a series asks them of many dates.
    """
    missing = [name for name in ("name", "weight", "capacity_count") if name not in areas.columns]
    if missing:
        raise InputError("measure_moment", [f"column {name!r} is missing" for name in missing])
    counts, bases = known_in_both(areas)
    hoover = hoover_index(counts, bases)
    counted = int(counts.notna().sum())
    return SpreadingMoment(
        table=_table(areas, counts, bases, is_applicable=not isnan(hoover)),
        hoover=_reason(areas) if isnan(hoover) else Outcome(hoover),
        capacity_count=int(counts.sum()),
        counted_area_count=counted,
        left_out_area_count=len(areas) - counted,
    )


def known_in_both(areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Places and base as floats, unknown in both where either is."""
    counts, bases = floats(areas["capacity_count"]), floats(areas["weight"])
    unknown = np.isnan(counts) | np.isnan(bases)
    return (
        pd.Series(np.where(unknown, np.nan, counts), areas.index),
        pd.Series(np.where(unknown, np.nan, bases), areas.index),
    )


def _reason(areas: pd.DataFrame) -> Outcome:
    """Why there is no index: as the whole spreading says it."""
    return Outcome(None, measure_spreading(areas).reasons[0])


def _table(
    areas: pd.DataFrame, counts: pd.Series, bases: pd.Series, *, is_applicable: bool
) -> pd.DataFrame:
    quotient = pd.Series(float("nan"), areas.index)
    verdicts = pd.Series("niet_te_berekenen", areas.index, dtype="object")
    if is_applicable:
        quotient = location_quotient(counts, bases)
        verdicts = verdict(location_quotient_interval(counts, bases))
    return pd.DataFrame(
        {
            "name": areas["name"],
            "capacity_count": floats(areas["capacity_count"]),
            "location_quotient": quotient,
            "verdict": verdicts,
        },
        index=areas.index,
    )
