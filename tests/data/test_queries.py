"""Questions to the database, answered on the world of ``tests/world.py`` and checked by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from sqlalchemy import Connection, text

from app.services.demo import load_region
from data.errors import NotFound
from data.queries import areas, histories, releases, sites
from geo.frames import Level
from tests.world import tiny_world

NEW_YEAR_2026 = dt.date(2026, 1, 1)
IN_USE = ["in_gebruik"]


@pytest.fixture
def world(connection: Connection) -> Connection:
    """A connection to a database that holds the tiny world."""
    load_region(connection, tiny_world())
    return connection


@pytest.fixture
def release_id(world: Connection) -> int:
    """The release of its areas."""
    return releases.area_release(world).id


def places(world: Connection, release_id: int, level: str, on: dt.date) -> dict[str, int]:
    """Places in use by area."""
    frame = sites.capacity_by_area(world, release_id, level, on, statuses=IN_USE)  # type: ignore[arg-type]
    return {str(code): int(count) for code, count in frame["capacity_count"].items()}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2014, 12, 31), [0, 0, 0]),
        (dt.date(2015, 1, 1), [40, 0, 0]),
        (dt.date(2018, 1, 1), [60, 0, 0]),
        (dt.date(2021, 6, 1), [68, 0, 0]),
        (dt.date(2022, 1, 1), [68, 8, 0]),
        (dt.date(2024, 1, 1), [52, 8, 0]),
        (dt.date(2025, 7, 1), [32, 8, 0]),
        (NEW_YEAR_2026, [32, 8, 0]),
    ],
)
def test_the_state_on_any_date_can_be_asked(
    world: Connection, release_id: int, on: dt.date, expected: list[int]
) -> None:
    assert list(places(world, release_id, "gemeente", on).values()) == expected


def test_a_protected_site_counts_in_its_gemeente_and_wijk_and_not_in_its_buurt(
    world: Connection, release_id: int
) -> None:
    on = dt.date(2024, 6, 1)
    by_wijk = places(world, release_id, "wijk", on)
    by_buurt = places(world, release_id, "buurt", on)
    assert by_wijk["WK900101"] == 24 + 20
    assert by_buurt["BU90010102"] == 0
    counted = sites.capacity_by_area(world, release_id, "gemeente", on, statuses=IN_USE)
    assert counted.loc["GM9001", "protected_site_count"] == 1
    assert counted.loc["GM9003", "site_count"] == 0  # the internal respijt counts nowhere


def test_the_places_of_each_site_are_told_by_area_and_nothing_else(
    world: Connection, release_id: int
) -> None:
    on = dt.date(2024, 6, 1)
    by_wijk = sites.site_capacities(world, release_id, "wijk", on, statuses=IN_USE)
    # The protected site of 20 places counts in its wijk; the internal respijt counts nowhere.
    assert list(by_wijk.items()) == [
        ("WK900101", 20),
        ("WK900101", 24),
        ("WK900102", 8),
        ("WK900201", 8),
    ]
    by_buurt = sites.site_capacities(world, release_id, "buurt", on, statuses=IN_USE)
    assert by_buurt.to_dict() == {"BU90010101": 24, "BU90010201": 8, "BU90020101": 8}
    assert by_wijk.index.name == "area_code"
    assert by_wijk.name == "capacity_count"


def test_the_places_of_a_site_that_nobody_knows_are_unknown(
    world: Connection, release_id: int
) -> None:
    found = sites.site_capacities(world, release_id, "gemeente", NEW_YEAR_2026, ["skaeve_huse"])
    assert found.index.tolist() == ["GM9003"]
    assert found.isna().all()


@pytest.mark.parametrize("level", ["gemeente", "wijk", "buurt"])
@pytest.mark.parametrize("on", [dt.date(2014, 1, 1), dt.date(2021, 6, 1), NEW_YEAR_2026])
def test_the_places_of_the_sites_add_up_to_those_of_the_areas(
    world: Connection, release_id: int, level: Level, on: dt.date
) -> None:
    counted = sites.capacity_by_area(world, release_id, level, on)
    of_sites = sites.site_capacities(world, release_id, level, on)
    areas_of_sites = of_sites.groupby(level=0)
    places = areas_of_sites.sum().reindex(counted.index, fill_value=0)
    assert places.astype("int64").equals(counted["capacity_count"])
    site_counts = areas_of_sites.size().reindex(counted.index, fill_value=0)
    assert site_counts.astype("int64").equals(counted["site_count"].rename(None))


def test_only_wholly_public_sites_are_listed(world: Connection, release_id: int) -> None:
    listed = sites.sites_on(world, release_id, dt.date(2024, 6, 1))
    assert set(listed["site_code"]) == {"TINY-1", "TINY-2", "TINY-3", "TINY-5"}


def test_a_listed_site_tells_its_state_and_where_it_lies(
    world: Connection, release_id: int
) -> None:
    listed = sites.sites_on(world, release_id, NEW_YEAR_2026).set_index("site_code")
    first = listed.loc["TINY-1"]
    assert (first["status"], first["capacity_count"], first["since"]) == (
        "in_gebruik",
        24,
        dt.date(2024, 1, 1),
    )
    assert (first["gemeente_code"], first["wijk_code"], first["buurt_code"]) == (
        "GM9001",
        "WK900101",
        "BU90010101",
    )
    assert (first["x_m"], first["y_m"]) == (100_500, 480_500)
    assert listed["capacity_count"].isna()["TINY-5"]


def test_sites_are_chosen_by_type_and_status(world: Connection, release_id: int) -> None:
    found = sites.sites_on(world, release_id, NEW_YEAR_2026, types=["beschut_wonen"])
    assert set(found["site_code"]) == {"TINY-2", "TINY-3", "TINY-4"}
    found = sites.sites_on(world, release_id, NEW_YEAR_2026, statuses=["planvorming"])
    assert set(found["site_code"]) == {"TINY-4"}


def test_a_site_is_not_listed_outside_its_validity(world: Connection, release_id: int) -> None:
    world.execute(text("UPDATE site SET valid_to = '2025-12-31' WHERE site_code = 'TINY-2'"))
    last_day = sites.sites_on(world, release_id, dt.date(2025, 12, 31))
    day_after = sites.sites_on(world, release_id, NEW_YEAR_2026)
    assert set(last_day["site_code"]) - set(day_after["site_code"]) == {"TINY-2"}
    assert places(world, release_id, "gemeente", NEW_YEAR_2026)["GM9001"] == 24


def test_a_site_on_a_border_counts_once(world: Connection, release_id: int) -> None:
    world.execute(
        text(
            "UPDATE site SET geom = ST_SetSRID(ST_MakePoint(101000, 481000), 28992)"
            " WHERE site_code = 'TINY-3'"
        )
    )
    for level in ("gemeente", "wijk", "buurt"):
        assert sum(places(world, release_id, level, NEW_YEAR_2026).values()) == 40
    listed = sites.sites_on(world, release_id, NEW_YEAR_2026)
    assert list(listed["site_code"]).count("TINY-3") == 1


def test_the_history_of_a_public_site_is_whole_and_that_of_another_is_not_there(
    world: Connection,
) -> None:
    rows = world.execute(text("SELECT site_code, id FROM site"))
    ids = {str(code): int(site_id) for code, site_id in rows}
    history = sites.site_history(world, ids["TINY-3"])
    assert list(history["status"]) == ["besluit", "in_gebruik"]
    for code in ("TINY-6", "TINY-7"):
        with pytest.raises(NotFound, match="niet openbaar"):
            sites.site_history(world, ids[code])


def test_the_views_hold_no_name_place_or_reason_of_a_protected_site(world: Connection) -> None:
    hidden = set(world.scalars(text("SELECT id FROM site WHERE publication <> 'openbaar'")).all())
    assert not hidden & set(world.scalars(text("SELECT id FROM public_site")).all())
    reasons = world.execute(text("SELECT site_id, reason FROM public_site_state")).all()
    assert {reason for site_id, reason in reasons if site_id in hidden} == {None}
    internal = world.scalar(text("SELECT id FROM site WHERE publication = 'intern'"))
    for view in ("public_site_area", "public_site_state"):
        seen = world.scalars(text(f"SELECT site_id FROM {view}")).all()
        assert internal not in set(seen)


def test_a_figure_is_known_or_has_its_reason(world: Connection, release_id: int) -> None:
    frame = areas.figure_values(world, release_id, "buurt", "inwoners")
    assert frame.loc["BU90010101", "value"] == 1000
    assert math.isnan(float(str(frame.loc["BU90020201", "value"])))
    assert frame.loc["BU90020201", "reason"] == "secret_or_absent"
    nothing = areas.figure_values(world, release_id, "wijk", "woningvoorraad")
    assert nothing["value"].isna().all()
    assert set(nothing["reason"]) == {"not_in_file"}


def test_the_areas_of_a_level_come_with_a_point_inside(world: Connection, release_id: int) -> None:
    gemeenten = areas.areas(world, release_id, "gemeente")
    assert list(gemeenten.index) == ["GM9001", "GM9002", "GM9003"]
    shapes = areas.geometries(world, release_id, "buurt")
    assert shapes.area.sum() == pytest.approx(12e6)
    assert areas.area(world, release_id, "WK900101").gemeente_name == "Zuiderveen"
    with pytest.raises(NotFound, match="WK123456"):
        areas.area(world, release_id, "WK123456")


def test_real_areas_come_before_the_example_and_the_newest_first(
    world: Connection, release_id: int
) -> None:
    for year, version in ((2023, "v3"), (2024, "v1"), (2024, "v2")):
        world.execute(
            text(
                "WITH r AS (INSERT INTO source_release (source_key, publisher, title, licence,"
                " attribution, address, year, version, retrieved_on, sha256, row_count, is_example)"
                " VALUES ('cbs', 'p', 't', 'l', 'a', 'a', :year, :version, '2024-01-01', 's', 1,"
                " false) RETURNING id)"
                " INSERT INTO area (release_id, area_code, level, name, gemeente_code,"
                " gemeente_name, in_region, is_water, geom, outline_wgs84)"
                " SELECT r.id, a.area_code, a.level, a.name, a.gemeente_code, a.gemeente_name,"
                " true, false, a.geom, a.outline_wgs84 FROM r, area a WHERE a.release_id = :id"
            ),
            {"year": year, "version": version, "id": release_id},
        )
    assert releases.area_release(world).version == "v2"
    assert releases.area_release(world, year=2023).version == "v3"
    with pytest.raises(NotFound, match="1999"):
        releases.area_release(world, year=1999)


def test_the_whole_life_of_every_site_comes_at_once(world: Connection, release_id: int) -> None:
    found = histories.site_states(world, [release_id], "gemeente", ["beschut_wonen"])
    assert found[["area_code", "status", "capacity_count"]].values.tolist() == [
        ["GM9001", "in_gebruik", 8],
        ["GM9002", "besluit", 8],
        ["GM9002", "in_gebruik", 8],
        ["GM9002", "planvorming", 6],
    ]
    assert found["from_date"].tolist()[1:3] == [dt.date(2021, 1, 1), dt.date(2022, 1, 1)]
    assert found["name"].notna().all()


def test_of_a_protected_site_the_life_has_no_name_and_no_reason(
    world: Connection, release_id: int
) -> None:
    found = histories.site_states(
        world, [release_id], "wijk", ["maatschappelijke_opvang", "respijt"]
    )
    assert found["area_code"].tolist() == ["WK900101", "WK900101"]
    assert found[["name", "reason"]].isna().all(axis=None)
    assert not found["has_public_place"].any()


def test_without_sites_the_lives_keep_their_columns(world: Connection, release_id: int) -> None:
    found = histories.site_states(world, [release_id], "gemeente", ["time_out"])
    assert len(found) == 0
    assert {"site_id", "from_date", "valid_from", "capacity_count"} <= set(found.columns)


def test_there_is_one_release_of_areas_a_year(world: Connection, release_id: int) -> None:
    assert {year: of.id for year, of in releases.area_releases_by_year(world).items()} == {
        2024: release_id
    }


def test_without_areas_no_year_is_known(connection: Connection) -> None:
    with pytest.raises(NotFound, match="geen wijken en buurten"):
        releases.area_releases_by_year(connection)
