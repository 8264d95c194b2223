"""What was changed of accounts, newest first. Only the role ACCOUNTS of the database reads this."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, column, func, select, table

from data.tables import Change

TABLES = ("account", "account_role", "sign_in_link")
_names = table("account_name", column("id", Integer), column("name"))
_doers = _names.alias("doer")
_about = _names.alias("about")


@dataclass(frozen=True)
class AccountChange:
    """One row that changed: of whose account, by whom (None: not by an account), and what."""

    at: dt.datetime
    doer: str | None
    actor: str
    about: str | None
    table_name: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def account_changes(connection: Connection, limit: int) -> list[AccountChange]:
    """The latest changes of accounts and roles, and the links that were made."""
    row = func.coalesce(Change.after, Change.before)
    about_id = func.coalesce(row["account_id"].astext, row["id"].astext).cast(Integer)
    rows = connection.execute(
        select(
            Change.at,
            _doers.c.name,
            Change.actor,
            _about.c.name,
            Change.table_name,
            Change.action,
            Change.before,
            Change.after,
        )
        .select_from(Change)
        .outerjoin(_doers, _doers.c.id == Change.account_id)
        .outerjoin(_about, _about.c.id == about_id)
        .where(Change.table_name.in_(TABLES))
        .order_by(Change.id.desc())
        .limit(limit)
    )
    return [AccountChange(*found) for found in rows]
