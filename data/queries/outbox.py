"""How much post waits, and what went wrong with it. No query here reads an address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.dialogue_tables import OutgoingMail


@dataclass(frozen=True)
class FaultCount:
    """So many messages wait after this fault; ``try_count`` is the most that one was tried."""

    fault: str
    count: int
    try_count: int
    next_try_at: dt.datetime


@dataclass(frozen=True)
class WaitingPost:
    """How many messages wait, since when, and what went wrong with some of them."""

    count: int
    oldest_at: dt.datetime | None
    faults: tuple[FaultCount, ...]


def waiting_post(connection: Connection) -> WaitingPost:
    """What waits to be sent."""
    count, oldest_at = connection.execute(
        select(func.count(), func.min(OutgoingMail.made_at))
    ).one()
    faults = connection.execute(
        select(
            OutgoingMail.fault,
            func.count(),
            func.max(OutgoingMail.try_count),
            func.min(OutgoingMail.next_try_at),
        )
        .where(OutgoingMail.fault.is_not(None))
        .group_by(OutgoingMail.fault)
        .order_by(func.count().desc(), OutgoingMail.fault)
    )
    told = tuple(FaultCount(str(row[0]), row[1], row[2], row[3]) for row in faults)
    return WaitingPost(count, oldest_at, told)
