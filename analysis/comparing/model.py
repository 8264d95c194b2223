"""The additive value model: what each candidate gets, part by part, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum, isfinite
from typing import Any

import numpy as np
import pandas as pd

from analysis import method
from analysis.comparing.criteria import STARTING_VALUES
from analysis.comparing.criterion import Criterion
from analysis.comparing.facts import CandidateFacts
from analysis.comparing.values import to_values
from analysis.errors import InputError

#: Totals of points out of 100 that lie closer than this are equal: what is between them comes
#: from computing with fractions, not from the candidates.
SAME_TOTAL = 1e-9
#: The key of a candidate: the id of a site, or a text for a free point.
Candidate = Any


@dataclass(frozen=True, eq=False)
class Comparison:
    """Candidates weighed: their totals, their order, and every part of it.

    ``weights`` has a share by criterion, together 1. ``values`` has the shape of ``facts.raw``.
    ``parts`` has a row per candidate and criterion, in the order of both: ``candidate``,
    ``criterion``, ``raw``, ``value`` (0 to 1), ``weight``, ``part`` (points out of 100; 0 without
    weight, NaN when a weighted value is unknown) and ``reason`` (why a value is unknown, else
    <NA>). ``totals`` is on the index of the candidates: ``total`` (0 to 100, or NaN), ``at_least``
    and ``at_most`` (with every unknown value at 0 and at 1; both the total when all is known),
    ``rank`` (1 is the highest total, equal totals share one; <NA> without a total) and ``reason``
    (why there is no total, else <NA>).
    """

    facts: CandidateFacts
    weights: pd.Series
    values: pd.DataFrame
    parts: pd.DataFrame
    totals: pd.DataFrame

    @property
    def weighing(self) -> tuple[Criterion, ...]:
        """The criteria that have weight."""
        return tuple(entry for entry in self.facts.criteria if self.weights[entry.key] > 0)

    @property
    def ranked(self) -> pd.Index:
        """The candidates that have a total, in the order of their totals."""
        ranks = self.totals["rank"].dropna()
        return ranks.sort_values(kind="stable").index

    @property
    def ranked_values(self) -> pd.DataFrame:
        """The values of the candidates with a total, in their order, on the weighing criteria."""
        return self.values.reindex(self.ranked)[[entry.key for entry in self.weighing]]

    @property
    def ranked_weights(self) -> pd.Series:
        """The weights above 0, on the columns of ``ranked_values``."""
        return self.weights.reindex([entry.key for entry in self.weighing])

    def name_of(self, candidate: Candidate) -> str:
        """What people call it."""
        return str(self.facts.names[candidate])

    def parts_of(self, candidate: Candidate) -> pd.DataFrame:
        """The parts of one candidate, by criterion."""
        rows: pd.DataFrame = self.parts[self.parts["candidate"] == candidate]
        return rows.set_index("criterion")


def weights_of(points: Mapping[str, float]) -> pd.Series:
    """The points as shares that add up to 1 (``weight``, index ``criterion``).

    InputError when points are no number or below 0, or when none is above 0.
    """
    breaches = [
        f"{key} has {value} points" for key, value in points.items() if not _is_points(value)
    ]
    if not breaches and not any(value > 0 for value in points.values()):
        breaches = ["no criterion has points"]
    if breaches:
        raise InputError("weights_of", breaches)
    index = pd.Index(list(points), name="criterion", dtype="object")
    given = pd.Series(list(points.values()), index=index, name="weight", dtype="float64")
    scaled = given / given.max()
    shares: pd.Series = scaled / fsum(scaled)
    return shares


def _is_points(value: float) -> bool:
    return isfinite(value) and value >= 0


def compare(facts: CandidateFacts, weights: pd.Series) -> Comparison:
    """The candidates weighed with these shares by criterion."""
    keys = [entry.key for entry in facts.criteria]
    _check_weights(keys, weights)
    shares = weights.astype("float64").reindex(keys).rename("weight")
    shares.index.name = "criterion"
    values = to_values(facts)
    parts = _parts(facts, shares, values)
    return Comparison(facts, shares, values, parts, _totals(facts, shares, values))


def _check_weights(keys: list[str], weights: pd.Series) -> None:
    breaches = []
    if not weights.index.is_unique or set(weights.index) != set(keys):
        breaches.append("weights and facts are not of the same criteria")
    shares = weights.to_numpy(dtype="float64", na_value=np.nan)
    if not (np.isfinite(shares).all() and (shares >= 0).all()):
        breaches.append("a weight is below 0, or no number")
    elif abs(shares.sum() - 1.0) > 1e-9:
        breaches.append("the weights do not add up to 1")
    if breaches:
        raise InputError("compare", breaches)


def total_of(values: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """The total of each candidate from the values of its criteria (``total``).

    S_s = 100 × Σ u_k × v_k(x_sk)

    from 0 to 100, with weights of at least 0 that add up to 1. A candidate with an unknown value
    on a criterion with weight has no total (NaN); a criterion without weight asks nothing. The
    criteria are added in the order of their names, so that their order changes nothing.

    Source: additive value model, Keeney & Raiffa (1976).
    """
    total = np.zeros(len(values))
    for name in sorted(values.columns):
        weight = float(weights[name])
        if weight > 0:
            total += 100.0 * weight * values[name].to_numpy(dtype="float64")
    return pd.Series(np.minimum(total, 100.0), values.index, name="total", dtype="float64")


def _parts(facts: CandidateFacts, weights: pd.Series, values: pd.DataFrame) -> pd.DataFrame:
    candidate_count, criterion_count = values.shape
    weight = np.tile(weights.to_numpy(), candidate_count)
    value = values.to_numpy(dtype="float64").ravel()
    return pd.DataFrame(
        {
            "candidate": values.index.repeat(criterion_count),
            "criterion": np.tile(values.columns.to_numpy(dtype="object"), candidate_count),
            "raw": facts.raw.to_numpy(dtype="float64", na_value=np.nan).ravel(),
            "value": value,
            "weight": weight,
            "part": np.where(weight > 0, 100.0 * weight * value, 0.0),
            "reason": pd.Series(facts.reasons.to_numpy(dtype="object").ravel(), dtype="object"),
        }
    )


def _totals(facts: CandidateFacts, weights: pd.Series, values: pd.DataFrame) -> pd.DataFrame:
    total = total_of(values, weights)
    return pd.DataFrame(
        {
            "total": total,
            "at_least": total_of(values.fillna(0.0), weights),
            "at_most": total_of(values.fillna(1.0), weights),
            "rank": _ranks(total),
            "reason": _reasons(facts, weights),
        },
        index=values.index,
    )


def _ranks(total: pd.Series) -> pd.Series:
    """The number of higher totals and one; <NA> without a total."""
    known = total.dropna().to_numpy()
    higher = (known[None, :] > known[:, None] + SAME_TOTAL).sum(axis=1)
    ranks = pd.Series(higher + 1, total.dropna().index, dtype="Int64")
    return ranks.reindex(total.index).rename("rank")


def _reasons(facts: CandidateFacts, weights: pd.Series) -> pd.Series:
    weighing = [entry for entry in facts.criteria if weights[entry.key] > 0]
    unknown = facts.unknown
    told: list[object] = []
    for candidate in unknown.index:
        missing = [entry.label.lower() for entry in weighing if unknown.at[candidate, entry.key]]
        told.append(f"Niet te berekenen. Nog niet bekend: {listed(missing)}." if missing else pd.NA)
    return pd.Series(told, index=unknown.index, name="reason", dtype="object")


def listed(words: Iterable[str]) -> str:
    """The words as a list in a sentence: "a, b en c"."""
    *most, last = words
    return f"{', '.join(most)} en {last}" if most else last


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if comparison.ranked.empty:
        return None
    candidate = comparison.ranked[0]
    labels = {entry.key: entry.label for entry in comparison.facts.criteria}
    parts = comparison.parts_of(candidate)
    told = [
        f"{labels[str(key)]}: {number(100 * float(row['weight']))} × "
        f"{number(float(row['value']))} = {number(float(row['part']))}."
        for key, row in parts[parts["weight"] > 0].iterrows()
    ]
    total = number(float(comparison.totals["total"][candidate]))
    return f"{comparison.name_of(candidate)}. {' '.join(told)} Samen {total} van de 100 punten."


MEASURE = method.Measure(
    key="totaal_van_een_kandidaat",
    label="Totaal van een kandidaat",
    group=method.COMPARING,
    explanation=(
        "Hoe goed een mogelijke plek past bij wat u belangrijk vindt, van 0 tot 100 punten. U "
        "kiest zelf hoe zwaar elk criterium telt. Elk deel van het totaal staat erbij."
    ),
    formula_words=(
        "geef elk cijfer een waarde van 0 tot 1, vermenigvuldig die met het gewicht, tel alles op "
        "en neem het keer 100"
    ),
    formula="S_s = 100 × Σ u_k × v_k(x_sk)",
    symbols=(
        ("S_s", "het totaal van kandidaat s, van 0 tot 100"),
        ("k", "een criterium"),
        ("x_sk", "het cijfer van kandidaat s op criterium k"),
        ("v_k", "de waarde van dat cijfer, van 0 tot 1"),
        ("u_k", "het gewicht van criterium k; alle gewichten samen zijn 1"),
    ),
    unit="punten (0 tot 100)",
    example=_example,
    limits=(
        STARTING_VALUES,
        "Het totaal vergelijkt kandidaten voor één soort. Totalen van twee soorten zijn niet te "
        "vergelijken.",
        "Is een cijfer niet bekend en telt het mee, dan is er geen totaal. Wij zeggen dan wat het "
        "totaal minstens en hoogstens kan zijn.",
        "Een hoog cijfer op het ene criterium maakt een laag cijfer op het andere goed.",
        "Wat mensen van een plan vinden, telt niet mee. Dat staat ernaast.",
        "Het totaal kiest niet. Mensen besluiten.",
    ),
    sources=(
        "R.L. Keeney en H. Raiffa (1976), Decisions with Multiple Objectives: additief "
        "waardemodel.",
    ),
    function=total_of,
)
