"""The funnel: every area by its fair share and its quotient, and what chance explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.method import Wording
from analysis.spreading import Spreading
from analysis.spreading.funnel import funnel_limits
from app.charts.chart import WIDTH, Chart
from app.charts.labels import Label, Spot, place_labels
from app.charts.scales import Scale, from_zero
from app.numbers import to_dutch
from app.words import listed_names

HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 352.0, 44.0, 28.0, 304.0, 468.0
#: What lies above this quotient is drawn at the upper edge.
MOST_QUOTIENT = 5.0
LEAST_TOP = 2.0
_CURVE_POINTS = 120
#: How far a name may reach above the drawing, under the title of the axis.
_ABOVE = 2.0
#: With more areas than this only those outside the funnel are named.
MOST_NAMES = 12
CLEAR = ("boven_aandeel", "onder_aandeel")


@dataclass(frozen=True)
class Dot:
    """An area in the drawing; ``is_beyond`` when its quotient lies above the upper edge."""

    x: float
    y: float
    is_clear: bool
    is_beyond: bool


@dataclass(frozen=True)
class FunnelShapes:
    """What is drawn; ticks are pairs of a place and a text."""

    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    low: str
    high: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    one_y: float
    x_title: str
    y_title: str
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM


def funnel_chart(spreading: Spreading, wording: Wording) -> Chart | None:
    """The funnel of a spreading; None where no verdict can be given."""
    rows = spreading.table[spreading.table["location_quotient"].notna()]
    if not spreading.is_applicable or spreading.has_too_few_places or rows.empty:
        return None
    x = from_zero(float(rows["fair_share_count"].max()) * 1.02, LEFT, RIGHT, ticks=6)
    y = Scale(0.0, _top(rows), BOTTOM, TOP)
    dots = _dots(rows, x, y)
    low, high = _curves(spreading, x, y)
    return Chart(
        key="trechter",
        title=f"Welke {wording.areas} liggen verder van 1 dan toeval verklaart?",
        says=_says(rows, wording),
        template="funnel.svg",
        shapes=FunnelShapes(
            dots=dots,
            labels=_labels(rows, dots),
            low=low,
            high=high,
            x_ticks=tuple((x.at(tick), to_dutch(tick, 1)) for tick in x.ticks(6)),
            y_ticks=tuple((y.at(tick), to_dutch(tick, 1)) for tick in y.ticks(6)),
            one_y=y.at(1),
            x_title=f"evenredig aandeel ({wording.places})",
            y_title="verhouding",
        ),
        height=HEIGHT,
    )


def _top(rows: pd.DataFrame) -> float:
    highest = float(rows["location_quotient"].max()) * 1.08
    return float(np.ceil(2 * min(MOST_QUOTIENT, max(LEAST_TOP, highest))) / 2)


def _dots(rows: pd.DataFrame, x: Scale, y: Scale) -> tuple[Dot, ...]:
    return tuple(
        Dot(x.at(fair), y.at(quotient), verdict in CLEAR, quotient > y.high)
        for fair, quotient, verdict in zip(
            rows["fair_share_count"], rows["location_quotient"], rows["verdict"], strict=True
        )
    )


def _labels(rows: pd.DataFrame, dots: Sequence[Dot]) -> tuple[Label, ...]:
    """Names of all areas when they are few, and else of those outside the funnel."""
    is_named = [len(dots) <= MOST_NAMES or dot.is_clear for dot in dots]
    spots = [
        Spot(dot.x, dot.y, name)
        for dot, name, named in zip(dots, rows["name"], is_named, strict=True)
        if named
    ]
    nameless = [(dot.x, dot.y) for dot, named in zip(dots, is_named, strict=True) if not named]
    return tuple(place_labels(spots, nameless, WIDTH, BOTTOM, TOP - _ABOVE))


def _curves(spreading: Spreading, x: Scale, y: Scale) -> tuple[str, str]:
    """Both limits, lower first, as points of a line: closer together where they bend most."""
    total = spreading.totals.capacity_count
    fair = x.high * np.linspace(0.02, 1, _CURVE_POINTS) ** 2
    fair = fair[fair < total]
    limits = funnel_limits(total, pd.Series(fair / total), spreading.confidence)

    def line(name: str) -> str:
        pairs = zip(fair, limits[name], strict=True)
        return " ".join(f"{x.at(at)},{y.at(limit)}" for at, limit in pairs if limit < y.high)

    return line("low"), line("high")


def _says(rows: pd.DataFrame, wording: Wording) -> str:
    over = list(rows.loc[rows["verdict"] == "boven_aandeel", "name"])
    under = list(rows.loc[rows["verdict"] == "onder_aandeel", "name"])
    inside = len(rows) - len(over) - len(under)
    parts = []
    if over:
        parts.append(f"Boven de trechter {_lie(over, wording)}: hier zijn duidelijk meer plekken.")
    if under:
        parts.append(
            f"Onder de trechter {_lie(under, wording)}: hier zijn duidelijk minder plekken."
        )
    if not parts:
        return (
            f"Alle {to_dutch(len(rows))} {wording.areas} liggen binnen de trechter: "
            "er is geen duidelijk verschil met het evenredig aandeel."
        )
    areas = (
        f"1 {wording.area} ligt" if inside == 1 else f"{to_dutch(inside)} {wording.areas} liggen"
    )
    if inside:
        parts.append(f"{areas} binnen de trechter: geen duidelijk verschil.")
    return " ".join(parts)


def _lie(names: list[str], wording: Wording) -> str:
    if len(names) > MOST_NAMES // 2:
        return f"liggen {to_dutch(len(names))} {wording.areas}"
    return f"{'ligt' if len(names) == 1 else 'liggen'} {listed_names(names)}"
