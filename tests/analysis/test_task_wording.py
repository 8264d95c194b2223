"""The task as what places are divided by: every sentence about it is right Dutch."""

from __future__ import annotations

import pytest

from analysis.domain import SPREADING_BASES, SpreadingBase
from analysis.measures import MEASURES
from analysis.method import SPREADING, Wording
from analysis.spreading import headline, measure_spreading
from analysis.spreading.headline import headline_facts
from tests.analysis.spreading_cases import areas_of

Numbers = dict[str, int | None]
TASK = SPREADING_BASES["opgave"]


def wording_of(base: SpreadingBase) -> Wording:
    return Wording(base=base.noun, base_unit=base.unit, base_amount=base.amount)


def whole(number: float) -> str:
    return f"{number:.0f}"


@pytest.mark.parametrize(
    ("weights", "places", "expected"),
    [
        (
            {"A": None, "B": None},
            {"A": 5, "B": 9},
            "De verdeling van de plekken is niet te berekenen: van geen van de gemeenten is de "
            "opgave bekend.",
        ),
        (
            {"A": 0, "B": 0},
            {"A": 5, "B": 9},
            "De verdeling van de plekken is niet te berekenen: in alle gemeenten is de opgave 0.",
        ),
        (
            {"A": 0, "B": 0, "C": None},
            {"A": 5, "B": 9, "C": 2},
            "De verdeling van de plekken is niet te berekenen: in de gemeenten met cijfers is de "
            "opgave 0.",
        ),
        (
            {"A": 10, "B": 30},
            {"A": 20, "B": 0},
            "Alle 20 plekken zijn in A. Bij een gelijke verdeling naar opgave zouden dat er 5 "
            "zijn.",
        ),
        (
            {"A": 10, "B": 30},
            {"A": 5, "B": 15},
            "De 20 plekken zijn bijna gelijk verdeeld over de 2 gemeenten, gerekend naar opgave.",
        ),
        (
            {"A": 10, "B": 30},
            {"A": 10, "B": 10},
            "Van de 20 plekken zou ongeveer 1 op de 4 moeten verhuizen voor een gelijke verdeling "
            "naar opgave.",
        ),
        (
            {"A": 10, "B": 30},
            {"A": 13, "B": 7},
            "Van de 20 plekken zouden er ongeveer 8 moeten verhuizen voor een gelijke verdeling "
            "naar opgave.",
        ),
        (
            {"A": 10, "B": 30},
            {"A": 2, "B": 1},
            "Er zijn 3 plekken. Dat is te weinig om te zeggen of de verdeling over 2 gemeenten "
            "gelijk is.",
        ),
    ],
)
def test_the_headline_speaks_of_the_task(weights: Numbers, places: Numbers, expected: str) -> None:
    spreading = measure_spreading(areas_of(dict(weights.items()), places))
    assert headline(spreading, wording_of(TASK), whole) == expected


def test_a_task_of_nothing_is_not_called_unknown() -> None:
    zero = headline_facts(measure_spreading(areas_of({"A": 0, "B": 0}, {"A": 5, "B": 9})))
    unknown = headline_facts(measure_spreading(areas_of({"A": None, "B": None}, {"A": 5, "B": 9})))
    assert (zero.kind, unknown.kind) == ("zero_weight", "no_weight")


def test_the_worked_examples_count_places_of_the_task() -> None:
    spreading = measure_spreading(areas_of({"A": 10, "B": 30}, {"A": 10, "B": 10}))
    told = {
        key: MEASURES[key].example(spreading, wording_of(TASK), whole)
        for key in ("evenredig_aandeel", "verhouding")
    }
    assert told["evenredig_aandeel"] == (
        "Er zijn 20 plekken. A telt 10 van de 40 plekken in de opgave. Evenredig aandeel: 20 × 10 "
        "/ 40 = 5."
    )
    assert told["verhouding"] == (
        "In A is 50% van de plekken en 25% van de opgave. De verhouding is 2."
    )


@pytest.mark.parametrize("base", SPREADING_BASES, ids=lambda base: base.key)
def test_the_words_of_a_base_fit_in_every_sentence(base: SpreadingBase) -> None:
    assert base.noun == base.noun.lower()
    assert base.amount in (f"het aantal {base.noun}", f"de {base.noun}")
    assert base.unit.split()[-1] == base.noun


def test_the_usual_words_are_those_of_residents() -> None:
    assert wording_of(SPREADING_BASES["inwoners"]) == Wording()


def test_no_measure_says_that_the_need_never_counts() -> None:
    limits = " ".join(
        limit for entry in MEASURES if entry.group is SPREADING for limit in entry.limits
    )
    assert "telt alleen mee als u de opgave kiest" in limits
    assert "Zij weet niet waar de vraag" not in limits
