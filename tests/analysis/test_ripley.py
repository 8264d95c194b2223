"""Ripley's L against pointpats, and whether the envelope holds over all radii together."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import KDTree

from analysis.errors import InputError
from analysis.spreading.ripley import (
    RADII_M,
    draw_l,
    extremeness,
    global_envelope,
    measure_ripley,
    ripley_k,
    ripley_l,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pointpats

Floats = npt.NDArray[np.float64]
RADII = np.array(RADII_M)
SIDE_M = 10_000.0


def places(count: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).random((count, 2)) * SIDE_M


def some_residents(count: int, most: int = 1) -> Floats:
    return np.random.default_rng(2).integers(1, most + 1, count).astype(np.float64)


def by_pointpats(places_m: Floats, area_m2: float) -> tuple[Floats, Floats]:
    """K and L of pointpats, which divides by n² where we divide by n (n - 1)."""
    count = len(places_m)
    box = shapely.box(*places_m.min(axis=0), *places_m.max(axis=0))
    _, k = pointpats.k(places_m, support=RADII)
    k = k * area_m2 / box.area * count / (count - 1)
    _, l_ = pointpats.l(places_m, support=RADII)
    return k, l_ * np.sqrt(area_m2 / box.area * count / (count - 1))


@pytest.mark.parametrize("count", [2, 10, 60, 200])
def test_k_and_l_equal_those_of_pointpats(count: int) -> None:
    some = places(count)
    k, l_ = by_pointpats(some, 4e8)
    assert np.allclose(ripley_k(some, RADII, 4e8), k, rtol=1e-9)
    assert np.allclose(ripley_l(some, RADII, 4e8), l_, rtol=1e-9)


def test_pairs_equal_those_of_a_tree() -> None:
    some = places(80)
    tree = KDTree(some)
    pairs = tree.count_neighbors(tree, RADII) - 80
    assert np.allclose(ripley_k(some, RADII, 1e8), 1e8 * pairs / (80 * 79), rtol=1e-12)


def test_four_places_on_a_square_by_hand() -> None:
    square = np.array([[0, 0], [100, 0], [0, 100], [100, 100]], dtype=np.float64)
    # 4 sides of 100 m and 2 diagonals of 141 m: 8 and 12 of 12 ordered pairs; a distance that
    # is exactly the radius counts.
    found = ripley_k(square, np.array([99.0, 100.0, 142.0]), 30_000)
    assert found.tolist() == [0, 20_000, 30_000]
    assert np.isnan(ripley_k(square[:1], RADII, 1.0)).all()


def test_many_sets_at_once_equal_one_at_a_time() -> None:
    sets = np.stack([places(12, seed) for seed in range(5)])
    together = ripley_l(sets, RADII, 1e8)
    for one, found in zip(sets, together, strict=True):
        assert np.array_equal(ripley_l(one, RADII, 1e8), found)


@given(arrays(np.float64, (9, 2), elements=st.floats(0, 5000)))
def test_l_never_falls_with_the_radius_and_ignores_the_order(some: Floats) -> None:
    found = ripley_l(some, RADII, 1e8)
    assert (np.diff(found) >= 0).all()
    assert np.array_equal(found, ripley_l(some[::-1], RADII, 1e8))


def plain_extremeness(curves: Floats) -> list[int]:
    """As in Myllymäki and others (2017), in the plainest way."""
    count = len(curves)

    def rank(values: Floats, own: float) -> float:
        return float((values < own).sum() + ((values == own).sum() + 1) / 2)

    lists = []
    for curve in curves:
        ranks = []
        for radius, own in enumerate(curve):
            from_below = rank(curves[:, radius], own)
            ranks.append(min(from_below, count + 1 - from_below))
        lists.append(sorted(ranks))
    return [sum(other <= own for other in lists) for own in lists]


@given(
    arrays(np.float64, st.tuples(st.integers(1, 25), st.integers(1, 5)), elements=st.integers(0, 6))
)
def test_how_extreme_a_curve_is_equals_the_plain_way(curves: Floats) -> None:
    assert extremeness(curves).tolist() == plain_extremeness(curves)


def test_the_most_extreme_5_of_100_curves_are_outside_the_envelope() -> None:
    curves = np.random.default_rng(0).normal(size=(1000, 6))
    low, high = global_envelope(curves[0], curves[1:])
    outside = ((curves < low) | (curves > high)).any(axis=1)
    assert outside.sum() == 50
    assert (np.sort(extremeness(curves)[outside]) == np.arange(1, 51)).all()


def test_random_places_leave_the_envelope_in_at_most_5_of_100_cases() -> None:
    homes, residents = places(400, seed=2), some_residents(400, most=50)
    drawn = draw_l(homes, residents, 20, RADII, 1e8, seed=5, draw_count=999)
    cases = draw_l(homes, residents, 20, RADII, 1e8, seed=6, draw_count=400)
    globally = one_by_one = 0
    edges = np.quantile(drawn, [0.025, 0.975], axis=0)
    for curve in cases:
        low, high = global_envelope(curve, drawn)
        globally += ((curve < low) | (curve > high)).any()
        one_by_one += ((curve < edges[0]) | (curve > edges[1])).any()
    # 400 times 5% is 20, give or take 4.4. Six bands of their own are too often too narrow.
    assert globally <= 33
    assert globally < one_by_one


def test_places_close_together_lie_above_and_those_on_a_grid_below() -> None:
    homes, residents = places(500, seed=3), np.ones(500)
    close = 5000 + places(12, seed=4) / 20
    grid = np.stack(np.meshgrid(np.arange(6), np.arange(6)), -1).reshape(-1, 2) * 1900.0 + 200
    for some, position in ((close, "hoger"), (np.asarray(grid, dtype=np.float64), "lager")):
        found = measure_ripley(some, homes, residents, 1e8)
        assert found.outcome.position == position
        assert found.outcome.band is not None
        assert found.outcome.band.draw_count == 999
        row = found.table.set_index("radius_m").loc[found.radius_m]
        assert row["l"] == found.outcome.value
        assert (row["low"], row["high"]) == (found.outcome.band.low, found.outcome.band.high)


def test_the_answer_is_outside_only_when_a_row_of_the_table_is() -> None:
    homes, residents = places(300, seed=8), some_residents(300)
    for seed in range(25):
        some = homes[np.random.default_rng(seed).choice(300, 15, replace=False)]
        found = measure_ripley(some, homes, residents, 1e8, seed=seed, draw_count=99)
        table = found.table
        is_outside = ((table["l"] > table["high"]) | (table["l"] < table["low"])).any()
        assert is_outside == (found.outcome.position != "geen_duidelijk_verschil")


def test_where_more_people_live_close_places_are_no_surprise() -> None:
    homes: Floats = np.concatenate([4000 + places(200, seed=1) / 10, places(200, seed=2)])
    residents = np.r_[np.full(200, 100.0), np.full(200, 1.0)]
    some = homes[np.random.default_rng(1).choice(200, 20, replace=False)]
    assert measure_ripley(some, homes, residents, 1e8).outcome.position != "hoger"
    assert measure_ripley(some, homes, np.ones(400), 1e8).outcome.position == "hoger"


def test_the_surface_of_the_region_changes_the_scale_and_not_the_answer() -> None:
    homes, residents = places(200, seed=5), np.ones(200)
    one, double = (measure_ripley(homes[:15], homes, residents, a) for a in (1e8, 2e8))
    assert one.outcome.position == double.outcome.position
    assert np.allclose(one.table["l"] * np.sqrt(2), double.table["l"])


@pytest.mark.parametrize(
    ("count", "residents", "reason"),
    [
        (9, np.ones(50), "too_few_sites"),
        (12, np.zeros(50), "no_residents"),
        (12, np.r_[np.ones(11), np.zeros(39)], "too_few_points"),
    ],
)
def test_without_an_answer_there_is_a_reason(count: int, residents: Floats, reason: str) -> None:
    found = measure_ripley(places(count), places(50, seed=7), residents, 1e8)
    assert found.outcome.reason is not None
    assert found.outcome.reason.key == reason
    assert found.table.empty
    assert found.radius_m is None


def test_a_place_without_coordinates_or_a_region_without_surface_is_refused() -> None:
    homes = places(50)
    with pytest.raises(InputError, match="ripley"):
        measure_ripley(np.full((12, 2), np.nan), homes, np.ones(50), 1e8)
    with pytest.raises(InputError, match="ripley"):
        measure_ripley(places(12), homes, np.ones(50), 0)
