"""Draws of weights: evenly from all weightings, or from those near what users have set.

Evenly means uniform on the simplex, where the weights are at least 0 and add up to 1: no
weighting is likelier than another. Each way is exact; none only comes near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError

Floats = npt.NDArray[np.float64]
#: Draws and seed unless told otherwise: the same question gets the same answer.
DRAW_COUNT = 10_000
SEED = 2026
#: How far a weight may lie from what users have set, as a part of itself.
SPREAD_SHARE = 0.5


class WeightSet(Protocol):
    """A set of weightings from which is drawn evenly."""

    @property
    def label(self) -> str:
        """Which weightings these are, in Dutch, after "uit"."""

    def draw(self, rng: np.random.Generator, count: int, keys: pd.Index) -> Floats:
        """So many weightings, a row each, in the order of ``keys``."""


@dataclass(frozen=True)
class AllWeightings:
    """Every weighting of the criteria: Dirichlet with all parameters 1."""

    label: str = "alle wegingen"

    def draw(self, rng: np.random.Generator, count: int, keys: pd.Index) -> Floats:
        """Uniform on the simplex: gaps that are exponential, divided by their sum."""
        return rng.dirichlet(np.ones(len(keys)), size=count)


@dataclass(frozen=True, eq=False)
class NearWeighting:
    """The weightings in which each weight lies within a part of itself from that of the users.

    All weights but the widest are drawn evenly between their bounds; the widest takes what is
    left, and a draw in which that falls outside its bounds is thrown away. What remains is
    uniform on the set, for its density on the other weights is constant. Leaving the widest to
    be computed keeps more than a third of the draws for up to fifteen criteria.
    """

    weights: pd.Series
    share: float = SPREAD_SHARE

    def __post_init__(self) -> None:
        """InputError unless the share lies between 0 and 1, both left out."""
        if not 0 < self.share < 1:
            raise InputError("near weighting", [f"{self.share} is no share between 0 and 1"])

    @property
    def label(self) -> str:
        """Which weightings these are."""
        return (
            "wegingen waarin elk gewicht hoogstens "
            f"{round(100 * self.share)}% hoger of lager is dan dat van u"
        )

    def bounds(self, keys: pd.Index) -> tuple[Floats, Floats]:
        """The least and the most of each weight."""
        own = _on(self.weights, keys)
        return own * (1 - self.share), np.minimum(1.0, own * (1 + self.share))

    def draw(self, rng: np.random.Generator, count: int, keys: pd.Index) -> Floats:
        """Uniform on the part of the simplex between the bounds."""
        least, most = self.bounds(keys)
        widest = int(np.argmax(most - least))
        others = np.delete(np.arange(len(keys)), widest)
        kept = np.empty((0, len(keys)))
        while len(kept) < count:
            drawn = np.empty((2 * count, len(keys)))
            drawn[:, others] = rng.uniform(least[others], most[others], (2 * count, len(others)))
            rest = 1.0 - drawn[:, others].sum(axis=1)
            drawn[:, widest] = rest
            kept = np.vstack([kept, drawn[(rest >= least[widest]) & (rest <= most[widest])]])
        return kept[:count]


@dataclass(frozen=True, eq=False)
class SameOrder:
    """The weightings that hold the users' order of importance, whatever the numbers.

    Equal weights may come in either order.
    """

    weights: pd.Series
    label: str = "wegingen met de volgorde van belangrijk die u koos"

    def draw(self, rng: np.random.Generator, count: int, keys: pd.Index) -> Floats:
        """Uniform on that part of the simplex: draws from the whole, sorted into the order.

        Every order has an equal part of the simplex, and sorting lays all parts on this one.
        Equal weights are put in an order of their own in every draw.
        """
        own = np.tile(_on(self.weights, keys), (count, 1))
        order = np.lexsort((rng.random(own.shape), -own), axis=1)
        falling = -np.sort(-rng.dirichlet(np.ones(len(keys)), size=count), axis=1)
        drawn = np.empty_like(falling)
        np.put_along_axis(drawn, order, falling, axis=1)
        return drawn


def _on(weights: pd.Series, keys: pd.Index) -> Floats:
    """The weights of these criteria as shares of 1; InputError when one has none."""
    own = weights.reindex(keys).to_numpy(dtype="float64")
    if not (np.isfinite(own) & (own > 0)).all():
        raise InputError("draw weights", ["a criterion has no weight to stay near to"])
    return np.asarray(own / own.sum(), dtype="float64")


def draw_weights(
    keys: pd.Index, draws: int = DRAW_COUNT, seed: int = SEED, within: WeightSet | None = None
) -> pd.DataFrame:
    """So many weightings of these criteria: a row each, a column a criterion, together 1."""
    if draws < 1 or len(keys) == 0:
        raise InputError("draw weights", ["there is nothing to draw"])
    # Drawn in the order of their names: how criteria are listed changes nothing.
    names = pd.Index(sorted(keys))
    rng = np.random.default_rng(seed)
    drawn = (within or AllWeightings()).draw(rng, draws, names)
    return pd.DataFrame(drawn, columns=names)[list(keys)]
