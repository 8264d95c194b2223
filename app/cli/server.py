"""Commands that run things: the demo, the website, the database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import TypeVar

import click

from app.cli import Failure
from app.config import Settings, check_secret, settings_from_environment

DEFAULT_PORT = 8000
T = TypeVar("T")
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Adres.")
port_option = click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Poort.",
)


@click.command("demo")
@host_option
@port_option
@click.option("--follow-parent", is_flag=True, hidden=True, help="Stop when our parent is gone.")
def demo_command(host: str, port: int, follow_parent: bool) -> None:
    """Start database en website met voorbeeldgegevens; Ctrl-C stopt alles."""
    _serve(host, port, with_demo_region=True, follow_parent=follow_parent)


@click.command("serve")
@host_option
@port_option
def serve_command(host: str, port: int) -> None:
    """Start de website met de gegevens die in de database staan; Ctrl-C stopt alles."""
    check_secret(os.environ)
    _serve(host, port, with_demo_region=False, follow_parent=False)


@click.group("db")
def db_command() -> None:
    """Start, stop, controleer of vernieuw de database."""


@db_command.command("start")
def db_start() -> None:
    """Start de eigen database en laat die aan staan."""
    from app.cli.database import private_cluster

    cluster = private_cluster(_settings_of_own_database())
    cluster.keep_running()
    click.echo(f"De database draait: {cluster.url()}")


@db_command.command("stop")
def db_stop() -> None:
    """Stop de eigen database."""
    from app.cli.database import private_cluster

    stopped = private_cluster(_settings_of_own_database()).stop()
    click.echo("De database is gestopt." if stopped else "De database draaide niet.")


@db_command.command("status")
def db_status() -> None:
    """Zeg of de eigen database draait (exit code 1: nee)."""
    from app.cli.database import private_cluster

    cluster = private_cluster(_settings_of_own_database())
    running = cluster.is_running()
    click.echo("De database draait: " + cluster.url() if running else "De database draait niet.")
    click.echo(f"Map: {cluster.home} (PostgreSQL {cluster.programs.major})")
    if not running:
        raise SystemExit(1)


@db_command.command("upgrade")
def db_upgrade() -> None:
    """Breng de database op de nieuwste versie."""
    from app.cli.database import running_database
    from data.schema import connect, upgrade

    with running_database(settings_from_environment(os.environ)) as url:
        engine = connect(url)
        upgrade(engine)
        engine.dispose()
    click.echo("De database is bijgewerkt.")


@db_command.command("check")
def db_check() -> None:
    """Controleer versie, tabellen en ruimtelijke indexen."""
    from app.cli.database import running_database
    from data.schema import check, connect, differences

    with running_database(settings_from_environment(os.environ)) as url:
        engine = connect(url)
        try:
            check(engine)
            with engine.connect() as connection:
                found = differences(connection)
        finally:
            engine.dispose()
    if found:
        raise Failure("De tabellen wijken af: " + "; ".join(str(item) for item in found))
    click.echo("De database is in orde.")


@db_command.command("reset")
@click.confirmation_option(
    "--yes", prompt="Alle gegevens in de eigen database gaan weg. Doorgaan?", help="Vraag niets."
)
def db_reset() -> None:
    """Gooi de eigen database met alle gegevens weg."""
    from data.cluster import delete_cluster

    delete_cluster(_settings_of_own_database().home / "pg")
    click.echo("De database is weg; de volgende start maakt een nieuwe.")


def _settings_of_own_database() -> Settings:
    settings = settings_from_environment(os.environ)
    if settings.database_url is not None:
        raise Failure(
            "DATABASE_URL wijst naar een andere database; die starten, stoppen en legen wij niet."
        )
    return settings


def _serve(host: str, port: int, *, with_demo_region: bool, follow_parent: bool) -> None:
    from app.cli.database import running_database
    from app.cli.website import (
        address_of,
        end_on_signal,
        ending_with_parent,
        listen,
        run_website,
    )

    settings = settings_from_environment(os.environ)
    end_on_signal()
    with ExitStack() as stack:
        if follow_parent:
            stack.enter_context(ending_with_parent())
        listener = stack.enter_context(listen(host, port))
        url = _timed("Database starten", lambda: _enter(stack, running_database(settings)))
        _prepare(url, is_own=settings.database_url is None, with_demo_region=with_demo_region)
        address = address_of(listener)
        site = f"{settings.public_url}/" if settings.public_url else address
        links = _demo_links(url, site) + _where_post_is(settings) if with_demo_region else ""
        answering = f"\n  Vlekkenplan staat klaar op {address}\n{links}  Stoppen: Ctrl-C\n"
        settings = replace(settings, database_url=url)
        run_website(listener, settings, answering)
    click.echo("Gestopt.")


def _prepare(url: str, *, is_own: bool, with_demo_region: bool) -> None:
    """Bring the schema up to date and load the demo region when that is asked."""
    from data.schema import check, connect, upgrade

    engine = connect(url)
    try:
        if is_own or with_demo_region:
            _timed("Tabellen bijwerken", lambda: upgrade(engine))
        check(engine)
        if with_demo_region:
            from app.services.demo import load_demo_region
            from app.services.demo_choices import load_demo_choices
            from app.services.demo_dialogue import load_demo_dialogue

            load_demo_region(engine, click.echo)
            load_demo_choices(engine, click.echo)
            load_demo_dialogue(engine, click.echo)
    finally:
        engine.dispose()


def _demo_links(url: str, address: str) -> str:
    """Lines with a link for each role, to sign in with once in the coming day."""
    from app.services import current
    from app.services.demo_accounts import demo_links
    from data.database_roles import ACCOUNTS, Hands, tell
    from data.schema import connect

    engine = connect(url, ACCOUNTS)
    try:
        with engine.begin() as connection:
            tell(connection, Hands(ACCOUNTS, actor="opdracht"))
            links = demo_links(connection, current.now())
    finally:
        engine.dispose()
    if not links:
        return ""
    lines = [f"    {name}\n      {address}inloggen/link/{token}" for name, token in links]
    return "\n".join(("\n  Inloggen kan met deze links. Elke link werkt één keer:", *lines, "\n"))


def _where_post_is(settings: Settings) -> str:
    """Where the demo's e-mail goes, and who reads it on the website."""
    if settings.smtp is not None:
        return f"  E-mail gaat naar de mailserver {settings.smtp.host}.\n\n"
    folder = settings.home / "post"
    return (
        f"  E-mail wordt niet verstuurd: die komt in {folder}.\n"
        "  Een beheerder leest haar op de pagina /post.\n\n"
    )


def _enter(stack: ExitStack, manager: AbstractContextManager[str]) -> str:
    return stack.enter_context(manager)


def _timed(label: str, work: Callable[[], T]) -> T:
    """Do the work; say what it is before and how long it took after."""
    click.echo(f"{label} ... ", nl=False)
    started = time.monotonic()
    result = work()
    click.echo(f"{time.monotonic() - started:.1f} s".replace(".", ","))
    return result
