"""Search areas on stored regions: equal to single points, and never where nothing can come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from flask import Flask
from sqlalchemy import Engine, text

from analysis.access.profiles import ACCESS_PROFILES, profile_part
from analysis.access.score import measure_access
from analysis.search_areas.grid import squares
from app.services.demo import load_region
from app.services.search_areas import SearchAnswer, read_search_question, search_areas
from app.services.search_facts import TOO_FAR
from app.services.search_list import (
    area_entries,
    by_gemeente,
    excluded_ground,
    headline,
    outcomes,
    shown_areas,
    silent_uses,
    unknown_reasons,
)
from app.services.search_needs import need_overview, need_sentence, type_needs
from app.services.spreading import QuestionError, answer, read_question
from app.services.travel import access_frames, point_access
from data import schema
from data.queries.land_use import land_in_use
from data.queries.streets import NoStreets
from geo.crs import RD
from tests.app.conftest import TODAY
from tests.world import tiny_world

Site = tuple[Flask, Engine]
#: What the tiny world lacks for a respijt place, and the middle of it all.
GREEN = ("A-6", "groen", 101_000, 481_000)


def asked(engine: Engine, home: Path, kind: str, on: dt.date = TODAY, **words: str) -> SearchAnswer:
    with engine.connect() as connection:
        return search_areas(connection, home, read_search_question(kind, on, words))


@pytest.fixture(scope="module")
def demo(demo_site: Site) -> SearchAnswer:
    app, engine = demo_site
    return asked(engine, app.config["SETTINGS"].home, "skaeve_huse")


@pytest.fixture
def green_world(fresh_database_url: str) -> Iterator[Engine]:
    """The tiny world with a park, so that a respijt place has all it asks."""
    region = tiny_world()
    code, category, x_m, y_m = GREEN
    park = gpd.GeoDataFrame(
        {"category": [category], "name": ["Proefpark (voorbeeld)"]},
        geometry=[shapely.Point(x_m, y_m)],
        crs=RD,
        index=pd.Index([code], name="amenity_code"),
    )
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, replace(region, amenities=pd.concat([region.amenities, park])))
    yield engine
    engine.dispose()


def test_the_minutes_of_a_square_are_those_counted_by_hand(
    green_world: Engine, tmp_path: Path
) -> None:
    found = asked(green_world, tmp_path, "respijt").found
    minutes = found.facts.minutes.loc["E1005N4805"]
    # The middle is 70.7 m from the corner at 100.5, 480.5, where the huisarts is; the supermarkt
    # is 1,000 m east of it, the park 1,000 m north-east by two streets, the halte 3,000 m away.
    # By bicycle one gets 250 m a minute.
    to_street = np.hypot(50, 50)
    expected = {
        "huisarts": 0,
        "supermarkt": 1000,
        "groen": 1000,
        "ov_halte": 3000,
        "apotheek": 5000,
    }
    for key, metres in expected.items():
        assert minutes[key] == pytest.approx((metres + to_street) / 250, abs=1e-5)
    # Every part but the halte and the apotheek is near enough: 25 + 20 + 20 x (8 - 4.28) / 6 ...
    score = found.cells.at["E1005N4805", "access_score"]
    halte = 25 * max(0.0, (8 - minutes["ov_halte"]) / 6)
    shop = 20 * (10 - minutes["supermarkt"]) / 7
    park = 20 * (8 - minutes["groen"]) / 6
    assert score == pytest.approx(25 + halte + shop + park + 0, abs=1e-6)


def test_the_ground_of_the_tiny_world_is_that_of_its_table(
    green_world: Engine, tmp_path: Path
) -> None:
    found = asked(green_world, tmp_path, "respijt", bereikbaarheid="0")
    assert len(found.found.cells) == 1200
    counts = {row.key: row.cell_count for row in outcomes(found)}
    # Water is a row of 40 squares in the north, the noise zone 50 squares. Of every 25 squares
    # between four corners 9 are more than 250 m from all four: 432, of which 8 in the water and
    # 18 in the zone. The 4 by the south-east corner have no way out by bicycle. Within 400 m of
    # the 24 places of TINY-1 are the 16 squares around its corner.
    assert counts == {"grond": 90, "onbekend": 432 - 26 + 4, "plekken": 16, "past": 684}
    ground = {entry.use.key: entry.hectares for entry in excluded_ground(found)}
    assert ground == {"geluidscontour": pytest.approx(50), "water": pytest.approx(40)}
    reasons = " ".join(entry.reason.text for entry in area_entries(found))
    # Of the 25 squares of nature 16 can be measured: 4 around each of four corners.
    assert found.found.attention["natuur"].tolist().count(4) == 4
    assert found.found.attention["natuur"].sum() == 16
    assert "Beschermde natuur in 4 hectare van de " in reasons
    assert "natuur" not in [use.key for use in silent_uses(found)]
    assert "spoor" in [use.key for use in silent_uses(found)]


def test_places_near_are_those_of_the_open_sites_within_400_metres_on_foot(
    green_world: Engine, tmp_path: Path
) -> None:
    found = asked(green_world, tmp_path, "respijt", bereikbaarheid="40").found
    # TINY-1 (24 places) is at the corner; 70.7 m from it. Far from any site there are none.
    assert found.cells.at["E1005N4805", "place_count"] == 24
    assert found.cells.at["E1005N4805", "outcome"] == "plekken"
    assert found.cells.at["E1031N4809", "place_count"] == 0
    # TINY-7 is internal and TINY-6 protected: neither tells where it is.
    assert found.cells.at["E1005N4825", "place_count"] == 0
    assert found.cells.at["E1015N4805", "place_count"] == 0


def test_what_is_missing_in_the_data_is_not_computed_and_said(
    database: Engine, tmp_path: Path
) -> None:
    found = asked(database, tmp_path, "respijt")
    assert found.found.areas.empty
    assert "geen zoekgebied" in headline(found, [], None)
    assert dict(unknown_reasons(found)) == {
        "Er staan geen groene plekken in de gegevens.": 700,
        TOO_FAR: 406,
        "Er is met de fiets geen weg over de straten naar huisartsen.": 4,
    }
    assert {row.key for row in outcomes(found)} == {"grond", "onbekend"}


def test_without_streets_it_is_said(database: Engine, tmp_path: Path) -> None:
    with database.begin() as connection:
        connection.execute(text("DELETE FROM street_edge"))
    with pytest.raises(NoStreets):
        asked(database, tmp_path, "respijt")


@pytest.mark.parametrize("kind", ["skaeve_huse", "beschut_wonen", "respijt"])
def test_the_access_of_a_square_is_that_of_its_middle_asked_alone(
    demo_site: Site, kind: str
) -> None:
    app, engine = demo_site
    home = app.config["SETTINGS"].home
    found = asked(engine, home, kind).found
    profile = ACCESS_PROFILES[kind]
    near = found.facts.minutes.notna().all(axis=1)
    some = found.cells[near].sample(40, random_state=7)
    with engine.connect() as connection:
        points = {
            code: point_access(connection, home, cell["x_m"], cell["y_m"], profile.mode)
            for code, cell in some.iterrows()
        }
    frames = access_frames(points)
    for criterion in profile.criteria:
        pd.testing.assert_series_equal(
            found.facts.minutes.loc[some.index, criterion.key],
            frames.minutes[criterion.key],
            check_names=False,
            check_index_type=False,
            rtol=0,
            atol=1e-9,
        )
    part = profile_part(profile, "dichtbij")
    assert part is not None
    scores = measure_access(frames.minutes, part, basis=frames.basis).scores["score"]
    assert found.cells.loc[some.index, "access_score"].to_numpy() == pytest.approx(
        scores.to_numpy(dtype=float)
    )


def test_a_square_too_far_from_a_street_is_unknown_and_never_just_left_out(
    demo_site: Site, demo: SearchAnswer
) -> None:
    app, engine = demo_site
    found = demo.found
    dark = found.cells[found.cells["outcome"] == "onbekend"]
    assert len(dark)
    with engine.connect() as connection:
        for _, cell in dark.sample(10, random_state=3).iterrows():
            home, mode = app.config["SETTINGS"].home, demo.question.profile.mode
            assert point_access(connection, home, cell["x_m"], cell["y_m"], mode).is_far
    assert sum(ha for _, ha in unknown_reasons(demo)) == len(dark)
    assert sum(row.cell_count for row in outcomes(demo)) == len(found.cells)


def test_nothing_is_suggested_in_water_on_a_runway_on_the_beach_or_outside(
    demo_site: Site, demo: SearchAnswer
) -> None:
    with demo_site[1].connect() as connection:
        uses = land_in_use(connection)
    barred = uses[uses["kind"].isin(["water", "startbaan", "strand", "luchthaven", "spoor"])]
    assert set(barred["kind"]) >= {"water", "startbaan", "strand"}
    together = shapely.union_all(demo.found.areas.geometry.to_numpy())
    assert together.area > 1_000_000
    assert shapely.area(shapely.intersection(barred.geometry.to_numpy(), together)).max() < 10
    assert together.difference(demo.region.region).area < 1
    fits = demo.found.cells[demo.found.cells["outcome"] == "past"]
    middles = gpd.GeoSeries(gpd.points_from_xy(fits["x_m"], fits["y_m"]), crs=RD)
    assert not middles.intersects(shapely.union_all(barred.geometry.to_numpy())).any()


def test_the_areas_cover_the_squares_that_fit(demo: SearchAnswer) -> None:
    found = demo.found
    fits = found.cells[found.cells["outcome"] == "past"]
    ground = found.facts.ground
    positions = np.flatnonzero((found.cells["outcome"] == "past").to_numpy())
    barred = shapely.union_all(ground.barred_at(positions))
    whole = shapely.union_all(squares(fits).to_numpy()).difference(barred)
    together = shapely.union_all(found.areas.geometry.to_numpy())
    assert shapely.symmetric_difference(whole, together).area < 50
    assert found.areas.geometry.is_valid.all()


def test_the_verdict_of_a_gemeente_is_that_of_the_spreading(demo_site: Site) -> None:
    app, engine = demo_site
    found = asked(engine, app.config["SETTINGS"].home, "beschermd_wonen").found
    with engine.connect() as connection:
        question = read_question(["beschermd_wonen"], "gemeente", TODAY, "inwoners", "besloten")
        verdicts = answer(connection, question).spreading.table["verdict"]
    assert set(verdicts) > {"geen_duidelijk_verschil"}
    for code, verdict in verdicts.items():
        cells = found.cells[found.cells["gemeente_code"] == code]
        assert set(cells["verdict"]) == {verdict}


def test_every_area_is_in_the_list_once_under_its_wijk(demo: SearchAnswer) -> None:
    entries = area_entries(demo)
    assert sorted(entry.number for entry in entries) == list(demo.found.areas.index)
    listed = [area for one in by_gemeente(entries) for wijk in one.wijken for area in wijk.areas]
    assert listed == entries
    assert len({(one.code) for one in by_gemeente(entries)}) == len(by_gemeente(entries))
    for entry in entries:
        assert entry.reason.because.startswith("Hier wel, omdat ")
        assert entry.reason.because.endswith(".")
        assert "nan" not in entry.reason.text
    apart = [entry for entry in entries if entry.elsewhere]
    assert apart
    assert all(entry.whole_ha > entry.area_ha - 1 for entry in apart)


def test_one_gemeente_shows_its_own_areas_by_code_or_name(demo: SearchAnswer) -> None:
    whole = area_entries(demo)
    by_code, by_name = shown_areas(demo, "GM0392"), shown_areas(demo, "haarlem")
    assert by_code.entries == by_name.entries
    assert by_code.entries == [entry for entry in whole if entry.gemeente == "Haarlem"]
    assert by_code.gemeente == "Haarlem"
    with pytest.raises(QuestionError, match="is geen gemeente hier"):
        shown_areas(demo, "Amsterdam")


def test_an_answer_is_kept_until_something_it_rests_on_changes(
    green_world: Engine, tmp_path: Path
) -> None:
    first = asked(green_world, tmp_path, "respijt")
    assert asked(green_world, tmp_path, "respijt").found is first.found
    with green_world.begin() as connection:
        connection.execute(
            text("UPDATE site_state SET capacity_count = 3 WHERE capacity_count = 24")
        )
    changed = asked(green_world, tmp_path, "respijt")
    assert changed.found is not first.found
    assert changed.found.cells.at["E1005N4805", "place_count"] == 3
    assert changed.region.ground is first.region.ground


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"bereikbaarheid": "101"}, "bereikbaarheid"),
        ({"bereikbaarheid": ""}, "bereikbaarheid"),
        ({"afstand": "-1"}, "afstand"),
        ({"plekken": "1e3"}, "plekken"),
        ({"grond": "60"}, "grond"),
        ({"kleinste": "٣"}, "kleinste"),
        ({"aandeel": "meest"}, "aandeel"),
    ],
)
def test_a_condition_that_can_not_be_is_named(words: dict[str, str], field: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_search_question("respijt", TODAY, words)
    assert refused.value.field == field


@pytest.mark.parametrize("word", ["omklapwoning", "vrouwenopvang", "villa"])
def test_only_types_on_the_map_have_search_areas(word: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_search_question(word, TODAY)
    assert refused.value.field == "soort"


def test_the_need_stands_beside_what_is_there(world_site: Site) -> None:
    with world_site[1].connect() as connection:
        found = need_overview(connection, TODAY)
        by_type = {entry.type.key: entry for entry in found.types}
        housing = type_needs(connection, by_type["beschut_wonen"].type, TODAY)
        respite = by_type["respijt"]
    need = by_type["beschut_wonen"].need
    # Needed 18 + 15 + 6; in use 8 + 8; 6 in planning.
    assert (need.asked_count, need.stages["in_use"].place_count) == (39, 16)
    assert (need.coming.place_count, need.still_count) == (6, 23)
    assert need_sentence(by_type["beschut_wonen"].type, need) == (
        "De gemeenten hebben samen 39 plekken beschut wonen nodig. Er zijn er 16 in gebruik en 6 "
        "besloten of in voorbereiding."
    )
    assert [one.asked_count for one in housing.gemeenten] == [15, 6, 18]
    assert [one.stages["in_use"].place_count for one in housing.gemeenten] == [8, 0, 8]
    assert respite.need.silent == ("Middendorp",)
    assert respite.need.still_count is None
    assert "minstens 3" in need_sentence(respite.type, respite.need)
    assert "niet ingevuld door Middendorp" in need_sentence(respite.type, respite.need)
    nothing = by_type["time_out"].need
    assert not nothing.is_known
    assert "heeft geen gemeente ingevuld" in need_sentence(by_type["time_out"].type, nothing)
