"""Accounts, their roles and who is signed in. Only the role ACCOUNTS of the database reads them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, distinct, func, select

from data.errors import NotFound
from data.tables import Account, AccountRole, SignInSession


@dataclass(frozen=True)
class AccountRecord:
    """An account as it is stored, with its roles as pairs of role key and gemeente code."""

    id: int
    email: str
    name: str
    is_active: bool
    has_password: bool
    has_second_step: bool
    has_oidc: bool
    last_sign_in_at: dt.datetime | None
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SessionRecord:
    """A session as it is stored."""

    account_id: int
    way: str
    is_complete: bool
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime


def account(connection: Connection, account_id: int) -> AccountRecord:
    """The account with this id; NotFound when there is none."""
    found = _accounts(connection, Account.id == account_id)
    if not found:
        raise NotFound("Dit account is er niet.")
    return found[0]


def account_by_email(connection: Connection, email: str) -> AccountRecord | None:
    """The account with this e-mail address, whatever its capitals."""
    found = _accounts(connection, Account.email == email.strip().lower())
    return found[0] if found else None


def account_by_subject(connection: Connection, issuer: str, subject: str) -> AccountRecord | None:
    """The account that is linked to this person at a provider of OpenID Connect."""
    found = _accounts(connection, Account.oidc_issuer == issuer, Account.oidc_subject == subject)
    return found[0] if found else None


def all_accounts(connection: Connection) -> list[AccountRecord]:
    """Every account, those that are active first, by name."""
    return _accounts(connection)


def active_holder_count(connection: Connection, role: str) -> int:
    """How many accounts that are open have this role."""
    return connection.execute(
        select(func.count(distinct(Account.id)))
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.is_active, AccountRole.role == role)
    ).scalar_one()


def find_session(connection: Connection, token_sha256: str) -> SessionRecord | None:
    """The session with this checksum of its token."""
    columns = [getattr(SignInSession, name) for name in SessionRecord.__dataclass_fields__]
    row = connection.execute(
        select(*columns).where(SignInSession.token_sha256 == token_sha256)
    ).first()
    return SessionRecord(*row) if row else None


def sessions_of(connection: Connection, account_id: int) -> list[SessionRecord]:
    """Where someone is signed in, the newest first."""
    columns = [getattr(SignInSession, name) for name in SessionRecord.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(SignInSession.account_id == account_id)
        .order_by(SignInSession.created_at.desc(), SignInSession.token_sha256)
    )
    return [SessionRecord(*row) for row in rows]


def _accounts(connection: Connection, *conditions: object) -> list[AccountRecord]:
    rows = connection.execute(
        select(
            Account.id,
            Account.email,
            Account.name,
            Account.is_active,
            Account.password_hash.is_not(None).label("has_password"),
            Account.totp_secret.is_not(None).label("has_second_step"),
            Account.oidc_subject.is_not(None).label("has_oidc"),
            Account.last_sign_in_at,
        )
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(Account.is_active.desc(), Account.name, Account.id)
    ).all()
    roles = connection.execute(
        select(AccountRole.account_id, AccountRole.role, AccountRole.gemeente_code)
        .where(AccountRole.account_id.in_([row.id for row in rows]))
        .order_by(AccountRole.role, AccountRole.gemeente_code)
    ).all()
    return [
        AccountRecord(
            *row,
            tuple((held.role, held.gemeente_code) for held in roles if held.account_id == row.id),
        )
        for row in rows
    ]
