"""Writing accounts, their roles and who is signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from data.tables import Account, AccountRole, SignInSession

_ACCOUNTS_LOCK = 20_261_126


def add_account(connection: Connection, email: str, name: str) -> int:
    """Make an account without a role, and return its id."""
    made = connection.execute(
        insert(Account).values(email=email.strip().lower(), name=name.strip()).returning(Account.id)
    )
    return int(made.scalar_one())


def hold_accounts(connection: Connection) -> None:
    """Let nobody else change accounts until this transaction ends: for rules about all of them."""
    connection.execute(select(func.pg_advisory_xact_lock(_ACCOUNTS_LOCK)))


def set_roles(connection: Connection, account_id: int, roles: Iterable[tuple[str, str]]) -> None:
    """Give just these roles: pairs of a role key and a gemeente code, empty for the region."""
    wanted = set(roles)
    held = AccountRole.account_id == account_id
    stored = {
        (row.role, row.gemeente_code)
        for row in connection.execute(AccountRole.__table__.select().where(held))
    }
    for role, gemeente_code in stored - wanted:
        connection.execute(
            delete(AccountRole).where(
                held, AccountRole.role == role, AccountRole.gemeente_code == gemeente_code
            )
        )
    for role, gemeente_code in sorted(wanted - stored):
        connection.execute(
            insert(AccountRole).values(
                account_id=account_id, role=role, gemeente_code=gemeente_code
            )
        )


def link_account(connection: Connection, account_id: int, issuer: str, subject: str) -> bool:
    """Link an account to a person at a provider of OpenID Connect; False when it is linked."""
    linked = connection.execute(
        update(Account)
        .where(Account.id == account_id, Account.oidc_subject.is_(None))
        .values(oidc_issuer=issuer, oidc_subject=subject)
    )
    return linked.rowcount == 1


def note_sign_in(connection: Connection, account_id: int, now: dt.datetime) -> None:
    """Note when someone last signed in."""
    connection.execute(update(Account).where(Account.id == account_id).values(last_sign_in_at=now))


def add_session(
    connection: Connection,
    token_sha256: str,
    account_id: int,
    way: str,
    now: dt.datetime,
    expires_at: dt.datetime,
    *,
    is_complete: bool,
) -> None:
    """Note that someone signed in, or is halfway."""
    connection.execute(
        insert(SignInSession).values(
            token_sha256=token_sha256,
            account_id=account_id,
            way=way,
            is_complete=is_complete,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
        )
    )


def see_session(connection: Connection, token_sha256: str, now: dt.datetime) -> None:
    """Note that someone is still there."""
    connection.execute(
        update(SignInSession).where(SignInSession.token_sha256 == token_sha256).values(seen_at=now)
    )


def remove_session(connection: Connection, token_sha256: str) -> None:
    """Forget one session."""
    connection.execute(delete(SignInSession).where(SignInSession.token_sha256 == token_sha256))


def remove_sessions_of(connection: Connection, account_id: int, but_not: str | None = None) -> None:
    """Sign someone out everywhere, or everywhere else than in the session ``but_not``."""
    connection.execute(
        delete(SignInSession).where(
            SignInSession.account_id == account_id,
            SignInSession.token_sha256 != (but_not or ""),
        )
    )


def remove_old_sessions(
    connection: Connection, now: dt.datetime, last_seen_before: dt.datetime
) -> None:
    """Forget the sessions that ended by themselves."""
    connection.execute(
        delete(SignInSession).where(
            or_(SignInSession.expires_at <= now, SignInSession.seen_at <= last_seen_before)
        )
    )


def rename_account(connection: Connection, account_id: int, name: str) -> None:
    """Give an account another name."""
    connection.execute(update(Account).where(Account.id == account_id).values(name=name.strip()))


def set_active(connection: Connection, account_id: int, *, is_active: bool) -> None:
    """Open or close an account."""
    connection.execute(update(Account).where(Account.id == account_id).values(is_active=is_active))
