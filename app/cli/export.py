"""``vlekkenplan export``: what you see, as a file to mail or to put with a council paper."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from analysis.classes import CLASSINGS
from analysis.domain import SITE_STATUSES
from analysis.facility_types import select_types
from app.cli.database import open_database
from app.config import settings_from_environment
from app.numbers import to_dutch
from app.services.current import today
from app.services.map_layers import DEFAULT_CLASSING, DEFAULT_FIGURE, DEFAULT_LEVEL, MapQuestion
from data.figures import FIGURES
from geo.frames import LEVELS, Level


@click.group("export")
def export_command() -> None:
    """Bewaar de kaart als bestand."""


@export_command.command("map")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Het bestand dat wordt gemaakt, bijvoorbeeld kaart.html.",
)
@click.option("--level", default=DEFAULT_LEVEL, show_default=True, type=click.Choice(LEVELS))
@click.option(
    "--figure",
    default=DEFAULT_FIGURE,
    show_default=True,
    type=click.Choice([entry.key for entry in FIGURES]),
    help="Het cijfer dat de gebieden kleurt.",
)
@click.option(
    "--classing",
    default=DEFAULT_CLASSING,
    show_default=True,
    type=click.Choice(CLASSINGS.keys),
    help="Gelijke aantallen (quantile) of gelijke stappen (equal_interval).",
)
@click.option("--types", default="", help="Alleen deze soorten, met komma's ertussen.")
@click.option("--statuses", default="", help="Alleen deze stadia, met komma's ertussen.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)
def export_map_command(
    out: Path,
    level: Level,
    figure: str,
    classing: str,
    types: str,
    statuses: str,
    on: dt.datetime | None,
) -> None:
    """Bewaar de kaart met haar lijst als één HTML-bestand, zonder internet te openen."""
    from app.services.map_export import export_map

    chosen = select_types(_words(types))
    for entry in chosen:
        if not entry.recorded.on_map:
            raise click.BadParameter(
                f"{entry.label}: {entry.recorded.explanation}", param_hint="--types"
            )
    question = MapQuestion(
        on=on.date() if on else today(),
        level=level,
        figure_key=figure,
        classing=CLASSINGS[classing].key,
        types=tuple(entry.key for entry in chosen),
        statuses=tuple(SITE_STATUSES.find(word).key for word in _words(statuses)),
    )
    with (
        open_database(settings_from_environment(os.environ)) as engine,
        engine.connect() as connection,
    ):
        page = export_map(connection, question, today())
    out.write_text(page, encoding="utf-8")
    size = to_dutch(out.stat().st_size / 1e6, 1)
    click.echo(f"De kaart staat in {out} ({size} MB).")


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word.strip()]
