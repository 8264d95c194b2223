"""All spreading figures of a set of areas at once, with what could not be computed and why."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.spreading.counts import checked_counts, checked_weights, shares
from analysis.spreading.difference import difference
from analysis.spreading.evenness import Draw, Evenness, measure_evenness
from analysis.spreading.fair_share import fair_share
from analysis.spreading.hoover import hoover_index
from analysis.spreading.interval import CONFIDENCE, location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.outcome import DRAW_COUNT, SEED, Reason
from analysis.spreading.random_draws import draw_evenness
from analysis.spreading.reasons import known_in_both, overall_reasons, row_reasons
from analysis.spreading.verdict import verdict
from analysis.spreading.whole_fair_share import Apportionment, whole_fair_share

#: Below this many places, or with fewer places than areas, nothing is called above or below.
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

    @property
    def has_too_few_places(self) -> bool:
        """Whether there are too few places to speak of an even spread."""
        return self.capacity_count < max(FEWEST_PLACES_COUNT, self.counted_area_count)


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
    ``evenness`` has Hoover, Gini and Theil, each with what chance gives or with a reason.

    Where ``has_too_few_places``, no area is called above or below its share: the rows say
    ``geen_duidelijk_verschil``, as the headline says that there are too few to speak of evenness.
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
    evenness: Evenness

    @property
    def is_applicable(self) -> bool:
        """Whether the areas can be compared at all."""
        return not self.reasons

    @property
    def has_too_few_places(self) -> bool:
        """Whether there are too few places to speak of an even spread."""
        return self.totals.has_too_few_places

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
    site_capacity_count: pd.Series | None = None,
    apportionment: Apportionment = "webster",
    confidence: float = CONFIDENCE,
    draw_count: int = DRAW_COUNT,
    seed: int = SEED,
    draw: Draw = draw_evenness,
) -> Spreading:
    """Measure every spreading figure of ``areas`` (index: area code, unique).

    Columns: ``name``; ``weight`` (the base; unknown is NaN); ``capacity_count`` (whole places;
    0 is *known to be none*, unknown is NaN); optionally ``weight_reason`` and
    ``capacity_reason``, why a value is unknown. An area with an unknown value is left out of
    every total, gets the verdict ``niet_te_berekenen`` and its reason; nothing is filled in.
    ``group`` (optional) is the larger area of each area, for the parts of Theil.

    ``site_capacity_count`` has the places of every site by the code of its area; without it the
    measures of ``evenness`` have no bands. ``draw`` makes the random draws (see
    ``measure_evenness``); hand in another to keep them. With too few places (fewer than
    ``FEWEST_PLACES_COUNT``, or fewer than there are counted areas) no verdict is above or below.
    """
    _check(areas)
    counts, bases = known_in_both(areas)
    totals = _totals(areas, counts, bases)
    total = totals.capacity_count
    table = _figures(areas, counts, bases, totals, apportionment, confidence)
    reasons = overall_reasons(areas, counts, bases)
    table["reason"] = row_reasons(areas, reasons)
    if reasons:
        table["verdict"] = "niet_te_berekenen"
        table[_QUOTIENT_COLUMNS] = np.nan
    hoover = _known(hoover_index(counts, bases)) if not reasons else None
    least = whole_fair_share(total, bases, "largest_remainder")
    return Spreading(
        table=table,
        totals=totals,
        hoover_index=hoover,
        hoover_places_count=None if hoover is None else hoover * total,
        least_hoover_index=None if hoover is None else _known(hoover_index(least, bases)),
        whole_to_move_count=None if reasons else _whole_to_move(table),
        only_area_name=_only_area(table, total),
        reasons=reasons,
        apportionment=apportionment,
        confidence=confidence,
        evenness=measure_evenness(
            areas, site_capacity_count, draw_count=draw_count, seed=seed, draw=draw
        ),
    )


def _check(areas: pd.DataFrame) -> None:
    missing = [name for name in ("name", "weight", "capacity_count") if name not in areas.columns]
    if missing:
        raise InputError("measure_spreading", [f"column {name!r} is missing" for name in missing])
    checked_counts(areas["capacity_count"])
    checked_weights(areas["weight"])


def _figures(
    areas: pd.DataFrame,
    counts: pd.Series,
    bases: pd.Series,
    totals: SpreadingTotals,
    apportionment: Apportionment,
    confidence: float,
) -> pd.DataFrame:
    total = totals.capacity_count
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
        "verdict": verdict(interval, totals.has_too_few_places),
    }
    return pd.DataFrame(columns, index=areas.index)


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
