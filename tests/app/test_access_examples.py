"""The examples of the measures of access: by hand where the world is small, and with reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.access.profiles import ACCESS_PROFILES
from analysis.measures import MEASURES
from analysis.method import ACCESS, Measure
from app.services.access_examples import TYPE
from app.services.availability import NO_PLACES
from app.services.demo import load_region
from app.services.street_store import NO_STREETS
from tests.app.page_reader import read_page
from tests.world import tiny_world

OF_ACCESS = [measure for measure in MEASURES if measure.group is ACCESS]


def dutch_number(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def test_the_travel_time_of_the_world_checked_by_hand(world: FlaskClient) -> None:
    # From (102.5, 480.5) both huisartsen are two streets of 500 m and two more away.
    page = read_page(world, "/methode/reistijd")
    assert "Van Proeflocatie 2 (voorbeeld) naar de huisarts" in page.text
    assert "is het 2.000 meter" in page.text
    assert "2.000 / 80 = 25 minuten lopen" in page.text


def test_a_score_that_can_not_be_made_says_why(world: FlaskClient) -> None:
    page = read_page(world, "/methode/toegangsscore")
    assert "er geen voorbeeld te geven. Niet te berekenen. Ontmoetingsplek:" in page.text


def test_an_internal_site_is_in_no_example(world: FlaskClient) -> None:
    # The only respijt place of the world is internal.
    for slug in ("bereik-binnen-15-minuten", "plekken-binnen-bereik"):
        page = read_page(world, f"/methode/{slug}")
        assert f"geen voorbeeld te geven. {NO_PLACES}" in page.text


def test_the_parts_of_the_score_add_up(client: FlaskClient) -> None:
    example = read_page(client, "/methode/toegangsscore").text
    parts = re.findall(r"minuten geeft (\S+) × (\S+) = (\S+)\.", example)
    assert len(parts) == len(ACCESS_PROFILES[TYPE].criteria)
    for weight, value, part in parts:
        assert dutch_number(part) == pytest.approx(
            dutch_number(weight) * dutch_number(value), abs=0.1
        )
    total = re.search(r"Samen (\S+) van de 100 punten", example)
    assert total
    assert dutch_number(total[1]) == pytest.approx(
        sum(dutch_number(part) for *_, part in parts), abs=0.2
    )


def test_the_share_is_that_of_the_residents_who_were_measured(client: FlaskClient) -> None:
    example = read_page(client, "/methode/bereik-binnen-15-minuten").text
    found = re.search(
        r"reistijd van (\S+) van hen\. Daarvan zijn er (\S+) binnen 15 minuten fietsen .*?: (\S+)%",
        example,
    )
    assert found
    measured, within, share = map(dutch_number, found.groups())
    assert share == pytest.approx(100 * within / measured, abs=0.05)


@pytest.mark.parametrize("measure", OF_ACCESS, ids=lambda measure: measure.key)
def test_an_example_leads_to_the_page_with_the_whole(
    client: FlaskClient, measure: Measure[Any]
) -> None:
    links = read_page(client, f"/methode/{measure.slug}").links
    found = [link for link in links if link.startswith(("/bereikbaarheid/", "/locatie/"))]
    assert len(found) == 1
    assert client.get(found[0]).status_code == 200


@pytest.fixture(scope="module")
def without_streets(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> FlaskClient:
    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            connection.execute(text("DELETE FROM street_edge"))
            connection.execute(text("DELETE FROM street_node"))

    return make_site(fill)[0].test_client()


@pytest.mark.parametrize("measure", OF_ACCESS, ids=lambda measure: measure.key)
def test_without_streets_every_example_says_so(
    without_streets: FlaskClient, measure: Measure[Any]
) -> None:
    page = read_page(without_streets, f"/methode/{measure.slug}")
    assert page.status == 200
    assert f"geen voorbeeld te geven. {NO_STREETS}" in page.text
