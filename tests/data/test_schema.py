"""The database schema: made, unmade, checked, and refused when it is not whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from data import schema
from data.errors import SchemaError


@pytest.fixture
def own_engine(fresh_database_url: str) -> Iterator[Engine]:
    """An engine on a database that this test may change for good."""
    engine = schema.connect(fresh_database_url)
    yield engine
    engine.dispose()


def add_release(engine: Engine) -> None:
    """A release to hang rows under."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO source_release (source_key, publisher, title, licence, attribution,"
                " address, year, version, retrieved_on, sha256, row_count, is_example)"
                " VALUES ('k', 'p', 't', 'l', 'a', 'a', 2024, 'v1', '2024-01-01', '0', 0, true)"
            )
        )


def test_the_migrations_make_just_what_the_tables_promise(own_engine: Engine) -> None:
    with own_engine.connect() as connection:
        assert schema.differences(connection) == []


def test_the_schema_goes_down_to_nothing_and_up_again(own_engine: Engine) -> None:
    schema.downgrade(own_engine)
    with own_engine.connect() as connection:
        left = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') "
                "AND relnamespace = current_schema()::regnamespace"
            )
        ).all()
    assert set(left) == {
        "alembic_version",
        "spatial_ref_sys",
        "geometry_columns",
        "geography_columns",
    }
    schema.upgrade(own_engine)
    schema.check(own_engine)


def test_a_database_of_an_older_version_is_refused_with_the_command_to_type(
    own_engine: Engine,
) -> None:
    schema.downgrade(own_engine)
    with pytest.raises(SchemaError, match="vlekkenplan db upgrade"):
        schema.check(own_engine)


def test_a_missing_spatial_index_is_refused_by_name(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("DROP INDEX idx_site_geom"))
    with pytest.raises(SchemaError, match=r"site\.geom"):
        schema.check(own_engine)


def test_the_database_itself_refuses_a_womens_shelter(own_engine: Engine) -> None:
    add_release(own_engine)
    with pytest.raises(IntegrityError, match="no_vrouwenopvang"), own_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO site (site_code, release_id, name, type, publication, geom)"
                " SELECT 'x', id, 'x', 'vrouwenopvang', 'intern',"
                " ST_SetSRID(ST_MakePoint(100000, 480000), 28992) FROM source_release"
            )
        )


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO site (site_code, release_id, name, type, publication, geom)"
        " SELECT 'x', id, 'Vrouwen-opvang Noord', 'respijt', 'intern', {point}",
        "INSERT INTO site (site_code, release_id, name, type, description, publication, geom)"
        " SELECT 'x', id, 'x', 'respijt', 'naast het BLIJF van mijn lijfhuis', 'intern', {point}",
        "INSERT INTO amenity (release_id, amenity_code, category, name, geom)"
        " SELECT id, 'x', 'huisarts', 'Blijfhuis', {point}",
        "INSERT INTO amenity (release_id, amenity_code, category, geom)"
        " SELECT id, 'x', 'vrouwenopvang', {point}",
    ],
)
def test_the_database_refuses_a_womens_shelter_under_another_type(
    own_engine: Engine, row: str
) -> None:
    point = "ST_SetSRID(ST_MakePoint(100000, 480000), 28992) FROM source_release"
    add_release(own_engine)
    with (
        pytest.raises(IntegrityError, match="no_vrouwenopvang_by_name"),
        own_engine.begin() as connection,
    ):
        connection.execute(text(row.format(point=point)))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("'GM0392', 'respijt', 2026, -1", "ck_task_place_count"),
        ("'GM0392', 'respijt', 1999, 1", "ck_task_from_year"),
        ("'GM0392', 'respijt', 2101, 1", "ck_task_from_year"),
        ("'GM0392', 'vrouwenopvang', 2026, 1", "ck_task_no_vrouwenopvang"),
        ("'GM0392', 'respijt', 2025, 1", "pk_task"),
    ],
)
def test_the_database_refuses_a_task_that_cannot_be(
    own_engine: Engine, values: str, words: str
) -> None:
    row = "INSERT INTO task (release_id, gemeente_code, type, from_year, place_count) SELECT id, {}"
    add_release(own_engine)
    with own_engine.begin() as connection:
        connection.execute(text(row.format("'GM0392', 'respijt', 2025, 0 FROM source_release")))
    with pytest.raises(IntegrityError, match=words), own_engine.begin() as connection:
        connection.execute(text(row.format(f"{values} FROM source_release")))
    with own_engine.begin() as connection:
        connection.execute(text("DELETE FROM source_release"))
        assert connection.scalar(text("SELECT count(*) FROM task")) == 0


def test_only_the_task_goes_when_the_schema_goes_one_version_down(own_engine: Engine) -> None:
    tables = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(:names)")
    names = {"names": ["task", "site", "figure"]}
    schema.downgrade(own_engine, "0002")
    with own_engine.connect() as connection:
        assert set(connection.scalars(tables, names)) == {"site", "figure"}
    with pytest.raises(SchemaError, match=r"heeft \d{4} nodig"):
        schema.check(own_engine)
    schema.upgrade(own_engine)
    schema.check(own_engine)
    with own_engine.connect() as connection:
        assert set(connection.scalars(tables, names)) == {"task", "site", "figure"}
        assert schema.differences(connection) == []
