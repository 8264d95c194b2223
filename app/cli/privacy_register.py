"""``vlekkenplan privacy-register``: the register of personal data, as CSV or JSON."""

from __future__ import annotations

import csv
import json
import os
import sys

import click

from app.cli.database import open_database
from app.config import settings_from_environment
from app.services.privacy_register import (
    FILE_COLUMNS,
    privacy_register,
    register_record,
    register_rows,
)


@click.command("privacy-register")
@click.option(
    "--format",
    "layout",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "json"]),
    help="Vorm van het antwoord; json heeft ook de risico's en maatregelen.",
)
def privacy_register_command(layout: str) -> None:
    """Laat zien welke persoonsgegevens er worden bewaard, waarvoor en hoe lang."""
    settings = settings_from_environment(os.environ)
    with open_database(settings) as engine, engine.connect() as connection:
        register = privacy_register(connection)
    if layout == "json":
        click.echo(json.dumps(register_record(register), ensure_ascii=False, indent=2))
        return
    writer = csv.DictWriter(sys.stdout, FILE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(register_rows(register))
