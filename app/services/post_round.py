"""One round of the post: what must be told is composed, then sent; what is past its term goes.

Proposed places without a test get theirs, last.

A message is composed in the transaction that notes it as told, so that it comes once and is never
lost. It is sent after that. Of several processes one makes a round at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, text

from app.config import Settings
from app.numbers import ZONE
from app.services.clearing import clear
from app.services.event_words import to_words
from app.services.following import FREQUENCIES
from app.services.place_testing import make_place_tests
from app.services.post_sending import HANDS, Sent, carrier_of, send_waiting
from app.services.post_texts import MOST_ITEMS, Place, answer_for, asking_to_confirm, news_for
from data import retention
from data.changes.answers_told import mark_answer_told
from data.changes.events import add_started_phases, notice_events
from data.changes.outbox import NewMail, add_mail
from data.changes.subscriptions import mark_asked, mark_told
from data.database_roles import work_as
from data.errors import NotFound
from data.queries.answers_told import answers_to_tell
from data.queries.events import events_in
from data.queries.releases import area_release
from data.queries.subscriptions import (
    SubscriptionRecord,
    due_subscriptions,
    unconfirmed_not_asked,
)

#: So many in one transaction.
AT_ONCE = 200
#: At this hour in the Netherlands a digest goes out; the weekly one on Monday.
DIGEST_HOUR = 7
_LOCK = 7_206_001


@dataclass(frozen=True)
class Round:
    """What one round did: messages composed and sent, rows or files cleared, places tested."""

    composed_count: int
    sent: Sent
    cleared: dict[str, int] = field(default_factory=dict)
    tested_count: int = 0


def run_round(engine: Engine, settings: Settings, site: str, now: dt.datetime) -> Round:
    """Tell what there is to tell, once. ``site`` is the address in the links.

    Waits while another process makes a round. A fault in the post keeps nothing past its term.
    """
    place = Place(site.rstrip("/"), settings.secret_key)
    with _one_at_a_time(engine):
        try:
            composed = compose(engine, place, now)
            with carrier_of(settings) as carrier:
                sent = send_waiting(engine, settings, carrier, now)
        finally:
            cleared = clear(engine, settings.home, now)
        return Round(composed, sent, cleared, make_place_tests(engine, settings.home, now))


def compose(engine: Engine, place: Place, now: dt.datetime) -> int:
    """Compose all that must be told; returns how many messages there are now to send."""
    with _transaction(engine) as connection:
        add_started_phases(connection, now.astimezone(ZONE).date(), now)
        notice_events(connection, now)
    return (
        _until_none(engine, lambda connection: _ask_to_confirm(connection, place, now))
        + _until_none(engine, lambda connection: _tell_answers(connection, place, now))
        + sum(_tell_all_news(engine, place, frequency, now) for frequency in FREQUENCIES)
    )


def due_before(frequency: str, now: dt.datetime, noticed_at: dt.datetime | None) -> dt.datetime:
    """Who was told nothing since this moment is to be told now.

    At once: since something was noticed last. Else since the last digest that was due.
    """
    if frequency == "meteen":
        return noticed_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    here = now.astimezone(ZONE)
    due = here.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if frequency == "week":
        due -= dt.timedelta(days=here.weekday())
    if due > here:
        due -= dt.timedelta(days=7 if frequency == "week" else 1)
    return due.astimezone(dt.UTC)


def _ask_to_confirm(connection: Connection, place: Place, now: dt.datetime) -> tuple[int, int]:
    asked = unconfirmed_not_asked(connection, AT_ONCE)
    for entry in asked:
        _add(connection, asking_to_confirm(place, entry), now)
        mark_asked(connection, entry.code, now)
    return len(asked), len(asked)


def _tell_answers(connection: Connection, place: Place, now: dt.datetime) -> tuple[int, int]:
    told = answers_to_tell(connection, now, AT_ONCE)
    for entry in told:
        _add(connection, answer_for(place, entry), now)
        mark_answer_told(connection, entry.code, max(now, entry.news_at))
    return len(told), len(told)


def _tell_news(
    connection: Connection, place: Place, frequency: str, now: dt.datetime
) -> tuple[int, int]:
    noticed_at = connection.scalar(text("SELECT max(noticed_at) FROM public_event"))
    before = due_before(frequency, now, noticed_at)
    told = due_subscriptions(connection, frequency, before, AT_ONCE)
    release_id = _release_id(connection) if told else None
    mails = [mail for entry in told if (mail := _news(connection, place, entry, release_id, now))]
    for mail in mails:
        _add(connection, mail, now)
    mark_told(connection, [entry.code for entry in told], now)
    return len(told), len(mails)


def _tell_all_news(engine: Engine, place: Place, frequency: str, now: dt.datetime) -> int:
    return _until_none(engine, lambda connection: _tell_news(connection, place, frequency, now))


def _news(
    connection: Connection,
    place: Place,
    told: SubscriptionRecord,
    release_id: int | None,
    now: dt.datetime,
) -> NewMail | None:
    found = events_in(
        connection,
        told.reach,
        release_id=release_id,
        most=MOST_ITEMS + 1,
        noticed_after=told.told_until,
    )
    return news_for(place, told, [to_words(event) for event in found], now) if found else None


def _release_id(connection: Connection) -> int | None:
    try:
        return area_release(connection).id
    except NotFound:
        return None


def _add(connection: Connection, mail: NewMail, now: dt.datetime) -> None:
    lasts = retention.MAIL_UNSENT.term
    assert lasts is not None
    add_mail(connection, mail, now, lasts)


def _until_none(engine: Engine, work: Callable[[Connection], tuple[int, int]]) -> int:
    """Work in transactions of a limited size, until one finds less than its size."""
    made = 0
    while True:
        with _transaction(engine) as connection:
            found, composed = work(connection)
        made += composed
        if found < AT_ONCE:
            return made


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        work_as(connection, HANDS)
        yield connection


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """Let no other process make a round meanwhile; the lock ends with the connection."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
