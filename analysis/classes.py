"""Classes for a map: a few steps, and a legend that is true for every area.

A class holds the values above its lower edge up to and including its upper edge; the first also
holds its lower edge. Edges are round numbers, and areas are put in classes by those same round
numbers, so the legend can be read aloud and is true of every area.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError
from analysis.registry import Registry

Floats = npt.NDArray[np.float64]
ClassingKey = Literal["quantile", "equal_interval", "fixed"]
MOST_CLASSES_COUNT = 5
#: Equal steps are rounded to a unit of at most this part of the exact step.
STEP_PART = 0.1


@dataclass(frozen=True)
class Classing:
    """A way to make classes."""

    key: ClassingKey
    label: str
    explanation: str


CLASSINGS = Registry(
    "classing",
    (
        Classing(
            "quantile",
            "Gelijke aantallen",
            "Elke klasse heeft ongeveer evenveel gebieden.",
        ),
        Classing(
            "equal_interval",
            "Gelijke stappen",
            "Elke klasse is even breed. Sommige klassen hebben dan weinig of geen gebieden.",
        ),
    ),
)

#: Not a choice: some figures have steps of their own, the same on every map of them.
FIXED = Classing(
    "fixed",
    "Vaste klassen",
    "De klassen zijn altijd dezelfde, zodat u kaarten naast elkaar kunt leggen.",
)


@dataclass(frozen=True, eq=False)
class Classes:
    """The classes of a series of values.

    ``edges`` has one number more than there are classes (none when nothing is known).
    ``class_index`` is on the index of the values, 0 for the lowest class, <NA> where the value
    is unknown. ``area_counts`` has one count a class; ``unknown_count`` is the rest.
    """

    classing: Classing
    edges: tuple[float, ...]
    class_index: pd.Series
    area_counts: tuple[int, ...]
    unknown_count: int

    @property
    def class_count(self) -> int:
        """How many classes there are."""
        return len(self.area_counts)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """Lower and upper edge of each class, lowest first."""
        return tuple(pairwise(self.edges))


def classify(
    values: pd.Series,
    classing: ClassingKey = "quantile",
    class_count: int = MOST_CLASSES_COUNT,
) -> Classes:
    """Put the values in at most ``class_count`` classes (1 to 5).

    Quantiles use linear interpolation between ranks and are rounded only as far as no area
    changes class; equal values never part, so ties give fewer classes. Equal intervals have one
    round step (rounded up to a tenth of a step or finer) and keep a class without areas, else
    the steps would not be equal. Never more classes than different values; one value, one class.
    """
    _check(values, class_count)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    known = np.sort(numbers[~np.isnan(numbers)])
    if known.size == 0:
        return _nothing_known(values, classing)
    steps = min(class_count, np.unique(known).size)
    edges = _EDGES[classing](known, steps) if steps > 1 else (float(known[0]), float(known[-1]))
    index = _class_index(numbers, edges)
    counts = np.bincount(index[index >= 0], minlength=len(edges) - 1)
    return Classes(
        classing=CLASSINGS[classing],
        edges=edges,
        class_index=_as_series(values, index),
        area_counts=tuple(int(count) for count in counts),
        unknown_count=int((index < 0).sum()),
    )


def classify_at(values: pd.Series, edges: Sequence[float]) -> Classes:
    """Put the values in classes with these edges, lowest first; the last may be infinite.

    Every class stays, also one without areas: the steps are the same on every map. InputError
    when a value lies outside the edges.
    """
    _check(values, len(edges) - 1)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    if known.size and not (edges[0] <= known.min() and known.max() <= edges[-1]):
        raise InputError("classify_at", ["a value lies outside the edges"])
    index = _class_index(numbers, tuple(edges))
    counts = np.bincount(index[index >= 0], minlength=len(edges) - 1)
    return Classes(
        classing=FIXED,
        edges=tuple(edges),
        class_index=_as_series(values, index),
        area_counts=tuple(int(count) for count in counts),
        unknown_count=int((index < 0).sum()),
    )


def _check(values: pd.Series, class_count: int) -> None:
    breaches = []
    if not 1 <= class_count <= MOST_CLASSES_COUNT:
        breaches.append(f"{class_count} classes asked, not 1 to {MOST_CLASSES_COUNT}")
    if np.isinf(values.to_numpy(dtype="float64", na_value=np.nan)).any():
        breaches.append("a value is infinite")
    if breaches:
        raise InputError("classify", breaches)


def _nothing_known(values: pd.Series, classing: ClassingKey) -> Classes:
    nowhere = np.full(len(values), -1)
    return Classes(CLASSINGS[classing], (), _as_series(values, nowhere), (), len(values))


def _as_series(values: pd.Series, index: npt.NDArray[np.int64]) -> pd.Series:
    series = pd.Series(index, index=values.index, name="class_index", dtype="Int64")
    return series.mask(index < 0)


def _class_index(numbers: Floats, edges: tuple[float, ...]) -> npt.NDArray[np.int64]:
    index = np.searchsorted(np.array(edges[1:-1]), numbers, side="left")
    return np.where(np.isnan(numbers), -1, index)


def _quantile_edges(known: Floats, class_count: int) -> tuple[float, ...]:
    """Edges at the quantiles, each as round as it can be while it parts the same values."""
    breaks = _quantile_breaks(known, class_count)
    rounded = [_round_within(_gap(known, value), value) for value in breaks]
    decimals = max(decimals for _, decimals in rounded)
    inner = [value for value, _ in rounded]
    return _down(float(known[0]), decimals), *inner, _up(float(known[-1]), decimals)


def _quantile_breaks(known: Floats, class_count: int) -> list[float]:
    """The quantiles that have values on both sides, each parting other values than the last."""
    distinct = np.unique(known)
    if distinct.size <= class_count:
        return [float(value) for value in distinct[:-1]]
    breaks = np.quantile(known, np.arange(1, class_count) / class_count)
    rank_below = np.searchsorted(known, breaks, side="right")
    _, first = np.unique(rank_below, return_index=True)
    found = [float(breaks[i]) for i in first if rank_below[i] < known.size]
    return found or [float(distinct[-2])]


def _equal_edges(known: Floats, class_count: int) -> tuple[float, ...]:
    """Edges a round step apart, from a round number at or below the lowest value."""
    lowest, highest = float(known[0]), float(known[-1])
    decimals = _coarsest((highest - lowest) / class_count * STEP_PART)
    start, unit = _down(lowest, decimals), 10.0**-decimals
    step = max(1, floor((highest - start) / class_count / unit))
    while _edge(start, step * class_count, decimals) < highest:
        step += 1
    return tuple(_edge(start, step * i, decimals) for i in range(class_count + 1))


def _edge(start: float, units: int, decimals: int) -> float:
    return round(start + units * 10.0**-decimals, max(decimals, 0)) + 0.0


_EDGES: dict[ClassingKey, Callable[[Floats, int], tuple[float, ...]]] = {
    "quantile": _quantile_edges,
    "equal_interval": _equal_edges,
}
_FINEST = 12
_Gap = tuple[float, float]


def _gap(known: Floats, value: float) -> _Gap:
    """The largest known value up to ``value`` and the smallest above it."""
    rank = int(np.searchsorted(known, value, side="right"))
    return float(known[rank - 1]), float(known[rank])


def _coarsest(size: float) -> int:
    """The fewest decimals whose unit is no larger than ``size`` (negative: tens, hundreds)."""
    return -floor(log10(size))


def _round_within(gap: _Gap, value: float) -> tuple[float, int]:
    """The roundest number nearest ``value`` from the low end of the gap to below the high end."""
    largest = max(abs(gap[0]), abs(gap[1]))
    for decimals in range(_coarsest(largest), _FINEST + 1):
        for to_whole in (round, floor, ceil):
            candidate = _multiple(value, decimals, to_whole)
            if gap[0] <= candidate < gap[1]:
                return candidate, decimals
    return gap[0], _FINEST


def _down(value: float, decimals: int) -> float:
    return min(value, _multiple(value, decimals, floor))


def _up(value: float, decimals: int) -> float:
    return max(value, _multiple(value, decimals, ceil))


def _multiple(value: float, decimals: int, to_whole: Callable[[float], int]) -> float:
    scaled = value / 10.0**-decimals if decimals < 0 else value * 10.0**decimals
    return round(to_whole(scaled) * 10.0**-decimals, max(decimals, 0)) + 0.0
