"""From a number to a place in the drawing, and the round numbers beside an axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """A straight scale: ``low`` lies at ``start_px`` and ``high`` at ``end_px``.

    Upwards, ``end_px`` is less than ``start_px``: the drawing counts from the top.
    """

    low: float
    high: float
    start_px: float
    end_px: float

    def at(self, value: float) -> float:
        """The place of a value; what lies outside the scale is put at its end."""
        kept = min(self.high, max(self.low, value))
        part = (kept - self.low) / (self.high - self.low)
        return round(self.start_px + part * (self.end_px - self.start_px), 2)

    def ticks(self, most: int = 5) -> tuple[float, ...]:
        """At most so many round numbers on the scale, a round step apart."""
        step = round_step((self.high - self.low) / max(1, most - 1))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return tuple(round(number * step, 10) for number in range(first, last + 1))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not under ``least``."""
    unit = 10.0 ** floor(log10(least))
    return next(unit * step for step in _ROUND_STEPS if unit * step >= least * (1 - 1e-9))


def from_zero(highest: float, start_px: float, end_px: float, ticks: int = 5) -> Scale:
    """A scale from 0 to a round number that is not under ``highest``."""
    step = round_step(max(highest, 1e-9) / max(1, ticks - 1))
    return Scale(0.0, step * ceil(highest / step - 1e-9) or step, start_px, end_px)
