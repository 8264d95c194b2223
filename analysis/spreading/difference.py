"""Difference: places there are against the fair share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import checked_counts, floats

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


def difference(capacity_count: pd.Series, fair_share_count: pd.Series) -> pd.Series:
    """Places above (+) or below (-) the fair share of the area (``difference_count``).

    d_a = c_a - f_a

    in places; the differences add up to 0. NaN where either is unknown. A large area has a
    larger difference than a small one for the same ratio: see ``location_quotient`` beside it.

    Source: follows from the fair share.
    """
    if not capacity_count.index.equals(fair_share_count.index):
        raise InputError("difference", ["the two are not on the same index"])
    values = checked_counts(capacity_count) - floats(fair_share_count)
    return pd.Series(values, index=capacity_count.index, name="difference_count", dtype="float64")


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None:
        return None
    gap = row["difference_count"]
    side = "boven" if gap > 0 else "onder"
    return (
        f"In {row['name']} zijn {number(row['capacity_count'])} {wording.places}; het evenredig "
        f"aandeel is {number(row['fair_share_count'])}. Dat is {number(abs(gap))} {side} het "
        "aandeel."
    )


MEASURE = method.Measure(
    key="verschil",
    label="Verschil met het evenredig aandeel",
    group=method.SPREADING,
    explanation="Hoeveel plekken een gebied meer (+) of minder (-) heeft dan zijn aandeel.",
    formula_words="plekken in het gebied - evenredig aandeel van het gebied",
    formula="d_a = c_a - f_a",
    symbols=(
        ("d_a", "het verschil in gebied a"),
        method.CAPACITY,
        ("f_a", "het evenredig aandeel van gebied a"),
    ),
    unit="plekken",
    example=_example,
    limits=(
        "Een groot gebied heeft al snel een groter verschil dan een klein gebied. Kijk daarom "
        "ook naar de verhouding.",
        method.WHAT_FAIR_IS,
    ),
    sources=("Volgt uit het evenredig aandeel.",),
    function=difference,
)
