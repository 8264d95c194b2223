"""Commands for accounts, for who keeps the server: the first beheerder, and a way back in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.cli import Failure
from app.config import settings_from_environment

if TYPE_CHECKING:
    from sqlalchemy import Connection

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


@click.group("account")
def account_command() -> None:
    """Maak de eerste beheerder, maak een link of toon de accounts."""


@account_command.command("first")
@click.argument("email")
@click.option("--name", required=True, help="Naam van de beheerder.")
def first(email: str, name: str) -> None:
    """Maak de eerste beheerder en toon de link waarmee die een wachtwoord kiest."""
    from app.services import accounts
    from app.services.accounts import KEEPER
    from data.queries.accounts import account_by_email, active_holder_count

    if not accounts.is_email(email.strip()):
        raise Failure(f"{email} is geen e-mailadres.")
    if not accounts.is_name(name):
        raise Failure(f"De naam heeft 1 tot {accounts.LONGEST_NAME} gewone tekens.")
    with _accounts() as connection:
        if active_holder_count(connection, KEEPER):
            raise Failure("Er is al een beheerder. Een nieuwe link: vlekkenplan account link EMAIL")
        if account_by_email(connection, email):
            raise Failure("Er is al een account met dit e-mailadres. Neem een ander adres.")
        accounts.add(connection, email, name, [(KEEPER, "")])
        _show_link(connection, email)


@account_command.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Toon een link waarmee iemand een nieuw wachtwoord kiest."""
    with _accounts() as connection:
        _show_link(connection, email)


@account_command.command("list")
def list_accounts() -> None:
    """Toon de accounts met hun rollen."""
    from app.services.account_words import role_words
    from data.queries.accounts import all_accounts

    with _accounts() as connection:
        found = all_accounts(connection)
    if not found:
        click.echo("Er zijn nog geen accounts. Maak de eerste: vlekkenplan account first EMAIL")
    for entry in found:
        roles = ", ".join(role_words(entry.roles, {})) or "nog geen rol"
        step = "tweede stap aan" if entry.has_second_step else "tweede stap uit"
        state = "" if entry.is_active else ", gesloten"
        click.echo(f"{entry.email}  {entry.name}: {roles} ({step}{state})")


def _show_link(connection: Connection, email: str) -> None:
    from app.services import accounts, current
    from data.queries.accounts import account_by_email

    known = account_by_email(connection, email)
    if known is None:
        raise Failure("Er is geen account met dit e-mailadres.")
    token = accounts.password_link(connection, known.id, current.now())
    if token is None:
        raise Failure("Dit account is gesloten. Een beheerder kan het openen.")
    address = settings_from_environment(os.environ).public_url or DEFAULT_ADDRESS
    click.echo(f"Met deze link kiest {known.name} een wachtwoord. Hij werkt één keer, drie dagen:")
    click.echo(f"{address}/inloggen/link/{token}")


@contextmanager
def _accounts() -> Iterator[Connection]:
    """One transaction that knows accounts, in the name of a command."""
    from app.cli.database import open_database
    from data.database_roles import ACCOUNTS, Hands, tell

    settings = settings_from_environment(os.environ)
    with open_database(settings, ACCOUNTS) as engine, engine.begin() as connection:
        tell(connection, Hands(ACCOUNTS, actor="opdracht"))
        yield connection
