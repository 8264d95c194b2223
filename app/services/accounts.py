"""Managing accounts: there is always someone left who can."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from sqlalchemy import Connection

from app.services import second_step
from app.services.links import SET_PASSWORD, make_link
from data.changes.accounts import (
    add_account,
    hold_accounts,
    remove_sessions_of,
    rename_account,
    set_active,
    set_roles,
)
from data.changes.credentials import remove_links_of
from data.queries.accounts import account, account_by_email, active_holder_count

KEEPER = "beheerder"
LONGEST_EMAIL = 254
LONGEST_NAME = 100
Roles = Iterable[tuple[str, str]]


class EmailTaken(Exception):
    """There is an account with this e-mail address already."""

    def __init__(self) -> None:
        super().__init__("Er is al een account met dit e-mailadres.")


class LastKeeper(Exception):
    """Without this account nobody could manage accounts any more."""

    def __init__(self) -> None:
        super().__init__("Dit is de laatste beheerder. Geef eerst iemand anders de rol Beheerder.")


def is_email(text: str) -> bool:
    """Whether this can be an e-mail address."""
    fits = len(text) <= LONGEST_EMAIL and text.isprintable()
    return fits and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is not None


def is_name(text: str) -> bool:
    """Whether this can be the name of an account: it fits on a line."""
    return bool(text.strip()) and len(text) <= LONGEST_NAME and text.isprintable()


def add(connection: Connection, email: str, name: str, roles: Roles) -> int:
    """Make an account with these roles, and return its id. Raises EmailTaken."""
    hold_accounts(connection)
    if account_by_email(connection, email) is not None:
        raise EmailTaken
    account_id = add_account(connection, email, name)
    set_roles(connection, account_id, roles)
    return account_id


def change(connection: Connection, account_id: int, name: str, roles: Roles) -> None:
    """Give an account this name and just these roles. Raises LastKeeper."""
    hold_accounts(connection)
    if account(connection, account_id).name != name.strip():
        rename_account(connection, account_id, name)
    set_roles(connection, account_id, roles)
    _check_keeper_is_left(connection)


def close(connection: Connection, account_id: int) -> None:
    """Let nobody in by this account any more, from now on. Raises LastKeeper."""
    hold_accounts(connection)
    set_active(connection, account(connection, account_id).id, is_active=False)
    remove_sessions_of(connection, account_id)
    remove_links_of(connection, account_id)
    _check_keeper_is_left(connection)


def reopen(connection: Connection, account_id: int) -> None:
    """Let someone in by this account again."""
    set_active(connection, account(connection, account_id).id, is_active=True)


def reset_second_step(connection: Connection, account_id: int, now: dt.datetime) -> None:
    """Ask no second step of someone who lost it; who was signed in has to do that anew."""
    if account(connection, account_id).has_second_step:
        second_step.turn_off(connection, account_id, now)
        remove_sessions_of(connection, account_id)


def password_link(connection: Connection, account_id: int, now: dt.datetime) -> str | None:
    """The token of a link to choose a password; None for an account that is closed."""
    if not account(connection, account_id).is_active:
        return None
    return make_link(connection, account_id, SET_PASSWORD, now)


def _check_keeper_is_left(connection: Connection) -> None:
    if active_holder_count(connection, KEEPER) == 0:
        raise LastKeeper
