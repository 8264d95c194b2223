"""What was done with a contribution, from its own answer and that of its theme."""

from __future__ import annotations

import itertools

import pytest

from analysis.dialogue.answers import answered, needs_answer
from analysis.dialogue.contributions import CONTRIBUTION_STATUSES
from analysis.errors import UnknownEntryError


def test_without_theme_it_is_the_own_status_and_answer() -> None:
    found = answered("meegenomen", "De ingang komt aan de andere kant.", None, None)
    assert (found.status.key, found.answer) == ("meegenomen", "De ingang komt aan de andere kant.")
    assert found.is_done


def test_what_is_new_follows_its_theme() -> None:
    found = answered("nieuw", None, "niet_meegenomen", "Parkeren blijft zoals het is.")
    assert (found.status.key, found.answer) == ("niet_meegenomen", "Parkeren blijft zoals het is.")
    assert found.is_done


def test_an_own_status_goes_before_that_of_the_theme_and_keeps_the_answer_of_the_theme() -> None:
    found = answered("meegenomen", None, "niet_meegenomen", "Wij keken naar het licht.")
    assert (found.status.key, found.answer) == ("meegenomen", "Wij keken naar het licht.")


def test_an_own_answer_goes_before_that_of_the_theme() -> None:
    found = answered("nieuw", "U krijgt er een bank bij.", "meegenomen", "Er komt meer groen.")
    assert (found.status.key, found.answer) == ("meegenomen", "U krijgt er een bank bij.")


@pytest.mark.parametrize("empty", [None, "", " \n\t"])
def test_an_empty_answer_is_none(empty: str | None) -> None:
    assert answered("meegenomen", empty, "bekeken", empty).answer is None
    assert not answered("meegenomen", empty, "bekeken", empty).is_done
    assert answered("nieuw", empty, "meegenomen", "Ja.").answer == "Ja."


def test_it_is_done_exactly_when_the_status_is_final_and_somebody_told_why() -> None:
    keys = CONTRIBUTION_STATUSES.keys
    for own, theme in itertools.product(keys, (None, *keys)):
        for own_answer, theme_answer in itertools.product((None, "A"), repeat=2):
            found = answered(own, own_answer, theme, theme_answer)
            shown = (own, theme)[own == "nieuw"] or "nieuw"
            is_final = shown in ("meegenomen", "niet_meegenomen")
            assert found.status.key == shown
            assert found.is_done == (is_final and "A" in (own_answer, theme_answer))


def test_an_unknown_status_is_refused_by_name() -> None:
    with pytest.raises(UnknownEntryError, match="klaar"):
        answered("klaar", None, None, None)


def test_only_what_is_final_needs_an_answer() -> None:
    asked = [key for key in CONTRIBUTION_STATUSES.keys if needs_answer(key)]
    assert asked == ["meegenomen", "niet_meegenomen"]
