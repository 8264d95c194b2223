"""Places shared within reach: a case worked by hand, a plain twin, and nothing lost or made."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.access.modes import BANDS_MIN
from analysis.access.residents import REASONS
from analysis.access.two_step import (
    MEASURE,
    ZONE_WEIGHTS,
    PlacesWithinReach,
    places_per_area,
    places_within_reach,
    zone_weights,
)
from analysis.errors import InputError

NAN = float("nan")
Case = tuple[pd.Series, pd.Series, pd.DataFrame]


def pairs(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["point", "site", "minutes"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    places = draw(st.lists(st.integers(0, 40), min_size=1, max_size=4))
    people = draw(st.lists(st.integers(0, 900), min_size=1, max_size=6))
    rows = [
        (f"p{point}", f"s{site}", draw(st.integers(0, 200)) / 10)
        for point in range(len(people))
        for site in range(len(places))
        if draw(st.booleans())
    ]
    return (
        pd.Series(places, index=[f"s{site}" for site in range(len(places))], dtype="float64"),
        pd.Series(people, index=[f"p{point}" for point in range(len(people))], dtype="float64"),
        pairs(*rows),
    )


def plain_twin(places: pd.Series, residents: pd.Series, travel: pd.DataFrame) -> dict[str, float]:
    """The two steps as the paper writes them, in exact fractions, zone by zone."""
    weight_of_zone = {0: Fraction(100, 100), 1: Fraction(68, 100), 2: Fraction(22, 100)}

    def weight(minutes: float) -> Fraction:
        zone = 0 if minutes <= 5 else 1 if minutes <= 10 else 2 if minutes <= 15 else 3
        return weight_of_zone.get(zone, Fraction(0))

    named = zip(travel["point"], travel["site"], travel["minutes"], strict=True)
    times = {(point, site): minutes for point, site, minutes in named}
    ratio: dict[str, Fraction] = {}
    for site in places.index:
        sharing = sum(
            (
                int(residents[point]) * weight(minutes)
                for (point, other), minutes in times.items()
                if other == site
            ),
            Fraction(0),
        )
        ratio[site] = int(places[site]) / sharing if sharing else Fraction(0)
    return {
        point: float(
            10_000
            * sum(
                (ratio[site] * weight(m) for (other, site), m in times.items() if other == point),
                Fraction(0),
            )
        )
        for point in residents.index
    }


def test_a_case_worked_by_hand() -> None:
    found = places_within_reach(
        pd.Series({"south": 10, "north": 4}),
        pd.Series({"a": 1_000, "b": 500, "c": 200}),
        pairs(
            ("a", "south", 5.0),  # zone 1: the end of a zone belongs to it
            ("b", "south", 7.0),  # zone 2
            ("b", "north", 12.0),  # zone 3
            ("c", "north", 15.1),  # out of reach
        ),
    )
    # south: 1000 x 1 + 500 x 0.68 = 1340 share 10; north: 500 x 0.22 = 110 share 4.
    assert found.sites["sharing_resident_count"].tolist() == pytest.approx([1_340, 110])
    assert found.per_10000["a"] == pytest.approx(10_000 * 10 / 1_340)
    assert found.per_10000["b"] == pytest.approx(10_000 * (0.68 * 10 / 1_340 + 0.22 * 4 / 110))
    assert found.per_10000["c"] == 0
    assert found.sites["reaches_anyone"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("minutes", "weight"),
    [(0, 1), (5, 1), (5.01, 0.68), (10, 0.68), (10.01, 0.22), (15, 0.22), (15.01, 0), (np.inf, 0)],
)
def test_the_weight_of_each_zone(minutes: float, weight: float) -> None:
    assert zone_weights(np.array([minutes])).tolist() == [weight]


@given(case=cases())
def test_the_two_steps_equal_their_plain_twin_in_fractions(case: Case) -> None:
    found = places_within_reach(*case).per_10000.to_dict()
    assert found == pytest.approx(plain_twin(*case), rel=1e-12, abs=1e-12)


@given(case=cases())
def test_what_residents_can_reach_is_what_there_is(case: Case) -> None:
    places, residents, travel = case
    found = places_within_reach(places, residents, travel)
    reached = float((residents * found.per_10000).sum()) / 10_000
    assert reached == pytest.approx(places.sum() - found.left_out_place_count, abs=1e-9)


@given(case=cases())
def test_the_order_of_pairs_changes_nothing(case: Case) -> None:
    places, residents, travel = case
    turned = places_within_reach(places, residents, travel[::-1])
    assert turned.per_10000.tolist() == pytest.approx(
        places_within_reach(*case).per_10000.tolist(), abs=1e-9
    )


def test_a_site_that_reaches_nobody_is_told_apart() -> None:
    found = places_within_reach(
        pd.Series({"near": 3, "far": 7}),
        pd.Series({"a": 100, "b": 0}),
        pairs(("a", "near", 2.0), ("a", "far", 30.0), ("b", "far", 1.0)),
    )
    assert found.sites["reaches_anyone"].to_dict() == {"near": True, "far": False}
    assert found.left_out_place_count == 7


def test_a_point_whose_travel_times_are_unknown_gets_no_figure_and_shares_nothing() -> None:
    places, residents = pd.Series({"s": 4}), pd.Series({"a": 100, "b": 300})
    travel = pairs(("a", "s", 1.0), ("b", "s", 1.0))
    found = places_within_reach(places, residents, travel, unmeasured=pd.Index(["b"]))
    assert found.per_10000["a"] == pytest.approx(400)
    assert np.isnan(found.per_10000["b"])


def test_the_mean_of_an_area_is_weighted_by_residents_and_says_who_is_missing() -> None:
    points = ["a", "b", "c", "d"]
    found = places_per_area(
        pd.Series([10.0, 40.0, NAN, NAN], index=points),
        pd.Series([600, 200, 100, 900], index=points),
        pd.Series(["GM1", "GM1", "GM1", "GM2"], index=points),
    )
    # (600 x 10 + 200 x 40) / 800
    assert found.loc["GM1", "places_per_10000"] == pytest.approx(17.5)
    assert found.loc["GM1", "unknown_count"] == 100
    assert np.isnan(found["places_per_10000"]["GM2"])
    assert found.loc["GM2", "reason"] == REASONS["no_minutes"].label


def test_without_pairs_nobody_reaches_anything() -> None:
    found = places_within_reach(pd.Series({"s": 5.0}), pd.Series({"a": 10.0}), pairs())
    assert found.per_10000.tolist() == [0]
    assert found.left_out_place_count == 5


def test_input_that_does_not_fit_is_refused_with_every_breach() -> None:
    travel = pairs(("a", "s", 1.0), ("a", "s", 2.0), ("x", "y", NAN))
    with pytest.raises(InputError) as caught:
        places_within_reach(pd.Series({"s": -1.0}), pd.Series({"a": NAN}), travel)
    assert caught.value.breaches == (
        "a point of a pair has no residents given",
        "a site of a pair has no places given",
        "a travel time is negative or not known",
        "a pair occurs twice",
        "a number of places is negative or not known",
        "a number of residents is negative or not known",
    )


@pytest.mark.parametrize(
    ("bands", "weights", "breach"),
    [
        ((5, 10), (1,), "not one weight"),
        ((), (), "not one weight"),
        ((10, 5), (1, 0.5), "from near to far"),
        ((5, 10), (1, 0), "not above 0"),
        ((5, 10), (1.5, 1), "not above 0"),
    ],
)
def test_zones_that_make_no_sense_are_refused(
    bands: tuple[float, ...], weights: tuple[float, ...], breach: str
) -> None:
    with pytest.raises(InputError, match=breach):
        places_within_reach(
            pd.Series({"s": 1}), pd.Series({"a": 1}), pairs(), bands_min=bands, weights=weights
        )


def test_three_hundred_thousand_pairs_take_less_than_a_second() -> None:
    rng = np.random.default_rng(7)
    point_count, site_count, pair_count = 15_000, 200, 300_000
    chosen = rng.choice(point_count * site_count, pair_count, replace=False)
    points = np.array([f"p{number}" for number in range(point_count)], dtype="object")
    sites = np.array([f"s{number}" for number in range(site_count)], dtype="object")
    travel = pd.DataFrame(
        {
            "point": points[chosen // site_count],
            "site": sites[chosen % site_count],
            "minutes": rng.uniform(0, 16, pair_count),
        }
    )
    places = pd.Series(rng.integers(1, 40, site_count).astype(float), index=sites)
    residents = pd.Series(rng.integers(1, 300, point_count).astype(float), index=points)
    start = time.perf_counter()
    found: PlacesWithinReach = places_within_reach(places, residents, travel)
    assert time.perf_counter() - start < 1
    assert (residents * found.per_10000).sum() / 10_000 == pytest.approx(places.sum())


def test_the_text_names_the_zones_and_weights_that_we_use() -> None:
    told = dict(MEASURE.symbols)["W"]
    for band, weight in zip(BANDS_MIN, ZONE_WEIGHTS, strict=True):
        assert f"{weight:g} tot en met {band} minuten".replace(".", ",") in told
