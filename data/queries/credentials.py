"""What proves who someone is: checksums and encrypted secrets, never a password itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from data.tables import Account, RecoveryCode, SignInLink


@dataclass(frozen=True)
class Credentials:
    """What an account proves itself with; the values stay out of every printed text."""

    password_hash: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_last_step: int | None


@dataclass(frozen=True)
class LinkRecord:
    """A link that works once, as it is stored."""

    account_id: int
    purpose: str
    expires_at: dt.datetime
    used_at: dt.datetime | None


def credentials(connection: Connection, account_id: int) -> Credentials:
    """What this account proves itself with; nothing when it has nothing."""
    row = connection.execute(
        select(Account.password_hash, Account.totp_secret, Account.totp_last_step).where(
            Account.id == account_id
        )
    ).one()
    return Credentials(*row)


def find_link(connection: Connection, token_sha256: str) -> LinkRecord | None:
    """The link with this checksum of its token."""
    columns = [getattr(SignInLink, name) for name in LinkRecord.__dataclass_fields__]
    row = connection.execute(
        select(*columns).where(SignInLink.token_sha256 == token_sha256)
    ).first()
    return LinkRecord(*row) if row else None


def recovery_code_count(connection: Connection, account_id: int) -> int:
    """How many recovery codes were not used yet."""
    return connection.execute(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    ).scalar_one()
