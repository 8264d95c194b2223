"""``vlekkenplan spreading-series``: how the spreading went through the years, and what moved it."""

from __future__ import annotations

import csv
import json
import os
import sys
from typing import Any

import click

from app.cli.database import open_database
from app.config import settings_from_environment
from app.numbers import is_unknown, to_dutch, to_dutch_date
from app.services import current
from app.services.spreading_series import (
    SpreadingSeries,
    YearMoment,
    read_series_question,
    spreading_series,
)
from app.services.spreading_series_table import change_rows, event_texts

#: Columns of the CSV answer: a row for every area at every moment.
COLUMNS = (
    "date",
    "area_code",
    "name",
    "capacity_count",
    "location_quotient",
    "verdict",
    "hoover_index",
    "reason",
    "base_year",
)


@click.command("spreading-series")
@click.option("--types", required=True, help="Soorten of groepen, met komma's ertussen.")
@click.option("--level", default="gemeente", show_default=True, help="gemeente of wijk.")
@click.option("--base", default="inwoners", show_default=True, help="Verdelen naar dit aantal.")
@click.option("--plans", default="bestaand", show_default=True, help="Welke plannen meetellen.")
@click.option(
    "--from",
    "from_year",
    default=None,
    metavar="JAAR",
    help="Vergelijk met 1 januari van dit jaar; zonder: met een jaar geleden.",
)
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "csv"]),
    help="Vorm van het antwoord.",
)
def spreading_series_command(
    types: str, level: str, base: str, plans: str, from_year: str | None, layout: str
) -> None:
    """Laat zien hoe de verdeling door de jaren ging, en waardoor zij veranderde."""
    question = read_series_question(
        [word for word in types.split(",") if word.strip()],
        level,
        base,
        plans,
        current.today(),
        from_year,
    )
    with (
        open_database(settings_from_environment(os.environ)) as engine,
        engine.connect() as connection,
    ):
        found = spreading_series(connection, question)
    {"table": _write_table, "json": _write_json, "csv": _write_csv}[layout](found)


def to_json(found: SpreadingSeries) -> dict[str, Any]:
    """The whole answer for a program: question, sources, moments, and the account with events."""
    asked, change = found.question.now, found.change
    return {
        "question": {
            "types": [entry.key for entry in asked.types],
            "level": asked.level.key,
            "base": asked.base.key,
            "plans": asked.plan_scope.key,
            "from": found.question.since.isoformat(),
            "date": asked.on.isoformat(),
        },
        "sources": {
            "areas": [
                {"attribution": entry.attribution, "year": entry.year, "version": entry.version}
                for entry in found.area_releases
            ],
            "sites": [f"{entry.title} {entry.version}" for entry in found.site_releases],
            "is_example": found.is_example,
            "note": found.base_note,
        },
        "headline": found.headline,
        "moments": [_moment(moment) for moment in found.moments],
        "change": {
            "hoover_then": change.hoover_then,
            "hoover_now": change.hoover_now,
            "places_part": change.places_part,
            "base_part": change.base_part,
            "direction": change.direction,
            "least_clear_change": change.least_clear_change,
            "capacity_then_count": change.capacity_then_count,
            "capacity_now_count": change.capacity_now_count,
            "compared_area_count": change.compared_area_count,
            "left_out_area_count": change.left_out_area_count,
            "reasons": [{"key": reason.key, "label": reason.label} for reason in change.reasons],
            "areas": [
                {name: _plain(value) for name, value in row.items()}
                for row in change.table.reset_index().to_dict("records")
            ],
        },
        "events": [
            {
                "area_code": entry.area_code,
                "sites": [
                    {
                        "kind": event.kind.key,
                        "site_id": event.site_id,
                        "name": event.name,
                        "date": event.on.isoformat(),
                        "before_count": event.before_count,
                        "after_count": event.after_count,
                        "reason": event.reason,
                    }
                    for event in entry.sites
                ],
                "protected_difference_count": entry.protected_difference_count,
            }
            for entry in found.events
        ],
    }


def _moment(moment: YearMoment) -> dict[str, Any]:
    return {
        "date": moment.on.isoformat(),
        "base_year": moment.base_year,
        "capacity_count": moment.place_count,
        "unknown_area_count": moment.unknown_area_count,
        "site_count": moment.site_count,
        "protected_site_count": moment.protected_site_count,
        "hoover_index": moment.hoover.value,
        "reason": None if moment.hoover.reason is None else moment.hoover.reason.label,
        "left_out_area_count": moment.measured.left_out_area_count,
        "areas": [
            {
                "area_code": code,
                "name": row["name"],
                "capacity_count": _whole(row["capacity_count"]),
                "location_quotient": _plain(row["location_quotient"]),
                "verdict": row["verdict"],
            }
            for code, row in moment.table.to_dict("index").items()
        ],
    }


def _whole(value: float) -> int | None:
    return None if is_unknown(value) else int(value)


def _plain(value: Any) -> Any:
    """A value that JSON knows; what is unknown becomes null."""
    if is_unknown(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _write_json(found: SpreadingSeries) -> None:
    click.echo(json.dumps(to_json(found), ensure_ascii=False, indent=2, allow_nan=False))


def _write_csv(found: SpreadingSeries) -> None:
    answer = to_json(found)
    source = {
        "source": "; ".join(entry["attribution"] for entry in answer["sources"]["areas"]),
        "site_source": "; ".join(answer["sources"]["sites"]),
        "is_example": str(answer["sources"]["is_example"]).lower(),
    }
    writer = csv.DictWriter(sys.stdout, [*COLUMNS, *source], lineterminator="\n")
    writer.writeheader()
    for moment in answer["moments"]:
        same = {name: moment[name] for name in ("date", "hoover_index", "reason", "base_year")}
        writer.writerows({**same, **row, **source} for row in moment["areas"])


def _write_table(found: SpreadingSeries) -> None:
    asked = found.question.now
    click.echo(found.headline)
    click.echo(
        f"{asked.types_label} · per {asked.level.label} · {asked.plan_scope.label.lower()} · "
        f"naar {asked.base.noun}\n"
    )
    _write_columns(
        ("datum", "plekken", "locaties", "van de 100", f"{asked.base.noun} van", ""),
        [_year_row(moment) for moment in found.moments],
    )
    click.echo(f"\nWaardoor het veranderde sinds {to_dutch_date(found.then.on)}:")
    _write_columns(
        (asked.level.label, "toen", "nu", "verschil", "door plekken", f"door {asked.base.noun}"),
        [_change_row(row) for row in change_rows(found).to_dict("records")],
    )
    names = found.change.table["name"]
    for entry in found.events:
        for text in event_texts(entry):
            click.echo(f"- {names[entry.area_code]}: {text}")
    click.echo(f"\n{found.base_note}")
    example = "Voorbeeldgegevens. " if found.is_example else ""
    areas = "; ".join(f"{entry.attribution}, {entry.version}" for entry in found.area_releases)
    click.echo(f"{example}Bron: {areas}.")
    if found.site_releases:
        sites = "; ".join(f"{entry.title} {entry.version}" for entry in found.site_releases)
        click.echo(f"Bron van de locaties: {sites}.")


def _year_row(moment: YearMoment) -> tuple[str, ...]:
    index = moment.hoover.value
    least = "minstens " if moment.unknown_area_count and moment.place_count is not None else ""
    return (
        to_dutch_date(moment.on),
        f"{least}{to_dutch(moment.place_count)}",
        to_dutch(moment.site_count),
        to_dutch(None if index is None else 100 * index, 1, all_decimals=True),
        str(moment.base_year),
        "" if moment.hoover.reason is None else moment.hoover.reason.label,
    )


def _change_row(row: Any) -> tuple[str, ...]:
    counts = ("plekken_toen", "plekken_nu", "verschil")
    parts = ("door_plekken", "door_basis")
    return (
        str(row["naam"]),
        *(to_dutch(_plain(row[name])) for name in counts),
        *(to_dutch(_plain(row[name]), 2, all_decimals=True) for name in parts),
    )


def _write_columns(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns under each other: the first on the left, as is a last one without a heading."""
    lines = [header, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    is_left = {0, *(i for i, name in enumerate(header) if not name)}
    for line in lines:
        cells = zip(line, widths, strict=True)
        click.echo(
            "  ".join(
                text.ljust(width) if i in is_left else text.rjust(width)
                for i, (text, width) in enumerate(cells)
            ).rstrip()
        )
