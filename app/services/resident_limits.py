"""Slowing down who sends very much without an account, and nobody else.

A meeting hall, a school or a flat may share one internet address, and all of them may send in the
same minutes. So the limits are far above what people type together and far below what a program
sends. No address is kept: only a pseudonym, as for signing in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from sqlalchemy import Connection

from app.services.attempts import HOUR, MINUTE, Limit, count_attempt, key_of_sender
from data.changes.attempts import AttemptRecord

#: What a resident may send; each has its own count.
Sending = Literal["reactie", "belang", "volgen"]
#: So many from one address in a minute, and in an hour.
MOST_IN_A_MINUTE, MOST_IN_AN_HOUR = 60, 600


def count_sending(
    connection: Connection, what: Sending, secret_key: str, address: str | None, now: dt.datetime
) -> None:
    """Count one sending from this address. Raises TooManyAttempts when there were too many.

    In a transaction of its own, as a resident: the count stays when the sending itself is refused,
    and others from the same address need not wait for it.
    """
    key = key_of_sender(secret_key, address)
    for limit in limits_of(what):
        count_attempt(connection, limit, key, now)


def limits_of(what: Sending) -> tuple[Limit, Limit]:
    """The limits by the minute and by the hour; row level security asks how they are called."""
    return (
        Limit(f"resident {what} minuut", MINUTE, _until_over(MOST_IN_A_MINUTE, MINUTE)),
        Limit(f"resident {what} uur", HOUR, _until_over(MOST_IN_AN_HOUR, HOUR)),
    )


def _until_over(
    most: int, window: dt.timedelta
) -> Callable[[AttemptRecord, dt.datetime], dt.datetime | None]:
    """After so many in a window one waits until that window is over."""

    def wait(record: AttemptRecord, _now: dt.datetime) -> dt.datetime | None:
        return None if record.attempt_count < most else record.window_start + window

    return wait


#: Each photo takes a process of its own to clean.
MOST_PHOTOS, PHOTO_WINDOW = 30, 10 * MINUTE
_PHOTOS = Limit("resident foto", PHOTO_WINDOW, _until_over(MOST_PHOTOS, PHOTO_WINDOW))


def count_photo(
    connection: Connection, secret_key: str, address: str | None, now: dt.datetime
) -> None:
    """Count one photo to clean from this address. Raises TooManyAttempts when it must wait."""
    count_attempt(connection, _PHOTOS, key_of_sender(secret_key, address), now)
