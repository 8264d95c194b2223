"""Verdict: the interval in words, in both directions, and never more than it can bear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.registry import Registry
from analysis.spreading.counts import floats

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


@dataclass(frozen=True)
class Verdict:
    """What can be said of an area; the map uses one tone for each."""

    key: str
    label: str
    explanation: str


VERDICTS = Registry(
    "verdict",
    (
        Verdict(
            "boven_aandeel",
            "boven aandeel",
            "Hier zijn duidelijk meer plekken dan het evenredig aandeel.",
        ),
        Verdict(
            "onder_aandeel",
            "onder aandeel",
            "Hier zijn duidelijk minder plekken dan het evenredig aandeel.",
        ),
        Verdict(
            "geen_duidelijk_verschil",
            "geen duidelijk verschil",
            "Het verschil met het evenredig aandeel kan ook toeval zijn.",
        ),
        Verdict(
            "niet_te_berekenen",
            "niet te berekenen",
            "Het verschil met het evenredig aandeel is hier niet te berekenen.",
        ),
    ),
)


def verdict(interval: pd.DataFrame, has_too_few_places: bool = False) -> pd.Series:
    """The key of the verdict per area (``verdict``).

    boven: low_a > 1; onder: high_a < 1; geen duidelijk verschil: low_a ≤ 1 ≤ high_a

    where low_a and high_a are the ends of the interval around the location quotient. An unknown
    interval gives ``niet_te_berekenen``. It is as strict as the interval: places in one site are
    not independent, so "boven" and "onder" are said somewhat too easily where sites are large.
    With ``has_too_few_places`` (fewer than 10, or fewer places than areas) every known interval
    gives ``geen_duidelijk_verschil``: one site of six places would else be called a pattern.

    Source: follows from the Clopper-Pearson interval.
    """
    low = floats(interval["location_quotient_low"])
    high = floats(interval["location_quotient_high"])
    can_tell = not has_too_few_places
    keys = np.select(
        [np.isnan(low) | np.isnan(high), can_tell & (low > 1), can_tell & (high < 1)],
        ["niet_te_berekenen", "boven_aandeel", "onder_aandeel"],
        default="geen_duidelijk_verschil",
    )
    return pd.Series(keys, index=interval.index, name="verdict", dtype="object")


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None:
        return None
    too_few = " Voor een ander oordeel zijn er te weinig plekken."
    too_few = too_few if spreading.has_too_few_places else ""
    return (
        f"In {row['name']} loopt de marge van {number(row['location_quotient_low'])} tot "
        f"{number(row['location_quotient_high'])}. Het oordeel is: "
        f"{VERDICTS[row['verdict']].label}.{too_few}"
    )


MEASURE = method.Measure(
    key="oordeel",
    label="Oordeel per gebied",
    group=method.SPREADING,
    explanation=(
        "Wij zeggen alleen 'boven aandeel' of 'onder aandeel' als het verschil groter is dan "
        "toeval kan verklaren. Anders staat er 'geen duidelijk verschil'."
    ),
    formula_words=(
        "boven aandeel als de hele marge boven 1 ligt, onder aandeel als de hele marge onder 1 "
        "ligt, anders geen duidelijk verschil"
    ),
    formula="boven: low_a > 1; onder: high_a < 1; geen duidelijk verschil: low_a ≤ 1 ≤ high_a",
    symbols=(
        ("low_a", "het laagste getal van de marge in gebied a"),
        ("high_a", "het hoogste getal van de marge in gebied a"),
    ),
    unit="woorden",
    example=_example,
    limits=(
        "Geen duidelijk verschil betekent niet dat het aandeel klopt. Het betekent dat er te "
        "weinig plekken zijn om een verschil te zien.",
        "Zijn er minder dan 10 plekken, of minder plekken dan gebieden, dan zeggen wij van geen "
        "enkel gebied 'boven' of 'onder'. Eén locatie zou dan al een verschil lijken.",
        "Bij een paar grote locaties zegt deze toets te snel 'boven' of 'onder'.",
        "Het oordeel gaat over aantallen plekken, niet over de mensen die er wonen of over de "
        "buurt.",
    ),
    sources=("Volgt uit de marge van Clopper en Pearson (1934).",),
    function=verdict,
)
