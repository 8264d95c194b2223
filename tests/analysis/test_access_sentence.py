"""What is near, in words: whole sentences that hold for any minutes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.access.modes import TRAVEL_MODES
from analysis.access.sentence import DAILY, NOUNS, duration, sentence
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.errors import InputError

WALK, CYCLE = TRAVEL_MODES["walk"], TRAVEL_MODES["cycle"]
travel_times = st.one_of(st.floats(0, 500), st.sampled_from([float("nan"), float("inf")]))


def number(value: float) -> str:
    return f"{value:g}"


def test_near_and_far_on_foot() -> None:
    minutes = {"huisarts": 6.2, "supermarkt": 3.6, "treinstation": 31.0}
    assert sentence(minutes, WALK, number, list(minutes)) == (
        "De huisarts is 6 minuten lopen en de supermarkt 4 minuten. "
        "Het treinstation is ver: 31 minuten."
    )


def test_three_near_places_by_bicycle() -> None:
    minutes = {"huisarts": 1.2, "supermarkt": 0.4, "bibliotheek": 22.0}
    assert sentence(minutes, CYCLE, number, list(minutes)) == (
        "De huisarts is 1 minuut fietsen, de supermarkt minder dan 1 minuut en de bibliotheek "
        "22 minuten."
    )


def test_all_is_far() -> None:
    minutes = {"treinstation": 45.0, "ziekenhuis": 80.0}
    assert sentence(minutes, WALK, number, list(minutes)) == (
        "Ver zijn het treinstation (45 minuten lopen) en het ziekenhuis (80 minuten lopen)."
    )
    assert sentence({"treinstation": 45.0}, WALK, number, ["treinstation"]) == (
        "Het treinstation is ver: 45 minuten lopen."
    )


def test_what_is_unknown_is_said() -> None:
    minutes = {"huisarts": float("nan"), "supermarkt": float("inf"), "groen": 2.0}
    assert sentence(minutes, WALK, number, [*minutes, "sport"]) == (
        "Het groen is 2 minuten lopen. Er is geen reistijd bekend naar de huisarts, de supermarkt "
        "en de plek om te sporten."
    )


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "minder dan 1 minuut"), (0.49, "minder dan 1 minuut"), (0.5, "1 minuut"),
     (1.49, "1 minuut"), (2.5, "3 minuten"), (10.4, "10 minuten")],
)  # fmt: skip
def test_minutes_in_words(minutes: float, words: str) -> None:
    assert duration(minutes, number) == words


def test_every_category_has_a_word_that_fits_in_a_sentence() -> None:
    assert set(NOUNS) == set(AMENITY_CATEGORIES.keys)
    assert len(set(NOUNS.values())) == len(NOUNS)
    assert all(re.match(r"(de|het) \w", noun) for noun in NOUNS.values())


def test_a_word_that_is_no_category_is_refused() -> None:
    with pytest.raises(InputError, match="'kasteel' is not a category"):
        sentence({}, WALK, number, ["kasteel"])


@given(minutes=st.dictionaries(st.sampled_from(DAILY), travel_times))
def test_every_category_is_named_once_in_short_sentences_that_judge_nothing(
    minutes: dict[str, float],
) -> None:
    said = sentence(minutes, WALK, number)
    for key in DAILY:
        assert said.lower().count(NOUNS[key]) == 1
    for part in re.split(r"(?<=[.])\s", said):
        assert re.fullmatch(r"[A-Z].*\.", part)
        assert len(part.split()) <= 32
    assert not re.search(r"goed|slecht|gunstig|helaas|gelukkig|maar|nan|inf", said)


def test_a_long_sentence_becomes_as_many_as_it_takes() -> None:
    at_once = sentence(dict.fromkeys(DAILY, 0.2), WALK, number)
    assert at_once == (
        "De huisarts is minder dan 1 minuut lopen en de supermarkt minder dan 1 minuut. De halte "
        "is minder dan 1 minuut lopen en de ontmoetingsplek minder dan 1 minuut. Het treinstation "
        "is minder dan 1 minuut lopen."
    )
