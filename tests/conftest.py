"""Fixtures for every test: a real PostGIS, put back as it was after each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.services.demo import load_demo_region
from data import schema
from tests.database_server import CHECKOUT, DatabaseServer, database_server, temporary_folder
from tests.oidc_provider import OidcProvider, oidc_provider


@pytest.fixture(scope="session")
def cluster() -> Iterator[DatabaseServer]:
    """The database server of this test run."""
    with database_server() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(cluster: DatabaseServer) -> Iterator[str]:
    """A database with the newest schema to copy from; nobody connects to it."""
    name = cluster.create_database()
    engine = schema.connect(cluster.url_of(name))
    schema.upgrade(engine)
    engine.dispose()
    yield name
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def database_url(cluster: DatabaseServer, template_database: str) -> Iterator[str]:
    """An empty database with the newest schema, shared by the tests that put it back."""
    name = cluster.create_database(template_database)
    yield cluster.url_of(name)
    cluster.drop_database(name)


@pytest.fixture
def fresh_database_url(cluster: DatabaseServer, template_database: str) -> Iterator[str]:
    """An empty database with the newest schema for one test, which may do anything to it."""
    name = cluster.create_database(template_database)
    yield cluster.url_of(name)
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the shared database; use ``connection`` to change something."""
    shared = schema.connect(database_url)
    yield shared
    shared.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose changes are undone after the test."""
    with engine.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture(scope="session")
def demo_database_url(cluster: DatabaseServer, template_database: str) -> Iterator[str]:
    """A database with the example region, shared by the tests that put it back."""
    name = cluster.create_database(template_database)
    filling = schema.connect(cluster.url_of(name))
    load_demo_region(filling)
    filling.dispose()
    yield cluster.url_of(name)
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def demo_engine(demo_database_url: str) -> Iterator[Engine]:
    """An engine on the example region."""
    shared = schema.connect(demo_database_url)
    yield shared
    shared.dispose()


@pytest.fixture
def demo_connection(demo_engine: Engine) -> Iterator[Connection]:
    """A connection to the example region whose changes are undone after the test."""
    with demo_engine.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session that may commit and roll back; all of it is undone after the test."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as opened:
        yield opened


@pytest.fixture(scope="session")
def provider() -> Iterator[OidcProvider]:
    """A real provider of OpenID Connect that knows some people."""
    with temporary_folder() as folder, oidc_provider(folder) as running:
        yield running


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real files: VLEKKENPLAN_TEST_DATA, or ``shared/data`` beside us."""
    given = os.environ.get("VLEKKENPLAN_TEST_DATA")
    folder = Path(given) if given else CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real files are not here: {folder} (set VLEKKENPLAN_TEST_DATA)")
    return folder
