"""First places: with how many weightings of residents each candidate comes first, how surely."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.comparing.model import SAME_TOTAL, Candidate, listed
from analysis.comparing.order import CLEAR_DIFFERENCE, NO_CLEAR_DIFFERENCE
from analysis.dialogue.importance import LEAST_ANSWERS, ImportanceFacts
from analysis.errors import InputError

#: The 97.5% point of the normal distribution: an interval that holds 95 times in 100.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class FirstVerdict:
    """Whether who comes first most often is told apart from who follows."""

    first: Candidate
    second: Candidate
    is_clear: bool

    @property
    def word(self) -> str:
        """The verdict in words."""
        return CLEAR_DIFFERENCE if self.is_clear else NO_CLEAR_DIFFERENCE


def first_places(values: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """With how many weightings each candidate has the highest total, and the margin of that.

    f_s = n_s / N, marge (f_s + z²/2N ± z × √(f_s (1 - f_s) / N + z²/4N²)) / (1 + z²/N)

    ``values`` has candidates in rows and criteria in columns, from 0 to 1, all known; ``weights``
    a weighting in each row on the same columns, at least 0 and not all 0. The table is on the
    index of the candidates: ``first_count`` (n_s: alone in front), ``shared_count`` (in front
    together with others), ``answer_count`` (N) and from 0 to 1 ``first_share`` (f_s), ``low`` and
    ``high``, NaN without weightings. Who shares the first place does not count in n_s.

    Source: Wilson (1927), JASA 22, p. 209-212: the score interval of a share, at 95%.
    """
    if not values.index.is_unique or list(values.columns) != list(weights.columns):
        raise InputError("first_places", ["candidates twice, or other criteria than the weights"])
    if values.isna().any(axis=None) or not (weights.sum(axis=1) > 0).all():
        raise InputError("first_places", ["an unknown value, or a weighting without weight"])
    is_first = _is_first(values, weights)
    alone = is_first & (is_first.sum(axis=1, keepdims=True) == 1)
    counts, answer_count = alone.sum(axis=0), len(weights)
    bounds = [wilson_interval(int(count), answer_count) for count in counts]
    return pd.DataFrame(
        {
            "first_count": counts.astype("int64"),
            "shared_count": (is_first & ~alone).sum(axis=0).astype("int64"),
            "answer_count": answer_count,
            "first_share": counts / answer_count if answer_count else np.nan,
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
        },
        index=values.index,
    )


def _is_first(values: pd.DataFrame, weights: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """By weighting (rows) and candidate whether no total is higher."""
    shares = weights.to_numpy(dtype="float64")
    shares = shares / shares.sum(axis=1, keepdims=True)
    totals = 100.0 * shares @ values.to_numpy(dtype="float64").T
    if totals.shape[1] == 0:
        return np.zeros(totals.shape, dtype=bool)
    return np.asarray(totals >= totals.max(axis=1, keepdims=True) - SAME_TOTAL, dtype=bool)


def wilson_interval(count: int, of_count: int, z: float = Z_95) -> tuple[float, float]:
    """Between which shares the true one lies, 95 times in 100; NaN of nothing."""
    if of_count == 0:
        return float("nan"), float("nan")
    share = count / of_count
    middle = share + z * z / (2 * of_count)
    reach = z * sqrt(share * (1 - share) / of_count + z * z / (4 * of_count * of_count))
    scale = 1 + z * z / of_count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def judge_first(table: pd.DataFrame) -> FirstVerdict | None:
    """Whether the candidate with most first places is told apart from the next.

    Clear when the margins of both do not touch. None with fewer than two candidates, or when no
    weighting puts any of them alone in front.
    """
    if len(table) < 2 or not table["first_count"].gt(0).any():
        return None
    ordered = in_order(table)
    first, second = ordered.index[:2]
    is_clear = float(ordered["low"].iloc[0]) > float(ordered["high"].iloc[1])
    return FirstVerdict(first, second, is_clear)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """The candidates from most to fewest first places; equal ones as they stood."""
    return table.sort_values(["first_count", "shared_count"], ascending=False, kind="stable")


def judge_heaviest(shares: pd.DataFrame) -> FirstVerdict | None:
    """Whether the subject with the highest median is told apart from the next, by who weighs both.

    Of the weightings in which the two differ, the share in which the first is the heavier one:
    clear when its margin (``wilson_interval``) lies above a half. Subjects are the columns, and
    equal medians stay as they stand. None with fewer than two subjects or without weightings.

    Source: the sign test, Dixon & Mood (1946), JASA 41, with the interval of Wilson (1927).
    """
    if shares.empty or shares.shape[1] < 2:
        return None
    ordered = shares.median().sort_values(ascending=False, kind="stable")
    first, second = ordered.index[:2]
    gap = shares[first] - shares[second]
    heavier, lighter = int((gap > SAME_TOTAL).sum()), int((gap < -SAME_TOTAL).sum())
    low, _ = wilson_interval(heavier, heavier + lighter)
    return FirstVerdict(first, second, low > 0.5)


def _example(
    facts: ImportanceFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    table = facts.first
    if table is None or facts.names is None or len(table) < 2:
        return None
    if int(table["answer_count"].iloc[0]) < LEAST_ANSWERS:
        return None
    rows: Any = in_order(table).iterrows()
    told = [
        f"{facts.names[key]} bij {number(int(row['first_count']))} "
        f"({number(100 * float(row['low']))} tot {number(100 * float(row['high']))} van de 100)"
        for key, row in rows
    ]
    verdict = judge_first(table)
    word = NO_CLEAR_DIFFERENCE if verdict is None else verdict.word
    return (
        f"Van {number(int(table['answer_count'].iloc[0]))} afwegingen staat alleen vooraan: "
        f"{listed(told)}. Tussen de eerste en de tweede: {word}."
    )


MEASURE = method.Measure(
    key="bij_hoeveel_afwegingen_vooraan",
    label="Bij hoeveel afwegingen staat een plek vooraan?",
    group=method.DIALOGUE,
    explanation=(
        "Voor elke afweging die inwoners meestuurden, rekenen wij uit welke plek dan vooraan "
        "staat. Daarna tellen wij. De marge zegt hoe ver het door toeval anders kan zijn."
    ),
    formula_words=(
        "tel de afwegingen waarbij de plek alleen vooraan staat, en deel door het aantal "
        "afwegingen; de marge is die van Wilson, die 95 van de 100 keer klopt"
    ),
    formula=("f_s = n_s / N, marge (f_s + z²/2N ± z × √(f_s (1 - f_s) / N + z²/4N²)) / (1 + z²/N)"),
    symbols=(
        ("f_s", "het deel van de afwegingen waarbij plek s vooraan staat, van 0 tot 1"),
        ("n_s", "het aantal afwegingen waarbij plek s alleen vooraan staat"),
        ("N", "het aantal afwegingen"),
        ("z", "1,96: de marge klopt dan 95 van de 100 keer"),
    ),
    unit="deel van de afwegingen (0 tot 1)",
    example=_example,
    limits=(
        "Dit is geen stemming over plekken. Mensen kozen wat zij belangrijk vinden. De volgorde "
        "rekenen wij daarna uit.",
        "De marge gaat alleen over toeval. De groep is geen steekproef uit de wijk, en dat zit "
        "niet in de marge.",
        "Raken de marges van de eerste en de tweede elkaar, dan zeggen wij: geen duidelijk "
        "verschil.",
        "Een onderwerp waarover van geen enkele plek iets openbaar is, telt nog niet mee.",
        "Een plek met een onbekend cijfer doet niet mee. Wij vullen niets in.",
        "Delen plekken de eerste plaats, dan telt die afweging voor geen van hen.",
    ),
    sources=(
        "E.B. Wilson (1927), Probable inference, the law of succession, and statistical "
        "inference, Journal of the American Statistical Association 22, p. 209-212.",
        "Het tellen over afwegingen van mensen volgt R. Lahdelma, J. Hokkanen en P. Salminen "
        "(1998), SMAA, European Journal of Operational Research 106, p. 137-143.",
    ),
    function=first_places,
)
