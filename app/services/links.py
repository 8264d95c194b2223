"""Links that work once: to sign in, or to choose a password. The database holds a checksum only."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import Connection

from app.services.sessions import to_checksum
from data.changes.credentials import add_link
from data.queries.credentials import LinkRecord, find_link

SIGN_IN = "sign_in"
SET_PASSWORD = "set_password"
#: How long each kind of link works.
LASTS = {SIGN_IN: dt.timedelta(days=1), SET_PASSWORD: dt.timedelta(days=3)}


def make_link(connection: Connection, account_id: int, purpose: str, now: dt.datetime) -> str:
    """A new link as its token: 256 random bits. Earlier ones for the same purpose end."""
    token = secrets.token_urlsafe(32)
    add_link(connection, to_checksum(token), account_id, purpose, now + LASTS[purpose])
    return token


def open_link(connection: Connection, token: str, now: dt.datetime) -> LinkRecord | None:
    """The link of this token when it still works. Looking uses nothing up."""
    found = find_link(connection, to_checksum(token))
    if found is None or found.used_at is not None or now >= found.expires_at:
        return None
    return found
