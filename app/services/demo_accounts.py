"""An account for each role, for who tries the example region: by a link, without a password.

There are three moderators: a refusal asks a second, an appeal a third.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.links import SIGN_IN, make_link
from data.changes.accounts import add_account, set_roles
from data.queries.accounts import account_by_email, all_accounts

DOMAIN = "voorbeeld.example"


@dataclass(frozen=True)
class DemoAccount:
    """Who one can be in the demo."""

    key: str
    name: str
    role: str
    gemeente_code: str = ""

    @property
    def email(self) -> str:
        """An address to which nothing can be sent."""
        return f"{self.key}@{DOMAIN}"


DEMO_ACCOUNTS = (
    DemoAccount("planner", "Planner Haarlem (voorbeeld)", "planner", "GM0392"),
    DemoAccount("regiocoordinator", "Regiocoördinator (voorbeeld)", "regiocoordinator"),
    DemoAccount("raadslid", "Raadslid (voorbeeld)", "raadslid"),
    DemoAccount("moderator", "Moderator (voorbeeld)", "moderator"),
    DemoAccount("moderator-2", "Tweede moderator (voorbeeld)", "moderator"),
    DemoAccount("moderator-3", "Derde moderator (voorbeeld)", "moderator"),
    DemoAccount("databeheerder", "Databeheerder (voorbeeld)", "databeheerder"),
    DemoAccount("beheerder", "Beheerder (voorbeeld)", "beheerder"),
)


def demo_links(connection: Connection, now: dt.datetime) -> list[tuple[str, str]]:
    """A name and a token for each role, made anew; nothing where real people have accounts."""
    if any(not entry.email.endswith(f"@{DOMAIN}") for entry in all_accounts(connection)):
        return []
    return [
        (entry.name, make_link(connection, account_id, SIGN_IN, now))
        for entry in DEMO_ACCOUNTS
        if (account_id := _account_of(connection, entry)) is not None
    ]


def _account_of(connection: Connection, entry: DemoAccount) -> int | None:
    """The account, made when it is not there; None for one that was closed."""
    known = account_by_email(connection, entry.email)
    if known is not None:
        return known.id if known.is_active else None
    account_id = add_account(connection, entry.email, entry.name)
    set_roles(connection, account_id, [(entry.role, entry.gemeente_code)])
    return account_id
