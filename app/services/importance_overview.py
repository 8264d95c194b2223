"""What council and planners read of importance: all together, by wijk, and beside their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.dialogue.importance import LEAST_ANSWERS
from analysis.dialogue.subjects import Subject
from analysis.dialogue.wijk_groups import LEAST_PEOPLE, told_apart, told_counts
from app.numbers import is_unknown, to_dutch
from app.services.importance_order import ToldOrder, told_order
from app.services.importance_summary import (
    SubjectRow,
    Summary,
    shares_of,
    subject_rows,
    summary,
)
from app.services.lists import SourceLine, once
from app.services.spreading import QuestionError
from app.services.weighed_track import WeighedTrack, track_values
from data.figures import missing_reason
from data.queries.areas import figure_values
from data.queries.importance import ImportanceRow, all_importance
from data.queries.releases import Release, area_release

#: Gives a connection of a visitor: candidates are measured as everyone may know them.
AsVisitor = Callable[[], AbstractContextManager[Connection]]
FEWER = f"minder dan {LEAST_PEOPLE}"
TOO_FEW = (
    f"Minder dan {LEAST_ANSWERS} afwegingen uit deze wijk. Of er blijven te weinig andere over. "
    "Daarom staat de weging hier niet."
)


@dataclass(frozen=True)
class WijkRow:
    """A wijk: how many weightings (None: too few to tell), and how many people live there.

    ``subjects`` is empty when its weightings are not told apart.
    """

    code: str
    name: str
    gemeente_name: str
    count: int | None
    resident_count: float | None
    resident_reason: str | None
    subjects: tuple[SubjectRow, ...]


@dataclass(frozen=True)
class Reach:
    """From where the weightings come; ``other_count`` are of other wijken or of none named."""

    wijken: tuple[WijkRow, ...]
    other_count: int
    release: Release


@dataclass(frozen=True)
class OwnWeighting:
    """The reader's own weighting beside all: parts of 100 by subject, and its order."""

    shares: Mapping[str, float]
    order: ToldOrder
    differs: str


@dataclass(frozen=True)
class PhaseChoice:
    """A phase of which the weightings can be told apart from those of the others."""

    phase_id: int
    name: str
    count: int


@dataclass(frozen=True)
class Overview:
    """The page: the weightings together, where they come from, and the reader's own."""

    track: WeighedTrack
    summary: Summary
    reach: Reach
    own: OwnWeighting | None
    phases: tuple[PhaseChoice, ...]
    phase: PhaseChoice | None
    sources: tuple[SourceLine, ...]


def overview(
    connection: Connection,
    as_visitor: AsVisitor,
    home: Path,
    track: WeighedTrack,
    own_points: Mapping[str, float] | None,
    phase_id: int | None,
) -> Overview:
    """All that is told of the weightings of a conversation; on a connection of the council.

    QuestionError for a phase whose weightings can't be told apart.
    """
    every = all_importance(connection, track.record.id)
    phases = _phases(track, every)
    phase = _chosen(phases, phase_id)
    rows = [row for row in every if phase is None or row.phase_id == phase.phase_id]
    with as_visitor() as opened:
        told = summary(opened, home, track, rows)
        values = track_values(opened, home, track)
        own = _own(opened, home, track, told, own_points)
    reach = _reach(connection, track, rows)
    sources = (
        SourceLine("gebieden", "Inwoners per wijk", reach.release),
        *(() if values is None else values.sources),
    )
    return Overview(track, told, reach, own, phases, phase, once(sources))


def _phases(track: WeighedTrack, rows: Sequence[ImportanceRow]) -> tuple[PhaseChoice, ...]:
    """The phases with enough weightings, that leave none or enough over."""
    counts = pd.Series([row.phase_id for row in rows], dtype="object").value_counts()
    found = []
    for phase in track.phases:
        count = int(counts.get(phase.id, 0))
        rest = len(rows) - count
        if count >= LEAST_ANSWERS and rest >= LEAST_ANSWERS:
            found.append(PhaseChoice(phase.id, phase.name, count))
    return tuple(found)


def _chosen(phases: Sequence[PhaseChoice], phase_id: int | None) -> PhaseChoice | None:
    if phase_id is None:
        return None
    for phase in phases:
        if phase.phase_id == phase_id:
            return phase
    raise QuestionError("fase", "Van deze stap zijn de afwegingen niet apart te laten zien.")


def _own(
    connection: Connection,
    home: Path,
    track: WeighedTrack,
    told: Summary,
    points: Mapping[str, float] | None,
) -> OwnWeighting | None:
    if points is None:
        return None
    whole = sum(points.values())
    shares = {key: 100 * count / whole for key, count in points.items()}
    order = told_order(connection, home, track, points)
    return OwnWeighting(shares, order, _differs(told, shares))


def _differs(told: Summary, shares: Mapping[str, float]) -> str:
    """On what the reader differs most from the middle weighting."""
    if not told.is_told:
        return ""
    outside = [row for row in told.subjects if not row.low <= shares[row.subject.key] <= row.high]
    if not outside:
        return "Op elk onderwerp ligt uw weging bij de middelste helft van de afwegingen."
    most = max(outside, key=lambda row: abs(shares[row.subject.key] - row.median))
    own = shares[most.subject.key]
    word = "zwaarder" if own > most.median else "lichter"
    return (
        f"Het meest verschilt ‘{most.subject.label}’: bij u telt het {word}, "
        f"{to_dutch(own)} van de 100. Bij de middelste afweging is dat {to_dutch(most.median)}."
    )


def _reach(connection: Connection, track: WeighedTrack, rows: Sequence[ImportanceRow]) -> Reach:
    release = area_release(connection)
    wijken = figure_values(connection, release.id, "wijk", "inwoners")
    codes = [row.wijk_code if row.wijk_code in wijken.index else None for row in rows]
    counts = {
        str(code): int(count)
        for code, count in pd.Series(codes, dtype="object").value_counts().items()
    }
    other = len(rows) - sum(counts.values())
    shown, apart = told_counts(counts, other), told_apart(counts, other)
    asked = [*shown]
    if track.record.wijk_code in wijken.index and track.record.wijk_code not in shown:
        asked.append(str(track.record.wijk_code))
    found = tuple(
        _wijk_row(
            code, wijken, shown.get(code), _subjects(track.subjects, rows, codes, code, apart)
        )
        for code in asked
    )
    return Reach(found, len(rows) - sum(shown.values()), release)


def _subjects(
    subjects: Sequence[Subject],
    rows: Sequence[ImportanceRow],
    codes: Sequence[str | None],
    code: str,
    apart: Sequence[str],
) -> tuple[SubjectRow, ...]:
    if code not in apart:
        return ()
    own = [row for row, of in zip(rows, codes, strict=True) if of == code]
    shares = shares_of(own, subjects)
    return subject_rows(shares, subjects) if len(shares) >= LEAST_ANSWERS else ()


def _wijk_row(
    code: str, wijken: pd.DataFrame, count: int | None, subjects: tuple[SubjectRow, ...]
) -> WijkRow:
    found: Any = wijken.loc[code]
    value, reason = found["value"], found["reason"]
    return WijkRow(
        code,
        str(found["name"]),
        str(found["gemeente_name"]),
        count,
        None if is_unknown(value) else float(value),
        None if not is_unknown(value) else missing_reason(str(reason)).label,
        subjects,
    )
