"""The roles of the database: what each reaches, whatever SQL is sent through it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import shapely
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.services.demo import load_region
from data import schema
from data.changes.accounts import add_account, set_roles
from data.changes.releases import workspace_release
from data.changes.sites import Conflict, OutsideScope, SiteFields, add_site, change_site
from data.database_roles import (
    ACCOUNTS,
    CARETAKER,
    COUNCIL,
    DATA,
    MODERATOR,
    RESIDENT,
    ROLES,
    VISITOR,
    WHOLE_REGION,
    WORKSPACE,
    Hands,
    work_as,
)
from data.errors import NotFound, SchemaError
from data.queries.workspace import workspace_site, workspace_sites
from tests.database_server import DatabaseServer
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
OPEN = {
    "public_release",
    "area",
    "figure",
    "amenity",
    "population_point",
    "task",
    "street_node",
    "street_edge",
    "public_site",
    "public_site_area",
    "public_site_state",
    "public_home_count",
    "land_use",
    "public_dossier",
    "public_track",
    "public_track_phase",
    "public_track_party",
    "public_track_meeting",
    "public_track_document",
    "public_track_news",
    "public_track_site",
    "public_theme",
    "public_contribution",
    "public_contribution_photo",
    "public_contribution_count",
    "public_refusal_count",
    "public_contribution_wijk_count",
    "public_importance_count",
    "public_moderation_time",
    "public_event_now",
    "public_importance",
    "public_agreement",
    "public_support_measurement",
}
DIALOGUE = {
    "track",
    "track_phase",
    "track_party",
    "track_meeting",
    "track_document",
    "track_news",
    "track_site",
    "theme",
    "contribution_photo",
    "moderation_step",
    "agreement",
    "support_measurement",
    "all_importance",
}
PLANNING = {
    "site_cost",
    "choice",
    "choice_rules",
    "choice_candidate",
    "assessment",
    "dossier",
    "weighting",
    "scenario",
    "scenario_item",
    "scenario_link",
    "siting_job",
}
#: All that each role may read, beside what belongs to PostGIS; a new table is closed to all.
READABLE = {
    VISITOR: OPEN,
    COUNCIL: OPEN | {"internal_site_area", "internal_site_state", "all_importance"},
    WORKSPACE: OPEN
    | PLANNING
    | DIALOGUE
    | {"site", "site_state", "site_answer", "site_document", "draft", "change", "account_name"},
    DATA: OPEN | {"home_count", "change", "account_name"},
    ACCOUNTS: {
        "account",
        "account_role",
        "sign_in_session",
        "sign_in_link",
        "attempt",
        "recovery_code",
        "change",
        "account_name",
    },
    RESIDENT: OPEN
    | {"contribution", "contribution_photo", "contribution_contact", "subscription", "attempt"},
    MODERATOR: OPEN
    | {
        "track",
        "track_phase",
        "track_site",
        "track_meeting",
        "theme",
        "contribution_photo",
        "moderation_step",
        "account_name",
        "moderator_count",
    },
    CARETAKER: OPEN
    | {
        "track",
        "track_phase",
        "track_site",
        "theme",
        "contribution",
        "contribution_photo",
        "contribution_contact",
        "moderation_step",
        "subscription",
        "outgoing_mail",
        "public_event",
        "attempt",
    },
}
IN_ZUIDERVEEN = shapely.Point(101_250, 480_250)
IN_MIDDENDORP = shapely.Point(101_250, 481_250)


@pytest.fixture
def world(fresh_database_url: str) -> Iterator[Engine]:
    """The tiny world, for its owner."""
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()


@contextmanager
def working(engine: Engine, hands: Hands) -> Iterator[Connection]:
    with engine.begin() as connection:
        work_as(connection, hands)
        yield connection


def planner(*gemeenten: str, account_id: int | None = None, reason: str | None = None) -> Hands:
    return Hands(WORKSPACE, frozenset(gemeenten), account_id, reason)


def fields(point: shapely.Point, name: str = "Nieuw", publication: str = "intern") -> SiteFields:
    return SiteFields(name, "respijt", None, None, None, publication, None, None, point)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_is_listed_and_nothing_else(engine: Engine, role: str) -> None:
    query = text(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p') "
        "AND relnamespace = 'public'::regnamespace "
        "AND relname NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns') "
        "AND has_table_privilege(:role, oid, 'SELECT')"
    )
    with engine.connect() as connection:
        assert set(connection.scalars(query, {"role": role})) == READABLE[role]  # type: ignore[index]


@pytest.mark.parametrize("role", [WORKSPACE, MODERATOR])
def test_staff_read_a_contribution_but_for_where_its_writer_lives(
    engine: Engine, role: str
) -> None:
    query = text(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'contribution'::regclass "
        "AND attnum > 0 AND NOT attisdropped "
        "AND NOT has_column_privilege(:role, attrelid, attnum, 'SELECT')"
    )
    with engine.connect() as connection:
        hidden = set(connection.scalars(query, {"role": role}))
    assert hidden == {"from_wijk_code", "token_sha256"}


@pytest.mark.parametrize("role", [VISITOR, COUNCIL])
def test_readers_may_write_nothing(engine: Engine, role: str) -> None:
    query = text(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') "
        "AND relnamespace = 'public'::regnamespace "
        "AND has_table_privilege(:role, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
    )
    with engine.connect() as connection:
        assert connection.scalars(query, {"role": role}).all() == []


def test_no_role_may_sign_in_by_itself_or_step_over_row_level_security(engine: Engine) -> None:
    query = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'vlekkenplan\\_%' "
        "AND (rolsuper OR rolcanlogin OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    )
    with engine.connect() as connection:
        assert connection.scalars(query).all() == []


def test_a_connection_that_begins_as_a_visitor_can_not_read_the_tables(world: Engine) -> None:
    visitors = schema.connect(world.url.render_as_string(hide_password=False), VISITOR)
    try:
        with visitors.connect() as connection:
            assert connection.scalar(text("SELECT current_user")) == VISITOR
            assert connection.scalar(text("SELECT count(*) FROM public_site")) == 5
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text("SELECT 1 FROM site"))
    finally:
        visitors.dispose()


def test_a_planner_reaches_the_sites_of_the_own_gemeente_only(world: Engine) -> None:
    seen = {}
    for gemeenten in (("GM9001",), ("GM9002",), ("GM9001", "GM9003"), (WHOLE_REGION,), ()):
        with working(world, planner(*gemeenten)) as connection:
            seen[gemeenten] = {site.site_code[-1] for site in workspace_sites(connection, ON)}
    assert seen == {
        ("GM9001",): set("126"),
        ("GM9002",): set("34"),
        ("GM9001", "GM9003"): set("12567"),
        (WHOLE_REGION,): set("1234567"),
        (): set(),
    }


def test_the_states_of_another_gemeente_are_out_of_reach_as_well(world: Engine) -> None:
    with working(world, planner("GM9002")) as connection:
        codes = connection.scalars(
            text("SELECT DISTINCT site_code FROM site_state JOIN site ON site.id = site_id")
        ).all()
        assert sorted(codes) == ["TINY-3", "TINY-4"]
        changed = connection.execute(text("UPDATE site_state SET reason = 'x'")).rowcount
    with world.connect() as connection:
        touched = connection.scalar(text("SELECT count(*) FROM site_state WHERE reason = 'x'"))
    assert changed == touched == 3


def test_a_planner_can_not_make_a_site_elsewhere_or_move_one_there(world: Engine) -> None:
    with working(world, planner("GM9001")) as connection:
        release_id = workspace_release(connection, ON)
        site_id = add_site(connection, release_id, fields(IN_ZUIDERVEEN))
        assert workspace_site(connection, site_id, ON).gemeente_code == "GM9001"
    with pytest.raises(OutsideScope), working(world, planner("GM9001")) as connection:
        add_site(connection, release_id, fields(IN_MIDDENDORP))
    with pytest.raises(OutsideScope), working(world, planner("GM9001")) as connection:
        change_site(connection, site_id, fields(IN_MIDDENDORP), seen_version=1)


def test_saying_that_a_site_is_of_another_gemeente_changes_nothing(world: Engine) -> None:
    with world.begin() as connection:
        connection.execute(text("UPDATE site SET gemeente_code = 'GM9001'"))
        codes = connection.execute(
            text("SELECT DISTINCT gemeente_code FROM site ORDER BY 1")
        ).scalars()
        assert list(codes) == ["GM9001", "GM9002", "GM9003"]


def test_the_work_of_another_is_not_written_over(world: Engine) -> None:
    with working(world, planner("GM9001")) as connection:
        site_id = add_site(connection, workspace_release(connection, ON), fields(IN_ZUIDERVEEN))
        change_site(connection, site_id, fields(IN_ZUIDERVEEN, "Eerste"), seen_version=1)
    with pytest.raises(Conflict), working(world, planner("GM9001")) as connection:
        change_site(connection, site_id, fields(IN_ZUIDERVEEN, "Tweede"), seen_version=1)
    with pytest.raises(NotFound), working(world, planner("GM9002")) as connection:
        change_site(connection, site_id, fields(IN_MIDDENDORP, "Derde"), seen_version=2)
    with working(world, planner("GM9001")) as connection:
        assert workspace_site(connection, site_id, ON).name == "Eerste"


def test_a_draft_is_read_by_its_writer_alone(world: Engine) -> None:
    with world.begin() as connection:
        one, other = (add_account(connection, f"{name}@test.example", name) for name in "ab")
    with working(world, planner("GM9001", account_id=one)) as connection:
        connection.execute(
            text("INSERT INTO draft (account_id, form_key, content) VALUES (:a, 'f', '{}')"),
            {"a": one},
        )
    for account_id, count in ((one, 1), (other, 0)):
        with working(world, planner("GM9001", account_id=account_id)) as connection:
            assert connection.scalar(text("SELECT count(*) FROM draft")) == count


def test_every_change_is_noted_with_who_and_why(world: Engine) -> None:
    with world.begin() as connection:
        account_id = add_account(connection, "p@test.example", "Planner")
    hands = planner("GM9001", account_id=account_id, reason="Na het overleg")
    with working(world, hands) as connection:
        site_id = add_site(connection, workspace_release(connection, ON), fields(IN_ZUIDERVEEN))
        change_site(connection, site_id, fields(IN_ZUIDERVEEN, "Anders"), seen_version=1)
        rows = connection.execute(
            text(
                "SELECT action, account_id, actor, reason, gemeente_code, before ->> 'name' AS old,"
                " after ->> 'name' AS new FROM change WHERE site_id = :site ORDER BY id"
            ),
            {"site": site_id},
        ).all()
    who = (account_id, "website", "Na het overleg", "GM9001")
    assert [tuple(row) for row in rows] == [
        ("added", *who, None, "Nieuw"),
        ("changed", *who, "Nieuw", "Anders"),
    ]


def test_every_row_that_is_noted_tells_what_it_held(world: Engine) -> None:
    with working(world, Hands(ACCOUNTS)) as connection:
        account_id = add_account(connection, "r@test.example", "Rol")
        set_roles(connection, account_id, [("planner", "GM9001")])
        set_roles(connection, account_id, [])
    with world.connect() as connection:
        rows = connection.execute(
            text("SELECT table_name, action, before, after FROM change ORDER BY id")
        ).all()
    assert {"source_release", "site", "site_state", "account_role"} <= {r.table_name for r in rows}
    for row in rows:
        assert (row.before is None) == (row.action == "added"), row
        assert (row.after is None) == (row.action == "removed"), row
    held = {"account_id": account_id, "role": "planner", "gemeente_code": "GM9001"}
    assert [tuple(row) for row in rows[-2:]] == [
        ("account_role", "added", None, held),
        ("account_role", "removed", held, None),
    ]


def test_an_import_is_noted_and_who_keeps_the_data_reads_that_alone(world: Engine) -> None:
    with working(world, Hands(DATA, frozenset({WHOLE_REGION}))) as connection:
        seen = connection.execute(text("SELECT table_name, actor FROM change")).all()
    assert seen
    assert {tuple(row) for row in seen} == {("source_release", "programma")}


def test_history_can_not_be_changed_not_even_by_the_owner(world: Engine) -> None:
    for statement in ("UPDATE change SET reason = 'x'", "DELETE FROM change", "TRUNCATE change"):
        with pytest.raises(DBAPIError, match="history is only added to"), world.begin() as owner:
            owner.execute(text(statement))


def test_nobody_writes_history_but_the_database_itself(engine: Engine) -> None:
    query = text("SELECT has_table_privilege(:role, 'change', 'INSERT, UPDATE, DELETE, TRUNCATE')")
    with engine.connect() as connection:
        assert not any(connection.scalar(query, {"role": role}) for role in ROLES)


def test_the_history_of_accounts_holds_no_secret(world: Engine) -> None:
    with working(world, Hands(ACCOUNTS)) as connection:
        account_id = add_account(connection, "b@test.example", "Beheerder")
        set_roles(connection, account_id, [("beheerder", "")])
        connection.execute(
            text("UPDATE account SET password_hash = 'GEHEIM', totp_secret = 'GEHEIM', name = 'B'")
        )
        rows = connection.scalars(text("SELECT to_jsonb(change)::text FROM change")).all()
    assert len(rows) == 3
    assert not any("GEHEIM" in row for row in rows)


def test_a_small_number_of_homes_can_not_be_stored_as_public(world: Engine) -> None:
    insert = text(
        "INSERT INTO home_count SELECT id, 'WK900301', 'kanscontractwoning', :count, :hidden "
        "FROM source_release LIMIT 1"
    )
    with pytest.raises(DBAPIError, match="small_is_hidden"), world.begin() as connection:
        connection.execute(insert, {"count": 9, "hidden": False})
    with world.begin() as connection:
        connection.execute(insert, {"count": 9, "hidden": True})
    with working(world, Hands(VISITOR)) as connection:
        seen = connection.execute(
            text("SELECT home_count, is_hidden FROM public_home_count WHERE area_code = 'WK900301'")
        ).one()
        assert tuple(seen) == (None, True)
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SELECT 1 FROM home_count"))


def test_a_home_of_one_person_can_not_be_a_site(world: Engine) -> None:
    with pytest.raises(DBAPIError, match="no_single_homes"), world.begin() as connection:
        connection.execute(text("UPDATE site SET type = 'omklapwoning'"))


@pytest.fixture
def plain_owner(cluster: DatabaseServer) -> Iterator[str]:
    """The address of an empty database of someone who is no superuser and may make no roles."""
    name = cluster.create_database()
    admin = schema.connect(cluster.url_of(name))
    with admin.begin() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
        connection.execute(text("CREATE ROLE plain_owner LOGIN"))
        connection.execute(text(f"ALTER DATABASE {name} OWNER TO plain_owner"))
        connection.execute(text("GRANT CREATE ON SCHEMA public TO plain_owner"))
        connection.execute(text("GRANT ALL ON spatial_ref_sys TO plain_owner"))
    yield admin.url.set(username="plain_owner").render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text("DROP OWNED BY plain_owner"))
    admin.dispose()
    cluster.drop_database(name)
    last = schema.connect(cluster.url_of("postgres"))
    with last.begin() as connection:
        connection.execute(text("DROP ROLE plain_owner"))
    last.dispose()


def test_a_server_that_allows_no_new_roles_is_told_what_its_keeper_must_type(
    plain_owner: str,
) -> None:
    engine = schema.connect(plain_owner)
    with pytest.raises(SchemaError, match="GRANT vlekkenplan_visitor TO uw_gebruiker"):
        schema.upgrade(engine)
    engine.dispose()


def test_the_owner_of_the_tables_needs_to_be_no_superuser(
    plain_owner: str, cluster: DatabaseServer, template_database: str
) -> None:
    admin = schema.connect(cluster.url_of("postgres"))
    with admin.begin() as connection:
        for role in ROLES:
            connection.execute(text(f"GRANT {role} TO plain_owner"))
    admin.dispose()
    engine = schema.connect(plain_owner)
    schema.upgrade(engine)
    schema.check(engine)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    with working(engine, planner("GM9002")) as connection:
        assert len(workspace_sites(connection, ON)) == 2
        add_site(connection, workspace_release(connection, ON), fields(IN_MIDDENDORP))
    with working(engine, Hands(VISITOR)) as connection:
        assert connection.scalar(text("SELECT count(*) FROM public_site")) == 5
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SELECT 1 FROM site"))
    engine.dispose()


def test_a_visitor_learns_neither_the_rows_nor_the_checksum_of_a_register(world: Engine) -> None:
    query = text("SELECT sha256 IS NULL, row_count IS NULL FROM public_release ORDER BY id")
    seen = []
    for publication in ("intern", "gebied"):
        with working(world, planner("GM9001")) as connection:
            site = fields(IN_ZUIDERVEEN, publication=publication)
            add_site(connection, workspace_release(connection, ON), site)
        with working(world, Hands(VISITOR)) as connection:
            seen.append([tuple(row) for row in connection.execute(query)])
    assert seen == [[(False, False)], [(False, False), (True, True)]]
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with denied, working(world, Hands(VISITOR)) as connection:
        connection.execute(text("SELECT sha256 FROM source_release"))
