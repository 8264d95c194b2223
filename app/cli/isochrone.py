"""``vlekkenplan isochrone``: what can be reached within some minutes, as GeoJSON."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from app.cli.database import open_database
from app.cli.travel_options import mode_option, speed_option, travel_mode, x_option, y_option
from app.config import settings_from_environment


@click.command("isochrone")
@x_option
@y_option
@click.option(
    "--minutes",
    type=float,
    multiple=True,
    default=(15.0,),
    help="Zoveel minuten; vaker te gebruiken. Nu: 15.",
)
@mode_option
@speed_option
@click.option(
    "--format",
    default="geojson",
    expose_value=False,
    type=click.Choice(["geojson"]),
    help="De vorm: GeoJSON in graden (WGS 84).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Het bestand dat wordt gemaakt. Zonder dit komt alles op het scherm.",
)
def isochrone_command(
    x_m: float,
    y_m: float,
    minutes: tuple[float, ...],
    option: str | None,
    speed_km_per_h: float | None,
    out: Path | None,
) -> None:
    """Laat zien welk gebied binnen een aantal minuten te bereiken is, langs de straten."""
    from app.services.isochrones import describe, isochrones

    settings = settings_from_environment(os.environ)
    with open_database(settings) as engine, engine.connect() as connection:
        mode = travel_mode(option, speed_km_per_h)
        found = isochrones(connection, settings.home, x_m, y_m, mode, minutes)
    text = json.dumps(found.geojson, ensure_ascii=False, allow_nan=False)
    if out is None:
        click.echo(text)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"{describe(found)} Het staat in {out}.")
