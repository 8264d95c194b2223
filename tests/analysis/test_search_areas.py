"""Search areas by hand on a hundred squares, and what must hold whatever the squares are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.access.profiles import Direction, profile_part
from analysis.access.score import measure_access
from analysis.errors import InputError
from analysis.method import Wording
from analysis.search_areas.areas import SearchAreas, find_search_areas
from analysis.search_areas.assessment import MEASURE, CellCase, assess_cells, score_towards
from analysis.search_areas.conditions import CONDITIONS, Conditions, conditions_of
from analysis.search_areas.grid import squares
from analysis.search_areas.reason import minutes_text, reasons_of
from app.numbers import to_dutch
from tests.analysis.search_cases import (
    NEAR_AND_FAR,
    NEAR_ONLY,
    box,
    column,
    facts_of,
    ground_of,
    row,
)

GOOD = {"huisarts": 5.0, "supermarkt": 5.0}
LOOSE = Conditions(kleinste=1)
NAMES = {"GM1": "Zuiderveen", "GM2": "Middendorp"}


def told(found: SearchAreas, number: int) -> Any:
    return reasons_of(found, NAMES, to_dutch)[number]


def test_where_all_is_well_the_areas_are_the_wijken() -> None:
    found = find_search_areas(facts_of(ground_of(), GOOD), LOOSE)
    assert found.areas["wijk_code"].tolist() == ["WK1", "WK2", "WK3"]
    assert found.areas["area_ha"].tolist() == [50, 25, 25]
    assert found.areas["whole_ha"].tolist() == [100, 100, 100]
    assert found.areas["whole_number"].nunique() == 1
    assert (found.cells["outcome"] == "past").all()
    assert found.areas.geometry.iloc[0].equals(box(0, 0, 500, 1000))
    assert found.total_ha == 100


def test_a_score_is_that_of_only_what_should_be_near_and_the_limit_itself_is_enough() -> None:
    ground = ground_of()
    # Value of 9 minutes between 5 (good) and 15 (bad): 0.6; of both together 60 of 100.
    facts = facts_of(ground, {"huisarts": 9.0, "supermarkt": 9.0})
    cells = assess_cells(facts, Conditions(bereikbaarheid=60))
    assert cells["access_score"].to_numpy() == pytest.approx(60)
    assert (cells["outcome"] == "past").all()
    cells = assess_cells(facts, Conditions(bereikbaarheid=61))
    assert (cells["outcome"] == "bereikbaarheid").all()
    assert cells["distance_score"].isna().all()


def test_near_and_far_are_scored_apart() -> None:
    # Near: 8 minutes is worth 0.7. Far: 3 minutes between 1 (bad) and 5 (good) is worth 0.5.
    facts = facts_of(ground_of(), {"huisarts": 8.0, "woningen": 3.0}, NEAR_AND_FAR)
    cells = assess_cells(facts, LOOSE)
    assert cells["access_score"].to_numpy() == pytest.approx(70)
    assert cells["distance_score"].to_numpy() == pytest.approx(50)
    assert (cells["outcome"] == "afstand").all()
    assert (assess_cells(facts, Conditions(afstand=50))["outcome"] == "past").all()


def test_the_first_thing_that_a_square_fails_on_is_told() -> None:
    ground = ground_of(("water", box(0, 0, 100, 1000)))
    unknown = np.where(column(ground, 0) | column(ground, 1), np.nan, 5.0)
    far = np.where(column(ground, 1) | column(ground, 2), 30.0, 5.0)
    places = np.where(column(ground, 2) | column(ground, 3), 21.0, 20.0)
    facts = facts_of(ground, {"huisarts": unknown, "supermarkt": far}, places=places)
    outcomes = assess_cells(facts, Conditions(bereikbaarheid=61))["outcome"]
    expected = ["grond", "onbekend", "bereikbaarheid", "plekken", "past"]
    for number, outcome in enumerate(expected):
        assert (outcomes[column(ground, number)] == outcome).all()


def test_without_a_limit_any_number_of_places_near_will_do() -> None:
    facts = facts_of(ground_of(), GOOD, places=500.0)
    assert (assess_cells(facts, Conditions())["outcome"] == "plekken").all()
    assert (assess_cells(facts, Conditions(plekken=None))["outcome"] == "past").all()


@pytest.mark.parametrize(
    ("choice", "verdict", "stays"),
    [
        ("alle", "boven_aandeel", True),
        ("niet_boven", "boven_aandeel", False),
        ("niet_boven", "niet_te_berekenen", True),
        ("niet_boven", "geen_duidelijk_verschil", True),
        ("onder", "geen_duidelijk_verschil", False),
        ("onder", "onder_aandeel", True),
    ],
)
def test_gemeenten_take_part_by_what_they_have(choice: str, verdict: str, stays: bool) -> None:
    ground = ground_of()
    facts = facts_of(ground, GOOD, verdicts={"GM1": verdict})
    outcomes = assess_cells(facts, Conditions(aandeel=choice))["outcome"]
    here = ground.cells["gemeente_code"] == "GM1"
    assert (outcomes[here] == ("past" if stays else "aandeel")).all()


def test_ground_that_rules_out_is_cut_from_the_area() -> None:
    facts = facts_of(ground_of(("water", box(0, 0, 120, 1000))), GOOD)
    found = find_search_areas(facts, LOOSE)
    first = found.areas.iloc[0]
    assert first["cell_count"] == 40
    assert first["area_ha"] == pytest.approx(38)
    assert first.geometry.equals(box(120, 0, 500, 1000))
    none = find_search_areas(facts, Conditions(grond=0))
    assert none.areas.iloc[0]["area_ha"] == 30
    assert (none.cells["outcome"] == "grond").sum() == 20


def test_squares_that_touch_at_a_corner_are_apart() -> None:
    ground = ground_of()
    cells = ground.cells
    is_good = ((cells["column"] == 1001) & (cells["row"] == 4801)) | (
        (cells["column"] == 1002) & (cells["row"].isin([4802, 4803]))
    )
    minutes = np.where(is_good, 5.0, 90.0)
    facts = facts_of(ground, {"huisarts": minutes, "supermarkt": 5.0})
    found = find_search_areas(facts, LOOSE)
    assert found.areas["cell_count"].tolist() == [2, 1]
    assert found.areas["whole_number"].nunique() == 2
    larger = find_search_areas(facts, Conditions(kleinste=2))
    assert larger.areas["cell_count"].tolist() == [2]
    assert larger.cells["outcome"].value_counts()["te_klein"] == 1


def test_the_smallest_size_is_that_of_the_whole_not_of_its_part_in_a_wijk() -> None:
    ground = ground_of()
    minutes = np.where(row(ground, 4) & (column(ground, 4) | column(ground, 5)), 5.0, 90.0)
    facts = facts_of(ground, {"huisarts": minutes, "supermarkt": 5.0})
    found = find_search_areas(facts, Conditions(kleinste=2))
    assert found.areas["cell_count"].tolist() == [1, 1]
    assert found.areas["gemeente_code"].tolist() == ["GM1", "GM2"]
    assert found.areas["whole_ha"].tolist() == [2, 2]


def test_nothing_that_fits_gives_no_areas() -> None:
    facts = facts_of(ground_of(), {"huisarts": 90.0, "supermarkt": 90.0})
    found = find_search_areas(facts, LOOSE)
    assert found.areas.empty
    assert found.total_ha == 0
    assert reasons_of(found, NAMES, to_dutch) == {}


def test_the_reason_names_what_is_near_enough_everywhere_and_what_is_not() -> None:
    ground = ground_of(("natuur", box(0, 0, 100, 1000)))
    minutes = np.linspace(4, 13, 100)
    places = np.where(row(ground, 3), 4.0, 0.0)
    facts = facts_of(
        ground, {"huisarts": 6.5, "supermarkt": minutes}, places=places, unknown_sites=1.0
    )
    reason = told(find_search_areas(facts, Conditions(bereikbaarheid=50)), 1)
    assert reason.because == (
        "Hier wel, omdat dit dichtbij genoeg is: de huisarts (6 tot 7 minuten fietsen)."
    )
    assert "Niet overal dichtbij genoeg: de supermarkt (4 tot 13 minuten fietsen)." in reason.facts
    assert (
        "In Zuiderveen is er geen duidelijk verschil met het evenredig aandeel van deze soort."
        in reason.facts
    )
    assert reason.facts[-1] == (
        "Binnen 400 meter lopen zijn nu 0 tot 4 plekken (alle soorten samen). Van 1 locatie daar "
        "weten wij het aantal plekken niet."
    )
    (attention,) = reason.attention
    assert attention.startswith("Beschermde natuur in 10 hectare van de 50 hectare. Dit is ")
    assert reason.text.startswith(reason.because)


def test_the_reason_of_a_type_that_asks_distance_begins_with_the_distance() -> None:
    facts = facts_of(ground_of(), {"huisarts": 8.0, "woningen": 4.2}, NEAR_AND_FAR)
    reason = told(find_search_areas(facts, LOOSE), 2)
    assert reason.because == (
        "Hier wel, omdat er afstand is tot woningen (4 tot 5 minuten lopen), en omdat dit "
        "dichtbij genoeg is: de huisarts (ongeveer 8 minuten lopen)."
    )
    assert (
        "De score voor wat dichtbij moet zijn is 70 van 100 en die voor afstand 80" in reason.text
    )
    assert "Middendorp heeft nu duidelijk minder plekken van deze soort" in reason.text


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (0.2, 0.9, "hoogstens 1 minuut"),
        (0.2, 3.1, "0 tot 4 minuten"),
        (4.0, 12.5, "4 tot 13 minuten"),
        (5.0, 5.0, "ongeveer 5 minuten"),
    ],
)
def test_minutes_are_told_in_whole_ones(least: float, most: float, text: str) -> None:
    assert minutes_text(least, most, to_dutch) == text


def test_conditions_out_of_range_are_refused_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        Conditions(bereikbaarheid=101, kleinste=0, aandeel="veel")
    assert len(refused.value.breaches) == 3
    with pytest.raises(InputError):
        Conditions(afstand=float("nan"))
    assert Conditions(plekken=None).plekken is None


def test_the_starting_values_are_those_of_the_list() -> None:
    start = Conditions()
    assert {entry.key: getattr(start, entry.key) for entry in CONDITIONS} == {
        entry.key: entry.start for entry in CONDITIONS
    }
    assert "afstand" not in [entry.key for entry in conditions_of(NEAR_ONLY.type)]
    assert "afstand" in [entry.key for entry in conditions_of(NEAR_AND_FAR.type)]


def test_facts_that_do_not_belong_together_are_refused() -> None:
    facts = facts_of(ground_of(), GOOD)
    for wrong in (
        {"minutes": facts.minutes.iloc[1:]},
        {"minutes": facts.minutes[["supermarkt", "huisarts"]]},
        {"minutes": facts.minutes.mask(facts.minutes > 0)},
        {"verdicts": facts.verdicts.drop("GM1")},
        {"verdicts": facts.verdicts.replace("onder_aandeel", "arm")},
    ):
        with pytest.raises(InputError):
            replace(facts, **wrong)


def test_the_example_of_the_method_reads_as_a_test_of_one_square() -> None:
    facts = facts_of(ground_of(), {"huisarts": 8.0, "woningen": 4.2}, NEAR_AND_FAR)
    cell = assess_cells(facts, LOOSE).iloc[0]
    case = CellCase("E1000N4800", "Zuiderveen", "Skaeve Huse", 0.05, cell, LOOSE, True)
    text = MEASURE.example(case, Wording(), to_dutch)
    assert text == (
        "Skaeve Huse, vakje E1000N4800 in Zuiderveen: uitgesloten grond 5% (hoogstens 25%), "
        "dichtbij 70 van 100 (minstens 60), afstand 80 van 100 (minstens 60), plekken dichtbij 0 "
        "(hoogstens 20). Het vakje voldoet aan alle voorwaarden: z = 1."
    )
    assert MEASURE.example(None, Wording(), to_dutch) is None


@st.composite
def regions(draw: st.DrawFn) -> Any:
    """Facts with random times, places and ground, some unknown."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    boxes = []
    for _ in range(draw(st.integers(0, 5))):
        west, south = rng.uniform(-100, 1000, 2)
        shape = box(west, south, west + rng.uniform(5, 400), south + rng.uniform(5, 400))
        boxes.append((str(rng.choice(["water", "strand", "startbaan", "natuur"])), shape))
    ground = ground_of(*boxes)
    minutes = {key: rng.uniform(0, 20, 100) for key in ("huisarts", "woningen")}
    minutes["huisarts"][rng.random(100) < 0.1] = np.nan
    facts = facts_of(ground, minutes, NEAR_AND_FAR, places=rng.integers(0, 40, 100).astype(float))
    barred = shapely.union_all([shape for kind, shape in boxes if kind != "natuur"])
    return facts, barred


conditions = st.builds(
    Conditions,
    bereikbaarheid=st.integers(0, 100),
    afstand=st.integers(0, 100),
    plekken=st.one_of(st.none(), st.integers(0, 40)),
    grond=st.integers(0, 50),
    kleinste=st.integers(1, 6),
    aandeel=st.sampled_from(["alle", "niet_boven", "onder"]),
)


@settings(max_examples=25, deadline=None)
@given(regions(), conditions)
def test_areas_cover_exactly_the_squares_that_fit_without_ground_that_rules_out(
    drawn: Any, asked: Conditions
) -> None:
    facts, barred = drawn
    found = find_search_areas(facts, asked)
    fits = found.cells[found.cells["outcome"] == "past"]
    assert (fits["area_number"] > 0).all()
    assert (found.cells.loc[found.cells["outcome"] != "past", "area_number"] == 0).all()
    whole = shapely.union_all(squares(fits).to_numpy())
    together = shapely.union_all(found.areas.geometry.to_numpy())
    assert shapely.symmetric_difference(whole.difference(barred), together).area < 1
    assert found.areas["area_ha"].sum() == pytest.approx(together.area / 10_000, abs=1e-3)
    assert found.areas.geometry.is_valid.all()
    assert not found.areas.geometry.is_empty.any()
    for number, cells in fits.groupby("area_number"):
        assert cells["wijk_code"].nunique() == 1
        assert found.areas.at[number, "cell_count"] == len(cells)


@settings(max_examples=25, deadline=None)
@given(regions(), conditions)
def test_nothing_is_suggested_on_ground_that_rules_out_or_outside_the_region(
    drawn: Any, asked: Conditions
) -> None:
    facts, barred = drawn
    found = find_search_areas(facts, asked)
    fits = found.cells[found.cells["outcome"] == "past"]
    middles = shapely.points(fits["x_m"], fits["y_m"])
    assert not shapely.contains_properly(barred, middles).any()
    # The outlines are on whole millimetres.
    assert shapely.area(shapely.intersection(found.areas.geometry.to_numpy(), barred)).sum() < 1
    assert shapely.difference(found.areas.union_all(), box(0, 0, 1000, 1000)).area < 1e-6
    assert (
        found.facts.ground.cells.loc[fits.index, "excluded_share"] <= asked.grond / 100 + 1e-6
    ).all()


@settings(max_examples=25, deadline=None)
@given(regions(), conditions, st.sampled_from(["bereikbaarheid", "afstand", "plekken", "grond"]))
def test_a_stricter_condition_never_adds_a_square(
    drawn: Any, asked: Conditions, which: str
) -> None:
    facts, _ = drawn
    now = getattr(asked, which)
    stricter = max(0, (40 if now is None else now) - 7)
    if which in ("bereikbaarheid", "afstand"):
        stricter = min(100, now + 7)
    before, after = (
        set(cells.index[cells["outcome"] == "past"])
        for cells in (
            assess_cells(facts, asked),
            assess_cells(facts, Conditions(**{**asked.to_words(), which: stricter})),
        )
    )
    assert after <= before


@settings(max_examples=25, deadline=None)
@given(regions(), conditions)
def test_ranges_hold_for_every_square_of_an_area(drawn: Any, asked: Conditions) -> None:
    facts, _ = drawn
    found = find_search_areas(facts, asked)
    for number in found.areas.index:
        cells = found.cells.index[found.cells["area_number"] == number]
        for key in ("huisarts", "woningen"):
            times = facts.minutes.loc[cells, key]
            assert found.ranges.at[(number, key), "least_min"] == times.min()
            assert found.ranges.at[(number, key), "most_min"] == times.max()
        scores = found.cells.loc[cells, "access_score"]
        assert found.area_ranges.at[number, "least_access_score"] == scores.min()
        assert scores.min() >= asked.bereikbaarheid - 1e-6
        place = found.areas.loc[number]
        inside = found.cells.loc[cells]
        assert ((inside["x_m"] == place["x_m"]) & (inside["y_m"] == place["y_m"])).sum() == 1


@settings(max_examples=15, deadline=None)
@given(regions())
def test_the_scores_are_those_of_the_access_score_with_the_profile_in_two(drawn: Any) -> None:
    facts, _ = drawn
    directions: tuple[Direction, ...] = ("dichtbij", "ver")
    for direction in directions:
        part = profile_part(NEAR_AND_FAR, direction)
        assert part is not None
        expected = measure_access(facts.minutes, part).scores["score"]
        found = score_towards(facts.minutes, NEAR_AND_FAR, direction)
        pd.testing.assert_series_equal(found, expected, check_names=False)
