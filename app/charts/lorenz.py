"""The Lorenz curve: which part of the residents has which part of the places nearby."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.method import Wording
from analysis.spreading import Spreading
from app.charts.chart import Chart
from app.charts.scales import Scale
from app.numbers import to_dutch

HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 378.0, 52.0, 24.0, 330.0, 468.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class LorenzShapes:
    """What is drawn; ticks are pairs of a place and a text."""

    curve: str
    fill: str
    dots: tuple[tuple[float, float], ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str
    y_title: str
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM


def lorenz_chart(spreading: Spreading, wording: Wording) -> Chart | None:
    """The Lorenz curve of a spreading; None where it says nothing (see ``Evenness.gini``)."""
    curve = spreading.evenness.lorenz
    if curve.empty:
        return None
    x, y = Scale(0, 1, LEFT, RIGHT), Scale(0, 1, BOTTOM, TOP)
    places = [
        (x.at(weight), y.at(capacity))
        for weight, capacity in zip(curve["weight_share"], curve["capacity_share"], strict=True)
    ]
    line = " ".join(f"{at_x},{at_y}" for at_x, at_y in places)
    return Chart(
        key="lorenz",
        title=f"Welk deel van de {wording.base} heeft welk deel van de plekken?",
        says=_says(spreading, wording),
        template="lorenz.svg",
        shapes=LorenzShapes(
            curve=line,
            fill=f"{line} {RIGHT},{TOP}",
            dots=tuple(places[1:-1]),
            x_ticks=tuple((x.at(tick), f"{to_dutch(100 * tick)}%") for tick in _TICKS),
            y_ticks=tuple((y.at(tick), f"{to_dutch(100 * tick)}%") for tick in _TICKS),
            x_title=f"deel van de {wording.base}",
            y_title="deel van de plekken",
        ),
        height=HEIGHT,
    )


def held_by_half(spreading: Spreading) -> float:
    """The share of the places of the half of the base in the areas with the fewest for it."""
    curve = spreading.evenness.lorenz
    return float(np.interp(0.5, curve["weight_share"], curve["capacity_share"]))


def _says(spreading: Spreading, wording: Wording) -> str:
    held = to_dutch(100 * held_by_half(spreading))
    return (
        f"Zet de {wording.areas} op volgorde, van naar verhouding de minste naar de meeste "
        "plekken. "
        f"In de eerste helft, gerekend naar {wording.base}, zijn {held} van de 100 plekken. "
        "Bij een gelijke verdeling zouden dat er 50 zijn: de stippellijn."
    )
