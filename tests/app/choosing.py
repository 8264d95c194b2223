"""A choice in the world of twelve squares, and people who work on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.services.choice_changes import Actor, Source, add_candidates, make_choice
from data.changes.choices import ChoiceFields
from data.database_roles import WHOLE_REGION, WORKSPACE, Hands, work_as

ON = dt.date(2026, 1, 1)
PLANNER = Actor("planner", ON)
FROM_STAFF = Source("planner")


def work_for(connection: Connection, *gemeenten: str, reason: str | None = None) -> None:
    """Go on as someone of the workspace for these gemeenten, or for the region."""
    work_as(connection, Hands(WORKSPACE, frozenset(gemeenten or (WHOLE_REGION,)), None, reason))


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """Do something as the owner of the tables, and go on as before."""
    role = connection.scalar(text("SELECT current_user"))
    connection.execute(text("RESET ROLE"))
    yield
    connection.execute(text(f"SET LOCAL ROLE {role}"))


def site_ids(connection: Connection) -> dict[str, int]:
    """The ids of all sites by code."""
    with as_owner(connection):
        rows = connection.execute(text("SELECT site_code, id FROM site")).all()
    return dict(rows)


def site_at(
    connection: Connection, code: str, type_key: str, x_m: float, y_m: float, status: str = "idee"
) -> int:
    """A new internal site at a place, in a stage since the start of 2025."""
    with as_owner(connection):
        made = connection.execute(
            text(
                "INSERT INTO site (site_code, release_id, name, type, publication, geom) "
                "SELECT :code, (SELECT release_id FROM site LIMIT 1), :name, :type, 'intern', "
                "ST_SetSRID(ST_MakePoint(:x, :y), 28992) RETURNING id"
            ),
            {"code": code, "name": f"Plek {code}", "type": type_key, "x": x_m, "y": y_m},
        )
        site_id = int(made.scalar_one())
        connection.execute(
            text("INSERT INTO site_state VALUES (:id, '2025-01-01', :status, 6, null)"),
            {"id": site_id, "status": status},
        )
    return site_id


def make(
    connection: Connection, gemeente_code: str = "GM9003", type_key: str = "skaeve_huse"
) -> int:
    """A choice with the usual rules, made by whoever works now."""
    fields = ChoiceFields(gemeente_code, type_key, "Waar komen de huisjes?", None, 12)
    return make_choice(connection, fields, "Besluit van de raad", None)


def gather(connection: Connection, choice_id: int, *ids: int) -> None:
    """Let these sites join."""
    add_candidates(connection, choice_id, ids, FROM_STAFF, PLANNER)


def assess(connection: Connection, choice_id: int, rules_version: int, *ids: int) -> None:
    """Keep an assessment of these candidates."""
    content = {"candidates": [{"site_id": site_id} for site_id in ids]}
    connection.execute(
        text(
            "INSERT INTO assessment (choice_id, rules_version, content, sha256) "
            "VALUES (:choice_id, :version, CAST(:content AS jsonb), 'f00d')"
        ),
        {"choice_id": choice_id, "version": rules_version, "content": json.dumps(content)},
    )
