"""One moment of a series: the few figures that are told of every year, quickly."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.errors import InputError
from analysis.spreading.counts import floats
from analysis.spreading.hoover import hoover_index
from analysis.spreading.interval import location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.outcome import Outcome
from analysis.spreading.overview import FEWEST_PLACES_COUNT
from analysis.spreading.reasons import known_in_both, overall_reasons
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
    reasons = overall_reasons(areas, counts, bases)
    counted, total = int(counts.notna().sum()), int(counts.sum())
    has_too_few_places = total < max(FEWEST_PLACES_COUNT, counted)
    return SpreadingMoment(
        table=_empty(areas) if reasons else _table(areas, counts, bases, has_too_few_places),
        hoover=Outcome(None, reasons[0]) if reasons else Outcome(hoover_index(counts, bases)),
        capacity_count=total,
        counted_area_count=counted,
        left_out_area_count=len(areas) - counted,
    )


def _table(
    areas: pd.DataFrame, counts: pd.Series, bases: pd.Series, has_too_few_places: bool
) -> pd.DataFrame:
    return _empty(areas).assign(
        location_quotient=location_quotient(counts, bases),
        verdict=verdict(location_quotient_interval(counts, bases), has_too_few_places),
    )


def _empty(areas: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": areas["name"],
            "capacity_count": floats(areas["capacity_count"]),
            "location_quotient": float("nan"),
            "verdict": "niet_te_berekenen",
        },
        index=areas.index,
    )
