"""The world of twelve squares for tests that change it: each module has an app of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from app.services.demo import load_region
from tests.world import STATES, tiny_world

MakeSite = Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]


def fill(engine: Engine) -> None:
    """Load the world, as its owner."""
    with engine.begin() as connection:
        load_region(connection, tiny_world())


def site_id(engine: Engine, code: str) -> int:
    """The id of a site of the world."""
    query = text("SELECT id FROM site WHERE site_code = :code")
    with engine.connect() as connection:
        return int(connection.execute(query, {"code": code}).scalar_one())


def put_back_states(engine: Engine) -> None:
    """The states as they were; the history keeps what happened."""
    insert = text(
        "INSERT INTO site_state SELECT id, :day, :status, :count, :reason FROM site "
        "WHERE site_code = :code"
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM site_state"))
        connection.execute(
            insert,
            [
                {"code": code, "day": day, "status": status, "count": count, "reason": reason}
                for code, day, status, count, reason in STATES
            ],
        )


def states_of(engine: Engine, code: str) -> list[tuple[dt.date, str, int | None, str | None]]:
    """The states of a site as they are stored."""
    query = text(
        "SELECT from_date, status, capacity_count, reason FROM site_state "
        "WHERE site_id = :id ORDER BY from_date"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query, {"id": site_id(engine, code)})]
