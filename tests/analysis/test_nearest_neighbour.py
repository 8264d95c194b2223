"""Nearest neighbours on foot: by hand, by networkx, and whether chance stays in its band."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.errors import InputError
from analysis.spreading.distinct_draws import distinct_draws
from analysis.spreading.nearest_neighbour import (
    Pool,
    Walks,
    choose_pool,
    draw_means,
    mean_nearest_m,
    measure_nearest_neighbour,
    nearest_m,
)
from geo.network.arrays import build_network
from geo.network.graph import to_networkx
from geo.network.hierarchy import build_hierarchy
from geo.network.snap import Snapper
from geo.network.swept import sweep_matrix
from tests.world import tiny_world

Floats = npt.NDArray[np.float64]


def walks(metres: npt.ArrayLike, beside: npt.ArrayLike | None = None) -> Walks:
    distance_m = np.asarray(metres, dtype=np.float64)
    none = np.full(len(distance_m), np.inf)
    return Walks(distance_m, none if beside is None else np.asarray(beside, dtype=np.float64))


def on_a_line(*places_m: float) -> Walks:
    places = np.array(places_m)
    return walks(np.abs(places[:, None] - places[None, :]))


def in_the_world(x_km: list[float], y_km: list[float]) -> Walks:
    """Places in the world of twelve squares, along its streets."""
    region = tiny_world()
    network = build_network(region.street_nodes, region.street_edges, "walk")
    stops = Snapper(network).snap(np.array(x_km) * 1000, np.array(y_km) * 1000)
    return walks(sweep_matrix(build_hierarchy(network), stops, stops) / 1000)


def test_three_sites_of_the_world_by_hand() -> None:
    found = in_the_world([100.5, 102.5, 100.5], [480.5, 480.5, 482.0])
    # TINY-1 to TINY-2 is 2,000 m, to the third 1,500 m; TINY-2 to the third 3,500 m.
    assert nearest_m(found).tolist() == [1500, 2000, 1500]
    assert mean_nearest_m(found) == pytest.approx(5000 / 3)


def test_along_streets_networkx_and_plain_loops_give_the_same() -> None:
    region = tiny_world()
    network = build_network(region.street_nodes, region.street_edges, "walk")
    rng = np.random.default_rng(4)
    x_km, y_km = 100 + rng.random(12) * 4, 480 + rng.random(12) * 3
    stops = Snapper(network, with_small=True).snap(x_km * 1000, y_km * 1000)
    near = np.flatnonzero(~stops.is_far)
    found = in_the_world(list(x_km[near]), list(y_km[near]))
    lengths = dict(nx.all_pairs_dijkstra_path_length(to_networkx(network), weight="length_mm"))
    total = 0.0
    for one in near:
        shortest = min(
            lengths[stops.node[one]][stops.node[other]]
            + stops.offset_mm[one]
            + stops.offset_mm[other]
            for other in near
            if other != one
        )
        total += shortest / 1000
    assert len(near) > 3
    assert mean_nearest_m(found) == pytest.approx(total / len(near))


def test_a_way_back_may_be_longer() -> None:
    found = walks([[0, 100, 900], [300, 0, 900], [50, 900, 0]])
    assert nearest_m(found).tolist() == [100, 300, 50]


def test_what_is_unknown_or_unreachable_is_left_out() -> None:
    unknown, no_way = np.nan, np.inf
    found = walks(
        [
            [0, 400, unknown, no_way],
            [400, 0, unknown, no_way],
            [unknown] * 4,
            [no_way, no_way, unknown, 0],
        ]
    )
    assert nearest_m(found)[:2].tolist() == [400, 400]
    assert np.isnan(nearest_m(found)[2])
    assert np.isinf(nearest_m(found)[3])
    assert mean_nearest_m(found) == 400
    assert np.isnan(mean_nearest_m(walks([[0.0]])))


def test_a_site_outside_the_question_can_be_the_nearest() -> None:
    found = walks([[0, 500], [500, 0]], beside=[120, np.inf])
    assert nearest_m(found).tolist() == [120, 500]


def test_a_matrix_that_is_not_one_is_refused() -> None:
    with pytest.raises(InputError, match="every place"):
        walks(np.zeros((2, 3)))
    with pytest.raises(InputError, match="negative"):
        walks([[0, -1], [1, 0]])


# Draws


def pool_of(rng: np.random.Generator, size: int) -> tuple[Floats, Pool]:
    places = rng.random((size, 2)) * 1000
    metres = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    return places, Pool(
        walks(metres, rng.random(size) * 2000), rng.integers(1, 9, size).astype(np.float64)
    )


def test_every_draw_equals_that_of_plain_loops() -> None:
    _, pool = pool_of(np.random.default_rng(2), 40)
    found = draw_means(pool, 12, seed=9, draw_count=25)
    (drawn,) = distinct_draws(pool.weights, 12, 25, np.random.default_rng(9))
    for mean, rows in zip(found, drawn, strict=True):
        shortest = [
            min(
                [pool.walks.distance_m[one, other] for other in rows if other != one]
                + [pool.walks.beside_m[one]]
            )
            for one in rows
        ]
        assert mean == pytest.approx(np.mean(shortest), rel=1e-6)


def test_points_are_drawn_as_often_as_their_weight_says() -> None:
    weights = np.array([5.0, 3.0, 2.0, 0.0])
    (drawn,) = distinct_draws(weights, 2, 20_000, np.random.default_rng(0))
    assert (drawn[:, 0] != drawn[:, 1]).all()
    assert 3 not in drawn
    # One after another: P(a and b) = 0.5 x 3/5 + 0.3 x 5/7, and so on.
    for pair, chance in {
        (0, 1): 0.5 * 3 / 5 + 0.3 * 5 / 7,
        (0, 2): 0.5 * 2 / 5 + 0.2 * 5 / 8,
        (1, 2): 0.3 * 2 / 7 + 0.2 * 3 / 8,
    }.items():
        share = (np.sort(drawn, axis=1) == pair).all(axis=1).mean()
        assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 20_000))


@given(st.integers(1, 20), st.integers(0, 20), st.integers(0, 2**32 - 1))
def test_draws_are_of_different_points(size: int, more: int, seed: int) -> None:
    weights = np.r_[np.ones(size + more), 0.0]
    (drawn,) = distinct_draws(weights, size, 7, np.random.default_rng(seed))
    assert drawn.shape == (7, size)
    assert all(len(set(rows)) == size for rows in drawn.tolist())
    assert drawn.max() < size + more


def test_both_ways_of_drawing_take_points_equally_often() -> None:
    rng = np.random.default_rng(6)
    chances = np.r_[np.full(5, 4.0), np.full(40, 2.0)]
    # With 6 of these the points are drawn anew; beside one of half the weight a race decides.
    (anew,) = distinct_draws(chances, 6, 40_000, rng)
    (raced,) = distinct_draws(np.r_[chances, chances.sum() * 9], 7, 40_000, rng)
    raced = raced[(raced == 45).any(axis=1)]
    by_numpy = np.array(
        [rng.choice(45, 6, replace=False, p=chances / chances.sum()) for _ in range(5_000)]
    )
    expected = (by_numpy < 5).sum() / 5 / len(by_numpy)
    for drawn in (anew, raced):
        taken = np.bincount(drawn[drawn < 45], minlength=45) / len(drawn)
        assert taken[:5].mean() == pytest.approx(expected, abs=0.012)
        assert taken[5:].mean() == pytest.approx((6 - 5 * taken[:5].mean()) / 40, abs=1e-9)


def test_many_points_are_drawn_in_parts() -> None:
    weights = np.r_[np.ones(1_500_000), 9e6]
    parts = list(distinct_draws(weights, 3, 4, np.random.default_rng(0)))
    assert [part.shape for part in parts] == [(2, 3), (2, 3)]


@pytest.mark.parametrize("weights", [[1, -1, 2], [1, np.nan, 2], [1, np.inf, 2], [0, 0, 5]])
def test_draws_that_cannot_be_made_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="draws"):
        next(distinct_draws(weights, 2, 1, np.random.default_rng(0)))


def test_the_pool_holds_all_points_when_they_are_few() -> None:
    rows, weights = choose_pool([3, 0, 7], pool_count=3)
    assert rows.tolist() == [0, 2]
    assert weights.tolist() == [3, 7]


def test_the_pool_follows_the_residents_when_there_are_many_points() -> None:
    residents = np.r_[np.full(2000, 1.0), 500.0, 0.0]
    rows, weights = choose_pool(residents, pool_count=1000)
    assert weights.sum() == 1000
    assert len(set(rows)) == len(rows) < 1000
    assert weights[rows == 2000] == pytest.approx(200, abs=50)
    assert 2001 not in rows


def test_random_sites_fall_outside_the_band_in_about_5_of_100_cases() -> None:
    rng = np.random.default_rng(11)
    _, pool = pool_of(rng, 200)
    sites = [
        next(distinct_draws(pool.weights, 15, 1, np.random.default_rng(turn)))[0]
        for turn in range(300)
    ]
    outside = 0
    for rows in sites:
        of_sites = Walks(pool.walks.distance_m[np.ix_(rows, rows)], pool.walks.beside_m[rows])
        found = measure_nearest_neighbour(of_sites, pool, draw_count=199)
        outside += found.position != "geen_duidelijk_verschil"
    # 300 times 5% is 15, give or take 4.
    assert 4 <= outside <= 28


def test_sites_close_together_lie_below_the_band_and_spread_sites_above() -> None:
    rng = np.random.default_rng(3)
    places, pool = pool_of(rng, 300)
    pool = replace(pool, walks=replace(pool.walks, beside_m=np.full(300, np.inf)))
    close = np.argsort(np.hypot(*(places - 500).T))[:12]
    spread = [
        int(np.argmin(np.hypot(*(places - [x, y]).T)))
        for x in (0, 330, 660, 1000)
        for y in (0, 330, 660, 1000)
    ]
    for rows, position in ((close, "lager"), (np.array(spread), "hoger")):
        of_sites = walks(pool.walks.distance_m[np.ix_(rows, rows)])
        assert measure_nearest_neighbour(of_sites, pool).position == position


def test_below_ten_sites_that_can_be_walked_to_there_is_no_answer() -> None:
    _, pool = pool_of(np.random.default_rng(3), 50)
    nine = on_a_line(*range(9))
    alone = np.full((10, 10), np.nan)
    alone[:9, :9] = nine.distance_m
    for sites in (nine, walks(alone)):
        found = measure_nearest_neighbour(sites, pool)
        assert found.reason is not None
        assert found.reason.key == "too_few_sites"


@pytest.mark.parametrize(
    ("size", "reason"), [(0, "no_residents"), (9, "too_few_points"), (20, "no_way")]
)
def test_without_a_pool_to_draw_from_the_reason_is_given(size: int, reason: str) -> None:
    metres = np.full((size, size), np.inf)
    found = measure_nearest_neighbour(
        on_a_line(*range(10)), Pool(walks(metres), np.ones(size)), draw_count=9
    )
    assert found.reason is not None
    assert found.reason.key == reason


@given(arrays(np.float64, (6, 6), elements=st.floats(0, 1e5)))
def test_more_sites_never_make_the_nearest_farther(metres: Floats) -> None:
    fewer, more = nearest_m(walks(metres[:4, :4])), nearest_m(walks(metres))
    assert (more[:4] <= fewer).all()
