"""The order of the candidates that follows from one weighting, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.comparing.draws import SEED, NearWeighting
from analysis.comparing.model import Comparison, compare, listed, weights_of
from analysis.comparing.order import OrderVerdict, judge_order
from analysis.comparing.robustness import rank_acceptability
from analysis.dialogue.subjects import Subject
from app.numbers import to_dutch
from app.services.candidate_places import CandidatePlace
from app.services.shelf import Shelf
from app.services.weighed_track import TrackValues, WeighedTrack, track_values

#: Fewer draws than for staff: the error is at most 1 in 100, and a hall of people waits for it.
DRAWS = 2_500
#: People choose from five steps, so that many choose the same: most answers are made once.
_MOST_KEPT = 4_000
_shelf = Shelf(_MOST_KEPT)
NO_PLACES = "Er zijn nog geen openbare plekken om te vergelijken. Daarom is er nog geen volgorde."
NO_WEIGHT = "Geef ten minste één onderwerp gewicht. Dan laten wij de volgorde zien."
NOT_PUBLIC_YET = (
    "Over wat u belangrijk vindt, is van deze plekken nog niets openbaar. Daarom is er nog geen "
    "volgorde."
)


@dataclass(frozen=True)
class OrderedPlace:
    """A candidate in the order: its total out of 100, and why it has none (else None)."""

    place: CandidatePlace
    rank: int | None
    total: float | None
    reason: str | None
    values: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class ToldOrder:
    """The order in sentences: what it is, how sure, and what does not count in it yet.

    ``is_clear`` is None when there is no order. ``rows`` are the candidates in order, those
    without a total last.
    """

    lead: str
    sure: str
    is_clear: bool | None
    notes: tuple[str, ...]
    rows: tuple[OrderedPlace, ...]


def told_order(
    connection: Connection, home: Path, track: WeighedTrack, points: Mapping[str, float]
) -> ToldOrder:
    """The order by points of the subjects of the track; on a connection of a visitor."""
    values = track_values(connection, home, track)
    asked = tuple(float(points[subject.key]) for subject in track.subjects)
    return _shelf.keep((track.key, asked), lambda: _make(track, values, points))


def criterion_points(
    points: Mapping[str, float], subjects: Sequence[Subject], counted: Sequence[str]
) -> dict[str, float]:
    """Points of subjects over the criteria that count, evenly within each subject."""
    found = dict.fromkeys(counted, 0.0)
    for subject in subjects:
        keys = [key for key in subject.criteria if key in found]
        for key in keys:
            found[key] = float(points[subject.key]) / len(keys)
    return found


def compared(
    values: TrackValues, subjects: Sequence[Subject], points: Mapping[str, float]
) -> Comparison | None:
    """The candidates weighed; None when no criterion that counts has points."""
    counted = [entry.key for entry in values.facts.criteria]
    by_criterion = criterion_points(points, subjects, counted)
    if not any(by_criterion.values()):
        return None
    return compare(values.facts, weights_of(by_criterion))


def _make(
    track: WeighedTrack, values: TrackValues | None, points: Mapping[str, float]
) -> ToldOrder:
    notes = _notes(track, values)
    if values is None:
        return ToldOrder(NO_PLACES, "", None, notes, ())
    if not any(points.values()):
        return ToldOrder(NO_WEIGHT, "", None, notes, ())
    comparison = compared(values, track.subjects, points)
    if comparison is None:
        return ToldOrder(NOT_PUBLIC_YET, "", None, notes, ())
    rows = _rows(track, comparison)
    verdict = _verdict(comparison)
    if verdict is None:
        return ToldOrder(_too_few(comparison), "", None, notes, rows)
    lead, sure = _lead(comparison, verdict), _sure(comparison, verdict)
    return ToldOrder(lead, sure, verdict.is_clear, notes, rows)


def _verdict(comparison: Comparison) -> OrderVerdict | None:
    if len(comparison.ranked) < 2:
        return None
    near = NearWeighting(comparison.ranked_weights)
    found = rank_acceptability(comparison.ranked_values, DRAWS, SEED, near)
    return judge_order(comparison, found)


def _too_few(comparison: Comparison) -> str:
    names = [comparison.name_of(key) for key in comparison.ranked]
    if not names:
        return "Van geen van de plekken is genoeg bekend. Daarom is er nog geen volgorde."
    if len(comparison.totals) == 1:
        return f"Er is nu één openbare plek in dit gesprek: {names[0]}. Dan is er geen volgorde."
    return f"Alleen van {names[0]} is genoeg bekend. Daarom is er nog geen volgorde."


def _lead(comparison: Comparison, verdict: OrderVerdict) -> str:
    first, second = comparison.name_of(verdict.first), comparison.name_of(verdict.second)
    if verdict.is_clear:
        return f"Met deze afweging staat {first} vooraan, boven {second}."
    return f"Met deze afweging is er tussen {first} en {second} geen duidelijk verschil."


def _sure(comparison: Comparison, verdict: OrderVerdict) -> str:
    first, second = comparison.name_of(verdict.first), comparison.name_of(verdict.second)
    above = round(100 * (1 - verdict.swap_share))
    word = "een duidelijk verschil" if verdict.is_clear else verdict.word
    return (
        f"Hoe zeker is dat? Wij keken naar afwegingen die op deze lijken. Bij {to_dutch(above)} "
        f"van de 100 staat {first} boven {second}. Dat is {word}."
    )


def _notes(track: WeighedTrack, values: TrackValues | None) -> tuple[str, ...]:
    told = []
    if values is not None and values.unknown:
        labels = listed(f"‘{subject.label}’" for subject in values.unknown)
        told.append(
            f"Over {labels} is van deze plekken nog niets openbaar. Dat telt nog niet mee in de "
            "volgorde. Wel in wat u meestuurt."
        )
    if track.left_out and values is not None:
        names = listed(place.name for place in track.left_out)
        verb = "doet" if len(track.left_out) == 1 else "doen"
        told.append(f"{names} {verb} niet mee: een andere soort plek, of daar is het gestopt.")
    return tuple(told)


def _rows(track: WeighedTrack, comparison: Comparison) -> tuple[OrderedPlace, ...]:
    by_key = {place.key: place for place in track.places}
    ranked = list(comparison.ranked)
    rest = [key for key in by_key if key not in ranked]
    return tuple(_row(track, comparison, by_key[key]) for key in [*ranked, *rest])


def _row(track: WeighedTrack, comparison: Comparison, place: CandidatePlace) -> OrderedPlace:
    found: Any = comparison.totals.loc[place.key]
    own: Any = comparison.values.loc[place.key]
    values = []
    for subject in track.subjects:
        keys = [key for key in subject.criteria if key in own.index]
        if keys:
            mean = own[keys].mean(skipna=False)
            values.append((subject.key, None if pd.isna(mean) else 100 * float(mean)))
    return OrderedPlace(
        place,
        None if pd.isna(found["rank"]) else int(found["rank"]),
        None if pd.isna(found["total"]) else float(found["total"]),
        None if pd.isna(found["reason"]) else str(found["reason"]),
        tuple(values),
    )
