"""Hoover, Gini and Theil with their bands, and when one is not shown."""

from __future__ import annotations

from dataclasses import fields
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import MEASURES
from analysis.method import Wording
from analysis.spreading import Spreading, headline, measure_spreading
from analysis.spreading.evenness import Evenness, measure_evenness
from analysis.spreading.gini import gini_index, lorenz_curve
from analysis.spreading.hoover import hoover_index
from analysis.spreading.outcome import Outcome, to_band
from analysis.spreading.random_draws import draw_evenness
from analysis.spreading.theil import theil_index
from tests.analysis.spreading_cases import (
    EXAMPLE_PLACES,
    HEUVELLAND,
    MAASTRICHT_SHELTERS,
    RESIDENTS_2024,
    areas_of,
    region,
    region_sites,
    sites_of,
    two_columns,
)

NAMES = ("hoover", "gini", "theil", "theil_between", "theil_within")
ZANDVOORT = dict.fromkeys(RESIDENTS_2024, 0) | {"Zandvoort": 6}


def outcomes(evenness: Evenness) -> dict[str, Outcome]:
    return {name: getattr(evenness, name) for name in NAMES}


def reason_keys(evenness: Evenness) -> list[str | None]:
    return [found.reason.key if found.reason else None for found in outcomes(evenness).values()]


def region_spreading() -> Spreading:
    return measure_spreading(
        region(EXAMPLE_PLACES), site_capacity_count=region_sites(EXAMPLE_PLACES)
    )


def wijken(places: dict[str, int | None]) -> pd.DataFrame:
    """Wijken of 100 residents whose gemeente is the first letter of their name."""
    areas = areas_of(dict.fromkeys(places, 100.0), places)
    areas["group"] = [code[0] for code in places]
    return areas


def test_the_numbers_of_the_region_are_those_of_the_measures() -> None:
    areas, found = region(EXAMPLE_PLACES), region_spreading().evenness
    columns = areas["capacity_count"], areas["weight"]
    assert found.hoover.value == pytest.approx(hoover_index(*columns))
    assert found.gini.value == pytest.approx(gini_index(*columns))
    assert found.theil.value == pytest.approx(theil_index(*columns).total)
    pd.testing.assert_frame_equal(found.lorenz, lorenz_curve(*columns))
    assert found.site_count == 29
    assert (found.draw_count, found.seed) == (999, 2022)


def test_the_bands_of_the_region_are_those_of_its_draws() -> None:
    found = region_spreading().evenness
    drawn = draw_evenness(region_sites(EXAMPLE_PLACES), region(EXAMPLE_PLACES)["weight"])
    for name in ("hoover", "gini", "theil"):
        assert outcomes(found)[name].band == to_band(drawn[name].to_numpy(), 2022)
        assert outcomes(found)[name].position == "geen_duidelijk_verschil"


def test_everything_in_one_gemeente_but_for_a_few_is_higher_than_chance_gives() -> None:
    places = dict.fromkeys(RESIDENTS_2024, 1) | {"Zandvoort": 200}
    found = measure_spreading(region(places), site_capacity_count=region_sites(places)).evenness
    assert [found.hoover.position, found.gini.position, found.theil.position] == ["hoger"] * 3


def test_sites_in_exact_proportion_are_lower_than_chance_gives() -> None:
    places: dict[str, int | None] = dict.fromkeys("ABCDEFGH", 40)
    areas = areas_of(dict.fromkeys(places, 10.0), places)
    found = measure_evenness(areas, sites_of(places, most_places=5))
    assert [found.hoover.position, found.gini.position, found.theil.position] == ["lager"] * 3


def test_another_seed_gives_another_band_and_the_same_number() -> None:
    first, again = (
        measure_evenness(region(EXAMPLE_PLACES), region_sites(EXAMPLE_PLACES), seed=seed)
        for seed in (1, 2)
    )
    assert first.gini.value == again.gini.value
    assert first.gini.band is not None
    assert first.gini.band != again.gini.band
    assert first.gini.band.seed == first.seed == 1


def test_theil_of_wijken_falls_apart_in_between_and_within_gemeenten() -> None:
    places: dict[str, int | None] = {"A1": 40, "A2": 20, "B1": 10, "B2": 10}
    found = measure_evenness(wijken(places), sites_of(places, most_places=5))
    assert found.theil_between.value == pytest.approx(0.75 * log(1.5) + 0.25 * log(0.5))
    assert found.theil_within.value == pytest.approx(
        0.75 * (2 / 3 * log(4 / 3) + 1 / 3 * log(2 / 3))
    )
    assert found.theil_between.band is not None
    assert found.theil_within.band is not None


def test_gemeenten_lie_in_no_larger_areas_and_have_no_parts() -> None:
    assert reason_keys(region_spreading().evenness) == [None, None, None, *["no_groups"] * 2]


def test_without_sites_there_are_numbers_and_no_bands() -> None:
    found = measure_spreading(region(EXAMPLE_PLACES)).evenness
    assert found.gini.value is not None
    assert found.gini.band is None
    assert found.site_count is None
    assert found.band_reason is not None
    assert found.band_reason.key == "sites_unknown"


@pytest.mark.parametrize(("most_places", "site_count"), [(5, 9), (4, 10)])
def test_ten_sites_are_the_fewest_for_a_band(most_places: int, site_count: int) -> None:
    places: dict[str, int | None] = {"A": 20, "B": 12, "C": 8 if site_count == 10 else 10}
    areas = areas_of(dict.fromkeys(places, 50.0), places)
    found = measure_evenness(areas, sites_of(places, most_places))
    assert found.site_count == site_count
    assert found.gini.value is not None
    assert (found.gini.band is None) is (site_count < 10)
    expected = None if site_count >= 10 else "too_few_sites"
    assert (found.band_reason and found.band_reason.key) == expected


def test_sites_without_places_are_no_sites_to_draw() -> None:
    places: dict[str, int | None] = {"A": 20, "B": 10}
    areas = areas_of(dict.fromkeys(places, 50.0), places)
    sites = pd.concat([sites_of(places, 5), pd.Series([0] * 8, ["A"] * 8)])
    assert measure_evenness(areas, sites).site_count == 6


@pytest.mark.parametrize("extra", [pd.Series([5.0], ["A"]), pd.Series([np.nan], ["A"])])
def test_sites_that_are_not_those_of_the_places_make_no_band(extra: pd.Series) -> None:
    places: dict[str, int | None] = {"A": 30, "B": 30}
    areas = areas_of(dict.fromkeys(places, 50.0), places)
    found = measure_evenness(areas, pd.concat([sites_of(places, 3), extra]))
    assert found.hoover.value == pytest.approx(0)
    assert found.hoover.band is None
    assert found.band_reason is not None
    assert found.band_reason.key == "sites_unknown"


def test_only_sites_in_counted_areas_take_part() -> None:
    places: dict[str, int | None] = {"A": 30, "B": 10, "C": 25, "D": None}
    areas = areas_of({"A": 50, "B": 50, "C": None, "D": 50}, places)
    sites = pd.concat([sites_of(places, 3), pd.Series([4.0, np.nan, 7.0], ["D", "D", "elders"])])
    found = measure_evenness(areas, sites)
    alone = measure_evenness(areas.iloc[:2], sites_of({"A": 30, "B": 10}, 3))
    assert found.site_count == alone.site_count == 14
    assert outcomes(found) == outcomes(alone)


@pytest.mark.parametrize(
    ("weights", "places", "reasons"),
    [
        ({"A": 5, "B": 5}, {"A": 0, "B": 0}, ["no_places"] * 5),
        ({"A": None, "B": None}, {"A": 1, "B": 2}, ["no_weight"] * 5),
        ({"A": 5, "B": 5}, {}, ["no_capacity"] * 5),
        ({"A": 5}, {"A": 3}, ["too_few_areas"] * 5),
        ({"A": 5, "B": 5}, {"A": 3, "B": 0}, [None, *["one_holder"] * 4]),
        ({"A": 5, "B": 5, "C": 0}, {"A": 3, "B": 2, "C": 1}, [None, *["places_without_base"] * 4]),
        ({"A": 5, "B": 0}, {"A": 3, "B": 0}, [None, *["too_few_bases"] * 4]),
        (
            dict.fromkeys("ABCDE", 5),
            {"A": 3, "B": 2, "C": 0, "D": 0, "E": 0},
            [None, *["mostly_empty"] * 4],
        ),
        (
            dict.fromkeys("ABCD", 5),
            {"A": 3, "B": 2, "C": 0, "D": 0},
            [None, None, None, *["no_groups"] * 2],
        ),
        # Empty areas without residents are no areas to stay empty.
        (
            {"A": 5, "B": 5, "C": 0, "D": 0, "E": 0},
            {"A": 3, "B": 2, "C": 0, "D": 0, "E": 0},
            [None, None, None, *["no_groups"] * 2],
        ),
    ],
)
def test_what_is_not_shown_says_why(
    weights: dict[str, float | None], places: dict[str, int | None], reasons: list[str | None]
) -> None:
    found = measure_spreading(areas_of(weights, places)).evenness
    assert reason_keys(found) == reasons
    assert found.lorenz.empty is (found.gini.value is None)


def test_mostly_empty_wijken_have_no_parts_either() -> None:
    places: dict[str, int | None] = {"A1": 9, "A2": 0, "B1": 8, "B2": 0, "B3": 0}
    assert reason_keys(measure_evenness(wijken(places)))[1:] == ["mostly_empty"] * 4


def test_no_areas_at_all_is_an_answer_too() -> None:
    found = measure_spreading(areas_of({}, {}), site_capacity_count=sites_of({})).evenness
    assert set(reason_keys(found)) == {"no_weight"}
    assert found.site_count == 0


@given(columns=two_columns(), most_places=st.integers(1, 30))
def test_the_order_of_rows_and_sites_changes_nothing(
    columns: tuple[pd.Series, pd.Series], most_places: int
) -> None:
    counts, weights = columns
    areas = pd.DataFrame({"name": counts.index, "weight": weights, "capacity_count": counts})
    sites = sites_of(dict(zip(counts.index, counts, strict=True)), most_places)
    first = outcomes(measure_evenness(areas, sites, draw_count=39))
    again = outcomes(measure_evenness(areas.iloc[::-1], sites.iloc[::-1], draw_count=39))
    for name in NAMES:
        assert again[name].reason == first[name].reason
        assert again[name].band == first[name].band
        assert again[name].value == (
            None if first[name].value is None else pytest.approx(first[name].value, abs=1e-12)
        )
        assert again[name].position == first[name].position


@given(columns=two_columns())
def test_every_measure_is_a_finite_number_or_a_reason(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    areas = pd.DataFrame({"name": counts.index, "weight": weights, "capacity_count": counts})
    areas["group"] = [code[:4] for code in counts.index]
    found = measure_evenness(
        areas, sites_of(dict(zip(counts.index, counts, strict=True)), 5), draw_count=19
    )
    for outcome in outcomes(found).values():
        assert outcome.value is None or np.isfinite(outcome.value)
    assert found.hoover.value is not None


def test_draws_that_are_kept_are_used() -> None:
    asked = []

    def keep(*question: object) -> pd.DataFrame:
        asked.append(question)
        return draw_evenness(*question)  # type: ignore[arg-type]

    measured = measure_spreading(
        region(EXAMPLE_PLACES), site_capacity_count=region_sites(EXAMPLE_PLACES), seed=5, draw=keep
    )
    assert len(asked) == 1
    assert asked[0][3:] == (999, 5)
    assert measured.evenness.gini.band is not None


def test_every_field_of_evenness_is_told() -> None:
    assert {field.name for field in fields(Evenness)} >= {*NAMES, "lorenz", "site_count", "seed"}


# Rows and headline agree


def test_one_site_of_six_places_in_zandvoort_is_no_pattern() -> None:
    spreading = measure_spreading(region(ZANDVOORT), site_capacity_count=region_sites(ZANDVOORT))
    row = spreading.table.set_index("name").loc["Zandvoort"]
    assert row["location_quotient_low"] > 1
    assert spreading.has_too_few_places
    assert set(spreading.table["verdict"]) == {"geen_duidelijk_verschil"}
    assert headline(spreading, Wording(), str) == (
        "Er zijn 6 plekken, allemaal in Zandvoort. Dat is te weinig om te zeggen of de verdeling "
        "over 8 gemeenten gelijk is."
    )
    example = MEASURES["oordeel"].example(spreading, Wording(), str)
    assert example is not None
    assert example.endswith("Voor een ander oordeel zijn er te weinig plekken.")


def test_ten_places_in_zandvoort_are_above_its_share() -> None:
    verdicts = measure_spreading(region(ZANDVOORT | {"Zandvoort": 10})).table
    assert verdicts.set_index("name").loc["Zandvoort", "verdict"] == "boven_aandeel"


def test_fewer_places_than_wijken_call_no_wijk_above() -> None:
    weights = {f"WK{i:02}": 10.0 for i in range(12)}
    areas = areas_of(weights, dict.fromkeys(weights, 0) | {"WK03": 11})
    assert set(measure_spreading(areas).table["verdict"]) == {"geen_duidelijk_verschil"}


def test_an_unknown_area_stays_unknown_among_few_places() -> None:
    areas = areas_of({"A": 10, "B": 10, "C": None}, {"A": 6, "B": 0, "C": 0})
    assert measure_spreading(areas).table["verdict"]["C"] == "niet_te_berekenen"


# The worked case of the policy papers


def test_seven_shelters_in_one_of_six_gemeenten_say_one_thing_only() -> None:
    places = dict.fromkeys(HEUVELLAND, 0) | {"Maastricht": sum(MAASTRICHT_SHELTERS)}
    shelters = pd.Series(MAASTRICHT_SHELTERS, ["Maastricht"] * 7)
    spreading = measure_spreading(areas_of(HEUVELLAND, places), site_capacity_count=shelters)
    found = spreading.evenness
    assert found.hoover.value == pytest.approx(1 - 121_600 / 206_700)
    assert reason_keys(found) == [None, *["one_holder"] * 4]
    assert found.gini.reason is not None
    assert found.gini.reason.label.startswith("Alle plekken liggen in één gebied.")
    assert found.site_count == 7
    assert found.band_reason is not None
    assert "te weinig locaties voor een toets" in found.band_reason.label
    for key in ("gini_index", "theil_index", "band_door_toeval"):
        assert MEASURES[key].example(spreading, Wording(), str) is None


def test_twenty_shelters_in_one_gemeente_are_higher_than_chance_gives() -> None:
    places = dict.fromkeys(HEUVELLAND, 0) | {"Maastricht": 160}
    shelters = pd.Series([8] * 20, ["Maastricht"] * 20)
    found = measure_evenness(areas_of(HEUVELLAND, places), shelters)
    # All twenty in Maastricht by chance: 121,600 / 206,700 to the power 20 is 1 in 40,000.
    assert found.hoover.position == "hoger"
    assert found.hoover.value == pytest.approx(1 - 121_600 / 206_700)
    assert found.gini.band is None
