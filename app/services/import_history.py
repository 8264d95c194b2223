"""The imports as people read them: what came, by whom and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.site_history import who_did
from data.queries.history import ChangeRecord, import_changes

PAGE_SIZE = 50
_DONE = {"changed": "bijgewerkt", "removed": "weggehaald"}


@dataclass(frozen=True)
class PastImport:
    """One time that a delivery was imported; ``row_count`` as it was after that time."""

    at: dt.datetime
    who: str
    why: str | None
    title: str
    publisher: str
    year: int
    version: str
    done: str
    row_count: int
    sha256: str
    is_example: bool


def past_imports(connection: Connection, page: int = 1) -> list[PastImport]:
    """The imports of one page, the latest first."""
    found = import_changes(connection, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    return [_import(change, is_new) for change, is_new in found]


def _import(change: ChangeRecord, is_new: bool) -> PastImport:
    row = change.after or change.before or {}
    return PastImport(
        change.at,
        who_did(change),
        change.reason,
        str(row.get("title", "")),
        str(row.get("publisher", "")),
        int(row.get("year", 0)),
        str(row.get("version", "")),
        "nieuw" if is_new else _DONE[change.action],
        int(row.get("row_count", 0)),
        str(row.get("sha256", "")),
        bool(row.get("is_example", False)),
    )
