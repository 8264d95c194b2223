"""Signing in: by password and perhaps a second step, or by a link that works once.

Judging a password takes long on purpose, so no transaction is open while that happens. The
answer, and the time it takes, never tell whether an account exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.services import attempts, passwords, second_step
from app.services.attempts import OF_ACCOUNT, OF_SECOND_STEP, OF_SENDER
from app.services.links import SET_PASSWORD, SIGN_IN, open_link
from app.services.sessions import (
    BY_LINK,
    BY_PASSWORD,
    IDLE,
    end_session,
    open_session,
    start_session,
    to_checksum,
)
from data.changes.accounts import note_sign_in, remove_old_sessions, remove_sessions_of
from data.changes.credentials import remove_old_links, renew_hash, set_password, use_link
from data.queries.accounts import AccountRecord, account, account_by_email
from data.queries.credentials import credentials

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Sender:
    """Who tries: from which internet address, at which moment, with which key we count."""

    secret_key: str = field(repr=False)
    address: str | None = field(repr=False)
    now: dt.datetime


@dataclass(frozen=True)
class Entry:
    """A session that began; halfway when the second step is still to come."""

    token: str = field(repr=False)
    is_complete: bool


def enter(transaction: Transaction, sender: Sender, email: str, password: str) -> Entry | None:
    """Sign in by password; None when e-mail address and password are not of one open account.

    Raises TooManyAttempts when this account or this sender has to wait.
    """
    account_id = judge(transaction, sender, email, password)
    if account_id is None:
        return None
    with transaction() as opened:
        known = account(opened, account_id)
        is_complete = not known.has_second_step
        if is_complete:
            note_sign_in(opened, known.id, sender.now)
        token = start_session(opened, known.id, BY_PASSWORD, sender.now, is_complete=is_complete)
        return Entry(token, is_complete)


def judge(transaction: Transaction, sender: Sender, email: str, password: str) -> int | None:
    """The open account of which these are the e-mail address and the password.

    Raises TooManyAttempts when this account or this sender has to wait.
    """
    of_email = attempts.key_of_email(sender.secret_key, email)
    with transaction() as opened:
        _tidy(opened, sender.now)
        attempts.count_attempt(opened, OF_ACCOUNT, of_email, sender.now)
        attempts.count_attempt(opened, OF_SENDER, _sender_key(sender), sender.now)
        known = account_by_email(opened, email)
        kept = credentials(opened, known.id).password_hash if known and known.is_active else None
    if not passwords.is_right(kept, password) or known is None or kept is None:
        return None
    renewed = passwords.to_hash(password) if passwords.is_outdated(kept) else kept
    with transaction() as opened:
        if not renew_hash(opened, known.id, kept, renewed):
            return None
        attempts.was_right(opened, OF_ACCOUNT, of_email)
        attempts.was_right(opened, OF_SENDER, _sender_key(sender))
        return known.id


def pass_second_step(
    transaction: Transaction, sender: Sender, halfway_token: str, code: str
) -> Entry | None:
    """Finish signing in; None when the code is not right or was used before.

    Raises TooManyAttempts, and Expired when the first step was too long ago.
    """
    with transaction() as opened:
        account_id = _halfway_account(opened, halfway_token, sender.now)
        key = attempts.key_of_email(sender.secret_key, str(account_id))
        attempts.count_attempt(opened, OF_SECOND_STEP, key, sender.now)
        attempts.count_attempt(opened, OF_SENDER, _sender_key(sender), sender.now)
    with transaction() as opened:
        if not second_step.passes(opened, sender.secret_key, account_id, code, sender.now):
            return None
        end_session(opened, halfway_token)
        attempts.was_right(opened, OF_SECOND_STEP, key)
        attempts.was_right(opened, OF_SENDER, _sender_key(sender))
        note_sign_in(opened, account_id, sender.now)
        return Entry(start_session(opened, account_id, BY_PASSWORD, sender.now), True)


class Expired(Exception):
    """What was begun is too long ago: begin anew."""


def is_halfway(connection: Connection, halfway_token: str, now: dt.datetime) -> bool:
    """Whether this is a session that waits for its second step."""
    try:
        _halfway_account(connection, halfway_token, now)
    except Expired:
        return False
    return True


def enter_by_link(transaction: Transaction, token: str, now: dt.datetime) -> Entry | None:
    """Sign in by a link, which is used up by that; None when it does not work any more."""
    with transaction() as opened:
        _tidy(opened, now)
        known = _account_of_link(opened, token, SIGN_IN, now)
        if known is None or not use_link(opened, to_checksum(token), now):
            return None
        note_sign_in(opened, known.id, now)
        return Entry(start_session(opened, known.id, BY_LINK, now), True)


def account_to_choose_password(
    connection: Connection, token: str, now: dt.datetime
) -> AccountRecord | None:
    """Whose password may be chosen by this link; None when it does not work any more."""
    return _account_of_link(connection, token, SET_PASSWORD, now)


def choose_password(
    transaction: Transaction, secret_key: str, token: str, password: str, now: dt.datetime
) -> bool:
    """Set the password by a link, which is used up by that, and end every session.

    ``transaction`` works in the name of the account, for the history.
    """
    made = passwords.to_hash(password)
    with transaction() as opened:
        known = account_to_choose_password(opened, token, now)
        if known is None or not use_link(opened, to_checksum(token), now):
            return False
        set_password(opened, known.id, made, now)
        remove_sessions_of(opened, known.id)
        key = attempts.key_of_email(secret_key, known.email)
        attempts.was_right(opened, OF_ACCOUNT, key)
        return True


def _halfway_account(connection: Connection, token: str, now: dt.datetime) -> int:
    found = open_session(connection, token, now)
    if found is None or found.is_complete or not account(connection, found.account_id).is_active:
        raise Expired
    return found.account_id


def _account_of_link(
    connection: Connection, token: str, purpose: str, now: dt.datetime
) -> AccountRecord | None:
    found = open_link(connection, token, now)
    if found is None or found.purpose != purpose:
        return None
    known = account(connection, found.account_id)
    return known if known.is_active else None


def _sender_key(sender: Sender) -> str:
    return attempts.key_of_sender(sender.secret_key, sender.address)


def _tidy(connection: Connection, now: dt.datetime) -> None:
    """Drop what has ended: attempts, sessions and links."""
    attempts.forget_old_attempts(connection, now)
    remove_old_sessions(connection, now, now - IDLE)
    remove_old_links(connection, now)
