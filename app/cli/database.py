"""The database for one command: the one of DATABASE_URL, or the private cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.config import Settings, SettingsError
from data.cluster import Cluster, cluster_in
from data.database_roles import VISITOR

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.auth.permissions import Permission


def private_cluster(settings: Settings) -> Cluster:
    """The project's own cluster. Raises ClusterError when PostGIS is not on this machine."""
    return cluster_in(settings.home / "pg", os.environ)


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """The address of a database that answers; the private cluster runs as long as needed."""
    if settings.database_url is not None:
        _check_answers(settings.database_url)
        yield settings.database_url
        return
    cluster = private_cluster(settings)
    with cluster.use():
        if not cluster.database_exists():
            cluster.create_database()
        yield cluster.url()


@contextmanager
def open_database(settings: Settings, role: str | None = VISITOR) -> Iterator[Engine]:
    """An engine on a database with the newest schema.

    A command reads what a visitor reads, unless it asks for another ``role``; None is the owner
    of the tables, for imports. Our own cluster is upgraded by itself. A database of DATABASE_URL
    is somebody's care: it is only checked, and SchemaError says what to type when it is behind.
    """
    from data.schema import check, connect, upgrade

    with running_database(settings) as url:
        owner = connect(url)
        try:
            if settings.database_url is None:
                upgrade(owner)
            check(owner)
        finally:
            owner.dispose()
        engine = connect(url, role)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def whole_region(settings: Settings, permission: Permission) -> Iterator[Connection]:
    """A read-only connection for work of staff on the server: all gemeenten, no more rights."""
    from data.database_roles import WHOLE_REGION, Hands, work_as

    role = permission.database_role
    assert role is not None
    with (
        open_database(settings, role=role) as engine,
        engine.connect().execution_options(postgresql_readonly=True) as connection,
    ):
        work_as(connection, Hands(role, frozenset({WHOLE_REGION}), actor="opdracht"))
        yield connection


def _check_answers(url: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError

    engine = create_engine(url, connect_args={"connect_timeout": 10})
    try:
        engine.connect().close()
    except OperationalError as error:
        raise SettingsError(f"De database van DATABASE_URL antwoordt niet: {error.orig}") from error
    finally:
        engine.dispose()
