"""Weightings that people kept; row level security gives those of the own gemeenten and region."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.planning_tables import Weighting
from data.tables import LARGEST_ID


@dataclass(frozen=True)
class WeightingRecord:
    """Points by criterion for a type under a name; ``gemeente_code`` may be the region."""

    id: int
    gemeente_code: str
    type: str
    name: str
    points: dict[str, int]
    made_at: dt.datetime


_COLUMNS = [getattr(Weighting, name) for name in WeightingRecord.__dataclass_fields__]


def weightings(connection: Connection, kind: str) -> list[WeightingRecord]:
    """Every weighting for this type within reach, by name."""
    query = select(*_COLUMNS).where(Weighting.type == kind)
    rows = connection.execute(query.order_by(Weighting.name, Weighting.id))
    return [WeightingRecord(*row) for row in rows]


def find_weighting(connection: Connection, weighting_id: int) -> WeightingRecord | None:
    """One weighting; None when it is not there or not within reach."""
    if weighting_id > LARGEST_ID:
        return None
    row = connection.execute(select(*_COLUMNS).where(Weighting.id == weighting_id)).first()
    return None if row is None else WeightingRecord(*row)
