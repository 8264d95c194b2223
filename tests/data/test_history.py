"""Any sequence of edits, then any version brought back: just that version stands there again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.domain import SITE_STATUSES
from app.services.demo import load_region
from app.services.site_restore import CanNotRestore, find_version, restore
from data import schema
from data.changes.answers import AnswerFields, save_answer
from data.changes.refusals import SecretText, hold_site
from data.changes.releases import workspace_release
from data.changes.sites import Conflict, SiteFields, add_site, change_site
from data.changes.states import add_state, change_state, check_seen, mark_of, remove_state
from data.database_roles import WORKSPACE, Hands, work_as
from data.errors import NotFound
from data.queries.answers import site_answers
from data.queries.history import (
    HistoryQuestion,
    count_imports,
    count_saves,
    import_changes,
    saves,
)
from data.queries.workspace import StateRecord, rows_as_noted, site_states, workspace_site
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x00"), max_size=30
)
#: Somewhere in Zuiderveen, to the millimetre.
PLACES = st.tuples(
    st.integers(100_000_001, 103_999_999), st.integers(480_000_001, 480_999_999)
).map(lambda at: shapely.Point(at[0] / 1000, at[1] / 1000))
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 4))
OUTLINES = st.none() | PLACES.map(lambda at: at.buffer(7.123, quad_segs=2))
SITES = st.builds(
    SiteFields,
    name=TEXTS,
    type=st.sampled_from(["respijt", "beschut_wonen"]),
    provider=st.none() | TEXTS,
    address=st.none() | TEXTS,
    description=st.none() | TEXTS,
    publication=st.sampled_from(["openbaar", "gebied", "intern"]),
    valid_from=st.none() | DAYS,
    valid_to=st.none() | st.just(dt.date(2030, 1, 1)),
    point=PLACES,
    outline=OUTLINES,
)
STATES = st.builds(
    StateRecord,
    from_date=DAYS,
    status=st.sampled_from(SITE_STATUSES.keys),
    capacity_count=st.none() | st.integers(0, 50),
    reason=st.none() | TEXTS,
)
ANSWERS = st.builds(
    AnswerFields,
    finding=st.sampled_from(FINDINGS.keys),
    evidence=st.none() | TEXTS,
    source=st.none() | TEXTS,
    found_on=st.none() | DAYS,
)
EDITS = st.one_of(
    st.tuples(st.just("site"), SITES),
    st.tuples(st.just("answer"), st.sampled_from(QUESTIONS.keys[:2]), ANSWERS),
    st.tuples(st.just("state"), DAYS, st.none() | STATES),
)


@pytest.fixture(scope="module")
def world(cluster: Any, template_database: str) -> Iterator[Engine]:
    name = cluster.create_database(template_database)
    engine = schema.connect(cluster.url_of(name))
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()
    cluster.drop_database(name)


@contextmanager
def working(engine: Engine, *gemeenten: str) -> Iterator[Connection]:
    """What a planner does, undone at the end: the history of the next one begins anew."""
    with engine.connect() as connection, connection.begin() as transaction:
        work_as(connection, Hands(WORKSPACE, frozenset(gemeenten or ("GM9001",))))
        yield connection
        transaction.rollback()


def edit(connection: Connection, site_id: int, step: tuple[Any, ...]) -> None:
    kind, *rest = step
    if kind == "site":
        change_site(connection, site_id, rest[0], workspace_site(connection, site_id, ON).version)
    elif kind == "answer":
        stored = site_answers(connection, site_id).get(rest[0])
        save_answer(connection, site_id, rest[0], rest[1], stored.version if stored else 0)
    else:
        _edit_state(connection, site_id, *rest)


def _edit_state(
    connection: Connection, site_id: int, day: dt.date, state: StateRecord | None
) -> None:
    dates = {record.from_date for record in site_states(connection, site_id)}
    if state is None:
        if day in dates:
            remove_state(connection, site_id, day)
    elif day in dates and (state.from_date == day or state.from_date not in dates):
        change_state(connection, site_id, day, state)
    elif state.from_date not in dates:
        add_state(connection, site_id, state)


FIRST = SiteFields(
    "x", "respijt", None, None, None, "openbaar", None, None, shapely.Point(101_000, 480_500)
)
STEPS = [
    ("state", dt.date(2020, 1, 1), StateRecord(dt.date(2020, 1, day), "idee", None, None))
    for day in (1, 2)
]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# A stage got another date and was removed: two of its versions then begin on the same day.
@example(first=FIRST, edits=[*STEPS, ("state", dt.date(2020, 1, 2), None)])
@given(first=SITES, edits=st.lists(EDITS, max_size=8))
def test_every_version_comes_back_exactly(
    world: Engine, first: SiteFields, edits: list[tuple[Any, ...]]
) -> None:
    with working(world) as connection:
        site_id = add_site(connection, workspace_release(connection, ON), first)
        for step in edits:
            edit(connection, site_id, step)
        (together,) = saves(connection, HistoryQuestion(site_id=site_id), 5)
        for change in together:
            for side, row in (("voor", change.before), ("na", change.after)):
                if row is not None:
                    _bring_back(connection, site_id, change.id, side, row)


def _bring_back(
    connection: Connection, site_id: int, change_id: int, side: str, row: dict[str, Any]
) -> None:
    version = find_version(connection, site_id, change_id, side)
    table = version.change.table_name
    before = rows_as_noted(connection, table, site_id)
    try:
        restore(connection, site_id, change_id, side, version.mark)
    except CanNotRestore:
        now = rows_as_noted(connection, table, site_id)
        assert now == before
        assert row in now or any(each.get("from_date") == row["from_date"] for each in now)
        return
    now = rows_as_noted(connection, table, site_id)
    assert row in now
    assert len(now) == len(before) + (version.now is None)


@given(place=PLACES, outline=PLACES.map(lambda at: at.buffer(9.87)))
@settings(max_examples=30, deadline=None)
def test_a_place_and_an_outline_go_round_to_the_millimetre(
    world: Engine, place: shapely.Point, outline: shapely.Polygon
) -> None:
    fields = SiteFields("x", "respijt", None, None, None, "intern", None, None, place, outline)
    with working(world) as connection:
        site_id = add_site(connection, workspace_release(connection, ON), fields)
        (noted,) = rows_as_noted(connection, "site", site_id)
        assert noted["geom"]["crs"]["properties"]["name"] == "EPSG:28992"
        assert shapely.geometry.shape(noted["geom"]).distance(place) < 0.0005
        back = shapely.geometry.shape(noted["outline"])
        assert back.hausdorff_distance(outline) < 0.0005


def test_a_version_seen_before_another_change_is_not_brought_back(world: Engine) -> None:
    point = shapely.Point(101_000, 480_500)
    fields = SiteFields("a", "respijt", None, None, None, "intern", None, None, point)
    with working(world) as connection:
        site_id = add_site(connection, workspace_release(connection, ON), fields)
        (((added),),) = saves(connection, HistoryQuestion(site_id=site_id), 5)
        with pytest.raises(Conflict):
            restore(connection, site_id, added.id, "na", "an older mark")


def test_states_are_seen_as_a_whole(world: Engine) -> None:
    with working(world) as connection:
        site_id = connection.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-1'"))
        states = site_states(connection, site_id)
        assert check_seen(connection, site_id, mark_of(states)) == states
        remove_state(connection, site_id, states[0].from_date)
        with pytest.raises(Conflict):
            check_seen(connection, site_id, mark_of(states))
        with pytest.raises(NotFound):
            remove_state(connection, site_id, states[0].from_date)


def test_two_can_not_hold_one_site_at_once(world: Engine) -> None:
    with world.connect() as owner:
        site_id = owner.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-1'"))
    with working(world) as one, working(world) as other:
        hold_site(one, site_id)
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            hold_site(other, site_id)


def test_a_site_of_another_gemeente_can_not_be_held(world: Engine) -> None:
    with working(world, "GM9002") as connection, world.connect() as owner:
        site_id = owner.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-1'"))
        with pytest.raises(NotFound):
            hold_site(connection, site_id)
        with pytest.raises(NotFound):
            hold_site(connection, 2**40)


def test_the_database_refuses_a_shelter_in_an_answer(world: Engine) -> None:
    with working(world) as connection:
        site_id = connection.scalar(text("SELECT id FROM site WHERE site_code = 'TINY-1'"))
        fields = AnswerFields("past", "Naast de vrouwenopvang", "x", ON)
        with pytest.raises(SecretText):
            save_answer(connection, site_id, "milieu", fields, 0)


def test_each_gemeente_reads_its_own_history(world: Engine) -> None:
    counts = {}
    for gemeente in ("GM9001", "GM9002", "GM9003"):
        with working(world, gemeente) as connection:
            counts[gemeente] = count_saves(connection, HistoryQuestion())
            assert count_imports(connection) == 0
    assert counts == {"GM9001": 3, "GM9002": 2, "GM9003": 2}


def test_every_table_keeps_what_stood_there(world: Engine) -> None:
    query = text("SELECT table_name, count(*) AS n, count(after) AS filled FROM change GROUP BY 1")
    with world.connect() as connection:
        rows = {row.table_name: (row.n, row.filled) for row in connection.execute(query)}
    assert rows["site_state"] == (10, 10)
    assert rows["site"] == (7, 7)
    assert rows["source_release"][0] == rows["source_release"][1] > 0


def test_an_import_is_one_line_with_the_rows_it_brought(world: Engine) -> None:
    with world.connect() as connection:
        ((change, is_new),) = import_changes(connection, 10)
        stored = connection.scalar(text("SELECT row_count FROM source_release"))
    assert is_new
    assert change.after is not None
    assert change.after["row_count"] == stored > 0


def test_what_is_brought_back_can_not_be_wiped_either(world: Engine) -> None:
    for statement in ("DELETE FROM change", "UPDATE change SET reason = ''", "TRUNCATE change"):
        with working(world) as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(statement))
