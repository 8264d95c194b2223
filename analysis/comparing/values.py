"""Value: what a raw figure of a candidate is worth on the fixed scale of its criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.comparing.criterion import Criterion
from analysis.comparing.facts import CandidateFacts
from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.comparing.model import Comparison


def value_of(raw: pd.Series, criterion: Criterion) -> pd.Series:
    """What each raw figure is worth, from 0 to 1 (``value``).

    v_k(x_sk) = max(0, min(1, (x_sk - bad_k) / (good_k - bad_k)))

    a straight line from 1 at ``good`` to 0 at ``bad``, and flat beyond both. The scale is fixed
    and knows no other candidates, so adding one never turns the order of two others. NaN stays
    NaN; an infinite figure is refused.

    Source: additive value model with linear value functions, Keeney & Raiffa (1976).
    """
    figures = raw.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(figures).any():
        raise InputError("value", [f"{criterion.key} has an infinite figure"])
    good, bad = criterion.good, criterion.bad
    within = np.clip(figures, min(good, bad), max(good, bad))
    values = (within - bad) / (good - bad)
    return pd.Series(values, index=raw.index, name="value", dtype="float64")


def to_values(facts: CandidateFacts) -> pd.DataFrame:
    """The values of all candidates: the shape of ``facts.raw``, each from 0 to 1, or NaN."""
    return pd.DataFrame(
        {entry.key: value_of(facts.raw[entry.key], entry) for entry in facts.criteria},
        index=facts.raw.index,
        columns=facts.raw.columns,
    )


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    known = comparison.parts[comparison.parts["value"].notna()]
    if known.empty:
        return None
    between = known[(known["value"] > 0) & (known["value"] < 1)]
    row = (between if len(between) else known).iloc[0]
    criterion = next(c for c in comparison.facts.criteria if c.key == row["criterion"])
    raw, good, bad = float(row["raw"]), criterion.good, criterion.bad
    return (
        f"{comparison.name_of(row['candidate'])}, {criterion.label.lower()}: "
        f"{number(raw)} ({criterion.unit}). {number(good)} is 1 waard en {number(bad)} is 0 "
        f"waard. De waarde is {number(float(row['value']))}."
    )


MEASURE = method.Measure(
    key="waarde_van_een_criterium",
    label="Waarde van een criterium",
    group=method.COMPARING,
    explanation=(
        "Wat een cijfer van een kandidaat waard is, van 0 tot 1. Zo zijn minuten, plekken en "
        "euro's naast elkaar te zetten. Elk criterium heeft een vaste schaal."
    ),
    formula_words=(
        "neem het verschil tussen het cijfer en de slechte kant van de schaal, en deel dat door "
        "de lengte van de schaal; buiten de schaal is de waarde 0 of 1"
    ),
    formula="v_k(x_sk) = max(0, min(1, (x_sk - bad_k) / (good_k - bad_k)))",
    symbols=(
        ("s", "een kandidaat"),
        ("k", "een criterium"),
        ("x_sk", "het cijfer van kandidaat s op criterium k"),
        ("v_k", "de waarde van dat cijfer, van 0 tot 1"),
        ("good_k", "het cijfer dat 1 waard is"),
        ("bad_k", "het cijfer dat 0 waard is"),
        ("good", "de goede kant van de schaal"),
        ("bad", "de slechte kant van de schaal"),
    ),
    unit="waarde (0 tot 1)",
    example=_example,
    limits=(
        "De schalen zijn onze startwaarden: de beleidsstukken noemen die niet. De gebruikers "
        "stellen ze samen vast.",
        "De schaal is een rechte lijn: van 10 naar 20 plekken weegt even zwaar als van 60 naar 70.",
        "Buiten de schaal maakt meer of minder geen verschil.",
        "Is een cijfer niet bekend, dan is er geen waarde. Wij vullen niets in.",
    ),
    sources=(
        "R.L. Keeney en H. Raiffa (1976), Decisions with Multiple Objectives: additief "
        "waardemodel met rechte waardefuncties.",
    ),
    function=value_of,
)
