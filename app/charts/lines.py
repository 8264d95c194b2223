"""A line through the years: one number, a dot for each date, and a gap where there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.chart import WIDTH, Chart
from app.charts.scales import Scale, from_zero
from app.numbers import to_dutch

HEIGHT_PX = 230.0
_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 52.0, WIDTH - 28.0, 26.0, 196.0
#: A label on the axis needs about so much room.
_LABEL_PX = 46.0


@dataclass(frozen=True)
class Dot:
    """A number on its date; ``text`` is written beside it, empty where it would be too much."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class LineShapes:
    """Where everything lies in the drawing; a path is the points of one unbroken line."""

    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    heights: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    left: float = _LEFT_PX
    right: float = _RIGHT_PX
    bottom: float = _BOTTOM_PX


def line_chart(
    key: str, title: str, says: str, values: Sequence[tuple[dt.date, float | None]]
) -> Chart | None:
    """The numbers by date, oldest first; None when fewer than two are known."""
    known = [(on, value) for on, value in values if value is not None]
    if len(known) < 2:
        return None
    across = Scale(values[0][0].toordinal(), values[-1][0].toordinal(), _LEFT_PX + 8, _RIGHT_PX - 8)
    upwards = from_zero(max(value for _, value in known), _BOTTOM_PX, _TOP_PX)
    shapes = LineShapes(
        paths=_paths(values, across, upwards),
        dots=_dots(known, across, upwards),
        heights=tuple((upwards.at(tick), to_dutch(tick, 1)) for tick in upwards.ticks()),
        years=_years(values[0][0], values[-1][0], across),
    )
    return Chart(key, title, says, "lines.svg", shapes, HEIGHT_PX)


def _paths(
    values: Sequence[tuple[dt.date, float | None]], across: Scale, upwards: Scale
) -> tuple[str, ...]:
    stretches: list[list[str]] = [[]]
    for on, value in values:
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{across.at(on.toordinal())} {upwards.at(value)}")
    return tuple(f"M{' L'.join(points)}" for points in stretches if len(points) > 1)


def _dots(known: Sequence[tuple[dt.date, float]], across: Scale, upwards: Scale) -> tuple[Dot, ...]:
    """The first and the last number are written out; the table has the others."""
    ends = {known[0][0]: "start", known[-1][0]: "end"}
    return tuple(
        Dot(
            across.at(on.toordinal()),
            upwards.at(value),
            to_dutch(value) if on in ends else "",
            ends.get(on, "middle"),
        )
        for on, value in known
    )


def _years(first: dt.date, last: dt.date, across: Scale) -> tuple[tuple[float, str], ...]:
    begins = [dt.date(year, 1, 1) for year in range(first.year, last.year + 1)]
    within = [on for on in begins if on >= first]
    room = max(1, int((_RIGHT_PX - _LEFT_PX) / _LABEL_PX))
    step = -(-len(within) // room) or 1
    return tuple((across.at(on.toordinal()), str(on.year)) for on in within[::step])
