"""Availability for people: who can reach something in time, and how long it usually takes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from analysis.access.modes import BANDS_MIN
from analysis.access.residents import (
    REASONS,
    Floats,
    PointsByArea,
    added_up,
    points_by_area,
    reasons_of,
    warnings_of,
)
from analysis.errors import InputError

#: A quarter of an hour, the outermost band.
LIMIT_MIN = float(BANDS_MIN[-1])
MEDIAN = Fraction(1, 2)
NINE_IN_TEN = Fraction(9, 10)


def share_within(
    minutes: pd.Series,
    residents: pd.Series,
    areas: pd.Series,
    limit_min: float = LIMIT_MIN,
    *,
    area_codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Share of the residents of each area who get there within ``limit_min`` minutes.

    B_a = Σ r_i × [t_i ≤ T] / Σ r_i

    over the population points i of area a whose travel time is known. One row an area:
    ``resident_count``, ``measured_count``, ``unknown_count``, ``within_count``, ``share`` (0 to
    1, of the measured residents; NaN with a ``reason``) and ``warning``. Infinity is known to be
    out of reach and counts as not within; NaN is unknown, is reported and fills nothing in.

    It is about travel time, not about whether there is a place free.

    Source: cumulative opportunities, Wachs & Kumagai (1973), Socio-Economic Planning Sciences 7.
    """
    if not limit_min > 0:
        raise InputError("share_within", [f"the limit is {limit_min} minutes"])
    points = points_by_area(minutes, residents, areas, area_codes)
    table = points.counts()
    table["within_count"] = points.sums(np.where(points.values <= limit_min, points.residents, 0.0))
    table["share"] = table["within_count"] / table["measured_count"].where(
        table["measured_count"] > 0
    )
    return table.assign(reason=reasons_of(table), warning=warnings_of(table))


def typical_minutes(
    minutes: pd.Series,
    residents: pd.Series,
    areas: pd.Series,
    *,
    area_codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Travel time within which half, and nine in ten, of the residents of each area get there.

    M_a = min { t : Σ r_i × [t_i ≤ t] ≥ 1/2 × Σ r_i }

    and the same with 9/10, over the population points i of area a whose travel time is known:
    the quantile of the residents as if each had a row of their own, without interpolation. One
    row an area: ``resident_count``, ``measured_count``, ``unknown_count``, ``median_min``,
    ``p90_min`` (NaN where unknown, and where that many can't get there), ``reason`` (why there
    is no median) and ``warning``.

    Exact for whole numbers of residents. The median says nothing about the half that is further.

    Source: inverse of the empirical distribution, definition 1 of Hyndman & Fan (1996), The
    American Statistician 50.
    """
    points = points_by_area(minutes, residents, areas, area_codes)
    table = points.counts()
    median, p90 = (_quantile(points, share) for share in (MEDIAN, NINE_IN_TEN))
    table["median_min"] = np.where(np.isinf(median), np.nan, median)
    table["p90_min"] = np.where(np.isinf(p90), np.nan, p90)
    reason = reasons_of(table).mask(np.isinf(median), REASONS["out_of_reach"].label)
    return table.assign(reason=reason, warning=warnings_of(table))


def _quantile(points: PointsByArea, share: Fraction) -> Floats:
    """Per area the least travel time that ``share`` of its measured residents do not exceed."""
    known = ~np.isnan(points.values)
    order = np.lexsort((points.values[known], points.row[known]))
    row = points.row[known][order]
    times, people = points.values[known][order], points.residents[known][order]
    area_count = len(points.area_codes)
    totals = added_up(row, people, area_count)
    first = np.searchsorted(row, np.arange(area_count))
    before = np.concatenate([[0.0], np.cumsum(totals)])[:-1]
    reached = np.cumsum(people) - before[row]
    # Compared in whole numbers, so that exactly half is half.
    short = share.denominator * reached < share.numerator * totals[row]
    at = first + np.bincount(row[short], minlength=area_count)
    found = np.full(area_count, np.nan)
    some = totals > 0
    found[some] = times[at[some]]
    return found
