"""What is known of the candidates, criterion by criterion, before anything is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.comparing.criterion import Criterion
from analysis.errors import InputError


@dataclass(frozen=True)
class Evidence:
    """Whose figure a raw value is: its source, its year or date, and the page of its method."""

    source: str
    year: str
    method_slug: str | None = None
    is_example: bool = False


@dataclass(frozen=True, eq=False)
class CandidateFacts:
    """The raw values of some candidates, with where each comes from.

    ``raw`` has a row a candidate (index ``candidate``, unique) and a column a criterion, in raw
    units; NaN is unknown. ``reasons`` and ``notes`` have the same shape: why a value is unknown
    (a Dutch sentence, <NA> where there is a value) and what stands behind a value in words (<NA>
    where there is nothing to add). ``names`` is by candidate, ``evidence`` by candidate and
    criterion key.
    """

    criteria: tuple[Criterion, ...]
    names: pd.Series
    raw: pd.DataFrame
    reasons: pd.DataFrame
    notes: pd.DataFrame
    evidence: Mapping[tuple[object, str], Evidence]

    def __post_init__(self) -> None:
        """InputError when frames differ, or a value is unknown without a reason."""
        keys = [entry.key for entry in self.criteria]
        breaches = [] if self.raw.index.is_unique else ["a candidate occurs twice"]
        for name, frame in (("raw", self.raw), ("reasons", self.reasons), ("notes", self.notes)):
            if list(frame.columns) != keys:
                breaches.append(f"the columns of {name} are not the criteria")
            if not frame.index.equals(self.raw.index):
                breaches.append(f"{name} is not on the index of the candidates")
        if not self.names.index.equals(self.raw.index):
            breaches.append("names are not on the index of the candidates")
        if not breaches and not (self.raw.isna() == self.reasons.notna()).all(axis=None):
            breaches.append("a value is unknown without a reason, or known with one")
        if breaches:
            raise InputError("candidate facts", breaches)

    @property
    def unknown(self) -> pd.DataFrame:
        """Where a value is not known."""
        return self.raw.isna()
