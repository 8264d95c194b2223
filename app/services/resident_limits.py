"""How much may come from one sender without an account: made for a hall full of people.

A whole meeting may share one address of the internet. So many may write at once, and who sends
without end is slowed. Only a pseudonym of the address is kept, and no longer than a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection

from app.services.attempts import (
    HOUR,
    MINUTE,
    Limit,
    TooManyAttempts,
    count_attempt,
    key_of_sender,
)
from data.changes.attempts import AttemptRecord

#: One a second: more than a hall that writes, less than a program that sends.
MOST_A_MINUTE = 60
MOST_AN_HOUR = 600
#: Photos take a process of their own each.
MOST_PHOTOS = 30


def _until_over(
    most: int, window: dt.timedelta
) -> Callable[[AttemptRecord, dt.datetime], dt.datetime | None]:
    def wait(record: AttemptRecord, _now: dt.datetime) -> dt.datetime | None:
        return None if record.attempt_count < most else record.window_start + window

    return wait


IN_A_MINUTE = Limit("resident send minute", MINUTE, _until_over(MOST_A_MINUTE, MINUTE))
IN_AN_HOUR = Limit("resident send hour", HOUR, _until_over(MOST_AN_HOUR, HOUR))
PHOTOS = Limit("resident photo", 10 * MINUTE, _until_over(MOST_PHOTOS, 10 * MINUTE))

__all__ = ["PHOTOS", "TooManyAttempts", "count_photo", "count_sending"]


def count_sending(
    connection: Connection, secret_key: str, address: str | None, now: dt.datetime
) -> None:
    """Count one contribution from this address. Raises TooManyAttempts when it must wait."""
    key = key_of_sender(secret_key, address)
    for limit in (IN_A_MINUTE, IN_AN_HOUR):
        count_attempt(connection, limit, key, now)


def count_photo(
    connection: Connection, secret_key: str, address: str | None, now: dt.datetime
) -> None:
    """Count one photo to clean from this address. Raises TooManyAttempts when it must wait."""
    count_attempt(connection, PHOTOS, key_of_sender(secret_key, address), now)
