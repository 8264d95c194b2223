"""Who changed the facts of a site, from its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, String, column, func, select, table

from data.tables import Change

_account_name = table("account_name", column("id", Integer), column("name", String))


@dataclass(frozen=True)
class Edit:
    """One change of the row of a site: when, by whom, and what it was before and after."""

    at: dt.datetime
    name: str
    before: dict[str, Any]
    after: dict[str, Any]

    def touches(self, name: str) -> bool:
        """Whether this changed the column."""
        return bool(self.before.get(name) != self.after.get(name))


def edits_of_site(connection: Connection, site_id: int) -> list[Edit]:
    """How the facts of a site came to be what they are, the newest change first."""
    rows = connection.execute(
        select(
            Change.at,
            func.coalesce(_account_name.c.name, Change.actor),
            Change.before,
            Change.after,
        )
        .outerjoin(_account_name, _account_name.c.id == Change.account_id)
        .where(Change.site_id == site_id, Change.table_name == "site")
        .order_by(Change.id.desc())
    )
    return [Edit(at, name, before or {}, after or {}) for at, name, before, after in rows]
