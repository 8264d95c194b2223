"""The map of minutes and the table of places within reach, as visitors read them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.amenity_categories import AMENITY_CATEGORIES
from app.config import Settings
from app.services.area_minutes import minutes_of_areas
from app.services.availability import reach_of_facilities
from app.services.demo import load_region
from app.services.minutes_table import EDGES_MIN, minutes_layer, minutes_rows, minutes_text
from app.services.reach_table import share_text
from data import schema
from tests.app.conftest import TODAY
from tests.app.page_reader import read_page
from tests.database_server import CHECKOUT
from tests.own_app import own_app
from tests.world import tiny_world

MINUTES, REACH = "/bereikbaarheid/minuten", "/bereikbaarheid/respijt"


def test_the_table_has_what_was_measured(
    client: FlaskClient, demo_site: tuple[Flask, Engine]
) -> None:
    app, engine = demo_site
    page = read_page(client, f"{MINUTES}?categorie=apotheek&niveau=gemeente&wijze=fietsend")
    with engine.connect() as connection:
        answer = minutes_of_areas(
            connection, app.config["SETTINGS"].home, "apotheek", "gemeente", "bike", TODAY
        )
    assert page.lead == answer.headline
    assert page.headings[0] == "Hoe ver is de apotheek?"
    header, *rows = page.tables[0]
    assert [name.partition(",")[0].strip() for name in header] == [
        "Naam",
        "Helft van de inwoners (minuten)",
        "9 van de 10 inwoners (minuten)",
        "Inwoners",
    ]
    assert [row[0] for row in rows] == sorted(answer.table["name"])
    for name, median, p90, _ in rows:
        row = answer.table[answer.table["name"] == name].iloc[0]
        assert median == minutes_text(row["median_min"])
        assert p90 == minutes_text(row["p90_min"])


def test_the_map_and_its_legend_say_the_same_as_the_table(
    client: FlaskClient, demo_site: tuple[Flask, Engine]
) -> None:
    app, engine = demo_site
    with engine.connect() as connection:
        answer = minutes_of_areas(
            connection, app.config["SETTINGS"].home, "huisarts", "buurt", "foot", TODAY
        )
        rows = minutes_rows(answer)
        layer = minutes_layer(connection, answer, rows)
    html = client.get(MINUTES).get_data(as_text=True)
    told = re.findall(r'id="(BU\d+)" data-klasse="(\d)" data-tekst="([^"]*)"', html)
    assert len(told) == len(rows) == 400
    assert {code: (int(number), text) for code, number, text in told} == {
        value.code: (value.class_number, value.text) for value in layer.values
    }
    counts = [entry.area_count for entry in layer.legend]
    assert sum(counts) + layer.unknown_count == 400
    assert [entry.label for entry in layer.legend] == [
        "t/m 5",
        "5,1 t/m 10",
        "11 t/m 15",
        "16 t/m 30",
        "meer dan 30",
    ]
    for value in layer.values:
        if value.class_number:
            shown = float(value.text.replace(",", "."))
            assert EDGES_MIN[value.class_number - 1] < shown <= EDGES_MIN[value.class_number]


def test_an_area_without_minutes_is_hatched_with_its_reason(client: FlaskClient) -> None:
    html = client.get(f"{MINUTES}?niveau=buurt").get_data(as_text=True)
    unknown = re.findall(r'data-klasse="0" data-tekst="([^"]*)"', html)
    assert len(unknown) == 14
    assert all(text.startswith("geen cijfer. ") and len(text) > 20 for text in unknown)


def test_the_table_is_sorted_as_asked_and_unknown_comes_last(client: FlaskClient) -> None:
    for direction, is_falling in (("op", False), ("af", True)):
        page = read_page(client, f"{MINUTES}?sorteer=helft_min&richting={direction}")
        texts = [row[1] for row in page.tables[0][1:]]
        known = [float(text.replace(",", ".")) for text in texts if "geen" not in text]
        assert known == sorted(known, reverse=is_falling)
        assert all("geen" in text for text in texts[len(known) :])


def test_every_choice_stays_in_the_links(client: FlaskClient) -> None:
    page = read_page(client, f"{MINUTES}?categorie=groen&niveau=wijk&wijze=fietsend")
    own = [link for link in page.links if link.startswith(MINUTES)]
    assert any(link.endswith(".geojson?categorie=groen&niveau=wijk&wijze=fietsend") for link in own)
    to_walking = f"{MINUTES}?categorie=groen&niveau=wijk"
    to_gemeenten = f"{MINUTES}?categorie=groen&niveau=gemeente&wijze=fietsend"
    assert {to_walking, to_gemeenten} <= set(own)
    assert any("sorteer=inwoners" in link and "categorie=groen" in link for link in own)


@pytest.mark.parametrize("category", AMENITY_CATEGORIES.keys)
def test_every_category_has_its_page(client: FlaskClient, category: str) -> None:
    page = read_page(client, f"{MINUTES}?categorie={category}&niveau=gemeente")
    assert page.status == 200
    assert re.search(r"binnen (1 minuut|\d+ minuten) lopen van (de|het) ", page.lead)
    assert len(page.tables[0]) == 9


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"{MINUTES}?categorie=geluk", "categorie"),
        (f"{MINUTES}?categorie=vrouwenopvang", "categorie"),
        (f"{MINUTES}?niveau=straat", "niveau"),
        (f"{MINUTES}?wijze=foot", "wijze"),
        (f"{MINUTES}?sorteer=geluk", "sorteer"),
        (f"{MINUTES}.csv?richting=schuin", "richting"),
        (f"{REACH}?soort=villa", "soort"),
        (f"{REACH}?soort=vrouwenopvang", "soort"),
        (f"{REACH}?niveau=buurt", "niveau"),
        (f"{REACH}?plannen=ooit", "plannen"),
        (f"{REACH}.xlsx?datum=gisteren", "datum"),
    ],
)
def test_a_parameter_that_can_not_be_used_is_named(
    client: FlaskClient, address: str, field: str
) -> None:
    page = read_page(client, address)
    assert page.status == 400
    assert f"onderdeel {field} in het adres" in page.text


def test_the_files_have_the_same_rows_with_source_and_year(client: FlaskClient) -> None:
    words = "?categorie=huisarts&niveau=wijk"
    table = read_page(client, f"{MINUTES}{words}").tables[0][1:]
    text = client.get(f"{MINUTES}.csv{words}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["naam"] for row in rows] == [re.sub(" [A-Z][a-z]+$", "", row[0]) for row in table]
    for role in ("gebieden", "inwoners", "straten", "voorzieningen"):
        assert {row[f"jaar_{role}"] for row in rows} == {"2024"}
    with zipfile.ZipFile(io.BytesIO(client.get(f"{MINUTES}.xlsx{words}").data)) as book:
        told = " ".join(book.read(name).decode() for name in book.namelist())
    for words_in_it in ("4,8 km/uur", "/methode/", "Controlegetal", "voorbeeldgegevens"):
        assert words_in_it in told


def test_geojson_is_in_degrees_with_every_area_and_what_explains_it(client: FlaskClient) -> None:
    answer = client.get(f"{MINUTES}.geojson?niveau=buurt")
    assert answer.mimetype == "application/geo+json"
    content = json.loads(answer.data)
    features = content["features"]
    assert len(features) == 400
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    west, south, east, north = shapely.total_bounds(shapes)
    assert 4.4 < west < east < 4.95
    assert 52.15 < south < north < 52.6
    unknown = [f["properties"] for f in features if f["properties"]["helft_min"] is None]
    assert len(unknown) == 14
    assert all(properties["reden"] for properties in unknown)
    names = [name for name, _ in content["toelichting"]]
    assert {"Naar", "Wijze", "Licentie", "Jaar en versie"} <= set(names)


def test_a_geopackage_has_the_borders_in_rd(client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "minuten.gpkg"
    file.write_bytes(client.get(f"{MINUTES}.gpkg?niveau=gemeente").data)
    layer = pyogrio.read_dataframe(file, layer="minuten-lopend-huisarts-gemeenten")
    assert layer.crs.to_epsg() == 28992
    assert len(layer) == 8


def test_the_table_of_reach_has_what_was_measured(
    client: FlaskClient, demo_site: tuple[Flask, Engine]
) -> None:
    app, engine = demo_site
    page = read_page(client, REACH)
    with engine.connect() as connection:
        answer = reach_of_facilities(connection, app.config["SETTINGS"].home, on=TODAY)
    _, *rows, together = page.tables[0]
    assert [row[0] for row in rows] == sorted(answer.table["name"])
    for name, share, _, beyond, _, verdict in rows:
        row = answer.table[answer.table["name"] == name].iloc[0]
        assert share == share_text(row["share"])
        assert beyond.replace(".", "") == f"{row['beyond_count']:.0f}"
        assert verdict == row["verdict"]
    assert together[1] == share_text(answer.region["share"])
    assert page.lead.startswith(f"Van de inwoners van de regio kan {together[1]} binnen 15 minuten")
    assert len([link for link in page.links if link.startswith("/locatie/")]) == len(answer.sites)


def test_the_file_of_reach_has_the_same_rows(client: FlaskClient) -> None:
    table = read_page(client, REACH).tables[0][1:-1]
    text = client.get(f"{REACH}.csv").data.decode("utf-8-sig")
    rows = pd.read_csv(io.StringIO(text), sep=";", decimal=",")
    assert list(rows["naam"]) == [row[0] for row in table]
    assert (rows["binnen"] + rows["verder"] == rows["gemeten"]).all()
    assert (rows["binnen"] / rows["gemeten"] * 100).round(1).equals(rows["binnen_percent"])


def test_without_a_place_that_counts_there_is_no_figure(client: FlaskClient) -> None:
    page = read_page(client, f"{REACH}?datum=2000-01-01")
    assert "niet te meten" in page.lead
    assert page.tables == []
    assert "0%" not in page.text


def test_a_protected_site_changes_a_count_and_no_distance(
    guarded: FlaskClient, client: FlaskClient
) -> None:
    """The planted sites: beschut wonen known by area, respijt internal."""
    address = f"{REACH}?soort=beschut_wonen"
    with_it, without = read_page(guarded, address), read_page(client, address)
    assert with_it.tables == without.tables
    assert with_it.lead == without.lead

    def protected(page_text: str) -> int:
        found = re.search(r"(\d+) afgeschermde locaties? tel", page_text)
        return int(found[1]) if found else 0

    assert protected(with_it.text) == protected(without.text) + 1
    respijt = f"{REACH}?soort=respijt"
    assert read_page(guarded, respijt).text == read_page(client, respijt).text


def test_the_page_of_an_area_tells_how_far_it_is(client: FlaskClient) -> None:
    page = read_page(client, "/gebied/BU03920101")
    assert "Hoe ver is het?" in page.headings
    link = f"{MINUTES}?categorie=huisarts&niveau=buurt#BU03920101"
    assert link in page.links
    shown = re.search(r"Huisarts (\d+(?:,\d)?) minuten", page.text)
    rows = {row[0]: row for row in read_page(client, link.partition("#")[0]).tables[0]}
    name = re.sub("^Buurt ", "", page.headings[0])
    assert shown is not None
    assert next(row[1] for key, row in rows.items() if key.startswith(name)) == shown[1]


def test_an_area_without_residents_has_no_such_block(client: FlaskClient) -> None:
    assert "Hoe ver is het?" not in read_page(client, "/gebied/BU03920906").headings


@pytest.fixture(scope="module")
def without_streets(make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]) -> Flask:
    """The world of twelve squares without a street; CBS knows how far the huisarts is."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            connection.execute(text("DELETE FROM street_edge"))
            connection.execute(
                text(
                    "INSERT INTO figure (release_id, area_code, figure, value) SELECT release_id,"
                    " area_code, 'afstand_huisarts_km', 1.5 FROM area WHERE area_code = 'GM9001'"
                )
            )

    return make_site(fill)[0]


def test_without_streets_the_page_shows_the_distance_of_cbs_by_that_name(
    without_streets: Flask,
) -> None:
    visitor = without_streets.test_client()
    page = read_page(visitor, f"{MINUTES}?niveau=gemeente")
    assert "niet te meten. Er zijn nog geen straten" in page.lead
    assert "afstand over de weg volgens het CBS" in page.text
    rows = {row[0]: row[1] for row in page.tables[0][1:]}
    assert rows["Zuiderveen"] == "1,5 km over de weg (CBS)"
    assert "geen cijfer" in rows["Middendorp"]
    html = visitor.get(f"{MINUTES}?niveau=gemeente").get_data(as_text=True)
    assert 'id="GM9001" data-klasse="1" data-tekst="1,5"' in html
    assert 'data-unit="km"' in html
    assert "k-none" in html
    rows_of_file = visitor.get(f"{MINUTES}.csv?niveau=gemeente").data.decode("utf-8-sig")
    assert ";1,5;" in rows_of_file


def test_without_streets_the_other_pages_say_so_and_break_nothing(without_streets: Flask) -> None:
    visitor = without_streets.test_client()
    assert "nog niet te meten" in read_page(visitor, REACH).lead
    assert visitor.get(f"{REACH}.csv").status_code == 404
    page = read_page(visitor, "/gebied/GM9001")
    assert page.status == 200
    assert "Hoe ver is het?" not in page.headings
    nothing = read_page(visitor, f"{MINUTES}?categorie=ov_halte")
    assert "niet te meten" in nothing.lead


def test_without_any_areas_both_pages_are_not_there(fresh_database_url: str) -> None:
    engine = schema.connect(fresh_database_url)
    with own_app(Settings(CHECKOUT, secret_key="x", tile_url=None), engine) as app:
        for address in (MINUTES, REACH, f"{MINUTES}.geojson"):
            assert app.test_client().get(address).status_code == 404
    engine.dispose()
