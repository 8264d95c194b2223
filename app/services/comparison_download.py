"""A comparison as a file: a row a candidate and criterion, and the same as a record for JSON."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.comparing.criteria import STARTING_VALUES
from analysis.comparing.model import MEASURE as TOTAL
from app.numbers import to_dutch, to_dutch_date
from app.services.comparison import ComparedCandidates
from app.services.comparison_table import CellView, RowView, TotalView, table_rows, totals
from app.services.downloads import Download
from app.services.lists import Column
from app.services.spreading import LEVELS

COLUMNS: tuple[Column, ...] = (
    Column("kandidaat", "Kandidaat", "text"),
    Column("nummer", "Nummer", "text", explanation="Het nummer van de locatie."),
    Column("gemeente", "Gemeente", "text"),
    Column("criterium", "Criterium", "text"),
    Column("cijfer", "Cijfer", "number", 4, explanation="In de eenheid die ernaast staat."),
    Column("eenheid", "Eenheid", "text"),
    Column("in_woorden", "In woorden", "text"),
    Column("waarde", "Waarde op de schaal", "number", 4, "0 tot 1"),
    Column("punten", "Punten van de weging", "whole"),
    Column("gewicht", "Gewicht", "number", 4, "0 tot 1, samen 1"),
    Column("deel", "Deel van het totaal", "number", 4, "punten van 100"),
    Column("totaal", "Totaal", "number", 4, "punten van 100"),
    Column("minstens", "Totaal minstens", "number", 4, "punten van 100"),
    Column("hoogstens", "Totaal hoogstens", "number", 4, "punten van 100"),
    Column("plaats", "Plaats in de volgorde", "whole"),
    Column("reden", "Waarom geen cijfer", "text"),
    Column("toelichting", "Toelichting", "text"),
    Column("bron", "Bron", "text"),
    Column("jaar", "Jaar of datum", "text"),
    Column("voorbeeld", "Voorbeeldgegevens", "text"),
)


def comparison_download(found: ComparedCandidates) -> Download:
    """Every cell of the comparison with its evidence, for a spreadsheet."""
    of_place = {entry.place.key: entry for entry in totals(found)}
    rows = [
        _row(of_place[place.key], row, cell)
        for row in table_rows(found)
        for place, cell in zip(found.places, row.cells, strict=True)
    ]
    order = {place.key: number for number, place in enumerate(found.places)}
    rows.sort(key=lambda row: order[row["_key"]])
    terms = found.question.terms
    return Download(
        name="vergelijking",
        title=f"Vergelijking van kandidaten voor {found.question.type.label}",
        columns=COLUMNS,
        rows=pd.DataFrame(rows),
        sources=found.measured.sources,
        facts=(
            ("Soort", found.question.type.label),
            ("Op datum", to_dutch_date(terms.on)),
            ("Dichtbij is binnen", f"{to_dutch(terms.radius_m)} meter lopen"),
            ("Verdeling over", LEVELS[terms.level].plural),
            ("Wat verschilt", found.lead),
            ("Houdt de volgorde stand", " ".join((*found.verdicts, found.over_settings))),
            ("Weging", STARTING_VALUES),
        ),
    )


def _row(total: TotalView, row: RowView, cell: CellView) -> dict[str, Any]:
    return {
        "_key": total.place.key,
        "kandidaat": total.place.name,
        "nummer": str(total.place.key),
        "gemeente": total.place.gemeente_name,
        "criterium": row.criterion.label,
        "cijfer": cell.raw,
        "eenheid": row.criterion.unit,
        "in_woorden": cell.text,
        "waarde": cell.value,
        "punten": row.points,
        "gewicht": row.weight,
        "deel": cell.part,
        "totaal": total.total,
        "minstens": total.at_least,
        "hoogstens": total.at_most,
        "plaats": total.rank,
        "reden": cell.reason,
        "toelichting": cell.note,
        "bron": cell.evidence.source,
        "jaar": cell.evidence.year,
        "voorbeeld": "ja" if cell.evidence.is_example else "nee",
    }


def comparison_record(found: ComparedCandidates) -> dict[str, Any]:
    """The whole comparison for a program; what is unknown is null, with the reason beside it."""
    terms, rows = found.question.terms, table_rows(found)
    return {
        "question": {
            "type": found.question.type.key,
            "on": terms.on.isoformat(),
            "counted_types": [kind.key for kind in terms.counted_types],
            "plan_scope": terms.plan_scope,
            "base": terms.base,
            "radius_m": terms.radius_m,
            "level": terms.level,
            "weighting": found.question.weighting or None,
        },
        "difference": found.lead,
        "criteria": [_criterion(row) for row in rows],
        "candidates": [
            _candidate(total, rows, number) for number, total in enumerate(totals(found))
        ],
        "order": _order(found),
        "unit": "points out of 100",
        "method": f"/methode/{TOTAL.slug}",
        "starting_values": STARTING_VALUES,
        "is_example": found.measured.is_example,
        "sources": [
            {
                "role": line.role,
                "publisher": line.release.publisher,
                "title": line.release.title,
                "year": line.release.year,
                "version": line.release.version,
                "licence": line.release.licence,
                "is_example": line.release.is_example,
            }
            for line in found.measured.sources
        ],
    }


def _criterion(row: RowView) -> dict[str, Any]:
    entry = row.criterion
    return {
        "key": entry.key,
        "label": entry.label,
        "group": entry.group.key,
        "unit": entry.unit,
        "good": entry.good,
        "bad": entry.bad,
        "points": row.points,
        "weight": row.weight,
    }


def _candidate(total: TotalView, rows: tuple[RowView, ...], number: int) -> dict[str, Any]:
    place = total.place
    return {
        "key": place.key,
        "site_code": place.site_code,
        "name": place.name,
        "gemeente_code": place.gemeente_code,
        "place_count": place.place_count,
        "status": None if place.status is None else place.status.key,
        "total": total.total,
        "at_least": total.at_least,
        "at_most": total.at_most,
        "rank": total.rank,
        "reason": total.reason,
        "cells": {row.criterion.key: _cell(row.cells[number]) for row in rows},
    }


def _cell(cell: CellView) -> dict[str, Any]:
    return {
        "raw": cell.raw,
        "value": cell.value,
        "part": cell.part,
        "reason": cell.reason,
        "note": cell.note,
        "source": cell.evidence.source,
        "year": cell.evidence.year or None,
        "method": None
        if cell.evidence.method_slug is None
        else f"/methode/{cell.evidence.method_slug}",
        "is_example": cell.evidence.is_example,
    }


def _order(found: ComparedCandidates) -> dict[str, Any]:
    robustness = found.robustness
    return {
        "ranking": list(found.comparison.ranked),
        "is_clear": None if robustness is None else robustness.is_clear,
        "over_weightings": list(found.verdicts),
        "over_settings": found.over_settings,
        "first_by_setting": {name: list(who) for name, who in found.settings.first.items()},
        "first_share": None
        if robustness is None
        else [
            {"over": entry.label, "draws": entry.draw_count, "seed": entry.seed}
            | {"shares": {str(key): share for key, share in entry.first_share.items()}}
            for entry in (robustness.everywhere, robustness.near)
        ],
        "dominated": list(found.dominated),
        "smallest_change": found.turning,
    }
