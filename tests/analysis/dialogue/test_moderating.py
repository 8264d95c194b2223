"""Who may decide what about a contribution, and how a text is shortened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.dialogue.findings import Finding, find
from analysis.dialogue.moderating import (
    LEFT_OUT,
    MODERATION_ACTIONS,
    Standing,
    actions_for,
    marked,
    needs_another,
    only_leaves_out,
    without_data,
)

ONE, TWO, THREE = 1, 2, 3


def keys(standing: Standing, account_id: int | None) -> list[str]:
    return [action.key for action in actions_for(standing, account_id)]


@pytest.mark.parametrize(
    ("standing", "who", "expected"),
    [
        (Standing("wacht", None, None, False), ONE, ["plaatsen", "inkorten", "weigeren"]),
        (Standing("weigeren", ONE, None, False), ONE, []),
        (Standing("weigeren", ONE, None, False), TWO, ["eens", "toch_plaatsen"]),
        (Standing("geweigerd", ONE, TWO, False), THREE, []),
        (Standing("geweigerd", ONE, TWO, True), ONE, []),
        (Standing("geweigerd", ONE, TWO, True), TWO, []),
        (Standing("geweigerd", ONE, TWO, True), THREE, ["toewijzen", "afwijzen"]),
        (Standing("openbaar", ONE, None, False), ONE, ["bijwerken", "intrekken"]),
        (Standing("openbaar", ONE, TWO, False, "toegewezen"), ONE, ["bijwerken"]),
    ],
)
def test_each_step_is_for_who_did_no_earlier_one(
    standing: Standing, who: int, expected: list[str]
) -> None:
    assert keys(standing, who) == expected


def test_who_has_no_account_decides_nothing_that_asks_another() -> None:
    assert needs_another(Standing("weigeren", None, None, False), None)
    assert needs_another(Standing("geweigerd", None, None, True), None)


def test_each_action_that_refuses_asks_its_ground() -> None:
    assert [action.key for action in MODERATION_ACTIONS if action.asks_rule] == [
        "weigeren",
        "intrekken",
    ]


def test_data_is_taken_out_and_scolding_stays_for_a_person_to_judge() -> None:
    text = "Idioten, bel 06-12345678 of ga naar Kerkstraat 12a."
    assert without_data(text, find(text)) == f"Idioten, bel {LEFT_OUT} of ga naar {LEFT_OUT}."


@pytest.mark.parametrize(
    ("shortened", "is_fine"),
    [
        ("Bel (weggelaten) over het hek.", True),
        ("over het hek", True),
        ("(weggelaten)", True),
        ("Bel mij op 06 over het hek, graag.", False),
        ("het hek over", False),
        ("Ik ben voor het plan.", False),
    ],
)
def test_a_moderator_takes_words_out_and_adds_none(shortened: str, is_fine: bool) -> None:
    assert only_leaves_out("Bel mij op 06-12345678 over het hek.", shortened) == is_fine


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_marking_changes_no_sign_of_a_text(text: str, spans: list[tuple[int, int]]) -> None:
    found = [
        Finding("adres", f"Adres {number}", *sorted(min(edge, len(text)) for edge in span))
        for number, span in enumerate(spans)
    ]
    found = [each for each in found if each.start < each.end]
    pieces = marked(text, found)
    assert "".join(piece.text for piece in pieces) == text
    assert {label for piece in pieces for label in piece.labels} == {each.label for each in found}


@given(st.text(max_size=80))
def test_what_is_suggested_may_be_placed(text: str) -> None:
    assert only_leaves_out(text, without_data(text, find(text)))
