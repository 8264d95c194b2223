"""How far a conversation is, what comes next and how near it is, by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from app.services.public_tracks import Progress, TrackLine, next_date, overview_sentence
from app.services.tracks_near import distance_words
from data.queries.tracks import MeetingRecord, PhaseRecord, TrackRecord

TODAY = dt.date(2026, 1, 1)
PHASE = PhaseRecord(
    id=1,
    track_id=1,
    position=1,
    name="Kennismaken",
    level="informeren",
    goal=None,
    open_text=None,
    fixed_text=None,
    starts_on=None,
    ends_on=None,
    takes_contributions=False,
    takes_importance=False,
    outcome=None,
    closed_at=None,
    is_now=False,
)
MEETING = MeetingRecord(
    id=1,
    track_id=1,
    name="Inloop",
    starts_at=dt.datetime(2026, 1, 9, 19, tzinfo=dt.UTC),
    ends_at=None,
    place="Buurthuis",
    explanation=None,
    report=None,
    visitor_count=None,
    is_cancelled=False,
    made_at=dt.datetime(2025, 12, 1, tzinfo=dt.UTC),
    version=1,
)


def phase(name: str, **changed: Any) -> PhaseRecord:
    return replace(PHASE, name=name, **changed)


def progress(*phases: PhaseRecord, is_finished: bool = False) -> Progress:
    return Progress(phases, is_finished, TODAY)


def line(*, can_react: bool) -> TrackLine:
    empty = dict.fromkeys(TrackRecord.__dataclass_fields__)
    record = TrackRecord(**{**empty, "state": "open"})  # type: ignore[arg-type]
    now = phase("Nu", is_now=True, takes_contributions=can_react)
    return TrackLine(record, progress(now), "Middendorp", None, (), None)


def test_of_two_phases_at_once_the_one_to_react_in_is_told() -> None:
    both = progress(
        phase("Luisteren", is_now=True),
        phase("Meedenken", is_now=True, takes_contributions=True, ends_on=dt.date(2026, 2, 1)),
    )
    assert both.sentence == "Fase 2 van 2: Meedenken. U kunt reageren tot en met 1 februari 2026."
    assert both.weighing is None


def test_without_a_phase_now_the_next_one_is_told() -> None:
    assert progress().sentence == "Er loopt nu geen fase. U kunt nu niet reageren."
    later = progress(
        phase("Ver", starts_on=dt.date(2026, 5, 1)),
        phase("Dichtbij", starts_on=dt.date(2026, 3, 1)),
    )
    assert later.where == "De volgende fase, Dichtbij, begint op 1 maart 2026."
    assert progress(is_finished=True).sentence == "Dit gesprek is afgerond."


@pytest.mark.parametrize(
    ("changed", "is_past"),
    [
        ({"ends_on": dt.date(2025, 12, 31)}, True),
        ({"ends_on": TODAY}, False),
        ({"closed_at": dt.datetime(2025, 12, 1, tzinfo=dt.UTC)}, True),
        ({}, False),
    ],
)
def test_a_phase_is_past_when_closed_or_over(changed: dict[str, Any], is_past: bool) -> None:
    assert progress().is_past(phase("Fase", **changed)) is is_past


def test_the_next_date_is_the_first_thing_to_come() -> None:
    now = phase("Nu", is_now=True, takes_contributions=True, ends_on=dt.date(2026, 1, 20))
    later = phase("Straks", starts_on=dt.date(2026, 1, 5))

    def told(*phases: PhaseRecord, meetings: tuple[MeetingRecord, ...] = ()) -> str | None:
        found = next_date(progress(*phases), meetings)
        return None if found is None else f"{found.day:%d-%m} {found.label}"

    assert told() is None
    assert told(now) == "20-01 Laatste dag om te reageren"
    assert told(now, meetings=(MEETING,)) == "09-01 Inloop"
    assert told(now, later, meetings=(MEETING,)) == "05-01 Begin van Straks"
    assert told(meetings=(replace(MEETING, is_cancelled=True),)) is None
    # Half past eleven in the evening of UTC is the next day here.
    late = replace(MEETING, starts_at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC))
    assert told(meetings=(late,)) == "01-01 Inloop"
    early = replace(MEETING, starts_at=dt.datetime(2025, 12, 31, 22, 30, tzinfo=dt.UTC))
    assert told(meetings=(early,)) is None
    assert next_date(progress(now, is_finished=True), (MEETING,)) is None


@pytest.mark.parametrize(
    ("reacting", "sentence"),
    [
        ([], "Er loopt nu geen gesprek."),
        ([False], "Er loopt 1 gesprek. U kunt er nu niet op reageren."),
        ([True], "Er loopt 1 gesprek. U kunt er nu op reageren."),
        ([True, False, True], "Er lopen 3 gesprekken. U kunt nu op 2 reageren."),
        ([False, False], "Er lopen 2 gesprekken. U kunt nu nergens op reageren."),
        ([True, True], "Er lopen 2 gesprekken. U kunt nu op alle reageren."),
    ],
)
def test_the_overview_counts(reacting: list[bool], sentence: str) -> None:
    assert overview_sentence([line(can_react=one) for one in reacting]) == sentence


@pytest.mark.parametrize(
    ("distance_m", "words"),
    [
        (0, "50 meter"),
        (74, "50 meter"),
        (76, "100 meter"),
        (974, "950 meter"),
        (976, "1 kilometer"),
        (1_260, "1,3 kilometer"),
    ],
)
def test_a_distance_is_told_in_steps(distance_m: float, words: str) -> None:
    assert distance_words(distance_m) == words
