"""``vlekkenplan access`` and ``isochrone``: the figures of the services, in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result
from shapely.geometry import shape
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.cli import main
from app.services.area_minutes import minutes_of_areas
from app.services.isochrones import isochrones
from app.services.spreading import QuestionError
from app.services.travel import point_access, sites_access
from data.errors import NotFound
from geo.crs import to_rd
from tests.app.conftest import TODAY

WALK, CYCLE = TRAVEL_MODES["walk"], TRAVEL_MODES["cycle"]
X_M, Y_M = 103_900.0, 488_500.0
POINT = ["--x", "103900", "--y", "488500"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _settings(demo_database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(home))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(*words: str) -> str:
    """What the command prints; it must go well."""
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def read_json(*words: str) -> Any:
    return json.loads(told(*words, "--format", "json"))


def read_csv(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told(*words, "--format", "csv"))))


def test_a_point_as_json_has_figures_units_method_and_sources(
    demo_connection: Connection, home: Path
) -> None:
    body = read_json("access", "point", *POINT, "--mode", "foot")
    expected = point_access(demo_connection, home, X_M, Y_M, WALK)
    assert body["question"] == {"x_m": X_M, "y_m": Y_M, "mode": "foot", "speed_km_per_h": 4.8}
    assert body["point"]["areas"][-1]["name"] == "Haarlem"
    for found, entry in zip(body["categories"], expected.categories, strict=True):
        assert entry.nearest is not None
        assert entry.third is not None
        assert found["category"] == entry.category.key
        assert found["nearest"]["code"] == entry.nearest.amenity_code
        assert found["nearest"]["distance_m"] == entry.nearest.distance_m
        assert found["nearest"]["minutes"] == entry.nearest.distance_m / 80
        assert found["third"]["distance_m"] == entry.third.distance_m
        assert found["counts"] == {str(band): count for band, count in entry.counts.items()}
        assert found["basis"] == "straten"
    assert body["homes"]["distance_m"] == expected.homes_m
    assert "score" not in body
    assert body["method"]["minutes"] == "/methode/reistijd"
    assert "metres" in body["units"]["distance_m"]
    assert {source["role"] for source in body["sources"]} >= {"straten", "voorzieningen"}
    assert all(source["year"] == 2024 and source["is_example"] for source in body["sources"])


def test_a_score_has_every_part_and_the_parts_add_up() -> None:
    body = read_json("access", "point", *POINT, "--type", "Skaeve Huse")
    score, profile = body["score"], ACCESS_PROFILES["skaeve_huse"]
    assert (score["type"], score["mode"]) == ("skaeve_huse", "foot")
    assert [part["criterion"] for part in score["parts"]] == [c.key for c in profile.criteria]
    assert score["score"] == pytest.approx(sum(part["part"] for part in score["parts"]))
    for part in score["parts"]:
        low, high = sorted((part["good_min"], part["bad_min"]))
        share = (min(max(part["minutes"], low), high) - part["bad_min"]) / (
            part["good_min"] - part["bad_min"]
        )
        assert part["value"] == pytest.approx(share)
        assert part["part"] == pytest.approx(100 * part["weight"] * part["value"])
    assert sum(part["weight"] for part in score["parts"]) == pytest.approx(1)


def test_the_score_keeps_its_own_way_of_travelling() -> None:
    """Respijt is by bicycle; asked for on foot, the minutes are on foot and the score is not."""
    by_bike = read_json("access", "point", *POINT, "--type", "respijt")
    on_foot = read_json("access", "point", *POINT, "--type", "respijt", "--mode", "foot")
    assert by_bike["question"]["mode"] == "bike"
    assert on_foot["question"]["mode"] == "foot"
    assert on_foot["score"] == by_bike["score"]
    assert on_foot["categories"] != by_bike["categories"]


def test_a_point_as_csv_has_a_row_for_everything_that_counts() -> None:
    rows = read_csv("access", "point", *POINT, "--mode", "foot", "--type", "skaeve_huse")
    assert [row["category"] for row in rows] == [*AMENITY_CATEGORIES.keys, "woningen"]
    body = read_json("access", "point", *POINT, "--mode", "foot", "--type", "skaeve_huse")
    by_category = {row["category"]: row for row in rows}
    assert (
        float(by_category["huisarts"]["nearest_min"])
        == (body["categories"][0]["nearest"]["minutes"])
    )
    parts = {part["criterion"]: part for part in body["score"]["parts"]}
    for key, row in by_category.items():
        assert row["weight"] == (str(parts[key]["weight"]) if key in parts else "")
    assert {row["score"] for row in rows} == {str(body["score"]["score"])}
    assert {(row["year"], row["is_example"]) for row in rows} == {("2024", "true")}
    assert all("demo-4" in row["source"] and row["method"] for row in rows)


def test_a_point_as_text_is_dutch_and_names_its_sources() -> None:
    text = told("access", "point", *POINT, "--type", "beschut_wonen")
    assert text.startswith("Punt 103.900, 488.500 in Binnenstad, Haarlem, lopend (4,8 km per uur)")
    assert "Score voor Beschut wonen" in text
    assert "startwaarden" in text
    assert "Voorbeeldgegevens." in text
    assert text.splitlines()[-1].startswith("Straten, voorzieningen, waar mensen wonen, gebieden:")


def test_sites_are_the_public_ones_with_the_score_for_their_own_type(
    demo_connection: Connection, home: Path
) -> None:
    body = read_json("access", "sites", "--type", "beschut_wonen,respijt")
    expected = sites_access(demo_connection, home, ["beschut_wonen", "respijt"], TODAY, WALK)
    assert [site["site_code"] for site in body["sites"]] == [site.site_code for site in expected]
    assert {site["type"] for site in body["sites"]} == {"beschut_wonen", "respijt"}
    modes = {"beschut_wonen": "foot", "respijt": "bike"}
    for site in body["sites"]:
        assert site["score"]["type"] == site["type"]
        assert site["score"]["mode"] == modes[site["type"]]
        alone = read_json(
            *("access", "point", "--x", str(site["x_m"]), "--y", str(site["y_m"])),
            *("--type", site["type"]),
        )
        assert site["score"] == alone["score"]
    assert body["question"]["date"] == TODAY.isoformat()
    assert "locaties" in {source["role"] for source in body["sources"]}
    rows = read_csv("access", "sites", "--type", "beschut_wonen,respijt")
    assert len(rows) == 13 * len(body["sites"])
    scores = {row["site_code"]: row["score"] for row in rows}
    assert scores == {s["site_code"]: str(s["score"]["score"]) for s in body["sites"]}
    text = told("access", "sites", "--type", "respijt")
    assert text.startswith(
        "Minuten fietsen naar het dichtstbijzijnde, op 1 januari 2026, met 15 km per uur\n"
    )


def test_another_speed_gives_other_minutes_and_is_said_but_leaves_the_score(
    demo_connection: Connection, home: Path
) -> None:
    asked = ["access", "point", *POINT, "--mode", "foot", "--type", "skaeve_huse"]
    slow, ordinary = read_json(*asked, "--speed", "3"), read_json(*asked)
    assert slow["question"]["speed_km_per_h"] == 3
    for found, usual in zip(slow["categories"], ordinary["categories"], strict=True):
        # 50 m a minute.
        assert found["nearest"]["distance_m"] == usual["nearest"]["distance_m"]
        assert found["nearest"]["minutes"] == pytest.approx(found["nearest"]["distance_m"] / 50)
    assert slow["score"] == ordinary["score"]
    assert slow["score"]["speed_km_per_h"] == 4.8
    assert "lopend (3 km per uur)" in told(*asked, "--speed", "3").splitlines()[0]
    assert {row["speed_km_per_h"] for row in read_csv(*asked, "--speed", "3")} == {"3.0"}
    sites = read_json("access", "sites", "--type", "respijt", "--speed", "20")
    assert sites["question"]["mode"] == "bike"
    assert sites["question"]["speed_km_per_h"] == 20
    nearest = sites["sites"][0]["categories"][0]["nearest"]
    assert nearest["minutes"] == pytest.approx(nearest["distance_m"] / (20_000 / 60))
    assert "met 20 km per uur" in told("access", "sites", "--type", "respijt", "--speed", "20")
    areas = ["access", "areas", "--category", "huisarts"]
    slow_areas, usual_areas = read_json(*areas, "--speed", "2.4"), read_json(*areas)
    assert slow_areas["question"]["speed_km_per_h"] == 2.4
    for slow_row, row in zip(slow_areas["areas"], usual_areas["areas"], strict=True):
        assert slow_row["median_min"] == pytest.approx(2 * row["median_min"])
    assert "Gerekend lopend (2,4 km per uur)." in told(*areas, "--speed", "2.4")
    zone = json.loads(told("isochrone", *POINT, "--speed", "6", "--minutes", "8"))["features"][0]
    ordinary_zone = json.loads(told("isochrone", *POINT, "--minutes", "10"))["features"][0]
    assert zone["properties"]["speed_km_per_h"] == 6
    # 8 minutes at 6 km/h and 10 minutes at 4.8 km/h are both 800 m.
    assert zone["geometry"] == ordinary_zone["geometry"]


@pytest.mark.parametrize("speed", ["0", "-3", "0.9", "41", "nan", "inf", "snel"])
@pytest.mark.parametrize(
    "words",
    [
        ["access", "point", *POINT],
        ["access", "sites"],
        ["access", "areas", "--category", "huisarts"],
        ["isochrone", *POINT],
    ],
    ids=["point", "sites", "areas", "isochrone"],
)
def test_a_speed_at_which_nobody_travels_is_refused(words: list[str], speed: str) -> None:
    result = run(*words, "--speed", speed)
    assert result.exit_code == 2
    assert "--speed" in result.stderr
    assert result.stdout == ""


def test_types_without_sites_on_a_date_are_said_so() -> None:
    text = told("access", "sites", "--type", "respijt", "--date", "1990-01-01")
    assert text == "Er zijn op 1 januari 1990 geen openbare locaties van deze soort.\n"
    assert read_json("access", "sites", "--type", "respijt", "--date", "1990-01-01")["sites"] == []


def test_areas_tell_the_minutes_of_their_residents(demo_connection: Connection, home: Path) -> None:
    asked = ["access", "areas", "--category", "huisarts", "--level", "buurt"]
    body = read_json(*asked)
    expected = minutes_of_areas(demo_connection, home, "huisarts", "buurt", "walk", TODAY)
    assert {row["area_code"]: row["median_min"] for row in body["areas"]} == {
        code: None if value != value else value
        for code, value in expected.table["median_min"].items()
    }
    assert body["headline"] == expected.headline
    rows = read_csv(*asked, "--mode", "bike")
    assert [row["area_code"] for row in rows] == list(expected.table.index)
    assert {row["mode"] for row in rows} == {"bike"}
    assert told(*asked).startswith(expected.headline)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["access", "point", "--x", "4.63", "--y", "52.38"], "lijken graden"),
        (["access", "point", "--x", "60000", "--y", "480000"], "in zee"),
        (["access", "point", *POINT, "--type", "kasteel"], "kennen wij niet"),
        (["access", "point", *POINT, "--type", "vrouwenopvang"], "geheim"),
        (["access", "sites", "--type", "omklapwoning"], "Omklapwoning"),
        (["access", "areas", "--category", "kasteel"], "kennen wij niet"),
        (["access", "areas", "--category", "huisarts", "--level", "straat"], "kennen wij niet"),
        (["isochrone", "--x", "4.63", "--y", "52.38"], "lijken graden"),
        (["isochrone", *POINT, "--minutes", "0"], "boven 0"),
        (["isochrone", *POINT, "--minutes", "900"], "tot en met 60"),
        (["isochrone", *POINT, "--minutes", "nan"], "boven 0"),
    ],
)
def test_a_question_that_makes_no_sense_is_one_line(words: list[str], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.startswith("Fout: ")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_several_types_have_no_one_score() -> None:
    assert run("access", "point", *POINT, "--type", "respijt,time_out").exit_code == 2


def test_an_isochrone_is_geojson_in_degrees_with_source_year_and_method(
    tmp_path: Path, demo_connection: Connection, home: Path
) -> None:
    body = json.loads(
        told("isochrone", *POINT, "--minutes", "15", "--minutes", "5", "--mode", "foot")
    )
    assert body["type"] == "FeatureCollection"
    small, large = body["features"]
    for feature, minutes in ((small, 5), (large, 15)):
        properties = feature["properties"]
        assert properties["minutes"] == minutes
        assert (properties["mode"], properties["year"]) == ("walk", 2024)
        assert (properties["method"], properties["is_example"]) == ("/methode/reistijd", True)
        assert "Vlekkenplan" in properties["source"]
        area = shape(feature["geometry"])
        assert area.is_valid
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert all(shapely.is_ccw(part.exterior) for part in shapely.get_parts(area))
        inside = shapely.transform(area, lambda xy: np.array([to_rd(*pair) for pair in xy]))
        assert inside.covers(shapely.Point(X_M, Y_M))
        assert inside.area == pytest.approx(properties["area_m2"], rel=1e-3)
        reach_m = WALK.reach_m(minutes)
        assert inside.hausdorff_distance(shapely.Point(X_M, Y_M)) < reach_m + 50
    assert shape(large["geometry"]).area > 2 * shape(small["geometry"]).area
    out = tmp_path / "gebied.geojson"
    said = told("isochrone", *POINT, "--mode", "bike", "--out", str(out))
    assert said == (
        "Wat met de fiets te bereiken is binnen 15 minuten, met 15 km per uur. "
        f"Het staat in {out}.\n"
    )
    stored = json.loads(out.read_text())
    found = isochrones(demo_connection, home, X_M, Y_M, CYCLE, [15])
    assert stored["features"][0]["geometry"] == json.loads(
        json.dumps(found.geojson["features"][0]["geometry"])
    )


def test_amenities_in_the_zone_are_those_that_are_counted_near(
    demo_connection: Connection, home: Path
) -> None:
    """All that lie more than a street's breadth inside or outside the border of 10 minutes."""
    (zone,) = isochrones(demo_connection, home, X_M, Y_M, WALK, [10]).zones
    access = point_access(demo_connection, home, X_M, Y_M, WALK)
    for entry in access.categories:
        for place in (entry.nearest, entry.third):
            assert place is not None
            spot = shapely.Point(place.x_m, place.y_m)
            if place.minutes < 9.3:
                assert zone.area.distance(spot) < 20
            if place.minutes > 11:
                assert not zone.area.contains(spot.buffer(5))


def test_a_place_without_a_street_has_no_zone(demo_connection: Connection, home: Path) -> None:
    with pytest.raises(QuestionError, match="buiten de regio"):
        isochrones(demo_connection, home, 60_000, 480_000, WALK)
    far = _far_point(demo_connection, home)
    with pytest.raises(NotFound, match="van de dichtstbijzijnde straat"):
        isochrones(demo_connection, home, *far, WALK)


def _far_point(connection: Connection, home: Path) -> tuple[float, float]:
    """A place on the land of the example region with no street within 250 m."""
    for x_m in range(95_000, 115_000, 500):
        for y_m in range(475_000, 500_000, 500):
            try:
                access = point_access(connection, home, x_m, y_m, WALK)
            except QuestionError:
                continue
            if access.is_far:
                assert all(entry.nearest is None for entry in access.categories)
                return float(x_m), float(y_m)
    pytest.fail("every place has a street")
