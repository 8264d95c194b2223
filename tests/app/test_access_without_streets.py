"""Travel access before any street is loaded: the real figures of CBS, named, and no minutes.

The distances were read in the real file by hand: Stationsbuurt in Haarlem has 0,4 km to a GP,
0,6 km to a supermarket and 0,5 km to a primary school; those of Reinaldapark are secret.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyogrio
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from shapely import Point
from sqlalchemy import Connection, Engine, text

from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES, near
from analysis.access.score import measure_access
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.cli import main
from app.services.demo import load_region
from app.services.imports import AreaImport, import_cbs_file
from app.services.isochrones import isochrones
from app.services.place_test import try_place
from app.services.place_test_words import criterion_sentence
from app.services.spreading import QuestionError
from app.services.travel import access_frames, point_access, route_line, sites_access
from data.demo import demo_region
from data.errors import NotFound
from tests.app.conftest import TODAY
from tests.app.page_reader import PageText, read_page
from tests.world import tiny_world

WALK, CYCLE = TRAVEL_MODES["walk"], TRAVEL_MODES["cycle"]
PAGE = "/bereikbaarheid"
NONE_LOADED = "Er zijn nog geen straten geladen."
BY_HAND = {"huisarts": 0.4, "supermarkt": 0.6, "basisschool": 0.5}
MakeSite = Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]


def remove_streets(connection: Connection) -> None:
    connection.execute(text("DELETE FROM street_edge"))
    connection.execute(text("DELETE FROM street_node"))


@pytest.fixture(scope="module")
def cbs_file(shared_data: Path) -> Path:
    return shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"


@pytest.fixture(scope="module")
def places(cbs_file: Path) -> dict[str, tuple[int, int]]:
    """A point inside each of two buurten."""
    codes = {"BU03920101": "Stationsbuurt", "BU03920906": "Reinaldapark"}
    rows = pyogrio.read_dataframe(cbs_file, layer="buurten").set_index("buurtcode")
    spots = rows.loc[list(codes)].geometry.representative_point()
    return {codes[code]: (round(spot.x), round(spot.y)) for code, spot in spots.items()}


@pytest.fixture(scope="module")
def real_site(make_site: MakeSite, cbs_file: Path) -> tuple[Flask, Engine]:
    """The real areas with their figures, and sites and amenities of the example; no streets."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, demo_region())
            remove_streets(connection)
        import_cbs_file(engine, cbs_file, AreaImport(year=2024, version="v2"))

    return make_site(fill)


@pytest.fixture
def visitor(real_site: tuple[Flask, Engine]) -> FlaskClient:
    return real_site[0].test_client()


@pytest.fixture
def run(
    real_site: tuple[Flask, Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Give a command to the program on this database."""
    url = real_site[1].url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, list(words))


def page_of(client: FlaskClient, **words: str) -> PageText:
    return read_page(client, f"{PAGE}?{urlencode(words)}")


def typed(spot: tuple[int, int]) -> str:
    return f"{spot[0]},{spot[1]}"


def test_a_point_has_the_distances_of_its_buurt_and_no_minutes(
    real_site: tuple[Flask, Engine], tmp_path: Path, places: dict[str, tuple[int, int]]
) -> None:
    with real_site[1].connect() as connection:
        access = point_access(connection, tmp_path, *places["Stationsbuurt"], WALK)
    assert (access.has_streets, access.is_far, access.distance_to_street_m) == (False, False, None)
    assert (access.areas[0].name, access.areas[-1].name) == ("Stationsbuurt", "Haarlem")
    assert [entry.category.key for entry in access.categories] == list(AMENITY_CATEGORIES.keys)
    for entry in access.categories:
        assert (entry.nearest, entry.third, entry.counts) == (None, None, {})
        assert entry.reason == NONE_LOADED
        assert entry.cbs_km == BY_HAND.get(entry.category.key)
        assert (entry.cbs_km is None) == (entry.cbs_reason is not None)
    doctor = access.of("huisarts")
    named = (doctor.cbs_level, doctor.cbs_name, doctor.cbs_year, doctor.cbs_words)
    assert named == ("buurt", "Stationsbuurt", 2024, "buurt Stationsbuurt (2024)")
    assert (access.homes_m, access.homes_reason) == (None, NONE_LOADED)
    (line,) = access.sources
    assert (line.role, line.release.year, line.release.is_example) == ("gebieden", 2024, False)


def test_a_secret_figure_leaves_the_reasons(
    real_site: tuple[Flask, Engine], tmp_path: Path, places: dict[str, tuple[int, int]]
) -> None:
    with real_site[1].connect() as connection:
        access = point_access(connection, tmp_path, *places["Reinaldapark"], WALK)
    doctor = access.of("huisarts")
    assert (doctor.cbs_km, doctor.reason) == (None, NONE_LOADED)
    assert doctor.cbs_reason == (
        "Ook het CBS geeft hier geen afstand: geheim of niet van toepassing."
    )


def test_a_score_uses_the_distances_of_cbs_where_near_is_good(
    real_site: tuple[Flask, Engine], tmp_path: Path, places: dict[str, tuple[int, int]]
) -> None:
    """By hand: 600 m is 7,5 minutes and 500 m is 6,25 minutes at 80 m a minute."""
    with real_site[1].connect() as connection:
        access = point_access(connection, tmp_path, *places["Stationsbuurt"], WALK)
    frames = access_frames({0: access})
    assert frames.minutes.loc[0, "supermarkt"] == 7.5
    assert frames.minutes.loc[0, "basisschool"] == 6.25
    assert NONE_LOADED in str(frames.reasons.loc[0, "sport"])
    profile = replace(
        ACCESS_PROFILES["beschut_wonen"],
        criteria=(near("supermarkt", 5, 20, 60), near("basisschool", 5, 15, 40)),
    )
    found = measure_access(
        frames.minutes, profile, basis=frames.basis, reasons=frames.reasons
    ).scores
    assert found.loc[0, "score"] == pytest.approx(60 * 12.5 / 15 + 40 * 8.75 / 10)
    assert found.loc[0, "uses_cbs"]


def test_sites_have_the_distances_of_their_buurt(
    real_site: tuple[Flask, Engine], tmp_path: Path, cbs_file: Path
) -> None:
    rows = pyogrio.read_dataframe(cbs_file, layer="buurten", read_geometry=False)
    doctors = rows.set_index("buurtcode")["huisartsenpraktijk_gemiddelde_afstand_in_km"]
    with real_site[1].connect() as connection:
        found = sites_access(connection, tmp_path, None, TODAY, WALK)
    assert len(found) > 20
    known = 0
    for site in found:
        km = doctors[site.access.areas[0].area_code]
        assert site.access.of("huisarts").cbs_km == (km if km >= 0 else None)
        known += km >= 0
    assert known > 15


def test_ways_and_zones_say_plainly_that_there_are_no_streets(
    real_site: tuple[Flask, Engine], tmp_path: Path, places: dict[str, tuple[int, int]]
) -> None:
    spot = places["Stationsbuurt"]
    with real_site[1].connect() as connection:
        with pytest.raises(NotFound, match="nog geen straten"):
            route_line(connection, tmp_path, *spot, "A-1", WALK)
        with pytest.raises(NotFound, match="nog geen straten"):
            isochrones(connection, tmp_path, *spot, CYCLE)


def test_a_place_in_water_or_outside_is_still_refused(
    real_site: tuple[Flask, Engine], tmp_path: Path
) -> None:
    with real_site[1].connect() as connection:
        for spot in ((60_000.0, 480_000.0), (4.63, 52.38)):
            with pytest.raises(QuestionError):
                point_access(connection, tmp_path, *spot, WALK)


def test_a_proposed_place_is_tested_for_what_is_known_without_streets(
    real_site: tuple[Flask, Engine], tmp_path: Path
) -> None:
    point = Point(105_900, 486_300)
    with real_site[1].connect() as connection:
        found = try_place(connection, tmp_path, point, "beschut_wonen", [], TODAY)
    assert found is not None
    assert (found["outcome"], found["where"]) == ("onbekend", "Boerhaavewijk, Haarlem")
    conditions = {one["key"]: (one["found"], one["meets"]) for one in found["conditions"]}
    assert conditions["grond"] == ("0%", True)
    assert conditions["plekken"] == (None, None)
    told = " ".join(criterion_sentence(one) for one in found["criteria"])
    assert "nog geen straten. Daarom is de weg niet gemeten." in told
    assert "vlekkenplan import" not in told


def test_the_page_tells_the_kilometres_by_name(
    visitor: FlaskClient, places: dict[str, tuple[int, int]]
) -> None:
    page = page_of(visitor, punt=typed(places["Stationsbuurt"]))
    assert page.status == 200
    assert page.lead == (
        "Er zijn nog geen straten geladen. Daarom staan hier afstanden van het CBS, in kilometers "
        "over de weg met de auto."
    )
    cells = {row[0]: row[1] for row in page.tables[0] if len(row) == 2}
    assert cells["Huisarts"] == (
        "geen reistijd . Volgens CBS is het 0,4 km, over de weg met de auto, gemiddelde van buurt "
        "Stationsbuurt (2024)."
    )
    assert "0,6 km" in cells["Supermarkt"]
    assert "0,5 km" in cells["Basisschool"]
    assert "Het CBS meet deze afstand niet" in cells["Sport"]
    assert len(cells) == len(AMENITY_CATEGORIES.keys)
    assert "Afstanden naar voorzieningen" in page.headings
    assert "Toon waar u in 5, 10 en 15 minuten komt" not in page.text


def test_the_page_shows_no_score_when_a_part_is_unknown_and_the_known_parts_with_cbs(
    visitor: FlaskClient, places: dict[str, tuple[int, int]]
) -> None:
    page = page_of(visitor, punt=typed(places["Stationsbuurt"]), soort="beschut_wonen")
    parts = {row[0].split()[0]: row[1:] for row in page.tables[1]}
    # 600 m on foot.
    assert parts["Supermarkt"][0].split() == ["7,5", "(CBS)"]
    assert "niet te berekenen" in parts["Samen"][-1]


def test_zones_that_were_asked_are_said_not_to_be_there(
    visitor: FlaskClient, places: dict[str, tuple[int, int]]
) -> None:
    spot = typed(places["Stationsbuurt"])
    page = page_of(visitor, punt=spot, zones="ja")
    assert "Zonder straten kunnen wij niet tekenen waar u in 5, 10 en 15 minuten komt." in page.text
    answer = visitor.get(f"{PAGE}/{spot}/zones.geojson")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "nog geen straten" in answer.get_data(as_text=True)


def test_two_places_show_the_kilometres_of_both(
    visitor: FlaskClient, places: dict[str, tuple[int, int]]
) -> None:
    page = page_of(visitor, punt=typed(places["Stationsbuurt"]), met=typed(places["Reinaldapark"]))
    assert page.status == 200
    assert page.lead == (
        "Deze twee plekken zijn niet te vergelijken in minuten. Er zijn nog geen straten geladen."
    )
    cells = {row[0]: row[1:] for row in page.tables[0]}
    assert cells["Huisarts"] == ["CBS: 0,4 km", "geen cijfer", "niet te vergelijken"]


def test_the_files_have_the_kilometres_with_their_area_and_year(
    visitor: FlaskClient, places: dict[str, tuple[int, int]]
) -> None:
    spot = typed(places["Stationsbuurt"])
    record = visitor.get(f"{PAGE}/{spot}.json").get_json()["plekken"][0]
    assert record["afstand_tot_straat_m"] is None
    doctor = record["voorzieningen"][0]
    assert (doctor["basis"], doctor["cbs_km"], doctor["dichtstbij"]) == ("cbs", 0.4, None)
    assert (doctor["cbs_gebied"], doctor["reden"]) == ("buurt Stationsbuurt (2024)", NONE_LOADED)
    drawn = visitor.get(f"{PAGE}/{spot}.geojson").get_json()["features"]
    assert [feature["properties"]["rol"] for feature in drawn] == ["plek"]
    table = visitor.get(f"{PAGE}/{spot}.csv").get_data(as_text=True)
    assert "buurt Stationsbuurt (2024)" in table
    assert NONE_LOADED in table


def test_a_site_shows_the_kilometres_of_its_buurt(
    visitor: FlaskClient, real_site: tuple[Flask, Engine], tmp_path: Path
) -> None:
    with real_site[1].connect() as connection:
        sites = sites_access(connection, tmp_path, None, TODAY, WALK)
    site = next(one for one in sites if one.access.of("huisarts").cbs_km is not None)
    doctor = site.access.of("huisarts")
    page = read_page(visitor, f"/locatie/{site.site_id}")
    assert page.status == 200
    assert "Er zijn nog geen straten geladen. Daarom staan hier afstanden van het CBS" in page.text
    assert f"{doctor.cbs_km:.1f} km".replace(".", ",") in page.text
    assert f"gemiddelde van {doctor.cbs_words}" in page.text


def test_the_command_for_a_point_tells_the_kilometres(
    run: Callable[..., Result], places: dict[str, tuple[int, int]]
) -> None:
    x_m, y_m = places["Stationsbuurt"]
    asked = ("access", "point", "--x", str(x_m), "--y", str(y_m))
    result = run(*asked)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert NONE_LOADED in lines
    assert (
        "Huisarts: volgens het CBS 0,4 km over de weg met de auto, gemiddelde van buurt "
        "Stationsbuurt (2024)."
    ) in lines
    assert any(line.split()[:3] == ["Huisarts", "0,4", "km"] for line in lines)
    body = json.loads(run(*asked, "--format", "json").stdout)
    doctor = body["categories"][0]
    named = (doctor["cbs_km"], doctor["cbs_level"], doctor["cbs_area"], doctor["cbs_year"])
    assert named == (0.4, "buurt", "Stationsbuurt", 2024)
    assert (doctor["nearest"], doctor["basis"], doctor["reason"]) == (None, "cbs", NONE_LOADED)
    assert body["point"]["distance_to_street_m"] is None
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout)))
    assert {row["category"]: row["cbs_km"] for row in rows if row["cbs_km"]} == {
        key: str(km) for key, km in BY_HAND.items()
    }


def test_the_command_for_sites_tells_the_kilometres(run: Callable[..., Result]) -> None:
    result = run("access", "sites", "--type", "beschut_wonen")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines().count(NONE_LOADED) == 1
    assert "Waar km staat: volgens het CBS, over de weg met de auto" in result.stdout
    assert " km " in result.stdout
    result = run("access", "areas", "--category", "huisarts", "--level", "buurt")
    assert "Volgens het CBS 0,4 km over de weg." in result.stdout


def test_without_streets_and_figures_the_reasons_are_all_there_is(make_site: MakeSite) -> None:
    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            remove_streets(connection)

    page = page_of(make_site(fill)[0].test_client(), punt="100500,480500")
    assert page.status == 200
    assert page.lead == (
        "Er zijn nog geen straten geladen. Ook het CBS geeft hier geen afstanden. Hoe ver het is, "
        "weten wij dus niet."
    )
    cells = {row[0]: row[1] for row in page.tables[0] if len(row) == 2}
    assert cells["Huisarts"] == (
        "geen reistijd . Ook het CBS geeft hier geen afstand: niet in het bestand."
    )
