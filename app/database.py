"""The database as the pages see it: a visitor by default, more only where the guard says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection, Engine

from data import database_roles
from data.database_roles import Hands, work_as

_EXTENSION = "vlekkenplan_engine"


def init_app(app: Flask, engine: Engine) -> None:
    """Let the app's pages use this engine, whose connections begin as VISITOR."""
    app.extensions[_EXTENSION] = engine


def engine() -> Engine:
    """The engine of the current app."""
    return cast(Engine, current_app.extensions[_EXTENSION])


@contextmanager
def connection() -> Iterator[Connection]:
    """A visitor's connection in a read-only transaction; nothing is changed through it."""
    with engine().connect().execution_options(postgresql_readonly=True) as opened:
        yield opened


@contextmanager
def reading_as(hands: Hands) -> Iterator[Connection]:
    """A read-only transaction that reaches as far as ``hands`` (see ``app.auth.guard.hands``)."""
    with connection() as opened:
        work_as(opened, hands)
        yield opened


@contextmanager
def changing_as(hands: Hands) -> Iterator[Connection]:
    """One transaction in the name of ``hands``: kept as a whole, or not at all."""
    with engine().connect() as opened, opened.begin():
        work_as(opened, hands)
        yield opened


@contextmanager
def accounts_connection() -> Iterator[Connection]:
    """One transaction that knows accounts and sessions, for the guard and for signing in."""
    with changing_as(Hands(database_roles.ACCOUNTS)) as opened:
        yield opened
