"""Measures as rows for readers: the number, what chance would give, and what that says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.method import Measure, Wording
from analysis.spreading import (
    Spreading,
    gini,
    hoover,
    local_moran,
    moran,
    nearest_neighbour,
    ripley,
    theil,
)
from analysis.spreading.clustering import Clustering
from analysis.spreading.outcome import Outcome, Position
from app.numbers import to_dutch

Positions = Mapping[Position, str]
Number = Callable[[float], str]
_ALIKE = "geen duidelijk verschil met toeval"
UNEVEN: Positions = {
    "hoger": "ongelijker dan bij toeval",
    "lager": "gelijker dan bij toeval",
    "geen_duidelijk_verschil": _ALIKE,
}
#: Of distances: a higher number is farther apart. Of Ripley it is the other way round.
APART: Positions = {
    "hoger": "verder uit elkaar dan bij toeval",
    "lager": "dichter bij elkaar dan bij toeval",
    "geen_duidelijk_verschil": _ALIKE,
}
TOGETHER: Positions = {**APART, "hoger": APART["lager"], "lager": APART["hoger"]}
NEIGHBOURS: Positions = {
    "hoger": "buren lijken meer op elkaar dan bij toeval",
    "lager": "buren verschillen meer dan bij toeval",
    "geen_duidelijk_verschil": _ALIKE,
}


@dataclass(frozen=True)
class MeasureRow:
    """One measure in words; ``value`` is None where ``reason`` says why, ``band`` without draws."""

    label: str
    slug: str
    value: str | None
    band: str | None
    position: str | None
    reason: str | None
    is_part: bool = False


@dataclass(frozen=True)
class RadiusRow:
    """Ripley's L within one radius, all in metres and as text."""

    radius: str
    value: str
    low: str
    high: str


def evenness_rows(spreading: Spreading) -> list[MeasureRow]:
    """Hoover, Gini and Theil; the parts of Theil only where areas lie in larger ones."""
    found = spreading.evenness
    rows = [
        _row(hoover.MEASURE, found.hoover, UNEVEN, _index),
        _row(gini.MEASURE, found.gini, UNEVEN, _index),
        _row(theil.MEASURE, found.theil, UNEVEN, _index),
    ]
    if found.theil_between.value is not None:
        rows += [
            _row(theil.MEASURE, found.theil_between, UNEVEN, _index, "waarvan tussen gemeenten"),
            _row(theil.MEASURE, found.theil_within, UNEVEN, _index, "waarvan binnen gemeenten"),
        ]
    return rows


def clustering_rows(found: Clustering) -> list[MeasureRow]:
    """How far apart sites are on foot and in a straight line, and whether wijken are alike."""
    rows = [
        _row(nearest_neighbour.MEASURE, found.nearest_neighbour, APART, _metres),
        _row(ripley.MEASURE, found.ripley.outcome, TOGETHER, _metres),
        _row(moran.MEASURE, found.moran.outcome, NEIGHBOURS, _index),
    ]
    return [row for row in rows if row.value is not None or row.reason is not None]


def radius_rows(found: Clustering) -> list[RadiusRow]:
    """Ripley's L at every radius; none where it has a reason."""
    if found.ripley.outcome.value is None:
        return []
    return [
        RadiusRow(*(to_dutch(round(row[name])) for name in ("radius_m", "l", "low", "high")))
        for row in found.ripley.table.to_dict("records")
    ]


def local_rows(found: Clustering) -> list[tuple[str, str, str]]:
    """The wijken that clearly go with, or against, their neighbours: code, name and how."""
    table = found.moran.table
    clear = table[table["key"].notna() & (table["key"] != "geen_duidelijk_verschil")]
    return [
        (str(code), str(row["name"]), local_moran.LOCAL_KEYS[row["key"]].label)
        for code, row in clear.iterrows()
    ]


def _row(
    measure: Measure[Any],
    outcome: Outcome,
    positions: Positions,
    number: Number,
    part: str | None = None,
) -> MeasureRow:
    value, band, position = outcome.value, outcome.band, outcome.position
    return MeasureRow(
        label=part or measure.label,
        slug=measure.slug,
        value=None if value is None else number(value),
        band=None if band is None else f"{number(band.low)} tot {number(band.high)}",
        position=None if position is None else positions[position],
        reason=None if outcome.reason is None else outcome.reason.label,
        is_part=part is not None,
    )


def _index(value: float) -> str:
    return to_dutch(value, 3, all_decimals=True)


def _metres(value: float) -> str:
    return f"{to_dutch(round(value))} m"


def draws_note(spreading: Spreading) -> str:
    """What the bands rest on, or why there are none."""
    found = spreading.evenness
    if found.hoover.value is None:
        return ""
    if found.hoover.band is None:
        reason = f" {found.band_reason.label}" if found.band_reason else ""
        return f"Hoe dit bij toeval zou zijn, zeggen wij niet.{reason}"
    return (
        f"Bij toeval: wij verloten dezelfde {to_dutch(found.site_count)} locaties over de "
        "gebieden. Een gebied dat een groter aandeel hoort te hebben, heeft een grotere kans. Dat "
        f"doen wij {to_dutch(found.draw_count)} keer. Bij 95 van de 100 keer ligt de maat tussen "
        f"de twee getallen. Het startgetal van de loting is {found.seed}: met hetzelfde startgetal "
        "komt er hetzelfde uit."
    )


def chance_note(spreading: Spreading, wording: Wording) -> str:
    """Why rows may differ clearly while the whole does not: places are counted, sites are drawn."""
    is_clear = spreading.table["verdict"].isin(["boven_aandeel", "onder_aandeel"]).any()
    if spreading.evenness.hoover.position != "geen_duidelijk_verschil" or not is_clear:
        return ""
    return (
        f"Bij sommige {wording.areas} staat wel een duidelijk verschil. Daar tellen wij losse "
        "plekken. Hier verloten wij hele locaties. Met zo weinig locaties kan een loting net zo "
        "ongelijk uitvallen."
    )


def evenness_facts(spreading: Spreading) -> tuple[tuple[str, str], ...]:
    """The same for a file: a pair of name and text for each measure."""
    told = [(row.label, row.reason or "; ".join(_known(row))) for row in evenness_rows(spreading)]
    note = draws_note(spreading)
    return (*told, ("Toeval", note)) if note else tuple(told)


def _known(row: MeasureRow) -> list[str]:
    chance = [] if row.band is None else [f"bij toeval {row.band}", str(row.position)]
    return [str(row.value), *chance]
