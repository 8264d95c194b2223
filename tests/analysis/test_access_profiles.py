"""Every kind of place on the map has a profile that adds up and explains itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from analysis.access.profiles import (
    ACCESS_PROFILES,
    HOMES,
    STARTING_VALUES,
    AccessProfile,
    Criterion,
    far,
    near,
)
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES


@pytest.fixture(params=ACCESS_PROFILES, ids=lambda entry: entry.key)
def profile(request: pytest.FixtureRequest) -> AccessProfile:
    chosen: AccessProfile = request.param
    return chosen


def test_every_type_on_the_map_has_a_profile_and_no_other_type_has_one() -> None:
    on_map = [entry.key for entry in FACILITY_TYPES if entry.recorded.on_map]
    assert sorted(ACCESS_PROFILES.keys) == sorted(on_map)
    assert "vrouwenopvang" not in ACCESS_PROFILES


def test_the_weights_add_up_to_exactly_one_in_whole_points(profile: AccessProfile) -> None:
    assert sum(entry.weight for entry in profile.criteria) == Fraction(1)
    assert all(entry.points.denominator == 1 for entry in profile.criteria)


def test_the_heaviest_criteria_stand_first(profile: AccessProfile) -> None:
    points = [entry.points for entry in profile.criteria]
    assert points == sorted(points, reverse=True)


def test_every_criterion_can_be_measured(profile: AccessProfile) -> None:
    for entry in profile.criteria:
        assert entry.key == HOMES or AMENITY_CATEGORIES[entry.key].osm_tags


def test_far_is_good_only_where_a_kind_of_place_asks_for_distance() -> None:
    asks = {entry.key for entry in ACCESS_PROFILES if entry.asks_distance}
    assert asks == {"skaeve_huse", "prikkelarme_unit"}
    for key in asks:
        for entry in ACCESS_PROFILES[key].criteria:
            assert (entry.good_min > entry.bad_min) == (entry.direction == "ver")


def test_skaeve_huse_want_distance_from_homes_and_schools_and_can_still_be_reached() -> None:
    by_key = {entry.key: entry for entry in ACCESS_PROFILES["skaeve_huse"].criteria}
    assert by_key[HOMES].direction == by_key["basisschool"].direction == "ver"
    assert by_key[HOMES].weight + by_key["basisschool"].weight > Fraction(1, 2)
    assert by_key["ov_halte"].direction == by_key["supermarkt"].direction == "dichtbij"


def test_no_two_kinds_of_place_ask_the_same() -> None:
    assert len({entry.criteria for entry in ACCESS_PROFILES}) == len(ACCESS_PROFILES)


def test_a_profile_cites_its_policy_sources(profile: AccessProfile) -> None:
    assert set(profile.type.sources) <= set(profile.sources)
    assert len(profile.explanation.split(". ")) >= 3


def test_the_reader_is_told_that_the_numbers_are_a_start() -> None:
    assert "startwaarden" in STARTING_VALUES
    assert "gebruikers" in STARTING_VALUES


def test_weights_that_do_not_add_up_are_refused() -> None:
    profile = ACCESS_PROFILES["respijt"]
    with pytest.raises(InputError, match="add up to 11/10, not 1"):
        replace(profile, criteria=(*profile.criteria, near("sport", 5, 10, 10)))


def test_a_criterion_may_not_count_twice() -> None:
    halves = (near("sport", 5, 10, 50), near("sport", 5, 20, 50))
    with pytest.raises(InputError, match="occurs twice"):
        replace(ACCESS_PROFILES["respijt"], criteria=halves)


@pytest.mark.parametrize(
    ("good", "bad", "breach"),
    [(10, 5, "contradict"), (5, 5, "equal"), (-1, 5, "not a number"), (5, float("inf"), "not a")],
)
def test_minutes_that_make_no_sense_are_refused(good: float, bad: float, breach: str) -> None:
    with pytest.raises(InputError, match=breach):
        near("sport", good, bad, 10)


def test_a_far_criterion_is_good_beyond_its_bad_minutes() -> None:
    with pytest.raises(InputError, match="contradict"):
        far(HOMES, 1, 5, 10)


def test_a_criterion_that_nobody_can_measure_is_refused() -> None:
    with pytest.raises(InputError, match="neither an amenity category"):
        Criterion("kasteel", "Kasteel", "dichtbij", 5, 10, Fraction(1))


def test_a_criterion_without_weight_is_refused() -> None:
    with pytest.raises(InputError, match="not above 0"):
        near("sport", 5, 10, 0)
