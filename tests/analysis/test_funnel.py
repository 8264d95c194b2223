"""The funnel is the rule of the verdict turned round."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import InputError
from analysis.spreading.funnel import funnel_limits
from analysis.spreading.interval import location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.verdict import verdict
from tests.analysis.spreading_cases import EXAMPLE_PLACES, region, two_columns

CONFIDENCES = st.sampled_from([0.8, 0.95, 0.998])


@given(columns=two_columns(), confidence=CONFIDENCES)
def test_an_area_lies_outside_the_funnel_if_and_only_if_its_verdict_says_so(
    columns: tuple[pd.Series, pd.Series], confidence: float
) -> None:
    counts, weights = columns
    interval = location_quotient_interval(counts, weights, confidence)
    assume(not np.isclose(interval, 1, rtol=1e-9, atol=0).any())
    limits = funnel_limits(int(counts.sum()), weights / weights.sum(), confidence)
    quotient = location_quotient(counts, weights)
    verdicts = verdict(interval)
    assert (quotient > limits["high"]).equals(verdicts == "boven_aandeel")
    assert (quotient < limits["low"]).equals(verdicts == "onder_aandeel")


@given(total=st.integers(1, 300), share=st.floats(0.001, 0.999), confidence=CONFIDENCES)
def test_every_whole_count_outside_the_funnel_has_a_small_binomial_tail(
    total: int, share: float, confidence: float
) -> None:
    limits = funnel_limits(total, pd.Series([share]), confidence).iloc[0] * total * share
    counts = np.arange(total + 1)
    tail = (1 - confidence) / 2
    binomial = stats.binom(total, share)
    at_most, at_least = binomial.cdf(counts), binomial.sf(counts - 1)
    assume(not np.isclose([at_most, at_least], tail, rtol=1e-9, atol=0).any())
    assert ((counts < limits["low"]) == (at_most < tail)).all()
    assert ((counts > limits["high"]) == (at_least < tail)).all()


def test_the_limits_of_even_odds_equal_a_table_of_the_sign_test() -> None:
    # Two-sided 5% of the sign test with n = 20: 5 or fewer, or 15 or more.
    limits = funnel_limits(20, pd.Series([0.5])).iloc[0] * 10
    assert 5 < limits["low"] < 6
    assert 14 < limits["high"] < 15


def test_the_funnel_narrows_towards_1_as_the_share_grows() -> None:
    shares = pd.Series(np.linspace(0.002, 0.6, 200))
    limits = funnel_limits(312, shares)
    assert (limits["high"].diff().dropna() < 0).all()
    assert (limits["low"].diff().dropna() >= 0).all()
    assert (limits["low"] < 1).all()
    assert (limits["high"] > 1).all()
    assert limits["low"].iloc[0] == 0


def test_for_a_small_share_of_many_places_the_limits_are_those_of_poisson() -> None:
    fair = 20.0
    limits = funnel_limits(10_000_000, pd.Series([fair / 10_000_000])).iloc[0] * fair
    # P(X >= u) of Poisson is the gamma distribution at its mean; u and l turned round from it.
    assert stats.gamma(limits["high"]).cdf(fair) == pytest.approx(0.025, rel=1e-4)
    assert stats.gamma(limits["low"] + 1).sf(fair) == pytest.approx(0.025, rel=1e-4)


def test_the_region_lies_as_its_verdicts_say() -> None:
    areas = region(EXAMPLE_PLACES)
    limits = funnel_limits(312, areas["weight"] / areas["weight"].sum())
    quotient = location_quotient(areas["capacity_count"], areas["weight"])
    assert areas["name"][quotient > limits["high"]].tolist() == ["Haarlem"]
    assert areas["name"][quotient < limits["low"]].tolist() == ["Bloemendaal", "Haarlemmermeer"]


def test_where_all_places_are_too_few_the_limit_lies_above_the_largest_quotient() -> None:
    limits = funnel_limits(3, pd.Series([0.4]))
    assert limits["high"].iloc[0] > 1 / 0.4
    assert limits["low"].iloc[0] == 0


def test_an_area_with_all_residents_should_have_all_places() -> None:
    limits = funnel_limits(12, pd.Series([1.0]))
    assert limits["low"].tolist() == [1.0]
    assert limits["high"].iloc[0] > 1


def test_without_residents_or_places_there_is_no_funnel() -> None:
    shares = pd.Series([0.0, np.nan, 0.5], list("abc"))
    limits = funnel_limits(10, shares)
    assert limits.index.equals(shares.index)
    assert limits.isna().all(axis=1).tolist() == [True, True, False]
    assert funnel_limits(0, shares).isna().all(axis=None)
    assert funnel_limits(10, shares.iloc[:0]).empty


@pytest.mark.parametrize(
    ("total", "share", "confidence", "message"),
    [
        (-1, 0.5, 0.95, "negative"),
        (5, 1.5, 0.95, "share is not between"),
        (5, 0.5, 95, "confidence is not between"),
    ],
)
def test_what_cannot_be_is_refused(
    total: int, share: float, confidence: float, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        funnel_limits(total, pd.Series([share]), confidence)
