"""What the map fetches, asked without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services.symbols import sprite


@pytest.fixture
def client(site_app: Flask) -> FlaskClient:
    return site_app.test_client()


def borders_address(client: FlaskClient, level: str) -> str:
    page = client.get("/").get_data(as_text=True)
    return page.split(f'data-borders-{level}="')[1].split('"')[0]


@pytest.mark.parametrize(("level", "count"), [("gemeente", 8), ("buurt", 400)])
def test_borders_are_complete_and_kept_for_long(
    client: FlaskClient, level: str, count: int
) -> None:
    answer = client.get(borders_address(client, level))
    features = json.loads(answer.data)["features"]
    assert len(features) == count
    assert all(set(entry["properties"]) >= {"n", "r"} for entry in features)
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(
        borders_address(client, level), headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_borders_travel_compressed(client: FlaskClient) -> None:
    address = borders_address(client, "buurt")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data) / 2


def test_every_area_is_in_a_class_or_has_a_reason(client: FlaskClient) -> None:
    answer = client.get("/kaart/laag.json?niveau=buurt&indeling=gelijk").get_json()
    classes = [number for number, _ in answer["gebieden"].values()]
    assert len(classes) == 400
    for step in answer["klassen"]:
        assert classes.count(step["klasse"]) == step["aantal"]
    assert classes.count(0) == answer["geen_cijfer"]
    unknown = [text for number, text in answer["gebieden"].values() if number == 0]
    assert all(text.startswith("geen cijfer (") for text in unknown)
    assert answer["bron"]
    assert answer["jaar"] == 2024


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/kaart/laag.json?cijfer=misdaad", "cijfer"),
        ("/kaart/laag.json?cijfer=geen", "cijfer"),
        ("/kaart/laag.json?niveau=straat", "niveau"),
        ("/kaart/laag.json?indeling=rood", "indeling"),
        ("/kaart/locaties.json?soort=kasteel", "soort"),
        ("/kaart/locaties.json?status=mooi", "status"),
        ("/kaart/locaties.json?datum=gisteren", "datum"),
        ("/kaart/locaties.json?locatie=eerste", "locatie"),
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, address: str, parameter: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    "address",
    [
        "/kaart/paneel/gebied/GM9999",
        "/kaart/paneel/locatie/999999",
        "/kaart/grenzen/999/buurt.json",
        "/kaart/grenzen/1/straat.json",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_panel_is_a_piece_of_a_page_with_a_way_to_the_whole(client: FlaskClient) -> None:
    area = client.get("/kaart/paneel/gebied/GM0392").get_data(as_text=True)
    assert "<html" not in area
    assert 'href="/gebied/GM0392"' in area
    assert "48 op 5 locaties" in area
    heemskerk = client.get("/kaart/paneel/gebied/GM0396").get_data(as_text=True)
    assert "minstens 18 op 3 locaties" in heemskerk, "a plan whose size is not known"
    first = client.get("/kaart/locaties.json").get_json()["locaties"][0]
    site = client.get(f"/kaart/paneel/locatie/{first['id']}").get_data(as_text=True)
    assert f'href="/locatie/{first["id"]}"' in site
    assert "<html" not in site


def test_a_figure_that_no_area_has_is_still_the_chosen_one(client: FlaskClient) -> None:
    page = client.get("/?cijfer=woningvoorraad").get_data(as_text=True)
    assert '<option value="woningvoorraad" selected>Woningen</option>' in page


def test_the_sites_of_the_map_are_those_of_the_list(client: FlaskClient) -> None:
    on_map = client.get("/kaart/locaties.json?status=in_gebruik").get_json()
    page = client.get("/lijst/locaties?status=in_gebruik").get_data(as_text=True)
    assert on_map["aantal"] == len(on_map["locaties"]) > 0
    assert all(f'/locatie/{site["id"]}"' in page for site in on_map["locaties"])


def test_a_date_before_everything_gives_an_empty_map(client: FlaskClient) -> None:
    assert client.get("/kaart/locaties.json?datum=1990-01-01").get_json()["aantal"] == 0
    page = client.get("/?datum=1990-01-01").get_data(as_text=True)
    assert "geen locaties die bij uw keuze passen" in page


def test_scripts_are_kept_for_long_and_only_under_their_own_version(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    address = page.split('type="module" src="')[1].split('"')[0]
    script = client.get(address)
    assert script.mimetype == "text/javascript"
    assert "immutable" in script.headers["Cache-Control"]
    for name in re.findall(r'from "\./([a-z-]+)\.js"', script.get_data(as_text=True)):
        assert address.replace("/map.js", f"/{name}.js") in page
    assert client.get("/modules/old/map.js").headers["Cache-Control"] == "no-cache"
    assert client.get("/modules/old/none.js").status_code == 404


def test_search_gives_areas_and_sites(client: FlaskClient) -> None:
    found = client.get("/kaart/zoek.json?q=haarlem").get_json()["gevonden"]
    assert found[0]["naam"] == "Haarlem"
    assert (found[0]["parameter"], found[0]["waarde"]) == ("gebied", "GM0392")
    assert client.get("/kaart/zoek.json?q=").get_json() == {"gevonden": []}


def test_the_symbols_are_in_one_file(tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g/></svg>'
    for name in ("rond", "vierkant"):
        (tmp_path / f"{name}.svg").write_text(drawing)
    whole = sprite(tmp_path).decode()
    assert whole.count("<symbol") == 2
    assert 'id="rond" viewBox="0 0 9 9"' in whole
