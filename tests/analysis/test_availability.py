"""Who gets there in time: by hand, by giving every resident a row, and by numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.access.availability import share_within, typical_minutes
from analysis.access.residents import REASONS, WARNINGS
from analysis.errors import InputError

INF, NAN = float("inf"), float("nan")
POINT = pd.Index([f"p{number}" for number in range(6)], name="point_code")
MINUTES = pd.Series([4.0, 15.0, 15.1, NAN, INF, 9.0], index=POINT)
RESIDENTS = pd.Series([300, 200, 500, 50, 100, 7], index=POINT)
AREAS = pd.Series(["BU1", "BU1", "BU1", "BU1", "BU2", None], index=POINT, name="buurt_code")


@st.composite
def points(draw: st.DrawFn) -> pd.DataFrame:
    """Population points in up to three areas, some with unknown or endless travel times."""
    minute = st.one_of(st.integers(0, 40).map(float), st.sampled_from([NAN, INF]))
    rows = draw(
        st.lists(st.tuples(minute, st.integers(0, 30), st.sampled_from("ABC")), max_size=25)
    )
    return pd.DataFrame(rows, columns=["minutes", "residents", "area"]).astype(
        {"minutes": "float64", "residents": "int64", "area": "object"}
    )


def one_row_each(frame: pd.DataFrame) -> pd.DataFrame:
    """Every measured resident with a row of their own."""
    measured = frame[frame["minutes"].notna()]
    return measured.loc[measured.index.repeat(measured["residents"])]


def test_a_share_by_hand() -> None:
    found = share_within(MINUTES, RESIDENTS, AREAS)
    assert found.index.tolist() == ["BU1", "BU2"]
    assert found.loc["BU1", "resident_count"] == 1_050
    assert found.loc["BU1", "measured_count"] == 1_000
    assert found.loc["BU1", "unknown_count"] == 50
    # A quarter of an hour exactly is in time: 300 + 200 of the 1,000 who were measured.
    assert found.loc["BU1", "within_count"] == 500
    assert found.loc["BU1", "share"] == 0.5
    assert found.loc["BU2", "share"] == 0


def test_another_limit() -> None:
    found = share_within(MINUTES, RESIDENTS, AREAS, limit_min=5)
    assert found.loc["BU1", "share"] == pytest.approx(0.3)


def test_typical_minutes_by_hand() -> None:
    found = typical_minutes(MINUTES, RESIDENTS, AREAS)
    # 300 in 4, 500 in 15 (exactly half), 1,000 in 15.1.
    assert found.loc["BU1", "median_min"] == 15
    assert found.loc["BU1", "p90_min"] == 15.1
    assert np.isnan(found["median_min"]["BU2"])
    assert found.loc["BU2", "reason"] == REASONS["out_of_reach"].label


def test_a_point_in_no_area_counts_nowhere() -> None:
    assert share_within(MINUTES, RESIDENTS, AREAS)["resident_count"].sum() == 1_150


def test_an_area_without_points_is_answered_with_a_reason() -> None:
    found = share_within(MINUTES, RESIDENTS, AREAS, area_codes=["BU3", "BU1"])
    assert found.index.tolist() == ["BU3", "BU1"]
    assert found["share"].isna().tolist() == [True, False]
    assert found.loc["BU3", "reason"] == REASONS["no_residents"].label
    assert found["reason"].isna().tolist() == [False, True]


def test_unknown_travel_times_fill_nothing_in() -> None:
    unknown = pd.Series(NAN, index=POINT)
    for found in (
        share_within(unknown, RESIDENTS, AREAS),
        typical_minutes(unknown, RESIDENTS, AREAS),
    ):
        assert (found["reason"] == REASONS["no_minutes"].label).all()
        assert found["unknown_count"].tolist() == [1_050, 100]
        assert found.drop(columns=["reason", "warning"]).iloc[:, -1].isna().all()


def test_small_areas_and_areas_with_many_unknown_carry_a_warning() -> None:
    points = pd.Index(["a", "b", "c", "d", "e"])
    found = share_within(
        pd.Series([1.0, 1.0, NAN, 1.0, NAN], index=points),
        pd.Series([499, 500, 56, 450, 50], index=points),
        pd.Series(["few", "many_unknown", "many_unknown", "fine", "fine"], index=points),
    )
    # Exactly 500 residents, of whom exactly 1 in 10 is unknown, is still fine.
    assert (found["resident_count"]["fine"], found["unknown_count"]["fine"]) == (500, 50)
    assert found["warning"].dropna().to_dict() == {
        key: WARNINGS[name].label
        for key, name in (("few", "few_residents"), ("many_unknown", "many_unknown"))
    }


@given(frame=points(), limit=st.integers(1, 40))
def test_a_share_is_the_share_of_residents_with_a_row_each(frame: pd.DataFrame, limit: int) -> None:
    found = share_within(frame["minutes"], frame["residents"], frame["area"], limit)
    rows = one_row_each(frame)
    for area, row in found.iterrows():
        mine = rows.loc[rows["area"] == area, "minutes"]
        assert row["measured_count"] == len(mine)
        assert row["share"] == pytest.approx((mine <= limit).mean(), nan_ok=True)


@given(frame=points())
def test_quantiles_are_those_of_residents_with_a_row_each(frame: pd.DataFrame) -> None:
    found = typical_minutes(frame["minutes"], frame["residents"], frame["area"])
    rows = one_row_each(frame)
    for area, row in found.iterrows():
        mine = sorted(rows.loc[rows["area"] == area, "minutes"])
        for name, tenths in (("median_min", 5), ("p90_min", 9)):
            # The resident at place ceil(q n), counted in whole numbers.
            wanted = mine[-(-tenths * len(mine) // 10) - 1] if mine else NAN
            expected = NAN if np.isinf(wanted) else wanted
            assert row[name] == pytest.approx(expected, nan_ok=True)


@given(frame=points())
def test_quantiles_are_those_of_numpy_with_weights(frame: pd.DataFrame) -> None:
    frame = frame[np.isfinite(frame["minutes"])].assign(area="A")
    assume(frame["residents"].sum() > 0)
    found = typical_minutes(frame["minutes"], frame["residents"], frame["area"]).loc["A"]
    for name, share in (("median_min", 0.5), ("p90_min", 0.9)):
        by_numpy = np.quantile(
            frame["minutes"], share, weights=frame["residents"], method="inverted_cdf"
        )
        assert found[name] == by_numpy


@given(frame=points(), seed=st.integers(0, 99))
def test_the_order_of_points_changes_nothing(frame: pd.DataFrame, seed: int) -> None:
    turned = frame.sample(frac=1, random_state=seed)
    for measure in (share_within, typical_minutes):
        one = measure(frame["minutes"], frame["residents"], frame["area"])
        other = measure(turned["minutes"], turned["residents"], turned["area"])
        pd.testing.assert_frame_equal(one, other)


def test_input_that_does_not_fit_is_refused_with_every_breach() -> None:
    with pytest.raises(InputError) as caught:
        share_within(
            pd.Series([1.0, -1.0], index=["a", "a"]),
            pd.Series([5.0, NAN], index=["a", "b"]),
            pd.Series(["BU1", "BU1"], index=["a", "a"]),
        )
    assert caught.value.breaches == (
        "the residents are not on the index of the values",
        "a point occurs twice",
        "a value is negative",
        "a number of residents is negative or not known",
    )


@pytest.mark.parametrize("limit", [0, -5, NAN])
def test_a_limit_that_is_no_time_is_refused(limit: float) -> None:
    with pytest.raises(InputError, match="the limit is"):
        share_within(MINUTES, RESIDENTS, AREAS, limit)
