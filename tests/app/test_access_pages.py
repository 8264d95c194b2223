"""Travel access on screen, checked by hand on the world of twelve squares.

Streets there run every 500 m. From the site at (100500, 480500) it is 1,000 m to the
supermarket, 3,000 m to the stop, 4,000 m to the second GP and 5,000 m to the pharmacy, always
along the grid; walking is 80 m a minute and cycling 250 m a minute.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pyproj
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services import access_zones, current, geocoder
from app.services.demo import load_region
from app.services.geocoder import SILENT, Address, GeocoderError
from app.services.isochrones import Isochrones, isochrones
from app.services.place_search import WITHOUT_ADDRESSES
from app.services.travel_route import route_line, route_lines
from data.errors import NotFound
from geo.crs import to_wgs84
from tests.app.page_reader import PageText, read_page
from tests.world import tiny_world

PAGE = "/bereikbaarheid"
HERE, THERE = "100500,480500", "102500,481500"
#: In the sea off Zandvoort; in the rim of the world nothing lies there.
SEA = "90000,488000"
HEADS = {"Voorziening", "eerste", "Wat telt", "Vanaf"}


def page_of(client: FlaskClient, **words: str) -> PageText:
    return read_page(client, f"{PAGE}?{urlencode(words)}")


def rows_of(page: PageText, table: int = 0) -> dict[str, list[str]]:
    """The cells of each row of a table by the first word of its head."""
    rows = (row for row in page.tables[table] if row[0] not in HEADS)
    return {row[0].split()[0]: row[1:] for row in rows}


def field_text(client: FlaskClient, name: str = "q", **words: str) -> str:
    html = client.get(f"{PAGE}?{urlencode(words)}").get_data(as_text=True)
    found = re.search(rf'<input[^>]*id="{name}"[^>]*value="([^"]*)"', html)
    assert found
    return found[1]


def test_the_page_begins_with_what_it_can_tell(world: FlaskClient) -> None:
    page = page_of(world)
    assert page.status == 200
    assert page.headings[0] == "Hoe ver is het?"
    assert page.lead.startswith("Kies een plek. Dan ziet u hoeveel minuten lopen of fietsen")
    assert WITHOUT_ADDRESSES in page.text
    assert page.tables == []


def test_the_profile_of_a_place_is_right_by_hand(world: FlaskClient) -> None:
    page = page_of(world, punt=HERE)
    assert page.lead == (
        "De huisarts is minder dan 1 minuut lopen en de supermarkt 13 minuten. "
        "De halte is ver: 38 minuten. "
        "Er is geen reistijd bekend naar de ontmoetingsplek en het treinstation."
    )
    rows = rows_of(page)
    # The nearest and third nearest in minutes, then how many within 5, 10 and 15 minutes.
    assert rows["Huisarts"] == ["0", "geen", "1", "1", "1"]
    assert rows["Supermarkt"] == ["13", "geen", "0", "0", "1"]
    assert rows["Ov-halte"] == ["38", "geen", "0", "0", "0"]
    assert rows["Apotheek"] == ["63", "geen", "0", "0", "0"]
    assert "Er zijn maar 2 huisartsen te bereiken." in page.text
    assert "buurt 90010101, Zuiderveen" in page.text
    assert "/methode/reistijd" in page.links


def test_by_bicycle_it_is_nearer(world: FlaskClient) -> None:
    rows = rows_of(page_of(world, punt=HERE, wijze="fietsend"))
    assert rows["Supermarkt"] == ["4", "geen", "1", "1", "1"]
    assert rows["Apotheek"] == ["20", "geen", "0", "0", "0"]


@pytest.mark.parametrize(
    ("words", "told", "minutes"),
    [
        # 1,000 m to the supermarket, 5,000 m to the pharmacy.
        ({}, "gewoon, 4,8 km per uur", {"Supermarkt": "13", "Apotheek": "63"}),
        ({"tempo": "rustig"}, "rustig, 3,2 km per uur", {"Supermarkt": "19", "Apotheek": "94"}),
        ({"tempo": "vlot"}, "vlot, 6 km per uur", {"Supermarkt": "10", "Apotheek": "50"}),
        (
            {"tempo": "rustig", "wijze": "fietsend"},
            "rustig, 10 km per uur",
            {"Supermarkt": "6", "Apotheek": "30"},
        ),
        (
            {"tempo": "vlot", "wijze": "fietsend"},
            "vlot, 20 km per uur",
            {"Supermarkt": "3", "Apotheek": "15"},
        ),
    ],
)
def test_the_pace_decides_the_minutes_and_is_said(
    world: FlaskClient, words: dict[str, str], told: str, minutes: dict[str, str]
) -> None:
    page = page_of(world, punt=HERE, **words)
    assert f"Tempo: {told}." in page.text
    rows = rows_of(page)
    assert {name: rows[name][0] for name in minutes} == minutes


def test_the_pace_stays_in_the_address_only_when_it_is_not_the_ordinary_one(
    world: FlaskClient,
) -> None:
    slow = world.get(PAGE, query_string={"q": "100500, 480500", "tempo": "rustig"})
    assert slow.headers["Location"] == f"{PAGE}?punt=100500,480500&tempo=rustig".replace(
        ",", "%2C" if "%2C" in slow.headers["Location"] else ","
    )
    ordinary = world.get(PAGE, query_string={"q": "100500, 480500", "tempo": "gewoon"})
    assert "tempo" not in ordinary.headers["Location"]
    assert page_of(world, punt=HERE, tempo="hollend").status == 400


def test_the_pace_holds_for_files_comparison_and_zones(world: FlaskClient) -> None:
    page = page_of(world, punt=HERE, tempo="rustig", zones="ja")
    files = [link for link in page.links if link.startswith(f"{PAGE}/") and "tempo=rustig" in link]
    assert {link.split("?")[0].rsplit(".", 1)[1] for link in files} >= {"csv", "json", "geojson"}
    record = world.get(f"{PAGE}/{HERE}.json?tempo=rustig").get_json()
    assert record["snelheid_km_per_uur"] == 3.2
    shop = next(
        entry
        for entry in record["plekken"][0]["voorzieningen"]
        if entry["categorie"] == "supermarkt"
    )
    assert shop["dichtstbij"]["minuten"] == 18.75
    zones = {
        pace: world.get(f"{PAGE}/{HERE}/zones.geojson?tempo={pace}").get_json()["features"]
        for pace in ("rustig", "gewoon", "vlot")
    }
    sizes = [zones[pace][-1]["properties"]["area_m2"] for pace in zones]
    assert sizes == sorted(set(sizes))
    assert zones["rustig"][0]["properties"]["speed_km_per_h"] == 3.2
    html = world.get(f"{PAGE}?punt={HERE}&tempo=rustig&zones=ja").get_data(as_text=True)
    assert re.search(r'data-zones="[^"]*/zones\.geojson\?tempo=rustig"', html)
    compared = page_of(world, punt=HERE, met=THERE, tempo="rustig")
    assert "Tempo: rustig, 3,2 km per uur." in compared.text
    assert rows_of(compared)["Supermarkt"][0] == "19"


def test_the_score_keeps_the_ordinary_pace(client: FlaskClient) -> None:
    at = "/103900,488500.json?soort=skaeve_huse"
    ordinary, slow = (
        client.get(f"{PAGE}{at}{pace}").get_json()["plekken"][0] for pace in ("", "&tempo=rustig")
    )
    assert slow["score"] == ordinary["score"]
    assert slow["voorzieningen"] != ordinary["voorzieningen"]
    page = page_of(client, punt="103900,488500", soort="skaeve_huse", tempo="rustig")
    assert "De score rekent altijd met het gewone tempo." in page.text


def test_what_is_not_in_the_data_is_said_and_never_zero(world: FlaskClient) -> None:
    rows = rows_of(page_of(world, punt=HERE))
    assert len(rows["Treinstation"]) == 1
    assert rows["Treinstation"][0].startswith("Er staan geen treinstations in de gegevens.")


def test_the_way_to_the_street_is_told(world: FlaskClient) -> None:
    page = page_of(world, punt="100500,480540")
    assert "Naar de straat is het 40 meter; die tellen mee." in page.text
    # 40 m beside the crossing is half a minute more to everything.
    assert rows_of(page)["Huisarts"][0] == "0,5"


def test_a_place_far_from_every_street_has_no_minutes(world: FlaskClient) -> None:
    page = page_of(world, punt="100250,480250")
    assert page.status == 200
    assert page.lead.startswith("Deze plek ligt te ver van een straat.")
    # Half the diagonal of a block of 500 m.
    assert "Deze plek ligt 354 meter van de dichtstbijzijnde straat." in page.text
    assert {len(cells) for cells in rows_of(page).values()} == {1}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"punt": SEA}, "buiten de regio"),
        ({"punt": "155000,463000"}, "buiten de regio"),
        ({"punt": "103900"}, "is geen punt"),
        ({"punt": "nan,nan"}, "is geen punt"),
        ({"punt": "9999999,1"}, "ligt niet in Nederland"),
        ({"punt": "<b>hier</b>"}, "is geen punt"),
        ({"q": "48.85, 2.35"}, "liggen niet in Nederland"),
        ({"q": "90000, 488000"}, "buiten de regio"),
        ({"q": "qqqqqqqq"}, "Wij vinden geen plek met"),
        ({"q": "<script>alert(1)</script>"}, "Wij vinden geen plek met"),
    ],
)
def test_a_place_that_is_none_is_said_and_what_was_typed_stays(
    world: FlaskClient, typed: dict[str, str], says: str
) -> None:
    page = page_of(world, **typed)
    assert page.status == 400
    assert says in page.lead
    kept = field_text(world, **typed)
    assert kept.replace("&lt;", "<").replace("&gt;", ">") == next(iter(typed.values()))


@pytest.mark.parametrize("extension", ["json", "geojson"])
@pytest.mark.parametrize(
    ("point", "parameter"), [(SEA, "punt"), ("x", "punt"), (f"{HERE}.{{}}?met={SEA}", "met")]
)
def test_programs_get_the_same_refusal_as_a_problem(
    world: FlaskClient, extension: str, point: str, parameter: str
) -> None:
    path = point.format(extension) if "{}" in point else f"{point}.{extension}"
    answer = world.get(f"{PAGE}/{path}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["errors"][0]["parameter"] == parameter
    assert len(answer.json["detail"]) > 20


@pytest.mark.parametrize(
    "typed", ["100500, 480500", "100.500;480.500", "480500 100500", "buurt 90010101", "zuiderveen"]
)
def test_what_someone_types_leads_to_a_short_address(world: FlaskClient, typed: str) -> None:
    words = {"q": typed, "wijze": "fietsend", "soort": "respijt"}
    answer = world.get(f"{PAGE}?{urlencode(words)}")
    assert answer.status_code == 302
    place = answer.headers["Location"]
    assert re.fullmatch(rf"{PAGE}\?punt=1\d{{5}},4\d{{5}}&wijze=fietsend&soort=respijt", place)
    assert read_page(world, place).status == 200


def test_degrees_from_a_click_on_the_map_lead_to_the_same_metre(world: FlaskClient) -> None:
    lon, lat = to_wgs84(100_500, 480_500)
    answer = world.get(f"{PAGE}?{urlencode({'q': f'{lat:.6f}, {lon:.6f}'})}")
    assert answer.headers["Location"] == f"{PAGE}?punt={HERE}"


def test_a_name_of_several_places_is_a_choice_that_works(client: FlaskClient) -> None:
    page = page_of(client, q="centrum", wijze="fietsend")
    assert page.status == 200
    assert page.lead == "Met ‘centrum’ kunt u meer dan één plek bedoelen. Kies de goede."
    links = [link for link in page.links if "punt=" in link]
    assert len(links) == 8
    assert all("wijze=fietsend" in link for link in links)
    assert page_of(client, q="centrum").lead == page.lead
    assert read_page(client, links[0]).tables
    assert field_text(client, q="centrum") == "centrum"


def test_a_name_spelled_wrong_is_asked_back(client: FlaskClient) -> None:
    page = page_of(client, q="spaarnwuode")
    assert page.status == 200
    assert page.lead.startswith(("Bedoelt u ", "Met ‘spaarnwuode’ kunt u"))
    assert any("punt=" in link for link in page.links)


def test_two_places_stand_beside_each_other(world: FlaskClient) -> None:
    page = page_of(world, punt=HERE, met=THERE)
    assert page.lead == (
        "Naar 2 van de 4 soorten voorzieningen is de weg korter vanaf A, naar 2 vanaf B. "
        "Het verschil is het grootst voor de apotheek: 63 minuten vanaf A, 25 minuten vanaf B."
    )
    rows = rows_of(page)
    assert rows["Huisarts"] == ["0", "13", "A 13 minuten korter"]
    assert rows["Apotheek"] == ["63", "25", "B 38 minuten korter"]
    assert rows["Supermarkt"] == ["13", "25", "A 13 minuten korter"]
    assert rows["Ov-halte"] == ["38", "0", "B 38 minuten korter"]
    assert rows["Groen"][2] == "niet te vergelijken"
    assert f"{PAGE}?punt={THERE}&met={HERE}" in page.links


def test_one_place_that_is_nearer_to_all_is_told_so(world: FlaskClient) -> None:
    # 200 m beside the crossing: 2.5 minutes more to everything.
    page = page_of(world, punt=HERE, met="100500,480700")
    assert page.lead.startswith(
        "Naar 4 van de 4 soorten voorzieningen is de weg korter vanaf A. Het verschil"
    )
    turned = page_of(world, punt="100500,480700", met=HERE)
    assert "is de weg korter vanaf B. Het verschil" in turned.lead


def test_less_than_a_minute_is_no_clear_difference(world: FlaskClient) -> None:
    # 50 m beside the crossing: 0.6 minutes more to everything.
    page = page_of(world, punt=HERE, met="100550,480500")
    assert page.lead.startswith("Er is geen duidelijk verschil")
    told = {row[-1] for row in rows_of(page).values()}
    assert told == {"geen duidelijk verschil", "niet te vergelijken"}
    assert "korter" not in page.text


def test_the_second_place_alone_is_just_a_place(world: FlaskClient) -> None:
    answer = world.get(f"{PAGE}?met={THERE}")
    assert answer.headers["Location"] == f"{PAGE}?punt={THERE}"


def test_a_second_place_that_is_none_leaves_the_first(world: FlaskClient) -> None:
    page = page_of(world, punt=HERE, qmet="qqqqqqqq")
    assert page.status == 400
    assert rows_of(page)["Supermarkt"][0] == "13"
    assert "Wij vinden geen plek met" in page.text
    assert field_text(world, "qmet", punt=HERE, qmet="qqqqqqqq") == "qqqqqqqq"


def test_a_score_that_can_not_be_computed_says_why(world: FlaskClient) -> None:
    page = page_of(world, punt=HERE, soort="skaeve_huse")
    assert "Score voor Skaeve Huse" in page.headings
    parts = rows_of(page, table=1)
    assert parts["Basisschool"][0].startswith("niet te berekenen: Er staan geen basisscholen")
    assert parts["Samen"][-1] == "niet te berekenen"
    # What is known still stands there: 0 minutes to the GP is all points, and the nearest homes
    # stand 750 m away, 250 m of it beside the street.
    assert parts["Huisarts"][:2] == ["0", "1"]
    assert parts["Woningen"][0] == "9,4"


def test_the_parts_of_a_score_add_up(client: FlaskClient) -> None:
    for profile in ACCESS_PROFILES:
        answer = client.get(f"{PAGE}/103900,488500.json?soort={profile.key}")
        (place,) = answer.get_json()["plekken"]
        score = place["score"]
        total = 0.0
        for part, criterion in zip(score["delen"], profile.criteria, strict=True):
            good, bad = criterion.good_min, criterion.bad_min
            value = min(1.0, max(0.0, (bad - part["minuten"]) / (bad - good)))
            assert part["waarde"] == pytest.approx(value)
            assert part["punten"] == pytest.approx(100 * value * float(criterion.weight))
            total += part["punten"]
        assert score["score"] == pytest.approx(total)
        page = page_of(client, punt="103900,488500", soort=profile.key)
        assert rows_of(page, table=1)["Samen"][-1] == str(int(total + 0.5))
        assert "/methode/toegangsscore" in page.links


def test_the_score_is_measured_as_the_kind_of_place_asks(client: FlaskClient) -> None:
    cycled = [profile for profile in ACCESS_PROFILES if profile.mode.key == "cycle"]
    assert cycled
    answer = client.get(f"{PAGE}/103900,488500.json?soort={cycled[0].key}").get_json()
    by_bike = client.get(f"{PAGE}/103900,488500.json?wijze=fietsend").get_json()
    minutes = {
        entry["categorie"]: entry["dichtstbij"]["minuten"]
        for entry in by_bike["plekken"][0]["voorzieningen"]
    }
    assert answer["wijze"] == "lopend"
    for part in answer["plekken"][0]["score"]["delen"]:
        assert part["minuten"] == pytest.approx(minutes[part["criterium"]], abs=0.001)


def test_the_record_is_exact_and_names_its_sources(world: FlaskClient) -> None:
    answer = world.get(f"{PAGE}/{HERE}.json").get_json()
    (place,) = answer["plekken"]
    by_key = {entry["categorie"]: entry for entry in place["voorzieningen"]}
    assert by_key["supermarkt"]["dichtstbij"]["afstand_m"] == 1000
    assert by_key["supermarkt"]["dichtstbij"]["minuten"] == 12.5
    assert by_key["huisarts"]["aantal_binnen_minuten"] == {"5": 1, "10": 1, "15": 1}
    assert by_key["treinstation"]["dichtstbij"] is None
    assert by_key["treinstation"]["reden"]
    assert answer["methode"] == "/methode/reistijd"
    assert {source["jaar"] for source in answer["bronnen"]} == {2024}


def test_the_ways_are_as_long_as_is_said(world: FlaskClient) -> None:
    answer = world.get(f"{PAGE}/{HERE}.geojson?met={THERE}").get_json()
    ways = [entry for entry in answer["features"] if entry["properties"]["rol"] == "route"]
    # From both places four kinds of amenities can be reached.
    assert len(ways) == 8
    ellipsoid = pyproj.Geod(ellps="WGS84")
    for way in ways:
        points = way["geometry"]["coordinates"]
        told_m = way["properties"]["afstand_m"]
        if told_m:
            lons, lats = zip(*points, strict=True)
            length_m = ellipsoid.line_length(lons, lats)
            # RD stretches lengths by at most 1 in 10,000 here.
            assert length_m == pytest.approx(told_m, rel=2e-4)
            start = HERE if way["properties"]["plek"] == "A" else THERE
            x_m, y_m = map(int, start.split(","))
            assert points[0] == pytest.approx(to_wgs84(x_m, y_m), abs=2e-6)


def test_a_place_without_ways_is_still_drawn(world: FlaskClient) -> None:
    (place,) = world.get(f"{PAGE}/100250,480250.geojson").get_json()["features"]
    assert place["geometry"]["coordinates"] == pytest.approx(to_wgs84(100_250, 480_250), abs=1e-6)


def test_many_ways_at_once_are_the_ways_one_by_one(world_site: tuple[Flask, Engine]) -> None:
    app, engine = world_site
    codes = ["A-1", "A-4", "A-5", "A-4", "A-2"]
    with app.app_context(), engine.connect() as connection:
        for mode in TRAVEL_MODES:
            asked = (connection, current.home(), 100_740, 480_010)
            lines = route_lines(*asked, codes, mode)
            for code, line in zip(codes, lines, strict=True):
                alone = route_line(*asked, code, mode)
                assert (line.place, line.distance_m) == (alone.place, alone.distance_m)
                assert line.line.equals(alone.line)
                assert line.line.length == pytest.approx(line.distance_m, abs=0.01)
        with pytest.raises(NotFound):
            route_lines(*asked, ["A-1", "niets"], mode)


def test_what_cbs_says_stands_under_its_own_name_where_there_is_no_street(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> None:
    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            connection.execute(
                text(
                    "INSERT INTO figure (release_id, area_code, figure, value)"
                    " SELECT id, 'BU90010101', 'afstand_huisarts_km', 0.8 FROM source_release"
                )
            )

    client = make_site(fill)[0].test_client()
    page = page_of(client, punt="100250,480250")
    rows = rows_of(page)
    assert rows["Huisarts"] == [
        "geen reistijd . Volgens CBS is het 0,8 km, over de weg met de auto, gemiddelde van "
        "buurt buurt 90010101 (2024)."
    ]
    assert "354 meter van de dichtstbijzijnde straat" in page.text
    assert "Ook het CBS geeft hier geen afstand" in rows["Apotheek"][0]
    record = client.get(f"{PAGE}/100250,480250.json").get_json()["plekken"][0]["voorzieningen"][0]
    assert (record["basis"], record["cbs_km"], record["dichtstbij"]) == ("cbs", 0.8, None)


def test_the_table_as_a_file_says_what_the_page_says(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/103900,488500.csv?wijze=fietsend")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    rows = rows_of(page_of(client, punt="103900,488500", wijze="fietsend"))
    assert len(lines) == len(rows) == 12
    for line in lines:
        cells = rows[line["categorie"].split()[0]]
        told = float(line["dichtstbij_min"].replace(",", "."))
        assert float(cells[0].replace(",", ".")) == pytest.approx(told, abs=0.5)
        assert cells[2:] == [line[f"binnen_{band}_min"] for band in (5, 10, 15)]
        assert line["bron_straten"]


def test_the_zones_are_told_beside_the_map(client: FlaskClient) -> None:
    page = page_of(client, punt="103900,488500", zones="ja")
    assert page.headings[2] == "Waar u in 5, 10 en 15 minuten komt"
    zones = {row[0]: row[1:] for row in page.tables[1][1:]}
    drawn = client.get(f"{PAGE}/103900,488500/zones.geojson").get_json()["features"]
    profile = rows_of(page)
    for feature, (words, (area, count)) in zip(drawn, zones.items(), strict=True):
        minutes = feature["properties"]["minutes"]
        assert words == f"{minutes} minuten"
        told_km2 = float(area.replace(",", "."))
        assert told_km2 == pytest.approx(feature["properties"]["area_m2"] / 1e6, abs=0.005)
        column = (5, 10, 15).index(minutes) + 2
        assert int(count) == sum(int(cells[column]) for cells in profile.values())
    # No place can be farther than the straight line of 5 minutes.
    assert float(zones["5 minuten"][0].replace(",", ".")) < math.pi * 0.4**2
    assert page_of(client, punt="103900,488500").headings != page.headings


def test_zones_are_drawn_once_for_the_page_and_its_map(
    world: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []

    def count(*asked: Any) -> Isochrones:
        drawn.append(asked[2:])
        return isochrones(*asked)

    monkeypatch.setattr(access_zones, "isochrones", count)
    for _ in range(2):
        assert world.get(f"{PAGE}?punt=101000,481000&zones=ja").status_code == 200
        assert world.get(f"{PAGE}/101000,481000/zones.geojson").status_code == 200
    assert len(drawn) == 1
    assert world.get(f"{PAGE}/101000,481000/zones.geojson?wijze=fietsend").status_code == 200
    assert len(drawn) == 2


def test_there_are_no_zones_far_from_a_street_or_beside_another_place(world: FlaskClient) -> None:
    far = page_of(world, punt="100250,480250", zones="ja")
    assert far.status == 200
    beside = page_of(world, punt=HERE, met=THERE, zones="ja")
    for page in (far, beside):
        assert "Waar u in 5, 10 en 15 minuten komt" not in page.headings
    assert world.get(f"{PAGE}/100250,480250/zones.geojson").status_code == 404
    assert world.get(f"{PAGE}/{SEA}/zones.geojson").status_code == 400


def test_suggestions_are_places_in_metres(world: FlaskClient) -> None:
    found = world.get(f"{PAGE}/zoek.json?q=proefvoorziening").get_json()["gevonden"]
    assert len(found) == 5
    assert found[0]["waarde"] == HERE
    assert found[0]["soort"] == "voorziening"
    assert world.get(f"{PAGE}/zoek.json?q=").get_json() == {"gevonden": []}


@pytest.fixture
def with_geocoder(demo_site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The demo site with a geocoder that knows one address; gives the texts that it was asked."""
    app, _ = demo_site
    asked: list[str] = []

    def find(_: geocoder.Geocoder, words: str) -> list[Address]:
        asked.append(words)
        if words == "storing":
            raise GeocoderError(SILENT)
        return [Address("Grote Markt 2, 2011RD Haarlem", 103_836, 488_630)]

    settings = replace(app.config["SETTINGS"], geocoder_url="http://127.0.0.1:9/v3_1")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setattr(geocoder.Geocoder, "find", find)
    return asked


def test_with_a_geocoder_an_address_leads_to_its_place(
    client: FlaskClient, with_geocoder: list[str]
) -> None:
    assert "Typ een adres" in page_of(client).text
    answer = client.get(f"{PAGE}?{urlencode({'q': 'Grote Markt 2, 2011RD Haarlem'})}")
    assert answer.headers["Location"] == f"{PAGE}?punt=103836,488630"
    assert with_geocoder == ["Grote Markt 2, 2011RD Haarlem"]


def test_a_geocoder_in_trouble_is_said_and_the_text_stays(
    client: FlaskClient, with_geocoder: list[str]
) -> None:
    page = page_of(client, q="storing")
    assert page.lead.startswith(SILENT)
    assert field_text(client, q="storing") == "storing"


def test_suggestions_and_points_never_ask_the_geocoder(
    client: FlaskClient, with_geocoder: list[str]
) -> None:
    client.get(f"{PAGE}/zoek.json?q=grote+markt")
    client.get(f"{PAGE}?punt=103900,488500")
    client.get(f"{PAGE}?q=103900,488500")
    assert with_geocoder == []
    assert "geen adressen op bij andere diensten" not in read_page(client, "/privacy").text


def test_without_a_geocoder_the_privacy_page_says_so(client: FlaskClient) -> None:
    assert "zoekt geen adressen op bij andere diensten" in read_page(client, "/privacy").text


def test_a_site_tells_what_is_near_it(world: FlaskClient) -> None:
    page = read_page(world, "/locatie/1")
    assert "Wat is er in de buurt?" in page.headings
    assert "De huisarts is minder dan 1 minuut lopen en de supermarkt 13 minuten." in page.text
    rows = rows_of(page, table=1)
    assert rows["Supermarkt"] == ["13", "geen", "0", "0", "1"]
    assert f"{PAGE}?punt={HERE}&soort=beschermd_wonen" in page.links
    assert "/locatie/1?wijze=fietsend#in-de-buurt" in page.links
    by_bike = read_page(world, "/locatie/1?wijze=fietsend")
    assert rows_of(by_bike, table=1)["Supermarkt"][0] == "4"


def test_the_date_of_a_site_is_kept_when_the_way_of_travelling_changes(world: FlaskClient) -> None:
    links = read_page(world, "/locatie/3?datum=2021-06-01").links
    assert "/locatie/3?datum=2021-06-01&wijze=fietsend#in-de-buurt" in links


@pytest.fixture(scope="module")
def without_streets(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> FlaskClient:
    """A visitor of the world before any street was loaded."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            connection.execute(text("DELETE FROM street_edge"))
            connection.execute(text("DELETE FROM street_node"))

    return make_site(fill)[0].test_client()


def test_without_streets_the_rest_of_a_site_stays(without_streets: FlaskClient) -> None:
    page = read_page(without_streets, "/locatie/1")
    assert page.status == 200
    assert "Er zijn nog geen straten geladen. Ook het CBS geeft hier geen afstanden." in page.text
    assert page.lead.startswith("Deze locatie is in gebruik sinds")


def test_without_streets_the_page_says_so(without_streets: FlaskClient) -> None:
    assert page_of(without_streets).status == 200
    page = page_of(without_streets, punt=HERE)
    assert page.status == 200
    assert page.lead.startswith("Er zijn nog geen straten geladen.")
    record = without_streets.get(f"{PAGE}/{HERE}.json").get_json()
    reasons = {entry["reden"] for entry in record["plekken"][0]["voorzieningen"]}
    assert reasons == {"Er zijn nog geen straten geladen."}


def test_the_symbols_of_amenities_are_in_one_file(world: FlaskClient) -> None:
    html = world.get(f"{PAGE}?punt={HERE}").get_data(as_text=True)
    address = re.search(rf'href="({PAGE}/symbolen.svg\?v=\w+)#huisarts"', html)
    assert address
    answer = world.get(address[1])
    assert "immutable" in answer.headers["Cache-Control"]
    names = set(re.findall(r"symbolen\.svg\?v=\w+#(\w+)", html))
    assert names == set(AMENITY_CATEGORIES.keys)
    for category in names:
        assert f'id="{category}"' in answer.get_data(as_text=True)
