"""Importance: what residents find important, all weightings together, with how far they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import method
from analysis.dialogue.subjects import Subject
from analysis.errors import InputError

#: From so many weightings on they are told together; with fewer, one might be guessed.
LEAST_ANSWERS = 10


@dataclass(frozen=True, eq=False)
class ImportanceFacts:
    """The weightings of one conversation, for the examples of the method pages.

    ``shares`` is of ``to_shares``; ``first`` of ``first_places`` (None without an order), and
    ``names`` are those of its candidates.
    """

    subjects: tuple[Subject, ...]
    shares: pd.DataFrame
    first: pd.DataFrame | None = None
    names: pd.Series | None = None


def to_shares(points: pd.DataFrame) -> pd.DataFrame:
    """Each weighting (a row) as parts of 100 by subject (a column), together 100.

    InputError when points are no number or below 0, or a row has none above 0.
    """
    numbers = points.to_numpy(dtype="float64", na_value=np.nan)
    if not (np.isfinite(numbers).all() and (numbers >= 0).all()):
        raise InputError("to_shares", ["points are below 0, or no number"])
    totals = numbers.sum(axis=1, keepdims=True)
    if not (totals > 0).all():
        raise InputError("to_shares", ["a weighting has no points"])
    return pd.DataFrame(100.0 * numbers / totals, points.index, points.columns)


def measure_importance(shares: pd.DataFrame) -> pd.DataFrame:
    """By subject the middle of all weightings, and between what the middle half of them lies.

    m_k = mediaan over i van 100 × p_ik / Σ p_ij

    with p_ik the points of resident i for subject k. ``median``, ``low`` and ``high`` (a quarter
    lies below ``low``, a quarter above ``high``) are parts of 100, on the index of the subjects;
    ``answer_count`` is the number of weightings. Between two weightings the quantile is a straight
    line (type 7 of Hyndman and Fan). NaN without weightings. Medians need not add up to 100.

    Source: Hyndman & Fan (1996), Sample Quantiles in Statistical Packages, American Statistician
    50; the median, because a few who weigh otherwise than all others hardly move it.
    """
    quantiles = shares.quantile([0.25, 0.5, 0.75], interpolation="linear")
    return pd.DataFrame(
        {
            "median": quantiles.loc[0.5],
            "low": quantiles.loc[0.25],
            "high": quantiles.loc[0.75],
            "answer_count": shares.notna().sum().astype("int64"),
        },
        index=pd.Index(shares.columns, name="subject"),
    )


def _example(
    facts: ImportanceFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if len(facts.shares) < LEAST_ANSWERS:
        return None
    table = measure_importance(facts.shares)
    heaviest = {entry.key: entry for entry in facts.subjects}[str(table["median"].idxmax())]
    row: Any = table.loc[heaviest.key]
    return (
        f"{number(len(facts.shares))} mensen stuurden hun afweging mee. Bij de helft van hen telt "
        f"{heaviest.short} voor {number(float(row['median']))} van de 100 of meer. De middelste "
        f"helft zit tussen {number(float(row['low']))} en {number(float(row['high']))}."
    )


MEASURE = method.Measure(
    key="wat_inwoners_belangrijk_vinden",
    label="Wat inwoners belangrijk vinden",
    group=method.DIALOGUE,
    explanation=(
        "Hoe zwaar elk onderwerp telt bij wie een afweging meestuurde. Wij noemen de middelste "
        "afweging, en tussen welke grenzen de helft van alle afwegingen ligt."
    ),
    formula_words=(
        "deel de punten van een onderwerp door alle punten van die afweging, neem het keer 100, "
        "zet alle afwegingen op volgorde en neem de middelste"
    ),
    formula="m_k = mediaan over i van 100 × p_ik / Σ p_ij",
    symbols=(
        ("m_k", "hoe zwaar onderwerp k telt bij de middelste afweging, van 0 tot 100"),
        ("i", "een afweging"),
        ("p_ik", "de punten van afweging i voor onderwerp k, van 0 tot 4"),
        ("p_ij", "de punten van afweging i voor elk onderwerp j"),
    ),
    unit="deel van 100 (0 tot 100)",
    example=_example,
    limits=(
        "Dit is geen stemming. Wie meedoet, kiest dat zelf. De groep is geen steekproef uit de "
        "wijk.",
        "Wij tonen dit pas vanaf 10 afwegingen, ook per wijk.",
        "Iemand kan vaker een afweging sturen. Wij bewaren niet wie het was.",
        "Iedereen kiest uit vijf stappen. Kleine verschillen zeggen dus weinig.",
        "De middelste afwegingen van alle onderwerpen samen hoeven geen 100 te zijn.",
        "Wat mensen van een plan vinden, zit hier niet in.",
    ),
    sources=(
        "R.J. Hyndman en Y. Fan (1996), Sample Quantiles in Statistical Packages, The American "
        "Statistician 50, p. 361-365: kwantielen, type 7.",
    ),
    function=measure_importance,
)
