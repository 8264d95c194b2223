"""Every measure explains itself, and its page and its code say the same."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from analysis.measures import MEASURES
from analysis.method import Measure, Wording
from analysis.spreading import measure_spreading
from tests.analysis.spreading_cases import EXAMPLE_PLACES, RESIDENTS_2024, areas_of, region

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=MEASURES, ids=lambda entry: entry.key)
def measure(request: pytest.FixtureRequest) -> Measure:
    chosen: Measure = request.param
    return chosen


def one_decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def test_the_formula_on_the_page_stands_in_the_docstring_of_the_code(measure: Measure) -> None:
    docstring = inspect.getdoc(measure.function) or ""
    assert " ".join(measure.formula.split()) in " ".join(docstring.split())
    assert "Source:" in docstring


def test_every_letter_of_the_formula_is_explained(measure: Measure) -> None:
    letters = {symbol for symbol, _ in measure.symbols}
    for letter in re.findall(r"\b(?:[A-Za-zα]{1,4}_a|LQ_a|H|C|W|α)\b", measure.formula):
        assert letter in letters
    assert all(meaning for _, meaning in measure.symbols)


def test_every_measure_names_its_unit_its_limits_and_its_literature(measure: Measure) -> None:
    assert measure.unit
    assert measure.formula_words
    assert measure.limits
    assert measure.sources
    for limit in measure.limits:
        assert re.fullmatch(r"[A-Z].*\.", limit, flags=re.DOTALL)


def test_the_code_reference_leads_to_the_code(measure: Measure) -> None:
    source = (ROOT / measure.code_path).read_text(encoding="utf-8")
    assert f"def {measure.code_reference.rpartition('.')[2]}(" in source


def test_the_address_of_a_measure_finds_it_again(measure: Measure) -> None:
    assert re.fullmatch(r"[a-z-]+", measure.slug)
    assert MEASURES.find(measure.slug) is measure


def test_every_measure_has_a_worked_example_with_todays_figures(measure: Measure) -> None:
    example = measure.example(measure_spreading(region(EXAMPLE_PLACES)), Wording(), one_decimal)
    assert example is not None
    assert re.search(r"\d,\d", example) or "Het oordeel" in example
    assert "None" not in example
    assert "nan" not in example


def test_a_measure_without_figures_gives_no_example(measure: Measure) -> None:
    nothing = measure_spreading(region(dict.fromkeys(RESIDENTS_2024, 0)))
    assert measure.example(nothing, Wording(), one_decimal) is None


def test_an_example_never_takes_an_area_without_figures(measure: Measure) -> None:
    spreading = measure_spreading(
        areas_of({"Onbekend": None, "A": 10, "B": 30}, {"Onbekend": 90, "A": 30, "B": 10})
    )
    example = measure.example(spreading, Wording(), one_decimal)
    assert example is not None
    assert "Onbekend" not in example


def test_the_limit_of_places_that_come_together_is_said_with_the_interval() -> None:
    marge = MEASURES["marge"]
    assert any("één locatie" in limit for limit in marge.limits)
    assert "independently" in (inspect.getdoc(marge.function) or "")
