"""Where one may walk and cycle: every line of the tables, read from a file as it is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.sources import osm_streets
from data.sources.osm_network import read_osm
from data.sources.osm_streets import (
    ACCESS_RULES,
    BARRIERS,
    DIRECTION_RULES,
    NO_STREETS,
    POINT_RULES,
    STREET_CLASSES,
    Passage,
)
from data.sources.secrets import SecretWords
from tests.data.made_osm import Tags, in_rd, write_osm

SECRET = SecretWords((), ())
#: A street from 1 to 2 that is always there; the way of the test goes from 2 to 3.
POINTS = in_rd({1: (104_000, 488_000), 2: (104_100, 488_000), 3: (104_200, 488_000)})
BASE_WAY, TEST_WAY = 10, 20
BASE: Tags = {"highway": "service", "oneway": "yes", "foot": "no"}
BOTH = Passage(True, True, True)
WALK = Passage(True, False, False)
CYCLE = Passage(False, True, True)
ALONG = Passage(True, True, False)
AGAINST = Passage(True, False, True)
NOWHERE = osm_streets.NOWHERE


def passage(folder: Path, tags: Tags) -> Passage:
    """What one may do on a way with these tags, after writing and reading a file."""
    ways = [(BASE_WAY, [1, 2], BASE), (TEST_WAY, [2, 3], tags)]
    edges = read_osm(write_osm(folder / "weg.osm.pbf", POINTS, ways), {}, SECRET).streets.edges
    found = edges[edges["to_node_id"] == 3]
    if found.empty:
        return NOWHERE
    row = found.iloc[0]
    return Passage(*(bool(row[name]) for name in ("walk", "cycle_forward", "cycle_backward")))


@pytest.mark.parametrize(
    ("key", "value", "walk", "cycle"),
    [(c.key, v, c.walk, c.cycle) for c in STREET_CLASSES for v in c.values],
)
def test_a_kind_of_way_allows_what_its_line_says(
    tmp_path: Path, key: str, value: str, walk: bool, cycle: bool
) -> None:
    assert passage(tmp_path, {key: value}) == Passage(walk, cycle, cycle)


@pytest.mark.parametrize("value", [value for values, _ in NO_STREETS for value in values])
def test_what_is_no_street_stays_none_whatever_else_is_on_it(tmp_path: Path, value: str) -> None:
    tags = {"highway": value, "foot": "yes", "bicycle": "yes"}
    assert passage(tmp_path, tags) == NOWHERE


@pytest.mark.parametrize(
    ("key", "value", "walk", "cycle"),
    [
        (rule.key, value, rule.walk, rule.cycle)
        for rule in ACCESS_RULES
        for value in rule.values
        if rule.key != "highway"
    ],
)
def test_a_tag_changes_walking_and_cycling_as_its_line_says(
    tmp_path: Path, key: str, value: str, walk: bool | None, cycle: bool | None
) -> None:
    """Tried on a street where both are allowed, and on one where neither is."""
    open_way = passage(tmp_path, {"highway": "residential", key: value})
    assert open_way == Passage(walk is not False, cycle is not False, cycle is not False)
    shut_way = passage(tmp_path, {"highway": "busway", key: value})
    assert shut_way == Passage(walk is True, cycle is True, cycle is True)


@pytest.mark.parametrize(
    ("key", "value", "forward", "backward"),
    [(r.key, v, r.forward, r.backward) for r in DIRECTION_RULES for v in r.values],
)
def test_a_tag_gives_the_direction_as_its_line_says(
    tmp_path: Path, key: str, value: str, forward: bool, backward: bool
) -> None:
    tags = {"highway": "residential", key: value}
    assert passage(tmp_path, tags) == Passage(True, forward, backward)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, BOTH),
        ({"highway": "residential", "oneway": "yes"}, ALONG),
        ({"highway": "residential", "oneway": "-1"}, AGAINST),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, BOTH),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, BOTH),
        ({"highway": "residential", "oneway": "yes", "cycleway:left": "opposite_lane"}, BOTH),
        ({"highway": "residential", "oneway": "-1", "cycleway": "opposite_track"}, BOTH),
        ({"highway": "residential", "oneway": "yes", "cycleway:left:oneway": "-1"}, BOTH),
        ({"highway": "cycleway", "oneway": "yes"}, ALONG),
        ({"highway": "cycleway", "foot": "no"}, CYCLE),
        ({"highway": "tertiary", "junction": "roundabout"}, ALONG),
        ({"highway": "tertiary", "junction": "roundabout", "oneway": "no"}, BOTH),
        ({"highway": "steps", "bicycle": "yes"}, WALK),
        ({"highway": "steps", "ramp:bicycle": "yes"}, WALK),
        ({"highway": "pedestrian", "bicycle": "yes"}, BOTH),
        ({"highway": "pedestrian", "bicycle": "dismount"}, WALK),
        ({"highway": "footway", "access": "private"}, NOWHERE),
        ({"highway": "service", "access": "private", "foot": "yes"}, WALK),
        ({"highway": "service", "access": "no", "bicycle": "yes", "foot": "yes"}, BOTH),
        ({"highway": "residential", "vehicle": "no"}, WALK),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, BOTH),
        ({"highway": "trunk", "motorroad": "yes"}, NOWHERE),
        ({"highway": "primary", "motorroad": "yes"}, NOWHERE),
        ({"highway": "trunk", "bicycle": "yes", "foot": "yes"}, BOTH),
        ({"highway": "bridleway", "foot": "designated"}, WALK),
        (
            {"highway": "busway", "bicycle": "designated", "oneway": "yes"},
            Passage(False, True, False),
        ),
        ({"highway": "path", "surface": "sand"}, WALK),
        ({"highway": "path", "surface": "sand", "bicycle": "yes"}, BOTH),
        ({"highway": "path", "surface": "unpaved"}, BOTH),
        ({"route": "ferry", "bicycle": "no"}, WALK),
        ({"route": "ferry", "foot": "no", "bicycle": "no"}, NOWHERE),
        ({"route": "bus"}, NOWHERE),
        ({"highway": "construction", "construction": "residential"}, NOWHERE),
        ({"highway": "secondary", "bicycle": "use_sidepath"}, WALK),
        ({"highway": "residential", "access": "strange"}, BOTH),
        ({"building": "yes"}, NOWHERE),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if type(value) is dict else "",
)
def test_tags_together_mean_what_the_signs_say(
    tmp_path: Path, tags: Tags, expected: Passage
) -> None:
    assert passage(tmp_path, tags) == expected


def past(folder: Path, tags: Tags) -> Passage:
    """What one may do on the short side of a point with these tags, half-way a street."""
    points = in_rd({1: (104_000, 488_000), 2: (104_100, 488_000), 3: (104_150, 488_000)})
    ways = [(TEST_WAY, [1, 2, 3], {"highway": "residential"})]
    path = write_osm(folder / "hek.osm.pbf", points, ways, node_tags={2: tags})
    edges = read_osm(path, {}, SECRET).streets.edges
    assert edges[edges["from_node_id"] == 1].iloc[0]["walk"]
    found = edges[edges["to_node_id"] == 3]
    if found.empty:
        return NOWHERE
    row = found.iloc[0]
    return Passage(*(bool(row[name]) for name in ("walk", "cycle_forward", "cycle_backward")))


@pytest.mark.parametrize(
    ("value", "walk", "cycle"), [(v, b.walk, b.cycle) for b in BARRIERS for v in b.values]
)
def test_a_barrier_lets_pass_whom_its_line_says(
    tmp_path: Path, value: str, walk: bool, cycle: bool
) -> None:
    assert past(tmp_path, {"barrier": value}) == Passage(walk, cycle, cycle)


@pytest.mark.parametrize(
    ("key", "value", "walk", "cycle"),
    [(rule.key, value, rule.walk, rule.cycle) for rule in POINT_RULES for value in rule.values],
)
def test_a_tag_on_a_barrier_changes_who_may_pass(
    tmp_path: Path, key: str, value: str, walk: bool | None, cycle: bool | None
) -> None:
    """Tried at a gate, which lets everybody pass, and at a wall, which lets nobody."""
    gate = past(tmp_path, {"barrier": "gate", key: value})
    assert gate == Passage(walk is not False, cycle is not False, cycle is not False)
    wall = past(tmp_path, {"barrier": "wall", key: value})
    assert wall == Passage(walk is True, cycle is True, cycle is True)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "gate"}, BOTH),
        ({"barrier": "bollard"}, BOTH),
        ({"barrier": "cycle_barrier"}, BOTH),
        ({"barrier": "cycle_barrier", "bicycle": "no"}, WALK),
        ({"barrier": "gate", "access": "private"}, NOWHERE),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, WALK),
        ({"barrier": "gate", "bicycle": "dismount"}, BOTH),
        ({"barrier": "kissing_gate", "bicycle": "yes"}, BOTH),
        ({"barrier": "gate", "motor_vehicle": "no"}, BOTH),
        ({"highway": "crossing", "bicycle": "no"}, BOTH),
        ({"access": "private"}, BOTH),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if type(value) is dict else "",
)
def test_tags_on_a_point_close_a_street_only_at_a_barrier(
    tmp_path: Path, tags: Tags, expected: Passage
) -> None:
    assert past(tmp_path, tags) == expected


def test_every_line_of_the_tables_tells_its_reason_as_a_sentence() -> None:
    reasons = [reason for _, reason in NO_STREETS]
    reasons += [entry.reason for entry in STREET_CLASSES]
    reasons += [rule.reason for rule in ACCESS_RULES]
    reasons += [rule.reason for rule in DIRECTION_RULES]
    reasons += [barrier.reason for barrier in BARRIERS]
    assert all(reason.endswith(".") and reason[0].isupper() for reason in reasons)


def test_no_value_is_both_a_street_and_none() -> None:
    streets = {value for entry in STREET_CLASSES for value in entry.values}
    assert not streets & {value for values, _ in NO_STREETS for value in values}
