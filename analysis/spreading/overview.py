"""All spreading figures of a set of areas at once, with what could not be computed and why."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.spreading.counts import checked_counts, checked_weights, shares
from analysis.spreading.difference import difference
from analysis.spreading.fair_share import fair_share
from analysis.spreading.hoover import hoover_index
from analysis.spreading.interval import CONFIDENCE, location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.outcome import REASONS, Reason
from analysis.spreading.verdict import verdict
from analysis.spreading.whole_fair_share import Apportionment, whole_fair_share

#: Below this many places, or with fewer places than areas, no headline on evenness is given.
FEWEST_PLACES_COUNT = 10


_QUOTIENT_COLUMNS = ["location_quotient", "location_quotient_low", "location_quotient_high"]


@dataclass(frozen=True)
class SpreadingTotals:
    """What the figures rest on: ``capacity_count`` and ``weight`` are of the counted areas."""

    capacity_count: int
    weight: float
    area_count: int
    counted_area_count: int
    left_out_area_count: int
    left_out_capacity_count: int


@dataclass(frozen=True, eq=False)
class Spreading:
    """The spreading over areas on one date, for one choice of types and one base.

    ``table`` has the index and the order of the areas handed in, with columns ``name``,
    ``weight``, ``weight_share``, ``capacity_count``, ``capacity_share``, ``fair_share_count``,
    ``whole_fair_share_count``, ``difference_count``, ``location_quotient``,
    ``location_quotient_low``, ``location_quotient_high``, ``verdict`` (a key of ``VERDICTS``)
    and ``reason`` (a Dutch sentence, or <NA>). Shares run from 0 to 1.

    ``hoover_index`` is a share, ``hoover_places_count`` the same in places (a real number), and
    ``least_hoover_index`` the lowest value that whole places allow; all None when ``reasons``
    says why there is no answer. ``whole_to_move_count`` is how many places differ from the whole
    fair shares. ``only_area_name`` is the area that holds every place, if there is one.
    """

    table: pd.DataFrame
    totals: SpreadingTotals
    hoover_index: float | None
    hoover_places_count: float | None
    least_hoover_index: float | None
    whole_to_move_count: int | None
    only_area_name: str | None
    reasons: tuple[Reason, ...]
    apportionment: Apportionment
    confidence: float

    @property
    def is_applicable(self) -> bool:
        """Whether the areas can be compared at all."""
        return not self.reasons

    @property
    def has_too_few_places(self) -> bool:
        """Whether there are too few places to speak of an even spread."""
        fewest = max(FEWEST_PLACES_COUNT, self.totals.counted_area_count)
        return self.totals.capacity_count < fewest

    def example_row(self) -> pd.Series | None:
        """The area that differs most from its share, for a worked example; None if there is none.

        Of equal differences the first area code.
        """
        if not self.is_applicable:
            return None
        comparable = self.table[self.table["location_quotient"].notna()].sort_index()
        if comparable.empty:
            return None
        return comparable.iloc[int(comparable["difference_count"].abs().to_numpy().argmax())]


def measure_spreading(
    areas: pd.DataFrame,
    *,
    apportionment: Apportionment = "webster",
    confidence: float = CONFIDENCE,
) -> Spreading:
    """Measure every spreading figure of ``areas`` (index: area code, unique).

    Columns: ``name``; ``weight`` (the base; unknown is NaN); ``capacity_count`` (whole places;
    0 is *known to be none*, unknown is NaN); optionally ``weight_reason`` and
    ``capacity_reason``, why a value is unknown. An area with an unknown value is left out of
    every total, gets the verdict ``niet_te_berekenen`` and its reason; nothing is filled in.
    """
    _check(areas)
    counts, bases = _known_in_both(areas)
    total = int(counts.sum())
    table = _figures(areas, counts, bases, total, apportionment, confidence)
    reasons = _reasons(areas, counts, bases)
    table["reason"] = _row_reasons(areas, reasons)
    if reasons:
        table["verdict"] = "niet_te_berekenen"
        table[_QUOTIENT_COLUMNS] = np.nan
    hoover = _known(hoover_index(counts, bases)) if not reasons else None
    least = whole_fair_share(total, bases, "largest_remainder")
    return Spreading(
        table=table,
        totals=_totals(areas, counts, bases),
        hoover_index=hoover,
        hoover_places_count=None if hoover is None else hoover * total,
        least_hoover_index=None if hoover is None else _known(hoover_index(least, bases)),
        whole_to_move_count=None if reasons else _whole_to_move(table),
        only_area_name=_only_area(table, total),
        reasons=reasons,
        apportionment=apportionment,
        confidence=confidence,
    )


def _check(areas: pd.DataFrame) -> None:
    missing = [name for name in ("name", "weight", "capacity_count") if name not in areas.columns]
    if missing:
        raise InputError("measure_spreading", [f"column {name!r} is missing" for name in missing])
    checked_counts(areas["capacity_count"])
    checked_weights(areas["weight"])


def _known_in_both(areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    counts = areas["capacity_count"].astype("Float64").astype("float64")
    bases = areas["weight"].astype("Float64").astype("float64")
    both = counts.notna() & bases.notna()
    return counts.where(both), bases.where(both)


def _figures(
    areas: pd.DataFrame,
    counts: pd.Series,
    bases: pd.Series,
    total: int,
    apportionment: Apportionment,
    confidence: float,
) -> pd.DataFrame:
    fair = fair_share(total, bases)
    interval = location_quotient_interval(counts, bases, confidence)
    columns: dict[str, object] = {
        "name": areas["name"],
        "weight": areas["weight"].astype("Float64").astype("float64"),
        "weight_share": shares(bases.to_numpy()),
        "capacity_count": areas["capacity_count"].astype("Int64"),
        "capacity_share": shares(counts.to_numpy()),
        "fair_share_count": fair,
        "whole_fair_share_count": whole_fair_share(total, bases, apportionment),
        "difference_count": difference(counts, fair),
        "location_quotient": location_quotient(counts, bases),
        **{name: interval[name] for name in interval.columns},
        "verdict": verdict(interval),
    }
    return pd.DataFrame(columns, index=areas.index)


def _reasons(areas: pd.DataFrame, counts: pd.Series, bases: pd.Series) -> tuple[Reason, ...]:
    counted = int(counts.notna().sum())
    knows_weight = bool(areas["weight"].notna().any())
    is_zero = not areas["weight"].sum() > 0 or (counted > 0 and not bases.sum() > 0)
    tests = {
        "no_weight": not knows_weight,
        "zero_weight": knows_weight and is_zero,
        "no_capacity": not areas["capacity_count"].notna().any(),
        "no_places": counted > 0 and counts.sum() == 0,
        "too_few_areas": counted < 2,
    }
    return tuple(REASONS[key] for key, is_so in tests.items() if is_so)


def _row_reasons(areas: pd.DataFrame, overall: tuple[Reason, ...]) -> pd.Series:
    general = overall[0].label if overall else pd.NA
    reasons = pd.Series(general, index=areas.index, name="reason", dtype="object")
    reasons[areas["weight"].eq(0).fillna(False)] = REASONS["weight_zero"].label
    for column, key in (("weight", "weight_unknown"), ("capacity_count", "capacity_unknown")):
        unknown = areas[column].isna()
        reasons[unknown] = _given_reason(areas, column)[unknown].fillna(REASONS[key].label)
    return reasons


def _given_reason(areas: pd.DataFrame, column: str) -> pd.Series:
    name = {"weight": "weight_reason", "capacity_count": "capacity_reason"}[column]
    if name in areas.columns:
        return areas[name].astype("object")
    return pd.Series(pd.NA, index=areas.index, dtype="object")


def _totals(areas: pd.DataFrame, counts: pd.Series, bases: pd.Series) -> SpreadingTotals:
    counted = int(counts.notna().sum())
    left_out = areas["capacity_count"].astype("Float64")[counts.isna().to_numpy()]
    return SpreadingTotals(
        capacity_count=int(counts.sum()),
        weight=float(bases.sum()),
        area_count=len(areas),
        counted_area_count=counted,
        left_out_area_count=len(areas) - counted,
        left_out_capacity_count=int(left_out.sum()),
    )


def _whole_to_move(table: pd.DataFrame) -> int:
    gaps = (table["capacity_count"] - table["whole_fair_share_count"]).dropna()
    return int(gaps.clip(lower=0).sum())


def _only_area(table: pd.DataFrame, total: int) -> str | None:
    holders = table[table["capacity_share"].gt(0)]
    return str(holders["name"].iloc[0]) if total > 0 and len(holders) == 1 else None


def _known(value: float) -> float | None:
    return None if isnan(value) or np.isinf(value) else value
