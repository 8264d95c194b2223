"""What an import says on the screen: what changed, what to note, and every fault."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import click

from app.numbers import to_dutch
from data.compare import Difference
from data.faults import Fault
from data.load.report import LoadReport, Section

#: So many keys are named; the rest is a number.
NAMED_KEYS = 10
_COLUMN_WORDS = {
    "address": "adres",
    "capacity_count": "plekken",
    "category": "soort",
    "description": "toelichting",
    "gemeente_code": "gemeente",
    "gemeente_name": "gemeentenaam",
    "geom": "plek of grens",
    "in_region": "in de regio",
    "is_water": "water",
    "land_area_ha": "oppervlakte land",
    "level": "niveau",
    "name": "naam",
    "outline_wgs84": "grens op de kaart",
    "provider": "aanbieder",
    "publication": "publicatie",
    "reason": "reden",
    "type": "soort",
    "valid_from": "geldig van",
    "valid_to": "geldig tot",
    "value": "cijfer",
    "wijk_code": "wijk",
}
_FAULT_HEADER = ("rij", "kolom", "waarde", "wat er mis is")


def show_report(report: LoadReport, *, dry_run: bool) -> None:
    """Print the report on stdout."""
    click.echo(report.title)
    for fact in report.facts:
        click.echo(f"  {fact}")
    for section in report.sections:
        _show_section(section)
    for note in report.notes:
        click.echo(f"Let op: {note}")
    if report.is_empty:
        click.echo("Niets gewijzigd.")
    else:
        click.echo("Dit was een proef; er is niets opgeslagen." if dry_run else "Opgeslagen.")


def show_faults(faults: Sequence[Fault]) -> None:
    """Print the faults on stderr, as a table."""
    rows = [_to_row(fault) for fault in faults]
    widths = [max(len(row[at]) for row in (_FAULT_HEADER, *rows)) for at in range(3)]
    count = "1 fout" if len(faults) == 1 else f"{to_dutch(len(faults))} fouten"
    click.echo(f"Geweigerd: {count}. Er is niets opgeslagen.", err=True)
    for row in (_FAULT_HEADER, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        click.echo(f"{line}  {row[3]}".rstrip(), err=True)


def write_faults(faults: Sequence[Fault], path: Path) -> None:
    """Write the faults as a CSV that opens in Excel."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_FAULT_HEADER)
        writer.writerows(_safe(_to_row(fault)) for fault in faults)


def _to_row(fault: Fault) -> tuple[str, str, str, str]:
    row = "" if fault.row is None else str(fault.row)
    return row, fault.column or "", fault.value or "", fault.message


def _safe(row: tuple[str, ...]) -> tuple[str, ...]:
    """No cell that a spreadsheet would run as a formula."""
    return tuple(f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in row)


def _show_section(section: Section) -> None:
    difference = section.difference
    click.echo(
        f"  {section.noun}: {to_dutch(len(difference.new))} nieuw, "
        f"{to_dutch(len(difference.changes))} gewijzigd, {to_dutch(len(difference.gone))} weg, "
        f"{to_dutch(difference.unchanged_count)} gelijk"
    )
    if difference.changes:
        click.echo(f"    gewijzigd: {_named(_changed(difference))}")
    if difference.gone:
        click.echo(f"    {section.gone_words}: {_named(difference.gone)}")


def _changed(difference: Difference) -> list[str]:
    return [
        f"{key} ({', '.join(_COLUMN_WORDS.get(name, name) for name in columns)})"
        for key, columns in difference.changes.items()
    ]


def _named(words: Sequence[str]) -> str:
    more = len(words) - NAMED_KEYS
    shown = ", ".join(words[:NAMED_KEYS])
    return f"{shown} en nog {to_dutch(more)}" if more > 0 else shown
