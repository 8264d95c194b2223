"""Signing in, as a service, by a clock that is set by hand."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, text

from app.services import passwords, second_step
from app.services.attempts import TooManyAttempts
from app.services.derived_keys import UnreadableSecret, decrypt, encrypt
from app.services.links import SET_PASSWORD, SIGN_IN, make_link
from app.services.sign_in import (
    Entry,
    Expired,
    Sender,
    choose_password,
    enter,
    enter_by_link,
    pass_second_step,
)
from data.changes.accounts import set_active
from data.changes.credentials import set_password
from data.queries.accounts import account
from data.queries.credentials import credentials
from tests.app.sign_in_steps import (
    EMAIL,
    PASSWORD,
    SECRET_KEY,
    add_person,
    add_second_step,
    code_at,
)

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF_MINUTE = dt.timedelta(seconds=30)
Transaction = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture
def transaction(connection: Connection) -> Transaction:
    @contextmanager
    def opening() -> Iterator[Connection]:
        with connection.begin_nested():
            yield connection

    return opening


@pytest.fixture
def account_id(connection: Connection) -> int:
    return add_person(connection, now=NOON)


@pytest.fixture
def halfway(connection: Connection, transaction: Transaction, account_id: int) -> str:
    add_second_step(connection, account_id, NOON)
    entry = enter(transaction, at(NOON), EMAIL, PASSWORD)
    assert entry is not None
    assert not entry.is_complete
    return entry.token


def at(moment: dt.datetime) -> Sender:
    return Sender(SECRET_KEY, "192.0.2.1", moment)


def test_the_right_pair_begins_a_session_and_is_noted(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    entry = enter(transaction, at(NOON), EMAIL, PASSWORD)
    assert entry is not None
    assert entry.is_complete
    assert account(connection, account_id).last_sign_in_at == NOON


def test_guessing_is_slowed_and_the_right_password_waits_too(
    transaction: Transaction, account_id: int
) -> None:
    for _ in range(5):
        assert enter(transaction, at(NOON), EMAIL, "een verkeerd wachtwoord") is None
    with pytest.raises(TooManyAttempts):
        enter(transaction, at(NOON), EMAIL, PASSWORD)
    assert enter(transaction, at(NOON + MINUTE), EMAIL, PASSWORD) is not None


def test_nobody_learns_from_a_wait_whether_an_account_exists(
    transaction: Transaction, account_id: int
) -> None:
    answers: dict[str, list[object]] = {}
    for email in (EMAIL, "niemand@test.example"):
        found: list[object] = []
        for _ in range(7):
            try:
                found.append(enter(transaction, at(NOON), email, "een verkeerd wachtwoord"))
            except TooManyAttempts as error:
                found.append(error.wait_s)
        answers[email] = found
    assert answers[EMAIL] == answers["niemand@test.example"] == [None] * 5 + [60, 60]


def test_nobody_learns_from_the_time_it_takes_whether_an_account_exists(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    add_person(connection, "zonder@test.example", password=None)
    add_person(connection, "gesloten@test.example")
    closed = connection.execute(
        text("SELECT id FROM account WHERE email = 'gesloten@test.example'")
    ).scalar_one()
    set_active(connection, closed, is_active=False)
    passwords.is_right(None, "warm")
    took = {}
    for email in (EMAIL, "niemand@test.example", "zonder@test.example", "gesloten@test.example"):
        times = []
        for _ in range(4):
            began = time.process_time()
            assert enter(transaction, at(NOON), email, "een verkeerd wachtwoord") is None
            times.append(time.process_time() - began)
        took[email] = min(times)
    assert max(took.values()) < 2 * min(took.values()), took


def test_a_sender_who_tries_many_accounts_is_slowed(transaction: Transaction) -> None:
    for number in range(30):
        enter(transaction, at(NOON), f"niemand{number}@test.example", "x")
    with pytest.raises(TooManyAttempts):
        enter(transaction, at(NOON), "nog-iemand@test.example", "x")
    other = Sender(SECRET_KEY, "192.0.2.2", NOON)
    assert enter(transaction, other, "nog-iemand@test.example", "x") is None


def test_a_password_is_kept_anew_when_we_keep_them_otherwise(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    set_password(connection, account_id, weak, NOON)
    assert enter(transaction, at(NOON), EMAIL, PASSWORD) is not None
    kept = credentials(connection, account_id).password_hash
    assert kept is not None
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert enter(transaction, at(NOON), EMAIL, PASSWORD) is not None


@pytest.mark.parametrize("shift", [-HALF_MINUTE, 0 * MINUTE, HALF_MINUTE])
def test_a_clock_of_a_telephone_may_be_half_a_minute_off(
    transaction: Transaction, halfway: str, shift: dt.timedelta
) -> None:
    entry = pass_second_step(transaction, at(NOON), halfway, code_at(NOON + shift))
    assert isinstance(entry, Entry)
    assert entry.is_complete
    assert entry.token != halfway


@pytest.mark.parametrize("shift", [-2 * HALF_MINUTE, 2 * HALF_MINUTE])
def test_a_code_of_another_moment_is_refused(
    transaction: Transaction, halfway: str, shift: dt.timedelta
) -> None:
    assert pass_second_step(transaction, at(NOON), halfway, code_at(NOON + shift)) is None


def test_a_code_works_once_and_none_of_before_it_works_after(
    transaction: Transaction, halfway: str
) -> None:
    assert pass_second_step(transaction, at(NOON), halfway, code_at(NOON)) is not None
    for code in (code_at(NOON), code_at(NOON - HALF_MINUTE)):
        again = enter(transaction, at(NOON), EMAIL, PASSWORD)
        assert again is not None
        assert pass_second_step(transaction, at(NOON), again.token, code) is None


def test_guessing_codes_is_slowed_even_by_who_knows_the_password(
    transaction: Transaction, halfway: str
) -> None:
    for _ in range(5):
        again = enter(transaction, at(NOON), EMAIL, PASSWORD)
        assert again is not None
        assert pass_second_step(transaction, at(NOON), again.token, "000000") is None
    with pytest.raises(TooManyAttempts):
        pass_second_step(transaction, at(NOON), halfway, code_at(NOON))


def test_the_second_step_has_ten_minutes(transaction: Transaction, halfway: str) -> None:
    late = NOON + 10 * MINUTE
    with pytest.raises(Expired):
        pass_second_step(transaction, at(late), halfway, code_at(late))


def test_a_session_that_is_complete_is_no_halfway_one(
    transaction: Transaction, account_id: int
) -> None:
    entry = enter(transaction, at(NOON), EMAIL, PASSWORD)
    assert entry is not None
    with pytest.raises(Expired):
        pass_second_step(transaction, at(NOON), entry.token, "000000")


def test_each_recovery_code_works_once(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    codes = add_second_step(connection, account_id, NOON)
    for code, works in ((codes[0], True), (codes[1], True), (codes[0], False), (codes[1], False)):
        entry = enter(transaction, at(NOON), EMAIL, PASSWORD)
        assert entry is not None
        passed = pass_second_step(transaction, at(NOON), entry.token, code)
        assert (passed is not None) == works


@pytest.mark.parametrize(
    "code", ["", " ", "١٢٣٤٥٦", "12345", "é" * 6, "x" * 16, "\x00" * 6, "9" * 5000]
)
def test_no_other_text_is_a_code(transaction: Transaction, halfway: str, code: str) -> None:
    assert pass_second_step(transaction, at(NOON), halfway, code) is None


def test_the_secret_can_not_be_read_without_the_key(
    connection: Connection, account_id: int
) -> None:
    add_second_step(connection, account_id, NOON)
    with pytest.raises(UnreadableSecret):
        second_step.passes(connection, "another key", account_id, code_at(NOON), NOON)


def test_what_was_encrypted_for_one_purpose_is_no_use_for_another() -> None:
    sealed = encrypt("key", "one", "text")
    assert decrypt("key", "one", sealed) == "text"
    for key, purpose, given in (
        ("key", "two", sealed),
        ("yek", "one", sealed),
        ("key", "one", "x"),
    ):
        with pytest.raises(UnreadableSecret):
            decrypt(key, purpose, given)


def test_a_link_is_for_one_purpose(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    token = make_link(connection, account_id, SET_PASSWORD, NOON)
    assert enter_by_link(transaction, token, NOON) is None
    other = make_link(connection, account_id, SIGN_IN, NOON)
    assert not choose_password(transaction, SECRET_KEY, other, "een ander lang wachtwoord", NOON)
    assert enter_by_link(transaction, other, NOON) is not None


@pytest.mark.parametrize(("days", "works"), [(2.9, True), (3, False)])
def test_a_link_for_a_password_works_three_days(
    connection: Connection, transaction: Transaction, account_id: int, days: float, works: bool
) -> None:
    token = make_link(connection, account_id, SET_PASSWORD, NOON)
    later = NOON + dt.timedelta(days=days)
    new = "een ander lang wachtwoord"
    assert choose_password(transaction, SECRET_KEY, token, new, later) == works
    assert (enter(transaction, at(later), EMAIL, new) is not None) == works


def test_choosing_a_password_ends_the_wait_of_who_forgot_it(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    for _ in range(5):
        enter(transaction, at(NOON), EMAIL, "een verkeerd wachtwoord")
    token = make_link(connection, account_id, SET_PASSWORD, NOON)
    new = "een ander lang wachtwoord"
    assert choose_password(transaction, SECRET_KEY, token, new, NOON)
    assert enter(transaction, at(NOON), EMAIL, new) is not None


def test_what_has_ended_is_dropped_in_passing(
    connection: Connection, transaction: Transaction, account_id: int
) -> None:
    enter(transaction, at(NOON), EMAIL, PASSWORD)
    make_link(connection, account_id, SIGN_IN, NOON)
    enter(transaction, at(NOON), "niemand@test.example", "x")
    much_later = NOON + dt.timedelta(days=4)
    assert enter(transaction, at(much_later), EMAIL, PASSWORD) is not None
    counts = {
        name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()
        for name in ("sign_in_session", "sign_in_link", "attempt")
    }
    assert counts["sign_in_session"] == 1
    assert counts["sign_in_link"] == 0
    assert counts["attempt"] == 1  # of the sender, just now


def test_nothing_secret_is_in_what_can_be_printed(account_id: int) -> None:
    shown = f"{at(NOON)!r} {Entry('TOKEN', True)!r}"
    assert "TOKEN" not in shown
    assert "192.0.2.1" not in shown
    assert SECRET_KEY not in shown.replace("secret_key", "")
