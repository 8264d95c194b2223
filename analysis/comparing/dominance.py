"""Dominance: which candidate is nowhere better than another, whatever the weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import method
from analysis.comparing.model import Candidate, Comparison, listed

#: Values that lie closer than this are equal; the rest is rounding of fractions.
SAME_VALUE = 1e-12


def dominators(values: pd.DataFrame) -> dict[Candidate, tuple[Candidate, ...]]:
    """By candidate those that dominate it, in the order of the index.

    r domineert s: v_rk >= v_sk op elk criterium k, en v_rk > v_sk op minstens één

    Only the criteria that have weight are handed in. What is unknown is not as good as anything,
    and nothing is as good as it: on such a criterion neither is found at least as good. A
    dominated candidate never comes first alone, under any weights.

    Source: Keeney & Raiffa (1976), section 3.2.
    """
    table = values.to_numpy(dtype="float64")
    found: dict[Candidate, tuple[Candidate, ...]] = {}
    for row, candidate in zip(table, values.index, strict=True):
        # A comparison with NaN is false, so an unknown value never counts as good enough.
        is_as_good = (table >= row - SAME_VALUE).all(axis=1)
        is_better = (table > row + SAME_VALUE).any(axis=1)
        found[candidate] = tuple(values.index[np.flatnonzero(is_as_good & is_better)])
    return found


def dominated_in(comparison: Comparison) -> dict[Candidate, tuple[Candidate, ...]]:
    """The dominated candidates of a comparison, each with those that dominate it."""
    keys = [entry.key for entry in comparison.weighing]
    everyone = dominators(comparison.values[keys])
    return {candidate: others for candidate, others in everyone.items() if others}


def dominance_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Of every dominated candidate a sentence in Dutch that names those that dominate it."""
    return tuple(
        f"{comparison.name_of(candidate)} doet het op geen enkel criterium dat meetelt beter dan "
        f"{listed(comparison.name_of(other) for other in others)}, en op minstens één minder goed."
        for candidate, others in dominated_in(comparison).items()
    )


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if len(comparison.ranked) < 2:
        return None
    told = dominance_sentences(comparison)
    some = (
        f"Van de {number(len(comparison.ranked))} kandidaten met een totaal, op "
        f"{number(len(comparison.weighing))} criteria:"
    )
    return " ".join([some, *(told or ["niemand doet het overal minder goed dan een ander."])])


MEASURE = method.Measure(
    key="overal_minstens_zo_goed",
    label="Overal minstens zo goed",
    group=method.COMPARING,
    explanation=(
        "Of een kandidaat het op elk criterium minstens zo goed doet als een andere, en ergens "
        "beter. De andere kan dan met geen enkele weging alleen op de eerste plaats komen."
    ),
    formula_words=(
        "vergelijk twee kandidaten op elk criterium dat meetelt: is de ene nergens minder goed en "
        "ergens beter, dan is de ander niet nodig in de vergelijking"
    ),
    formula="r domineert s: v_rk >= v_sk op elk criterium k, en v_rk > v_sk op minstens één",
    symbols=(
        ("r, s", "twee kandidaten"),
        ("k", "een criterium dat meetelt"),
        ("v_rk", "de waarde van kandidaat r op criterium k, van 0 tot 1"),
        ("v_sk", "de waarde van kandidaat s op criterium k, van 0 tot 1"),
    ),
    unit="ja of nee",
    example=_example,
    limits=(
        "Dit geldt voor de criteria die hier meetellen, met hun schalen. Wat geen criterium is, "
        "kan anders liggen.",
        "Is een cijfer van een van de twee niet bekend, dan zeggen wij dit niet.",
        "Buiten de schaal van een criterium maakt meer of minder geen verschil.",
    ),
    sources=(
        "R.L. Keeney en H. Raiffa (1976), Decisions with Multiple Objectives, paragraaf 3.2.",
    ),
    function=dominators,
)
