"""Places near homes as tables, as the colours of a map, and as a file.

The map is coloured from the rows of the table, so that the two can't differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor, inf
from typing import Any

import numpy as np
import pandas as pd

from analysis.classes import FIXED, classify_at
from analysis.registry import Registry
from analysis.spreading.exposure import BY_AREA, PLACES_CLASSES, UNKNOWN_CLASS
from app.numbers import to_dutch, to_dutch_significant
from app.services.downloads import Download
from app.services.exposure import Exposure
from app.services.exposure_words import (
    change_intro,
    headline,
    help_sentences,
    places_sentences,
    reading_notes,
)
from app.services.list_downloads import LEVEL_NOUNS
from app.services.lists import Column, arranged
from app.services.map_layers import AreaValue, Layer, LegendClass
from data.figures import FigureDefinition


@dataclass(frozen=True)
class Shown:
    """What the map shows of an area; ``edges`` are those of the classes, the same on every map."""

    key: str
    label: str
    column: str
    edges: tuple[float, ...]
    explanation: str


SHOWN = Registry(
    "shown number",
    (
        Shown(
            "hoogste",
            "Hoogste aantal",
            "hoogste",
            (-1.0, 0.0, 10.0, 20.0, 50.0, inf),
            "Het hoogste aantal plekken dat iemand in het gebied dicht bij huis heeft.",
        ),
        Shown(
            "gemiddelde",
            "Gemiddelde",
            "gemiddelde",
            (-1.0, 0.0, 1.0, 5.0, 10.0, inf),
            "Het gemiddelde voor alle inwoners van het gebied.",
        ),
    ),
)
NAME = Column("naam", "Naam", "text")
#: What the page shows and can be sorted by.
COLUMNS = (
    NAME,
    Column("hoogste", "Hoogste aantal", "whole"),
    Column("gemiddelde", "Gemiddeld", "number", 1),
    Column("met_plek", "Inwoners met een plek", "whole"),
)
#: In a file, for each limit.
_OF_LIMIT = (
    Column("hoogste", "Hoogste aantal", "whole", unit="plekken"),
    Column("gemiddelde", "Gemiddeld aantal", "number", 3, "plekken"),
    Column("met_plek", "Inwoners met een plek", "whole"),
    Column("met_plek_percent", "Deel van de inwoners met een plek (%)", "number", 1),
    Column("minstens", "Kan hoger zijn, want niet alle aantallen zijn bekend", "text"),
)
_NOT_KNOWN = "Hier is een locatie dichtbij waarvan het aantal plekken niet bekend is."


def area_rows(
    answer: Exposure,
    limit_m: float,
    shown: str = "hoogste",
    sort: str = NAME.key,
    descending: bool = False,
) -> pd.DataFrame:
    """The areas under the names of the columns, with ``klasse`` and ``tekst`` for the map."""
    table = answer.areas[limit_m]
    is_vague = table["is_at_least"] & (table["most_place_count"] == 0)
    rows = pd.DataFrame(
        {
            "code": table.index,
            "naam": table["name"],
            "gemeente": table["gemeente_name"],
            "hoogste": table["most_place_count"].mask(is_vague),
            "gemiddelde": table["mean_place_count"].mask(is_vague),
            "met_plek": table["near_count"].where(table["measured_count"] > 0),
            "deel": table["near_share"],
            "inwoners": table["resident_count"],
            "niet_gemeten": table["unknown_count"],
            "minstens": table["is_at_least"],
            "reden": table["reason"].mask(is_vague, _NOT_KNOWN),
            "let_op": table["warning"],
        },
        index=table.index,
    )
    chosen = SHOWN[shown]
    classes = classify_at(rows[chosen.column].map(_shown_number, na_action="ignore"), chosen.edges)
    rows["klasse"] = (classes.class_index + 1).fillna(0).astype(int)
    rows["tekst"] = [_text(row, chosen) for row in rows.to_dict("records")]
    columns = {column.key: column for column in COLUMNS}
    return arranged(rows, columns[sort], descending)


def _shown_number(value: float) -> float:
    """As it is shown, with one decimal; what is more than 0 never becomes 0."""
    return max(floor(value * 10 + 0.5) / 10, 0.1) if value > 0 else 0.0


def number_text(value: float, is_at_least: bool = False) -> str:
    """A number of places with at most one decimal; never 0 when it is more."""
    if is_at_least:
        return f"minstens {to_dutch(value, 1) if value >= 0.1 else to_dutch_significant(value, 1)}"
    return "minder dan 0,1" if 0 < value < 0.1 else to_dutch(value, 1)


def _text(row: dict[Hashable, Any], shown: Shown) -> str:
    if not row["klasse"]:
        return f"geen cijfer. {row['reden']}"
    return number_text(float(row[shown.column]), bool(row["minstens"]))


def area_layer(answer: Exposure, limit_m: float, shown: str, rows: pd.DataFrame) -> Layer:
    """The colours of the map and their legend."""
    chosen = SHOWN[shown]
    streets = [line.release for line in answer.sources if line.role == "straten"]
    return Layer(
        answer.question.level,
        FigureDefinition(
            key=f"plekken_dichtbij_{chosen.key}",
            label=f"{chosen.label} plekken binnen {to_dutch(limit_m)} meter lopen",
            unit="plekken",
            kind="mean",
            decimals=1,
            explanation=chosen.explanation,
            columns=(),
        ),
        FIXED,
        legend=tuple(
            LegendClass(number, _bounds(low, high, chosen), int((rows["klasse"] == number).sum()))
            for number, (low, high) in enumerate(pairwise(chosen.edges), start=1)
        ),
        unknown_count=int((rows["klasse"] == 0).sum()),
        values=tuple(_value(row, chosen) for row in rows.to_dict("records")),
        release=streets[0],
    )


def _bounds(low: float, high: float, shown: Shown) -> str:
    step = 1.0 if shown.key == "hoogste" else 0.1
    if high == 0:
        return "0"
    if high == inf:
        return f"meer dan {to_dutch(low)}"
    return f"{to_dutch(low + step, 1)} t/m {to_dutch(high)}"


def _value(row: dict[Hashable, Any], shown: Shown) -> AreaValue:
    known = bool(row["klasse"])
    return AreaValue(
        code=row["code"],
        name=row["naam"],
        gemeente_name=row["gemeente"],
        class_number=row["klasse"],
        value=float(row[shown.column]) if known else None,
        text=row["tekst"],
    )


@dataclass(frozen=True)
class ClassRow:
    """Residents with so many places near: a count and a share for each limit."""

    key: str
    label: str
    counts: tuple[float, ...]
    shares: tuple[float, ...]


def class_rows(answer: Exposure) -> tuple[ClassRow, ...]:
    """The residents by number of places; the row of unknown ones only when there are any."""
    found = answer.by_places
    counts, shares = found.counts, found.shares
    return tuple(
        ClassRow(entry.key, entry.label, tuple(counts.loc[entry.key]), tuple(shares.loc[entry.key]))
        for entry in (*PLACES_CLASSES, UNKNOWN_CLASS)
        if entry is not UNKNOWN_CLASS or counts.loc[entry.key].any()
    )


def exposure_download(answer: Exposure, limit_m: float) -> Download:
    """Every area with its numbers for each limit, with what it rests on."""
    question = answer.question
    one, many = LEVEL_NOUNS[question.level]
    return Download(
        name=f"dicht-bij-huis-{many}",
        title=headline(answer, limit_m),
        columns=_download_columns(answer),
        rows=_download_rows(answer),
        sources=answer.sources,
        facts=(
            ("Soort", ", ".join(entry.label for entry in question.types)),
            ("Gebieden", many),
            ("Peildatum", question.on.isoformat()),
            ("Telt mee", f"{question.plan_scope.label}. {question.plan_scope.explanation}"),
            ("Locaties die meetellen", str(len(answer.sites))),
            ("Locaties die niet meetellen", str(len(answer.left_out))),
            *_class_facts(answer),
            *_change_facts(answer, limit_m),
            *reading_notes(answer),
            ("Lege cel", f"Er is geen cijfer. De reden staat bij de {one}."),
            ("Uitleg", f"/methode/{BY_AREA.slug} op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
    )


def _class_facts(answer: Exposure) -> list[tuple[str, str]]:
    limits = answer.question.limits_m
    return [
        (
            f"Inwoners met {row.label} plekken binnen {to_dutch(limit)} m",
            f"{to_dutch(count)} ({to_dutch_significant(100 * share)}%)",
        )
        for row in class_rows(answer)
        for limit, count, share in zip(limits, row.counts, row.shares, strict=True)
        if not np.isnan(share)
    ]


def _change_facts(answer: Exposure, limit_m: float) -> list[tuple[str, str]]:
    comparison = answer.comparison
    if comparison is None:
        return []
    change = comparison.region
    sentences = (*places_sentences(change, limit_m), *help_sentences(change))
    return [
        ("Vergelijking", change_intro(comparison)),
        *(("Wat er verandert", sentence) for sentence in sentences),
    ]


def _download_columns(answer: Exposure) -> tuple[Column, ...]:
    of_limits = [
        replace(column, key=f"{column.key}_{limit:g}_m", label=f"{column.label} binnen {limit:g} m")
        for limit in answer.question.limits_m
        for column in _OF_LIMIT
    ]
    return (
        Column("code", "Code", "text"),
        NAME,
        Column("gemeente", "Gemeente", "text"),
        Column("inwoners", "Inwoners", "whole"),
        Column("niet_gemeten", "Inwoners die niet te meten zijn", "whole"),
        *of_limits,
        Column("reden", "Reden als er geen cijfer is", "text"),
        Column("let_op", "Let op", "text"),
    )


def _download_rows(answer: Exposure) -> pd.DataFrame:
    first = area_rows(answer, answer.question.limits_m[0])
    rows = first[["code", "naam", "gemeente", "inwoners", "niet_gemeten", "reden", "let_op"]].copy()
    for limit in answer.question.limits_m:
        near = area_rows(answer, limit)
        for key in ("hoogste", "gemiddelde", "met_plek"):
            rows[f"{key}_{limit:g}_m"] = near[key]
        rows[f"met_plek_percent_{limit:g}_m"] = 100 * near["deel"]
        rows[f"minstens_{limit:g}_m"] = near["minstens"].map({True: "ja", False: "nee"})
        rows["reden"] = rows["reden"].fillna(near["reden"])
    return rows
