"""How long someone stays signed in, by a clock that is set by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Connection, text

from app.auth.person import Person
from app.services.sessions import (
    BY_LINK,
    BY_PASSWORD,
    HALFWAY,
    IDLE,
    LONGEST,
    end_session,
    find_person,
    start_session,
)
from data.changes.accounts import remove_sessions_of, set_active, set_roles
from tests.app.sign_in_steps import add_person, add_second_step

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def account_id(connection: Connection) -> int:
    return add_person(connection, password=None)


def is_there(connection: Connection, token: str, at: dt.datetime) -> bool:
    return find_person(connection, token, at) is not None


def test_half_an_hour_without_a_request_ends_a_session(
    connection: Connection, account_id: int
) -> None:
    for wait, stays in ((IDLE - SECOND, True), (IDLE, False)):
        token = start_session(connection, account_id, BY_LINK, NOON)
        assert is_there(connection, token, NOON + wait) == stays
    assert not is_there(connection, token, NOON)


def test_who_keeps_working_stays_for_twelve_hours_and_no_longer(
    connection: Connection, account_id: int
) -> None:
    token = start_session(connection, account_id, BY_LINK, NOON)
    at = NOON
    while at + 20 * MINUTE < NOON + LONGEST:
        at += 20 * MINUTE
        assert is_there(connection, token, at)
    assert dt.timedelta(hours=12) == LONGEST
    assert is_there(connection, token, NOON + LONGEST - SECOND)
    assert not is_there(connection, token, NOON + LONGEST)


def test_a_session_that_waits_for_the_second_step_opens_nothing(
    connection: Connection, account_id: int
) -> None:
    token = start_session(connection, account_id, BY_PASSWORD, NOON, is_complete=False)
    assert not is_there(connection, token, NOON)
    expires_at = connection.execute(text("SELECT expires_at FROM sign_in_session")).scalar_one()
    assert expires_at == NOON + HALFWAY


def test_closing_the_account_shuts_out_who_is_in(connection: Connection, account_id: int) -> None:
    token = start_session(connection, account_id, BY_LINK, NOON)
    set_active(connection, account_id, is_active=False)
    assert not is_there(connection, token, NOON)


def test_signing_out_ends_one_session_and_everywhere_ends_them_all(
    connection: Connection, account_id: int
) -> None:
    first, second, third = (start_session(connection, account_id, BY_LINK, NOON) for _ in range(3))
    end_session(connection, first)
    assert [is_there(connection, token, NOON) for token in (first, second, third)] == [
        False,
        True,
        True,
    ]
    remove_sessions_of(connection, account_id)
    assert not is_there(connection, second, NOON)
    assert not is_there(connection, third, NOON)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\x00", "é" * 50])
def test_no_other_text_is_a_token(connection: Connection, account_id: int, token: str) -> None:
    start_session(connection, account_id, BY_LINK, NOON)
    assert not is_there(connection, token, NOON)


def test_a_role_of_another_version_gives_nothing(connection: Connection, account_id: int) -> None:
    set_roles(connection, account_id, [("keizer", ""), ("raadslid", "")])
    token = start_session(connection, account_id, BY_LINK, NOON)
    found = find_person(connection, token, NOON)
    assert found is not None
    assert [held.role.key for held in found.assignments] == ["bezoeker", "raadslid"]


@pytest.mark.parametrize(
    ("role", "way", "has_second_step", "may_work"),
    [
        ("beheerder", BY_PASSWORD, False, False),
        ("beheerder", BY_PASSWORD, True, True),
        ("beheerder", BY_LINK, False, True),
        ("beheerder", "oidc", False, True),
        ("raadslid", BY_PASSWORD, False, True),
    ],
)
def test_a_password_alone_is_not_enough_for_a_role_that_asks_more(
    connection: Connection, role: str, way: str, has_second_step: bool, may_work: bool
) -> None:
    account_id = add_person(connection, role=(role, ""), password=None)
    if has_second_step:
        add_second_step(connection, account_id, NOON)
    token = start_session(connection, account_id, way, NOON)
    found = find_person(connection, token, NOON)
    assert isinstance(found, Person)
    work = {"beheerder": "accounts_beheren", "raadslid": "interne_cijfers"}[role]
    assert found.may(work) == may_work
    assert found.may("lezen")
    assert found.may("eigen_account")
