"""``vlekkenplan exposure``: how many places people have near home, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import sys

import click

from analysis.spreading.exposure import BY_AREA, LIMITS_M
from app.cli.access_records import source_columns
from app.cli.database import open_database
from app.cli.exposure_records import AREA_COLUMNS, area_rows, exposure_record
from app.config import settings_from_environment
from app.numbers import to_dutch
from app.services.current import today
from app.services.exposure import Exposure, measure_exposure, read_exposure_question
from app.services.exposure_candidate import CandidateQuestion
from app.services.exposure_table import class_rows
from app.services.exposure_words import (
    change_intro,
    headline,
    help_sentences,
    highest,
    places_sentences,
    reading_notes,
    rim_sentence,
)
from app.services.reach_table import share_text


@click.command("exposure")
@click.option(
    "--types", "--type", "types", required=True, help="Soorten of groepen, met komma's ertussen."
)
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)
@click.option("--plans", default="bestaand", show_default=True, help="Welke plannen meetellen.")
@click.option("--level", default="buurt", show_default=True, help="gemeente, wijk of buurt.")
@click.option("--limit", "limits", type=float, multiple=True, help="Meters lopen; mag vaker.")
@click.option("--candidate", help="Nummer of code van een openbare locatie om te vergelijken.")
@click.option("--x", "x_m", type=float, help="De x van een nieuwe locatie in RD, in meters.")
@click.option("--y", "y_m", type=float, help="De y van een nieuwe locatie in RD, in meters.")
@click.option("--places", type=int, help="Het aantal plekken van die locatie.")
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "csv"]),
    help="Vorm van het antwoord.",
)
def exposure_command(
    types: str,
    on: dt.datetime | None,
    plans: str,
    level: str,
    limits: tuple[float, ...],
    candidate: str | None,
    x_m: float | None,
    y_m: float | None,
    places: int | None,
    layout: str,
) -> None:
    """Laat zien hoeveel plekken mensen dicht bij huis hebben, lopend gemeten.

    Met een locatie of een punt erbij ziet u wat die verandert: wie er meer of minder plekken
    dichtbij krijgt, en voor wie hulp dichterbij komt.
    """
    asked = _candidate(candidate, x_m, y_m, places)
    question = read_exposure_question(
        [word for word in types.split(",") if word.strip()],
        on.date() if on else today(),
        plans,
        level,
        limits or LIMITS_M,
    )
    settings = settings_from_environment(os.environ)
    with open_database(settings) as engine, engine.connect() as connection:
        found = measure_exposure(connection, settings.home, question, asked)
    {"table": _write_table, "json": _write_json, "csv": _write_csv}[layout](found)


def _candidate(
    word: str | None, x_m: float | None, y_m: float | None, places: int | None
) -> CandidateQuestion | None:
    has_point = x_m is not None or y_m is not None
    if word is not None and has_point:
        raise click.UsageError("Kies een locatie (--candidate) of een punt (--x en --y).")
    if word is None and not has_point:
        if places is not None:
            raise click.UsageError("Bij --places hoort een locatie of een punt.")
        return None
    return CandidateQuestion(word, x_m, y_m, places)


def _write_json(found: Exposure) -> None:
    click.echo(json.dumps(exposure_record(found), ensure_ascii=False, indent=2, allow_nan=False))


def _write_csv(found: Exposure) -> None:
    standing = {**source_columns(found.sources), "method": f"/methode/{BY_AREA.slug}"}
    writer = csv.DictWriter(sys.stdout, [*AREA_COLUMNS, *standing], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **standing} for row in area_rows(found))


def _write_table(found: Exposure) -> None:
    question = found.question
    for limit in question.limits_m:
        click.echo(" ".join(filter(None, (headline(found, limit), highest(found, limit)))))
    labels = ", ".join(entry.label for entry in question.types)
    click.echo(
        f"\n{labels} · stand op {question.on:%d-%m-%Y} · {question.plan_scope.label.lower()}\n"
    )
    _write_classes(found)
    _write_change(found)
    click.echo("")
    for name, text in reading_notes(found):
        click.echo(f"{name}: {text}")
    example = "Voorbeeldgegevens. " if found.is_example else ""
    releases = dict.fromkeys(line.release for line in found.sources)
    told = "; ".join(f"{entry.publisher}, {entry.title} {entry.version}" for entry in releases)
    click.echo(f"{example}Bron: {told}.")


def _write_classes(found: Exposure) -> None:
    header = ("plekken dichtbij", *(f"{to_dutch(m)} m" for m in found.question.limits_m))
    rows = [
        (
            row.label,
            *(
                f"{to_dutch(count)} ({share_text(share)})"
                for count, share in zip(row.counts, row.shares, strict=True)
            ),
        )
        for row in class_rows(found)
    ]
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    for first, *rest in [header, *rows]:
        cells = (text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))
        click.echo("  ".join((first.ljust(widths[0]), *cells)))


def _write_change(found: Exposure) -> None:
    comparison = found.comparison
    if comparison is None:
        return
    click.echo(f"\n{change_intro(comparison)}")
    for limit in found.question.limits_m:
        click.echo(" ".join(places_sentences(comparison.region, limit)))
    click.echo(" ".join(help_sentences(comparison.region)))
    if told := rim_sentence(comparison, found.question.limits_m[-1]):
        click.echo(told)
