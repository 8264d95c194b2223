"""Candidates to compare, small enough to check by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.comparing.criterion import CRITERION_GROUPS, Criterion
from analysis.comparing.facts import CandidateFacts
from analysis.comparing.model import Comparison, compare, weights_of

NOT_KNOWN = "Nog niet onderzocht."


def a_criterion(key: str, good: float = 1.0, bad: float = 0.0) -> Criterion:
    """A criterion in its own unit, whose scale is the value itself unless told otherwise."""
    return Criterion(
        key=key,
        label=key.capitalize(),
        group=CRITERION_GROUPS["omgeving"],
        question="",
        unit="punten",
        good=good,
        bad=bad,
        explanation="",
        scale="",
        source="",
        limits=(),
    )


def facts_of(
    raw: Mapping[str, Sequence[float | None]], criteria: Sequence[Criterion]
) -> CandidateFacts:
    """Facts by name of the candidate: a figure for each criterion, None where it is unknown."""
    keys = [entry.key for entry in criteria]
    index = pd.Index(list(raw), name="candidate")
    frame = pd.DataFrame(list(raw.values()), index=index, columns=keys, dtype="float64")
    words = pd.DataFrame(index=index, columns=keys, dtype="object")
    return CandidateFacts(
        criteria=tuple(criteria),
        names=pd.Series(list(raw), index=index),
        raw=frame,
        reasons=words.mask(frame.isna(), NOT_KNOWN),
        notes=words,
        evidence={},
    )


def compared(raw: Mapping[str, Sequence[float | None]], points: Mapping[str, float]) -> Comparison:
    """Candidates whose figures are values already, weighed with these points."""
    criteria = [a_criterion(key) for key in points]
    return compare(facts_of(raw, criteria), weights_of(points))


#: Three criteria by hand: A is good at the first, B at the second, C nowhere better than A.
BY_HAND = {"A": (0.9, 0.2, 0.5), "B": (0.3, 1.0, 0.4), "C": (0.9, 0.1, 0.5)}
POINTS = {"nabij": 50.0, "rust": 30.0, "geld": 20.0}
