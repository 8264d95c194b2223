"""The database as the pages see it: one connection for a request, read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection, Engine

_EXTENSION = "vlekkenplan_engine"


def init_app(app: Flask, engine: Engine) -> None:
    """Let the app's pages use this engine."""
    app.extensions[_EXTENSION] = engine


def engine() -> Engine:
    """The engine of the current app."""
    return cast(Engine, current_app.extensions[_EXTENSION])


@contextmanager
def connection() -> Iterator[Connection]:
    """A connection in a read-only transaction; pages never change data through it."""
    with engine().connect().execution_options(postgresql_readonly=True) as opened:
        yield opened
