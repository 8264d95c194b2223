"""Clearing what is past its term: in the database, in the folder of post, among backups."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from sqlalchemy import Engine

from app.services.post_sending import FOLDER
from app.services.sessions import IDLE
from data import retention
from data.backup import forget_old_contacts
from data.changes.accounts import remove_old_sessions
from data.changes.clearing import clear_expired
from data.changes.credentials import remove_old_links
from data.database_roles import ACCOUNTS, CARETAKER, Hands, work_as

log = logging.getLogger("vlekkenplan.post")


def clear(engine: Engine, home: Path, now: dt.datetime) -> dict[str, int]:
    """Clear all that is past its term. Returns how much of it, by the key of the term."""
    with engine.connect() as connection, connection.begin():
        work_as(connection, Hands(CARETAKER, actor="post"))
        counts = clear_expired(connection, now)
    if given_up := counts.get(retention.MAIL_UNSENT.key):
        log.error("%d messages are given up: they could not be sent in time", given_up)
    with engine.connect() as connection, connection.begin():
        work_as(connection, Hands(ACCOUNTS, actor="post"))
        remove_old_sessions(connection, now, now - IDLE)
        remove_old_links(connection, now)
    files = {
        retention.MAIL_FOLDER.key: _remove_old_post(home / FOLDER, now),
        retention.BACKUP_WITH_CONTACTS.key: forget_old_contacts(home, now),
    }
    return {**counts, **{key: count for key, count in files.items() if count}}


def _remove_old_post(folder: Path, now: dt.datetime) -> int:
    term = retention.MAIL_FOLDER.term
    assert term is not None
    old = [file for file in folder.glob("*.eml") if _changed_at(file) <= now - term]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _changed_at(file: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
