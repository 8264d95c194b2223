"""Values and scores: against a table made by hand, and what must hold for any minutes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES, HOMES, AccessProfile, Criterion, far, near
from analysis.access.score import (
    MEAN_IS_NO_DISTANCE,
    NOT_COMPUTED,
    NOT_KNOWN,
    NOT_MEASURED,
    access_score,
    measure_access,
)
from analysis.access.value import value_of
from analysis.errors import InputError

PROFILE = replace(
    ACCESS_PROFILES["skaeve_huse"],
    mode=TRAVEL_MODES["walk"],
    criteria=(near("huisarts", 5, 15, 50), near("supermarkt", 4, 12, 20), far(HOMES, 9, 1, 30)),
)
times = st.one_of(st.floats(0, 1_000), st.just(float("inf")))


@st.composite
def profiles(draw: st.DrawFn) -> AccessProfile:
    chosen = draw(st.sampled_from(ACCESS_PROFILES.entries))
    shares = draw(st.lists(st.integers(1, 99), min_size=2, max_size=len(chosen.criteria)))
    criteria = []
    for entry, share in zip(chosen.criteria, shares, strict=False):
        ends = sorted(
            draw(st.tuples(st.floats(0, 100), st.floats(0, 100)).filter(lambda p: p[0] != p[1]))
        )
        good, bad = ends if entry.direction == "dichtbij" else reversed(ends)
        weight = Fraction(share, sum(shares))
        criteria.append(replace(entry, good_min=good, bad_min=bad, weight=weight))
    return replace(chosen, criteria=tuple(criteria))


@st.composite
def cases(draw: st.DrawFn) -> tuple[AccessProfile, pd.DataFrame]:
    profile = draw(profiles())
    rows = draw(
        st.lists(st.tuples(*[times for _ in profile.criteria]), min_size=1, max_size=4).map(list)
    )
    return profile, pd.DataFrame(rows, columns=[entry.key for entry in profile.criteria])


def value_by_hand(minutes: float, criterion: Criterion) -> float:
    """The same line written as three cases, for one number."""
    good, bad = criterion.good_min, criterion.bad_min
    if criterion.direction == "dichtbij":
        return 1.0 if minutes <= good else 0.0 if minutes >= bad else (bad - minutes) / (bad - good)
    return 1.0 if minutes >= good else 0.0 if minutes <= bad else (minutes - bad) / (good - bad)


# Value


@pytest.mark.parametrize(
    ("minutes", "near_value", "far_value"),
    [(0, 1, 0), (5, 1, 0), (7.5, 0.75, 0.25), (10, 0.5, 0.5), (15, 0, 1), (40, 0, 1)],
)
def test_a_value_by_hand(minutes: float, near_value: float, far_value: float) -> None:
    assert value_of(pd.Series([minutes]), 5, 15)[0] == pytest.approx(near_value)
    assert value_of(pd.Series([minutes]), 15, 5)[0] == pytest.approx(far_value)


def test_what_is_out_of_reach_is_as_far_as_can_be_and_what_is_unknown_stays_so() -> None:
    minutes = pd.Series([np.inf, np.nan, pd.NA], index=["a", "b", "c"], dtype="Float64")
    assert value_of(minutes, 5, 15).to_dict() == pytest.approx(
        {"a": 0.0, "b": np.nan, "c": np.nan}, nan_ok=True
    )
    assert value_of(minutes, 15, 5)["a"] == 1.0


def test_negative_minutes_are_refused() -> None:
    with pytest.raises(InputError, match="1 travel times are negative"):
        value_of(pd.Series([4.0, -0.1]), 5, 15)


# Score


def test_a_table_made_by_hand() -> None:
    minutes = pd.DataFrame(
        {
            "huisarts": [5.0, 10.0, 20.0],
            "supermarkt": [4.0, 6.0, 30.0],
            HOMES: [9.0, 3.0, 0.5],
            "apotheek": [1.0, 1.0, 1.0],
        },
        index=pd.Index(["best", "half", "worst"], name="site_code"),
    )
    found = measure_access(minutes, PROFILE)
    # half: 50 x 0.5 + 20 x 0.75 + 30 x 0.25 = 25 + 15 + 7.5
    assert found.scores["score"].to_dict() == pytest.approx(
        {"best": 100.0, "half": 47.5, "worst": 0.0}
    )
    assert found.parts_of("half")["part"].tolist() == pytest.approx([25.0, 15.0, 7.5])
    assert found.parts_of("half")["value"].tolist() == pytest.approx([0.5, 0.75, 0.25])
    assert found.parts_of("half")["weight"].tolist() == pytest.approx([0.5, 0.2, 0.3])
    assert found.parts_of("half")["criterion"].tolist() == ["huisarts", "supermarkt", HOMES]
    assert found.scores["reason"].isna().all()
    assert not found.scores["uses_cbs"].any()
    assert found.scores.index.name == "site_code"


@given(case=cases())
def test_a_score_equals_the_sum_made_one_by_one(case: tuple[AccessProfile, pd.DataFrame]) -> None:
    profile, minutes = case
    scores = measure_access(minutes, profile).scores["score"]
    assert len(scores) == len(minutes)
    for found, (_, row) in zip(scores, minutes.iterrows(), strict=True):
        by_hand = sum(
            100 * float(entry.weight) * value_by_hand(row[entry.key], entry)
            for entry in profile.criteria
        )
        assert found == pytest.approx(by_hand, abs=1e-9)


@given(case=cases())
def test_a_score_is_between_0_and_100_and_the_sum_of_its_parts(
    case: tuple[AccessProfile, pd.DataFrame],
) -> None:
    profile, minutes = case
    found = measure_access(minutes, profile)
    assert found.scores["score"].between(0, 100).all()
    sums = found.parts.groupby("point")["part"].sum()
    assert found.scores["score"].tolist() == pytest.approx(sums.tolist(), abs=1e-9)


@given(case=cases(), which=st.integers(0, 7), more=st.floats(0, 500))
def test_more_minutes_never_help_what_should_be_near_nor_hurt_what_should_be_far(
    case: tuple[AccessProfile, pd.DataFrame], which: int, more: float
) -> None:
    profile, minutes = case
    criterion = profile.criteria[which % len(profile.criteria)]
    longer = minutes.assign(**{criterion.key: minutes[criterion.key] + more})
    before = measure_access(minutes, profile).scores["score"]
    after = measure_access(longer, profile).scores["score"]
    change = after - before
    assert (change <= 0 if criterion.direction == "dichtbij" else change >= 0).all()


@given(case=cases(), seed=st.randoms(use_true_random=False))
def test_the_order_of_criteria_and_columns_changes_nothing(
    case: tuple[AccessProfile, pd.DataFrame], seed: object
) -> None:
    profile, minutes = case
    criteria = list(profile.criteria)
    seed.shuffle(criteria)  # type: ignore[attr-defined]
    columns = [entry.key for entry in criteria]
    turned = measure_access(minutes[columns], replace(profile, criteria=tuple(criteria)))
    assert (
        turned.scores["score"].tolist() == measure_access(minutes, profile).scores["score"].tolist()
    )


def test_weights_of_other_criteria_are_refused() -> None:
    with pytest.raises(InputError, match="not of the same criteria"):
        access_score(pd.DataFrame({"sport": [1.0]}), pd.Series({"groen": 1.0}))


# What is not known


def test_without_one_travel_time_there_is_no_score_but_the_known_parts_stand() -> None:
    minutes = pd.DataFrame(
        {"huisarts": [10.0, 10.0], "supermarkt": [np.nan, 6.0], HOMES: [3.0, 3.0]},
        index=["a", "b"],
    )
    reasons = pd.DataFrame(
        {"supermarkt": ["Er is geen supermarkt in de gegevens.", None]}, ["a", "b"]
    )
    found = measure_access(minutes, PROFILE, reasons=reasons)
    assert found.scores["score"].isna().tolist() == [True, False]
    assert found.scores.loc["a", "reason"] == (
        "Niet te berekenen. Supermarkt: Er is geen supermarkt in de gegevens."
    )
    assert found.parts_of("a")["part"].tolist() == pytest.approx([25.0, np.nan, 7.5], nan_ok=True)
    assert found.parts_of("a")["reason"].isna().tolist() == [True, False, True]
    assert found.scores.loc["b", "score"] == pytest.approx(47.5)
    assert found.scores.loc["b", "reason"] is pd.NA


def test_every_missing_criterion_is_named_with_its_own_reason() -> None:
    minutes = pd.DataFrame({"huisarts": [np.nan], "supermarkt": [4.0]}, index=["a"])
    reason = measure_access(minutes, PROFILE).scores.loc["a", "reason"]
    assert reason == f"Niet te berekenen. Huisarts: {NOT_KNOWN} Woningen: {NOT_MEASURED}"


def test_minutes_from_cbs_are_marked_and_those_unknown_have_no_basis() -> None:
    minutes = pd.DataFrame(
        {"huisarts": [10.0, 10.0], "supermarkt": [6.0, 6.0], HOMES: [3.0, np.nan]}, ["a", "b"]
    )
    basis = pd.DataFrame({"huisarts": ["cbs", "straten"]}, index=["a", "b"])
    found = measure_access(minutes, PROFILE, basis=basis)
    assert found.parts_of("a")["basis"].tolist() == ["cbs", "straten", "straten"]
    assert found.parts_of("b")["basis"].tolist()[:2] == ["straten", "straten"]
    assert found.parts_of("b")["basis"].isna().tolist() == [False, False, True]
    assert found.scores["uses_cbs"].tolist() == [True, False]


def test_a_mean_of_cbs_does_not_tell_that_a_place_keeps_its_distance() -> None:
    profile = replace(
        PROFILE, criteria=(near("huisarts", 5, 15, 50), far("basisschool", 15, 5, 50))
    )
    minutes = pd.DataFrame({"huisarts": [10.0], "basisschool": [12.0]}, index=["a"])
    basis = pd.DataFrame({"huisarts": ["cbs"], "basisschool": ["cbs"]}, index=["a"])
    found = measure_access(minutes, profile, basis=basis)
    assert found.parts["minutes"].tolist() == [10.0, 12.0]
    assert found.parts["basis"].tolist() == ["cbs", "cbs"]
    assert found.parts["part"].tolist() == pytest.approx([25.0, np.nan], nan_ok=True)
    assert found.scores.loc["a", "reason"] == f"{NOT_COMPUTED} Basisschool: {MEAN_IS_NO_DISTANCE}"


def test_points_without_rows_give_an_empty_answer() -> None:
    found = measure_access(pd.DataFrame(columns=["huisarts"], dtype="float64"), PROFILE)
    assert found.scores.empty
    assert found.parts.empty


def test_frames_that_do_not_fit_are_refused_with_every_breach() -> None:
    minutes = pd.DataFrame({"huisarts": [1.0, 2.0]}, index=["a", "a"])
    basis = pd.DataFrame({"huisarts": ["gok"]}, index=["a"])
    with pytest.raises(InputError) as caught:
        measure_access(minutes, PROFILE, basis=basis)
    assert caught.value.breaches == (
        "a point occurs twice",
        "basis is not on the index of the minutes",
        "'gok' is not a basis",
    )
