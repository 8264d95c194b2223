"""Writing what someone typed and has not saved yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func
from sqlalchemy.dialects.postgresql import insert

from data.tables import Draft


def keep_draft(
    connection: Connection, account_id: int, form_key: str, content: Mapping[str, Any]
) -> dt.datetime:
    """Keep this in place of an earlier draft of the form; returns when it was kept."""
    values = {"content": dict(content), "saved_at": func.now()}
    made = connection.execute(
        insert(Draft)
        .values(account_id=account_id, form_key=form_key, **values)
        .on_conflict_do_update(index_elements=[Draft.account_id, Draft.form_key], set_=values)
        .returning(Draft.saved_at)
    )
    saved_at: dt.datetime = made.scalar_one()
    return saved_at


def remove_draft(connection: Connection, account_id: int, form_key: str) -> None:
    """Forget the draft of one form."""
    connection.execute(
        delete(Draft).where(Draft.account_id == account_id, Draft.form_key == form_key)
    )
