"""Cells as people fill them in: Dutch dates and numbers, and what can't be read."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sources.cells import (
    CellError,
    is_empty,
    shown,
    to_count,
    to_date,
    to_number,
    to_plain,
    to_text,
    to_word,
)

NEW_YEAR = dt.date(2024, 1, 1)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("104954,294", 104954.294),
        ("104.954,29", 104954.29),
        ("1.234.567", 1234567.0),
        ("52.3", 52.3),
        (" 7 ", 7.0),
        ("-3,5", -3.5),
        ("1e5", 100000.0),
        ("104\u00a0954,29", 104954.29),
        (12, 12.0),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_a_number_is_read_as_the_dutch_write_it(cell: object, number: float | None) -> None:
    assert to_number(cell) == number


@pytest.mark.parametrize("cell", ["twaalf", "1,2,3", "12 plekken", True, NEW_YEAR, "inf", "nan?"])
def test_what_is_no_number_is_said_to_be_none(cell: object) -> None:
    with pytest.raises(CellError, match="geen getal"):
        to_number(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "01-01-2024",
        "1-1-2024",
        "01/01/2024",
        "1.1.2024",
        "2024-01-01",
        "20240101",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00",
        "45292",
        45292,
        45292.0,
        NEW_YEAR,
        dt.datetime(2024, 1, 1),
    ],
)
def test_a_date_is_read_in_every_usual_way(cell: object) -> None:
    assert to_date(cell) == NEW_YEAR


@pytest.mark.parametrize("cell", ["31-02-2024", "13/25/2024", "voorjaar 2024", "1-1-24", "0"])
def test_an_unreadable_date_is_refused_with_an_example(cell: object) -> None:
    with pytest.raises(CellError, match="Schrijf dag-maand-jaar: 31-12-2025"):
        to_date(cell)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2040, 12, 31)))
def test_a_date_survives_each_way_of_writing(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    ways = (f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", day.isoformat(), serial, day)
    assert {to_date(way) for way in ways} == {day}


@given(st.floats(-1e6, 1e6).map(lambda number: round(number, 3)))
def test_a_number_survives_the_dutch_comma(number: float) -> None:
    assert to_number(f"{number:.3f}".replace(".", ",")) == pytest.approx(number, abs=1e-9)


@given(st.integers(0, 10_000))
def test_a_count_survives_as_text_number_and_float(count: int) -> None:
    assert {to_count(str(count)), to_count(count), to_count(float(count))} == {count}


@given(st.text(max_size=40))
def test_no_text_makes_a_parser_fail_in_another_way(text: str) -> None:
    for parse in (to_text, to_number, to_count, to_date, to_word({"a": "a"}, "soort")):
        with suppress(CellError):
            parse(text)


@pytest.mark.parametrize("cell", ["", " ", None, float("nan"), "\u00a0"])
def test_a_cell_with_nothing_in_it_is_empty(cell: object) -> None:
    assert is_empty(cell)


def test_words_are_compared_without_capitals_accents_and_signs() -> None:
    assert to_plain("  X-Coördinaat_(m) ") == "x coordinaat m"
    assert to_plain("Skæve Huse") == "skaeve huse"


def test_a_long_cell_is_shortened_in_a_message() -> None:
    assert len(shown("x" * 500)) == 60
    assert shown(NEW_YEAR) == "01-01-2024"
