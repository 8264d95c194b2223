"""The list of WCAG 2.2 is whole and names what is there."""

from __future__ import annotations

from collections import Counter

from tests.database_server import CHECKOUT
from tests.test_asvs import STATES, Row, faults_of, rows_of

#: The criteria of level A and AA in version 2.2, by guideline: the numbers that are of this level.
GUIDELINES = {
    **{"1.1": (1,), "1.2": range(1, 6), "1.3": range(1, 6), "1.4": (*range(1, 6), *range(10, 14))},
    **{"2.1": (1, 2, 4), "2.2": (1, 2), "2.3": (1,), "2.4": (*range(1, 8), 11)},
    **{"2.5": (1, 2, 3, 4, 7, 8)},
    **{"3.1": (1, 2), "3.2": (1, 2, 3, 4, 6), "3.3": (1, 2, 3, 4, 7, 8)},
    **{"4.1": (2, 3)},
}
CRITERIA = {
    f"{guideline}.{number}" for guideline, numbers in GUIDELINES.items() for number in numbers
}


def the_list() -> list[Row]:
    return rows_of((CHECKOUT / "WCAG.md").read_text(encoding="utf-8"))


def test_each_of_the_55_criteria_is_told_once() -> None:
    assert len(CRITERIA) == 55
    assert {row.number for row in the_list()} == CRITERIA
    assert len(the_list()) == 55


def test_what_the_list_names_is_there() -> None:
    assert list(faults_of(the_list(), CHECKOUT)) == []


def test_what_does_not_hold_yet_is_said() -> None:
    assert set(Counter(row.state for row in the_list())) <= STATES


def test_the_page_on_accessibility_tells_of_the_list() -> None:
    page = (CHECKOUT / "app/templates/toegankelijkheid.html").read_text(encoding="utf-8")
    assert "WCAG.md" in page
    assert "27 november 2026" in page
