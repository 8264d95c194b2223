"""Who asks? Pages, API, commands and settings around ``analysis`` and ``data``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from app.config import Settings


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """The web application; settings come from the environment when none are given.

    Raises SchemaError when the database is not of this version or lacks a spatial index.
    """
    import os

    from app.compiled_code import keep_compiled_code
    from app.config import home_folder

    keep_compiled_code(settings.home if settings else home_folder(os.environ))

    from app.web import make_app

    return make_app(settings, engine)
