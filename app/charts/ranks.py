"""How often each candidate comes at each place, as bars that are all equally long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.chart import Chart
from app.charts.scales import Scale
from app.numbers import to_dutch

LEFT, TOP, RIGHT, ROW, BAR = 190.0, 12.0, 420.0, 30.0, 18.0
#: So many places have a tone of their own; those after them share the last one.
TONES = ("k5", "k3", "k2", "k1")
_MOST_LETTERS = 25


@dataclass(frozen=True)
class RankPiece:
    """A part of a bar: the share of the draws at one place, or at the last ones together."""

    x: float
    width: float
    tone: str


@dataclass(frozen=True)
class RankRow:
    """One candidate: its name, its pieces, and how often it came first."""

    y: float
    name: str
    pieces: tuple[RankPiece, ...]
    first: str


@dataclass(frozen=True)
class RankShapes:
    """What is drawn; the legend has the place of a square, its tone and its words."""

    rows: tuple[RankRow, ...]
    legend: tuple[tuple[float, str, str], ...]
    bar: float
    right: float
    bottom: float


def rank_chart(
    names: Sequence[str],
    shares: Sequence[Sequence[float]],
    label: str,
    key: str = "plaatsen",
) -> Chart | None:
    """The candidates in this order, each with its share of every place; None without any.

    ``label`` says from which weightings was drawn, after "uit".
    """
    if not names:
        return None
    scale = Scale(0.0, 1.0, LEFT, RIGHT)
    rows = tuple(
        _row(name, row, TOP + ROW * (number + 0.5), scale)
        for number, (name, row) in enumerate(zip(names, shares, strict=True))
    )
    bottom = TOP + ROW * len(rows)
    count = min(len(names), len(TONES))
    return Chart(
        key=key,
        title="Hoe vaak komt elke plek op welke plaats?",
        says=(
            f"Elke balk is het geheel van de trekkingen uit {label}. Hoe meer donker, hoe vaker "
            "de plek op de eerste plaats komt. Dat deel staat er in cijfers achter."
        ),
        template="ranks.svg",
        shapes=RankShapes(rows, _legend(count, len(names)), BAR, RIGHT, bottom),
        height=bottom + 40,
    )


def _row(name: str, shares: Sequence[float], y: float, scale: Scale) -> RankRow:
    kept = len(TONES) - 1
    parts = [*shares[:kept], *([sum(shares[kept:])] if len(shares) > kept else [])]
    pieces, start = [], 0.0
    for tone, part in zip(TONES, parts, strict=False):
        if part > 0:
            left, right = scale.at(start), scale.at(start + part)
            pieces.append(RankPiece(left, round(right - left, 2), tone))
        start += part
    short = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
    return RankRow(y, short, tuple(pieces), f"{to_dutch(100 * shares[0])}%")


def _legend(count: int, candidate_count: int) -> tuple[tuple[float, str, str], ...]:
    words = ["1e plaats", "2e", "3e", "4e" if candidate_count == len(TONES) else "4e en verder"]
    places = (LEFT, LEFT + 92, LEFT + 142, LEFT + 192)
    return tuple(zip(places[:count], TONES[:count], words[:count], strict=True))
