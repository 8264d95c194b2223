"""``vlekkenplan spreading``: who carries how much, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import math
import os
import sys
from collections.abc import Hashable, Mapping
from typing import Any

import click
import pandas as pd

from analysis.spreading.outcome import SEED
from analysis.spreading.verdict import VERDICTS
from app.cli.clustering_text import clustering_json, show_clustering
from app.cli.database import open_database
from app.cli.evenness import evenness_json, evenness_lines
from app.config import settings_from_environment
from app.numbers import to_dutch, to_dutch_quotient
from app.services.clustering import ClusteringAnswer, clustering_of
from app.services.current import today
from app.services.spreading import SpreadingAnswer, answer, read_question

#: Columns of the JSON and CSV answer, as in ``Spreading.table``.
COLUMNS = (
    "area_code",
    "name",
    "weight",
    "weight_share",
    "capacity_count",
    "fair_share_count",
    "whole_fair_share_count",
    "difference_count",
    "location_quotient",
    "location_quotient_low",
    "location_quotient_high",
    "verdict",
    "reason",
)


@click.command("spreading")
@click.option("--types", required=True, help="Soorten of groepen, met komma's ertussen.")
@click.option("--level", default="gemeente", show_default=True, help="gemeente of wijk.")
@click.option("--date", "on", default=None, help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.")
@click.option("--base", default="inwoners", show_default=True, help="Verdelen naar dit aantal.")
@click.option("--plans", default="bestaand", show_default=True, help="Welke plannen meetellen.")
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "csv"]),
    help="Vorm van het antwoord.",
)
@click.option(
    "--seed",
    default=SEED,
    show_default=True,
    type=click.IntRange(min=0),
    help="Startgetal van de lotingen; hetzelfde getal geeft hetzelfde antwoord.",
)
@click.option(
    "--clustering",
    "with_clustering",
    is_flag=True,
    help="Vergelijk ook met toeval: liggen locaties dicht bij elkaar? Niet in csv.",
)
def spreading_command(
    types: str,
    level: str,
    on: str | None,
    base: str,
    plans: str,
    layout: str,
    seed: int,
    with_clustering: bool,
) -> None:
    """Laat zien hoe de plekken zijn verdeeld, vergeleken met een gelijke verdeling."""
    if with_clustering and layout == "csv":
        raise click.UsageError("--clustering past niet in csv. Kies --format json of table.")
    settings = settings_from_environment(os.environ)
    question = read_question(
        [word for word in types.split(",") if word.strip()], level, on or today(), base, plans
    )
    with (
        open_database(settings) as engine,
        engine.connect() as connection,
    ):
        found = answer(connection, question, seed)
        clustering = None
        if with_clustering:
            clustering = clustering_of(connection, settings.home, question, seed)
    if layout == "json":
        _write_json(found, clustering)
        return
    {"table": _write_table, "csv": _write_csv}[layout](found)
    if clustering is not None:
        show_clustering(clustering)


def _write_json(found: SpreadingAnswer, clustering: ClusteringAnswer | None) -> None:
    more = {} if clustering is None else {"clustering": clustering_json(clustering)}
    told = json.dumps(to_json(found) | more, ensure_ascii=False, indent=2, allow_nan=False)
    click.echo(told)


def to_json(found: SpreadingAnswer) -> dict[str, Any]:
    """The whole answer for a program: question, source, totals, evenness, reasons and rows."""
    spreading, question, release = found.spreading, found.question, found.release
    return {
        "question": {
            "types": [entry.key for entry in question.types],
            "level": question.level.key,
            "date": question.on.isoformat(),
            "base": question.base.key,
            "plans": question.plan_scope.key,
        },
        "source": {
            "attribution": release.attribution,
            "title": release.title,
            "year": release.year,
            "version": release.version,
            "is_example": found.is_example,
            "sites": [f"{entry.title} {entry.version}" for entry in found.site_releases],
            "task": _task_source(found),
        },
        "headline": found.headline,
        "capacity_count": spreading.totals.capacity_count,
        "weight": spreading.totals.weight,
        "left_out_area_count": spreading.totals.left_out_area_count,
        "protected_site_count": found.protected_site_count,
        "hoover_index": spreading.hoover_index,
        "hoover_places_count": spreading.hoover_places_count,
        **evenness_json(spreading.evenness),
        "reasons": [{"key": reason.key, "label": reason.label} for reason in spreading.reasons],
        "apportionment": spreading.apportionment,
        "confidence": spreading.confidence,
        "areas": [
            {name: _plain(row[name]) for name in COLUMNS}
            for row in spreading.table.reset_index().to_dict("records")
        ],
    }


def _task_source(found: SpreadingAnswer) -> str | None:
    """The delivery of the task, when the places are divided by it."""
    task = found.task_release
    return None if task is None else f"{task.title} {task.year} {task.version}"


def _plain(value: Any) -> Any:
    """A value that JSON knows; what is unknown becomes null."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _write_csv(found: SpreadingAnswer) -> None:
    answer_of = to_json(found)
    source = {
        "source": answer_of["source"]["attribution"],
        "year": answer_of["source"]["year"],
        "site_source": "; ".join(answer_of["source"]["sites"]),
        "task_source": answer_of["source"]["task"] or "",
        "is_example": str(answer_of["source"]["is_example"]).lower(),
    }
    writer = csv.DictWriter(sys.stdout, [*COLUMNS, *source], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **source} for row in answer_of["areas"])


def _write_table(found: SpreadingAnswer) -> None:
    question, release = found.question, found.release
    click.echo(found.headline)
    click.echo(
        f"{question.types_label} · stand op {question.on:%d-%m-%Y} · "
        f"{question.plan_scope.label.lower()} · naar {question.base.noun}\n"
    )
    rows = [_row(row) for row in found.spreading.table.to_dict("records")]
    header = (
        question.level.label,
        "plekken",
        question.base.label.lower(),
        "gelijk deel",
        "verschil",
        "quotiënt (95%)",
        "",
    )
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    for line in [header, *rows]:
        click.echo(
            "  ".join(
                text.ljust(width) if i in (0, 6) else text.rjust(width)
                for i, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
        )
    click.echo("".join(f"\n{line}" for line in evenness_lines(found.spreading)))
    example = "Voorbeeldgegevens. " if found.is_example else ""
    click.echo(f"{example}Bron: {release.attribution}, {release.title} {release.version}.")
    if found.site_releases:
        sites = "; ".join(f"{entry.title} {entry.version}" for entry in found.site_releases)
        click.echo(f"Bron van de locaties: {sites}.")
    if found.task_release is not None:
        click.echo(f"Bron van de opgave: {_task_source(found)}.")


def _row(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    quotient = "geen cijfer"
    if _plain(row["location_quotient"]) is not None:
        low, high = (to_dutch_quotient(row[f"location_quotient_{end}"]) for end in ("low", "high"))
        quotient = f"{to_dutch_quotient(row['location_quotient'])} ({low} tot {high})"
    reason = _plain(row["reason"])
    return (
        str(row["name"]),
        to_dutch(_plain(row["capacity_count"])),
        to_dutch(_plain(row["weight"])),
        to_dutch(_plain(row["fair_share_count"]), 1, all_decimals=True),
        to_dutch(_plain(row["difference_count"]), 1, all_decimals=True),
        quotient,
        str(reason or VERDICTS[row["verdict"]].label),
    )
