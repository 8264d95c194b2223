"""Random draws of different points, each with a chance in proportion to its weight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from analysis.errors import InputError

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
#: So many numbers are drawn at once: some 16 MB of memory, whatever the number of points.
_MOST_NUMBERS = 4_000_000
#: Points are drawn again until they differ while one more is new at least this often.
_NEW_AT_LEAST = 0.5


def distinct_draws(
    weights: npt.ArrayLike, size: int, draw_count: int, rng: np.random.Generator
) -> Iterator[Rows]:
    """Rows of ``size`` different points for each draw, in parts of shape (draws, size).

    One after another is taken from what is left, with a chance in proportion to its weight; a
    point without weight is never taken. The order within a draw means nothing. InputError when
    fewer points than that have weight, or a weight is negative or not known.

    Where weights are alike, points are drawn from all and a point that was taken is drawn anew,
    which comes to the same. Where a few points have most of the weight that could take forever;
    then a race decides: every point arrives after a time with an exponential distribution,
    sooner with more weight, and the first ``size`` count.

    Source: Efraimidis & Spirakis (2006), Information Processing Letters 97, 181-185.
    """
    chances = checked_weights_of_points(weights)
    usable = np.flatnonzero(chances > 0)
    if not 0 < size <= len(usable):
        raise InputError("draws", [f"{size} different points are asked of {len(usable)}"])
    chances = chances[usable] / chances.sum()
    is_alike = size * chances.max() <= 1 - _NEW_AT_LEAST
    draw, width = (_drawn_anew, size) if is_alike else (_first_to_arrive, len(usable))
    at_once = max(1, _MOST_NUMBERS // width)
    for start in range(0, draw_count, at_once):
        yield usable[draw(chances, size, min(at_once, draw_count - start), rng)]


def _drawn_anew(chances: Floats, size: int, draw_count: int, rng: np.random.Generator) -> Rows:
    """Draw with replacement, and draw again what a draw already has."""
    ends = np.cumsum(chances)

    def points(count: int) -> Rows:
        found = np.searchsorted(ends, rng.random(count) * ends[-1], side="right")
        return np.asarray(np.minimum(found, len(ends) - 1), dtype=np.int64)

    drawn = points(draw_count * size).reshape(draw_count, size)
    open_draws = np.arange(draw_count)
    while len(open_draws):
        rows = np.sort(drawn[open_draws], axis=1)
        is_again = np.zeros(rows.shape, dtype=bool)
        is_again[:, 1:] = rows[:, 1:] == rows[:, :-1]
        rows[is_again] = points(int(is_again.sum()))
        drawn[open_draws] = rows
        open_draws = open_draws[is_again.any(axis=1)]
    return drawn


def _first_to_arrive(chances: Floats, size: int, draw_count: int, rng: np.random.Generator) -> Rows:
    arrival = rng.standard_exponential((draw_count, len(chances))) / chances
    return np.argpartition(arrival, size - 1, axis=1)[:, :size]


def checked_weights_of_points(weights: npt.ArrayLike) -> Floats:
    """The weights as floats; InputError when one is negative, infinite or not known."""
    numbers = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(numbers) & (numbers >= 0)).all():
        raise InputError("draws", ["a weight is negative, infinite or not known"])
    return numbers
