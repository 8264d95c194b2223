"""Which other gemeenten lie within a distance of a place, beside what shapely measures."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection

from app.services.choice_neighbours import NEIGHBOURS_WITHIN_M, Neighbours, neighbours_of
from app.services.demo import load_region
from data.queries.areas import NearGemeente, gemeenten_near, geometries
from data.queries.releases import area_release
from tests.world import tiny_world


def test_postgis_and_shapely_find_the_same_gemeenten_in_the_example_region(
    demo_connection: Connection,
) -> None:
    release_id = area_release(demo_connection).id
    shapes = geometries(demo_connection, release_id, "gemeente").geometry
    west, south, east, north = shapes.total_bounds
    rng = np.random.default_rng(20261127)
    xs, ys = rng.uniform(west, east, 300), rng.uniform(south, north, 300)
    places = {number: (x, y) for number, (x, y) in enumerate(zip(xs, ys, strict=True))}
    found = gemeenten_near(demo_connection, release_id, places, NEIGHBOURS_WITHIN_M)
    flagged = 0
    for number, (x, y) in places.items():
        distances = shapes.distance(shapely.Point(x, y))
        near = distances[distances <= NEIGHBOURS_WITHIN_M].sort_values()
        others = near[near > 0]
        told = {entry.area_code: entry.distance_m for entry in found.get(number, [])}
        assert set(told) == set(others.index)
        assert list(told.values()) == pytest.approx(list(others), abs=1e-6)
        flagged += bool(told)
    assert flagged > 50


def test_the_world_of_squares_by_hand(connection: Connection) -> None:
    load_region(connection, tiny_world())
    places = {
        1: (100_500.0, 480_500.0),
        2: (100_500.0, 479_900.0),
        3: (101_000.0, 481_300.0),
        4: (101_000.0, 481_000.0),
        5: (90_000.0, 481_500.0),
    }
    found = neighbours_of(connection, places)
    assert set(found) == {1, 2, 3, 4}
    assert [(one.name, one.distance_m) for one in found[1].gemeenten] == [("Middendorp", 500)]
    assert [(one.name, one.distance_m) for one in found[2].gemeenten] == [("Zuiderveen", 100)]
    assert [(one.name, one.distance_m) for one in found[3].gemeenten] == [
        ("Zuiderveen", 300),
        ("Noorderzand", 700),
    ]
    assert [(one.name, one.distance_m) for one in found[4].gemeenten] == [
        ("Middendorp", 0),
        ("Noorderzand", 1000),
    ]
    assert neighbours_of(connection, {}) == {}


def test_what_is_told_names_the_gemeente_and_the_distance() -> None:
    near = NearGemeente("GM1", "Bloemendaal", True, 324.6)
    border = NearGemeente("GM2", "Zandvoort", True, 3.0)
    assert Neighbours((near,)).sentence == (
        "320 meter van Bloemendaal. Betrek deze gemeente en de buren daar."
    )
    assert Neighbours((border, near)).sentence == (
        "Op de grens met Zandvoort en 320 meter van Bloemendaal. Betrek deze gemeenten en de "
        "buren daar."
    )
