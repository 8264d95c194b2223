"""Keeping weightings under a name, and throwing them away."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert

from data.changes.refusals import in_words
from data.errors import NotFound
from data.planning_tables import Weighting
from data.tables import LARGEST_ID

NOT_YOURS = "Deze weging is er niet, of hoort niet bij uw gemeente."


def add_weighting(
    connection: Connection,
    gemeente_code: str,
    kind: str,
    name: str,
    points: Mapping[str, int],
    account_id: int | None,
) -> int:
    """Keep a weighting for a gemeente or the region; OutsideScope for those of others."""
    values = {
        "gemeente_code": gemeente_code,
        "type": kind,
        "name": name,
        "points": dict(points),
        "account_id": account_id,
    }
    with in_words():
        made: int = connection.execute(
            insert(Weighting).values(**values).returning(Weighting.id)
        ).scalar_one()
    return made


def remove_weighting(connection: Connection, weighting_id: int) -> str:
    """Throw a weighting away and return its name; NotFound when it is not within reach."""
    removed: str | None = None
    if weighting_id <= LARGEST_ID:
        removed = connection.scalar(
            delete(Weighting).where(Weighting.id == weighting_id).returning(Weighting.name)
        )
    if removed is None:
        raise NotFound(NOT_YOURS)
    return removed
