"""The sentence on what changed, in each of its cases."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from analysis.method import Wording
from analysis.spreading.change import measure_change
from analysis.spreading.change_headline import change_headline, per_hundred
from tests.analysis.spreading_cases import areas_of

WEIGHTS: dict[str, float | None] = {"A": 20, "B": 15, "C": 5}
WORDING = Wording(place="plek beschut wonen", places="plekken beschut wonen")
Places = Mapping[str, int | None]


def said(then: Places, now: Places, weights: Mapping[str, float | None] = WEIGHTS) -> str:
    change = measure_change(areas_of(weights, then), areas_of(weights, now))
    return change_headline(change, "1 januari 2025", WORDING, "{:g}".format)


@pytest.mark.parametrize(
    ("then", "now", "sentence"),
    [
        (
            {"A": 52, "B": 8, "C": 0},
            {"A": 32, "B": 8, "C": 0},
            "Sinds 1 januari 2025 gingen er 20 plekken beschut wonen weg. De verdeling werd "
            "gelijker: van 37 naar 30 van de 100 plekken die zouden moeten verhuizen.",
        ),
        (
            {"A": 32, "B": 8, "C": 0},
            {"A": 52, "B": 8, "C": 0},
            "Sinds 1 januari 2025 kwamen er 20 plekken beschut wonen bij. De verdeling werd minder "
            "gelijk: van 30 naar 37 van de 100 plekken die zouden moeten verhuizen.",
        ),
        (
            {"A": 32, "B": 8, "C": 0},
            {"A": 32, "B": 8, "C": 1},
            "Sinds 1 januari 2025 kwam er 1 plek beschut wonen bij. In de verdeling is geen "
            "duidelijk verschil: nu zouden 28 van de 100 plekken moeten verhuizen.",
        ),
        (
            {"A": 33, "B": 8, "C": 0},
            {"A": 32, "B": 8, "C": 0},
            "Sinds 1 januari 2025 ging er 1 plek beschut wonen weg. In de verdeling is geen "
            "duidelijk verschil: nu zouden 30 van de 100 plekken moeten verhuizen.",
        ),
        (
            {"A": 32, "B": 8, "C": 0},
            {"A": 30, "B": 8, "C": 2},
            "Sinds 1 januari 2025 bleef het aantal plekken beschut wonen gelijk: 40. De verdeling "
            "werd gelijker: van 30 naar 25 van de 100 plekken die zouden moeten verhuizen.",
        ),
        (
            {"A": 0, "B": 0, "C": 0},
            {"A": 9, "B": 4, "C": 0},
            "Sinds 1 januari 2025 kwamen er 13 plekken beschut wonen bij. Op een van de twee dagen "
            "waren er geen plekken. Er valt dan niets te vergelijken.",
        ),
        (
            {"A": 0, "B": 0, "C": 0},
            {"A": 0, "B": 0, "C": 0},
            "Op 1 januari 2025 waren er geen plekken beschut wonen, en nu ook niet.",
        ),
        (
            {"A": 4, "B": 1, "C": 0},
            {"A": 4, "B": 3, "C": 0},
            "Sinds 1 januari 2025 kwamen er 2 plekken beschut wonen bij. Er zijn te weinig plekken "
            "om te zeggen of de verdeling gelijker werd.",
        ),
        (
            {"A": None, "B": 8, "C": 8},
            {"A": 30, "B": 8, "C": 8},
            "Sinds 1 januari 2025 bleef het aantal plekken beschut wonen gelijk: 16. In de "
            "verdeling is geen duidelijk verschil: nu zouden 25 van de 100 plekken moeten "
            "verhuizen. 1 gemeente telt niet mee, omdat een cijfer ontbreekt.",
        ),
        (
            {"A": None, "B": None, "C": None},
            {"A": 30, "B": 8, "C": 8},
            "Hoeveel plekken beschut wonen er sinds 1 januari 2025 bij kwamen, is niet bekend. Er "
            "zijn minder dan twee gebieden met cijfers. Er valt niets te vergelijken.",
        ),
    ],
)
def test_every_change_has_its_sentence(then: Places, now: Places, sentence: str) -> None:
    assert said(then, now) == sentence


def test_places_are_told_when_the_base_is_not_known() -> None:
    nothing: dict[str, float | None] = dict.fromkeys("ABC")
    assert said({"A": 9, "B": 9, "C": 9}, {"A": 9, "B": 9, "C": 12}, nothing).startswith(
        "Sinds 1 januari 2025 kwamen er 3 plekken beschut wonen bij. Van geen enkel gebied"
    )


def test_numbers_that_would_be_the_same_get_a_decimal() -> None:
    assert per_hundred(0.371, 0.343) == (37, 34)
    assert per_hundred(0.371, 0.366) == (37.1, 36.6)
