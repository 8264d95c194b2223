"""The pages of search areas as visitors and planners read them, and their files and map."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.config import Settings
from app.numbers import to_dutch
from app.services.demo import load_region
from app.services.search_areas import SearchAnswer, read_search_question, search_areas
from app.services.search_list import area_entries, excluded_ground, headline
from data import schema
from tests.app.conftest import PROTECTED_NAME, TODAY
from tests.app.page_reader import read_page
from tests.app.signed_in import signed_in
from tests.own_app import own_app
from tests.world import tiny_world

Site = tuple[Flask, Engine]
PAGE = "/zoekgebieden/skaeve_huse"


@pytest.fixture(scope="module")
def answer(demo_site: Site) -> SearchAnswer:
    app, engine = demo_site
    with engine.connect() as connection:
        home = app.config["SETTINGS"].home
        return search_areas(connection, home, read_search_question("skaeve_huse", TODAY))


def test_the_types_to_choose_from_have_what_is_needed_there_and_planned(world: FlaskClient) -> None:
    page = read_page(world, "/zoekgebieden")
    assert page.headings[0] == "Waar zou het kunnen?"
    (table,) = page.tables
    rows = {row[0]: row[1:] for row in table[1:]}
    assert len(rows) == 13
    assert rows["Beschut wonen"] == ["39", "16", "0", "6", "23"]
    assert rows["Respijtplek"] == ["minstens 3", "0", "0", "0", "niet te berekenen"]
    assert rows["Skaeve Huse"] == ["niet ingevuld", "0", "0", "niet bekend", "niet te berekenen"]
    assert "/zoekgebieden/beschut_wonen" in page.links


def test_the_page_says_what_was_found_and_lists_every_area(
    client: FlaskClient, answer: SearchAnswer
) -> None:
    page = read_page(client, PAGE)
    entries = area_entries(answer)
    assert page.lead == headline(answer, entries, None)
    assert {entry.anchor for entry in entries} <= set(page.ids)
    for entry in entries[::40]:
        assert entry.reason.because in page.text
        assert all(fact in page.text for fact in entry.reason.facts)
    for ground in excluded_ground(answer):
        assert f"grond-{ground.use.key}" in page.ids
        assert ground.use.ground in page.text
    assert "Een zoekgebied is geen besluit" in page.text
    assert "Van deze soorten grond is niets ingelezen" in page.text
    assert "beste plek" not in page.text
    assert "/methode/zoekgebied" in page.links


def test_the_map_has_the_shapes_of_the_list_and_the_ground_that_rules_out(
    client: FlaskClient, answer: SearchAnswer
) -> None:
    html = client.get(PAGE).get_data(as_text=True)
    listed = {int(number) for number in re.findall(r'data-gebied="(\d+)"', html)}
    asked = client.get(f"{PAGE}/kaart.json")
    layers = json.loads(asked.get_data())
    assert {feature["id"] for feature in layers["gebieden"]["features"]} == listed
    kinds = {feature["id"] for feature in layers["uitgesloten"]["features"]}
    assert {"water", "startbaan", "strand"} <= kinds
    assert all(f'id="grond-{kind}"' in html for kind in kinds)
    (unknown,) = layers["onbekend"]["features"]
    assert shapely.from_geojson(json.dumps(unknown["geometry"])).is_valid
    first = layers["gebieden"]["features"][0]
    drawn = gpd.GeoSeries(
        [shapely.from_geojson(json.dumps(first["geometry"]))], crs="EPSG:4326"
    ).to_crs("EPSG:28992")
    stored = answer.found.areas.geometry.loc[first["id"]]
    assert drawn.iloc[0].area == pytest.approx(stored.area, rel=0.02)
    again = client.get(f"{PAGE}/kaart.json", headers={"If-None-Match": asked.headers["ETag"]})
    assert again.status_code == 304


def test_other_conditions_stand_in_the_address_and_in_every_link(client: FlaskClient) -> None:
    address = f"{PAGE}?bereikbaarheid=80&plekken=&gemeente=GM0394&kleinste=5"
    page = read_page(client, address)
    assert page.lead.startswith("In Haarlemmermeer ")
    assert "minstens 80 van 100" in page.text
    assert "plekken binnen 400 meter lopen," not in page.text.split("Gemeente")[0]
    (to_csv,) = [link for link in page.links if ".csv" in link]
    query = parse_qs(urlsplit(to_csv).query, keep_blank_values=True)
    assert query == {
        "bereikbaarheid": ["80"],
        "plekken": [""],
        "gemeente": ["GM0394"],
        "kleinste": ["5"],
    }
    html = client.get(address).get_data(as_text=True)
    assert set(re.findall(r'data-layers="([^"]*)"', html)[0].partition("?")[2].split("&amp;")) == {
        "bereikbaarheid=80",
        "plekken=",
        "gemeente=GM0394",
        "kleinste=5",
    }
    fewer = len(re.findall("data-gebied=", html))
    more = len(re.findall("data-gebied=", client.get(f"{PAGE}?gemeente=GM0394").text))
    assert fewer < more


def test_with_conditions_that_nothing_meets_the_page_says_so(client: FlaskClient) -> None:
    page = read_page(client, f"{PAGE}?bereikbaarheid=100&afstand=100&kleinste=100")
    assert page.status == 200
    assert page.lead.startswith("In de regio is met deze voorwaarden geen zoekgebied")
    assert "Maak een voorwaarde ruimer" in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bereikbaarheid=veel", "bereikbaarheid"),
        ("afstand=101", "afstand"),
        ("plekken=-1", "plekken"),
        ("grond=51", "grond"),
        ("kleinste=0", "kleinste"),
        ("aandeel=meest", "aandeel"),
        ("plannen=ooit", "plannen"),
        ("gemeente=GM0363", "gemeente"),
        ("datum=gisteren", "datum"),
    ],
)
@pytest.mark.parametrize("suffix", ["", "/kaart.json", "/gebieden.csv"])
def test_a_parameter_that_can_not_be_used_is_named(
    client: FlaskClient, query: str, field: str, suffix: str
) -> None:
    answer = client.get(f"{PAGE}{suffix}?{query}")
    assert answer.status_code == 400
    assert field in answer.get_data(as_text=True)


def test_a_type_by_another_name_leads_to_its_page_and_what_is_no_place_is_not_found(
    client: FlaskClient,
) -> None:
    moved = client.get("/zoekgebieden/Skaeve Huse")
    assert (moved.status_code, moved.headers["Location"]) == (301, PAGE)
    for word in ("villa", "vrouwenopvang", "omklapwoning"):
        assert client.get(f"/zoekgebieden/{word}").status_code == 404


def test_without_streets_the_page_says_why_there_is_nothing(
    fresh_database_url: str, tmp_path: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        connection.execute(text("DELETE FROM street_edge"))
    with own_app(Settings(tmp_path, secret_key="test", tile_url=None), engine) as app:
        visitor = app.test_client()
        page = read_page(visitor, PAGE)
        assert page.status == 200
        assert page.lead.startswith("Dit is nog niet te meten. Er zijn nog geen straten")
        assert "Er zijn nog geen straten" in read_page(visitor, "/methode/zoekgebied").text
    engine.dispose()


def test_the_method_page_works_with_a_square_of_today(client: FlaskClient) -> None:
    page = read_page(client, "/methode/zoekgebied")
    assert "Het vakje voldoet aan alle voorwaarden: z = 1." in page.text
    assert "/zoekgebieden" in page.links


def test_the_files_hold_the_areas_their_reasons_and_their_sources(
    client: FlaskClient, answer: SearchAnswer, tmp_path: Path
) -> None:
    entries = {entry.number: entry for entry in area_entries(answer)}
    told = client.get(f"{PAGE}/gebieden.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told), delimiter=";"))
    assert [int(row["nummer"]) for row in rows] == list(entries)
    for row in rows[::30]:
        entry = entries[int(row["nummer"])]
        assert row["waarom"].startswith(entry.reason.because)
        assert row["hectare"] == f"{entry.area_ha:.1f}".replace(".", ",")
        assert row["methode"] == "/methode/zoekgebied"
        assert row["bron_straten"]
        assert row["jaar_grond"]
    file = tmp_path / "areas.gpkg"
    file.write_bytes(client.get(f"{PAGE}/gebieden.gpkg").data)
    assert {name for name, _ in pyogrio.list_layers(file)} == {
        "zoekgebieden-skaeve-huse",
        "vakjes",
        "bron",
    }
    areas = gpd.read_file(file, layer="zoekgebieden-skaeve-huse")
    cells = gpd.read_file(file, layer="vakjes")
    assert areas.crs.to_epsg() == cells.crs.to_epsg() == 28992
    assert areas.geometry.is_valid.all()
    assert set(cells["gebied"]) == set(areas["nummer"]) == set(entries)
    for number in list(entries)[::50]:
        area = areas.set_index("nummer").geometry[number]
        own = shapely.union_all(cells[cells["gebied"] == number].geometry.to_numpy())
        assert shapely.symmetric_difference(area, own).area < 1
    with sqlite3.connect(file) as opened:
        facts = dict(opened.execute("SELECT onderwerp, tekst FROM bron").fetchall())
    assert "Voorwaarden" in facts
    assert "Uitgesloten: Water" in facts


def test_one_gemeente_as_geojson_and_as_a_workbook(client: FlaskClient) -> None:
    shapes = json.loads(client.get(f"{PAGE}/gebieden.geojson?gemeente=GM0392").data)
    assert shapes["features"]
    assert {feature["properties"]["gemeente"] for feature in shapes["features"]} == {"Haarlem"}
    book = client.get(f"{PAGE}/gebieden.xlsx?gemeente=GM0392")
    assert book.status_code == 200
    empty = client.get(f"{PAGE}/gebieden.gpkg?bereikbaarheid=100&afstand=100&kleinste=100")
    assert empty.status_code == 200


def test_hidden_sites_do_not_show_in_any_area(guarded: FlaskClient, client: FlaskClient) -> None:
    for address in ("/zoekgebieden/domus_plus", "/zoekgebieden/domus_plus/gebieden.csv"):
        assert PROTECTED_NAME not in guarded.get(address).get_data(as_text=True)
    rows = [
        list(
            csv.DictReader(
                io.StringIO(
                    visitor.get("/zoekgebieden/domus_plus/gebieden.csv").data.decode("utf-8-sig")
                ),
                delimiter=";",
            )
        )
        for visitor in (guarded, client)
    ]
    assert [row["plekken_meest"] for row in rows[0]] == [row["plekken_meest"] for row in rows[1]]


def test_a_planner_may_make_a_candidate_in_the_own_gemeente_only(demo_site: Site) -> None:
    app, engine = demo_site
    planner = signed_in(app, engine, "planner", "GM0392")
    html = planner.get(PAGE).get_data(as_text=True)
    links = re.findall(r'href="(/keuzes\?[^"]*punt[^"]*)"', html)
    of_haarlem = re.findall(
        "data-gebied=", planner.get(f"{PAGE}?gemeente=GM0392").get_data(as_text=True)
    )
    assert len(links) == len(of_haarlem) > 0
    link = links[0].replace("&amp;", "&")
    point = parse_qs(urlsplit(link).query)["punt"][0]
    choices = planner.get(link).get_data(as_text=True)
    (to_form,) = re.findall(r'href="(/werkbank/locaties/nieuw\?[^"]*)"', choices)
    form = planner.get(to_form.replace("&amp;", "&")).get_data(as_text=True)
    assert '<option selected value="skaeve_huse">' in form
    assert f'value="{point}"' in form
    everywhere = signed_in(app, engine, "regiocoordinator")
    assert len(re.findall(r'href="/keuzes\?', everywhere.get(PAGE).get_data(as_text=True))) == len(
        re.findall("data-gebied=", html)
    )


def test_a_visitor_is_not_offered_to_make_a_candidate(client: FlaskClient) -> None:
    assert "/werkbank/locaties/nieuw" not in client.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "soort=villa&plek=overal",
        "plek=1,2",
        "plek=103900,488500,,1",
        "soort=vrouwenopvang",
        "plek=",
    ],
)
def test_what_a_link_can_not_fill_in_stays_empty_in_the_form(demo_site: Site, query: str) -> None:
    app, engine = demo_site
    planner = signed_in(app, engine, "planner", "GM0392")
    form = planner.get(f"/werkbank/locaties/nieuw?{query}")
    assert form.status_code == 200
    html = form.get_data(as_text=True)
    (chosen,) = re.findall(r'<select[^>]*name="soort".*?</select>', html, flags=re.DOTALL)
    assert "selected" not in chosen
    (point,) = re.findall(r'<input[^>]*name="plek"[^>]*>', html)
    assert 'value=""' in point


def test_a_draft_is_not_lost_to_a_prefilled_form(demo_site: Site) -> None:
    app, engine = demo_site
    planner = signed_in(app, engine, "planner", "GM0453")
    start = "/werkbank/locaties/nieuw?soort=respijt&plek=103900, 488500"
    page = planner.get(start).get_data(as_text=True)
    proof = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    kept = planner.post(
        "/werkbank/concept/locatie-nieuw",
        json={"fields": {"naam": "Bij de haven"}},
        headers={"X-CSRFToken": proof},
    )
    assert kept.status_code == 200
    offer = planner.get(start).get_data(as_text=True)
    assert "Verder met uw concept" in offer
    assert "Wilt u verder met de plek die u net koos?" in offer
    action = re.findall(r'action="(/werkbank/concept/[^"]*)"', offer)[0].replace("&amp;", "&")
    gone = planner.post(action, data={"csrf_token": proof})
    assert gone.status_code == 303
    again = planner.get(gone.headers["Location"]).get_data(as_text=True)
    assert 'value="103900, 488500"' in again
    assert "Bij de haven" not in again


def test_numbers_are_written_as_dutch_readers_do(client: FlaskClient, answer: SearchAnswer) -> None:
    page = read_page(client, PAGE)
    assert f"{to_dutch(answer.found.total_ha)} hectare" in page.lead
