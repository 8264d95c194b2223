"""Where post goes: a mail server, or a folder; and in whose name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

SMTP_NAME, FROM_NAME = "VLEKKENPLAN_SMTP", "VLEKKENPLAN_MAIL_FROM"
#: The name on post that stays in a folder; .invalid is of nobody.
DEFAULT_FROM = "Vlekkenplan <post@vlekkenplan.invalid>"
_PORTS = {"smtp": 587, "smtps": 465}
#: An address as we write it in a header and say it to a mail server: ASCII, no quotes.
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class MailSettingsError(Exception):
    """A setting for the post can't be used; the message names it, and never the password."""


@dataclass(frozen=True)
class SmtpSettings:
    """A mail server. ``is_tls``: encrypted from the start, as smtps is; else by STARTTLS."""

    host: str
    port: int
    is_tls: bool
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def read_mail_settings(
    environ: Mapping[str, str], public_url: str | None
) -> tuple[SmtpSettings | None, str]:
    """The mail server (None is a folder) and the sender. Raises MailSettingsError."""
    smtp = _smtp(environ.get(SMTP_NAME))
    sender = environ.get(FROM_NAME, "").strip()
    if smtp is not None and not sender:
        raise MailSettingsError(
            f"Met {SMTP_NAME} moet ook {FROM_NAME} er zijn: in wiens naam de e-mail gaat, "
            "bijvoorbeeld Vlekkenplan <vlekkenplan@gemeente.example>"
        )
    if smtp is not None and public_url is None:
        raise MailSettingsError(
            f"Met {SMTP_NAME} moet ook VLEKKENPLAN_PUBLIC_URL er zijn: dat adres staat in de "
            "links van elke e-mail."
        )
    return smtp, _sender(sender or DEFAULT_FROM)


def to_address(sender: str) -> Address:
    """The sender as a header has it."""
    name, address = parseaddr(sender)
    return Address(name, addr_spec=address)


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    is_plain = value.isprintable() and "@" not in name
    if is_plain and ADDRESS.fullmatch(address):
        return value
    raise MailSettingsError(
        f"{FROM_NAME} moet een e-mailadres zijn, met of zonder naam ervoor, bijvoorbeeld "
        "Vlekkenplan <vlekkenplan@gemeente.example>"
    )


def _smtp(value: str | None) -> SmtpSettings | None:
    if not value:
        return None
    try:
        parts = urlsplit(value)
        port = parts.port or _PORTS[parts.scheme]
        works = bool(parts.hostname) and parts.path in ("", "/") and parts.port != 0
    except (ValueError, KeyError):
        works = False
    if (
        not works
        or parts.query
        or parts.fragment
        or (parts.username is None) != (parts.password is None)
    ):
        raise MailSettingsError(
            f"{SMTP_NAME} moet het adres van een mailserver zijn, bijvoorbeeld "
            "smtp://gebruiker:wachtwoord@mail.gemeente.example:587 of smtps://mail.gemeente.example."
            " Schrijf in het wachtwoord %40 voor @, %3A voor :, %2F voor / en %23 voor #."
        )
    return SmtpSettings(
        parts.hostname or "",
        port,
        parts.scheme == "smtps",
        unquote(parts.username) if parts.username is not None else None,
        unquote(parts.password) if parts.password is not None else None,
    )
