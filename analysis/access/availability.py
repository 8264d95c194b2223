"""Availability for people: who can reach something in time, and how long it usually takes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from analysis import method
from analysis.access.facts import TRAVEL_LIMITS, AccessFacts, AreaRow
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


_UNKNOWN_COUNTED = (
    "Inwoners van wie wij de reistijd niet weten, staan apart. Zij tellen niet mee in het cijfer."
)
_POINTS_STAND_FOR_PEOPLE = (
    "Waar mensen wonen, weten wij per punt: een blokje van 100 bij 100 meter, of één punt per "
    "buurt. Bij één punt per buurt is het cijfer grof."
)


def _share_example(
    facts: AccessFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.within
    if found is None or np.isnan(found.row["share"]):
        return None
    return (
        f"{_known(found, number)} Daarvan zijn er {number(found.row['within_count'])} binnen "
        f"{number(LIMIT_MIN)} minuten {found.mode.verb} bij {found.target}: "
        f"{number(100 * found.row['share'])}%."
    )


def _typical_example(
    facts: AccessFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.typical
    if found is None or found.row[["median_min", "p90_min"]].isna().any():
        return None
    return (
        f"{_known(found, number)} De helft is binnen {number(round(found.row['median_min'], 1))} "
        f"minuten {found.mode.verb} bij {found.target}. 9 van de 10 zijn er binnen "
        f"{number(round(found.row['p90_min'], 1))} minuten."
    )


def _known(found: AreaRow, number: method.NumberFormat) -> str:
    return (
        f"In {found.name} wonen {number(found.row['resident_count'])} mensen. Wij weten de "
        f"reistijd van {number(found.row['measured_count'])} van hen."
    )


SHARE = method.Measure(
    key="bereik_binnen_15_minuten",
    label="Bereik binnen 15 minuten",
    group=method.ACCESS,
    explanation=(
        "Welk deel van de inwoners van een gebied binnen 15 minuten bij een plek is, bijvoorbeeld "
        "met de fiets bij een respijtplek. Gemeentegrenzen spelen geen rol."
    ),
    formula_words=(
        "de inwoners met een reistijd van hoogstens 15 minuten, gedeeld door alle inwoners van "
        "wie wij de reistijd weten"
    ),
    formula="B_a = Σ r_i × [t_i ≤ T] / Σ r_i",
    symbols=(
        ("B_a", "het bereik in gebied a, van 0 tot 1"),
        ("i", "een punt in gebied a waar mensen wonen en waarvan wij de reistijd weten"),
        ("r_i", "het aantal inwoners van punt i"),
        ("t_i", "de reistijd in minuten van punt i naar de dichtstbijzijnde plek"),
        ("[t_i ≤ T]", "1 als de reistijd hoogstens T is, anders 0"),
        ("T", "de grens: 15 minuten"),
    ),
    unit="deel van de inwoners (0 tot 1)",
    example=_share_example,
    limits=(
        "Dichtbij is niet hetzelfde als beschikbaar: wij weten niet of er een plek vrij is.",
        "Een grens van 15 minuten is een keuze. Wie er 16 minuten over doet, telt niet mee.",
        _UNKNOWN_COUNTED,
        _POINTS_STAND_FOR_PEOPLE,
        "Afgeschermde locaties tellen niet mee, want anders zou hun plek af te leiden zijn.",
        *TRAVEL_LIMITS,
    ),
    sources=(
        "M. Wachs en T.G. Kumagai (1973), Physical accessibility as a social indicator, "
        "Socio-Economic Planning Sciences 7, p. 437-456.",
    ),
    function=share_within,
)

TYPICAL = method.Measure(
    key="mediaan_minuten",
    label="Mediaan van de reistijd per gebied",
    group=method.ACCESS,
    explanation=(
        "Binnen hoeveel minuten de helft van de inwoners van een gebied bij een voorziening is. "
        "Ernaast staat binnen hoeveel minuten 9 van de 10 inwoners er zijn."
    ),
    formula_words=(
        "zet alle inwoners op volgorde van hun reistijd en neem de reistijd waarbij u de helft "
        "heeft gehad"
    ),
    formula="M_a = min { t : Σ r_i × [t_i ≤ t] ≥ 1/2 × Σ r_i }",
    symbols=(
        ("M_a", "de mediaan in gebied a, in minuten"),
        ("i", "een punt in gebied a waar mensen wonen en waarvan wij de reistijd weten"),
        ("r_i", "het aantal inwoners van punt i"),
        ("t_i", "de reistijd in minuten van punt i naar de dichtstbijzijnde voorziening"),
        ("[t_i ≤ t]", "1 als de reistijd hoogstens t is, anders 0"),
    ),
    unit="minuten",
    example=_typical_example,
    limits=(
        "De mediaan zegt niets over de helft die er langer over doet. Kijk daarom ook naar de 9 "
        "van de 10.",
        "In een gebied met minder dan 500 inwoners zegt het cijfer weinig.",
        _UNKNOWN_COUNTED,
        _POINTS_STAND_FOR_PEOPLE,
        *TRAVEL_LIMITS,
    ),
    sources=(
        "R.J. Hyndman en Y. Fan (1996), Sample Quantiles in Statistical Packages, The American "
        "Statistician 50, p. 361-365, definitie 1.",
    ),
    function=typical_minutes,
)
