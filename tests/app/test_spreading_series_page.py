"""The page of the years: its words, its tables, its files and its charts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import zipfile
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from app.charts.lines import line_chart
from app.charts.series_charts import shown_moments
from app.charts.small_maps import SmallMap, small_maps
from tests.app.page_reader import read_page
from tests.app.test_spreading_series import IN_USE, ask

PATH = "/spreiding/verloop"


# The page


def test_the_page_tells_the_world_in_the_words_of_the_service(world: FlaskClient) -> None:
    page = read_page(world, PATH)
    assert page.status == 200
    assert page.lead.startswith("Sinds 1 januari 2025 gingen er 20 plekken weg.")
    assert "inwoners van 2024: andere jaren zijn er niet" in page.text
    places, evenness, maps, change = page.tables
    assert [row[:3] for row in places[1:]] == [
        [f"1 januari {year}", str(sum(counts)), str(sites)]
        for year, (counts, sites) in IN_USE.items()
    ]
    assert [row[1] for row in evenness[-2:]] == ["36,7", "30"]
    assert [row[2] for row in evenness[1:]] == ["2024"] * len(IN_USE)
    assert maps[0][:2] == ["Gemeente", "2015"]
    assert maps[0][-1] == "nu"
    assert maps[1][:2] == ["Middendorp", "0 onder"]
    assert change[1] == ["Middendorp", "8", "8", "0", "−3,3", "0"]
    assert change[2] == ["Zuiderveen", "52", "32", "−20", "−3,3", "0"]
    assert "Afgeschermde locaties hebben samen 20 plekken minder." in page.text
    assert "verdeeld over de regio" not in page.text


def test_the_year_that_was_chosen_stays_chosen_and_public_sites_are_linked(
    world: FlaskClient,
) -> None:
    page = read_page(world, f"{PATH}?van=2021&soort=beschut_wonen&plannen=besloten")
    assert page.lead.startswith(
        "Sinds 1 januari 2021 bleef het aantal plekken beschut wonen gelijk"
    )
    body = world.get(f"{PATH}?van=2021").get_data(as_text=True)
    assert '<option value="2021" selected>' in body
    assert re.search(r'href="/locatie/\d+">Proeflocatie 3', body)
    assert "/spreiding/verloop/jaren.csv?van=2021" in body


def test_unknown_places_are_called_at_least(world: FlaskClient) -> None:
    page = read_page(world, f"{PATH}?plannen=gepland")
    assert page.tables[0][-1][:2] == ["1 januari 2026", "minstens 46"]
    assert "zonder 1 gemeente" in page.tables[1][-1][1]


@pytest.mark.parametrize("part", ["jaren", "gebieden", "verandering"])
def test_every_table_is_a_file_with_source_and_method(client: FlaskClient, part: str) -> None:
    text_of = client.get(f"{PATH}/{part}.csv?van=2021").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text_of), delimiter=";"))
    assert rows
    assert all(row["bron_locaties"] and row["jaar_cijfers"] == "2024" for row in rows)
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{PATH}/{part}.xlsx?van=2021").data))
    words = " ".join(book.read(name).decode() for name in book.namelist())
    assert "/methode/verandering-hoover" in words
    assert "Alle jaren rekenen met de inwoners van 2024" in words


@pytest.mark.parametrize("key", ["plekken", "verdeling", "kaarten"])
@pytest.mark.parametrize("level", ["gemeente", "wijk"])
def test_every_chart_is_a_file_with_its_words_and_source(
    client: FlaskClient, key: str, level: str
) -> None:
    found = client.get(f"{PATH}/{key}.svg?niveau={level}")
    assert found.mimetype == "image/svg+xml"
    assert f"vlekkenplan-{key}.svg" in found.headers["Content-Disposition"]
    root = ElementTree.fromstring(found.data)
    written = " ".join(part.text or "" for part in root.iter() if part.text)
    assert "inwoners van 2024" in written
    assert "Voorbeeldgegevens." in written
    assert "Uitleg: /" in written


def test_a_chart_that_can_not_be_drawn_is_not_there(client: FlaskClient) -> None:
    page = read_page(client, f"{PATH}/verdeling.svg?basis=woningvoorraad")
    assert page.status == 404
    assert "te weinig jaren met cijfers" in page.lead


def test_a_measure_of_change_is_explained_with_todays_numbers(client: FlaskClient) -> None:
    page = read_page(client, "/methode/verandering-hoover")
    assert "De index ging van 0," in page.text
    assert "1 januari 2026 vergeleken met 1 januari 2025" in page.text
    assert PATH in page.links


def test_nothing_of_a_protected_site_is_in_what_happened(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    with guarded_site[1].connect() as connection:
        found = ask(connection, from_year=2019)
        hidden = set(
            connection.scalars(text("SELECT id FROM site WHERE publication <> 'openbaar'"))
        )
    named = {event.site_id for entry in found.events for event in entry.sites}
    assert named
    assert not named & hidden
    whole = guarded.get(f"{PATH}?van=2019").get_data(as_text=True)
    assert "Afgeschermde locaties hebben samen" in whole
    assert not any(f'/locatie/{site_id}"' in whole for site_id in hidden)


# The charts


def test_a_line_breaks_where_nothing_is_known() -> None:
    dates = [dt.date(year, 1, 1) for year in range(2020, 2026)]
    values = list(zip(dates, [1.0, 2.0, None, 4.0, 4.0, None], strict=True))
    drawn = line_chart("x", "Titel", "Zegt", values)
    assert drawn is not None
    assert len(drawn.shapes.paths) == 2
    assert len(drawn.shapes.dots) == 4
    assert [dot.text for dot in drawn.shapes.dots] == ["1", "", "", "4"]
    heights = [dot.y for dot in drawn.shapes.dots]
    assert heights == sorted(heights, reverse=True)
    assert line_chart("x", "Titel", "Zegt", values[1:3]) is None


def test_years_on_the_axis_are_never_too_many() -> None:
    values = [(dt.date(year, 1, 1), float(year)) for year in range(1990, 2031)]
    drawn = line_chart("x", "Titel", "Zegt", values)
    assert drawn is not None
    places = [x for x, _ in drawn.shapes.years]
    assert min(b - a for a, b in itertools.pairwise(places)) > 36


def test_maps_lie_beside_and_under_each_other_without_touching() -> None:
    maps = [SmallMap(str(n), "", {"A": "boven_aandeel", "Z": "onder_aandeel"}) for n in range(9)]
    drawn = small_maps("k", "Titel", "Zegt", maps, {"A": "M0,0 1,0 1,1Z"}, (300, 600))
    assert drawn is not None
    panels = drawn.shapes.panels
    assert len({(panel.x, panel.y) for panel in panels}) == 9
    assert {panel.areas for panel in panels} == {((0, "boven_aandeel"),)}
    lowest = max(panel.y for panel in panels) + 600 * drawn.shapes.scale
    assert all(swatch.y > lowest for swatch in drawn.shapes.swatches)
    assert drawn.height > max(swatch.y for swatch in drawn.shapes.swatches)
    assert small_maps("k", "Titel", "Zegt", [], {"A": "M0,0Z"}, (3, 3)) is None


def test_the_first_and_the_last_moment_are_always_on_the_maps(demo_connection: Connection) -> None:
    found = ask(demo_connection)
    shown = shown_moments(found.moments)
    assert len(shown) == 9
    assert (shown[0], shown[-1]) == (found.moments[0], found.moments[-1])
    assert shown_moments(found.moments[:2]) == list(found.moments[:2])
