"""What moved the Hoover index: by fractions, by every order of the causes, and by symmetry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.spreading import measure_spreading
from analysis.spreading.change import SpreadingChange, hoover_change, measure_change
from analysis.spreading.moment import measure_moment
from tests.analysis.spreading_cases import EXAMPLE_PLACES, areas_of, region

WEIGHTS = {"A": 20, "B": 15, "C": 5}
THEN, NOW = {"A": 52, "B": 8, "C": 0}, {"A": 32, "B": 8, "C": 0}


def changed(
    weights_then: Mapping[str, float | None],
    then: Mapping[str, int | None],
    weights_now: Mapping[str, float | None],
    now: Mapping[str, int | None],
) -> SpreadingChange:
    return measure_change(areas_of(weights_then, then), areas_of(weights_now, now))


def hoover(places: Sequence[int], weights: Sequence[int]) -> list[Fraction]:
    """What every area adds to the index."""
    return [
        abs(Fraction(count, sum(places)) - Fraction(weight, sum(weights))) / 2
        for count, weight in zip(places, weights, strict=True)
    ]


def shapley(
    dates: tuple[tuple[Sequence[int], Sequence[int]], tuple[Sequence[int], Sequence[int]]],
) -> dict[str, list[Fraction]]:
    """The mean over every order of what a cause adds when it comes in, area by area."""
    causes = ("places", "base")
    parts = {cause: [Fraction(0)] * len(dates[0][0]) for cause in causes}
    orders = list(permutations(causes))
    for order in orders:
        state = {"places": dates[0][0], "base": dates[0][1]}
        for cause in order:
            before = hoover(state["places"], state["base"])
            state[cause] = dates[1][causes.index(cause)]
            after = hoover(state["places"], state["base"])
            parts[cause] = [
                part + (new - old) / len(orders)
                for part, old, new in zip(parts[cause], before, after, strict=True)
            ]
    return parts


@st.composite
def two_dates(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int]]:
    size = draw(st.integers(2, 9))
    places = st.lists(st.integers(0, 60), min_size=size, max_size=size).filter(any)
    weights = st.lists(st.integers(1, 200_000), min_size=size, max_size=size)
    return draw(places), draw(weights), draw(places), draw(weights)


def series(values: Sequence[int]) -> pd.Series:
    return pd.Series(values, [f"WK{number}" for number in range(len(values))], dtype="int64")


def test_a_change_of_places_alone_is_counted_by_hand() -> None:
    # Shares of places 52/60, 8/60, 0 and then 32/40, 8/40, 0; of the base 1/2, 3/8, 1/8.
    found = changed(WEIGHTS, THEN, WEIGHTS, NOW)
    assert found.hoover_then == pytest.approx(float(Fraction(11, 30)))
    assert found.hoover_now == pytest.approx(float(Fraction(3, 10)))
    assert found.places_part == pytest.approx(float(Fraction(-1, 15)))
    assert found.base_part == 0
    assert found.table["part"].to_list() == pytest.approx(
        # A: 1/2 (3/10 - 11/30); B: 1/2 (7/40 - 29/120); C stays as it was.
        [float(Fraction(-1, 30)), float(Fraction(-1, 30)), 0.0]
    )
    assert found.table["difference_count"].to_list() == [-20, 0, 0]
    assert (found.capacity_then_count, found.capacity_now_count) == (60, 40)


def test_a_change_of_both_is_counted_by_hand() -> None:
    # s = (1/2, 1/2), r = (1/4, 3/4); s' = (1/4, 3/4), r' = (1/2, 1/2): both indices are 1/4.
    found = changed({"A": 1, "B": 3}, {"A": 5, "B": 5}, {"A": 2, "B": 2}, {"A": 3, "B": 9})
    assert (found.hoover_then, found.hoover_now) == (0.25, 0.25)
    # Places first: -1/4, then the base: +1/4. Base first: -1/4, then the places: +1/4.
    assert found.places_part == pytest.approx(0)
    assert found.base_part == pytest.approx(0)
    assert found.direction == "geen_duidelijk_verschil"


@given(two_dates())
def test_the_parts_are_the_mean_over_every_order_of_the_causes(
    dates: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    old_places, old_base, new_places, new_base = dates
    found = hoover_change(*map(series, dates))
    expected = shapley(((old_places, old_base), (new_places, new_base)))
    assert found["places_part"].to_list() == pytest.approx([float(x) for x in expected["places"]])
    assert found["base_part"].to_list() == pytest.approx([float(x) for x in expected["base"]])
    moved = sum(hoover(new_places, new_base)) - sum(hoover(old_places, old_base))
    assert found.to_numpy().sum() == pytest.approx(float(moved), abs=1e-12)


@given(two_dates())
def test_back_in_time_every_part_has_the_other_sign(
    dates: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    old_places, old_base, new_places, new_base = map(series, dates)
    forth = hoover_change(old_places, old_base, new_places, new_base)
    back = hoover_change(new_places, new_base, old_places, old_base)
    assert np.allclose(forth, -back, atol=1e-12)


@given(two_dates())
def test_what_does_not_change_has_no_part(
    dates: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    old_places, old_base, new_places, new_base = map(series, dates)
    assert not hoover_change(old_places, old_base, old_places, old_base).to_numpy().any()
    assert not hoover_change(old_places, old_base, old_places, new_base)["places_part"].any()
    assert not hoover_change(old_places, old_base, new_places, old_base)["base_part"].any()


@given(two_dates())
def test_one_place_that_moves_changes_the_index_by_at_most_one_in_all(
    dates: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    places, base = dates[0], dates[1]
    holder = next(number for number, count in enumerate(places) if count)
    moved = list(places)
    moved[holder] -= 1
    moved[holder - 1] += 1
    change = abs(float(sum(hoover(moved, base)) - sum(hoover(places, base))))
    assert change <= 1 / sum(places) + 1e-12


def test_an_area_known_on_one_date_only_is_left_out_of_both() -> None:
    weights_now: dict[str, float | None] = {**WEIGHTS, "C": None}
    found = changed({**WEIGHTS, "D": None}, {**THEN, "D": 9}, weights_now, NOW)
    assert (found.compared_area_count, found.left_out_area_count) == (2, 2)
    # Over A and B only: shares of the base 20/35 and 15/35.
    assert found.hoover_then == pytest.approx(float(Fraction(52, 60) - Fraction(20, 35)))
    assert found.hoover_now == pytest.approx(float(Fraction(32, 40) - Fraction(20, 35)))
    assert found.table["part"].isna().to_list() == [False, False, True, True]
    assert found.table.loc["D", "name"] == "D"
    assert found.table.loc["D", "capacity_then_count"] == 9
    assert found.capacity_then_count == 60


@pytest.mark.parametrize(
    ("then", "now", "weights", "reason"),
    [
        ({"A": 0, "B": 0, "C": 0}, NOW, WEIGHTS, "no_places_on_one_date"),
        (THEN, {"A": 0, "B": 0, "C": 0}, WEIGHTS, "no_places_on_one_date"),
        ({"A": 0, "B": 0, "C": 0}, {"A": 0, "B": 0, "C": 0}, WEIGHTS, "no_places"),
        ({"A": 9, "B": None, "C": None}, NOW, WEIGHTS, "too_few_areas"),
        (THEN, NOW, {"A": None, "B": None, "C": None}, "no_weight"),
        (THEN, NOW, {"A": 0, "B": 0, "C": 0}, "no_weight"),
    ],
)
def test_without_something_to_compare_there_is_a_reason_and_no_number(
    then: dict[str, int | None],
    now: dict[str, int | None],
    weights: dict[str, float | None],
    reason: str,
) -> None:
    found = changed(weights, then, weights, now)
    assert found.reasons[0].key == reason
    assert (found.hoover_then, found.hoover_now, found.hoover_change) == (None, None, None)
    assert (found.places_part, found.base_part, found.direction) == (None, None, None)
    assert found.largest_part() is None
    assert found.table["part"].isna().all()


@pytest.mark.parametrize(
    ("now", "direction"),
    [
        # Of 40 places one moves to where too few are: exactly one in forty.
        ({"A": 31, "B": 9, "C": 0}, "gelijker"),
        ({"A": 33, "B": 7, "C": 0}, "ongelijker"),
        ({"A": 32, "B": 8, "C": 0}, "geen_duidelijk_verschil"),
        # One place more in C: 0.3 becomes 0.2805, less than one of the forty.
        ({"A": 32, "B": 8, "C": 1}, "geen_duidelijk_verschil"),
        ({"A": 32, "B": 8, "C": 2}, "gelijker"),
    ],
)
def test_a_change_under_one_place_is_no_clear_difference(
    now: dict[str, int | None], direction: str
) -> None:
    found = changed(WEIGHTS, NOW, WEIGHTS, now)
    assert found.direction == direction
    assert found.least_clear_change == 1 / 40


def test_areas_with_other_borders_are_not_compared() -> None:
    then, now = areas_of(WEIGHTS, THEN), areas_of(WEIGHTS, NOW)
    found = measure_change(then, now, are_same_areas=False)
    assert [reason.key for reason in found.reasons] == ["other_areas"]
    assert found.hoover_change is None
    assert found.table["part"].isna().all()
    assert found.table["difference_count"].to_list() == [-20, 0, 0]


def test_of_too_few_places_nothing_clear_is_said() -> None:
    few = changed(WEIGHTS, {"A": 9, "B": 0, "C": 0}, WEIGHTS, {"A": 5, "B": 4, "C": 1})
    assert few.hoover_change == pytest.approx(-0.5 + 0.025)
    assert few.has_too_few_places
    assert few.direction == "geen_duidelijk_verschil"


def test_places_and_residents_each_have_their_part() -> None:
    found = changed(WEIGHTS, THEN, {**WEIGHTS, "A": 30}, NOW)
    assert found.places_part is not None
    assert found.base_part is not None
    assert found.hoover_change == pytest.approx(found.places_part + found.base_part)
    assert found.places_part < 0
    assert found.base_part < 0
    largest = found.largest_part()
    assert largest is not None
    assert largest["name"] == "A"


def test_different_areas_in_one_call_are_refused() -> None:
    one, other = series([1, 2]), series([1, 2, 3])
    with pytest.raises(InputError, match="same index"):
        hoover_change(one, other, one, one)
    with pytest.raises(InputError, match="both dates"):
        hoover_change(one, one, other, other)


# The moments of a series


@given(two_dates(), st.integers(0, 8), st.integers(0, 8))
def test_a_moment_says_the_same_as_the_whole_spreading(
    dates: tuple[list[int], list[int], list[int], list[int]], no_places: int, no_weight: int
) -> None:
    names = [f"WK{number}" for number in range(len(dates[0]))]
    places: dict[str, int | None] = dict(zip(names, dates[0], strict=True))
    weights: dict[str, float | None] = dict(zip(names, dates[1], strict=True))
    places |= dict.fromkeys(names[no_places : no_places + 1])
    weights |= dict.fromkeys(names[no_weight : no_weight + 1])
    areas = areas_of(weights, places)
    found, whole = measure_moment(areas), measure_spreading(areas)
    assert found.hoover.value == whole.hoover_index
    assert (found.hoover.reason,) == (whole.reasons[:1] or (None,))
    assert found.capacity_count == whole.totals.capacity_count
    assert found.left_out_area_count == whole.totals.left_out_area_count
    expected = whole.table.astype({"capacity_count": "Float64"}).astype({"capacity_count": float})
    for column in ("capacity_count", "location_quotient", "verdict"):
        pd.testing.assert_series_equal(found.table[column], expected[column], check_dtype=False)


def test_the_example_region_stays_as_it_was() -> None:
    found = measure_moment(region(EXAMPLE_PLACES))
    assert found.hoover.value == measure_spreading(region(EXAMPLE_PLACES)).hoover_index


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="'weight' is missing"):
        measure_moment(region(EXAMPLE_PLACES).drop(columns="weight"))
