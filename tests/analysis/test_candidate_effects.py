"""What a candidate does to the spread and to places near home, by hand and for any numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.access.profiles import ACCESS_PROFILES, profile_part
from analysis.comparing.evenness_effect import evenness_effect
from analysis.comparing.places_nearby import places_nearby
from analysis.errors import InputError

PEOPLE = pd.Series({"a": 50.0, "b": 30.0, "c": 20.0})


def counts(*numbers: int | None) -> pd.Series:
    return pd.Series(numbers, index=list("abc"), dtype="Int64")


def test_places_where_there_are_none_make_it_more_even() -> None:
    """8, 2, 0 of 10: above are 0.3. With 2 in c: 8/12 - 0.5. Of 2/12 that can be."""
    found = evenness_effect(counts(8, 2, 0), PEOPLE, "c", 2)
    assert found.before == pytest.approx(0.3)
    assert found.after == pytest.approx(8 / 12 - 0.5)
    assert found.effect == pytest.approx(100 * (0.3 - (8 / 12 - 0.5)) / (2 / 12))


def test_places_where_there_are_many_make_it_less_even() -> None:
    assert evenness_effect(counts(8, 2, 0), PEOPLE, "a", 5).effect < 0


def test_an_area_without_a_figure_is_left_out_and_gives_no_effect() -> None:
    weights = PEOPLE.where(PEOPLE.index != "b")
    assert math.isnan(evenness_effect(counts(8, 2, 0), weights, "b", 2).effect)
    found = evenness_effect(counts(8, 2, 0), weights, "c", 2)
    assert found.before == pytest.approx(1 - 5 / 7)
    assert found.effect == pytest.approx(100 * (2 / 7 - (0.8 - 5 / 7)) / 0.2)


def test_without_other_places_there_is_no_effect() -> None:
    assert math.isnan(evenness_effect(counts(0, 0, 0), PEOPLE, "c", 2).effect)


@pytest.mark.parametrize(("area", "count"), [("d", 2), ("a", 0), ("a", -1)])
def test_places_that_come_nowhere_are_refused(area: str, count: int) -> None:
    with pytest.raises(InputError):
        evenness_effect(counts(8, 2, 0), PEOPLE, area, count)


@given(
    others=st.lists(st.integers(0, 500), min_size=3, max_size=3),
    people=st.lists(st.integers(1, 100_000), min_size=3, max_size=3),
    area=st.sampled_from("abc"),
    count=st.integers(1, 500),
)
def test_the_effect_stays_on_its_scale(
    others: list[int], people: list[int], area: str, count: int
) -> None:
    weights = pd.Series(people, index=list("abc"), dtype="float64")
    effect = evenness_effect(counts(*others), weights, area, count).effect
    assert math.isnan(effect) == (sum(others) == 0)
    assert math.isnan(effect) or -100 - 1e-6 <= effect <= 100 + 1e-6


def near(places: list[float], unknown: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"place_count": places, "unknown_site_count": unknown})


def test_the_highest_number_counts_the_candidate_itself() -> None:
    """The third point is too far, the fourth has nobody, the fifth can't be measured."""
    others = near([3, 7, 50, 90, np.nan], [0, 0, 0, 0, 0])
    people = pd.Series([10.0, 20.0, 30.0, 0.0, 40.0])
    found = places_nearby(others, people, [400, 100, 401, 10, np.nan], 6, 400)
    assert (found.most_count, found.resident_count, found.is_vague) == (13, 30, False)


def test_what_is_not_known_near_makes_it_unknown() -> None:
    people = pd.Series([10.0, 20.0])
    far_away = places_nearby(near([3, 7], [0, 1]), people, [100, 900], 6, 400)
    assert far_away.most_count == 9
    close = places_nearby(near([3, 7], [0, 1]), people, [100, 200], 6, 400)
    assert math.isnan(close.most_count)
    assert close.is_vague
    of_itself = places_nearby(near([3, 7], [0, 0]), people, [100, 200], None, 400)
    assert math.isnan(of_itself.most_count)


def test_nobody_near_is_zero() -> None:
    found = places_nearby(near([3], [1]), pd.Series([10.0]), [np.inf], None, 400)
    assert (found.most_count, found.resident_count) == (0, 0)


def test_other_points_than_the_residents_are_refused() -> None:
    with pytest.raises(InputError):
        places_nearby(near([3], [0]), pd.Series([10.0, 2.0]), [1.0], 6, 400)


@pytest.mark.parametrize("key", ACCESS_PROFILES.keys)
def test_a_part_of_a_profile_weighs_one_in_the_same_proportions(key: str) -> None:
    profile = ACCESS_PROFILES[key]
    parts = [profile_part(profile, direction) for direction in ("dichtbij", "ver")]
    assert (parts[1] is not None) == profile.asks_distance
    for part in filter(None, parts):
        assert sum(entry.weight for entry in part.criteria) == 1
        own = {entry.key: entry.weight for entry in profile.criteria}
        ratios = {entry.weight / own[entry.key] for entry in part.criteria}
        assert len(ratios) == 1
