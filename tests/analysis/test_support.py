"""Support: shares with the interval of Wilson, differences with that of Newcombe, and the years."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from scipy.stats import binomtest

from analysis.dialogue.support import (
    CHANGE,
    FEWEST_ANSWERS,
    NO_DIFFERENCE,
    SHARE,
    SupportCounts,
    SupportFacts,
    measuring_years,
    support_change,
    support_share,
)
from analysis.method import Wording

ON = dt.date(2026, 1, 1)


def counts(positive: int, total: int, invited: int | None = None) -> SupportCounts:
    return SupportCounts(ON, positive, 0, total - positive, invited)


@pytest.mark.parametrize(
    ("positive", "total"), [(0, 10), (10, 10), (3, 10), (64, 144), (1, 300), (299, 300)]
)
def test_the_interval_of_wilson_is_that_of_scipy(positive: int, total: int) -> None:
    found = support_share(counts(positive, total))
    expected = binomtest(positive, total).proportion_ci(0.95, method="wilson")
    assert found is not None
    assert found.share == positive / total
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= found.low <= found.share <= found.high <= 1


#: Table II of Newcombe (1998), method 10, those with ten answers or more on both sides.
PUBLISHED = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), PUBLISHED)
def test_the_interval_of_a_difference_is_as_newcombe_published(
    a: int, m: int, b: int, n: int, low: float, high: float
) -> None:
    found = support_change(earlier=counts(b, n), later=counts(a, m))
    assert found is not None
    assert found.difference == pytest.approx(a / m - b / n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_a_difference_is_only_told_when_chance_can_not_explain_it() -> None:
    def verdict(before: SupportCounts, after: SupportCounts) -> str:
        found = support_change(before, after)
        assert found is not None
        return found.verdict

    assert verdict(counts(40, 100), counts(45, 100)) == NO_DIFFERENCE
    assert verdict(counts(30, 100), counts(60, 100)) == "hoger"
    assert verdict(counts(60, 100), counts(30, 100)) == "lager"
    assert verdict(counts(5, 10), counts(8, 10)) == NO_DIFFERENCE


def test_few_answers_give_no_share_and_no_difference() -> None:
    few, enough = counts(5, FEWEST_ANSWERS - 1), counts(5, FEWEST_ANSWERS)
    assert support_share(few) is None
    assert support_share(enough) is not None
    assert support_change(few, enough) is None
    assert support_change(enough, few) is None


def test_the_response_is_known_only_with_how_many_were_asked() -> None:
    assert counts(5, 20, invited=80).response_share == 0.25
    assert counts(5, 20).response_share is None
    assert counts(0, 0, invited=0).response_share is None


def test_the_years_begin_before_the_opening_and_tell_which_lacks_one() -> None:
    opens = dt.date(2024, 3, 1)
    measured = [dt.date(2024, 2, 29), dt.date(2025, 3, 1)]
    years = measuring_years(opens, measured, today=dt.date(2026, 4, 1))
    assert [(one.number, one.begins_on, one.ends_on, one.state) for one in years] == [
        (0, None, dt.date(2024, 2, 29), "gemeten"),
        (1, opens, dt.date(2025, 2, 28), "ontbreekt"),
        (2, dt.date(2025, 3, 1), dt.date(2026, 2, 28), "gemeten"),
        (3, dt.date(2026, 3, 1), dt.date(2027, 2, 28), "nu"),
    ]


def test_before_the_opening_one_measurement_is_still_to_come() -> None:
    years = measuring_years(dt.date(2027, 1, 1), [], today=ON)
    assert [(one.number, one.state) for one in years] == [(0, "nu")]
    opened = measuring_years(ON, [ON], today=ON)
    assert [(one.number, one.state) for one in opened] == [(0, "ontbreekt"), (1, "gemeten")]


def test_an_opening_on_the_29th_of_february_has_a_year_of_its_own_each_year() -> None:
    years = measuring_years(dt.date(2024, 2, 29), [], today=dt.date(2026, 3, 1))
    assert [one.begins_on for one in years] == [
        None,
        dt.date(2024, 2, 29),
        dt.date(2025, 2, 28),
        dt.date(2026, 2, 28),
    ]


def one_decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def test_both_measures_work_out_an_example_and_give_none_without_figures() -> None:
    facts = SupportFacts(counts(60, 100), counts(30, 100))
    # z = 1.96: (0.6 + 0.0192) / 1.0384 = 0.596; reach 0.0942.
    assert SHARE.example(facts, Wording(), one_decimal) == (
        "Van de 100,0 antwoorden zijn er 60,0 positief: 60,0%. De marge loopt van 50,2% tot 69,1%."
    )
    told = CHANGE.example(facts, Wording(), one_decimal)
    assert told is not None
    assert told.startswith("Het verschil is 30,0 procentpunt.")
    assert told.endswith("Het oordeel: hoger.")
    assert SHARE.example(SupportFacts(counts(3, 9)), Wording(), one_decimal) is None
    assert CHANGE.example(SupportFacts(counts(30, 90)), Wording(), one_decimal) is None
    for measure in (SHARE, CHANGE):
        assert measure.example(None, Wording(), one_decimal) is None


def test_more_answers_make_it_surer() -> None:
    widths = []
    for total in (10, 40, 160, 640):
        found = support_share(counts(total // 2, total))
        assert found is not None
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert math.isclose(widths[2] / widths[3], 2, rel_tol=0.02)
