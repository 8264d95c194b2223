"""What is measured of candidates: by hand on the world, by networkx and sums on the region."""

from __future__ import annotations

import datetime as dt
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, text

from analysis.access.profiles import ACCESS_PROFILES, HOMES
from analysis.comparing.criteria import CRITERIA, criteria_of
from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES
from app.services.candidate_facts import MeasuredCandidates, MeasuringTerms, measure_candidates
from app.services.candidate_findings import (
    A_FREE_POINT,
    NO_ESTIMATE,
    NO_PLACES_KNOWN,
    NOT_LOOKED_INTO,
    OF_OTHERS,
)
from app.services.candidate_places import candidate_places, free_place
from app.services.candidate_spreading import OUTSIDE_REGION
from app.services.demo import load_region
from app.services.exposure import WALK
from app.services.residents import Residents, residents_on_streets
from app.services.spreading import QuestionError
from data.database_roles import WORKSPACE, Hands, work_as
from data.errors import NotFound
from data.queries.amenities import amenities_in_use
from data.queries.areas import figure_values
from data.queries.releases import area_release
from data.queries.sites import capacity_by_area, sites_on
from geo.network.graph import to_networkx
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
SKAEVE, BESCHUT = FACILITY_TYPES["skaeve_huse"], FACILITY_TYPES["beschut_wonen"]
ALL_CODES = tuple(f"TINY-{number}" for number in range(1, 8))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def world(connection: Connection) -> Connection:
    """The world of twelve squares; its residents move 10 m, so that one crossing is nearest.

    See ``tests.analysis.exposure_cases`` for the distances. The apotheek becomes a school.
    """
    load_region(connection, tiny_world())
    connection.execute(text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)"))
    connection.execute(
        text("UPDATE amenity SET category = 'basisschool' WHERE amenity_code = 'A-5'")
    )
    return connection


def ids_of(connection: Connection, *codes: str) -> list[int]:
    rows = connection.execute(text("SELECT site_code, id FROM site"))
    by_code = {row.site_code: row.id for row in rows}
    return [by_code[code] for code in codes]


def measured(
    connection: Connection, home: Path, *codes: str, kind: Any = SKAEVE, **terms: Any
) -> MeasuredCandidates:
    places = candidate_places(connection, ids_of(connection, *codes), ON)
    return measure_candidates(connection, home, MeasuringTerms(kind, ON, **terms), places)


def column(found: MeasuredCandidates, key: str) -> list[float]:
    return list(found.facts.raw[key])


def test_the_effect_on_the_spread_equals_the_case_by_hand(world: Connection, home: Path) -> None:
    """32, 8 and 0 places over shares of 0.5, 0.375 and 0.125: 0.30 by Hoover.

    TINY-4, 6 places in Middendorp: 0.30 to 9/46, of 6/46 that can be. TINY-3 counts already, so
    it is taken out: 0.50 without, 0.30 with, of 0.2. TINY-1: 0.125 and 0.30, of 0.6. TINY-7 is
    internal and counts nowhere yet: 0.30 to 32/42 - 0.5, of 2/42.
    """
    found = measured(world, home, "TINY-4", "TINY-3", "TINY-1", "TINY-7", "TINY-5")
    assert column(found, "verdeling")[:4] == pytest.approx([80, 100, -17.5 / 0.6, 80])
    assert found.facts.reasons["verdeling"].iloc[4] == NO_PLACES_KNOWN
    assert found.facts.notes["verdeling"].iloc[0] == (
        "Hoover-index over gemeenten: 0,300 zonder deze plekken, 0,196 ermee."
    )


def test_the_spread_over_wijken_leaves_out_what_has_no_figure(
    world: Connection, home: Path
) -> None:
    """WK900101 1500, WK900102 500, WK900201 1000, WK900202 500, WK900301 300, WK900302 200.

    24, 8, 8, 0, 0, 0 places of 40: above are 0.6 - 0.375 and 0.2 - 0.125: 0.3. With 6 in
    WK900201 (14 of 46): 24/46 - 0.375, 8/46 - 0.125 and 14/46 - 0.25.
    """
    found = measured(world, home, "TINY-4", level="wijk")
    after = (24 / 46 - 0.375) + (8 / 46 - 0.125) + (14 / 46 - 0.25)
    assert column(found, "verdeling") == pytest.approx([-100 * (after - 0.3) / (6 / 46)])


def test_a_plan_of_unknown_size_makes_the_spread_unknown(world: Connection, home: Path) -> None:
    """Unless it is the candidate itself that is taken out."""
    found = measured(world, home, "TINY-4", "TINY-5", plan_scope="gepland")
    assert list(found.facts.reasons["verdeling"]) == [
        "Van 1 locatie in de regio is het aantal plekken niet bekend.",
        NO_PLACES_KNOWN,
    ]
    places = candidate_places(world, ids_of(world, "TINY-5"), ON)
    moved = [free_place(world, "punt", "Punt", SKAEVE, 103_500, 482_500, 6)]
    terms = MeasuringTerms(SKAEVE, ON, plan_scope="gepland")
    known = measure_candidates(world, home, terms, moved)
    assert "1 locatie" in known.facts.reasons["verdeling"].iloc[0]
    assert places[0].place_count is None


def test_a_task_can_be_the_base(world: Connection, home: Path) -> None:
    """12 + 18, 9 + 15 and 0 + 6 for beschermd and beschut wonen: shares 0.5, 0.4 and 0.1."""
    kinds = (FACILITY_TYPES["beschermd_wonen"], BESCHUT)
    found = measured(world, home, "TINY-4", base="opgave", counted_types=kinds)
    before, after = 0.8 - 0.5, 32 / 46 - 0.5
    assert column(found, "verdeling") == pytest.approx([-100 * (after - before) / (6 / 46)])


def test_the_places_near_equal_the_case_by_hand(world: Connection, home: Path) -> None:
    """Within 800 m TINY-4 adds 6 to the 8 of TINY-3; 200 + 200 residents get it near."""
    codes = ("TINY-4", "TINY-3", "TINY-1", "TINY-2", "TINY-7", "TINY-5")
    found = measured(world, home, *codes, radius_m=800)
    assert column(found, "nabijheid")[:5] == [14, 8, 24, 8, 2]
    notes = found.facts.notes["nabijheid"]
    assert "400 inwoners" in notes.iloc[0]
    assert "250 inwoners" in notes.iloc[2]
    assert "Van 1.000 inwoners vlakbij weten wij de loopafstand niet." in notes.iloc[2]
    assert found.facts.reasons["nabijheid"].iloc[5] == NO_PLACES_KNOWN
    further = measured(world, home, "TINY-7", radius_m=1200)
    assert column(further, "nabijheid") == [10]


def test_plans_count_when_they_are_asked(world: Connection, home: Path) -> None:
    found = measured(world, home, "TINY-3", "TINY-4", radius_m=800, plan_scope="gepland")
    assert column(found, "nabijheid") == [14, 14]


def test_where_nobody_lives_near_it_is_zero(world: Connection, home: Path) -> None:
    """Also when its own places are unknown; not when a home nearby can't be measured."""
    world.execute(text("DELETE FROM population_point WHERE point_code LIKE 'BU900302%'"))
    found = measured(world, home, "TINY-5", "TINY-1", radius_m=400)
    assert found.facts.raw["nabijheid"].iloc[0] == 0
    assert found.facts.notes["nabijheid"].iloc[0] == "Er woont niemand binnen 400 meter lopen."
    assert math.isnan(found.facts.raw["nabijheid"].iloc[1])
    assert "1.000 inwoners vlakbij" in found.facts.reasons["nabijheid"].iloc[1]


def test_a_site_of_unknown_size_near_makes_it_unknown(world: Connection, home: Path) -> None:
    world.execute(
        text(
            "UPDATE site_state SET capacity_count = NULL WHERE site_id ="
            " (SELECT id FROM site WHERE site_code = 'TINY-3')"
        )
    )
    found = measured(world, home, "TINY-4", "TINY-2", radius_m=800)
    assert "een locatie waarvan" in found.facts.reasons["nabijheid"].iloc[0]
    assert found.facts.raw["nabijheid"].iloc[1] == 8


def test_the_access_scores_equal_the_case_by_hand(world: Connection, home: Path) -> None:
    """At 80 metres a minute, with weights of a third, and of 35 and 20 out of 55.

    TINY-5: stop 25 min (0.25), supermarket 50 (0), huisarts 12.5 (1); home and school next door.
    TINY-2: stop 12.5 (0.875), supermarket 12.5 (1), huisarts 25 (0.875); home 3 min (0.5).
    """
    found = measured(world, home, "TINY-5", "TINY-2", "TINY-1")
    near = column(found, "bereikbaarheid")
    assert near[0] == pytest.approx(125 / 3)
    assert near[1] == pytest.approx(100 * (0.875 + 1 + 0.875) / 3)
    assert column(found, "afstand") == pytest.approx([0, 100 * (35 * 0.5 + 20) / 55, 100])
    assert found.access is not None
    assert found.distance is not None
    parts = found.access.parts_of(found.places[0].key)
    assert list(parts["criterion"]) == ["ov_halte", "supermarkt", "huisarts"]
    assert list(parts["minutes"]) == [25, 50, 12.5]
    assert list(found.distance.parts_of(found.places[1].key)["minutes"]) == [3, 37.5]


def test_a_missing_amenity_makes_access_unknown_and_is_named(world: Connection, home: Path) -> None:
    found = measured(world, home, "TINY-2", kind=BESCHUT)
    assert math.isnan(column(found, "bereikbaarheid")[0])
    assert "Dagbesteding" in found.facts.reasons["bereikbaarheid"].iloc[0]
    assert found.distance is None
    assert "afstand" not in found.facts.raw


def test_findings_are_steps_and_unknown_stays_unknown(world: Connection, home: Path) -> None:
    (site_id,) = ids_of(world, "TINY-5")
    answers = {"eigendom": "past", "bestemming": "aandacht", "milieu": "bezwaar"}
    answers |= {"acceptatie": "bezwaar", "infrastructuur": "onbekend"}
    for question, finding in answers.items():
        world.execute(
            text(
                "INSERT INTO site_answer (site_id, question, finding, evidence, source, found_on)"
                " VALUES (:id, :question, :finding, 'Gezien.', 'Kadaster', '2025-03-01')"
            ),
            {"id": site_id, "question": question, "finding": finding},
        )
    found = measured(world, home, "TINY-5")
    keys = ["eigendom", "bestemming", "milieu"]
    assert list(found.facts.raw.iloc[0][keys]) == [2, 1, 0]
    assert found.facts.reasons["infrastructuur"].iloc[0] == NOT_LOOKED_INTO
    assert "acceptatie" not in found.facts.raw
    assert found.facts.notes["bestemming"].iloc[0] == "Aandachtspunt: Gezien."
    evidence = found.facts.evidence[site_id, "eigendom"]
    assert (evidence.source, evidence.year) == ("Kadaster", "1 maart 2025")


def test_costs_are_by_place(world: Connection, home: Path) -> None:
    for code, cost in (("TINY-4", 900_000), ("TINY-5", 1)):
        world.execute(
            text("INSERT INTO site_cost VALUES (:id, :cost, 'Raming', '2025-06-01')"),
            {"id": ids_of(world, code)[0], "cost": cost},
        )
    found = measured(world, home, "TINY-4", "TINY-5", "TINY-3")
    assert column(found, "kosten")[0] == 150_000
    assert found.facts.notes["kosten"].iloc[0] == "900.000 euro in totaal, voor 6 plekken"
    assert list(found.facts.reasons["kosten"])[1:] == [NO_PLACES_KNOWN, NO_ESTIMATE]
    evidence = found.facts.evidence[found.places[0].key, "kosten"]
    assert (evidence.source, evidence.year) == ("Raming", "1 juni 2025")


def test_a_free_point_equals_the_site_that_stands_there(world: Connection, home: Path) -> None:
    terms = MeasuringTerms(SKAEVE, ON, radius_m=800)
    point = free_place(world, "punt", "Een punt", SKAEVE, 101_500, 481_500, 6)
    site = candidate_places(world, ids_of(world, "TINY-4"), ON)[0]
    found = measure_candidates(world, home, terms, [point, site])
    for key in ("bereikbaarheid", "afstand", "verdeling", "nabijheid"):
        assert column(found, key)[0] == column(found, key)[1]
    assert (point.gemeente_name, point.wijk_name) == (site.gemeente_name, site.wijk_name)
    assert found.facts.reasons["milieu"].iloc[0] == A_FREE_POINT


def test_outside_the_region_and_far_from_a_street_there_is_no_figure(
    world: Connection, home: Path
) -> None:
    world.execute(text("UPDATE area SET in_region = false WHERE gemeente_code = 'GM9003'"))
    terms = MeasuringTerms(SKAEVE, ON)
    places = [
        free_place(world, "rand", "In de rand", SKAEVE, 103_500, 482_500, 6),
        free_place(world, "veld", "In het veld", SKAEVE, 100_250, 480_250, 6),
    ]
    found = measure_candidates(world, home, terms, places)
    assert found.facts.reasons["verdeling"].iloc[0] == OUTSIDE_REGION
    assert "354 m" in found.facts.reasons["nabijheid"].iloc[1]
    assert "354 m" in found.facts.reasons["afstand"].iloc[1]


def test_without_streets_the_rest_is_still_told(world: Connection, home: Path) -> None:
    world.execute(text("DELETE FROM street_edge"))
    found = measured(world, home, "TINY-4")
    assert column(found, "verdeling") == pytest.approx([80])
    assert "straten" in found.facts.reasons["nabijheid"].iloc[0]
    assert "straten" in found.facts.reasons["bereikbaarheid"].iloc[0]


def test_every_cell_has_a_source(world: Connection, home: Path) -> None:
    found = measured(world, home, *ALL_CODES)
    assert set(found.facts.evidence) == {
        (place.key, entry.key) for place in found.places for entry in criteria_of(SKAEVE)
    }
    for (_, key), evidence in found.facts.evidence.items():
        assert evidence.source
        is_measured = key in ("bereikbaarheid", "afstand", "verdeling", "nabijheid")
        assert (evidence.method_slug is not None) == is_measured
        assert not is_measured or evidence.year
    assert found.is_example
    assert {line.role for line in found.sources} >= {"straten", "locaties", "gebieden"}


def test_a_planner_gets_own_sites_whole_and_those_of_others_as_far_as_public(
    world: Connection, home: Path
) -> None:
    """TINY-7 of Noorderzand is internal, TINY-6 of Zuiderveen protected."""
    four, six, seven, five = ids_of(world, "TINY-4", "TINY-6", "TINY-7", "TINY-5")
    work_as(world, Hands(WORKSPACE, frozenset({"GM9003"}), None, None))
    places = candidate_places(world, [seven, four, five, seven], ON)
    assert [place.key for place in places] == [seven, four, five]
    assert [place.is_own for place in places] == [True, False, True]
    assert (places[0].publication, places[0].gemeente_name) == ("intern", "Noorderzand")
    found = measure_candidates(world, home, MeasuringTerms(SKAEVE, ON), places)
    assert list(found.facts.reasons["eigendom"]) == [NOT_LOOKED_INTO, OF_OTHERS, NOT_LOOKED_INTO]
    assert column(found, "verdeling")[:2] == pytest.approx([80, 80])
    for hidden in (six, 999_999, 2**40):
        with pytest.raises(NotFound):
            candidate_places(world, [hidden], ON)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"plan_scope": "ooit"}, "plannen"),
        ({"level": "buurt"}, "niveau"),
        ({"base": "opgave", "level": "wijk"}, "niveau"),
        ({"radius_m": 0}, "straal"),
        ({"radius_m": math.nan}, "straal"),
        ({"radius_m": 1e9}, "straal"),
    ],
)
def test_terms_that_can_not_be_asked_are_named(terms: dict[str, Any], field: str) -> None:
    with pytest.raises(QuestionError) as caught:
        MeasuringTerms(SKAEVE, ON, **terms)
    assert caught.value.field == field


def test_nothing_to_measure_is_refused(world: Connection, home: Path) -> None:
    with pytest.raises(QuestionError):
        measure_candidates(world, home, MeasuringTerms(SKAEVE, ON), [])


def _snapped(residents: Residents, x_m: float, y_m: float) -> tuple[int, int] | None:
    """The nearest crossing of a street that leads somewhere, and the millimetres to it."""
    network = residents.streets.hierarchy.network
    away = np.hypot(network.x_m - x_m, network.y_m - y_m)
    away[network.in_small_component] = math.inf
    row = int(away.argmin())
    return None if away[row] > 250 else (row, round(float(away[row]) * 1000))


_graphs: dict[int, nx.MultiDiGraph[int]] = {}


def _graph(residents: Residents) -> nx.MultiDiGraph[int]:
    """The streets for networkx, made once."""
    network = residents.streets.hierarchy.network
    if id(network) not in _graphs:
        _graphs[id(network)] = to_networkx(network)
    return _graphs[id(network)]


def _walks(residents: Residents, x_m: float, y_m: float, ends: list[Any]) -> list[float]:
    """Metres on foot to each of these ends, by networkx (streets are walked both ways)."""
    start = _snapped(residents, x_m, y_m)
    assert start is not None
    graph = _graph(residents)
    reached = nx.single_source_dijkstra_path_length(graph, start[0], weight="length_mm")
    return [
        math.nan if end is None else (reached.get(end[0], math.inf) + start[1] + end[1]) / 1000
        for end in ends
    ]


def test_the_example_region_equals_independent_sums(
    demo_connection: Connection, home: Path
) -> None:
    """Sites as if for Skaeve Huse: minutes and exposure by networkx, Hoover by plain sums."""
    connection, release = demo_connection, area_release(demo_connection)
    sites = sites_on(connection, release.id, ON)
    known = sites[sites["capacity_count"] > 0].sort_values(["status", "type", "site_code"])
    ids = [int(key) for key in known.index[:: len(known) // 3]]
    places = candidate_places(connection, ids, ON)
    terms = MeasuringTerms(SKAEVE, ON, radius_m=800)
    found = measure_candidates(connection, home, terms, places)
    residents = residents_on_streets(connection, home, release.id, WALK)
    ends = [_snapped(residents, point.x, point.y) for point in residents.points.geometry]
    for place in places:
        metres = _walks(residents, place.x_m, place.y_m, ends)
        _check_nearby(connection, residents, found, place, metres, terms)
        _check_minutes(connection, residents, found, place, metres)
        _check_hoover(connection, found, place, terms)


def _check_nearby(
    connection: Connection,
    residents: Residents,
    found: MeasuredCandidates,
    place: Any,
    metres: list[float],
    terms: MeasuringTerms,
) -> None:
    statuses = PLAN_SCOPES[terms.plan_scope].statuses
    types = [kind.key for kind in terms.counted_types]
    others = sites_on(connection, area_release(connection).id, ON, types, statuses)
    near = [row for row, apart in enumerate(metres) if apart <= terms.radius_m]
    ends = [_snapped(residents, *residents.points.geometry.iloc[row].coords[0]) for row in near]
    most = dict.fromkeys(near, place.place_count)
    for site_id, site in others.iterrows():
        close = math.hypot(site["x_m"] - place.x_m, site["y_m"] - place.y_m)
        if site_id == place.key or close > 2 * terms.radius_m:
            continue
        walks = _walks(residents, site["x_m"], site["y_m"], ends)
        for row, apart in zip(near, walks, strict=True):
            most[row] += site["capacity_count"] if apart <= terms.radius_m else 0
    expected = max(most.values(), default=0)
    people = residents.points["resident_count"].iloc[near].sum()
    print(f"{place.name}: {len(near)} points, {people:.0f} residents, at most {expected}")
    assert found.facts.raw.loc[place.key, "nabijheid"] == expected


def _check_minutes(
    connection: Connection,
    residents: Residents,
    found: MeasuredCandidates,
    place: Any,
    to_homes: list[float],
) -> None:
    amenities = amenities_in_use(connection)
    values = {"dichtbij": [0.0, 0.0], "ver": [0.0, 0.0]}
    for asked in ACCESS_PROFILES["skaeve_huse"].criteria:
        here = amenities[amenities["category"] == asked.key].geometry
        ends = [_snapped(residents, point.x, point.y) for point in here]
        walks = to_homes if asked.key == HOMES else _walks(residents, place.x_m, place.y_m, ends)
        minutes = np.nanmin(walks) / 80
        value = min(1, max(0, (minutes - asked.bad_min) / (asked.good_min - asked.bad_min)))
        values[asked.direction][0] += float(asked.weight) * value
        values[asked.direction][1] += float(asked.weight)
    for key, direction in (("bereikbaarheid", "dichtbij"), ("afstand", "ver")):
        total, weight = values[direction]
        got = found.facts.raw.loc[place.key, key]
        assert got == pytest.approx(100 * total / weight, abs=0.001)


def _check_hoover(
    connection: Connection, found: MeasuredCandidates, place: Any, terms: MeasuringTerms
) -> None:
    release = area_release(connection)
    people = figure_values(connection, release.id, "gemeente", "inwoners", region_only=True)
    counts = dict(
        capacity_by_area(
            connection,
            release.id,
            "gemeente",
            ON,
            [kind.key for kind in terms.counted_types],
            PLAN_SCOPES[terms.plan_scope].statuses,
        )["capacity_count"]
    )
    if place.status.key in PLAN_SCOPES[terms.plan_scope].statuses:
        counts[place.gemeente_code] -= place.place_count
    with_it = {**counts, place.gemeente_code: counts[place.gemeente_code] + place.place_count}
    before, after = (_hoover(some, people["value"]) for some in (counts, with_it))
    most = place.place_count / sum(with_it.values())
    got = found.facts.raw.loc[place.key, "verdeling"]
    assert got == pytest.approx(-100 * (after - before) / most)


def _hoover(counts: dict[Any, int], people: pd.Series) -> float:
    together, everybody = sum(counts.values()), float(people.sum())
    gaps = [abs(counts[code] / together - people[code] / everybody) for code in counts]
    return float(sum(gaps)) / 2


def test_sixty_candidates_are_measured_quickly(demo_connection: Connection, home: Path) -> None:
    sites = sites_on(demo_connection, area_release(demo_connection).id, ON)
    known = candidate_places(demo_connection, [int(key) for key in sites.index], ON)
    more = [replace(place, key=f"punt {place.key}") for place in known]
    places = [*known, *more][:60]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        measure_candidates(demo_connection, home, MeasuringTerms(BESCHUT, ON), places)
        times.append(time.perf_counter() - start)
    print(f"{len(places)} candidates: {[round(entry * 1000) for entry in times]} ms")
    assert len(places) == 60
    assert min(times) < 2


def test_no_criterion_is_forgotten() -> None:
    """Every criterion of every type is measured by one of the services."""
    assert {entry.key for entry in CRITERIA} == {
        "bereikbaarheid",
        "afstand",
        "verdeling",
        "nabijheid",
        "eigendom",
        "bestemming",
        "milieu",
        "infrastructuur",
        "kosten",
    }
