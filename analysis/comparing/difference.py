"""Difference: what differs most between two to four candidates, in one plain Dutch sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.comparing.criterion import Criterion
from analysis.comparing.model import SAME_TOTAL, Candidate, Comparison, listed
from analysis.comparing.order import NO_CLEAR_DIFFERENCE, Robustness
from analysis.errors import InputError
from analysis.method import NumberFormat

#: So many candidates fit in one sentence, and in one table.
LEAST_CANDIDATES, MOST_CANDIDATES = 2, 4
NOTHING_DIFFERS = "Op de criteria die meetellen is er geen verschil."


@dataclass(frozen=True)
class Gap:
    """On which criterion candidates lie furthest apart, in points of the total."""

    criterion: Criterion
    highest: Candidate
    lowest: Candidate
    most: float
    least: float

    @property
    def points(self) -> float:
        """How many points lie between."""
        return self.most - self.least


def gaps(comparison: Comparison) -> tuple[Gap, ...]:
    """By criterion with weight the gap between its highest and lowest part, the widest first.

    A criterion on which fewer than two candidates have a value has no gap.
    """
    found = []
    for criterion in comparison.weighing:
        parts = _parts(comparison, criterion)
        if len(parts) >= LEAST_CANDIDATES and parts.max() - parts.min() > SAME_TOTAL:
            high, low = _ends(parts)
            found.append(Gap(criterion, high, low, float(parts[high]), float(parts[low])))
    return tuple(sorted(found, key=lambda gap: -gap.points))


def difference_sentence(
    comparison: Comparison, robustness: Robustness | None, number: NumberFormat
) -> str:
    """What differs most, and whether first and second are told apart; InputError unless 2 to 4.

    Numbers are points out of 100. Nothing is called the best place.
    """
    count = len(comparison.totals)
    if not LEAST_CANDIDATES <= count <= MOST_CANDIDATES:
        raise InputError("difference", [f"{count} candidates; the sentence is for 2 to 4"])
    found = gaps(comparison)
    if len(comparison.ranked) < LEAST_CANDIDATES:
        return f"{_no_order(comparison)} {_widest(comparison, found, number)}".rstrip()
    if not found:
        return NOTHING_DIFFERS
    if robustness is None or not robustness.is_clear:
        return _unclear(comparison, found, number)
    return _clear(comparison, found, number)


def _parts(comparison: Comparison, criterion: Criterion) -> pd.Series:
    rows = comparison.parts[comparison.parts["criterion"] == criterion.key]
    return rows.set_index("candidate")["part"].dropna()


def _ends(numbers: pd.Series) -> tuple[Candidate, Candidate]:
    """Where the highest and the lowest are; of equal ones the first."""
    return numbers.idxmax(), numbers.idxmin()


def _no_order(comparison: Comparison) -> str:
    lacking = comparison.totals.index[comparison.totals["total"].isna()]
    names = listed(comparison.name_of(candidate) for candidate in lacking)
    return f"Nog geen volgorde: van {names} is het totaal niet te berekenen."


def _widest(comparison: Comparison, found: tuple[Gap, ...], number: NumberFormat) -> str:
    if not found:
        return ""
    return f"Het grootste verschil dat al bekend is, is {_gap(comparison, found[0], number)}."


def _unclear(comparison: Comparison, found: tuple[Gap, ...], number: NumberFormat) -> str:
    first, second = (comparison.name_of(key) for key in comparison.ranked[:2])
    return (
        f"Tussen {first} en {second} is {NO_CLEAR_DIFFERENCE}; het meest verschilt "
        f"{_gap(comparison, found[0], number)}."
    )


def _clear(comparison: Comparison, found: tuple[Gap, ...], number: NumberFormat) -> str:
    first, second = comparison.ranked[:2]
    above, below = comparison.name_of(first), comparison.name_of(second)
    lead = _lead(comparison, first, second)
    widest, narrow = _ends(lead)
    labels = {entry.key: entry.label.lower() for entry in comparison.weighing}
    told = (
        f"{above} staat boven {below}, vooral door {labels[str(widest)]} "
        f"({number(float(lead[widest]))} punten meer)"
    )
    if lead[narrow] < -SAME_TOTAL:
        told += (
            f"; {below} heeft meer punten op {labels[str(narrow)]} "
            f"({number(float(-lead[narrow]))} meer)"
        )
    if len(comparison.totals) > LEAST_CANDIDATES:
        told += "; van alle kandidaten samen verschilt het meest "
        told += _gap(comparison, found[0], number)
    return f"{told}."


def _lead(comparison: Comparison, first: Candidate, second: Candidate) -> pd.Series:
    """By criterion with weight how many points the first has more than the second."""
    keys = [entry.key for entry in comparison.weighing]
    own, other = (comparison.parts_of(key)["part"][keys] for key in (first, second))
    return own - other


def _gap(comparison: Comparison, gap: Gap, number: NumberFormat) -> str:
    high, low = comparison.name_of(gap.highest), comparison.name_of(gap.lowest)
    return (
        f"{gap.criterion.label.lower()} ({high} {number(gap.most)} punten, "
        f"{low} {number(gap.least)})"
    )
