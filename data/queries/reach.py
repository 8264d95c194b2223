"""How many contributions came from where, of what was not refused; no more than that."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from data import dialogue_views as views


def wijk_counts(connection: Connection, track_id: int) -> dict[str | None, int]:
    """How many by wijk; None counts the rest: small wijken, and who did not say where."""
    counted = views.public_contribution_wijk_count.c
    query = select(counted.from_wijk_code, counted["count"]).where(counted.track_id == track_id)
    return {code: int(count) for code, count in connection.execute(query)}


def entry_counts(connection: Connection, track_id: int) -> tuple[tuple[str, str, int], ...]:
    """How many came in by each way (``entry``) and in each state of moderation."""
    counted = views.public_contribution_count.c
    query = select(counted.entry, counted.moderation, func.sum(counted["count"]))
    told = query.where(counted.track_id == track_id).group_by(counted.entry, counted.moderation)
    rows = connection.execute(told.order_by(counted.entry, counted.moderation))
    return tuple((entry, moderation, int(count)) for entry, moderation, count in rows)


def importance_count(connection: Connection, track_id: int) -> int:
    """How many told what they find important."""
    counted = views.public_importance_count.c
    query = select(counted["count"]).where(counted.track_id == track_id)
    return int(connection.scalar(query) or 0)
