"""Classes for a map: true to the legend, and the same as an independent implementation."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.classes import CLASSINGS, Classes, ClassingKey, classify
from analysis.errors import InputError

METHODS: tuple[ClassingKey, ...] = ("quantile", "equal_interval")
CBS_LIKE = st.lists(
    st.one_of(st.none(), st.integers(-500, 20_000), st.floats(0, 50).map(lambda x: round(x, 1))),
    min_size=1,
    max_size=60,
)
method = pytest.mark.parametrize("classing", METHODS)


def _series(values: Sequence[float | None]) -> pd.Series:
    index = pd.Index([f"BU{i:04}" for i in range(len(values))], name="area_code")
    return pd.Series(values, index=index, dtype="float64", name="aantal")


def _groups(index: pd.Series) -> list[list[str]]:
    return [list(codes) for _, codes in index.dropna().groupby(index).groups.items()]


def _assert_legend_is_true(values: pd.Series, classes: Classes) -> None:
    for place, number in zip(classes.class_index, values, strict=True):
        if np.isnan(number):
            assert place is pd.NA
            continue
        low, high = classes.bounds[place]
        assert low <= number <= high
        assert place == 0 or low < number


@method
@given(values=CBS_LIKE, class_count=st.integers(1, 5))
def test_every_value_falls_in_the_class_that_the_legend_says(
    classing: ClassingKey, values: list[float | None], class_count: int
) -> None:
    series = _series(values)
    classes = classify(series, classing, class_count)
    _assert_legend_is_true(series, classes)
    assert classes.class_index.index.equals(series.index)
    assert classes.class_count <= class_count
    assert sum(classes.area_counts) + classes.unknown_count == len(series)
    assert classes.unknown_count == series.isna().sum()
    assert list(classes.edges) == sorted(classes.edges)


@given(values=CBS_LIKE)
def test_no_quantile_class_is_empty(values: list[float | None]) -> None:
    assert all(count > 0 for count in classify(_series(values)).area_counts)


@given(
    values=st.lists(st.integers(0, 10_000), min_size=6, max_size=80, unique=True),
    class_count=st.integers(2, 5),
)
def test_quantiles_part_the_same_areas_as_mapclassify(values: list[int], class_count: int) -> None:
    series = _series([float(value) for value in values])
    theirs = mapclassify.Quantiles(series.to_numpy(), k=class_count)
    expected = pd.Series(theirs.yb, index=series.index)
    assert _groups(classify(series, "quantile", class_count).class_index) == _groups(expected)


@given(values=st.lists(st.integers(0, 12), min_size=14, max_size=60))
def test_quantiles_with_ties_part_the_same_areas_as_mapclassify(values: list[int]) -> None:
    series = _series([float(value) for value in values])
    assume(series.nunique() > 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = mapclassify.Quantiles(series.to_numpy(), k=5)
    groups = _groups(pd.Series(theirs.yb, index=series.index))
    assume(len(groups) > 1)
    assert _groups(classify(series).class_index) == groups


@given(
    values=st.lists(st.integers(0, 10_000), min_size=6, max_size=80, unique=True),
    class_count=st.integers(2, 5),
)
def test_equal_steps_stay_near_those_of_mapclassify(values: list[int], class_count: int) -> None:
    series = _series([float(value) for value in values])
    classes = classify(series, "equal_interval", class_count)
    exact = mapclassify.EqualInterval(series.to_numpy(), k=class_count)
    step = (series.max() - series.min()) / class_count
    for ours, theirs in zip(classes.edges[1:], exact.bins, strict=True):
        assert abs(ours - theirs) <= 0.1 * step * (class_count + 1)


@given(values=st.lists(st.integers(0, 10_000), min_size=6, max_size=80, unique=True))
def test_areas_are_put_in_equal_steps_as_mapclassify_does_with_the_same_edges(
    values: list[int],
) -> None:
    series = _series([float(value) for value in values])
    classes = classify(series, "equal_interval")
    theirs = mapclassify.UserDefined(series.to_numpy(), bins=list(classes.edges[1:]))
    assert classes.class_index.tolist() == theirs.yb.tolist()


@given(values=CBS_LIKE)
def test_equal_steps_are_equal(values: list[float | None]) -> None:
    edges = classify(_series(values), "equal_interval").edges
    steps = np.diff(edges)
    assert steps == pytest.approx(np.full(len(steps), steps[0] if len(steps) else 0.0))


def test_the_inhabitants_of_the_eight_gemeenten_get_a_legend_one_can_read_aloud() -> None:
    residents = [42880, 23780, 167670, 163115, 39455, 27580, 69175, 17475]
    classes = classify(_series([float(count) for count in residents]))
    assert classes.edges == (17000.0, 25000.0, 30000.0, 50000.0, 100000.0, 168000.0)
    assert classes.area_counts == (2, 1, 2, 1, 2)


@method
def test_more_zeros_than_a_class_can_hold_make_one_class_of_zeros(classing: ClassingKey) -> None:
    classes = classify(_series([0.0] * 50 + [1.0, 2.0, 3.0, 4.0, 5.0]), classing)
    assert classes.area_counts[0] >= 50
    assert classify(_series([0.0] * 50 + [1, 2, 3, 900])).bounds[0] == (0.0, 0.0)


@method
def test_two_different_values_are_two_classes(classing: ClassingKey) -> None:
    classes = classify(_series([3.0, 3.0, 9.0]), classing)
    assert classes.area_counts == (2, 1)


@method
def test_one_value_everywhere_is_one_class(classing: ClassingKey) -> None:
    classes = classify(_series([4.0, 4.0, None]), classing)
    assert (classes.edges, classes.area_counts, classes.unknown_count) == ((4.0, 4.0), (2,), 1)


@method
@pytest.mark.parametrize("values", [[], [None, None]])
def test_without_any_figure_there_are_no_classes(
    classing: ClassingKey, values: list[float | None]
) -> None:
    classes = classify(_series(values), classing)
    assert (classes.edges, classes.area_counts) == ((), ())
    assert classes.unknown_count == len(values)
    assert classes.class_index.isna().all()


def test_whole_numbers_with_unknowns_are_classed_as_they_come_from_a_table() -> None:
    values = pd.Series([1, 2, pd.NA, 4], dtype="Int64")
    assert classify(values).class_index.tolist() == [0, 1, pd.NA, 2]


@pytest.mark.parametrize("class_count", [0, 6])
def test_no_map_has_more_than_five_classes(class_count: int) -> None:
    with pytest.raises(InputError, match="1 to 5"):
        classify(_series([1.0, 2.0]), class_count=class_count)


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        classify(_series([1.0, float("inf")]))


def test_every_classing_can_be_chosen() -> None:
    assert set(CLASSINGS.keys) == set(METHODS)
