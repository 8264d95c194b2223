"""The web application on two regions: the example region, and the world of twelve squares."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, insert
from werkzeug.test import stream_encode_multipart

from app import create_app
from app.config import Settings
from app.services import current
from app.services.demo import load_demo_region, load_region
from data import schema
from data.changes.accounts import add_account, set_roles
from data.queries.releases import area_release
from data.tables import Account, Site, SiteState
from tests.app.oidc_browser import EMAIL, PLANNER
from tests.app.sign_in_steps import remove_everyone
from tests.database_server import DatabaseServer
from tests.sent_queries import sent_queries
from tests.world import tiny_world

TODAY = dt.date(2026, 1, 1)
CountAppQueries = Callable[[], AbstractContextManager[list[str]]]
#: Sites that must not be seen: name, address and place are made so that a test can look for them.
PROTECTED_NAME = "Qwertyhuis"
PROTECTED_ADDRESS = "Verborgenlaan 987"
PROTECTED_CODE = "ZZQ"
PROTECTED_PROVIDER = "Zwijgzorg"
PROTECTED_REASON = "Zwijgreden"
PROTECTED_DESCRIPTION = "Zwijgtekst"
#: In Haarlem; no other site of the example region stands here.
PROTECTED_X_M, PROTECTED_Y_M = 104_137.25, 488_913.75


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Engine]:
    """The tiny world, stored for other threads and processes to see."""
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _fixed_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "today", lambda: TODAY)


@pytest.fixture(autouse=True)
def _uploads_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Werkzeug, and its test client, leave large files of refused requests to be tidied up later.

    That is harmless, but an unclosed file counts as a fault of whichever test runs then.
    """
    in_memory = partial(stream_encode_multipart, use_tempfile=False)
    monkeypatch.setattr("werkzeug.test.stream_encode_multipart", in_memory)
    monkeypatch.setattr(
        "werkzeug.wrappers.request.default_stream_factory", lambda *_, **__: io.BytesIO()
    )


@pytest.fixture(scope="session")
def make_site(
    cluster: DatabaseServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]]:
    """Make an app on a database of its own, filled by the function that is given."""
    made: list[tuple[Engine, str]] = []
    apps: list[Flask] = []

    def make(fill: Callable[[Engine], Any]) -> tuple[Flask, Engine]:
        name = cluster.create_database(template_database)
        engine = schema.connect(cluster.url_of(name))
        made.append((engine, name))
        fill(engine)
        settings = Settings(
            tmp_path_factory.mktemp("home"),
            secret_key="test",
            tile_url=None,
            security_contact="mailto:veilig@test.example",
        )
        apps.append(create_app(settings, engine))
        return apps[-1], engine

    yield make
    for app in apps:
        app.extensions["vlekkenplan_engine"].dispose()
    for engine, name in made:
        engine.dispose()
        cluster.drop_database(name)


@pytest.fixture(scope="session")
def demo_site(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> tuple[Flask, Engine]:
    """The app on the example region."""
    return make_site(load_demo_region)


@pytest.fixture(scope="session")
def world_site(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> tuple[Flask, Engine]:
    """The app on the world of twelve squares, small enough to check by hand."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())

    return make_site(fill)


@pytest.fixture
def app(world_site: tuple[Flask, Engine]) -> Flask:
    """The app on the world of twelve squares, where nobody has an account yet."""
    remove_everyone(world_site[1])
    return world_site[0]


@pytest.fixture
def owner(world_site: tuple[Flask, Engine]) -> Engine:
    """The database of ``app``, as its owner sees it."""
    return world_site[1]


@pytest.fixture(scope="session")
def guarded_site(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> tuple[Flask, Engine]:
    """The app on the example region with three planted sites that nobody may see."""

    def fill(engine: Engine) -> None:
        load_demo_region(engine)
        _plant(engine)

    return make_site(fill)


@pytest.fixture
def planner_engine(world_site: tuple[Flask, Engine]) -> Iterator[Engine]:
    """The world of twelve squares with one account: a planner, who never signed in."""
    owner = world_site[1]
    with owner.begin() as connection:
        set_roles(connection, add_account(connection, EMAIL, "Planner (test)"), [PLANNER])
    yield owner
    with owner.begin() as connection:
        connection.execute(delete(Account))


@pytest.fixture
def client(demo_site: tuple[Flask, Engine]) -> FlaskClient:
    """A visitor of the example region."""
    return demo_site[0].test_client()


@pytest.fixture
def world(world_site: tuple[Flask, Engine]) -> FlaskClient:
    """A visitor of the world of twelve squares."""
    return world_site[0].test_client()


@pytest.fixture
def guarded(guarded_site: tuple[Flask, Engine]) -> FlaskClient:
    """A visitor of the example region with planted sites."""
    return guarded_site[0].test_client()


@pytest.fixture
def count_app_queries(demo_site: tuple[Flask, Engine]) -> CountAppQueries:
    """Collect the SQL that pages of the example region send."""
    return lambda: sent_queries(demo_site[0].extensions["vlekkenplan_engine"])


def _plant(engine: Engine) -> None:
    plants = (
        ("beschut_wonen", "gebied"),
        ("respijt", "intern"),
        ("domus_plus", "intern"),
    )
    with engine.begin() as connection:
        release_id = area_release(connection).id
        for number, (site_type, publication) in enumerate(plants, start=1):
            site_id = connection.execute(
                insert(Site)
                .values(
                    site_code=f"{PROTECTED_CODE}-{number}",
                    release_id=release_id,
                    name=f"{PROTECTED_NAME} {number}",
                    type=site_type,
                    provider=PROTECTED_PROVIDER,
                    address=PROTECTED_ADDRESS,
                    description=PROTECTED_DESCRIPTION,
                    publication=publication,
                    geom=f"SRID=28992;POINT({PROTECTED_X_M} {PROTECTED_Y_M})",
                )
                .returning(Site.id)
            ).scalar_one()
            connection.execute(
                insert(SiteState).values(
                    site_id=site_id,
                    from_date=dt.date(2020, 1, 1),
                    status="in_gebruik",
                    capacity_count=5,
                    reason=PROTECTED_REASON,
                )
            )


@pytest.fixture
def downloads_folder(tmp_path: Path) -> Path:
    """Where a test may put what it downloads."""
    return tmp_path
