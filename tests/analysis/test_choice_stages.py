"""What a stage of a choice asks before a candidate goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.choice_stages import (
    CHOICE_STAGES,
    DEMANDS,
    USUAL_DEMANDS,
    CandidateKnown,
    missing,
    move_cautions,
    next_stage,
)
from analysis.closer_look import QUESTIONS
from analysis.domain import SITE_STATUSES

COMPLETE = CandidateKnown(
    status=SITE_STATUSES["nader_onderzoek"],
    open_questions=(),
    place_count=6,
    has_cost=True,
    compared_version=2,
    rules_version=2,
)
LONG_LIST, CLOSER_LOOK, COMPARISON, CHOSEN = CHOICE_STAGES


def keys(before: object, after: object, known: CandidateKnown) -> list[str]:
    found = move_cautions(before, after, USUAL_DEMANDS, known)  # type: ignore[arg-type]
    return [caution.key for caution in found]


def test_the_stages_follow_each_other() -> None:
    assert [next_stage(stage) for stage in CHOICE_STAGES] == [
        CLOSER_LOOK,
        COMPARISON,
        CHOSEN,
        None,
    ]


def test_who_has_everything_goes_on_without_a_word() -> None:
    for before, after in ((LONG_LIST, CLOSER_LOOK), (CLOSER_LOOK, COMPARISON)):
        assert keys(before, after, COMPLETE) == []
    assert missing(DEMANDS.keys, COMPLETE) == ()


@pytest.mark.parametrize(
    ("demand", "change", "told"),
    [
        ("verkend", {"status": None}, "nog niet verkend"),
        ("verkend", {"status": SITE_STATUSES["idee"]}, "nog niet verkend"),
        ("vragen", {"open_questions": (QUESTIONS["milieu"],)}, "Open: Milieueisen."),
        ("plekken", {"place_count": None}, "aantal plekken is niet bekend"),
        ("kosten", {"has_cost": False}, "geen schatting van de kosten"),
        ("vergeleken", {"compared_version": None}, "nog niet vergeleken"),
        ("vergeleken", {"compared_version": 1}, "versie 1 van de regels. Nu geldt versie 2."),
    ],
)
def test_what_is_missing_is_told(demand: str, change: dict[str, object], told: str) -> None:
    (found,) = missing(DEMANDS.keys, replace(COMPLETE, **change))  # type: ignore[arg-type]
    assert found.key == demand
    assert told in found.text


def test_a_stage_that_is_left_out_asks_what_it_asks_all_the_same() -> None:
    known = replace(COMPLETE, open_questions=tuple(QUESTIONS))
    assert keys(LONG_LIST, COMPARISON, known) == ["volgorde", "vragen"]
    assert keys(CLOSER_LOOK, COMPARISON, known) == ["vragen"]


def test_back_asks_nothing() -> None:
    known = replace(COMPLETE, open_questions=tuple(QUESTIONS), compared_version=None)
    assert keys(COMPARISON, LONG_LIST, known) == []


def test_a_site_that_fell_in_the_register_is_told() -> None:
    known = replace(COMPLETE, status=SITE_STATUSES["afgevallen"])
    assert keys(LONG_LIST, CLOSER_LOOK, known) == ["gestopt"]
