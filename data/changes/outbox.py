"""Post that waits: composed with the mark that it was told, removed as soon as it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from data.dialogue_tables import OutgoingMail


@dataclass(frozen=True)
class NewMail:
    """A message to send. ``key`` is the same for the same message, so that it is sent once."""

    key: str
    recipient: str
    subject: str
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class WaitingMail:
    """A message that waits, with how often it was tried."""

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    headers: dict[str, str]
    made_at: dt.datetime
    try_count: int
    delete_at: dt.datetime


def add_mail(connection: Connection, mail: NewMail, now: dt.datetime, lasts: dt.timedelta) -> None:
    """Let a message wait to be sent, unless the same one does so already."""
    values = {
        "key": mail.key,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "body": mail.body,
        "headers": dict(mail.headers),
        "made_at": now,
        "next_try_at": now,
        "delete_at": now + lasts,
    }
    connection.execute(
        insert(OutgoingMail).values(values).on_conflict_do_nothing(index_elements=["key"])
    )


def take_mail(connection: Connection, now: dt.datetime) -> WaitingMail | None:
    """The message whose turn it is; nobody else sends it until this transaction ends."""
    row = connection.execute(
        select(
            OutgoingMail.id,
            OutgoingMail.key,
            OutgoingMail.recipient,
            OutgoingMail.subject,
            OutgoingMail.body,
            OutgoingMail.headers,
            OutgoingMail.made_at,
            OutgoingMail.try_count,
            OutgoingMail.delete_at,
        )
        .where(OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else WaitingMail(*row)


def remove_mail(connection: Connection, mail_id: int) -> None:
    """Forget a message: it was sent, or nobody will send it any more."""
    connection.execute(delete(OutgoingMail).where(OutgoingMail.id == mail_id))


def try_later(
    connection: Connection, mail: WaitingMail, fault: str, next_try_at: dt.datetime
) -> None:
    """Keep a message for another try; ``fault`` tells what went wrong and names no address."""
    connection.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail.id)
        .values(try_count=mail.try_count + 1, fault=fault, next_try_at=next_try_at)
    )
