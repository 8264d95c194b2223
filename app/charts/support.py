"""The share that is positive at each measurement of support, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.dialogue.support import SupportShare
from app.charts.chart import Chart
from app.charts.scales import Scale

LEFT, TOP, RIGHT, ROW = 190.0, 30.0, 452.0, 32.0


@dataclass(frozen=True)
class SupportRow:
    """One measurement: its day, and where its share and interval lie."""

    y: float
    name: str
    low: float
    high: float
    at: float
    text: str


@dataclass(frozen=True)
class SupportShapes:
    """What is drawn; ticks are pairs of a place and a text."""

    rows: tuple[SupportRow, ...]
    x_ticks: tuple[tuple[float, str], ...]
    top: float
    bottom: float


def support_chart(rows: Sequence[tuple[str, SupportShare]]) -> Chart | None:
    """The measurements, each a day in words and a share, in that order; None without any."""
    if not rows:
        return None
    x = Scale(0.0, 1.0, LEFT, RIGHT)
    bottom = TOP + ROW * len(rows)
    shapes = SupportShapes(
        tuple(
            _row(name, share, TOP + ROW * (number + 0.5), x)
            for number, (name, share) in enumerate(rows)
        ),
        tuple((x.at(tick / 100), f"{tick}%") for tick in (0, 25, 50, 75, 100)),
        TOP,
        bottom,
    )
    return Chart(
        key="draagvlak",
        title="Deel van de antwoorden dat positief is, per meting",
        says="De punt is het deel dat positief is, de streep de marge. Langer is minder zeker.",
        template="support.svg",
        shapes=shapes,
        height=bottom + 12,
    )


def _row(name: str, share: SupportShare, y: float, x: Scale) -> SupportRow:
    text = f"{100 * share.share:.0f}%"
    return SupportRow(y, name, x.at(share.low), x.at(share.high), x.at(share.share), text)
