"""How even a spread can be for each total number of places, before any candidate is looked at.

With the total fixed the fair shares are fixed too, and every gemeente has a range of whole places
that keeps it within a difference. That bounds the difference from below, exactly and at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.siting.whole_numbers import Ints, Mask, WholeNumbers


@dataclass(frozen=True, eq=False)
class Totals:
    """The totals of chosen places that are possible at all (``values``, from low to high).

    ``most`` is how many places can be chosen in each comparable gemeente at most.
    """

    numbers: WholeNumbers
    values: Ints
    most: Ints

    def ranges(self, steps: Ints | int, values: Ints | None = None) -> tuple[Ints, Ints]:
        """The places to choose, low and high, that keep each gemeente within so many steps.

        A row a total, a column a gemeente. Low above high means that it can't be kept.
        """
        numbers, weight = self.numbers, self.numbers.weight
        totals = self.values if values is None else values
        fair = numbers.weights * (int(numbers.existing.sum()) + totals)[:, None]
        room = np.broadcast_to(np.asarray(steps, dtype="int64"), totals.shape)[:, None]
        low = np.maximum(-((room - fair) // weight) - numbers.existing, 0)
        high = np.minimum((fair + room) // weight - numbers.existing, self.most)
        return low, high

    def possible(self, steps: Ints | int) -> Mask:
        """Which totals every gemeente can keep to within so many steps."""
        low, high = self.ranges(steps)
        fits = (low <= high).all(axis=1)
        sums = (low.sum(axis=1) <= self.values) & (self.values <= high.sum(axis=1))
        return np.asarray(fits & sums)

    def least_steps(self) -> Ints:
        """For each total the fewest steps of difference that whole places allow."""
        highest = self.numbers.weight * int(self.numbers.existing.sum() + self.most.sum() + 1)
        low = np.full(len(self.values), -1, dtype="int64")
        high = np.full(len(self.values), highest, dtype="int64")
        while (high - low > 1).any():
            middle = (low + high) // 2
            fits = self.possible(middle)
            high, low = np.where(fits, middle, high), np.where(fits, low, middle)
        return high


def possible_totals(numbers: WholeNumbers) -> Totals:
    """The totals that the targets leave, with the candidates that the facts allow."""
    usable = numbers.available & (numbers.gemeente >= 0)
    by_gemeente = np.bincount(
        numbers.gemeente[usable], numbers.places[usable], len(numbers.problem.gemeenten)
    )
    most = by_gemeente.astype("int64")[numbers.comparable]
    low, high = 0, 0
    types = numbers.problem.candidates["type"].to_numpy()
    for target in numbers.problem.targets:
        places = np.sort(numbers.places[usable & (types == target.type)])
        least_sites, most_sites = target.least_site_count or 0, target.most_site_count
        if most_sites is None:
            most_sites = len(places)
        biggest = places[max(0, len(places) - most_sites) :] if most_sites else places[:0]
        low += max(target.least_place_count or 0, int(places[:least_sites].sum()))
        highest = int(biggest.sum())
        wished = target.most_place_count
        high += highest if wished is None else min(wished, highest)
    return Totals(numbers, np.arange(low, high + 1, dtype="int64"), most)
