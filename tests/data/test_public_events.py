"""What changed for the public is noted by the database itself, and nothing else is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from app.services.demo import load_region
from data import schema
from data.changes.events import add_started_phases, notice_events
from data.database_roles import CARETAKER, VISITOR, Hands, work_as
from data.queries.events import Reach, events_in
from data.queries.releases import area_release
from tests.database_server import DatabaseServer
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track
from tests.world import tiny_world

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


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
        planted = plant_track(connection)
    forget(world)
    return planted


@pytest.fixture(scope="module")
def shared(cluster: DatabaseServer, template_database: str) -> Iterator[Engine]:
    """A world with a track, for tests that put it back."""
    name = cluster.create_database(template_database)
    engine = schema.connect(cluster.url_of(name))
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        plant_track(connection)
    forget(engine)
    yield engine
    engine.dispose()
    cluster.drop_database(name)


def forget(world: Engine) -> None:
    with world.begin() as connection:
        connection.execute(text("DELETE FROM public_event"))


def kinds(world: Engine, reach: Reach | None = None) -> list[str]:
    """What a visitor reads of it, oldest first; without ``reach`` all that there is."""
    with world.begin() as connection:
        work_as(connection, Hands(VISITOR))
        if reach is None:
            query = "SELECT kind FROM public_event_now ORDER BY at, id"
            return list(connection.scalars(text(query)))
        found = events_in(connection, reach, release_id=area_release(connection).id, most=100)
        return [event.kind for event in reversed(found)]


def run(world: Engine, *statements: str) -> None:
    for statement in statements:
        with world.begin() as connection:
            connection.execute(text(statement))


def test_public_sites_of_an_import_are_told_once_and_the_others_never(world: Engine) -> None:
    with world.begin() as connection:
        rows = connection.execute(
            text(
                "SELECT s.site_code, e.kind FROM public_event e JOIN site s ON s.id = e.site_id "
                "ORDER BY 1"
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        (f"TINY-{number}", "site_public") for number in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE track SET state = 'afgerond'", ["track_finished"]),
        ("UPDATE track SET summary = 'Iets anders.'", []),
        (
            "UPDATE track_phase SET closed_at = now(), outcome = 'Klaar' WHERE position = 2",
            ["phase_closed"],
        ),
        ("UPDATE track_phase SET name = 'Plek'", []),
        ("INSERT INTO track_news (track_id, title, body) SELECT id, 'N', 'B' FROM track", ["news"]),
        (
            "INSERT INTO track_document (track_id, title, media_type, content) "
            "SELECT id, 'D', 'application/pdf', '' FROM track",
            ["document"],
        ),
        (
            "INSERT INTO agreement (track_id, kind, title, who, agreed_on) "
            "SELECT id, 'beheer', 'A', 'W', '2026-01-01' FROM track",
            ["agreement_made"],
        ),
        (
            "INSERT INTO agreement (track_id, kind, title, who, agreed_on, is_public) "
            "SELECT id, 'beheer', 'A', 'W', '2026-01-01', false FROM track",
            [],
        ),
        ("UPDATE site SET publication = 'openbaar' WHERE site_code = 'TINY-7'", ["site_public"]),
        (
            "UPDATE site SET geom = ST_Translate(geom, 10, 0) WHERE site_code = 'TINY-4'",
            ["site_moved"],
        ),
        ("UPDATE site SET geom = ST_Translate(geom, 10, 0) WHERE site_code = 'TINY-7'", []),
        ("UPDATE site SET name = 'Huis' WHERE site_code = 'TINY-4'", []),
        (
            "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2026-01-01', "
            "'besluit' FROM site WHERE site_code = 'TINY-4'",
            ["site_state"],
        ),
        (
            "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2026-01-01', "
            "'besluit' FROM site WHERE site_code IN ('TINY-6', 'TINY-7')",
            [],
        ),
        (
            "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2020-01-01', "
            "'idee' FROM site WHERE site_code = 'TINY-4'",
            [],
        ),
        ("UPDATE site_state SET status = 'besluit' WHERE status = 'planvorming'", ["site_state"]),
        ("UPDATE site_state SET reason = 'Daarom' WHERE status = 'planvorming'", []),
    ],
)
def test_a_change_is_told_when_it_means_something_to_the_public(
    shared: Engine, statement: str, expected: list[str]
) -> None:
    with shared.connect() as connection:
        connection.execute(text(statement))
        connection.execute(text("SET LOCAL ROLE vlekkenplan_visitor"))
        query = text("SELECT kind FROM public_event_now ORDER BY at, id")
        assert connection.scalars(query).all() == expected


def test_a_meeting_is_told_at_each_step(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_meeting(connection, track)
    assert kinds(world) == ["meeting_planned"]
    run(world, "UPDATE track_meeting SET explanation = 'Met koffie'")
    assert kinds(world) == ["meeting_planned"]
    run(world, "UPDATE track_meeting SET place = 'De kerk'")
    run(world, "UPDATE track_meeting SET report = 'Het was druk', visitor_count = 40")
    assert kinds(world) == ["meeting_planned", "meeting_moved", "meeting_report"]
    run(world, "UPDATE track_meeting SET is_cancelled = true, report = NULL")
    assert kinds(world) == ["meeting_cancelled"]


def test_an_agreement_is_told_when_it_is_done(world: Engine, track: PlantedTrack) -> None:
    run(
        world,
        "INSERT INTO agreement (track_id, kind, title, who, agreed_on) "
        "SELECT id, 'beheer', 'A', 'W', '2026-01-01' FROM track",
        "UPDATE agreement SET done_on = '2026-02-01', done_note = 'Klaar'",
    )
    assert kinds(world) == ["agreement_made", "agreement_done"]


def test_an_answer_to_a_theme_is_told_when_the_theme_is_public(
    world: Engine, track: PlantedTrack
) -> None:
    run(
        world,
        "INSERT INTO theme (track_id, name) SELECT id, 'Licht' FROM track",
        "UPDATE theme SET answer = 'Er komen lampen', status = 'meegenomen'",
    )
    assert kinds(world) == []
    with world.begin() as connection:
        theme_id = connection.scalar(text("SELECT id FROM theme"))
        plant_contribution(connection, track, "one", moderation="openbaar", theme_id=theme_id)
    assert kinds(world) == ["theme_answered"]


def test_a_concept_tells_nothing_and_once_published_only_that(world: Engine) -> None:
    with world.begin() as connection:
        planted = plant_track(connection, state="concept", published_at=None)
    forget(world)
    with world.begin() as connection:
        plant_meeting(connection, planted)
    run(world, "INSERT INTO track_news (track_id, title, body) SELECT id, 'N', 'B' FROM track")
    run(world, "UPDATE track SET state = 'open', published_at = now()")
    assert kinds(world) == ["track_published"]
    run(world, "UPDATE track SET state = 'concept'")
    assert kinds(world) == []


def test_what_is_public_no_longer_is_told_no_longer(world: Engine, track: PlantedTrack) -> None:
    run(
        world,
        "UPDATE site_state SET status = 'besluit' WHERE status = 'planvorming'",
        "INSERT INTO track_news (track_id, title, body) SELECT id, 'N', 'B' FROM track",
    )
    assert kinds(world) == ["site_state", "news"]
    run(world, "UPDATE site SET publication = 'intern' WHERE site_code = 'TINY-4'")
    run(world, "DELETE FROM track_news")
    assert kinds(world) == []
    with world.begin() as connection:
        query = "SELECT count(*) FROM public_event WHERE site_id IS NOT NULL"
        assert connection.scalar(text(query)) == 0


def test_a_phase_that_began_is_noted_once(world: Engine, track: PlantedTrack) -> None:
    tomorrow = NOW.date() + dt.timedelta(days=1)
    run(
        world,
        "INSERT INTO track_phase (track_id, position, name, level, starts_on) "
        f"SELECT id, 3, 'Besluit', 'adviseren', '{tomorrow}' FROM track",
    )
    for day, count in ((NOW.date(), 0), (tomorrow, 1), (tomorrow, 0)):
        with world.begin() as connection:
            work_as(connection, Hands(CARETAKER))
            assert add_started_phases(connection, day, NOW) == count
    assert kinds(world) == ["phase_started"]


def test_each_reach_holds_what_is_near_and_nothing_else(world: Engine, track: PlantedTrack) -> None:
    """TINY-4 stands on (101500, 481500) in WK900201; TINY-5 at (103500, 482500) in GM9003."""
    run(world, "INSERT INTO track_news (track_id, title, body) SELECT id, 'N', 'B' FROM track")
    run(world, "UPDATE site SET geom = ST_Translate(geom, 1, 0) WHERE site_code = 'TINY-5'")
    near = Reach(x_m=103_500, y_m=482_500, radius_m=300)
    assert kinds(world, near) == ["site_moved"]
    assert kinds(world, Reach(x_m=101_400, y_m=481_500, radius_m=300)) == ["news"]
    # The track is of WK900201, the squares from 100000 to 102000 beside 481000 to 482000.
    assert kinds(world, Reach(x_m=100_100, y_m=480_750, radius_m=300)) == ["news"]
    assert kinds(world, Reach(x_m=100_100, y_m=480_650, radius_m=300)) == []
    assert kinds(world, Reach(area_code="GM9003")) == ["site_moved"]
    assert kinds(world, Reach(area_code="GM9002")) == ["news"]
    assert kinds(world, Reach(area_code="WK900201")) == ["news"]
    assert kinds(world, Reach(area_code="WK900202")) == []
    assert kinds(world, Reach(area_code="GM9001")) == []
    assert kinds(world, Reach(track_id=track.id)) == ["news"]
    assert kinds(world, Reach()) == ["news"]
    run(world, "UPDATE track SET wijk_code = NULL")
    assert kinds(world, Reach(area_code="WK900202")) == ["news"]
    run(world, "UPDATE track SET gemeente_code = 'regio'")
    assert kinds(world, near) == ["news", "site_moved"]


def test_what_was_committed_late_is_noticed_late(world: Engine, track: PlantedTrack) -> None:
    def noticed(connection: Connection, after: dt.datetime) -> list[str]:
        found = events_in(connection, Reach(), release_id=None, most=10, noticed_after=after)
        return [event.kind for event in found]

    with world.begin() as slow:
        slow.execute(
            text("INSERT INTO track_news (track_id, title, body) SELECT id, 'N', 'B' FROM track")
        )
        with world.begin() as connection:
            work_as(connection, Hands(CARETAKER))
            assert notice_events(connection, NOW) == 0
    later = NOW + dt.timedelta(minutes=1)
    with world.begin() as connection:
        work_as(connection, Hands(CARETAKER))
        assert notice_events(connection, later) == 1
        assert noticed(connection, NOW) == ["news"]
        assert noticed(connection, later) == []
