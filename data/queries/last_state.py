"""How each site stood on a date: the last of its states that had begun by then."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import FromClause, Subquery, select
from sqlalchemy.dialects.postgresql import distinct_on


def last_state(states: FromClause, on: dt.date) -> Subquery:
    """Of each site the last of ``states`` that began on or before the date, with all columns.

    ``states`` is the table of states, or a view on it: what is left out there stays out here.
    """
    return (
        select(states)
        .where(states.c.from_date <= on)
        .ext(distinct_on(states.c.site_id))
        .order_by(states.c.site_id, states.c.from_date.desc())
        .subquery("last_state")
    )
