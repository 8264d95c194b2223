"""What residents find important as a file: subjects, first places and wijken, below each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.dialogue.first_places import MEASURE as FIRST
from analysis.dialogue.importance import LEAST_ANSWERS
from analysis.dialogue.importance import MEASURE as IMPORTANCE
from app.numbers import to_dutch, to_dutch_date
from app.services.downloads import Download
from app.services.importance_overview import FEWER, Overview
from app.services.importance_summary import NO_VOTE, SubjectRow
from app.services.lists import Column

ALL = "alle afwegingen"
COLUMNS: tuple[Column, ...] = (
    Column("wat", "Wat", "text", explanation="Gewicht, eerste plaats of bereik."),
    Column("gebied_code", "Code van de wijk", "text"),
    Column("gebied", "Gebied", "text", explanation="Alle afwegingen samen, of een wijk."),
    Column("onderdeel", "Onderwerp of plek", "text"),
    Column("afwegingen", "Aantal afwegingen", "whole"),
    Column("keer_vooraan", "Keer alleen vooraan", "whole"),
    Column("waarde", "Waarde", "number", 1, explanation="Middelste afweging, of deel vooraan."),
    Column("van", "Van", "number", 1, explanation="Kwart eronder, of ondergrens van de marge."),
    Column("tot", "Tot", "number", 1, explanation="Kwart erboven, of bovengrens van de marge."),
    Column("eenheid", "Eenheid", "text"),
    Column("inwoners", "Inwoners van de wijk", "whole"),
    Column("reden", "Waarom geen cijfer", "text"),
)
Row = dict[str, Any]


def importance_download(found: Overview) -> Download:
    """Every figure of the page, for a spreadsheet; no row is of one person."""
    record = found.track.record
    rows = [*_subjects(found), *_firsts(found), *_wijken(found)]
    return Download(
        name=f"belang-{record.code}",
        title=f"Wat inwoners belangrijk vinden: {record.title}",
        columns=COLUMNS,
        rows=pd.DataFrame(rows, columns=[column.key for column in COLUMNS]),
        sources=found.sources,
        facts=(
            ("Gesprek", record.title),
            ("Op datum", to_dutch_date(found.track.on)),
            ("Stap", "alle stappen" if found.phase is None else found.phase.name),
            ("Afwegingen", to_dutch(found.summary.count)),
            ("Let op", NO_VOTE),
            ("Weging", IMPORTANCE.explanation),
            ("Eerste plaats", FIRST.explanation),
        ),
    )


def _subjects(found: Overview) -> Iterator[Row]:
    told = found.summary
    reason = None if told.is_told else f"minder dan {LEAST_ANSWERS} afwegingen"
    by_key = {row.subject.key: row for row in told.subjects}
    for subject in found.track.subjects:
        row = by_key.get(subject.key)
        yield {
            "wat": "gewicht",
            "gebied": ALL,
            "onderdeel": subject.label,
            "afwegingen": told.count,
            "reden": reason,
            **_weight(row),
        }


def _weight(row: SubjectRow | None) -> Row:
    if row is None:
        return {"eenheid": "deel van 100"}
    return {"waarde": row.median, "van": row.low, "tot": row.high, "eenheid": "deel van 100"}


def _firsts(found: Overview) -> Iterator[Row]:
    for row in found.summary.firsts:
        yield {
            "wat": "eerste plaats",
            "gebied": ALL,
            "onderdeel": row.place.name,
            "afwegingen": found.summary.order_count,
            "keer_vooraan": row.count,
            "waarde": 100 * row.share,
            "van": 100 * row.low,
            "tot": 100 * row.high,
            "eenheid": "van de 100 afwegingen",
        }


def _wijken(found: Overview) -> Iterator[Row]:
    for wijk in found.reach.wijken:
        base = {"gebied_code": wijk.code, "gebied": wijk.name, "afwegingen": wijk.count}
        yield {
            **base,
            "wat": "bereik",
            "inwoners": wijk.resident_count,
            "reden": FEWER if wijk.count is None else wijk.resident_reason,
        }
        for row in wijk.subjects:
            yield {**base, "wat": "gewicht", "onderdeel": row.subject.label, **_weight(row)}
    yield {
        "wat": "bereik",
        "gebied": "andere wijken, of niet gezegd",
        "afwegingen": found.reach.other_count,
    }
