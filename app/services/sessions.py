"""Who is signed in: a session is a random token, of which the database holds a checksum only."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import replace

from sqlalchemy import Connection

from app.auth.person import AS_VISITOR, Assignment, Person
from app.auth.roles import ROLES
from app.fault_log import note_sign_in
from data.changes.accounts import add_session, remove_session, see_session
from data.queries.accounts import AccountRecord, SessionRecord, account, find_session

#: Without a request for so long a session ends, and in any case after ``LONGEST``.
IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
#: A session that is halfway waits so long for the second step.
HALFWAY = dt.timedelta(minutes=10)
#: The ways to sign in, as a session keeps them.
BY_PASSWORD = "wachtwoord"
BY_LINK = "link"
BY_OIDC = "oidc"
#: How often it is noted that someone is still there.
_NOTED_EVERY = dt.timedelta(minutes=1)


def start_session(
    connection: Connection,
    account_id: int,
    way: str,
    now: dt.datetime,
    *,
    is_complete: bool = True,
) -> str:
    """Begin a session and return its token: 256 random bits, kept by the browser alone."""
    token = secrets.token_urlsafe(32)
    expires_at = now + (LONGEST if is_complete else HALFWAY)
    add_session(
        connection, to_checksum(token), account_id, way, now, expires_at, is_complete=is_complete
    )
    note_sign_in(account_id, way, is_complete=is_complete)
    return token


def find_person(connection: Connection, token: str, now: dt.datetime) -> Person | None:
    """Who has this token; None when the session ended, is halfway, or the account is closed."""
    found = open_session(connection, token, now)
    if found is None or not found.is_complete:
        return None
    record = account(connection, found.account_id)
    if not record.is_active:
        return None
    if now - found.seen_at > _NOTED_EVERY:
        see_session(connection, to_checksum(token), now)
    return replace(to_person(record, found.way), ends_at=found.expires_at)


def open_session(connection: Connection, token: str, now: dt.datetime) -> SessionRecord | None:
    """The session of this token, complete or halfway, when it has not ended."""
    found = find_session(connection, to_checksum(token))
    if found is None:
        return None
    if now >= found.expires_at or now - found.seen_at >= IDLE:
        remove_session(connection, to_checksum(token))
        return None
    return found


def end_session(connection: Connection, token: str) -> None:
    """Sign out: the token is worth nothing from now on."""
    remove_session(connection, to_checksum(token))


def to_person(record: AccountRecord, way: str) -> Person:
    """The person of an account. Roles that this version does not know give nothing.

    Who signs in by password alone while a role asks a second step, can do little but set it up.
    """
    held = tuple(
        Assignment(ROLES[role], gemeente_code)
        for role, gemeente_code in record.roles
        if role in ROLES
    )
    lacks_second_step = (
        way == BY_PASSWORD
        and not record.has_second_step
        and any(assignment.role.asks_second_step for assignment in held)
    )
    return Person(record.id, record.name, record.email, (AS_VISITOR, *held), lacks_second_step)


def to_checksum(token: str) -> str:
    """What the database keeps of a token. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
