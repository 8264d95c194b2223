"""Names beside dots, so placed that they lie over no other name and no dot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "end", "middle"]
#: The mean width of a letter and the height of a line, for letters of 14 units.
LETTER_PX, LINE_PX = 7.0, 14.0
_DOT_PX = 6.0
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """A dot with its name."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class Label:
    """A name and where it is written; ``anchor`` is what lies at ``x``."""

    x: float
    y: float
    anchor: Anchor
    text: str


def place_labels(
    spots: Sequence[Spot],
    others: Iterable[tuple[float, float]],
    right: float,
    bottom: float,
    top: float = 0.0,
) -> list[Label]:
    """A label for each spot, in that order of right: a name without room is left out.

    ``others`` are the dots without a name; nothing is written left of 0, or beyond
    ``right``, ``bottom`` and ``top``.
    """
    taken = [_around(x, y) for x, y in [*((spot.x, spot.y) for spot in spots), *others]]
    labels = []
    for spot in spots:
        for label in _choices(spot):
            box = _box(label)
            inside = box[0] >= 0 and box[1] >= top and box[2] <= right and box[3] <= bottom
            if inside and not any(_overlap(box, other) for other in taken):
                labels.append(label)
                taken.append(box)
                break
    return labels


def _choices(spot: Spot) -> Iterable[Label]:
    x, y, name = spot.x, spot.y, spot.name
    yield Label(x + 9, y + 5, "start", name)
    yield Label(x - 9, y + 5, "end", name)
    yield Label(x, y - 10, "middle", name)
    yield Label(x, y + 20, "middle", name)
    for slope in (-14, 16):
        yield Label(x + 7, y + slope + 4, "start", name)
        yield Label(x - 7, y + slope + 4, "end", name)


def _box(label: Label) -> _Box:
    width = LETTER_PX * len(label.text)
    left = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    return label.x - left, label.y - LINE_PX + 3, label.x - left + width, label.y + 3


def _around(x: float, y: float) -> _Box:
    return x - _DOT_PX, y - _DOT_PX, x + _DOT_PX, y + _DOT_PX


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
