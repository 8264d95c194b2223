"""The example conversations: loaded once, plainly an example, and true to the templates."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import Connection, text

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, ENTRY_WAYS
from analysis.dialogue.track_templates import template_of
from app.services import current
from app.services.answering import answering_view
from app.services.demo import load_region
from app.services.demo_choices import fill_demo_choices
from app.services.demo_dialogue import fill_demo_dialogue
from data.demo.dialogue_parts import MARK
from data.demo.dialogue_plans import TRACK_PLANS
from data.queries import workspace_tracks as reading
from tests.world import tiny_world

ON = dt.date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "today", lambda: ON)


def load(connection: Connection) -> None:
    fill_demo_choices(connection)
    assert fill_demo_dialogue(connection)


def test_each_conversation_has_one_phase_that_is_open_today(demo_connection: Connection) -> None:
    load(demo_connection)
    rows = demo_connection.execute(
        text(
            "SELECT t.code, p.name FROM public_track t JOIN track_phase p ON p.track_id = t.id "
            "WHERE p.closed_at IS NULL AND :on BETWEEN p.starts_on AND p.ends_on"
        ),
        {"on": ON},
    ).all()
    assert sorted(row.code for row in rows) == sorted(plan.code for plan in TRACK_PLANS)


def test_every_kind_and_every_way_of_entry_is_among_what_is_public(
    demo_connection: Connection,
) -> None:
    load(demo_connection)
    rows = demo_connection.execute(text("SELECT * FROM public_contribution")).all()
    assert {row.kind for row in rows} == set(CONTRIBUTION_KINDS.keys)
    assert {row.entry for row in rows} == set(ENTRY_WAYS.keys)
    every = demo_connection.execute(text("SELECT moderation FROM contribution")).scalars()
    counts = Counter(every)
    assert counts["openbaar"] == len(rows) == 33
    assert counts["wacht"] == 4
    assert counts["geweigerd"] == 1


def test_what_is_answered_agreed_and_told_says_that_it_is_an_example(
    demo_connection: Connection,
) -> None:
    load(demo_connection)
    for column, table in (
        ("answer", "contribution"),
        ("answer", "theme"),
        ("explanation", "agreement"),
        ("body", "track_news"),
        ("report", "track_meeting"),
        ("outcome", "track_phase"),
        ("summary", "track"),
        ("method", "support_measurement"),
    ):
        found = demo_connection.execute(
            text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
        ).scalars()
        texts = list(found)
        assert texts
        assert all(told.startswith(MARK) for told in texts), (table, column)


def test_places_that_are_proposed_lie_in_the_gemeente_of_the_conversation(
    demo_connection: Connection,
) -> None:
    load(demo_connection)
    placed = demo_connection.execute(
        text(
            "SELECT c.code, a.area_code, t.gemeente_code FROM contribution c "
            "JOIN track t ON t.id = c.track_id JOIN area a ON a.level = 'gemeente' "
            "AND ST_Contains(a.geom, c.geom)"
        )
    ).all()
    plans = [voice for plan in TRACK_PLANS for voice in plan.voices if voice.at_m]
    assert len(placed) == len(plans)
    assert all(row.area_code == row.gemeente_code for row in placed)


def test_the_conversation_of_haarlem_is_tied_to_the_choice_and_its_public_candidates(
    demo_connection: Connection,
) -> None:
    load(demo_connection)
    row = demo_connection.execute(
        text(
            "SELECT c.name FROM track t JOIN choice c ON c.id = t.choice_id "
            "WHERE t.gemeente_code = 'GM0392'"
        )
    ).one()
    assert "Skaeve Huse" in row.name
    parts = demo_connection.execute(
        text("SELECT part, count(*) FROM public_track_site GROUP BY part")
    ).all()
    assert {row[0]: row[1] for row in parts} == {"onderwerp": 3, "bekeken": 2}


def test_phases_and_parties_are_those_of_the_template(demo_connection: Connection) -> None:
    load(demo_connection)
    for plan in TRACK_PLANS:
        track = next(one for one in reading.tracks(demo_connection) if one.code == plan.code)
        template = template_of(plan.type)
        names = [phase.name for phase in reading.phases(demo_connection, track.id)]
        assert names == [phase.name for phase in template.phases]
        assert len(reading.parties(demo_connection, track.id)) == len(template.parties)


def test_nobody_waits_for_an_answer_in_a_phase_that_is_closed(demo_connection: Connection) -> None:
    load(demo_connection)
    ids = demo_connection.scalars(text("SELECT id FROM track")).all()
    views = [answering_view(demo_connection, track_id) for track_id in ids]
    closed = {phase.id for view in views for phase in view.phases if phase.closed_at}
    lines = [line for view in views for line in view.lines if line.record.phase_id in closed]
    assert any(line.is_public for line in lines)
    assert [line.record.code for line in lines if line.waits] == []


def test_forty_people_weighed_what_they_find_important(demo_connection: Connection) -> None:
    load(demo_connection)
    rows = demo_connection.execute(text("SELECT points FROM all_importance")).scalars().all()
    assert len(rows) == 44
    assert all(0 <= value <= 4 for points in rows for value in points.values())


def test_it_is_loaded_once_and_what_people_changed_stays(demo_connection: Connection) -> None:
    load(demo_connection)
    demo_connection.execute(text("UPDATE track SET title = 'Anders'"))
    assert not fill_demo_dialogue(demo_connection)
    titles = demo_connection.execute(text("SELECT DISTINCT title FROM track")).scalars().all()
    assert titles == ["Anders"]


def test_another_made_up_region_gets_none(connection: Connection) -> None:
    load_region(connection, tiny_world())
    assert not fill_demo_dialogue(connection)
