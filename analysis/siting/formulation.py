"""The problem as a model of whole numbers: demands, what a stage counts, and its cap afterwards.

Of every stage there are two ways to write it: as a sum to make as low as can be and, once its
value is known, as a cap that the later stages keep. A cap takes fewer columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from analysis.siting.array_model import ArrayModel
from analysis.siting.demands import Demand
from analysis.siting.near_rows import add_near_cap, add_near_objective
from analysis.siting.rows import FREE, DemandRows, Row, demand_rows, only
from analysis.siting.totals import Totals, possible_totals
from analysis.siting.whole_numbers import Ints, Mask, WholeNumbers

#: With more totals than this the difference is written for any total.
MOST_TOTALS = 300


class Formulation:
    """Models of one problem; the first columns of each are its candidates."""

    def __init__(self, numbers: WholeNumbers, forced: str | None = None) -> None:
        """``forced`` is a candidate that must be in, whatever the problem says of it."""
        self.numbers = numbers
        self.rows: DemandRows = demand_rows(numbers)
        self.forced = forced
        if forced is not None:
            row = numbers.problem.row_of(forced)
            self.rows.pop(f"niet:{forced}", None)
            self.rows[f"wel:{forced}"] = [only(row, 1)]

    def forcing(self, key: str) -> Formulation:
        """The same problem with this candidate forced in."""
        return Formulation(self.numbers, key)

    def demands(self) -> tuple[Demand, ...]:
        """The demands of the problem, and that of the forced candidate."""
        found = [one for one in self.numbers.problem.demands() if one.key in self.rows]
        if self.forced is not None and all(one.key != f"wel:{self.forced}" for one in found):
            name = self.numbers.problem.name_of(self.forced)
            found.append(Demand(f"wel:{self.forced}", f"{name} wordt gekozen."))
        return tuple(found)

    @cached_property
    def totals(self) -> Totals:
        """The totals of chosen places that can be."""
        return possible_totals(self.numbers)

    def base(self, demands: Iterable[str] | None = None) -> ArrayModel:
        """The candidates and these demands (all, unless said), without anything to optimise."""
        model = ArrayModel()
        available = self.numbers.available.astype("int64")
        model.add_columns([0] * len(available), available.tolist())
        for key in self.rows if demands is None else demands:
            model.rows.extend(self.rows[key])
        return model

    def capped(self, caps: Mapping[str, int], demands: Iterable[str] | None = None) -> ArrayModel:
        """The base, where every stage of ``caps`` counts at most so many steps."""
        model = self.base(demands)
        for stage, steps in caps.items():
            _CAPS[stage](self, model, steps)
        return model

    def usable(self, model: ArrayModel) -> Mask:
        """Which candidates the model can still choose."""
        return np.array(model.highs[: len(self.numbers.available)]) > 0

    def add_objective(self, model: ArrayModel, stage: str, least: int | None = None) -> None:
        """Make what the stage counts as low as can be; ``least`` is known to be no lower."""
        _OBJECTIVES[stage](self, model, -FREE if least is None else least)

    # -- the largest difference with the fair share ------------------------------------------

    def _difference_cap(self, model: ArrayModel, steps: int) -> None:
        """Every gemeente within so many steps, for one of the totals for which that can be."""
        totals = self.totals.values[self.totals.possible(steps)]
        if len(totals) > MOST_TOTALS:
            self._difference_rows(model, steps)
            return
        low, high = self.totals.ranges(steps, totals)
        picks = model.add_columns([0] * len(totals), [1] * len(totals))
        model.add_row(picks, np.ones_like(picks), 1, 1)
        sums = list(self.in_gemeenten())
        for row, columns in enumerate(sums):
            places = self.numbers.places[columns]
            if len(totals) == 1:
                model.add_row(columns, places, int(low[0, row]), int(high[0, row]))
                continue
            both = [*columns, *picks]
            model.add_row(both, [*places, *-low[:, row]], low=0)
            model.add_row(both, [*places, *-high[:, row]], high=0)
        everywhere = np.concatenate(sums) if sums else np.empty(0, dtype="int64")
        model.add_row([*everywhere, *picks], [*self.numbers.places[everywhere], *-totals], 0, 0)

    def _difference_rows(self, model: ArrayModel, steps: int) -> None:
        """The same for any total: W c_a - w_a C at most so many steps from 0."""
        numbers, held = self.numbers, []
        for columns in self.in_gemeenten():
            (places,) = model.add_columns([0], [int(numbers.places[columns].sum())])
            model.add_row([*columns, places], [*numbers.places[columns], -1], 0, 0)
            held.append(int(places))
        (total,) = model.add_columns([0], [int(numbers.places.sum())])
        model.add_row([*held, total], [1] * len(held) + [-1], 0, 0)
        existing = int(numbers.existing.sum())
        for row, column in enumerate(held):
            share = int(numbers.weights[row])
            gap = share * existing - numbers.weight * int(numbers.existing[row])
            model.add_row([column, int(total)], [numbers.weight, -share], gap - steps, gap + steps)

    def in_gemeenten(self) -> list[Ints]:
        """The candidates in each comparable gemeente that the facts allow."""
        usable = self.numbers.available
        return [
            np.flatnonzero(usable & (self.numbers.gemeente == row))
            for row in self.numbers.comparable
        ]

    # -- pairs nearer than wished --------------------------------------------------------------

    def _conflict_objective(self, model: ArrayModel, least: int) -> None:
        columns, coefficients = self._conflict_sum(model)
        if least > -FREE:
            model.add_row(columns, coefficients, low=least)
        model.minimise(columns, coefficients)

    def _conflict_cap(self, model: ArrayModel, steps: int) -> None:
        if steps > 0:
            columns, coefficients = self._conflict_sum(model)
            model.add_row(columns, coefficients, high=steps)
            return
        conflicts = self.numbers.conflicts
        for row in np.flatnonzero(conflicts.existing_counts):
            model.highs[row] = 0
        for clique in conflicts.covering_cliques(self.usable(model)):
            model.add_row(clique, np.ones_like(clique), high=1)

    def _conflict_sum(self, model: ArrayModel) -> tuple[Ints, Ints]:
        """The conflicts as a sum: with existing sites, and in each clique s (s - 1) / 2.

        That is bent upwards, so it is the highest of the lines t s - t (t + 1) / 2.
        """
        conflicts = self.numbers.conflicts
        near = np.flatnonzero(conflicts.existing_counts)
        counted = [near, *self._counting_columns(model)]
        columns = np.concatenate(counted)
        ones = np.ones(len(columns) - len(near), dtype="int64")
        return columns, np.concatenate([conflicts.existing_counts[near], ones])

    def _counting_columns(self, model: ArrayModel) -> list[Ints]:
        cliques = self.numbers.conflicts.separate_cliques(self.usable(model))
        most = [len(clique) * (len(clique) - 1) // 2 for clique in cliques]
        columns = model.add_columns([0] * len(cliques), most)
        for column, clique in zip(columns, cliques, strict=True):
            for slope in range(1, len(clique)):
                model.add_row(
                    [*clique, column],
                    [slope] * len(clique) + [-1],
                    high=slope * (slope + 1) // 2,
                )
        return [columns]

    # -- places near homes ---------------------------------------------------------------------

    def _near_objective(self, model: ArrayModel, least: int) -> None:
        add_near_objective(self.numbers, model, self.usable(model), max(0, least))

    def _near_cap(self, model: ArrayModel, steps: int) -> None:
        add_near_cap(self.numbers, model, steps)

    # -- access --------------------------------------------------------------------------------

    def _access_objective(self, model: ArrayModel, least: int) -> None:
        columns = np.flatnonzero(self.usable(model))
        model.minimise(columns, -self.numbers.access[columns])

    def _access_cap(self, model: ArrayModel, steps: int) -> None:
        columns = np.flatnonzero(self.usable(model))
        model.rows.append(Row(columns, self.numbers.access[columns], low=-steps))


_OBJECTIVES = {
    "tussenafstand": Formulation._conflict_objective,
    "nabijheid": Formulation._near_objective,
    "bereikbaarheid": Formulation._access_objective,
}
_CAPS = {
    "verdeling": Formulation._difference_cap,
    "tussenafstand": Formulation._conflict_cap,
    "nabijheid": Formulation._near_cap,
    "bereikbaarheid": Formulation._access_cap,
}
