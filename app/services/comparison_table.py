"""A comparison as a table: every criterion with the cells of the candidates, and the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.access.profiles import Criterion as AccessCriterion
from analysis.access.score import AccessScores
from analysis.closer_look import FINDINGS, NOT_KNOWN, QUESTIONS, Question
from analysis.comparing.criteria import ACCEPTANCE
from analysis.comparing.criterion import Criterion
from analysis.comparing.facts import Evidence
from app.numbers import to_dutch, to_dutch_date
from app.services.candidate_places import CandidatePlace
from app.services.comparison import ComparedCandidates

#: Signs for candidates, on the map and in the table.
LETTERS = "ABCD"
EVERYTHING_KNOWN = 1e-9


@dataclass(frozen=True)
class CellView:
    """One cell: the raw value in words, what it is worth, and whose figure it is.

    ``value`` (0 to 1) and ``part`` (points out of 100) are None when unknown; ``reason`` says why.
    """

    raw: float | None
    text: str
    unit: str
    reason: str | None
    note: str | None
    evidence: Evidence
    value: float | None
    part: float | None

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True)
class RowView:
    """One criterion: its points, its share, and a cell for each candidate in their order."""

    criterion: Criterion
    points: int
    weight: float
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class TotalView:
    """The total of a candidate; None, with a range and the reason, when a value is unknown."""

    place: CandidatePlace
    total: float | None
    at_least: float
    at_most: float
    rank: int | None
    reason: str | None


@dataclass(frozen=True)
class MinutesRow:
    """One amenity of the access profile, and the minutes of each candidate (None: not known)."""

    criterion: AccessCriterion
    minutes: tuple[float | None, ...]
    reasons: tuple[str | None, ...]


@dataclass(frozen=True)
class AsideCell:
    """What the closer look says on one question, of one candidate, in words."""

    label: str
    evidence: str | None
    source: str | None
    on: str | None


def table_rows(found: ComparedCandidates) -> tuple[RowView, ...]:
    """The criteria in their order, with the candidates as they were asked."""
    parts = found.comparison.parts.set_index(["candidate", "criterion"])
    return tuple(
        RowView(
            criterion,
            found.question.points[criterion.key],
            float(found.comparison.weights[criterion.key]),
            tuple(_cell(found, parts, place, criterion) for place in found.places),
        )
        for criterion in found.comparison.facts.criteria
    )


def totals(found: ComparedCandidates) -> tuple[TotalView, ...]:
    """The totals of the candidates, as they were asked."""
    rows: dict[Any, Any] = found.comparison.totals.to_dict("index")
    return tuple(_total(place, rows[place.key]) for place in found.places)


def raw_text(criterion: Criterion, raw: float) -> str:
    """A raw value in words: a step by its name, a number as Dutch readers write it."""
    if criterion.level_names:
        return criterion.level_names[round(raw)]
    return to_dutch(raw, criterion.digits)


def minutes_rows(scores: AccessScores | None, found: ComparedCandidates) -> tuple[MinutesRow, ...]:
    """The minutes behind an access score; nothing for a type that does not ask it."""
    if scores is None:
        return ()
    parts = scores.parts.set_index(["point", "criterion"])

    def told(place: CandidatePlace, entry: AccessCriterion, column: str) -> Any:
        value: Any = parts.at[(place.key, entry.key), column]
        return None if pd.isna(value) else value

    return tuple(
        MinutesRow(
            entry,
            tuple(told(place, entry, "minutes") for place in found.places),
            tuple(told(place, entry, "reason") for place in found.places),
        )
        for entry in scores.profile.criteria
    )


def aside_rows(
    places: Sequence[CandidatePlace],
) -> tuple[tuple[Question, tuple[AsideCell, ...]], ...]:
    """The five questions of the closer look beside each other, acceptance first."""
    questions = sorted(QUESTIONS, key=lambda entry: entry.key != ACCEPTANCE)
    return tuple(
        (question, tuple(_aside(place, question) for place in places)) for question in questions
    )


def _cell(
    found: ComparedCandidates, parts: pd.DataFrame, place: CandidatePlace, criterion: Criterion
) -> CellView:
    facts = found.comparison.facts
    row: Any = parts.loc[(place.key, criterion.key)]
    note: Any = facts.notes.at[place.key, criterion.key]
    is_known = not pd.isna(row["value"])
    return CellView(
        float(row["raw"]) if is_known else None,
        raw_text(criterion, float(row["raw"])) if is_known else "geen cijfer",
        "" if criterion.level_names else criterion.unit,
        None if is_known else str(row["reason"]),
        None if pd.isna(note) else str(note),
        facts.evidence[place.key, criterion.key],
        float(row["value"]) if is_known else None,
        float(row["part"]) if is_known or row["weight"] == 0 else None,
    )


def _total(place: CandidatePlace, row: Any) -> TotalView:
    is_known = not pd.isna(row["total"])
    return TotalView(
        place,
        float(row["total"]) if is_known else None,
        float(row["at_least"]),
        float(row["at_most"]),
        int(row["rank"]) if is_known else None,
        None if is_known else str(row["reason"]),
    )


def _aside(place: CandidatePlace, question: Question) -> AsideCell:
    answer = place.findings.get(question.key)
    if not place.is_own:
        return AsideCell("Niet te zien: van een andere gemeente", None, None, None)
    if answer is None:
        return AsideCell(NOT_KNOWN.label, None, None, None)
    on = None if answer.found_on is None else to_dutch_date(answer.found_on)
    return AsideCell(FINDINGS[answer.finding].label, answer.evidence, answer.source, on)
