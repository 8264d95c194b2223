"""Slowing down who guesses: waits that double for an account, and a limit for a sender.

An attempt is counted before it is judged, so that many at once are as slow as one by one. A
wait is the same whether an account exists or not. No address is kept: only a pseudonym.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.services.derived_keys import to_pseudonym
from data.changes.attempts import (
    AttemptRecord,
    forget_attempts,
    keep_attempts,
    remove_old_attempts,
    take_attempts,
    take_one_back,
)

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
#: From so many failures in a day on, an account has to wait.
FREE_COUNT = 5
#: So many attempts in an hour for one sender.
SENDER_COUNT = 30


class TooManyAttempts(Exception):
    """There were too many attempts; ``wait_s`` tells how many seconds to wait."""

    def __init__(self, wait: dt.timedelta) -> None:
        self.wait_s = math.ceil(wait.total_seconds())
        minutes = math.ceil(wait / MINUTE)
        unit = "minuut" if minutes == 1 else "minuten"
        super().__init__(f"Te veel pogingen. Probeer het over {minutes} {unit} opnieuw.")


@dataclass(frozen=True)
class Limit:
    """How many attempts there may be, and how long one waits after too many.

    ``wait`` gives from a count, with the latest attempt in it, until when the next is refused.
    """

    kind: str
    window: dt.timedelta
    wait: Callable[[AttemptRecord, dt.datetime], dt.datetime | None]


def _doubling(record: AttemptRecord, now: dt.datetime) -> dt.datetime | None:
    """From the fifth failure one minute, then two, four, up to an hour."""
    extra = record.attempt_count - FREE_COUNT
    return None if extra < 0 else now + min(MINUTE * 2 ** min(extra, 6), HOUR)


def _until_the_hour_is_over(record: AttemptRecord, _now: dt.datetime) -> dt.datetime | None:
    return None if record.attempt_count < SENDER_COUNT else record.window_start + HOUR


OF_ACCOUNT = Limit("account", DAY, _doubling)
OF_SECOND_STEP = Limit("second_step", DAY, _doubling)
OF_SENDER = Limit("sender", HOUR, _until_the_hour_is_over)


def count_attempt(connection: Connection, limit: Limit, key: str, now: dt.datetime) -> None:
    """Count one attempt. Raises TooManyAttempts when it may not be made; it is not counted then."""
    record = take_attempts(connection, limit.kind, key, now)
    if record.blocked_until is not None and now < record.blocked_until:
        raise TooManyAttempts(record.blocked_until - now)
    if now - record.window_start >= limit.window:
        record = AttemptRecord(now, 0, None)
    record = replace(record, attempt_count=record.attempt_count + 1)
    keep_attempts(
        connection, limit.kind, key, replace(record, blocked_until=limit.wait(record, now))
    )


def was_right(connection: Connection, limit: Limit, key: str) -> None:
    """The attempt was no guess: an account begins anew, a sender gets this one back."""
    if limit is OF_SENDER:
        take_one_back(connection, limit.kind, key)
    else:
        forget_attempts(connection, limit.kind, key)


def forget_old_attempts(connection: Connection, now: dt.datetime) -> None:
    """Drop the counts that say nothing any more."""
    remove_old_attempts(connection, now - DAY, now)


def key_of_email(secret_key: str, email: str) -> str:
    """Under which the attempts for an e-mail address are counted."""
    return to_pseudonym(secret_key, "attempts of account", email.strip().lower())


def key_of_sender(secret_key: str, address: str | None) -> str:
    """Under which the attempts from an internet address are counted."""
    return to_pseudonym(secret_key, "attempts of sender", _network(address or ""))


def _network(address: str) -> str:
    """The address itself; of IPv6 the part that one connection to the internet has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(known), 64), False))
    return str(known)
