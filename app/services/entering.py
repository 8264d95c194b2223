"""What came at a meeting, on paper or by telephone, entered by staff: it counts like all else.

It waits for a moderator as well, so that a second pair of eyes looks at it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.numbers import ZONE
from app.services.contributing import Receipt, Typed, contact_of, photo_of, receipt_of, to_new
from data.changes.contributions import AlreadyThere, add_contribution

#: The hour of the day that stands for a day of which nothing more is known.
_NOON = dt.time(12)


@dataclass(frozen=True)
class Entered:
    """How it came, and who entered it. ``meeting_id`` and ``phase_id`` may be unknown."""

    entry: str
    received_on: dt.date
    phase_id: int | None
    meeting_id: int | None
    account_id: int | None


def enter(
    connection: Connection,
    secret_key: str,
    code: str,
    track_id: int,
    typed: Typed,
    how: Entered,
    place_test: Mapping[str, Any] | None,
    now: dt.datetime,
) -> Receipt:
    """Keep what somebody brought in on paper, once. Raises OutsideScope and SecretText."""
    new = dataclasses.replace(
        to_new(track_id, how.phase_id, typed, secret_key, code, place_test, now),
        entry=how.entry,
        entered_by=how.account_id,
        meeting_id=how.meeting_id,
        made_at=received_at(how.received_on, now),
    )
    try:
        with connection.begin_nested():
            add_contribution(connection, new, photo_of(typed), contact_of(typed, now))
    except AlreadyThere:
        pass  # the same form was sent twice
    return receipt_of(secret_key, code)


def received_at(on: dt.date, now: dt.datetime) -> dt.datetime:
    """The moment that stands for a day: now when it is today, else noon."""
    if on == now.astimezone(ZONE).date():
        return now
    return dt.datetime.combine(on, _NOON, ZONE)
