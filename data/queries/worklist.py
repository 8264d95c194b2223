"""How far the work on sites is: what is planned of each, and how much of it is answered.

As in ``data.queries.workspace`` row level security gives the sites of the own gemeenten only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.tables import SiteAnswer, SiteState


@dataclass(frozen=True)
class LifeStep:
    """What is so at a site from a date on, until its next step."""

    site_id: int
    from_date: dt.date
    status: str
    capacity_count: int | None
    reason: str | None


def lives(connection: Connection) -> dict[int, list[LifeStep]]:
    """The steps in the life of every site within reach, by site, in the order of time."""
    columns = [getattr(SiteState, name) for name in LifeStep.__dataclass_fields__]
    found: dict[int, list[LifeStep]] = {}
    for row in connection.execute(select(*columns).order_by(SiteState.from_date)):
        found.setdefault(row.site_id, []).append(LifeStep(*row))
    return found


def answer_counts(connection: Connection, unknown: str) -> dict[int, int]:
    """How many questions of the closer look have an answer, by site; none is left out.

    ``unknown`` is the finding that says that nothing is known yet.
    """
    query = select(SiteAnswer.site_id, func.count().label("answered")).where(
        SiteAnswer.finding != unknown
    )
    return {
        row.site_id: row.answered for row in connection.execute(query.group_by(SiteAnswer.site_id))
    }
