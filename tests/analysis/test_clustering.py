"""Clustering: three answers together, each with its own reason, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.spreading.clustering import (
    Clustering,
    SiteCounts,
    clustering_headline,
    moran_sentence,
    ripley_sentence,
)
from analysis.spreading.moran import Moran, measure_moran
from analysis.spreading.nearest_neighbour import measure_nearest_neighbour
from analysis.spreading.outcome import SEED, Band, Outcome
from analysis.spreading.ripley import Ripley, measure_ripley
from tests.analysis.clustering_cases import a_clustering, crow_walks, inputs

TOO_FEW = "Er zijn minder dan 10 locaties: te weinig locaties voor een toets."


def whole(value: float) -> str:
    return f"{value:.0f}"


def reason_keys(found: Clustering) -> list[str | None]:
    outcomes = (found.nearest_neighbour, found.moran.outcome, found.ripley.outcome)
    return [None if outcome.reason is None else outcome.reason.key for outcome in outcomes]


def test_each_answer_is_that_of_its_own_measure() -> None:
    given, found = inputs(20), a_clustering()
    on_foot, areas, homes = given["on_foot"], given["areas"], given["homes"]
    assert found.nearest_neighbour == measure_nearest_neighbour(
        on_foot.sites, on_foot.pool, draw_count=99
    )
    alone = measure_moran(
        areas["capacity_count"], areas["weight"], given["neighbours"], draw_count=99
    )
    assert found.moran.outcome == alone.outcome
    pd.testing.assert_frame_equal(found.moran.table.drop(columns="name"), alone.table)
    assert found.moran.table["name"].tolist() == areas["name"].tolist()
    ripley = measure_ripley(
        given["places_m"], homes.places_m, homes.resident_count, given["area_m2"], draw_count=99
    )
    assert found.ripley.outcome == ripley.outcome
    assert found.site_count == found.walked_site_count == 20
    assert found.seed == SEED


def test_the_seed_decides_every_draw() -> None:
    one, same, other = (a_clustering(seed=seed) for seed in (5, 5, 6))
    for outcome in ("nearest_neighbour",):
        assert getattr(one, outcome) == getattr(same, outcome) != getattr(other, outcome)
    assert one.ripley.outcome == same.ripley.outcome
    assert one.moran.outcome == same.moran.outcome != other.moran.outcome
    assert one.nearest_neighbour.band is not None
    assert one.nearest_neighbour.band.seed == 5


def test_below_ten_sites_there_is_no_answer_at_all() -> None:
    found = a_clustering(9)
    assert reason_keys(found) == ["too_few_sites"] * 3
    assert found.moran.table["reason"].eq(TOO_FEW).all()
    assert found.moran.table["key"].isna().all()
    assert found.moran.table["rate_per_10000"].notna().all()
    for sentence in (
        clustering_headline(found, whole),
        moran_sentence(found),
        ripley_sentence(found, whole),
    ):
        assert sentence == TOO_FEW


def test_protected_sites_count_for_the_wijken_and_have_no_distance() -> None:
    found = a_clustering(9, counts=SiteCounts(9, 0, 1))
    assert reason_keys(found) == ["too_few_sites", None, "too_few_sites"]


def test_without_streets_the_others_go_on() -> None:
    assert reason_keys(a_clustering(on_foot=None)) == ["no_streets", None, None]
    assert a_clustering(on_foot=None).walked_site_count == 0


def test_where_nobody_lives_only_the_wijken_can_be_compared() -> None:
    assert reason_keys(a_clustering(homes=None)) == ["no_residents", None, "no_residents"]


def test_too_few_wijken_leave_the_distances_alone() -> None:
    areas = inputs(20)["areas"].iloc[:15]
    found = a_clustering(areas=areas)
    assert reason_keys(found) == [None, "too_few_areas_to_compare", None]
    assert moran_sentence(found).startswith("Er zijn minder dan 20 gebieden met cijfers")


def test_a_site_without_a_way_to_another_is_not_in_the_mean() -> None:
    given = inputs(20)
    walks = crow_walks(given["places_m"])
    metres = walks.distance_m.copy()
    metres[0], metres[:, 0] = np.nan, np.nan
    on_foot = replace(given["on_foot"], sites=replace(walks, distance_m=metres))
    assert a_clustering(on_foot=on_foot).walked_site_count == 19


# What is said

BAND = Band(640.2, 800, 979.6, 999, 2022)


def told(value: float) -> str:
    found = replace(a_clustering(), nearest_neighbour=Outcome(value, band=BAND))
    return clustering_headline(replace(found, walked_site_count=42), whole)


def test_the_headline_says_what_is_and_what_chance_would_give() -> None:
    assert told(780.4) == (
        "De 42 locaties liggen gemiddeld 780 meter lopen van de dichtstbijzijnde andere. Bij "
        "toeval zou dat tussen 640 en 980 meter zijn: geen duidelijk verschil."
    )


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        (500, "meter zijn. Zij liggen dichter bij elkaar dan toeval geeft."),
        (1200, "meter zijn. Zij liggen verder uit elkaar dan toeval geeft."),
    ],
)
def test_a_clear_difference_is_said_calmly(value: float, ending: str) -> None:
    assert told(value).endswith(ending)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.4, "liggen vaker naast elkaar"),
        (-0.4, "liggen minder vaak naast elkaar"),
        (0.0, "geen duidelijk verschil"),
    ],
)
def test_the_wijken_have_a_sentence(value: float, words: str) -> None:
    outcome = Outcome(value, band=Band(-0.1, 0, 0.1, 999, 2022))
    found = a_clustering()
    moran = Moran(outcome, found.moran.table, found.moran.compared_count)
    assert words in moran_sentence(replace(found, moran=moran))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (900, "Binnen 500 meter van een locatie liggen meer locaties dan toeval geeft."),
        (50, "Binnen 500 meter van een locatie liggen minder locaties dan toeval geeft."),
        (300, "Op geen enkele afstand"),
    ],
)
def test_the_distances_in_a_straight_line_have_a_sentence(value: float, words: str) -> None:
    outcome = Outcome(value, band=Band(100, 300, 500, 999, 2022))
    found = replace(a_clustering(), ripley=Ripley(outcome, pd.DataFrame(), 500))
    assert ripley_sentence(found, whole).startswith(words)
