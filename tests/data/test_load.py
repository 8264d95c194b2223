"""Loading: what is new, changed and gone; twice is once; history is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, func, select, text

from app.services import demo
from app.services.demo import load_demo_region, load_region
from app.services.imports import (
    AreaImport,
    PointImport,
    SiteImport,
    import_cbs_file,
    import_points,
    import_sites,
)
from data import schema
from data.compare import Difference
from data.faults import Refused
from data.load.report import LoadReport
from data.sources.reading import Choices
from data.tables import Amenity, Area, Figure, Site, SiteState, SourceRelease
from tests.data.made_files import (
    cbs_layers,
    database_checksum,
    site_rows,
    write_csv,
    write_layers,
)
from tests.world import tiny_world

REGION = ("GM9001", "GM9002")
WANTED = AreaImport(2024, "v1", REGION)
IN_THE_FILE = {"code": "A-1"}


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Engine]:
    engine = schema.connect(fresh_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def cbs_file(tmp_path: Path) -> Path:
    return write_layers(tmp_path / "cbs.gpkg", cbs_layers())


@pytest.fixture
def with_areas(database: Engine, cbs_file: Path) -> Engine:
    import_cbs_file(database, cbs_file, WANTED)
    return database


def checksum(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return database_checksum(connection)


def count(engine: Engine, table: type) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def difference(report: LoadReport, noun: str) -> Difference:
    return next(section.difference for section in report.sections if section.noun == noun)


def life_of(engine: Engine, site_code: str) -> list[tuple[dt.date, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            select(SiteState.from_date, SiteState.status)
            .join(Site)
            .where(Site.site_code == site_code)
            .order_by(SiteState.from_date)
        )
        return [(row.from_date, row.status) for row in rows]


def register(folder: Path, *changes: dict[str, object], name: str = "register.csv") -> Path:
    return write_csv(folder / name, site_rows(*changes))


def test_a_first_import_stores_areas_figures_and_the_release(
    database: Engine, cbs_file: Path
) -> None:
    report = import_cbs_file(database, cbs_file, WANTED)
    assert len(difference(report, "gebieden").new) == count(database, Area) == 21
    assert "2 gemeenten in de regio" in report.facts
    assert "3.500 inwoners in de regio" in report.facts
    assert "4 buurten in de rand" in report.facts
    with database.connect() as connection:
        release = connection.execute(select(SourceRelease.__table__)).one()
    assert (release.source_key, release.year, release.version) == ("cbs_wijken_buurten", 2024, "v1")
    assert release.attribution == "Kadaster / Centraal Bureau voor de Statistiek, 2024"
    assert release.row_count == 21 + count(database, Figure)
    assert len(release.sha256) == 64


def test_the_same_import_again_changes_not_one_byte(database: Engine, cbs_file: Path) -> None:
    import_cbs_file(database, cbs_file, WANTED)
    before = checksum(database)
    assert import_cbs_file(database, cbs_file, WANTED).is_empty
    assert checksum(database) == before


def test_a_dry_run_tells_the_same_and_stores_nothing(database: Engine, cbs_file: Path) -> None:
    before = checksum(database)
    tried = import_cbs_file(database, cbs_file, WANTED, dry_run=True)
    assert checksum(database) == before
    done = import_cbs_file(database, cbs_file, WANTED)
    assert tried.sections == done.sections
    assert tried.facts == done.facts


def test_other_content_for_the_same_version_updates_that_release(
    with_areas: Engine, tmp_path: Path
) -> None:
    layers = cbs_layers()
    layers["buurten"].loc[0, ["buurtnaam", "aantal_inwoners"]] = ["Nieuw Zuid", 1100]
    layers["buurten"].loc[1, "aantal_inwoners"] = -99997
    path = write_layers(tmp_path / "other.gpkg", layers)
    report = import_cbs_file(with_areas, path, WANTED)
    areas, figures = difference(report, "gebieden"), difference(report, "cijfers")
    assert areas.changes == {"BU90010101": ("name",)}
    assert figures.changes == {
        "BU90010101 inwoners": ("value",),
        "BU90010102 inwoners": ("value", "reason"),
    }
    assert count(with_areas, SourceRelease) == 1


def test_areas_that_are_gone_from_the_release_go_with_their_figures(
    with_areas: Engine, tmp_path: Path
) -> None:
    layers = cbs_layers()
    layers["buurten"] = layers["buurten"].iloc[:-1]
    path = write_layers(tmp_path / "other.gpkg", layers)
    report = import_cbs_file(with_areas, path, WANTED)
    assert difference(report, "gebieden").gone == ("BU90030202",)
    with with_areas.connect() as connection:
        left = select(func.count()).where(Figure.area_code == "BU90030202")
        assert connection.scalar(left) == 0


def test_another_year_stands_beside_the_first(with_areas: Engine, tmp_path: Path) -> None:
    path = write_layers(tmp_path / "cbs.2025.gpkg", cbs_layers(year=2025))
    import_cbs_file(with_areas, path, AreaImport(2025, "v1", REGION))
    assert count(with_areas, Area) == 42


def test_the_same_file_as_another_version_is_refused(with_areas: Engine, cbs_file: Path) -> None:
    with pytest.raises(Refused, match="Dit bestand is al geladen als 2024 v1"):
        import_cbs_file(with_areas, cbs_file, AreaImport(2024, "v2", REGION))


def test_the_outline_of_every_area_is_stored(with_areas: Engine) -> None:
    query = text("SELECT bool_and(ST_IsValid(outline_wgs84) AND ST_SRID(geom) = 28992) FROM area")
    with with_areas.connect() as connection:
        assert connection.scalar(query) is True


def test_sites_need_areas_first(database: Engine, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Laad eerst de wijken en buurten"):
        import_sites(database, register(tmp_path, {}), SiteImport())


def test_a_register_is_stored_once(with_areas: Engine, tmp_path: Path) -> None:
    path = register(tmp_path, {}, {"soort": "BW", "publicatie": "gebied"})
    first = import_sites(with_areas, path, SiteImport())
    assert difference(first, "locaties").new == ("A-1", "A-2")
    before = checksum(with_areas)
    assert import_sites(with_areas, path, SiteImport()).is_empty
    assert checksum(with_areas) == before
    assert count(with_areas, SourceRelease) == 2


def test_a_changed_site_is_named_with_what_changed(with_areas: Engine, tmp_path: Path) -> None:
    import_sites(with_areas, register(tmp_path, {}, {}), SiteImport())
    newer = register(tmp_path, {"naam": "De Els", "x": "101600", "plekken": "9"}, {}, {})
    report = import_sites(with_areas, newer, SiteImport())
    assert difference(report, "locaties").changes == {"A-1": ("name", "geom")}
    assert difference(report, "locaties").new == ("A-3",)
    assert difference(report, "statussen").changes == {"A-1 2020-01-01": ("capacity_count",)}


def test_every_site_of_the_file_points_to_the_newest_delivery(
    with_areas: Engine, tmp_path: Path
) -> None:
    import_sites(with_areas, register(tmp_path, {}, {}), SiteImport())
    import_sites(with_areas, register(tmp_path, {"naam": "De Els"}), SiteImport())
    query = (
        select(Site.site_code, SourceRelease.version)
        .join(SourceRelease, SourceRelease.id == Site.release_id)
        .order_by(Site.site_code)
    )
    with with_areas.connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [("A-1", "v2"), ("A-2", "v1")]


def test_states_from_before_the_first_date_of_the_file_stay(
    with_areas: Engine, tmp_path: Path
) -> None:
    history = register(
        tmp_path,
        {"status": "idee", "status sinds": "01-01-2018"},
        {**IN_THE_FILE, "status": "besluit", "status sinds": "01-01-2020"},
        {**IN_THE_FILE, "status": "in gebruik", "status sinds": "01-06-2021"},
    )
    import_sites(with_areas, history, SiteImport())
    newer = register(
        tmp_path,
        {"status": "realisatie", "status sinds": "01-03-2020"},
        {**IN_THE_FILE, "status": "in gebruik", "status sinds": "01-07-2021"},
    )
    report = import_sites(with_areas, newer, SiteImport())
    assert life_of(with_areas, "A-1") == [
        (dt.date(2018, 1, 1), "idee"),
        (dt.date(2020, 1, 1), "besluit"),
        (dt.date(2020, 3, 1), "realisatie"),
        (dt.date(2021, 7, 1), "in_gebruik"),
    ]
    assert difference(report, "statussen").gone == ("A-1 2021-06-01",)


def test_a_site_that_is_gone_from_the_file_stays_and_is_named(
    with_areas: Engine, tmp_path: Path
) -> None:
    import_sites(with_areas, register(tmp_path, {}, {}), SiteImport())
    report = import_sites(with_areas, register(tmp_path, {}), SiteImport())
    assert difference(report, "locaties").gone == ("A-2",)
    assert count(with_areas, Site) == 2
    with with_areas.connect() as connection:
        ends = connection.execute(select(Site.valid_to)).scalars().all()
    assert ends == [None, None]


def test_remove_gone_ends_a_site_and_keeps_its_history(with_areas: Engine, tmp_path: Path) -> None:
    import_sites(with_areas, register(tmp_path, {}, {}), SiteImport())
    shorter = register(tmp_path, {})
    import_sites(with_areas, shorter, SiteImport(remove_gone=True))
    with with_areas.connect() as connection:
        rows = connection.execute(select(Site.site_code, Site.valid_to))
        ends = {row.site_code: row.valid_to for row in rows}
    assert ends == {"A-1": None, "A-2": dt.date.today()}
    assert life_of(with_areas, "A-2") == [(dt.date(2020, 1, 1), "in_gebruik")]
    again = import_sites(with_areas, shorter, SiteImport(remove_gone=True))
    assert again.is_empty


def test_a_code_of_another_source_is_refused(database: Engine, tmp_path: Path) -> None:
    with database.begin() as connection:
        load_region(connection, tiny_world())
    with pytest.raises(Refused, match="al in gebruik in een andere bron"):
        import_sites(database, register(tmp_path, {"code": "TINY-1"}), SiteImport())


def test_amenities_are_a_delivery_per_category(with_areas: Engine, tmp_path: Path) -> None:
    path = tmp_path / "punten.csv"
    path.write_text("code;x;y\n1;101500;480500\n2;101600;480500\n", encoding="utf-8")
    wanted = PointImport(2024, "huisarts")
    import_points(with_areas, path, wanted)
    assert import_points(with_areas, path, wanted).is_empty
    path.write_text("code;x;y\n1;101500;480600\n3;101600;480500\n", encoding="utf-8")
    changes = difference(import_points(with_areas, path, wanted), "voorzieningen")
    assert (changes.new, changes.gone) == (("3",), ("2",))
    assert changes.changes == {"1": ("geom",)}
    assert count(with_areas, Amenity) == 2


def test_the_demo_region_is_loaded_once(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "demo_region", tiny_world)
    first = load_demo_region(database)
    assert not first.is_empty
    before = checksum(database)
    monkeypatch.setattr(demo, "demo_region", pytest.fail)
    again = load_demo_region(database)
    assert again.is_empty
    assert again.notes == ("De voorbeeldregio is er al.",)
    assert checksum(database) == before


def test_a_made_up_region_is_stored_whole_and_marked_as_example(connection: Connection) -> None:
    world = tiny_world()
    report = load_region(connection, world)
    stored = {section.noun: section.difference.row_count for section in report.sections}
    assert stored == {
        "gebieden": len(world.areas),
        "cijfers": len(world.figures),
        "locaties": len(world.sites),
        "statussen": len(world.site_states),
        "voorzieningen": len(world.amenities),
        "bevolkingspunten": len(world.population_points),
        "aantallen in de opgave": len(world.tasks),
        "punten in straten": len(world.street_nodes),
        "stukken straat": len(world.street_edges),
        "aantallen woningen": len(world.homes) + 1,  # and the region as a whole
        "stukken grond": len(world.land_use),
    }
    assert connection.scalar(select(SourceRelease.is_example)) is True


def test_what_is_stored_is_what_was_loaded(connection: Connection) -> None:
    world = tiny_world()
    load_region(connection, world)
    rows = connection.execute(
        select(Site.site_code, Site.type, func.ST_X(Site.geom), func.ST_Y(Site.geom)).order_by(
            Site.site_code
        )
    ).all()
    sites = world.sites.sort_index()
    expected = [
        (code, site["type"], site.geometry.x, site.geometry.y) for code, site in sites.iterrows()
    ]
    assert [tuple(row) for row in rows] == expected
    figures = pd.DataFrame(
        connection.execute(select(Figure.area_code, Figure.figure, Figure.value))
    )
    merged = world.figures.merge(figures, on=["area_code", "figure"], suffixes=("", "_stored"))
    assert len(merged) == len(world.figures)
    pd.testing.assert_series_equal(merged["value"], merged["value_stored"], check_names=False)


def test_the_real_file_twice_is_the_real_file_once(database: Engine, shared_data: Path) -> None:
    path = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    report = import_cbs_file(database, path, AreaImport(2024, "v1"))
    assert report.facts == (
        "8 gemeenten in de regio",
        "83 wijken in de regio",
        "400 buurten in de regio",
        "551.130 inwoners in de regio",
        "420 buurten in de rand",
    )
    before = checksum(database)
    assert import_cbs_file(database, path, AreaImport(2024, "v1")).is_empty
    assert checksum(database) == before


def test_choices_default_to_nothing_chosen() -> None:
    assert SiteImport().choices == Choices()
