"""Spreading, method, sources and types: the registries and today's numbers on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, text

from analysis.access.profiles import ACCESS_PROFILES, STARTING_VALUES, AccessProfile
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.measures import MEASURES
from analysis.method import MEASURE_GROUPS, Measure
from app.services.demo_dialogue import load_demo_dialogue
from data.dialogue_tables import Track
from data.figures import FIGURES, FigureDefinition
from data.sources import SOURCES
from tests.app.page_reader import read_page


def test_the_spreading_of_the_world_checked_by_hand(world: FlaskClient) -> None:
    page = read_page(world, "/spreiding")
    # 0.5 * (|0.8 - 0.5| + |0.2 - 0.375| + |0 - 0.125|) = 0.30 of 40 places.
    assert "12" in page.lead
    assert "De Hoover-index is 0,3: dat zijn 12 van de 40 plekken" in page.text
    rows = {row[0].split()[0]: row[1:4] for row in page.tables[0][1:4]}
    assert rows == {
        "Zuiderveen": ["32", "20", "+12"],
        "Middendorp": ["8", "15", "−7"],
        "Noorderzand": ["0", "5", "−5"],
    }


def test_an_area_within_chance_is_not_judged(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?soort=beschut_wonen")
    verdicts = {row[-1] for row in page.tables[0][1:-1]}
    assert verdicts <= {
        "boven aandeel",
        "onder aandeel",
        "geen duidelijk verschil",
        "niet te berekenen",
    }
    assert "geen duidelijk verschil" in verdicts


def test_the_choice_on_the_page_of_the_spreading_stays_chosen(client: FlaskClient) -> None:
    address = "/spreiding?soort=respijt&niveau=wijk&basis=huishoudens&plannen=besloten"
    html = client.get(f"{address}&datum=2025-01-01").get_data(as_text=True)
    for value in ("respijt", "wijk", "huishoudens", "besloten"):
        assert re.search(rf'<option value="{value}"\s+selected', html), value
    assert 'value="2025-01-01"' in html
    assert "/spreiding.csv?soort=respijt&amp;niveau=wijk" in html


def test_the_index_is_told_for_the_number_that_was_chosen(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?basis=huishoudens")
    assert "voor een gelijke verdeling naar huishoudens. 0 is helemaal gelijk" in page.text
    assert "gelijk te verdelen naar inwoners" not in page.text
    assert "niet lager dan 0." not in page.text


def test_margins_have_no_more_than_three_figures(client: FlaskClient) -> None:
    rows = read_page(client, "/spreiding?niveau=wijk&soort=beschut_wonen").tables[0]
    numbers = re.findall(r"[\d.,]+", " ".join(row[5] for row in rows[1:-1] if len(row) > 6))
    assert len(numbers) > 200
    assert all(len(number.strip("0,.").replace(",", "")) <= 3 for number in numbers)


def test_names_of_wijken_are_sorted_as_people_read_them(client: FlaskClient) -> None:
    rows = read_page(client, "/spreiding?niveau=wijk").tables[0]
    names = [row[0] for row in rows[1:-1] if "Beverwijk" in row[0]]
    assert names[2].startswith("de Pijp en Wijkerbroek")


def test_without_places_there_is_no_verdict(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?datum=1995-01-01")
    assert page.lead == "Er zijn geen plekken."
    assert "niet te berekenen" in page.text


@pytest.fixture(scope="module")
def _conversations(demo_site: tuple[Flask, Engine]) -> Iterator[None]:
    """The conversations of the example region, for as long as their measures are looked at."""
    owner = demo_site[1]
    assert load_demo_dialogue(owner)
    yield
    with owner.begin() as connection:
        connection.execute(delete(Track))


@pytest.mark.usefixtures("_conversations")
@pytest.mark.parametrize("entry", MEASURES, ids=lambda entry: entry.key)
def test_a_measure_is_explained_with_todays_numbers(
    client: FlaskClient, entry: Measure[Any]
) -> None:
    page = read_page(client, f"/methode/{entry.slug}")
    assert page.headings[0] == entry.label
    assert page.lead == entry.explanation
    assert "geen voorbeeld te geven" not in page.text
    assert entry.code_path in page.text
    for limit in entry.limits:
        assert limit in page.text


def test_the_measures_stand_in_their_groups(client: FlaskClient) -> None:
    page = read_page(client, "/methode")
    for group in MEASURE_GROUPS:
        assert f"{group.label}: dit rekenen wij zelf uit" in page.headings
    slugs = [entry.slug for entry in MEASURES]
    assert [link[9:] for link in page.links if link[9:] in slugs] == slugs


@pytest.mark.parametrize("entry", ACCESS_PROFILES, ids=lambda entry: entry.key)
def test_a_profile_is_shown_with_its_type(client: FlaskClient, entry: AccessProfile) -> None:
    page = read_page(client, f"/soorten/{entry.key}")
    assert entry.explanation in page.text
    assert STARTING_VALUES in page.text
    assert "/methode/toegangsscore" in page.links
    rows = page.tables[1][1:]
    assert [row[0] for row in rows] == [criterion.label for criterion in entry.criteria]
    assert [row[1] for row in rows] == [criterion.direction for criterion in entry.criteria]
    assert sum(int(row[4]) for row in rows) == 100
    for source in entry.sources:
        assert source.text in page.text


def test_skaeve_huse_ask_for_at_least_and_shops_for_at_most(client: FlaskClient) -> None:
    rows = read_page(client, "/soorten/skaeve_huse").tables[1]
    assert ["Woningen", "ver", "minstens 5 minuten", "hoogstens 1 minuut", "35"] in rows
    assert ["Supermarkt", "dichtbij", "hoogstens 20 minuten", "minstens 45 minuten", "15"] in rows


def test_the_method_of_the_score_leads_to_every_profile(client: FlaskClient) -> None:
    page = read_page(client, "/methode/toegangsscore")
    for entry in ACCESS_PROFILES:
        assert f"/soorten/{entry.key}#profiel" in page.links
        assert "profiel" in read_page(client, f"/soorten/{entry.key}").ids
    assert STARTING_VALUES in page.text


@pytest.mark.parametrize("entry", FIGURES, ids=lambda entry: entry.key)
def test_a_figure_tells_its_source_and_gaps(client: FlaskClient, entry: FigureDefinition) -> None:
    page = read_page(client, f"/methode/{entry.key}")
    assert [row[0] for row in page.tables[0][1:]] == ["Gemeenten", "Wijken", "Buurten"]
    known, missing = page.tables[0][3][1], page.tables[0][3][2]
    counts = [int(number) for number in re.findall(r"(\d+)(?=:|$)", missing)]
    assert int(known) + sum(counts) == 400


def test_the_sources_page_lists_every_release_and_source(
    client: FlaskClient, demo_site: tuple[Flask, Engine]
) -> None:
    page = read_page(client, "/bronnen")
    with demo_site[1].connect() as connection:
        releases = connection.execute(text("SELECT title, sha256 FROM source_release")).all()
    assert releases
    for title, sha256 in releases:
        assert title in page.text
        assert sha256 in page.text
    for source in SOURCES:
        assert any(heading.startswith(source.title) for heading in page.headings)
        assert source.delivers in page.text


def test_every_type_is_explained_in_plain_words(client: FlaskClient) -> None:
    overview = read_page(client, "/soorten")
    for entry in FACILITY_TYPES:
        assert entry.label in overview.headings
        page = read_page(client, f"/soorten/{entry.key}")
        for part in (entry.what_it_is, entry.for_whom, entry.size, entry.asks_of_place):
            assert part in page.text


def test_a_type_that_is_on_no_map_has_no_places(client: FlaskClient) -> None:
    for entry in FACILITY_TYPES:
        page = read_page(client, f"/soorten/{entry.key}")
        assert bool(page.tables) == (entry.recorded.key != "never_located")
        assert ("Waar zijn deze plekken?" in page.text) == entry.recorded.on_map
        if not entry.recorded.on_map:
            assert entry.recorded.explanation in page.text


def test_the_page_of_vrouwenopvang_says_why_it_is_on_no_map(client: FlaskClient) -> None:
    page = read_page(client, "/soorten/vrouwenopvang")
    assert "Waarom staat dit op geen kaart?" in page.headings
    assert not any(link.startswith(("/?soort", "/lijst/locaties")) for link in page.links)


def test_places_of_a_type_per_gemeente_checked_by_hand(world: FlaskClient) -> None:
    page = read_page(world, "/soorten/beschut_wonen")
    assert page.tables[0][1:] == [
        ["Middendorp", "8", "0", "6"],
        ["Noorderzand", "0", "0", "0"],
        ["Zuiderveen", "8", "0", "0"],
    ]
    assert "zijn er 2 locaties in gebruik, met 16 plekken" in page.text


def test_no_page_sets_a_cookie(client: FlaskClient) -> None:
    # /privacy says that there are none.
    for address in ("/", "/lijst", "/zoeken?q=haarlem", "/privacy"):
        assert "Set-Cookie" not in client.get(address).headers


@pytest.mark.parametrize("entry", FACILITY_TYPES, ids=lambda entry: entry.key)
def test_the_types_for_a_short_stay_lead_to_who_can_reach_them(
    client: FlaskClient, entry: FacilityType
) -> None:
    address = f"/bereikbaarheid/respijt?soort={entry.key}"
    links = read_page(client, f"/soorten/{entry.key}").links
    assert (address in links) == (entry.key in ("respijt", "time_out"))
    if address in links:
        assert read_page(client, address).status == 200
