"""Writing what proves who someone is. What works once is used up in the statement that asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, or_, update

from data.tables import Account, RecoveryCode, SignInLink


def set_password(
    connection: Connection, account_id: int, password_hash: str, now: dt.datetime
) -> None:
    """Give an account another password."""
    connection.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(password_hash=password_hash, password_changed_at=now)
    )


def renew_hash(connection: Connection, account_id: int, kept: str, renewed: str) -> bool:
    """Keep the same password under another checksum; False when it is not theirs any more."""
    changed = connection.execute(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == kept, Account.is_active)
        .values(password_hash=renewed)
    )
    return changed.rowcount == 1


def set_second_step(
    connection: Connection,
    account_id: int,
    secret: str | None,
    last_step: int | None,
    now: dt.datetime,
) -> None:
    """Turn the second step on with this encrypted secret, or off with None."""
    connection.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(totp_secret=secret, totp_last_step=last_step, totp_changed_at=now)
    )


def use_step(connection: Connection, account_id: int, step: int) -> bool:
    """Use up this half minute and all before it; False when that was done already."""
    used = connection.execute(
        update(Account)
        .where(
            Account.id == account_id,
            or_(Account.totp_last_step.is_(None), Account.totp_last_step < step),
        )
        .values(totp_last_step=step)
    )
    return used.rowcount == 1


def replace_recovery_codes(
    connection: Connection, account_id: int, checksums: Iterable[str]
) -> None:
    """Let just these codes be worth something."""
    connection.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    rows = [{"account_id": account_id, "code_sha256": checksum} for checksum in checksums]
    if rows:
        connection.execute(insert(RecoveryCode), rows)


def use_recovery_code(
    connection: Connection, account_id: int, checksum: str, now: dt.datetime
) -> bool:
    """Use up one code; False when it is none of this account, or was used before."""
    used = connection.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_sha256 == checksum,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def add_link(
    connection: Connection,
    token_sha256: str,
    account_id: int,
    purpose: str,
    expires_at: dt.datetime,
) -> None:
    """Make a link that works once; earlier ones for the same purpose end."""
    connection.execute(
        delete(SignInLink).where(SignInLink.account_id == account_id, SignInLink.purpose == purpose)
    )
    connection.execute(
        insert(SignInLink).values(
            token_sha256=token_sha256,
            account_id=account_id,
            purpose=purpose,
            expires_at=expires_at,
        )
    )


def use_link(connection: Connection, token_sha256: str, now: dt.datetime) -> bool:
    """Use up a link; False when it was used before or is too old."""
    used = connection.execute(
        update(SignInLink)
        .where(
            SignInLink.token_sha256 == token_sha256,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def remove_links_of(connection: Connection, account_id: int) -> None:
    """Let no link of an account work any more."""
    connection.execute(delete(SignInLink).where(SignInLink.account_id == account_id))


def remove_old_links(connection: Connection, now: dt.datetime) -> None:
    """Forget the links that are too old."""
    connection.execute(delete(SignInLink).where(SignInLink.expires_at <= now))
