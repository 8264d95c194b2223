"""Sending what waits: by a mail server, or as a file in a folder. Faults name no address."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from app.config import Settings, is_loopback
from app.mail_settings import ADDRESS, SmtpSettings, to_address
from data.changes.outbox import WaitingMail, remove_mail, take_mail, try_later
from data.database_roles import CARETAKER, Hands, work_as

log = logging.getLogger("vlekkenplan.post")
HANDS = Hands(CARETAKER, actor="post")
#: How long a message waits after each failed try; the last one from then on.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
#: A mail server that says nothing for so long is not waited for.
PATIENCE_S = 20
FOLDER = "post"
#: How we call ourselves to a mail server; the name of this machine is nobody's business.
OWN_NAME = "localhost"
#: Faults that say nothing of the next message.
OF_ONE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Carrier(Protocol):
    """What brings a message away."""

    def send(self, message: EmailMessage) -> None:
        """Bring it away, or raise OSError or smtplib.SMTPException."""


@dataclass(frozen=True)
class Folder:
    """Post as files that a mail program opens; only their owner reads them."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        """Write the message under its moment, in one step."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        moment = message["Date"].datetime.astimezone(dt.UTC)
        name = f"{moment:%Y%m%dT%H%M%SZ}-{str(message['Message-ID'])[1:13]}"
        unfinished = self.path / f".{name}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
        unfinished.rename(self.path / f"{name}.eml")


@dataclass
class Smtp:
    """A mail server, reached once for all that waits and again after it hung up."""

    settings: SmtpSettings
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _open: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand the message over."""
        if self._open is None:
            self._open = self._connect()
        try:
            self._open.send_message(message)
        except (smtplib.SMTPException, OSError):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        opened, self._open = self._open, None
        if opened is not None:
            try:
                opened.quit()
            except (smtplib.SMTPException, OSError):
                opened.close()

    def _connect(self) -> smtplib.SMTP:
        """A connection that nobody listens in on: encrypted, unless it stays on this machine."""
        given = self.settings
        if given.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host,
                given.port,
                local_hostname=OWN_NAME,
                timeout=PATIENCE_S,
                context=self.context,
            )
        else:
            server = smtplib.SMTP(
                given.host, given.port, local_hostname=OWN_NAME, timeout=PATIENCE_S
            )
        try:
            server.ehlo()
            if not given.is_tls and (server.has_extn("starttls") or not is_loopback(given.host)):
                server.starttls(context=self.context)
                server.ehlo()
            if given.user is not None:
                server.login(given.user, given.password or "")
        except BaseException:
            server.close()
            raise
        return server


@contextmanager
def carrier_of(settings: Settings) -> Iterator[Carrier]:
    """What brings post away here, for as long as this lasts."""
    if settings.smtp is None:
        yield Folder(settings.home / FOLDER)
        return
    server = Smtp(settings.smtp)
    try:
        yield server
    finally:
        server.close()


@dataclass(frozen=True)
class Sent:
    """How many messages were sent, kept for later, and given up."""

    sent_count: int = 0
    later_count: int = 0
    given_up_count: int = 0


def send_waiting(engine: Engine, settings: Settings, carrier: Carrier, now: dt.datetime) -> Sent:
    """Send each message whose turn it is, one transaction each. Raises nothing of the post.

    When the mail server itself is away, the others wait for the next round.
    """
    ends: list[str] = []
    while not ends or ends[-1] not in ("nothing", "away"):
        with engine.connect() as connection, connection.begin():
            work_as(connection, HANDS)
            ends.append(_send_one(connection, settings.mail_from, carrier, now))
    later_count = ends.count("later") + ends.count("away")
    return Sent(ends.count("sent"), later_count, ends.count("given up"))


def _send_one(connection: Connection, sender: str, carrier: Carrier, now: dt.datetime) -> str:
    """Send one message; what became of it."""
    mail = take_mail(connection, now)
    if mail is None:
        return "nothing"
    if ADDRESS.fullmatch(mail.recipient) is None:
        return _given_up(connection, mail, "it goes to no single address")
    try:
        carrier.send(to_message(mail, sender))
    except (OSError, smtplib.SMTPException) as error:
        return _not_sent(connection, mail, error, now)
    remove_mail(connection, mail.id)
    return "sent"


def _not_sent(connection: Connection, mail: WaitingMail, error: Exception, now: dt.datetime) -> str:
    wait = WAITS[min(mail.try_count, len(WAITS) - 1)]
    if is_final(error) or now + wait >= mail.delete_at:
        return _given_up(connection, mail, fault_of(error))
    try_later(connection, mail, fault_of(error), now + wait)
    return "later" if isinstance(error, OF_ONE_MESSAGE) else "away"


def _given_up(connection: Connection, mail: WaitingMail, why: str) -> str:
    log.error("message %d is given up: %s", mail.id, why)
    remove_mail(connection, mail.id)
    return "given up"


def to_message(mail: WaitingMail, sender: str) -> EmailMessage:
    """The message as it goes out. Sent twice it is the same one, by its Message-ID."""
    address = to_address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.made_at.astimezone(dt.UTC))
    digest = hashlib.sha256(f"{mail.key} {mail.made_at.isoformat()}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.body, cte="quoted-printable")
    message["Content-Language"] = "nl"
    return message


def fault_of(error: Exception) -> str:
    """The kind of fault and the code of the mail server; its words may name an address."""
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"{kind} {' '.join(map(str, codes))}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    return kind


def is_final(error: Exception) -> bool:
    """Whether the mail server says that this address will never do."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 550 for code, _ in error.recipients.values()
    )
