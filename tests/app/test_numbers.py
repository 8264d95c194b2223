"""Numbers and dates as Dutch readers write them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from app import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (551130, 0, "551.130"),
        (1234.5, 1, "1.234,5"),
        (1234.0, 1, "1.234"),
        (0.05, 1, "0,1"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.4, 0, "0"),
        (0, 0, "0"),
    ],
)
def test_a_number_is_written_the_dutch_way(value: float, decimals: int, text: str) -> None:
    assert numbers.to_dutch(value, decimals) == text


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA])
def test_the_unknown_is_never_a_number(value: object) -> None:
    assert numbers.to_dutch(value) == "geen cijfer"  # type: ignore[arg-type]
    assert numbers.to_dutch_share(value) == "geen cijfer"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.23456, "1,23"), (12.3456, "12,3"), (1234.5, "1.235"), (0.012345, "0,0123"), (0, "0")],
)
def test_a_derived_number_has_three_figures_that_matter(value: float, text: str) -> None:
    assert numbers.to_dutch_significant(value) == text


def test_a_share_is_a_percentage() -> None:
    assert numbers.to_dutch_share(0.1749) == "17%"
    assert numbers.to_dutch_share(0.1749, 1) == "17,5%"


def test_a_date_is_written_in_words() -> None:
    assert numbers.to_dutch_date(dt.date(2026, 1, 1)) == "1 januari 2026"
    assert numbers.to_dutch_date(None) == "onbekend"


@pytest.mark.parametrize(
    ("value", "text"), [(0.997, "0,997"), (1.0, "1,00"), (1.2, "1,20"), (1.00004, "1,00004")]
)
def test_a_quotient_below_one_is_not_rounded_to_one(value: float, text: str) -> None:
    assert numbers.to_dutch_quotient(value) == text
