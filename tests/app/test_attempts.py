"""Slowing down who guesses, by a clock that is set by hand."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text

from app.services.attempts import (
    OF_ACCOUNT,
    OF_SENDER,
    TooManyAttempts,
    count_attempt,
    forget_old_attempts,
    key_of_email,
    key_of_sender,
    was_right,
)
from data import schema

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


def wait_s(connection: Connection, at: dt.datetime, key: str = "k") -> int:
    """How long the next attempt on this account has to wait; 0 when it is counted."""
    try:
        count_attempt(connection, OF_ACCOUNT, key, at)
    except TooManyAttempts as error:
        return error.wait_s
    return 0


def test_from_the_fifth_failure_on_the_wait_doubles_up_to_an_hour(connection: Connection) -> None:
    assert [wait_s(connection, NOON) for _ in range(5)] == [0] * 5
    at, waits = NOON, []
    for _ in range(9):
        waits.append(wait_s(connection, at))
        at += dt.timedelta(seconds=waits[-1])
        assert wait_s(connection, at - SECOND) == 1
        assert wait_s(connection, at) == 0
    assert [wait / 60 for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_another_account_does_not_wait(connection: Connection) -> None:
    for _ in range(5):
        wait_s(connection, NOON)
    assert wait_s(connection, NOON) > 0
    assert wait_s(connection, NOON, "other") == 0


def test_being_right_begins_anew(connection: Connection) -> None:
    for _ in range(3):
        assert [wait_s(connection, NOON) for _ in range(4)] == [0] * 4
        was_right(connection, OF_ACCOUNT, "k")


def test_a_day_later_failures_are_forgotten(connection: Connection) -> None:
    for _ in range(4):
        wait_s(connection, NOON)
    assert [wait_s(connection, NOON + dt.timedelta(days=1)) for _ in range(5)] == [0] * 5


def test_a_sender_has_thirty_attempts_an_hour(connection: Connection) -> None:
    for number in range(30):
        count_attempt(connection, OF_SENDER, "s", NOON + number * MINUTE)
    with pytest.raises(TooManyAttempts, match="over 25 minuten") as caught:
        count_attempt(connection, OF_SENDER, "s", NOON + 35 * MINUTE)
    assert caught.value.wait_s == 25 * 60
    count_attempt(connection, OF_SENDER, "s", NOON + 60 * MINUTE)


def test_an_office_where_everyone_is_right_is_not_slowed(connection: Connection) -> None:
    for _ in range(100):
        count_attempt(connection, OF_SENDER, "s", NOON)
        was_right(connection, OF_SENDER, "s")


def test_the_last_minute_is_said_in_the_singular(connection: Connection) -> None:
    assert (
        str(TooManyAttempts(30 * SECOND)) == "Te veel pogingen. Probeer het over 1 minuut opnieuw."
    )
    assert "over 4 minuten" in str(TooManyAttempts(3 * MINUTE + SECOND))


def test_many_attempts_at_once_are_as_slow_as_one_by_one(fresh_database_url: str) -> None:
    engine = schema.connect(fresh_database_url)

    def attempt(_: int) -> int:
        with engine.begin() as opened:
            return wait_s(opened, NOON)

    with ThreadPoolExecutor(5) as pool:
        waits = list(pool.map(attempt, range(20)))
    engine.dispose()
    assert waits.count(0) == 5


def test_keys_tell_no_address_and_are_of_this_program_alone() -> None:
    key = key_of_email("geheim", " Iemand@Test.example ")
    assert key == key_of_email("geheim", "iemand@test.example")
    assert key != key_of_email("ander geheim", "iemand@test.example")
    assert key != key_of_sender("geheim", "iemand@test.example")
    assert "iemand" not in key


def test_a_sender_by_ipv6_is_a_network_and_not_each_of_its_addresses() -> None:
    one, other = (key_of_sender("g", f"2001:db8:1:2::{end}") for end in ("1", "ffff:2"))
    assert one == other
    assert one != key_of_sender("g", "2001:db8:1:3::1")
    assert key_of_sender("g", "::ffff:192.0.2.1") == key_of_sender("g", "192.0.2.1")
    assert key_of_sender("g", "192.0.2.1") != key_of_sender("g", "192.0.2.2")
    assert key_of_sender("g", None) == key_of_sender("g", "")


def test_old_attempts_are_forgotten_but_not_one_that_still_has_to_wait(
    connection: Connection, engine: Engine
) -> None:
    for _ in range(2):
        wait_s(connection, NOON, "old")
    at = NOON + dt.timedelta(hours=23, minutes=30)
    connection.execute(text("UPDATE attempt SET attempt_count = 20 WHERE key = 'old'"))
    wait_s(connection, NOON, "gone")
    wait_s(connection, at, "old")
    forget_old_attempts(connection, NOON + dt.timedelta(hours=24, minutes=5))
    keys = connection.scalars(text("SELECT key FROM attempt")).all()
    assert keys == ["old"]
