"""Scenarios of the world of twelve squares, made as people make them: by the forms."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, insert, text

from data.planning_tables import Scenario, ScenarioItem
from data.tables import LARGEST_ID
from tests.app.signed_in import submit

#: An item that needs no site.
NEW_PLACE: dict[str, object] = {
    "kind": "new",
    "name": "Geplante plek",
    "place_count": 4,
    "geom": "SRID=28992;POINT(101500 480500)",
}


def make_scenario(
    client: FlaskClient, name: str = "Proef", area: str = "GM9001", **values: str
) -> int:
    """A scenario of beschut wonen on the day that is today in these tests; its id."""
    given = {"naam": name, "soort": "beschut_wonen", "gebied": area, "datum": "2026-01-01"}
    answer = submit(client, "/scenarios/nieuw", **{**given, **values})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.location.rpartition("/")[2])


def add(client: FlaskClient, scenario_id: int, kind: str, **values: str) -> None:
    """Add one item by its form."""
    answer = submit(
        client,
        f"/scenario/{scenario_id}/onderdelen/nieuw?wat={kind}",
        f"/scenario/{scenario_id}/onderdelen/nieuw",
        wat=kind,
        **values,
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)


def item_ids(engine: Engine, scenario_id: int) -> list[int]:
    """The items of a scenario, in the order in which they were added."""
    query = text("SELECT id FROM scenario_item WHERE scenario_id = :id ORDER BY id")
    with engine.connect() as connection:
        return [int(row.id) for row in connection.execute(query, {"id": scenario_id})]


def items_of(engine: Engine, scenario_id: int) -> list[tuple[str, int | None, str | None]]:
    """Kind, site and name of each item."""
    query = text(
        "SELECT kind, site_id, name FROM scenario_item WHERE scenario_id = :id ORDER BY id"
    )
    with engine.connect() as connection:
        return [
            (row.kind, row.site_id, row.name)
            for row in connection.execute(query, {"id": scenario_id})
        ]


def stored(engine: Engine, scenario_id: int) -> dict[str, object]:
    """The row of a scenario; empty when it is not there."""
    assert scenario_id <= LARGEST_ID
    query = text("SELECT * FROM scenario WHERE id = :id")
    with engine.connect() as connection:
        row = connection.execute(query, {"id": scenario_id}).mappings().first()
    return dict(row) if row else {}


def plant(
    connection: Connection, gemeente_code: str, items: list[dict[str, object]], **values: object
) -> int:
    """A scenario as its owner would write it, without the forms; its id."""
    given = {"name": "Geplant", "type": "beschut_wonen", "on_date": "2026-01-01"}
    scenario_id = connection.execute(
        insert(Scenario)
        .values(gemeente_code=gemeente_code, **{**given, **values})
        .returning(Scenario.id)
    ).scalar_one()
    for item in items:
        connection.execute(insert(ScenarioItem).values(scenario_id=scenario_id, **item))
    return int(scenario_id)
