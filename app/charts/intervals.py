"""The quotient of every area with its interval, around the line of exactly in proportion."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.method import Wording
from analysis.spreading import Spreading
from app.charts.chart import Chart
from app.charts.scales import Scale
from app.numbers import to_dutch

LEFT, TOP, RIGHT, ROW = 190.0, 30.0, 452.0, 27.0
MOST_QUOTIENT = 5.0
LEAST_TOP = 2.0
CLEAR = ("boven_aandeel", "onder_aandeel")
_MOST_LETTERS = 25


@dataclass(frozen=True)
class IntervalRow:
    """One area: its name, and where its quotient and interval lie; None without a quotient."""

    y: float
    name: str
    low: float | None
    high: float | None
    at: float | None
    is_clear: bool
    is_beyond: bool


@dataclass(frozen=True)
class IntervalShapes:
    """What is drawn; ticks are pairs of a place and a text."""

    rows: tuple[IntervalRow, ...]
    x_ticks: tuple[tuple[float, str], ...]
    one_x: float
    top: float
    bottom: float


def interval_chart(spreading: Spreading, names: pd.Series, wording: Wording) -> Chart | None:
    """The areas of ``names`` (area code to name) in that order; None without any quotient."""
    table = spreading.table.loc[names.index]
    if table["location_quotient"].isna().all():
        return None
    highest = float(table["location_quotient_high"].max())
    x = Scale(0.0, min(MOST_QUOTIENT, max(LEAST_TOP, highest)), LEFT, RIGHT)
    bottom = TOP + ROW * len(table)
    rows = tuple(
        _row(row, name, TOP + ROW * (number + 0.5), x)
        for number, ((_, row), name) in enumerate(zip(table.iterrows(), names, strict=True))
    )
    return Chart(
        key="verhouding",
        title=f"Plekken per {wording.area}, vergeleken met een gelijke verdeling",
        says=(
            "De punt is de verhouding, de streep de marge. Op de lijn bij 1 is het aandeel precies "
            "naar verhouding. Links van de lijn is het minder, rechts meer."
        ),
        template="intervals.svg",
        shapes=IntervalShapes(
            rows,
            tuple((x.at(tick), to_dutch(tick, 1)) for tick in x.ticks(6)),
            x.at(1),
            TOP,
            bottom,
        ),
        height=bottom + 34,
    )


def _row(row: pd.Series, name: str, y: float, x: Scale) -> IntervalRow:
    short = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
    if pd.isna(row["location_quotient"]):
        return IntervalRow(y, short, None, None, None, False, False)
    return IntervalRow(
        y,
        short,
        x.at(row["location_quotient_low"]),
        x.at(row["location_quotient_high"]),
        x.at(row["location_quotient"]),
        row["verdict"] in CLEAR,
        bool(row["location_quotient_high"] > x.high),
    )
