"""Who can reach what in time, computed a second time: by hand, by loops and by networkx."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from sqlalchemy import Connection, text

from analysis.access.modes import TRAVEL_MODES
from app.services.area_minutes import (
    NO_RESIDENTS,
    NOT_KNOWN_WHERE,
    minutes_of_areas,
)
from app.services.area_nearby import CATEGORIES, area_nearby
from app.services.availability import (
    ALIKE,
    HIGHER,
    LOWER,
    NO_PLACES,
    UNKNOWN_CAPACITY,
    reach_of_facilities,
)
from app.services.demo import load_region
from app.services.imports import AreaImport, import_cbs_file
from app.services.reach_table import headline, protected_note, share_text
from app.services.residents import daily_life
from app.services.spreading import QuestionError
from app.services.street_store import NO_STREETS
from data import schema
from data.demo import demo_region
from data.errors import NotFound
from data.queries.areas import area
from data.queries.releases import area_release
from geo.frames import LEVELS
from tests.app.street_twin import StreetTwin, quantile_by_hand
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
WALK_M_PER_MIN, CYCLE_M_PER_MIN = 80.0, 250.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def world(connection: Connection) -> Connection:
    """The world of twelve squares; its residents move 10 m, so that one crossing is nearest."""
    load_region(connection, tiny_world())
    connection.execute(text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)"))
    return connection


def publish_respijt(connection: Connection, publication: str = "openbaar") -> None:
    """The respijt place of 2 beds at 100.5, 482.5 km in Noorderzand, in this publication."""
    connection.execute(
        text("UPDATE site SET publication = :word WHERE site_code = 'TINY-7'"),
        {"word": publication},
    )


def test_the_minutes_of_the_world_equal_those_by_hand(world: Connection, home: Path) -> None:
    found = minutes_of_areas(world, home, "huisarts", "buurt", "lopend", ON)
    table = found.table
    # 240 m to the crossing at 101.0 and 500 m on; 240 m to that at 101.5 and 1,000 m on.
    near, far = 740 / WALK_M_PER_MIN, 1240 / WALK_M_PER_MIN
    row = table.loc["BU90010102"]
    assert (row["median_min"], row["p90_min"]) == pytest.approx((near, far))
    assert (row["resident_count"], row["measured_count"], row["unknown_count"]) == (500, 500, 0)
    # One point, 10 m from a crossing; A-2 is 1,000 m down and none to the side.
    assert table.loc["BU90030202", "median_min"] == pytest.approx(1010 / WALK_M_PER_MIN)
    assert found.headline.startswith("De helft van de inwoners van de regio woont binnen ")
    assert (found.basis, found.population_basis, found.place_count) == ("straten", "punten", 2)


def test_people_far_from_a_street_are_counted_and_not_measured(
    world: Connection, home: Path
) -> None:
    """The four points of BU90010101 are 346 m from every crossing."""
    found = minutes_of_areas(world, home, "huisarts", "gemeente", "walk", ON)
    row = found.table.loc["GM9001"]
    assert (row["resident_count"], row["measured_count"], row["unknown_count"]) == (
        2000,
        1000,
        1000,
    )
    assert "1 op de 10" in row["warning"]
    buurten = minutes_of_areas(world, home, "huisarts", "buurt", "walk", ON).table
    nobody = buurten.loc["BU90010101"]
    assert pd.isna(nobody["median_min"])
    assert nobody["unknown_count"] == 1000
    assert "reistijd" in nobody["reason"]
    assert found.region["unknown_count"] == 1000


def test_an_area_without_residents_tells_why(world: Connection, home: Path) -> None:
    world.execute(text("UPDATE figure SET value = 0 WHERE area_code = 'BU90030101'"))
    for code in ("BU90030101", "BU90030102"):
        world.execute(
            text("DELETE FROM population_point WHERE point_code = :code"), {"code": f"{code}-1"}
        )
    table = minutes_of_areas(world, home, "huisarts", "buurt", "walk", ON).table
    assert dict(table["reason"].dropna()) == {
        "BU90010101": "Van geen enkele inwoner is de reistijd bekend.",
        "BU90020201": "Aantal inwoners: geheim of niet van toepassing.",
        "BU90030101": NO_RESIDENTS,
        "BU90030102": NOT_KNOWN_WHERE,
    }
    assert table["median_min"].isna().eq(table["reason"].notna()).all()


def test_few_residents_are_warned_of(world: Connection, home: Path) -> None:
    table = minutes_of_areas(world, home, "huisarts", "buurt", "walk", ON).table
    warned = table["warning"].str.contains("minder dan 500", na=False)
    known = table["median_min"].notna()
    assert warned[known].eq(table["resident_count"][known] < 500).all()
    assert not warned[~known].any()


def test_a_category_without_a_place_and_a_type_without_a_site_say_so(
    world: Connection, home: Path
) -> None:
    found = minutes_of_areas(world, home, "bibliotheek", "gemeente", "fietsend", ON)
    assert found.basis is None
    assert set(found.table["reason"]) == {"In de gegevens staan geen bibliotheken."}
    assert "niet te meten" in found.headline
    found = minutes_of_areas(world, home, "respijt", "gemeente", "fietsend", ON)
    assert found.table["reason"].str.contains("geen openbare respijtplekken in gebruik").all()
    assert found.place_count == 0


def test_a_database_with_streets_alone_breaks_nothing(world: Connection, home: Path) -> None:
    for table in ("amenity", "population_point", "site_state", "site", "figure"):
        world.execute(text(f"DELETE FROM {table}"))
    found = minutes_of_areas(world, home, "huisarts", "buurt", "lopend", ON)
    assert found.population_basis == "buurtpunten"
    assert found.table["reason"].notna().all()
    assert pd.notna(found.region["reason"])
    reach = reach_of_facilities(world, home, on=ON)
    assert reach.table["share"].isna().all()
    assert reach.sites.empty


def test_people_without_any_way_to_a_place_are_counted_as_such(
    world: Connection, home: Path
) -> None:
    """Every other street may be cycled one way only: some people can't get there."""
    world.execute(text("DELETE FROM amenity WHERE amenity_code <> 'A-5'"))
    world.execute(text("UPDATE street_edge SET cycle_forward = false WHERE edge_id % 2 = 0"))
    found = minutes_of_areas(world, home, "apotheek", "gemeente", "fietsend", ON)
    region = tiny_world()
    twin_edges = region.street_edges.copy()
    twin_edges.loc[twin_edges.index % 2 == 0, "cycle_forward"] = False
    twin = StreetTwin(region.street_nodes, twin_edges, "cycle")
    points = region.population_points.set_geometry(region.population_points.translate(-10, 0))
    metres = twin.to_nearest(points.geometry, [(103_500, 482_500)])
    gemeente = "GM" + points.index.str[2:6]
    for code, row in found.table.iterrows():
        own = points.index[gemeente == code]
        residents = points.loc[own, "resident_count"]
        assert row["unreached_count"] == residents[np.isinf(metres[own])].sum()
        assert row["unknown_count"] == residents[metres[own].isna()].sum()
        minutes = metres[own] / CYCLE_M_PER_MIN
        assert row["median_min"] == pytest.approx(
            quantile_by_hand(minutes, residents, 0.5), nan_ok=True
        )
    assert found.table["unreached_count"].sum() > 0


def test_only_sites_in_use_on_the_date_are_measured_to(world: Connection, home: Path) -> None:
    publish_respijt(world)
    before = minutes_of_areas(world, home, "respijt", "buurt", "bike", dt.date(2022, 12, 31))
    after = minutes_of_areas(world, home, "respijt", "buurt", "bike", ON)
    assert before.table["median_min"].isna().all()
    assert after.table.loc["BU90030101", "median_min"] == pytest.approx(10 / CYCLE_M_PER_MIN)


def test_a_protected_site_is_measured_to_by_nobody(world: Connection, home: Path) -> None:
    publish_respijt(world, "gebied")
    found = minutes_of_areas(world, home, "respijt", "buurt", "bike", ON)
    assert found.table["median_min"].isna().all()
    assert (found.place_count, found.protected_site_count) == (0, 1)
    reach = reach_of_facilities(world, home, ["respijt"], ON)
    assert reach.table["share"].isna().all()
    assert set(reach.table["reason"]) == {NO_PLACES}
    assert reach.protected_counts == {"Noorderzand": 1}
    assert "1 in Noorderzand" in str(protected_note(reach))
    publish_respijt(world, "intern")
    assert reach_of_facilities(world, home, ["respijt"], ON).protected_counts == {}


def test_the_shares_equal_those_counted_by_hand(world: Connection, home: Path) -> None:
    """Within 6 minutes by bicycle, 1,500 m, of 100.5, 482.5 km.

    | point                    | residents | way                    |        |
    |--------------------------|-----------|------------------------|--------|
    | BU90030101 100.49, 482.5 |       200 | 10 m                   | within |
    | BU90030102 101.49, 482.5 |       100 | 10 + 1,000 m           | within |
    | BU90020101 100.74, 481.5 |       300 | 240 + 1,000 m          | within |
    | BU90020101 100.24, 481.5 |       300 | 240 + 500 + 1,000 m    | beyond |
    | all others               |           | farther                | beyond |
    """
    publish_respijt(world)
    found = reach_of_facilities(world, home, ["respijt"], ON, minutes=6)
    table = found.table
    assert dict(table["within_count"]) == {"GM9001": 0, "GM9002": 300, "GM9003": 300}
    assert dict(table["beyond_count"]) == {"GM9001": 1000, "GM9002": 1200, "GM9003": 200}
    assert dict(table["unknown_count"]) == {"GM9001": 1000, "GM9002": 0, "GM9003": 0}
    assert list(table["share"]) == pytest.approx([0, 0.2, 0.6])
    assert found.region["share"] == pytest.approx(600 / 3000)
    # The place lies in Noorderzand: residents of Middendorp reach it across the border.
    assert list(table["verdict"]) == [LOWER, ALIKE, HIGHER]
    assert headline(found) == (
        "Van de inwoners van de regio kan 20% binnen 6 minuten fietsen bij een respijtplek zijn."
    )


def test_places_per_10000_equal_those_of_a_plain_loop(world: Connection, home: Path) -> None:
    publish_respijt(world)
    found = reach_of_facilities(world, home, ["respijt"], ON)
    region = tiny_world()
    points = region.population_points.set_geometry(region.population_points.translate(-10, 0))
    twin = StreetTwin(region.street_nodes, region.street_edges, "cycle")
    minutes = twin.to_nearest(points.geometry, [(100_500, 482_500)]) / CYCLE_M_PER_MIN
    weights = {
        code: next((w for band, w in ((5, 1), (10, 0.68), (15, 0.22)) if value <= band), 0)
        for code, value in minutes.items()
    }
    sharing = sum(points["resident_count"][code] * weights[code] for code in points.index)
    for gemeente in ("GM9001", "GM9002", "GM9003"):
        own = [
            code
            for code in points.index
            if code[2:6] == gemeente[2:] and not math.isnan(minutes[code])
        ]
        residents = sum(points["resident_count"][code] for code in own)
        expected = sum(
            points["resident_count"][code] * 10_000 * 2 / sharing * weights[code] for code in own
        )
        assert found.table.loc[gemeente, "places_per_10000"] == pytest.approx(expected / residents)
    # What all residents can reach together is what there is: 2 beds.
    together = (found.table["places_per_10000"] * found.table["measured_count"]).sum() / 10_000
    assert together == pytest.approx(2)


def test_a_site_without_a_known_number_of_places_does_not_count(
    world: Connection, home: Path
) -> None:
    publish_respijt(world)
    world.execute(
        text(
            "UPDATE site_state SET capacity_count = NULL WHERE site_id ="
            " (SELECT id FROM site WHERE site_code = 'TINY-7')"
        )
    )
    found = reach_of_facilities(world, home, ["respijt"], ON)
    assert found.sites.empty
    assert list(found.left_out["left_out"]) == [UNKNOWN_CAPACITY]
    assert found.table["places_per_10000"].isna().all()
    assert found.table["share"].isna().all()


def test_plans_count_only_when_asked_for(world: Connection, home: Path) -> None:
    types = ["beschut_wonen"]
    counts = {
        scope: len(reach_of_facilities(world, home, types, ON, plan_scope=scope).sites)
        for scope in ("bestaand", "besloten", "gepland")
    }
    assert counts == {"bestaand": 2, "besloten": 2, "gepland": 3}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("geluk", "buurt", "lopend"), "categorie"),
        (("huisarts", "straat", "lopend"), "niveau"),
        (("huisarts", "buurt", "vliegend"), "wijze"),
        (("vrouwenopvang", "buurt", "lopend"), "categorie"),
    ],
)
def test_a_word_that_is_not_known_is_named(
    world: Connection, home: Path, words: tuple[str, str, str], field: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        minutes_of_areas(world, home, *words, ON)
    assert caught.value.field == field


def test_without_streets_the_distance_of_cbs_is_named(world: Connection, home: Path) -> None:
    world.execute(text("DELETE FROM street_edge"))
    world.execute(
        text(
            "INSERT INTO figure (release_id, area_code, figure, value)"
            " SELECT release_id, area_code, 'afstand_huisarts_km', 1.4 FROM area"
            " WHERE area_code IN ('GM9001', 'GM9002')"
        )
    )
    found = minutes_of_areas(world, home, "huisarts", "gemeente", "lopend", ON)
    assert (found.basis, found.population_basis) == ("cbs", None)
    assert list(found.table["cbs_km"].fillna(-1)) == [1.4, 1.4, -1]
    assert set(found.table["reason"]) == {NO_STREETS}
    assert NO_STREETS in found.headline
    # CBS does not measure to a stop: then there is nothing to fall back on.
    assert minutes_of_areas(world, home, "ov_halte", "gemeente", "lopend", ON).basis is None
    with pytest.raises(NotFound, match="straten"):
        reach_of_facilities(world, home, ["respijt"], ON)
    release = area_release(world)
    assert area_nearby(world, home, release, area(world, release.id, "GM9001")) is None


def test_where_one_area_has_no_minutes_only_that_one_falls_back(
    world: Connection, home: Path
) -> None:
    world.execute(
        text(
            "INSERT INTO figure (release_id, area_code, figure, value)"
            " SELECT release_id, area_code, 'afstand_huisarts_km', 0.7 FROM area"
            " WHERE area_code LIKE 'BU9001%'"
        )
    )
    table = minutes_of_areas(world, home, "huisarts", "buurt", "lopend", ON).table
    assert dict(table["cbs_km"].dropna()) == {"BU90010101": 0.7}


def test_another_delivery_is_seen_at_once(world: Connection, home: Path) -> None:
    before = minutes_of_areas(world, home, "huisarts", "buurt", "lopend", ON).table
    load = "INSERT INTO source_release (source_key, publisher, title, licence, attribution,"
    load += " address, year, version, retrieved_on, sha256, row_count, is_example) SELECT 'nieuw',"
    load += " publisher, title, licence, attribution, address, 2026, 'v1', retrieved_on, sha256, 1,"
    load += " false FROM source_release LIMIT 1"
    world.execute(text(load))
    world.execute(
        text(
            "INSERT INTO amenity (release_id, amenity_code, category, geom) SELECT id, 'N1',"
            " 'huisarts', ST_SetSRID(ST_MakePoint(101500, 480500), 28992) FROM source_release"
            " WHERE source_key = 'nieuw'"
        )
    )
    after = minutes_of_areas(world, home, "huisarts", "buurt", "lopend", ON).table
    assert before.loc["BU90010102", "median_min"] == pytest.approx(740 / WALK_M_PER_MIN)
    assert after.loc["BU90010102", "median_min"] == pytest.approx(240 / WALK_M_PER_MIN)


@pytest.mark.parametrize("mode", ["walk", "cycle"])
def test_the_example_region_equals_networkx(
    demo_connection: Connection, home: Path, mode: str
) -> None:
    region = demo_region()
    twin = StreetTwin(region.street_nodes, region.street_edges, mode)
    way = TRAVEL_MODES[mode]
    release = area_release(demo_connection)
    life = daily_life(demo_connection, home, release.id, way)
    points = life.residents.points
    sample = points.sample(1500, random_state=2026).sort_index()
    for category in ("huisarts", "ov_halte", "ziekenhuis"):
        places = region.amenities[region.amenities["category"] == category].geometry
        expected = twin.to_nearest(sample.geometry, zip(places.x, places.y, strict=True))
        measured = life.distance_m.loc[sample.index, category]
        worst_m = (measured - expected).abs().max()
        print(f"{mode} {category}: {len(sample)} points, at most {worst_m * 1000:.3f} mm apart")
        assert measured.isna().eq(expected.isna()).all()
        np.testing.assert_allclose(measured, expected, rtol=0, atol=0.0011)


@pytest.mark.parametrize("level", LEVELS)
def test_the_medians_equal_those_of_all_residents_in_a_row(
    demo_connection: Connection, home: Path, level: str
) -> None:
    found = minutes_of_areas(demo_connection, home, "supermarkt", level, "walk", ON)
    release = area_release(demo_connection)
    life = daily_life(demo_connection, home, release.id, TRAVEL_MODES["walk"])
    points = life.residents.points
    minutes = life.distance_m["supermarkt"] / WALK_M_PER_MIN
    for code, row in found.table.iterrows():
        own = points.index[points[f"{level}_code"] == code]
        residents = points.loc[own, "resident_count"]
        for name, part in (("median_min", 0.5), ("p90_min", 0.9)):
            expected = quantile_by_hand(minutes[own], residents, part)
            assert row[name] == pytest.approx(expected, nan_ok=True), (code, name)
        assert row["resident_count"] == residents.sum()
    in_region = points.index[points["in_region"]]
    whole = quantile_by_hand(minutes[in_region], points.loc[in_region, "resident_count"], 0.5)
    assert found.region["median_min"] == pytest.approx(whole)


def test_the_shares_of_the_example_region_are_counted_again(
    demo_connection: Connection, home: Path
) -> None:
    region = demo_region()
    found = reach_of_facilities(demo_connection, home, on=ON)
    twin = StreetTwin(region.street_nodes, region.street_edges, "cycle")
    wanted = region.sites[
        region.sites["type"].isin(["respijt", "time_out"])
        & (region.sites["publication"] == "openbaar")
    ]
    places = []
    for code, site in wanted.iterrows():
        states = region.site_states[region.site_states["site_code"] == code]
        last = states[states["from_date"] <= ON].sort_values("from_date").tail(1)
        if list(last["status"]) == ["in_gebruik"] and last["capacity_count"].notna().all():
            places.append((site.geometry.x, site.geometry.y))
    assert len(found.sites) == len(places)
    points = region.population_points
    minutes = twin.to_nearest(points.geometry, places) / CYCLE_M_PER_MIN
    gemeente = "GM" + points.index.str[2:6]
    for code, row in found.table.iterrows():
        own = points.index[gemeente == code]
        within = points.loc[own, "resident_count"][minutes[own] <= 15].sum()
        assert row["within_count"] == within
        assert row["share"] == pytest.approx(within / points.loc[own, "resident_count"].sum())


def test_real_areas_are_measured_from_the_middle_of_each_buurt(
    fresh_database_url: str, shared_data: Path, tmp_path: Path
) -> None:
    """The borders and figures of CBS, with the streets and amenities of the example region.

    The streets of the western edge are left out, so that buurten there have no minutes.
    """
    engine = schema.connect(fresh_database_url)
    region = demo_region()
    east_m = region.street_nodes.geometry.x
    nodes = region.street_nodes[east_m > east_m.quantile(0.05)]
    ends = region.street_edges[["from_node_id", "to_node_id"]]
    edges = region.street_edges[ends.isin(nodes.index).all(axis=1)]
    with engine.begin() as connection:
        load_region(connection, replace(region, street_nodes=nodes, street_edges=edges))
    file = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    import_cbs_file(engine, file, AreaImport(year=2024, version="v2"))
    with engine.connect() as connection:
        found = minutes_of_areas(connection, tmp_path, "huisarts", "buurt", "lopend", ON)
        reach = reach_of_facilities(connection, tmp_path, on=ON)
    engine.dispose()
    assert found.population_basis == "buurtpunten"
    assert found.table["resident_count"].sum() == 551_130
    known = found.table["median_min"].notna()
    assert known.eq(found.table["measured_count"] > 0).all()
    far = found.table["unknown_count"] > 0
    print(f"{known.sum()} buurten measured, {far.sum()} too far from a street, {found.headline}")
    # Only where there are no minutes, CBS says how far it is by road, if it knows.
    raw = pyogrio.read_dataframe(file, layer="buurten", read_geometry=False)
    by_road = raw.set_index("buurtcode")["huisartsenpraktijk_gemiddelde_afstand_in_km"]
    by_road = by_road.where(by_road >= 0).reindex(found.table.index).where(~known)
    assert found.table["cbs_km"].equals(by_road.astype("float64"))
    assert found.table["cbs_km"].notna().sum() > 0
    assert found.is_example
    assert len(reach.table) == 8


def test_the_page_of_an_area_has_the_same_minutes_as_the_map(
    demo_connection: Connection, home: Path
) -> None:
    release = area_release(demo_connection)
    for level, code in (("gemeente", "GM0392"), ("wijk", "WK039201"), ("buurt", "BU03920101")):
        found = area_nearby(demo_connection, home, release, area(demo_connection, release.id, code))
        assert found is not None
        assert [category.key for category, _ in found.minutes] == list(CATEGORIES)
        for category, minutes in found.minutes:
            table = minutes_of_areas(demo_connection, home, category.key, level, "walk", ON).table
            assert minutes == table.loc[code, "median_min"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.0005, "0,1%"),
        (0.9999, "99,99%"),
        (0.4969, "50%"),
        (1e-9, "bijna 0%"),
        (1 - 1e-9, "bijna 100%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, shown: str) -> None:
    assert share_text(share) == shown


def test_a_twin_row_of_residents_is_counted_right() -> None:
    minutes = pd.Series({"a": 1.0, "b": 2.0, "c": math.inf})
    residents = pd.Series({"a": 5, "b": 4, "c": 1})
    assert quantile_by_hand(minutes, residents, 0.5) == 1
    assert quantile_by_hand(minutes, residents, 0.9) == 2
    assert math.isnan(quantile_by_hand(minutes, residents, 1))
