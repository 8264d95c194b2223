"""What someone typed and has not saved yet; row level security shows only one's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data.tables import Draft


@dataclass(frozen=True)
class DraftRecord:
    """A draft as it is stored."""

    form_key: str
    content: dict[str, Any]
    saved_at: dt.datetime


_COLUMNS = [getattr(Draft, name) for name in DraftRecord.__dataclass_fields__]


def own_drafts(connection: Connection) -> list[DraftRecord]:
    """Every draft of this person, the newest first."""
    rows = connection.execute(select(*_COLUMNS).order_by(Draft.saved_at.desc(), Draft.form_key))
    return [DraftRecord(*row) for row in rows]


def own_draft(connection: Connection, form_key: str) -> DraftRecord | None:
    """The draft of one form by this person."""
    row = connection.execute(select(*_COLUMNS).where(Draft.form_key == form_key)).first()
    return DraftRecord(*row) if row else None
