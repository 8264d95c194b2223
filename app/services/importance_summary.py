"""All weightings of a conversation together: how heavy each subject weighs, and who comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.dialogue.first_places import (
    FirstVerdict,
    first_places,
    in_order,
    judge_first,
    judge_heaviest,
)
from analysis.dialogue.importance import LEAST_ANSWERS, measure_importance, to_shares
from analysis.dialogue.subjects import Subject, to_subjects
from app.numbers import to_dutch, to_dutch_share
from app.services.candidate_places import CandidatePlace
from app.services.importance_order import criterion_points
from app.services.public_tracks import TrackLine
from app.services.shelf import Shelf
from app.services.weighed_track import TrackValues, WeighedTrack, to_weighed, track_values
from data.queries.importance import ImportanceRow, public_importance

NO_VOTE = (
    "Dit is geen stemming. Wie meedoet, kiest dat zelf. De groep is geen steekproef uit de wijk."
)
_shelf = Shelf(64)


@dataclass(frozen=True)
class SubjectRow:
    """How heavy a subject weighs, out of 100: the middle weighting, and the middle half."""

    subject: Subject
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class FirstRow:
    """With how many weightings a candidate stands first alone, as a share with its margin."""

    place: CandidatePlace
    count: int
    shared_count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """The weightings together; ``subjects`` is empty with fewer than LEAST_ANSWERS.

    ``firsts`` is empty without an order; ``order_count`` weightings are in it. ``unknown`` are
    the subjects that do not count in the order, ``unmeasured`` the candidates that do not.
    """

    count: int
    subjects: tuple[SubjectRow, ...]
    firsts: tuple[FirstRow, ...]
    order_count: int
    is_clear: bool | None
    lead: str
    order_told: str
    unknown: tuple[Subject, ...]
    unmeasured: tuple[CandidatePlace, ...]

    @property
    def is_told(self) -> bool:
        """Whether there are enough to tell them together."""
        return bool(self.subjects)

    @property
    def heaviest_first(self) -> tuple[SubjectRow, ...]:
        """The subjects in the order of the middle weighting."""
        return tuple(sorted(self.subjects, key=lambda row: -row.median))


def public_summary(
    connection: Connection, home: Path, line: TrackLine, on: dt.date, mark: str
) -> Summary | None:
    """What everyone may read: closed phases with enough weightings. None when there are none.

    ``mark`` is that of everything public (see ``public_mark``).
    """
    record = line.record
    rows = public_importance(connection, record.id).get(record.id, ())
    if not rows:
        return None
    track = to_weighed(connection, record, line.progress.phases, line.site_ids, on, mark)
    told = summary(connection, home, track, rows)
    return told if told.is_told else None


def summary(
    connection: Connection, home: Path, track: WeighedTrack, rows: Sequence[ImportanceRow]
) -> Summary:
    """These weightings together; ``connection`` is that of a visitor."""
    key = (track.key, tuple((row.type, tuple(sorted(row.points.items()))) for row in rows))
    return _shelf.keep(
        _as_text(key), lambda: _make(track, track_values(connection, home, track), rows)
    )


def _as_text(key: object) -> str:
    """Points are JSON and may hold anything, also what can't be a key."""
    return repr(key)


def shares_of(rows: Sequence[ImportanceRow], subjects: Sequence[Subject]) -> pd.DataFrame:
    """The weightings as parts of 100 by subject; those without points on these are left out."""
    told = [to_subjects(_numbers(row.points), tuple(subjects)) for row in rows]
    kept = {number: points for number, points in enumerate(told) if any(points.values())}
    keys = [subject.key for subject in subjects]
    frame = pd.DataFrame.from_dict(kept, orient="index", columns=keys, dtype="float64")
    return to_shares(frame)


def _numbers(points: Mapping[str, Any]) -> dict[str, float]:
    """The points that are numbers from 0 on."""
    return {
        key: float(count)
        for key, count in points.items()
        if isinstance(count, int | float) and isfinite(count) and count >= 0
    }


def subject_rows(shares: pd.DataFrame, subjects: Sequence[Subject]) -> tuple[SubjectRow, ...]:
    """How heavy each subject weighs in these weightings."""
    table = measure_importance(shares)
    found: dict[str, Any] = {str(key): row for key, row in table.iterrows()}
    return tuple(
        SubjectRow(
            subject,
            float(found[subject.key]["median"]),
            float(found[subject.key]["low"]),
            float(found[subject.key]["high"]),
        )
        for subject in subjects
    )


def first_table(
    shares: pd.DataFrame, values: TrackValues | None, subjects: Sequence[Subject]
) -> pd.DataFrame | None:
    """``first_places`` of these weightings; None with fewer than two candidates measured whole.

    A weighting that is only about what is not public yet has no order, and is left out.
    """
    if values is None or len(values.known) < 2:
        return None
    counted = [entry.key for entry in values.facts.criteria]
    weights = pd.DataFrame(
        [
            criterion_points({str(key): share for key, share in row.items()}, subjects, counted)
            for _, row in shares.iterrows()
        ],
        index=shares.index,
        columns=counted,
        dtype="float64",
    )
    weights = weights[weights.sum(axis=1) > 0]
    return None if weights.empty else first_places(values.known, weights)


def _make(
    track: WeighedTrack, values: TrackValues | None, rows: Sequence[ImportanceRow]
) -> Summary:
    shares = shares_of(rows, track.subjects)
    unknown = () if values is None else values.unknown
    if len(shares) < LEAST_ANSWERS:
        lead = _few(len(shares))
        return Summary(len(shares), (), (), 0, None, lead, "", unknown, ())
    subjects = subject_rows(shares, track.subjects)
    table = first_table(shares, values, track.subjects)
    if table is not None and int(table["answer_count"].iloc[0]) < LEAST_ANSWERS:
        table = None
    return Summary(
        count=len(shares),
        subjects=subjects,
        firsts=() if table is None else _first_rows(track, table),
        order_count=0 if table is None else int(table["answer_count"].iloc[0]),
        is_clear=None if table is None else _is_clear(judge_first(table)),
        lead=_lead(shares, track.subjects),
        order_told=_order_told(track, values, table),
        unknown=unknown,
        unmeasured=()
        if table is None
        else tuple(place for place in track.places if place.key not in table.index),
    )


def _is_clear(verdict: FirstVerdict | None) -> bool | None:
    return None if verdict is None else verdict.is_clear


def _few(count: int) -> str:
    if count == 0:
        return "Nog niemand stuurde een afweging mee."
    told = "Er is nu 1 afweging" if count == 1 else f"Er zijn nu {to_dutch(count)} afwegingen"
    return f"{told}. Vanaf {LEAST_ANSWERS} afwegingen laten wij ze samen zien."


def _lead(shares: pd.DataFrame, subjects: Sequence[Subject]) -> str:
    told = f"{to_dutch(len(shares))} keer stuurde iemand een afweging mee."
    verdict = judge_heaviest(shares)
    if verdict is None:
        return told
    labels = {subject.key: subject.label for subject in subjects}
    first, second = f"‘{labels[verdict.first]}’", f"‘{labels[verdict.second]}’"
    if verdict.is_clear:
        return f"{told} {first} telt het zwaarst."
    return f"{told} {first} en {second} tellen het zwaarst, zonder duidelijk verschil."


def _first_rows(track: WeighedTrack, table: pd.DataFrame) -> tuple[FirstRow, ...]:
    places = {place.key: place for place in track.places}
    rows: Any = in_order(table).iterrows()
    return tuple(
        FirstRow(
            places[key],
            int(row["first_count"]),
            int(row["shared_count"]),
            float(row["first_share"]),
            float(row["low"]),
            float(row["high"]),
        )
        for key, row in rows
    )


def _order_told(track: WeighedTrack, values: TrackValues | None, table: pd.DataFrame | None) -> str:
    if values is None:
        return "Er zijn nog geen openbare plekken om te vergelijken. Er is dus geen volgorde."
    if table is None:
        return "Van de plekken is nog te weinig openbaar voor een volgorde."
    verdict = judge_first(table)
    if verdict is None:
        return "Bij geen enkele afweging staat één plek alleen vooraan."
    first, second, *_ = _first_rows(track, table)
    count = int(table["answer_count"].iloc[0])
    told = (
        f"Bij {to_dutch(first.count)} van de {to_dutch(count)} afwegingen staat "
        f"{first.place.name} vooraan ({to_dutch_share(first.share)}, marge "
        f"{to_dutch_share(first.low)} tot {to_dutch_share(first.high)})"
    )
    other = f"{second.place.name} ({to_dutch(second.count)} keer vooraan)"
    if verdict.is_clear:
        return f"{told}. Het verschil met {other} is duidelijk."
    return f"{told}. Met {other} is er geen duidelijk verschil."
