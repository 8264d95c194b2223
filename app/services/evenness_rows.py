"""The evenness of a spreading as rows for readers: each measure with what chance would give."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.method import Measure
from analysis.spreading import Spreading, gini, hoover, theil
from analysis.spreading.outcome import Outcome
from app.numbers import to_dutch

#: What is said of a measure against its band.
POSITIONS = {
    "hoger": "ongelijker dan bij toeval",
    "lager": "gelijker dan bij toeval",
    "geen_duidelijk_verschil": "geen duidelijk verschil met toeval",
}
_DECIMALS = 3


@dataclass(frozen=True)
class EvennessRow:
    """One measure in words; ``value`` and ``band`` are None where ``reason`` says why."""

    key: str
    label: str
    slug: str
    value: str | None
    band: str | None
    position: str | None
    reason: str | None
    is_part: bool = False


def evenness_rows(spreading: Spreading) -> list[EvennessRow]:
    """Hoover, Gini and Theil; the parts of Theil only where areas lie in larger ones."""
    found = spreading.evenness
    rows = [
        _row("hoover", hoover.MEASURE, hoover.MEASURE.label, found.hoover),
        _row("gini", gini.MEASURE, gini.MEASURE.label, found.gini),
        _row("theil", theil.MEASURE, theil.MEASURE.label, found.theil),
    ]
    if found.theil_between.value is not None:
        rows += [
            _part("theil_tussen", "tussen gemeenten", found.theil_between),
            _part("theil_binnen", "binnen gemeenten", found.theil_within),
        ]
    return rows


def _part(key: str, label: str, outcome: Outcome) -> EvennessRow:
    return _row(key, theil.MEASURE, f"waarvan {label}", outcome, is_part=True)


def _row(
    key: str, measure: Measure[Spreading], label: str, outcome: Outcome, is_part: bool = False
) -> EvennessRow:
    value, band = outcome.value, outcome.band
    return EvennessRow(
        key=key,
        label=label,
        slug=measure.slug,
        value=None if value is None else _number(value),
        band=None if band is None else f"{_number(band.low)} tot {_number(band.high)}",
        position=None if outcome.position is None else POSITIONS[outcome.position],
        reason=None if outcome.reason is None else outcome.reason.label,
        is_part=is_part,
    )


def _number(value: float) -> str:
    return to_dutch(value, _DECIMALS, all_decimals=True)


def draws_note(spreading: Spreading) -> str:
    """What the bands rest on, or why there are none."""
    found = spreading.evenness
    if found.band_reason is not None:
        return f"Hoe dit bij toeval zou zijn, zeggen wij niet. {found.band_reason.label}"
    if found.hoover.band is None:
        return ""
    return (
        f"Bij toeval: wij verloten dezelfde {to_dutch(found.site_count)} locaties over de "
        "gebieden. "
        "Een gebied dat een groter aandeel hoort te hebben, heeft een grotere kans. Dat doen wij "
        f"{to_dutch(found.draw_count)} keer. Bij 95 van de 100 keer ligt de maat tussen de twee "
        f"getallen. Het startgetal van de loting is {found.seed}: met hetzelfde startgetal komt er "
        "hetzelfde uit."
    )


def evenness_facts(spreading: Spreading) -> tuple[tuple[str, str], ...]:
    """The same for a file: a pair of name and text for each measure."""
    told = [(row.label, row.reason or "; ".join(_known(row))) for row in evenness_rows(spreading)]
    note = draws_note(spreading)
    return (*told, ("Toeval", note)) if note else tuple(told)


def _known(row: EvennessRow) -> list[str]:
    chance = [] if row.band is None else [f"bij toeval {row.band}", str(row.position)]
    return [str(row.value), *chance]
