"""How heavy each subject weighs: the middle weighting, the middle half, and the reader's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.charts.chart import Chart
from app.charts.scales import Scale
from app.numbers import to_dutch
from app.services.importance_summary import SubjectRow

LEFT, RIGHT, TOP, ROW, BAR = 12.0, 456.0, 40.0, 54.0, 14.0
#: The axis runs at least this far.
LEAST_END = 40.0
KEY = "wat-telt"


@dataclass(frozen=True)
class BandRow:
    """One subject: its name above a band with a dot in it, and the reader's own as a diamond."""

    y: float
    name: str
    low: float
    width: float
    at: float
    own: float | None


@dataclass(frozen=True)
class BandShapes:
    """What is drawn; ticks are pairs of a place and a text."""

    rows: tuple[BandRow, ...]
    x_ticks: tuple[tuple[float, str], ...]
    bar: float
    top: float
    bottom: float


def importance_chart(
    rows: Sequence[SubjectRow], own: Mapping[str, float] | None = None
) -> Chart | None:
    """The subjects in this order; None without any."""
    if not rows:
        return None
    shares = dict(own or {})
    highest = max([row.high for row in rows] + list(shares.values()))
    x = Scale(0.0, max(LEAST_END, 10.0 * -(-highest // 10)), LEFT, RIGHT)
    bottom = TOP + ROW * len(rows)
    says = (
        "De punt is de middelste afweging. De balk is de middelste helft: een kwart van de "
        "afwegingen ligt links ervan, een kwart rechts."
    )
    if shares:
        says += " De ruit is uw eigen weging."
    return Chart(
        key=KEY,
        title="Hoe zwaar telt elk onderwerp? Deel van 100",
        says=says,
        template="importance.svg",
        shapes=BandShapes(
            tuple(_row(row, TOP + ROW * at, x, shares) for at, row in enumerate(rows)),
            tuple((x.at(tick), to_dutch(tick)) for tick in x.ticks(6)),
            BAR,
            TOP,
            bottom,
        ),
        height=bottom + 8,
    )


def _row(row: SubjectRow, y: float, x: Scale, own: Mapping[str, float]) -> BandRow:
    low, high = x.at(row.low), x.at(row.high)
    mine = own.get(row.subject.key)
    return BandRow(
        y,
        row.subject.label,
        low,
        round(high - low, 2),
        x.at(row.median),
        None if mine is None else x.at(mine),
    )
