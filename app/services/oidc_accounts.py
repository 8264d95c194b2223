"""Which account belongs to someone whom the provider knows. None is ever made here."""

from __future__ import annotations

import datetime as dt
import logging

from sqlalchemy import Connection

from app.services.oidc import Identity
from app.services.oidc_discovery import SignInFault
from data.changes.accounts import link_account, note_sign_in
from data.database_roles import ACCOUNTS, Hands, tell
from data.queries.accounts import AccountRecord, account_by_email, account_by_subject

log = logging.getLogger("vlekkenplan")

_LINKED = "Gekoppeld aan de inlogdienst van de organisatie, bij het inloggen."


class Refused(SignInFault):
    """We know who this is, and there is nothing here for them."""


def account_of(connection: Connection, identity: Identity, now: dt.datetime) -> int:
    """The account of this identity, linked at the first time. Raises Refused."""
    found = _linked(connection, identity) or _link_by_email(connection, identity)
    if found is None:
        raise _no_role()
    note_sign_in(connection, found.id, now)
    return found.id


def _linked(connection: Connection, identity: Identity) -> AccountRecord | None:
    found = account_by_subject(connection, identity.issuer, identity.subject)
    return None if found is None else _open(found)


def _link_by_email(connection: Connection, identity: Identity) -> AccountRecord | None:
    """The account with the verified address, unless it is of someone else at the provider."""
    found = account_by_email(connection, identity.email) if identity.email else None
    if found is None or found.has_oidc:
        return None
    _open(found)
    tell(connection, Hands(ACCOUNTS, account_id=found.id, reason=_LINKED))
    if link_account(connection, found.id, identity.issuer, identity.subject):
        return found
    return _linked(connection, identity)  # another request linked it just now


def _open(found: AccountRecord) -> AccountRecord:
    """The same account, when someone may come in by it."""
    if not found.is_active:
        log.warning("Sign-in by OpenID Connect refused: account %s is closed", found.id)
        raise Refused("Dit account is gesloten. Vraag de beheerder.")
    if not found.roles:
        raise _no_role()
    return found


def _no_role() -> Refused:
    log.warning("Sign-in by OpenID Connect refused: no account with a role")
    return Refused("Voor dit account is hier nog geen rol. Vraag de beheerder.")
