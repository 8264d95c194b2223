"""The evenness of a spreading for a terminal and for a program."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.spreading import Spreading
from analysis.spreading.evenness import Evenness
from analysis.spreading.outcome import POSITIONS, Band, Outcome, Reason
from app.numbers import to_dutch, to_dutch_significant

#: What a line of the table calls each number; the parts of Theil stand under their whole.
_LABELS = {
    "hoover": "Hoover-index",
    "gini": "Gini-index",
    "theil": "Theil-index",
    "theil_between": "  tussen gemeenten",
    "theil_within": "  binnen gemeenten",
}


def evenness_json(evenness: Evenness) -> dict[str, Any]:
    """Each number with its reason, band and position; the Lorenz curve; sites and seed."""
    return {
        "evenness": {name: _to_json(getattr(evenness, name)) for name in _LABELS},
        "lorenz": [
            {name: None if value is pd.NA else value for name, value in point.items()}
            for point in evenness.lorenz.to_dict("records")
        ],
        "site_count": evenness.site_count,
        "band_reason": _reason_json(evenness.band_reason),
        "seed": evenness.seed,
    }


def _to_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "value": outcome.value,
        "reason": _reason_json(outcome.reason),
        "band": None if outcome.band is None else _band_json(outcome.band),
        "position": outcome.position,
    }


def _reason_json(reason: Reason | None) -> dict[str, str] | None:
    return None if reason is None else {"key": reason.key, "label": reason.label}


def _band_json(band: Band) -> dict[str, float | int]:
    return {
        "low": band.low,
        "middle": band.middle,
        "high": band.high,
        "draws": band.draw_count,
        "seed": band.seed,
    }


def evenness_lines(spreading: Spreading) -> list[str]:
    """A line for each number that there is, or why it is not there; nothing without figures."""
    evenness = spreading.evenness
    if not spreading.is_applicable:
        return []
    lines = [_line(label, getattr(evenness, name)) for name, label in _LABELS.items()]
    parts = {evenness.theil_between.reason, evenness.theil_within.reason}
    # Why there are no parts is said once, or with the whole.
    lines = lines if parts == {None} else lines[:3]
    return [*lines, _about_bands(evenness)]


def _line(label: str, outcome: Outcome) -> str:
    if outcome.reason is not None:
        return f"{label}: niet te geven. {outcome.reason.label}"
    line = f"{label}: {to_dutch_significant(outcome.value)}"
    if outcome.band is None or outcome.position is None:
        return line
    low, high = (to_dutch_significant(end) for end in (outcome.band.low, outcome.band.high))
    return f"{line}, {POSITIONS[outcome.position]} ({low} tot {high})"


def _about_bands(evenness: Evenness) -> str:
    even = "Bij 0 is alles gelijk verdeeld."
    if evenness.band_reason is not None:
        return f"{even} Er is geen vergelijking met toeval. {evenness.band_reason.label}"
    return (
        f"{even} Toeval: {to_dutch(evenness.draw_count)} keer dezelfde {evenness.site_count} "
        f"locaties op andere plekken, startgetal {evenness.seed}."
    )
