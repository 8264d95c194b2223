"""Copies of the database without the addresses of residents, and putting one back."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.cli import Failure


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--with-contacts",
    is_flag=True,
    help="Maak ook een bestand met de e-mailadressen van inwoners. Dat gaat na 30 dagen weg.",
)
def backup_command(folder: Path, with_contacts: bool) -> None:
    """Bewaar een kopie van de database in een map, zonder e-mailadressen van inwoners."""
    from app.cli.database import running_database
    from app.config import settings_from_environment
    from app.services import current
    from data.backup import make_backup
    from data.server_programs import find_server_programs

    settings = settings_from_environment(os.environ)
    with running_database(settings) as url:
        made = make_backup(
            find_server_programs(os.environ),
            url,
            folder,
            settings.home,
            current.now(),
            with_contacts=with_contacts,
        )
    click.echo(f"Bewaard: {made.file}")
    if made.contacts is not None:
        click.echo(f"Met e-mailadressen: {made.contacts}. Dit bestand gaat na 30 dagen weg.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option(
    "--yes",
    prompt="Alle gegevens in de eigen database gaan weg, en die uit de kopie komen ervoor in de "
    "plaats. Doorgaan?",
    help="Vraag niets.",
)
def restore_command(file: Path) -> None:
    """Zet een kopie terug in de eigen database."""
    from app.cli.database import private_cluster
    from app.config import settings_from_environment
    from data.backup import restore_own

    settings = settings_from_environment(os.environ)
    if settings.database_url is not None:
        raise Failure(
            "DATABASE_URL wijst naar een andere database. Zet daar zelf een kopie terug met "
            "pg_restore; in README.md staat hoe."
        )
    cluster = private_cluster(settings)
    with cluster.use():
        restore_own(cluster, file)
    click.echo("De kopie staat terug. Start de website opnieuw.")
