"""Every measure explains itself, and its page and its code say the same."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.access.availability import share_within, typical_minutes
from analysis.access.facts import AccessFacts, AreaRow, PlaceScore, Trip
from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import measure_access
from analysis.access.two_step import places_per_area
from analysis.comparing.model import Comparison
from analysis.measures import MEASURES
from analysis.method import (
    ACCESS,
    CHANGE,
    CLUSTERING,
    COMPARING,
    EXPOSURE,
    SPREADING,
    Measure,
    Wording,
)
from analysis.spreading import Spreading, measure_spreading
from analysis.spreading.change import SpreadingChange, measure_change
from analysis.spreading.clustering import Clustering
from analysis.spreading.exposure import exposure_by_area, places_near
from analysis.spreading.exposure_change import measure_exposure_change
from analysis.spreading.exposure_facts import ExposureFacts, NearArea, NearChange, NearPoint
from tests.analysis.clustering_cases import a_clustering
from tests.analysis.comparing_cases import BY_HAND, POINTS, compared
from tests.analysis.exposure_cases import CAPACITY, DISTANCE_M, GEMEENTE, IN_USE
from tests.analysis.exposure_cases import RESIDENTS as EXPOSED
from tests.analysis.spreading_cases import (
    EXAMPLE_PLACES,
    RESIDENTS_2024,
    areas_of,
    region,
    region_sites,
    sites_of,
)

ROOT = Path(__file__).parents[2]
OF_SPREADING = [entry for entry in MEASURES if entry.group is SPREADING]
OF_CHANGE = [entry for entry in MEASURES if entry.group is CHANGE]
OF_CLUSTERING = [entry for entry in MEASURES if entry.group is CLUSTERING]
OF_ACCESS = [entry for entry in MEASURES if entry.group is ACCESS]
#: Choosing several at once explains itself with a whole plan, not with a comparison.
OF_COMPARING = [
    entry for entry in MEASURES if entry.group is COMPARING and entry.key != "gelijktijdig_kiezen"
]
OF_EXPOSURE = [entry for entry in MEASURES if entry.group is EXPOSURE]


@pytest.fixture(params=MEASURES, ids=lambda entry: entry.key)
def measure(request: pytest.FixtureRequest) -> Measure[Any]:
    chosen: Measure[Any] = request.param
    return chosen


@pytest.fixture(params=OF_SPREADING, ids=lambda entry: entry.key)
def spreading_measure(request: pytest.FixtureRequest) -> Measure[Spreading]:
    chosen: Measure[Spreading] = request.param
    return chosen


@pytest.fixture(params=OF_CHANGE, ids=lambda entry: entry.key)
def change_measure(request: pytest.FixtureRequest) -> Measure[SpreadingChange]:
    chosen: Measure[SpreadingChange] = request.param
    return chosen


@pytest.fixture(params=OF_CLUSTERING, ids=lambda entry: entry.key)
def clustering_measure(request: pytest.FixtureRequest) -> Measure[Clustering]:
    chosen: Measure[Clustering] = request.param
    return chosen


@pytest.fixture(params=OF_ACCESS, ids=lambda entry: entry.key)
def access_measure(request: pytest.FixtureRequest) -> Measure[AccessFacts]:
    chosen: Measure[AccessFacts] = request.param
    return chosen


@pytest.fixture(params=OF_EXPOSURE, ids=lambda entry: entry.key)
def exposure_measure(request: pytest.FixtureRequest) -> Measure[ExposureFacts]:
    chosen: Measure[ExposureFacts] = request.param
    return chosen


@pytest.fixture(params=OF_COMPARING, ids=lambda entry: entry.key)
def comparing_measure(request: pytest.FixtureRequest) -> Measure[Comparison]:
    chosen: Measure[Comparison] = request.param
    return chosen


def one_decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def test_the_formula_on_the_page_stands_in_the_docstring_of_the_code(measure: Measure[Any]) -> None:
    docstring = inspect.getdoc(measure.function) or ""
    assert " ".join(measure.formula.split()) in " ".join(docstring.split())
    assert "Source:" in docstring


def test_every_letter_of_the_formula_is_explained(measure: Measure[Any]) -> None:
    letters = {letter for symbol, _ in measure.symbols for letter in symbol.split(", ")}
    for letter in re.findall(r"\b(?:[A-Za-zα]{1,4}_[a-z]{1,2}|H|C|W|α)\b", measure.formula):
        assert letter in letters
    assert all(meaning for _, meaning in measure.symbols)


def test_every_measure_names_its_unit_its_limits_and_its_literature(measure: Measure[Any]) -> None:
    assert measure.unit
    assert measure.formula_words
    assert measure.limits
    assert measure.sources
    for limit in measure.limits:
        assert re.fullmatch(r"[A-Z].*\.", limit, flags=re.DOTALL)


def test_the_code_reference_leads_to_the_code(measure: Measure[Any]) -> None:
    source = (ROOT / measure.code_path).read_text(encoding="utf-8")
    assert f"def {measure.code_reference.rpartition('.')[2]}(" in source


def test_the_address_of_a_measure_finds_it_again(measure: Measure[Any]) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", measure.slug)
    assert MEASURES.find(measure.slug) is measure


def test_every_measure_of_spreading_has_a_worked_example_with_todays_figures(
    spreading_measure: Measure[Spreading],
) -> None:
    spreading = measure_spreading(
        region(EXAMPLE_PLACES), site_capacity_count=region_sites(EXAMPLE_PLACES)
    )
    example = spreading_measure.example(spreading, Wording(), one_decimal)
    assert example is not None
    assert re.search(r"\d,\d", example) or "Het oordeel" in example
    assert "None" not in example
    assert "nan" not in example


def test_a_measure_of_spreading_without_figures_gives_no_example(
    spreading_measure: Measure[Spreading],
) -> None:
    nothing = measure_spreading(region(dict.fromkeys(RESIDENTS_2024, 0)))
    assert spreading_measure.example(nothing, Wording(), one_decimal) is None


def test_an_example_never_takes_an_area_without_figures(
    spreading_measure: Measure[Spreading],
) -> None:
    places: dict[str, int | None] = {"Onbekend": 90, "A": 30, "B": 10}
    spreading = measure_spreading(
        areas_of({"Onbekend": None, "A": 10, "B": 30}, places),
        site_capacity_count=sites_of(places, most_places=2),
    )
    example = spreading_measure.example(spreading, Wording(), one_decimal)
    assert example is not None
    assert "Onbekend" not in example


def test_the_limit_of_places_that_come_together_is_said_with_the_interval() -> None:
    marge = MEASURES["marge"]
    assert any("één locatie" in limit for limit in marge.limits)
    assert "independently" in (inspect.getdoc(marge.function) or "")


# Change


def test_every_measure_of_change_has_a_worked_example(
    change_measure: Measure[SpreadingChange],
) -> None:
    weights = {"A": 20.0, "B": 15.0, "C": 5.0}
    then = areas_of(weights, {"A": 52, "B": 8, "C": 0})
    now = areas_of(weights, {"A": 32, "B": 8, "C": 0})
    example = change_measure.example(measure_change(then, now), Wording(), "{:.3f}".format)
    assert example == (
        "De index ging van 0.367 naar 0.300. Plekken die erbij kwamen of weggingen, maakten de "
        "index 0.067 lager. Wat veranderde aan het aantal inwoners, maakte de index 0.000 hoger "
        "of lager. "
        "A had de grootste invloed: 0.033 lager."
    )


def test_a_measure_of_change_without_figures_gives_no_example(
    change_measure: Measure[SpreadingChange],
) -> None:
    nothing, some = region(dict.fromkeys(RESIDENTS_2024, 0)), region(EXAMPLE_PLACES)
    for then, now in ((nothing, some), (some, nothing), (nothing, nothing)):
        assert change_measure.example(measure_change(then, now), Wording(), one_decimal) is None


# Clustering


def test_every_measure_of_clustering_has_a_worked_example(
    clustering_measure: Measure[Clustering],
) -> None:
    example = clustering_measure.example(a_clustering(), Wording(), one_decimal)
    assert example is not None
    assert re.search(r"\d,\d", example)
    assert "None" not in example
    assert "nan" not in example


def test_a_measure_of_clustering_without_figures_gives_no_example(
    clustering_measure: Measure[Clustering],
) -> None:
    assert clustering_measure.example(a_clustering(9), Wording(), one_decimal) is None


def test_measures_that_draw_say_that_a_handful_of_sites_gets_no_answer(
    clustering_measure: Measure[Clustering],
) -> None:
    told = " ".join(clustering_measure.limits)
    assert "minder dan" in told or "Onder 10" in told or "door toeval" in told


# Access


def access_facts() -> AccessFacts:
    """A case of each measure, small enough to check by hand."""
    mode, points = TRAVEL_MODES["walk"], pd.Index(["p1", "p2"])
    minutes, people = pd.Series([4.5, 20.0], points), pd.Series([600, 400], points)
    areas = pd.Series(["GM1", "GM1"], points)
    profile = ACCESS_PROFILES["sociaal_hostel"]
    of_criteria = pd.DataFrame(10.0, ["s1"], [entry.key for entry in profile.criteria])

    def row(table: pd.DataFrame) -> AreaRow:
        return AreaRow("Middendorp", "een respijtplek", mode, table.T["GM1"])

    return AccessFacts(
        trip=Trip("De Linde", "de huisarts", "Praktijk Zuid", 484.4, mode),
        place=PlaceScore("De Linde", "s1", measure_access(of_criteria, profile)),
        within=row(share_within(minutes, people, areas)),
        typical=row(typical_minutes(minutes, people, areas)),
        shared=row(places_per_area(pd.Series([2.0, 4.5], points), people, areas)),
    )


def worked(key: str) -> str:
    example = MEASURES[key].example(access_facts(), Wording("bed", "bedden"), one_decimal)
    assert example is not None
    return example


def test_the_travel_time_is_worked_out() -> None:
    assert "484,0 / 80,0 = 6,1 minuten lopen" in worked("reistijd")


def test_every_part_of_a_score_is_worked_out() -> None:
    example = worked("toegangsscore")
    # A supermarkt at 10 minutes, good at 5 and bad at 15, is worth half of its 25 points.
    assert "Supermarkt: 10,0 minuten geeft 25,0 × 0,5 = 12,5." in example
    assert example.count(" × ") == len(ACCESS_PROFILES["sociaal_hostel"].criteria)
    # 12.5 + 25 + 20 x 0.5 + 15 + 15
    assert example.endswith("Samen 77,5 van de 100 punten.")


def test_the_figures_of_an_area_are_worked_out() -> None:
    assert worked("bereik_binnen_15_minuten").endswith("bij een respijtplek: 60,0%.")
    assert "De helft is binnen 4,5 minuten lopen" in worked("mediaan_minuten")
    assert "9 van de 10 zijn er binnen 20,0 minuten." in worked("mediaan_minuten")
    # (600 x 2 + 400 x 4.5) / 1000
    assert "3,0 bedden per 10.000 inwoners" in worked("plekken_binnen_bereik")


def test_a_measure_of_access_without_figures_gives_no_example(
    access_measure: Measure[AccessFacts],
) -> None:
    assert access_measure.example(AccessFacts(), Wording(), one_decimal) is None


def test_an_example_of_access_needs_known_figures(access_measure: Measure[AccessFacts]) -> None:
    points = pd.Index(["p1"])
    unknown = (pd.Series([float("nan")], points), pd.Series([9], points), pd.Series(["A"], points))
    empty = measure_access(pd.DataFrame(index=["s1"]), ACCESS_PROFILES["sociaal_hostel"])

    def row(table: pd.DataFrame) -> AreaRow:
        return AreaRow("Onbekend", "een respijtplek", TRAVEL_MODES["walk"], table.T["A"])

    nothing = AccessFacts(
        place=PlaceScore("De Linde", "s1", empty),
        within=row(share_within(*unknown)),
        typical=row(typical_minutes(*unknown)),
        shared=row(places_per_area(*unknown)),
    )
    assert access_measure.example(nothing, Wording(), one_decimal) is None


def test_every_measure_of_access_says_that_hills_and_waiting_take_no_time(
    access_measure: Measure[AccessFacts],
) -> None:
    told = " ".join(access_measure.limits)
    assert "Hoogteverschil telt niet mee" in told
    assert "OpenStreetMap" in told
    assert "wanneer iets open is" in told


# Exposure


def exposure_facts() -> ExposureFacts:
    """The world of twelve squares, with and without its plan."""
    near, after = (
        places_near(DISTANCE_M.loc[names], CAPACITY[names])
        for names in (IN_USE, [*IN_USE, "TINY-4"])
    )
    table = exposure_by_area(near, 800, EXPOSED, GEMEENTE)
    return ExposureFacts(
        point=NearPoint("Zuiderveen-West", 250, 800, (24, 8)),
        area=NearArea("Middendorp", 800, table.T["GM9002"]),
        change=NearChange("De Linde", 6, 800, measure_exposure_change(near, after, EXPOSED)),
    )


def exposed(key: str, facts: ExposureFacts | None = None) -> str | None:
    return MEASURES[key].example(facts or exposure_facts(), Wording(), one_decimal)


def test_the_places_near_a_point_are_worked_out() -> None:
    told = exposed("plekken_dichtbij")
    assert told is not None
    assert told.endswith("liggen 2 locaties. Samen: 24,0 + 8,0 = 32,0 plekken.")
    one = exposed("plekken_dichtbij", ExposureFacts(point=NearPoint("A", 9, 400, (1,))))
    assert one is not None
    assert one.endswith("ligt 1 locatie, met 1,0 plek.")


def test_the_places_near_an_area_are_worked_out() -> None:
    told = exposed("plekken_dichtbij_per_gebied")
    assert told is not None
    # 800 of 1,500 residents have 8 places near: 6,400 / 1,500.
    assert "Het hoogste aantal plekken binnen 800,0 meter lopen is 8,0." in told
    assert "Gemiddeld zijn het er 4,3" in told


def test_an_area_with_unknown_places_is_told_as_at_least() -> None:
    near = places_near(DISTANCE_M, CAPACITY)
    row = exposure_by_area(near, 400, EXPOSED, GEMEENTE).T["GM9003"]
    told = exposed("plekken_dichtbij_per_gebied", ExposureFacts(area=NearArea("Noord", 400, row)))
    assert told is not None
    assert told.count("minstens") == 2


def test_what_a_site_changes_is_worked_out() -> None:
    told = exposed("verandering_dichtbij")
    assert told is not None
    assert "Dan hebben 400,0 inwoners meer plekken binnen 800,0 meter lopen." in told
    assert "Voor 300,0 inwoners komt de dichtstbijzijnde plek dichterbij" in told
    assert told.endswith("12,5 minuten lopen of minder.")


def test_a_measure_of_exposure_without_figures_gives_no_example(
    exposure_measure: Measure[ExposureFacts],
) -> None:
    assert exposure_measure.example(ExposureFacts(), Wording(), one_decimal) is None


def test_every_measure_of_exposure_tells_its_limits(
    exposure_measure: Measure[ExposureFacts],
) -> None:
    told = " ".join(exposure_measure.limits)
    assert "over straten en paden" in told
    assert "Afgeschermde locaties tellen niet mee" in told
    assert "één punt per buurt" in told
    assert "hulp dichtbij" in told


# Comparing


def a_comparison() -> Comparison:
    return compared(BY_HAND, POINTS)


def weighed(key: str) -> str:
    example = MEASURES[key].example(a_comparison(), Wording(), one_decimal)
    assert example is not None
    return example


def test_every_measure_of_comparing_has_a_worked_example(
    comparing_measure: Measure[Comparison],
) -> None:
    example = comparing_measure.example(a_comparison(), Wording(), one_decimal)
    assert example is not None
    assert "nan" not in example
    assert "None" not in example
    assert "beste" not in example


def test_a_measure_of_comparing_without_figures_gives_no_example(
    comparing_measure: Measure[Comparison],
) -> None:
    nothing = compared({"A": (None, None, None), "B": (None, None, None)}, POINTS)
    assert comparing_measure.example(nothing, Wording(), one_decimal) is None


def test_a_total_is_worked_out() -> None:
    assert weighed("totaal_van_een_kandidaat") == (
        "A. Nabij: 50,0 × 0,9 = 45,0. Rust: 30,0 × 0,2 = 6,0. Geld: 20,0 × 0,5 = 10,0. "
        "Samen 61,0 van de 100 punten."
    )


def test_a_turning_point_is_worked_out() -> None:
    # Per point from the first to the second criterion B gains 1.4 on A, of 8 points.
    assert "B komt vooraan als u ongeveer 5,7 van de 100 punten verschuift" in weighed(
        "kleinste_wijziging"
    )
