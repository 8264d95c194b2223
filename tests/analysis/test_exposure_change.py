"""What a site changes near homes, worked by hand in the world of twelve squares, both signs."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.spreading.exposure import LIMITS_M, Nearby, places_near
from analysis.spreading.exposure_change import ExposureChange, measure_exposure_change
from tests.analysis.exposure_cases import CAPACITY, DISTANCE_M, IN_USE, NAN, RESIDENTS

WITH_PLAN = [*IN_USE, "TINY-4"]


def of_sites(names: list[str]) -> Nearby:
    return places_near(DISTANCE_M.loc[names], CAPACITY[names])


@st.composite
def states(draw: st.DrawFn) -> tuple[Nearby, Nearby, pd.Series]:
    """The same points with some of the sites, and with one more."""
    site_count, point_count = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    ways = st.sampled_from([math.inf, 0, 80, 400, 800, 1200, 1200.001, 2400])
    metres = [[draw(ways) for _ in range(point_count)] for _ in range(site_count)]
    far = [draw(st.integers(0, 5)) == 0 for _ in range(point_count)]
    table = pd.DataFrame(metres, dtype="float64")
    table.loc[:, far] = NAN
    places = [draw(st.sampled_from([NAN, 1, 6, 24])) for _ in range(site_count - 1)]
    capacity = pd.Series([*places, draw(st.integers(0, 9))], dtype="float64")
    people = pd.Series([draw(st.integers(0, 50)) for _ in range(point_count)], dtype="float64")
    dark = table.columns[far]
    before = places_near(table.iloc[:-1], capacity.iloc[:-1], unmeasured=dark)
    return before, places_near(table, capacity, unmeasured=dark), people


def test_a_plan_that_comes_equals_the_one_by_hand() -> None:
    """TINY-4, with 6 places, at 101.5, 481.5 km.

    | point        | residents | to T-4 | nearest before | places 400, 800, 1,200 m   |
    |--------------|-----------|--------|----------------|----------------------------|
    | BU90020102-2 |       200 |    240 | 1,240          | 0 to 6; 0 to 6; 0 to 6     |
    | BU90020102-1 |       200 |    740 |   740          | 0; 8 to 14; 8 to 14        |
    | BU90030102-1 |       100 |  1,010 | 2,010          | 0; 0; 0 to 6               |
    | the others   |           | 1,240 or more, and no nearer than before            |
    """
    found = measure_exposure_change(of_sites(IN_USE), of_sites(WITH_PLAN), RESIDENTS)
    assert (found.measured_count, found.unmeasured_count) == (3000, 1000)
    more = {entry.limit_m: entry for entry in found.places}
    assert [more[limit].more_count for limit in LIMITS_M] == [200, 400, 500]
    assert [more[limit].first_count for limit in LIMITS_M] == [200, 200, 300]
    assert [more[limit].highest_after_count for limit in LIMITS_M] == [6, 14, 14]
    assert [more[limit].most_more_count for limit in LIMITS_M] == [6, 6, 6]
    assert [more[limit].fewer_count for limit in LIMITS_M] == [0, 0, 0]
    assert [more[limit].same_count for limit in LIMITS_M] == [2800, 2600, 2500]
    assert {more[limit].highest_before_count for limit in LIMITS_M} == {None}
    helped = found.help
    # 1,000 m at 80 m a minute.
    assert helped.closer.resident_count == 300
    assert (helped.closer.most_min, helped.closer.median_min) == (12.5, 12.5)
    assert (helped.further.resident_count, helped.further.most_min) == (0, None)
    assert helped.same_count == 2700
    # Within 15 minutes, 1,200 m: 1,650, and 200 and 100 more.
    assert (helped.within_before_count, helped.within_after_count) == (1650, 1950)
    assert (helped.gained_count, helped.lost_count) == (300, 0)


def test_a_site_that_leaves_equals_the_one_by_hand() -> None:
    """Without TINY-3: 240 m for 300, 740 m for 300 and 200, 1,010 m for 200 residents."""
    without = ["TINY-1", "TINY-2"]
    found = measure_exposure_change(of_sites(IN_USE), of_sites(without), RESIDENTS)
    assert [entry.fewer_count for entry in found.places] == [300, 800, 1000]
    assert [entry.last_count for entry in found.places] == [300, 800, 1000]
    assert [entry.more_count for entry in found.places] == [0, 0, 0]
    assert [entry.highest_before_count for entry in found.places] == [8, 8, 8]
    # 240 to 1,240 m for 300, 740 to 1,740 for 300 and 200, 1,010 to 2,010 for 200; the 200 of
    # BU90020102-2 go from 1,240 to 2,240 and the 100 of BU90030102-1 from 2,010 to 3,010.
    further = found.help.further
    assert further.resident_count == 300 + 300 + 200 + 200 + 200 + 100
    assert (further.most_min, further.median_min) == (12.5, 12.5)
    assert (found.help.lost_count, found.help.within_after_count) == (1000, 650)


def test_the_first_site_gives_everybody_a_way() -> None:
    dark = DISTANCE_M.columns[DISTANCE_M.isna().all()]
    nothing = places_near(DISTANCE_M.iloc[:0].astype("float64"), CAPACITY[[]], unmeasured=dark)
    found = measure_exposure_change(nothing, of_sites(["TINY-1"]), RESIDENTS)
    assert found.help.closer.resident_count == found.help.closer.wayless_count == 3000
    assert (found.help.closer.most_min, found.help.closer.median_min) == (None, None)


def test_the_median_is_that_of_the_residents_and_not_of_the_points() -> None:
    before = places_near(pd.DataFrame([[800.0, 800.0, 800.0]]), pd.Series([1]))
    after = places_near(pd.DataFrame([[800.0] * 3, [0.0, 400.0, 720.0]]), pd.Series([1, 1]))
    found = measure_exposure_change(before, after, pd.Series([1.0, 1.0, 7.0]))
    assert (found.help.closer.most_min, found.help.closer.median_min) == (10, 1)


def test_a_site_whose_places_are_unknown_can_not_come_or_go() -> None:
    with pytest.raises(InputError, match="no known number of places"):
        measure_exposure_change(of_sites(IN_USE), of_sites([*IN_USE, "TINY-5"]), RESIDENTS)


def test_a_number_beside_an_unknown_site_is_at_least_so_high() -> None:
    """TINY-5 with unknown places stays; TINY-4 comes 1,010 m from a point near no TINY-5."""
    before, after = of_sites([*IN_USE, "TINY-5"]), of_sites([*WITH_PLAN, "TINY-5"])
    assert not any(
        entry.is_at_least for entry in measure_exposure_change(before, after, RESIDENTS).places
    )
    metres = pd.DataFrame([[100.0], [100.0]])
    capacity = pd.Series([NAN, 4.0])
    one = places_near(metres.iloc[:1], capacity.iloc[:1])
    found = measure_exposure_change(one, places_near(metres, capacity), pd.Series([9.0]))
    assert all(entry.is_at_least for entry in found.places)
    assert [entry.first_count for entry in found.places] == [0, 0, 0]


def test_states_of_other_points_or_limits_are_refused() -> None:
    before = of_sites(IN_USE)
    for other in (
        places_near(DISTANCE_M.loc[IN_USE].iloc[:, 1:], CAPACITY[IN_USE]),
        places_near(DISTANCE_M.loc[IN_USE], CAPACITY[IN_USE], [500]),
    ):
        with pytest.raises(InputError, match="other points or limits"):
            measure_exposure_change(before, other, RESIDENTS)
    dark = replace(before, nearest_m=before.nearest_m.where(before.nearest_m != 240))
    with pytest.raises(InputError, match="one state only"):
        measure_exposure_change(before, dark, RESIDENTS)


@given(states())
def test_added_and_taken_away_again_is_the_same_change_the_other_way(
    case: tuple[Nearby, Nearby, pd.Series],
) -> None:
    before, after, residents = case
    there, back = (
        measure_exposure_change(before, after, residents),
        measure_exposure_change(after, before, residents),
    )
    for one, other in zip(there.places, back.places, strict=True):
        assert (one.more_count, one.fewer_count) == (other.fewer_count, other.more_count)
        assert (one.first_count, one.last_count) == (other.last_count, other.first_count)
        assert one.highest_after_count == other.highest_before_count
        assert one.most_more_count == other.most_fewer_count
        assert one.same_count == other.same_count
    assert (there.help.closer, there.help.further) == (back.help.further, back.help.closer)
    assert (there.help.gained_count, there.help.lost_count) == (
        back.help.lost_count,
        back.help.gained_count,
    )


@given(states())
def test_residents_add_up_and_equal_a_plain_loop(case: tuple[Nearby, Nearby, pd.Series]) -> None:
    before, after, residents = case
    found = measure_exposure_change(before, after, residents)
    for entry in found.places:
        assert entry.more_count + entry.fewer_count + entry.same_count == found.measured_count
        # A site that comes takes nothing away.
        assert entry.fewer_count == 0
        assert entry.first_count <= entry.more_count
    helped = found.help
    assert helped.further.resident_count == 0
    assert helped.closer.resident_count + helped.same_count == found.measured_count
    assert helped.within_before_count + helped.gained_count == helped.within_after_count
    assert found.measured_count + found.unmeasured_count == residents.sum()
    _check_gains(found, before, after, residents)


def _check_gains(
    found: ExposureChange, before: Nearby, after: Nearby, residents: pd.Series
) -> None:
    """Every resident in a row, in exact fractions of a minute."""
    gains: list[Fraction] = []
    for people, old, new in zip(residents, before.nearest_m, after.nearest_m, strict=True):
        if math.isfinite(old) and new < old:
            gain = (Fraction(old) - Fraction(new)) / 80
            gains += [gain] * int(people)
    closer = found.help.closer
    assert closer.resident_count - closer.wayless_count == len(gains)
    if gains:
        middle = sorted(gains)[math.ceil(len(gains) / 2) - 1]
        assert closer.median_min == pytest.approx(float(middle))
        assert closer.most_min == pytest.approx(float(max(gains)))
    else:
        assert closer.median_min is None


def test_no_change_is_told_as_none() -> None:
    state = of_sites(IN_USE)
    found = measure_exposure_change(state, state, RESIDENTS)
    assert all(entry.same_count == 3000 for entry in found.places)
    assert found.help.closer.resident_count == found.help.further.resident_count == 0
    assert np.isclose(found.help.within_before_count, found.help.within_after_count)
