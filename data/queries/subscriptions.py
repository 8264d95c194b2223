"""Who follows what: one subscription behind its own link, and those that the post looks at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.dialogue_tables import Subscription
from data.errors import NotFound
from data.queries.events import Reach

GONE = "Deze link werkt niet (meer). Misschien volgt u dit niet meer."


@dataclass(frozen=True)
class SubscriptionRecord:
    """A subscription; ``reach`` is what is followed."""

    code: str
    email: str
    label: str
    reach: Reach
    frequency: str
    asked_at: dt.datetime
    confirmed_at: dt.datetime | None
    told_until: dt.datetime | None


def is_code(code: str) -> bool:
    """Whether this can be the code of something; PostgreSQL refuses some characters outright."""
    return code.isascii() and code.isalnum()


def subscription(connection: Connection, code: str) -> SubscriptionRecord:
    """The subscription of this code, for who came by its link. Raises NotFound."""
    query = _query().where(Subscription.code == code)
    row = connection.execute(query).one_or_none() if is_code(code) else None
    if row is None:
        raise NotFound(GONE)
    return _record(row)


def unconfirmed_not_asked(connection: Connection, most: int) -> tuple[SubscriptionRecord, ...]:
    """Those who were not yet asked to confirm, oldest first; nobody else takes them meanwhile."""
    query = (
        _query()
        .where(Subscription.confirm_sent_at.is_(None), Subscription.confirmed_at.is_(None))
        .order_by(Subscription.asked_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=Subscription)
    )
    return tuple(_record(row) for row in connection.execute(query))


def due_subscriptions(
    connection: Connection, frequency: str, before: dt.datetime, most: int
) -> tuple[SubscriptionRecord, ...]:
    """Confirmed ones of a frequency that were told nothing since ``before``, longest ago first."""
    query = (
        _query()
        .where(
            Subscription.confirmed_at.is_not(None),
            Subscription.frequency == frequency,
            func.coalesce(Subscription.told_until, Subscription.confirmed_at) < before,
        )
        .order_by(Subscription.told_until, Subscription.code)
        .limit(most)
        .with_for_update(skip_locked=True, of=Subscription)
    )
    return tuple(_record(row) for row in connection.execute(query))


def _query() -> Select[Any]:
    return select(
        Subscription.code,
        Subscription.email,
        Subscription.label,
        Subscription.track_id,
        Subscription.area_code,
        func.ST_X(Subscription.geom),
        func.ST_Y(Subscription.geom),
        Subscription.radius_m,
        Subscription.frequency,
        Subscription.asked_at,
        Subscription.confirmed_at,
        Subscription.told_until,
    )


def _record(row: Any) -> SubscriptionRecord:
    code, email, label, *reach = row[:8]
    return SubscriptionRecord(code, email, label, Reach(*reach), *row[8:])
