"""Places near homes as the service answers: by hand, by networkx, and nothing of hidden sites."""

from __future__ import annotations

import datetime as dt
import math
import time
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, text

from analysis.spreading.exposure import LIMITS_M
from analysis.spreading.outcome import REASONS
from app.services.demo import load_region
from app.services.exposure import (
    NO_CAPACITY,
    WALK,
    Exposure,
    NotMeasurable,
    measure_exposure,
    read_exposure_question,
)
from app.services.exposure_candidate import CandidateQuestion
from app.services.residents import Residents, residents_on_streets
from app.services.spreading import QuestionError
from data.errors import NotFound
from data.queries.releases import area_release
from data.queries.sites import NOT_THERE
from geo.network.graph import to_networkx
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
ALL = ["alle_locaties"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def world(connection: Connection) -> Connection:
    """The world of twelve squares; its residents move 10 m, so that one crossing is nearest."""
    load_region(connection, tiny_world())
    connection.execute(text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)"))
    return connection


def measured(
    connection: Connection,
    home: Path,
    candidate: CandidateQuestion | str | None = None,
    plans: str = "bestaand",
    level: str = "gemeente",
    types: list[str] | None = None,
) -> Exposure:
    question = read_exposure_question(types or ALL, ON, plans, level)
    asked = CandidateQuestion(candidate) if isinstance(candidate, str) else candidate
    return measure_exposure(connection, home, question, asked)


def test_the_world_equals_the_case_by_hand(world: Connection, home: Path) -> None:
    """See ``tests.analysis.exposure_cases``: 450, 1,450 and 1,650 of 3,000 residents."""
    found = measured(world, home)
    by_places = found.by_places
    assert [by_places.with_any_count(limit) for limit in LIMITS_M] == [450, 1450, 1650]
    assert (by_places.measured_count, by_places.unmeasured_count) == (3000, 1000)
    assert list(found.region["most_place_count"]) == [8, 24, 24]
    table = found.areas[800]
    assert list(table["most_place_count"]) == [24, 8, 0]
    assert table.loc["GM9001", "mean_place_count"] == pytest.approx(9.2)
    assert list(found.sites["site_code"]) == ["TINY-1", "TINY-2", "TINY-3"]
    assert {line.role for line in found.sources} == {"gebieden", "inwoners", "straten", "locaties"}
    assert found.is_example


def test_a_candidate_that_comes_equals_the_case_by_hand(world: Connection, home: Path) -> None:
    """Worked out in ``test_exposure_change``: 200, 400 and 500 residents get more."""
    comparison = measured(world, home, "TINY-4").comparison
    assert comparison is not None
    assert not comparison.candidate.is_counted
    assert (comparison.candidate.place_count, comparison.rim) == (6, None)
    changes = comparison.region.places
    assert [entry.more_count for entry in changes] == [200, 400, 500]
    assert [entry.highest_after_count for entry in changes] == [6, 14, 14]
    assert comparison.region.help.closer.resident_count == 300
    assert comparison.region.help.closer.most_min == 12.5


def test_a_candidate_that_counts_already_is_left_out(world: Connection, home: Path) -> None:
    for word, plans in (("TINY-3", "bestaand"), ("TINY-4", "gepland")):
        comparison = measured(world, home, word, plans).comparison
        assert comparison is not None
        assert comparison.candidate.is_counted
        assert all(entry.more_count == 0 for entry in comparison.region.places)
        assert all(entry.fewer_count > 0 for entry in comparison.region.places)
    leaving = measured(world, home, "TINY-3").comparison
    assert leaving is not None
    assert [entry.fewer_count for entry in leaving.region.places] == [300, 800, 1000]
    assert leaving.region.help.lost_count == 1000


def test_a_point_equals_the_site_that_stands_there(world: Connection, home: Path) -> None:
    site = measured(world, home, "TINY-4").comparison
    point = measured(
        world, home, CandidateQuestion(x_m=101_500, y_m=481_500, place_count=6)
    ).comparison
    assert site is not None
    assert point is not None
    assert point.region == site.region


def test_a_candidate_by_its_number_is_that_of_its_code(world: Connection, home: Path) -> None:
    number = world.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-4'"))
    found = measured(world, home, str(number)).comparison
    assert found is not None
    assert (found.candidate.site_code, found.candidate.site_id) == ("TINY-4", number)


def test_another_number_of_places_may_be_tried(world: Connection, home: Path) -> None:
    found = measured(world, home, CandidateQuestion("TINY-4", place_count=60)).comparison
    assert found is not None
    assert found.region.places[0].highest_after_count == 60


def test_a_candidate_with_unknown_places_asks_for_a_number(world: Connection, home: Path) -> None:
    for plans in ("bestaand", "gepland"):
        with pytest.raises(QuestionError, match="niet bekend hoeveel plekken") as caught:
            measured(world, home, "TINY-5", plans)
        assert caught.value.field == "plekken"
    found = measured(world, home, CandidateQuestion("TINY-5", place_count=12), "gepland")
    assert found.unknown_site_count == 1
    assert found.comparison is not None
    # 10 m for 100 residents; 1,010 m for 100.
    assert [entry.fewer_count for entry in found.comparison.region.places] == [100, 100, 200]
    assert not found.comparison.region.places[0].is_at_least


def test_unknown_places_make_it_at_least_and_never_zero(world: Connection, home: Path) -> None:
    found = measured(world, home, plans="gepland")
    assert found.by_places.counts.loc["niet_bekend", 400] == 100
    row = found.areas[400].loc["GM9003"]
    assert (row["most_place_count"], row["is_at_least"], row["near_count"]) == (0, True, 100)


@pytest.mark.parametrize("word", ["TINY-6", "TINY-7", "0", "999999", "2147483648", "nee", "", "٣"])
def test_a_site_that_is_not_public_is_not_there(world: Connection, home: Path, word: str) -> None:
    """TINY-6 is protected and TINY-7 internal: both as if they did not exist."""
    with pytest.raises(NotFound) as caught:
        measured(world, home, word)
    assert str(caught.value) == NOT_THERE
    hidden = world.scalars(text("SELECT id FROM site WHERE site_code IN ('TINY-6', 'TINY-7')"))
    for number in hidden.all():
        with pytest.raises(NotFound) as caught:
            measured(world, home, str(number))
        assert str(caught.value) == NOT_THERE


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (CandidateQuestion(x_m=101_500, y_m=481_500), "plekken"),
        (CandidateQuestion(x_m=101_500, place_count=3), "y"),
        (CandidateQuestion(x_m=math.nan, y_m=481_500, place_count=3), "x"),
        (CandidateQuestion(x_m=481_500, y_m=101_500, place_count=3), "x"),
        (CandidateQuestion(x_m=150_000, y_m=481_500, place_count=3), "x"),
        # 354 m from every crossing.
        (CandidateQuestion(x_m=100_250, y_m=480_250, place_count=3), "x"),
        (CandidateQuestion("TINY-4", place_count=0), "plekken"),
        (CandidateQuestion("TINY-4", place_count=10_001), "plekken"),
        (CandidateQuestion("TINY-3", place_count=9), "plekken"),
    ],
)
def test_what_can_not_be_compared_is_said(
    world: Connection, home: Path, asked: CandidateQuestion, field: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        measured(world, home, asked)
    assert caught.value.field == field


def test_a_candidate_of_a_type_that_is_not_asked_is_refused(world: Connection, home: Path) -> None:
    with pytest.raises(QuestionError, match="Skaeve Huse") as caught:
        measured(world, home, "TINY-5", types=["beschut_wonen"])
    assert caught.value.field == "kandidaat"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ((["villa"], ON), "soort"),
        ((["vrouwenopvang"], ON), "soort"),
        ((ALL, ON, "ooit"), "plannen"),
        ((ALL, ON, "bestaand", "straat"), "niveau"),
        ((ALL, ON, "bestaand", "buurt", [0]), "afstand"),
        ((ALL, ON, "bestaand", "buurt", []), "afstand"),
        ((ALL, ON, "bestaand", "buurt", [math.nan]), "afstand"),
        ((ALL, ON, "bestaand", "buurt", [100, 200, 300, 400, 500, 600]), "afstand"),
    ],
)
def test_a_word_that_is_not_known_is_named(words: tuple[object, ...], field: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read_exposure_question(*words)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_protected_site_changes_no_number_and_is_only_counted(
    world: Connection, home: Path
) -> None:
    before = measured(world, home, plans="gepland", level="buurt")
    world.execute(
        text(
            "UPDATE site_state SET status = 'in_gebruik', capacity_count = 99 WHERE site_id ="
            " (SELECT id FROM site WHERE site_code = 'TINY-6')"
        )
    )
    after = measured(world, home, plans="gepland", level="buurt")
    assert after.protected_counts == {"Zuiderveen": 1}
    pd.testing.assert_frame_equal(before.near.place_count, after.near.place_count)
    for limit in LIMITS_M:
        pd.testing.assert_frame_equal(before.areas[limit], after.areas[limit])


def test_a_site_without_places_does_not_count_and_is_named(world: Connection, home: Path) -> None:
    world.execute(
        text(
            "UPDATE site_state SET capacity_count = 0 WHERE site_id ="
            " (SELECT id FROM site WHERE site_code = 'TINY-3')"
        )
    )
    found = measured(world, home)
    assert list(found.left_out["left_out"]) == [NO_CAPACITY]
    assert found.by_places.with_any_count(400) == 150


def test_people_and_sites_across_the_border_of_the_region_count(
    world: Connection, home: Path
) -> None:
    """Middendorp becomes the rim: its site still counts for Noorderzand, its people apart."""
    world.execute(text("UPDATE area SET in_region = false WHERE gemeente_code = 'GM9002'"))
    found = measured(world, home, "TINY-4")
    assert list(found.areas[1200].index) == ["GM9001", "GM9003"]
    assert found.by_places.measured_count == 1500
    # TINY-3 in the rim is 1,010 m from 200 residents of Noorderzand.
    assert found.areas[1200].loc["GM9003", "near_count"] == 200
    assert found.comparison is not None
    assert [entry.more_count for entry in found.comparison.region.places] == [0, 0, 100]
    assert found.comparison.rim is not None
    assert [entry.more_count for entry in found.comparison.rim.places] == [200, 400, 400]


def test_an_area_without_a_number_says_why(world: Connection, home: Path) -> None:
    table = measured(world, home, level="buurt").areas[400]
    assert table["most_place_count"].isna().eq(table["reason"].notna()).all()
    assert table.loc["BU90020201", "reason"] == "Aantal inwoners: geheim of niet van toepassing."
    assert table["warning"].isna()[table["most_place_count"].isna()].all()


def test_without_sites_nobody_has_a_place_near(world: Connection, home: Path) -> None:
    found = measured(world, home, "TINY-4", types=["beschut_wonen"])
    assert found.comparison is not None
    empty = read_exposure_question(ALL, dt.date(2000, 1, 1))
    nothing = measure_exposure(world, home, empty, CandidateQuestion("TINY-4"))
    assert nothing.sites.empty
    assert nothing.by_places.with_any_count(1200) == 0
    assert nothing.by_places.unmeasured_count == 1000
    assert nothing.comparison is not None
    assert nothing.comparison.region.help.closer.wayless_count == 3000


def test_without_streets_or_residents_the_reason_is_told(world: Connection, home: Path) -> None:
    for table in ("population_point", "figure"):
        world.execute(text(f"DELETE FROM {table}"))
    with pytest.raises(NotMeasurable, match=REASONS["no_residents"].label):
        measured(world, home)
    world.execute(text("DELETE FROM street_edge"))
    with pytest.raises(NotMeasurable, match="straten"):
        measured(world, home)


def _snapped(residents: Residents, x_m: float, y_m: float) -> tuple[int, int] | None:
    """The nearest crossing of a street that leads somewhere, and the millimetres to it."""
    network = residents.streets.hierarchy.network
    away = np.hypot(network.x_m - x_m, network.y_m - y_m)
    away[network.in_small_component] = math.inf
    row = int(away.argmin())
    return None if away[row] > 250 else (row, round(float(away[row]) * 1000))


def test_the_example_region_equals_networkx(demo_connection: Connection, home: Path) -> None:
    found = measured(demo_connection, home, plans="gepland")
    release = area_release(demo_connection)
    residents = residents_on_streets(demo_connection, home, release.id, WALK)
    graph = to_networkx(residents.streets.hierarchy.network)
    sample = residents.points.sample(300, random_state=2026)
    starts = {code: _snapped(residents, p.x, p.y) for code, p in sample.geometry.items()}
    totals = {limit: dict.fromkeys(sample.index, 0) for limit in LIMITS_M}
    sites = dict.fromkeys(sample.index, 0)
    nearest = dict.fromkeys(sample.index, math.inf)
    for site in found.sites.to_dict("records"):
        end = _snapped(residents, site["x_m"], site["y_m"])
        assert end is not None
        reached = nx.single_source_dijkstra_path_length(graph, end[0], weight="length_mm")
        for code, start in starts.items():
            if start is None:
                continue
            metres = (reached.get(start[0], math.inf) + start[1] + end[1]) / 1000
            nearest[code] = min(nearest[code], metres)
            sites[code] += metres <= 1200
            for limit in LIMITS_M:
                if metres <= limit and not pd.isna(site["capacity_count"]):
                    totals[limit][code] += site["capacity_count"]
    for code, start in starts.items():
        if start is None:
            assert found.near.nearest_m.isna()[code]
            continue
        assert found.near.nearest_m[code] == pytest.approx(nearest[code], abs=0.0001)
        assert found.near.site_count[1200][code] == sites[code]
        for limit in LIMITS_M:
            assert found.near.place_count[limit][code] == totals[limit][code]
    some = sum(count > 0 for count in totals[1200].values())
    print(f"{len(sample)} points, {len(found.sites)} sites, {some} points with places near")
    assert some > 30


def test_the_example_region_is_answered_quickly(demo_connection: Connection, home: Path) -> None:
    times = []
    for _ in range(4):
        start = time.perf_counter()
        found = measured(demo_connection, home, "1", plans="gepland", level="buurt")
        times.append(time.perf_counter() - start)
    print(
        f"{len(found.sites)} sites, {len(found.near.nearest_m)} points:"
        f" first {times[0] * 1000:.0f} ms, then {min(times[1:]) * 1000:.0f} ms"
    )
    assert min(times[1:]) < 1
