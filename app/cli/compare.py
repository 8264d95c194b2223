"""``vlekkenplan compare``: candidates side by side, as a table or JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping

import click
from sqlalchemy import Connection

from analysis.comparing.criteria import criteria_of
from analysis.facility_types import FacilityType
from app.auth.permissions import PERMISSIONS
from app.cli.database import whole_region
from app.config import settings_from_environment
from app.numbers import to_dutch
from app.services.comparison import ComparedCandidates, compare_candidates, one_decimal
from app.services.comparison_download import comparison_record
from app.services.comparison_question import (
    CompareQuestion,
    find_preset,
    read_numbers,
    read_points,
    read_radius,
    read_type,
    terms_of,
)
from app.services.comparison_table import TotalView, table_rows, totals
from app.services.current import today
from app.services.spreading import QuestionError
from data.errors import NotFound
from data.queries.sites import find_site
from data.queries.workspace import find_own_site

PERMISSION = PERMISSIONS["kandidaten_vergelijken"]


@click.command("compare")
@click.option("--type", "kind", required=True, help="De soort, bijvoorbeeld skaeve_huse.")
@click.option(
    "--sites", required=True, help="Nummers of codes van de kandidaten, met komma's ertussen."
)
@click.option("--preset", default="", help="Een weging die klaarstaat, bijvoorbeeld bewoner.")
@click.option("--points", default="", help="Eigen punten, bijvoorbeeld verdeling=30,kosten=10.")
@click.option("--radius", default="", help="Dichtbij is binnen zo veel meter lopen.")
@click.option("--level", default="gemeente", show_default=True, help="gemeente of wijk.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json"]),
    help="Vorm van het antwoord.",
)
def compare_command(
    kind: str,
    sites: str,
    preset: str,
    points: str,
    radius: str,
    level: str,
    on: dt.datetime | None,
    layout: str,
) -> None:
    """Zet kandidaten naast elkaar, met hun totaal en hoe zeker de volgorde is.

    Werkt op de server, met de locaties van de hele regio, ook interne.
    """
    found_type = read_type(kind)
    terms = terms_of(found_type, on.date() if on else today(), read_radius(radius.strip()), level)
    weighting = find_preset(preset)
    given = read_points(found_type, _points(found_type, points), weighting.points_of(found_type))
    settings = settings_from_environment(os.environ)
    with whole_region(settings, PERMISSION) as connection:
        ids = read_numbers(_words(sites), lambda word: _site(connection, word))
        if len(ids) < 2:
            raise QuestionError("locatie", "Kies ten minste twee kandidaten om te vergelijken.")
        question = CompareQuestion(terms, ids, given, "" if points else weighting.key)
        found = compare_candidates(connection, settings.home, question)
    {"table": _write_table, "json": _write_json}[layout](found)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _points(kind: FacilityType, text: str) -> Mapping[str, str]:
    """The points that were typed, by criterion; UsageError when a criterion is not known."""
    keys = [entry.key for entry in criteria_of(kind)]
    found = {}
    for word in _words(text):
        key, _, count = word.partition("=")
        if key.strip() not in keys or not count.strip():
            raise click.UsageError(
                f"‘{word}’ kennen wij niet. Schrijf criterium=punten. Criteria van deze soort: "
                f"{', '.join(keys)}."
            )
        found[key.strip()] = count.strip()
    return found


def _site(connection: Connection, word: str) -> int | None:
    own = find_own_site(connection, word)
    if own is not None:
        return own
    try:
        return find_site(connection, word)
    except NotFound:
        return None


def _write_json(found: ComparedCandidates) -> None:
    record = comparison_record(found)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))


def _write_table(found: ComparedCandidates) -> None:
    click.echo(f"{found.lead}\n")
    for number, entry in enumerate(totals(found), start=1):
        click.echo(f"{number}. {entry.place.name}: {_total(entry)}")
    click.echo("")
    header = ("criterium (gewicht)", *(str(n + 1) for n in range(len(found.places))))
    lines = [
        (
            f"{row.criterion.label} ({one_decimal(100 * row.weight)}%)",
            *(
                f"{cell.text} {cell.unit}".strip() if cell.is_known else "geen cijfer"
                for cell in row.cells
            ),
        )
        for row in table_rows(found)
    ]
    widths = [max(len(line[at]) for line in [header, *lines]) for at in range(len(header))]
    for line in [header, *lines]:
        cells = zip(line, widths, strict=True)
        click.echo("  ".join(text.ljust(width) for text, width in cells).rstrip())
    click.echo("")
    for told in (*found.verdicts, found.over_settings, found.turning, *found.dominated):
        click.echo(told)
    example = "Voorbeeldgegevens. " if found.measured.is_example else ""
    releases = dict.fromkeys(line.release for line in found.measured.sources)
    sources = "; ".join(f"{entry.publisher}, {entry.title} {entry.version}" for entry in releases)
    click.echo(f"\n{example}Bron: {sources}.")


def _total(entry: TotalView) -> str:
    if entry.total is None:
        return (
            f"tussen {one_decimal(entry.at_least)} en {one_decimal(entry.at_most)} van de 100 "
            f"punten. {entry.reason}"
        )
    return f"{one_decimal(entry.total)} van de 100 punten, plaats {to_dutch(entry.rank)}"
