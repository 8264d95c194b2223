"""Places near homes: the world of twelve squares by hand, plain loops, and what always holds."""

from __future__ import annotations

import math
import random
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.spreading.exposure import (
    LIMITS_M,
    PLACES_CLASSES,
    UNKNOWN_CLASS,
    Nearby,
    exposure_by_area,
    places_near,
    residents_by_places,
)
from tests.analysis.exposure_cases import (
    BUURT,
    CAPACITY,
    DISTANCE_M,
    GEMEENTE,
    IN_USE,
    NAN,
    RESIDENTS,
    SITES,
)

Case = tuple[pd.DataFrame, pd.Series, pd.Series]


def of_sites(names: list[str]) -> Nearby:
    return places_near(DISTANCE_M.loc[names], CAPACITY[names])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Whole metres, some points unmeasured, some ways absent, some places unknown."""
    site_count, point_count = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    far = [draw(st.integers(0, 5)) == 0 for _ in range(point_count)]
    metres = [
        [
            NAN if far[point] else draw(st.sampled_from([math.inf, 0, 399, 400, 401, 800, 1201]))
            for point in range(point_count)
        ]
        for _ in range(site_count)
    ]
    places = draw(st.lists(st.sampled_from([NAN, 0, 1, 5, 6, 24]), min_size=site_count))
    people = draw(st.lists(st.integers(0, 900), min_size=point_count))
    sites = [f"s{site}" for site in range(site_count)]
    points = [f"p{point}" for point in range(point_count)]
    return (
        pd.DataFrame(metres, index=sites, columns=points, dtype="float64"),
        pd.Series(places[:site_count], index=sites, dtype="float64"),
        pd.Series(people[:point_count], index=points, dtype="float64"),
    )


# By hand


def test_the_places_of_the_world_equal_those_by_hand() -> None:
    near = of_sites(IN_USE)
    within = {
        400: {"BU90010201-2": 8, "BU90020101-2": 8},
        800: {
            "BU90010102-1": 24,
            "BU90010201-1": 8,
            "BU90010201-2": 8,
            "BU90010202-1": 8,
            "BU90020101-1": 8,
            "BU90020101-2": 8,
            "BU90020102-1": 8,
        },
    }
    within[1200] = {**within[800], "BU90030101-1": 8}
    for limit, expected in within.items():
        places = near.place_count[limit].dropna()
        assert dict(places[places > 0]) == expected
        assert len(places) == 16
    assert near.place_count[400].isna().sum() == 4
    assert near.nearest_m["BU90010102-2"] == 1240
    assert (near.unknown_site_count.fillna(0) == 0).all(axis=None)


def test_the_residents_of_the_world_equal_those_by_hand() -> None:
    """400 m: 150 + 300. 800 m: 250 with 24 places, and 450 + 150 + 100 + 300 + 200 with 8."""
    found = residents_by_places(of_sites(IN_USE), RESIDENTS)
    assert (found.measured_count, found.unmeasured_count) == (3000, 1000)
    assert list(found.counts[400]) == [2550, 0, 450, 0, 0, 0, 0]
    assert list(found.counts[800]) == [1550, 0, 1200, 0, 250, 0, 0]
    assert list(found.counts[1200]) == [1350, 0, 1400, 0, 250, 0, 0]
    assert found.with_any_count(400) == 450
    assert found.with_any_share(400) == pytest.approx(0.15)
    assert found.shares[800]["21_50"] == pytest.approx(250 / 3000)


def test_the_areas_of_the_world_equal_those_by_hand() -> None:
    """GM9001 at 800 m: (250 x 24 + 150 x 8 + 150 x 8 + 100 x 8) / 1000 of 2000 residents."""
    table = exposure_by_area(of_sites(IN_USE), 800, RESIDENTS, GEMEENTE)
    zuid, midden, noord = (table.loc[code] for code in ("GM9001", "GM9002", "GM9003"))
    assert (zuid["most_place_count"], zuid["mean_place_count"]) == (24, 9.2)
    assert (zuid["measured_count"], zuid["unknown_count"], zuid["near_count"]) == (1000, 1000, 650)
    assert (midden["most_place_count"], midden["near_count"]) == (8, 800)
    assert midden["mean_place_count"] == pytest.approx(6400 / 1500)
    assert (noord["most_place_count"], noord["near_share"]) == (0, 0)
    assert not table["is_at_least"].any()
    assert "1 op de 10" in zuid["warning"]


def test_a_place_across_the_border_counts() -> None:
    """T-3 lies in GM9002; of GM9003 the 200 residents of BU90030101 are 1,010 m from it."""
    table = exposure_by_area(of_sites(["TINY-3"]), 1200, RESIDENTS, GEMEENTE)
    assert table.loc["GM9003", "near_count"] == 200


def test_an_area_that_is_not_measured_tells_why_and_a_small_one_is_warned_of() -> None:
    table = exposure_by_area(of_sites(IN_USE), 400, RESIDENTS, BUURT)
    nobody = table.loc["BU90010101"]
    assert nobody[["most_place_count", "mean_place_count", "near_share"]].isna().all()
    assert isinstance(nobody["reason"], str)
    small = table["warning"].str.contains("minder dan 500", na=False)
    assert small.eq(table["resident_count"] < 500).all()


def test_an_area_without_points_has_no_figure_and_not_zero() -> None:
    table = exposure_by_area(
        of_sites(IN_USE), 400, RESIDENTS, BUURT, area_codes=["BU90020201", "BU90020101"]
    )
    assert table["most_place_count"].isna()["BU90020201"]
    assert table.loc["BU90020201", "reason"] == "Hier is geen punt met inwoners bekend."
    assert table.loc["BU90020101", "most_place_count"] == 8


# Unknown numbers of places


def test_a_site_with_unknown_places_counts_as_a_site_and_makes_it_at_least() -> None:
    near = of_sites(list(SITES))
    point = "BU90030202-1"
    assert near.site_count.loc[point, 400] == 1
    assert near.unknown_site_count.loc[point, 400] == 1
    assert near.place_count.loc[point, 400] == 0
    assert near.has_any(400)[point]
    found = residents_by_places(near, RESIDENTS)
    assert found.counts.loc[UNKNOWN_CLASS.key, 400] == 100
    assert found.counts.loc["0", 400] == 3000 - 100 - 450 - 200
    table = exposure_by_area(near, 400, RESIDENTS, GEMEENTE)
    assert dict(table["is_at_least"]) == {"GM9001": False, "GM9002": False, "GM9003": True}
    assert table.loc["GM9003", "near_count"] == 100


def test_known_places_are_never_filled_in_for_unknown_ones() -> None:
    metres = pd.DataFrame({"p": [100.0, 100.0]}, index=["a", "b"])
    near = places_near(metres, pd.Series([5, pd.NA], index=["a", "b"], dtype="Int64"))
    assert list(near.place_count.loc["p"]) == [5, 5, 5]
    assert list(near.unknown_site_count.loc["p"]) == [1, 1, 1]


# Edges


def test_exactly_at_the_limit_is_within_and_a_millimetre_more_is_not() -> None:
    metres = pd.DataFrame({"p": [400.0], "q": [400.001]}, index=["a"])
    near = places_near(metres, pd.Series([5.0], index=["a"]))
    assert list(near.place_count[400]) == [5, 0]


def test_a_site_without_a_way_is_far_and_not_unknown() -> None:
    metres = pd.DataFrame({"p": [math.inf]}, index=["a"])
    near = places_near(metres, pd.Series([5.0], index=["a"]))
    assert list(near.place_count.loc["p"]) == [0, 0, 0]
    assert math.isinf(near.nearest_m["p"])


def test_without_sites_there_are_no_places_and_the_unmeasured_stay_unmeasured() -> None:
    nothing = DISTANCE_M.iloc[:0].astype("float64")
    dark = DISTANCE_M.columns[DISTANCE_M.isna().all()]
    near = places_near(nothing, CAPACITY[[]], unmeasured=dark)
    found = residents_by_places(near, RESIDENTS)
    assert (found.counts.loc["0", 400], found.unmeasured_count) == (3000, 1000)
    assert np.isinf(near.nearest_m.dropna()).all()


def test_nobody_measured_gives_no_share() -> None:
    metres = pd.DataFrame({"p": [NAN]}, index=["a"])
    near = places_near(metres, pd.Series([5.0], index=["a"]))
    found = residents_by_places(near, pd.Series([3.0], index=["p"]))
    assert math.isnan(found.with_any_share(400))
    assert found.shares.isna().all(axis=None)


def test_the_classes_end_where_they_say() -> None:
    numbers = [0, 1, 5, 6, 10, 11, 20, 21, 50, 51]
    points = [f"p{number}" for number in numbers]
    sites = [f"s{number}" for number in numbers]
    own = np.where(np.eye(len(numbers)) == 1, 100.0, math.inf)
    near = places_near(
        pd.DataFrame(own, index=sites, columns=points), pd.Series(numbers, index=sites)
    )
    found = residents_by_places(near, pd.Series(1.0, index=points))
    assert list(found.counts[400]) == [1, 2, 2, 2, 2, 1, 0]
    assert [entry.label for entry in PLACES_CLASSES] == [
        "0",
        "1 t/m 5",
        "6 t/m 10",
        "11 t/m 20",
        "21 t/m 50",
        "meer dan 50",
    ]


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"capacity": CAPACITY.iloc[::-1]}, "not those of the places"),
        ({"capacity": CAPACITY.fillna(-1)}, "negative or infinite"),
        ({"metres": -DISTANCE_M}, "distance is negative"),
        ({"metres": DISTANCE_M.where(DISTANCE_M != 240)}, "some of the sites only"),
        ({"limits": (800, 400)}, "from near to far"),
        ({"limits": ()}, "from near to far"),
        ({"limits": (0, 400)}, "above 0"),
    ],
)
def test_what_can_not_be_is_refused_by_name(change: dict[str, object], breach: str) -> None:
    given_to: dict[str, object] = {"metres": DISTANCE_M, "capacity": CAPACITY, "limits": LIMITS_M}
    given_to |= change
    with pytest.raises(InputError, match=breach):
        places_near(given_to["metres"], given_to["capacity"], given_to["limits"])  # type: ignore[arg-type]


def test_residents_that_do_not_fit_are_refused() -> None:
    near = of_sites(IN_USE)
    for wrong in (RESIDENTS.iloc[1:], -RESIDENTS, RESIDENTS.mask(RESIDENTS == 100)):
        with pytest.raises(InputError, match="residents"):
            residents_by_places(near, wrong)


# What always holds


@given(cases())
def test_the_counts_equal_plain_loops(case: Case) -> None:
    metres, capacity, residents = case
    near = places_near(metres, capacity)
    found = residents_by_places(near, residents)
    for limit in LIMITS_M:
        for point in metres.columns:
            if metres[point].isna().any():
                assert near.place_count[limit].isna()[point]
                continue
            within = [site for site in metres.index if metres.loc[site, point] <= limit]
            known = [capacity[site] for site in within if not math.isnan(capacity[site])]
            assert near.place_count[limit][point] == sum(known)
            assert near.site_count[limit][point] == len(within)
            assert near.unknown_site_count[limit][point] == len(within) - len(known)
        assert found.counts[limit].sum() == found.measured_count
    assert found.measured_count + found.unmeasured_count == residents.sum()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_sites_and_points_makes_no_difference(
    case: Case, chance: random.Random
) -> None:
    metres, capacity, residents = case
    sites, points = list(metres.index), list(metres.columns)
    chance.shuffle(sites)
    chance.shuffle(points)
    near = places_near(metres, capacity)
    turned = places_near(metres.loc[sites, points], capacity[sites])
    pd.testing.assert_frame_equal(turned.place_count.loc[metres.columns], near.place_count)
    pd.testing.assert_frame_equal(
        residents_by_places(turned, residents[points]).counts,
        residents_by_places(near, residents).counts,
    )


@given(cases())
def test_one_site_more_never_lowers_a_number(case: Case) -> None:
    metres, capacity, residents = case
    fewer = places_near(
        metres.iloc[:-1],
        capacity.iloc[:-1],
        unmeasured=metres.columns[metres.isna().all()],
    )
    more = places_near(metres, capacity)
    measured = more.is_measured
    for name in ("place_count", "site_count", "unknown_site_count"):
        step = getattr(more, name)[measured] - getattr(fewer, name)[measured]
        assert (step >= 0).all(axis=None)
    assert (more.nearest_m[measured] <= fewer.nearest_m[measured]).all()
    before, after = (residents_by_places(near, residents) for near in (fewer, more))
    for limit in LIMITS_M:
        assert before.with_any_count(limit) <= after.with_any_count(limit)


@given(cases())
def test_farther_holds_what_nearer_holds(case: Case) -> None:
    metres, capacity, residents = case
    near = places_near(metres, capacity)
    assert (near.place_count.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=None)
    table = exposure_by_area(near, 800, residents, pd.Series("A", index=residents.index))
    row = table.loc["A"]
    if table["most_place_count"].notna()["A"]:
        assert 0 <= row["mean_place_count"] <= row["most_place_count"]
        assert 0 <= row["near_share"] <= 1


def test_a_whole_region_takes_a_few_milliseconds() -> None:
    chance = np.random.default_rng(1)
    points, sites = [f"p{n}" for n in range(12_000)], [f"s{n}" for n in range(66)]
    metres = pd.DataFrame(chance.uniform(0, 20_000, (66, 12_000)), index=sites, columns=points)
    capacity = pd.Series(chance.integers(1, 60, 66), index=sites)
    residents = pd.Series(50.0, index=points)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        residents_by_places(places_near(metres, capacity), residents)
        times.append(time.perf_counter() - start)
    print(f"66 sites, 12,000 points: {min(times) * 1000:.1f} ms")
    assert min(times) < 0.2
