"""Haarlem's case: eleven places explored, four kept for a closer look, two compared.

The comparison is computed again from the frames of the demo region, with fractions and networkx.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
import shapely
from scipy.spatial import KDTree
from sqlalchemy import Connection, text

from analysis.comparing.criteria import ACCEPTANCE, COST_PER_PLACE_EUR, PRESETS
from analysis.facility_types import FACILITY_TYPES
from app.services.candidate_terms import MeasuringTerms
from app.services.choices import Candidate, ChoiceView, choice_list, choice_view
from app.services.comparison import ComparedCandidates, compare_candidates
from app.services.comparison_question import CompareQuestion
from app.services.demo_choices import fill_demo_choices
from data.database_roles import WORKSPACE, Hands, work_as
from data.demo import DemoRegion, demo_region
from data.demo.choice_plans import HAARLEM_CHOICE
from data.demo.site_plans import SITE_PLANS
from data.demo.sites import code_of

ON = dt.date(2026, 11, 27)
SKAEVE = FACILITY_TYPES["skaeve_huse"]
KEPT = (*HAARLEM_CHOICE.looked_at, *HAARLEM_CHOICE.compared)
DECIDED = {"besluit", "realisatie", "in_gebruik"}
STEPS = {"bezwaar": 0, "aandacht": 1, "past": 2}
#: By hand from ``data.demo.choice_plans``: what the closer look found at the two.
FOUND = {
    "Waarderpolder noordoost": {
        "eigendom": "past",
        "bestemming": "aandacht",
        "milieu": "past",
        "infrastructuur": "aandacht",
    },
    "Schalkwijk noord-oost": {
        "eigendom": "past",
        "bestemming": "aandacht",
        "milieu": "aandacht",
        "infrastructuur": "past",
    },
}
COST_EUR = {"Waarderpolder noordoost": 1_080_000, "Schalkwijk noord-oost": 960_000}
PLACES, NEAR_M = 6, 400.0


@pytest.fixture
def haarlem(demo_connection: Connection) -> Connection:
    """The example region as a planner of Haarlem works in it."""
    fill_demo_choices(demo_connection)
    work_as(demo_connection, Hands(WORKSPACE, frozenset({"GM0392"}), None, None))
    return demo_connection


@pytest.fixture
def choice(haarlem: Connection) -> ChoiceView:
    (line,) = choice_list(haarlem)
    return choice_view(haarlem, line.record.id, ON)


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return demo_region()


def place_of(candidate: Candidate) -> str:
    """``Skaeve Huse Hekslootpolder (voorbeeld)`` is Hekslootpolder."""
    return candidate.name.removeprefix("Skaeve Huse ").rsplit(" (", 1)[0]


# From eleven to two


def test_eleven_are_explored_four_kept_and_two_compared(choice: ChoiceView) -> None:
    assert len(choice.candidates) == 11
    assert len(choice.dropped) == 7
    by_stage = {stage.key: {place_of(one) for one in found} for stage, found in choice.by_stage}
    assert by_stage == {
        "nader_onderzoek": {"Spoorwegdriehoek", "Waarderpolder noord"},
        "vergelijking": {"Waarderpolder noordoost", "Schalkwijk noord-oost"},
    }
    assert choice.sentence == (
        "11 plekken bekeken, 2 in nader onderzoek, 2 in de vergelijking, 7 afgevallen."
    )


def test_each_that_fell_tells_who_when_and_why(choice: ChoiceView) -> None:
    reasons = {plan.place: plan.reason for plan in SITE_PLANS if plan.type == "skaeve_huse"}
    for candidate in choice.dropped:
        assert candidate.dropped_by == "Planner van Haarlem"
        assert candidate.record.dropped_on == dt.date(2017, 3, 1)
        assert candidate.record.dropped_reason == reasons[place_of(candidate)]
        assert candidate.site is not None
        assert candidate.site.status is not None
        assert candidate.site.status.key == "afgevallen"
        assert candidate.name.endswith("(voorbeeld)")


def test_each_of_the_four_is_a_place_that_was_really_named(choice: ChoiceView) -> None:
    kept = [one for one in choice.candidates if not one.is_dropped]
    assert {place_of(one) for one in kept} == set(KEPT)
    for candidate in kept:
        assert candidate.name.endswith("(kandidaat uit 2017)")
        assert candidate.origin.key == "planner"
        assert candidate.site is not None
        assert candidate.site.place_count == 6
        assert candidate.site.is_own


def test_what_each_still_lacks_is_told(choice: ChoiceView) -> None:
    lacking = {
        place_of(one): [caution.key for caution in one.missing]
        for one in choice.candidates
        if not one.is_dropped
    }
    assert lacking == {
        "Spoorwegdriehoek": [],
        "Waarderpolder noord": ["vragen"],
        "Waarderpolder noordoost": ["vergeleken"],
        "Schalkwijk noord-oost": ["vergeleken"],
    }


def test_the_history_keeps_that_each_fell(haarlem: Connection, choice: ChoiceView) -> None:
    told = haarlem.scalars(
        text(
            "SELECT after ->> 'dropped_reason' FROM change WHERE table_name = 'choice_candidate' "
            "AND before ->> 'dropped_on' IS NULL AND after ->> 'dropped_on' = '2017-03-01'"
        )
    )
    assert set(told) == {one.record.dropped_reason for one in choice.dropped}


def test_someone_of_another_gemeente_can_not_read_the_choice(demo_connection: Connection) -> None:
    fill_demo_choices(demo_connection)
    work_as(demo_connection, Hands(WORKSPACE, frozenset({"GM0394"}), None, None))
    assert choice_list(demo_connection) == ()
    assert demo_connection.scalar(text("SELECT count(*) FROM site_cost")) == 1


# The two side by side


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def compared(haarlem: Connection, choice: ChoiceView, home: Path) -> ComparedCandidates:
    ids = {place_of(one): one.record.site_id for one in choice.candidates}
    question = CompareQuestion(
        MeasuringTerms(SKAEVE, ON),
        tuple(ids[place] for place in FOUND),
        PRESETS["start"].points_of(SKAEVE),
        "start",
    )
    return compare_candidates(haarlem, home, question)


def row_of(frame: pd.DataFrame, compared: ComparedCandidates, place: str) -> dict[Any, Any]:
    """The row of a candidate by the name of its place."""
    (key,) = [one.key for one in compared.places if place in one.name]
    rows: dict[Any, dict[Any, Any]] = frame.to_dict("index")
    return rows[key]


def counted(region: DemoRegion, *, on_the_map: bool) -> dict[str, int]:
    """The places of every example site that is in use or decided, by its code."""
    known = region.sites["publication"].isin(["openbaar"] if on_the_map else ["openbaar", "gebied"])
    states = region.site_states[region.site_states["from_date"] <= ON]
    last = states.groupby("site_code").last().loc[lambda rows: rows["status"].isin(DECIDED)]
    return {
        str(code): int(count) for code, count in last["capacity_count"].items() if known[str(code)]
    }


def hoover(places: dict[str, int], residents: dict[str, int]) -> Fraction:
    all_places, everyone = sum(places.values()), sum(residents.values())
    return (
        sum(
            (
                abs(Fraction(places.get(code, 0), all_places) - Fraction(count, everyone))
                for code, count in residents.items()
            ),
            Fraction(0),
        )
        / 2
    )


def test_the_effect_on_the_spread_is_that_by_hand(
    compared: ComparedCandidates, region: DemoRegion
) -> None:
    gemeenten = region.areas[region.areas["level"] == "gemeente"]
    located = region.sites[["geometry"]].sjoin(gemeenten[["geometry"]])["area_code"]
    places: dict[str, int] = {}
    for code, count in counted(region, on_the_map=False).items():
        places[located[code]] = places.get(located[code], 0) + count
    figures = region.figures[region.figures["figure"] == "inwoners"].set_index("area_code")["value"]
    residents = {code: int(figures[code]) for code in gemeenten.index}
    more = {**places, "GM0392": places["GM0392"] + PLACES}
    total = sum(places.values())
    effect = (
        -100
        * (hoover(more, residents) - hoover(places, residents))
        / Fraction(PLACES, total + PLACES)
    )
    assert effect < 0
    for place in FOUND:
        raw = row_of(compared.measured.facts.raw, compared, place)["verdeling"]
        assert raw == pytest.approx(float(effect), abs=1e-9)


def test_the_most_places_near_a_home_are_those_over_the_streets(
    compared: ComparedCandidates, region: DemoRegion
) -> None:
    graph: nx.Graph[int] = nx.Graph()
    edges = region.street_edges[region.street_edges["walk"]]
    for start, stop, length in zip(
        edges["from_node_id"], edges["to_node_id"], edges["length_m"], strict=True
    ):
        graph.add_edge(start, stop, weight=length)
    nodes = region.street_nodes
    tree = KDTree(shapely.get_coordinates(nodes.geometry))

    def step_in(point: shapely.Point) -> tuple[Any, float]:
        away_m, row = tree.query((point.x, point.y))
        return nodes.index[row], float(away_m)

    homes = {code: step_in(point) for code, point in region.population_points.geometry.items()}
    sites = {
        code: (*step_in(region.sites.geometry[code]), count)
        for code, count in counted(region, on_the_map=True).items()
    }
    for place in FOUND:
        node, away_m = step_in(region.sites.geometry[code_of("skaeve_huse", place)])
        reach = nx.single_source_dijkstra_path_length(graph, node, cutoff=NEAR_M)
        near = {
            stand
            for stand, own_m in homes.values()
            if stand in reach and away_m + reach[stand] + own_m <= NEAR_M
        }
        most = 0
        for stand, own_m in homes.values():
            if stand not in near or away_m + reach[stand] + own_m > NEAR_M:
                continue
            around = nx.single_source_dijkstra_path_length(graph, stand, cutoff=NEAR_M)
            others = sum(
                count
                for at, site_m, count in sites.values()
                if at in around and own_m + around[at] + site_m <= NEAR_M
            )
            most = max(most, others + PLACES)
        assert row_of(compared.measured.facts.raw, compared, place)["nabijheid"] == most


@pytest.mark.parametrize("place", FOUND)
def test_what_people_found_and_what_it_costs_is_worth_what_the_scale_says(
    compared: ComparedCandidates, place: str
) -> None:
    values = row_of(compared.comparison.values, compared, place)
    for question, finding in FOUND[place].items():
        assert values[question] == STEPS[finding] / 2
    by_place = Fraction(COST_EUR[place], PLACES)
    assert values["kosten"] == pytest.approx(float(1 - by_place / Fraction(COST_PER_PLACE_EUR)))


@pytest.mark.parametrize("place", FOUND)
def test_the_total_is_the_sum_of_its_parts_by_hand(
    compared: ComparedCandidates, place: str
) -> None:
    raw = row_of(compared.measured.facts.raw, compared, place)
    #: Criterion: points of the start, good and bad end of its scale.
    scales = {
        "bereikbaarheid": (30, 100, 0),
        "verdeling": (15, 100, -100),
        "nabijheid": (15, 0, 100),
        "afstand": (20, 100, 0),
        "eigendom": (5, 2, 0),
        "bestemming": (5, 2, 0),
        "milieu": (5, 2, 0),
        "infrastructuur": (5, 2, 0),
        "kosten": (10, 0, 200_000),
    }
    assert set(scales) == set(raw)
    points = sum(point for point, _, _ in scales.values())
    total = sum(
        point * max(0.0, min(1.0, (raw[key] - bad) / (good - bad)))
        for key, (point, good, bad) in scales.items()
    )
    found = row_of(compared.comparison.totals, compared, place)["total"]
    assert found == pytest.approx(100 * total / points)


def test_what_the_neighbourhood_said_is_beside_the_score_and_not_in_it(
    compared: ComparedCandidates,
) -> None:
    assert ACCEPTANCE not in compared.measured.facts.raw.columns
    findings = {
        name: place.findings[ACCEPTANCE].finding
        for name in FOUND
        for place in compared.places
        if name in place.name
    }
    assert findings == {
        "Waarderpolder noordoost": "aandacht",
        "Schalkwijk noord-oost": "bezwaar",
    }
    assert compared.is_side_by_side
    assert compared.measured.is_example
