"""``vlekkenplan search-areas``: where a kind of place could be, as a file, a table or JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import click

from app.cli.database import open_database
from app.cli.search_areas_records import search_record
from app.config import settings_from_environment
from app.services.current import today
from app.services.downloads import FORMATS, GEOJSON
from app.services.search_areas import (
    PLAN_SCOPE,
    SearchAnswer,
    SearchQuestion,
    read_search_question,
    search_areas,
)
from app.services.search_files import search_download
from app.services.search_list import (
    ShownAreas,
    by_gemeente,
    conditions_sentence,
    excluded_ground,
    headline,
    hectares,
    shown_areas,
    silent_uses,
    unknown_reasons,
)

#: The files that can be made, by what their name ends in.
FILES = {**FORMATS, GEOJSON.extension: GEOJSON}


@click.command("search-areas")
@click.option("--type", "type_word", required=True, help="De soort plek, zoals skaeve_huse.")
@click.option("--gemeente", default="", help="Alleen deze gemeente: naam of code.")
@click.option("--access", "access", help="Score voor wat dichtbij moet zijn, minstens (0-100).")
@click.option("--distance", "distance", help="Score voor wat ver weg moet zijn, minstens (0-100).")
@click.option("--places", help="Plekken binnen 400 meter lopen, hoogstens. Leeg: geen grens.")
@click.option("--ground", help="Uitgesloten grond in een vakje, hoogstens (0-50 procent).")
@click.option("--smallest", help="Kleinste gebied in hectare (1-100).")
@click.option("--share", help="Welke gemeenten: alle, niet_boven of onder.")
@click.option("--plans", default=PLAN_SCOPE, show_default=True, help="Welke plekken meetellen.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help=f"Het bestand dat wordt gemaakt; de naam eindigt op {', '.join(FILES)}.",
)
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json"]),
    help="Vorm van het antwoord op het scherm.",
)
def search_areas_command(
    type_word: str,
    gemeente: str,
    plans: str,
    on: dt.datetime | None,
    out: Path | None,
    layout: str,
    **typed: str | None,
) -> None:
    """Laat zien waar in de regio een soort plek zou kunnen komen, en waarom daar.

    De voorwaarden zijn onze startwaarden, tenzij u andere geeft. Een zoekgebied is geen besluit.
    """
    form = _form_of(out)
    question = _question(type_word, typed, on, plans)
    settings = settings_from_environment(os.environ)
    with open_database(settings) as engine, engine.connect() as connection:
        answer = search_areas(connection, settings.home, question)
    shown = shown_areas(answer, gemeente)
    if out is not None:
        download = search_download(answer, shown.entries, shown.gemeente)
        out.write_bytes(FILES[form].write(download))
    if layout == "json":
        record = search_record(answer, shown)
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))
        return
    _write_table(answer, shown)
    if out is not None:
        click.echo(f"Het staat in {out}.")


#: The options by the names of the conditions.
_OPTIONS = {
    "access": "bereikbaarheid",
    "distance": "afstand",
    "places": "plekken",
    "ground": "grond",
    "smallest": "kleinste",
    "share": "aandeel",
}


def _question(
    type_word: str, typed: dict[str, str | None], on: dt.datetime | None, plans: str
) -> SearchQuestion:
    words = {_OPTIONS[name]: text for name, text in typed.items() if text is not None}
    return read_search_question(type_word, on.date() if on else today(), words, plans)


def _form_of(out: Path | None) -> str:
    form = "" if out is None else out.suffix.lstrip(".").lower()
    if out is not None and form not in FILES:
        raise click.UsageError(
            f"Geef --out een naam die eindigt op {', '.join(f'.{key}' for key in FILES)}."
        )
    return form


def _write_table(answer: SearchAnswer, shown: ShownAreas) -> None:
    click.echo(headline(answer, shown.entries, shown.gemeente))
    click.echo(f"Voorwaarden: {conditions_sentence(answer)}\n")
    for gemeente in by_gemeente(shown.entries):
        click.echo(f"{gemeente.name}: {gemeente.area_count}, {hectares(gemeente.total_ha)}")
        for wijk in gemeente.wijken:
            for area in wijk.areas:
                click.echo(f"  {area.number:4}  {wijk.name}, {area.size_text}")
                click.echo(f"        {area.reason.because}")
    click.echo("")
    for ground in excluded_ground(answer):
        click.echo(
            f"Kan niet: {ground.use.label}, {hectares(ground.hectares)}. {ground.use.ground}"
        )
    for reason, ha in unknown_reasons(answer):
        click.echo(f"Niet te berekenen: {hectares(ha)}. {reason}")
    if silent := silent_uses(answer):
        click.echo(f"Niets bekend van: {', '.join(use.label.lower() for use in silent)}.")
    releases = dict.fromkeys(line.release for line in answer.sources)
    told = "; ".join(f"{entry.publisher}, {entry.title} {entry.version}" for entry in releases)
    example = "Voorbeeldgegevens. " if answer.is_example else ""
    click.echo(f"Een zoekgebied is geen besluit. {example}Bron: {told}.")
