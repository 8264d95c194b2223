"""Classes with edges of their own: the same steps on every map."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.classes import classify_at
from analysis.errors import InputError

EDGES = (0.0, 5.0, 10.0, 15.0, math.inf)


def test_an_upper_edge_belongs_to_the_class_below_it_and_zero_to_the_first() -> None:
    values = pd.Series([0, 5, 5.1, 10, 14.9, 15, 15.1, 900], index=list("abcdefgh"))
    found = classify_at(values, EDGES)
    assert dict(found.class_index) == dict(zip("abcdefgh", [0, 0, 1, 1, 2, 2, 3, 3], strict=True))
    assert (found.area_counts, found.unknown_count) == ((2, 2, 2, 2), 0)


def test_a_class_without_areas_stays_and_unknown_values_are_counted() -> None:
    found = classify_at(pd.Series([12.0, math.nan, None]), EDGES)
    assert found.area_counts == (0, 0, 1, 0)
    assert found.unknown_count == 2
    assert found.class_index.isna().tolist() == [False, True, True]
    assert found.class_count == 4


def test_nothing_known_still_has_all_classes() -> None:
    found = classify_at(pd.Series([math.nan]), EDGES)
    assert (found.area_counts, found.unknown_count) == ((0, 0, 0, 0), 1)


@pytest.mark.parametrize("value", [-0.1, math.inf])
def test_a_value_outside_the_edges_is_refused(value: float) -> None:
    with pytest.raises(InputError):
        classify_at(pd.Series([value]), EDGES)


def test_more_than_five_classes_are_refused() -> None:
    with pytest.raises(InputError):
        classify_at(pd.Series([1.0]), range(7))
