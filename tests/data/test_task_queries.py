"""The task as it stands in a year: on the world of twelve squares, checked by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
import pytest
from sqlalchemy import Connection, insert, select, text

from app.services.demo import load_region
from data.queries.releases import area_release
from data.queries.tasks import task_of_gemeenten, task_release
from data.tables import SourceRelease, Task
from tests.world import tiny_world

LABELS = {
    "beschermd_wonen": "Beschermd wonen",
    "beschut_wonen": "Beschut wonen",
    "respijt": "Respijt",
    "time_out": "Time-out",
    "domus_plus": "Domus Plus",
}
BOTH = ("beschermd_wonen", "beschut_wonen")


@pytest.fixture
def world(connection: Connection) -> Connection:
    load_region(connection, tiny_world())
    return connection


def asked(connection: Connection, types: Collection[str], year: int = 2026) -> pd.DataFrame:
    labels = {key: LABELS[key] for key in types}
    release_id = area_release(connection).id
    return task_of_gemeenten(connection, release_id, labels, dt.date(year, 6, 30))


def told(connection: Connection, types: Collection[str], year: int = 2026) -> dict[str, object]:
    """Per gemeente the number, or the reason why there is none."""
    found = asked(connection, types, year)
    assert found.index.name == "gemeente_code"
    assert (found["place_count"].isna() == found["reason"].notna()).all()
    answers = found["reason"].fillna(found["place_count"])
    return {str(code): value for code, value in answers.items()}


def add_release(connection: Connection, year: int, *, is_example: bool = False) -> int:
    """A delivery with one number: Zuiderveen needs ``year`` minus 2000 places of beschut wonen."""
    row = connection.execute(select(SourceRelease.__table__).limit(1)).one()._asdict()
    values = row | {"source_key": "opgave", "year": year, "is_example": is_example}
    version = connection.scalar(text("SELECT 'v' || count(*) FROM source_release"))
    values |= {"version": version, "title": "Opgave per gemeente"}
    statement = insert(SourceRelease).values(**{k: v for k, v in values.items() if k != "id"})
    release_id = connection.execute(statement.returning(SourceRelease.id)).scalar_one()
    connection.execute(
        insert(Task).values(
            release_id=release_id,
            gemeente_code="GM9001",
            type="beschut_wonen",
            from_year=2020,
            place_count=year - 2000,
        )
    )
    return int(release_id)


def test_the_task_of_one_type_is_the_number_that_was_filled_in(world: Connection) -> None:
    assert told(world, ["beschut_wonen"]) == {"GM9001": 18, "GM9002": 15, "GM9003": 6}


def test_types_are_added_up(world: Connection) -> None:
    assert told(world, BOTH) == {"GM9001": 30, "GM9002": 24, "GM9003": 6}


def test_nothing_needed_is_a_real_zero(world: Connection) -> None:
    assert told(world, ["beschermd_wonen"])["GM9003"] == 0


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2020, 6), (2022, 6), (2023, 15), (2026, 15), (2099, 15)],
)
def test_a_number_holds_from_its_year_until_the_next(
    world: Connection, year: int, expected: int
) -> None:
    assert told(world, ["beschut_wonen"], year)["GM9002"] == expected


def test_a_number_of_a_later_year_does_not_count_yet(world: Connection) -> None:
    assert told(world, ["beschermd_wonen"], 2026)["GM9001"] == 12
    assert told(world, ["beschermd_wonen"], 2027)["GM9001"] == 10
    assert told(world, ["beschut_wonen"], 2022)["GM9001"] == (
        "Opgave: niet ingevuld voor Beschut wonen."
    )


def test_what_is_not_filled_in_is_unknown_and_named(world: Connection) -> None:
    assert told(world, ["respijt"]) == {
        "GM9001": 2,
        "GM9002": "Opgave: niet ingevuld voor Respijt.",
        "GM9003": 1,
    }


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (["respijt", "time_out"], "Respijt en Time-out"),
        (["respijt", "time_out", "domus_plus"], "Respijt, Time-out en Domus Plus"),
    ],
)
def test_every_type_that_is_not_filled_in_is_named(
    world: Connection, types: list[str], words: str
) -> None:
    assert told(world, ["beschut_wonen", *types])["GM9002"] == (
        f"Opgave: niet ingevuld voor {words}."
    )


def test_of_many_types_three_are_named_and_the_rest_is_counted(world: Connection) -> None:
    world.execute(text("DELETE FROM task"))
    assert set(told(world, list(LABELS)).values()) == {
        "Opgave: niet ingevuld voor Beschermd wonen, Beschut wonen, Respijt en 2 andere soorten."
    }
    assert set(told(world, list(LABELS)[:4]).values()) == {
        "Opgave: niet ingevuld voor Beschermd wonen, Beschut wonen, Respijt en Time-out."
    }


def test_real_numbers_come_before_examples(world: Connection) -> None:
    real = add_release(world, 2001)
    assert told(world, ["beschut_wonen"])["GM9001"] == 1
    release = task_release(world, area_release(world).id)
    assert release is not None
    assert (release.id, release.is_example) == (real, False)


def test_of_real_deliveries_the_newest_counts_in_its_whole(world: Connection) -> None:
    for year in (2025, 2026, 2024):
        add_release(world, year)
    assert told(world, ["beschut_wonen"])["GM9001"] == 26
    assert told(world, ["beschermd_wonen"])["GM9001"] == (
        "Opgave: niet ingevuld voor Beschermd wonen."
    )


def test_of_one_year_the_delivery_that_came_last_counts(world: Connection) -> None:
    first, second = add_release(world, 2026), add_release(world, 2026)
    release = task_release(world, area_release(world).id)
    assert release is not None
    assert release.id == second > first


def test_on_real_areas_a_made_up_task_never_counts(world: Connection) -> None:
    world.execute(text("UPDATE source_release SET is_example = false"))
    assert told(world, ["beschut_wonen"])["GM9001"] == 18
    world.execute(text("UPDATE task SET release_id = :id"), {"id": add_example_release(world)})
    assert task_release(world, area_release(world).id) is None
    assert set(told(world, ["beschut_wonen"]).values()) == {
        "Opgave: niet ingevuld voor Beschut wonen."
    }


def add_example_release(connection: Connection) -> int:
    release_id = add_release(connection, 2030, is_example=True)
    connection.execute(text("DELETE FROM task WHERE release_id = :id"), {"id": release_id})
    return release_id


def test_a_gemeente_of_the_rim_has_no_task(world: Connection) -> None:
    world.execute(text("UPDATE area SET in_region = false WHERE gemeente_code = 'GM9003'"))
    assert set(told(world, ["beschut_wonen"])) == {"GM9001", "GM9002"}
