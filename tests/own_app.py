"""An app of one test, which closes its connections to the database afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine

from app import create_app
from app.config import Settings


@contextmanager
def own_app(settings: Settings, engine: Engine) -> Iterator[Flask]:
    """The web application on the database of ``engine``, which belongs to the owner."""
    app = create_app(settings, engine)
    try:
        yield app
    finally:
        app.extensions["vlekkenplan_engine"].dispose()
