"""One round of the post, for who has the server do so at set times."""

from __future__ import annotations

import os

import click

from app.cli import Failure


@click.command("post")
def post_command() -> None:
    """Verstuur wat klaarstaat, en ruim op wat te oud is. De website doet dit zelf elke minuut."""
    from app.cli.database import open_database
    from app.config import settings_from_environment
    from app.fault_log import write_with_time
    from app.services import current
    from app.services.post_round import run_round

    settings = settings_from_environment(os.environ)
    if settings.public_url is None:
        raise Failure(
            "Zet het adres van de website in VLEKKENPLAN_PUBLIC_URL: dat staat in de links van "
            "elke e-mail."
        )
    write_with_time()
    with open_database(settings) as engine:
        done = run_round(engine, settings, settings.public_url, current.now())
    click.echo(
        f"Gemaakt: {done.composed_count}. Verstuurd: {done.sent.sent_count}. "
        f"Later opnieuw: {done.sent.later_count}. Opgegeven: {done.sent.given_up_count}. "
        f"Opgeruimd: {sum(done.cleared.values())}. Plekken getoetst: {done.tested_count}."
    )
