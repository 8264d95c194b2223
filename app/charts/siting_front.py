"""All choices between two goals: each a dot, joined from one end to the other."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.siting.plan import Front, FrontPoint
from analysis.siting.stages import STAGES, Stage
from app.charts.chart import Chart
from app.charts.scales import Scale, round_step
from app.numbers import to_dutch

_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 464.0, 34.0, 268.0
_HEIGHT = 320.0


@dataclass(frozen=True)
class Dot:
    """One choice: its number, its place, and whether it is proven that nothing beats it."""

    number: int
    x_px: float
    y_px: float
    is_proven: bool


@dataclass(frozen=True)
class FrontShapes:
    """The dots, the line along them, and both axes; ticks are pairs of a place and a text."""

    dots: tuple[Dot, ...]
    line: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str
    y_title: str
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def front_chart(front: Front) -> Chart:
    """The front as a drawing; the table beside it has the same numbers."""
    across, up = (STAGES[key] for key in front.stages)
    xs, ys = ([point.values[axis] for point in front.points] for axis in (0, 1))
    x, y = _scale(xs, _LEFT, _RIGHT), _scale(ys, _BOTTOM, _TOP)
    dots = tuple(_dot(number, point, x, y) for number, point in enumerate(front.points, start=1))
    ordered = sorted(dots, key=lambda dot: (dot.x_px, dot.y_px))
    shapes = FrontShapes(
        dots=dots,
        line=" ".join(f"{dot.x_px:g},{dot.y_px:g}" for dot in ordered),
        x_ticks=tuple((x.at(value), to_dutch(value, 2)) for value in x.ticks()),
        y_ticks=tuple((y.at(value), to_dutch(value, 2)) for value in y.ticks()),
        x_title=_title(across),
        y_title=_title(up),
    )
    return Chart(
        key="afweging",
        title=f"{across.label} tegen {up.label[0].lower()}{up.label[1:]}",
        says=_says(front),
        template="siting_front.svg",
        shapes=shapes,
        height=_HEIGHT,
    )


def _dot(number: int, point: FrontPoint, x: Scale, y: Scale) -> Dot:
    first, second = point.values
    return Dot(number, x.at(first), y.at(second), point.is_proven)


def _title(stage: Stage) -> str:
    better = "hoger" if stage.is_high_better else "lager"
    return f"{stage.label.lower()} ({better} is beter)"


def _scale(values: list[float], start_px: float, end_px: float) -> Scale:
    """A scale around the values with room at both ends, on round numbers."""
    low, high = min(values), max(values)
    room = max((high - low) * 0.08, abs(high) * 0.02, 0.5)
    step = round_step((high - low + 2 * room) / 4)
    least = step * ((low - room) // step)
    return Scale(max(0.0, least) if low >= 0 else least, high + room, start_px, end_px)


def _says(front: Front) -> str:
    count = len(front.points)
    if count == 1:
        return "Er is één keuze: beide doelen zijn tegelijk zo goed als kan."
    told = f"Er zijn {to_dutch(count)} keuzes. Wie het ene doel beter wil, levert in op het andere."
    return told if front.is_complete else f"{told} Misschien zijn er meer: de tijd was om."
