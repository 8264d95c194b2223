"""A problem in whole numbers: what the stages count, exactly, for any choice.

The solver works with these numbers and no others, so nothing is rounded on the way: a difference
with the fair share is multiplied by the sum of the weights, a score counts in hundredths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.siting.conflicts import Conflicts, find_conflicts
from analysis.siting.problem import SitingProblem
from analysis.siting.stages import STAGES

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
#: A score for access counts in hundredths of a point.
ACCESS_STEPS = 100


@dataclass(frozen=True, eq=False)
class WholeNumbers:
    """The arrays of a problem; rows are candidates, gemeenten or points with residents."""

    problem: SitingProblem

    @cached_property
    def available(self) -> Mask:
        """Which candidates the facts allow."""
        return np.asarray(self.problem.unavailable.isna(), dtype=bool)

    @cached_property
    def places(self) -> Ints:
        """The places of each candidate; 0 where nobody knows, and it can't be chosen."""
        return self._numbers("place_count")

    @cached_property
    def access(self) -> Ints:
        """Places times hundredths of a point of access; 0 where unknown."""
        score = self.problem.candidates["access"].to_numpy(dtype="float64")
        hundredths = np.rint(np.nan_to_num(score) * ACCESS_STEPS).astype("int64")
        return np.asarray(self.places * hundredths)

    @cached_property
    def cost_eur(self) -> Ints:
        """The cost of each candidate; 0 where unknown."""
        return self._numbers("cost_eur")

    @cached_property
    def gemeente(self) -> Ints:
        """The row of the gemeente of each candidate; -1 outside all of them."""
        codes = self.problem.candidates["gemeente_code"]
        return self.problem.gemeenten.index.get_indexer(pd.Index(codes)).astype("int64")

    @cached_property
    def comparable(self) -> Ints:
        """The rows of the gemeenten that have a fair share."""
        return np.flatnonzero(self.problem.comparable.to_numpy())

    @cached_property
    def weights(self) -> Ints:
        """The weights of the comparable gemeenten, divided by what they have in common."""
        numbers = self.problem.gemeenten["weight"].to_numpy(dtype="float64")[self.comparable]
        whole = numbers.astype("int64")
        common = int(np.gcd.reduce(whole)) if len(whole) else 0
        return whole // common if common else whole

    @property
    def weight(self) -> int:
        """The sum of the weights: a difference of one place is so many steps."""
        return int(self.weights.sum())

    @cached_property
    def existing(self) -> Ints:
        """The existing places of the comparable gemeenten, all counted types together."""
        table = self.problem.existing.to_numpy(dtype="float64").reshape(
            len(self.problem.gemeenten), -1
        )
        return np.asarray(table[self.comparable].sum(axis=1), dtype="int64")

    @cached_property
    def conflicts(self) -> Conflicts:
        """The pairs that are nearer than wished."""
        return find_conflicts(self.problem)

    def chosen_places(self, chosen: Mask) -> Ints:
        """The chosen places of the comparable gemeenten."""
        inside = chosen & (self.gemeente >= 0)
        count = np.bincount(self.gemeente[inside], self.places[inside], len(self.problem.gemeenten))
        return count.astype("int64")[self.comparable]

    def steps(self, stage: str, chosen: Mask) -> int:
        """What a stage counts for a choice, in its whole steps; lower is better for every one."""
        count: Callable[[Mask], int] = {
            "verdeling": self._largest_difference,
            "tussenafstand": self.conflicts.count,
            "nabijheid": self._highest_near,
            "bereikbaarheid": lambda which: -int(self.access[which].sum()),
        }[stage]
        return count(chosen)

    def to_unit(self, stage: str, steps: int) -> float:
        """A number of steps in the unit of the stage."""
        step = {"verdeling": self.weight, "bereikbaarheid": ACCESS_STEPS}.get(stage, 1)
        sign = -1 if STAGES[stage].is_high_better else 1
        return sign * steps / step

    def steps_of(self, stage: str, value: float) -> int:
        """A value in the unit of the stage as a whole number of steps."""
        step = {"verdeling": self.weight, "bereikbaarheid": ACCESS_STEPS}.get(stage, 1)
        return round(value * step) * (-1 if STAGES[stage].is_high_better else 1)

    def _largest_difference(self, chosen: Mask) -> int:
        held = self.existing + self.chosen_places(chosen)
        return int(np.abs(self.weight * held - self.weights * int(held.sum())).max())

    def _highest_near(self, chosen: Mask) -> int:
        near = self.problem.near
        assert near is not None
        added = near.near @ np.where(chosen, self.places, 0)
        touched = added > 0
        return int((near.counts + added)[touched].max(initial=0))

    def _numbers(self, column: str) -> Ints:
        numbers = self.problem.candidates[column].to_numpy(dtype="float64")
        return np.asarray(np.nan_to_num(numbers), dtype="int64")
