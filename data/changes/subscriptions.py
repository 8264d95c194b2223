"""Writing who follows what: by who came by the link, and by what sends the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, update

from data.changes.refusals import in_words
from data.dialogue_tables import Subscription
from data.errors import NotFound
from data.queries.events import Reach
from data.queries.subscriptions import GONE, is_code
from geo.crs import RD_EPSG


def add_subscription(
    connection: Connection,
    code: str,
    token_sha256: str,
    email: str,
    label: str,
    reach: Reach,
    frequency: str,
    asked_at: dt.datetime,
) -> None:
    """Keep what somebody wants to follow; nothing is sent to it but the question to confirm."""
    point = None
    if reach.radius_m is not None:
        point = func.ST_SetSRID(func.ST_MakePoint(reach.x_m, reach.y_m), RD_EPSG)
    with in_words():
        connection.execute(
            insert(Subscription)
            .inline()
            .values(
                code=code,
                token_sha256=token_sha256,
                email=email,
                label=label,
                geom=point,
                radius_m=reach.radius_m,
                area_code=reach.area_code,
                track_id=reach.track_id,
                frequency=frequency,
                asked_at=asked_at,
            )
        )


def confirm(connection: Connection, code: str, now: dt.datetime) -> None:
    """Follow from now on; confirming twice changes nothing. Raises NotFound."""
    statement = (
        update(Subscription)
        .where(Subscription.code == code)
        .values(
            confirmed_at=func.coalesce(Subscription.confirmed_at, now),
            told_until=func.coalesce(Subscription.told_until, now),
        )
    )
    _check_there(connection.execute(statement).rowcount)


def change_frequency(connection: Connection, code: str, frequency: str) -> None:
    """Tell as often as this from now on. Raises NotFound."""
    statement = update(Subscription).where(Subscription.code == code).values(frequency=frequency)
    _check_there(connection.execute(statement).rowcount)


def remove_subscription(connection: Connection, code: str) -> None:
    """Forget a subscription with everything of it; one that is gone already is no fault."""
    if is_code(code):
        connection.execute(delete(Subscription).where(Subscription.code == code))


def mark_asked(connection: Connection, code: str, now: dt.datetime) -> None:
    """The question to confirm is on its way."""
    connection.execute(
        update(Subscription).where(Subscription.code == code).values(confirm_sent_at=now)
    )


def mark_told(connection: Connection, codes: Collection[str], now: dt.datetime) -> None:
    """What was noticed up to now was told to these."""
    connection.execute(
        update(Subscription).where(Subscription.code.in_(codes)).values(told_until=now)
    )


def _check_there(count: int) -> None:
    if not count:
        raise NotFound(GONE)
