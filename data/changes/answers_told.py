"""Noting that the writer of a contribution was told what was done with it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text


def mark_answer_told(connection: Connection, code: str, now: dt.datetime) -> None:
    """Its writer was told what is known now."""
    connection.execute(
        text("UPDATE contribution_contact SET told_at = :now WHERE contribution_code = :code"),
        {"now": now, "code": code},
    )
