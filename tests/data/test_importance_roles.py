"""Weightings of residents in the database: who writes, who reads, and that no row tells whose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.services.demo import load_region
from data import schema
from data.changes.importance import NewImportance, add_importance
from data.changes.sites import OutsideScope
from data.database_roles import (
    CARETAKER,
    COUNCIL,
    DATA,
    MODERATOR,
    RESIDENT,
    VISITOR,
    WORKSPACE,
    Hands,
    Role,
    work_as,
)
from data.queries.importance import (
    all_importance,
    public_importance,
    public_mark,
    tracks_with_sites,
)
from tests.dialogue import PlantedTrack, plant_track
from tests.importance import EVEN, NEAR, close_phase, plant_importance
from tests.world import tiny_world


@pytest.fixture
def world(fresh_database_url: str) -> Iterator[Engine]:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()


@pytest.fixture
def track(world: Engine) -> PlantedTrack:
    with world.begin() as connection:
        return plant_track(connection)


def new(track: PlantedTrack, phase: str = "Plek kiezen") -> NewImportance:
    return NewImportance(track.id, track.phases[phase], "beschut_wonen", NEAR, "WK900201")


def test_a_row_has_nothing_that_tells_whose_it_is_or_when(world: Engine) -> None:
    with world.begin() as connection:
        columns = connection.scalars(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = :name"),
            {"name": "importance"},
        ).all()
        assert set(columns) == {
            "id",
            "track_id",
            "phase_id",
            "type",
            "points",
            "wijk_code",
            "entry",
        }
        seen = connection.scalars(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = :name"),
            {"name": "public_importance"},
        ).all()
        assert set(seen) == {"track_id", "phase_id", "type", "points"}


def test_a_resident_writes_in_an_open_phase_and_the_history_knows_nothing(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        before = connection.scalar(text("SELECT count(*) FROM change"))
        work_as(connection, Hands(RESIDENT))
        add_importance(connection, new(track))
    with world.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM change")) == before
        row = connection.execute(text("SELECT points, wijk_code, entry FROM importance")).one()
        assert tuple(row) == (NEAR, "WK900201", "website")


def test_no_weighting_comes_in_a_phase_that_is_over_or_closed(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        close_phase(connection, track)
    with world.begin() as connection:
        work_as(connection, Hands(RESIDENT))
        for phase in ("Kennismaken", "Plek kiezen"):
            with pytest.raises(OutsideScope, match="niets verstuurd"), connection.begin_nested():
                add_importance(connection, new(track, phase))


def rows_of(connection: Connection, role: Role, track: PlantedTrack) -> int:
    with connection.begin_nested() as attempt:
        work_as(connection, Hands(role))
        found = len(all_importance(connection, track.id))
        attempt.rollback()
    return found


def test_only_council_and_planners_read_all_weightings(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_importance(connection, track, NEAR, 3, "WK900201")
    for role in (COUNCIL, WORKSPACE):
        with world.begin() as connection:
            assert rows_of(connection, role, track) == 3
    for role in (VISITOR, RESIDENT, MODERATOR, DATA, CARETAKER):
        with world.begin() as connection:
            work_as(connection, Hands(role))
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                all_importance(connection, track.id)


@pytest.mark.parametrize(
    ("count", "closes", "is_told"), [(10, True, 10), (9, True, 0), (30, False, 0)]
)
def test_the_public_reads_them_once_the_phase_is_closed_and_there_are_enough(
    world: Engine, track: PlantedTrack, count: int, closes: bool, is_told: int
) -> None:
    with world.begin() as connection:
        plant_importance(connection, track, NEAR, count, "WK900201")
        if closes:
            close_phase(connection, track)
    with world.begin() as connection:
        work_as(connection, Hands(VISITOR))
        found = public_importance(connection).get(track.id, ())
        assert len(found) == is_told
        assert all(row.wijk_code is None for row in found)


def test_the_order_of_rows_tells_nothing_of_who_came_first(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        for points in (NEAR, EVEN, NEAR, EVEN):
            plant_importance(connection, track, points)
        told = [row.points for row in all_importance(connection, track.id)]
    assert told in ([NEAR, NEAR, EVEN, EVEN], [EVEN, EVEN, NEAR, NEAR])


def test_a_concept_tells_no_weightings(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_importance(connection, track, NEAR, 12)
        close_phase(connection, track)
        connection.execute(text("UPDATE track SET state = 'concept'"))
        assert public_importance(connection) == {}
        assert all_importance(connection, track.id) == ()


def test_conversations_are_found_by_their_sites_and_by_their_choice(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        other = connection.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-5'"))
        assert [found.code for found in tracks_with_sites(connection, [track.sites["TINY-4"]])] == [
            "middendorp"
        ]
        assert tracks_with_sites(connection, [other]) == ()


def test_the_mark_changes_with_anything_public_and_with_nothing_else(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        first = public_mark(connection)
        plant_importance(connection, track, NEAR)
        connection.execute(text("UPDATE site SET name = 'Anders' WHERE publication = 'intern'"))
        assert public_mark(connection) == first
        connection.execute(text("UPDATE site SET name = 'Anders' WHERE site_code = 'TINY-4'"))
        second = public_mark(connection)
        assert second != first
        connection.execute(
            text("UPDATE site_state SET capacity_count = 7 WHERE capacity_count = 6")
        )
        assert public_mark(connection) not in (first, second)
