"""Candidates that are alike: as long as only sums count, it matters how many are chosen of each.

A model over thousands of candidates becomes one over some hundreds of counts, with the same
answer. Only a budget tells them apart; of those alike the cheapest are then chosen first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.siting.array_model import ArrayModel
from analysis.siting.rows import FREE, Row
from analysis.siting.whole_numbers import Ints


@dataclass(frozen=True, eq=False)
class Alike:
    """``groups`` holds the candidates of each count, in the order in which they are taken."""

    groups: tuple[Ints, ...]
    model: ArrayModel
    candidate_count: int

    def to_candidates(self, columns: Ints) -> Ints:
        """The choice of candidates (0 and 1) that has these counts."""
        chosen = np.zeros(self.candidate_count, dtype="int64")
        for group, count in zip(self.groups, columns[: len(self.groups)], strict=True):
            chosen[group[: int(count)]] = 1
        return chosen

    def row_of(self, columns: Ints, coefficients: Ints) -> tuple[Ints, Ints]:
        """A sum over candidates as a sum over counts; alike candidates count alike in it."""
        worth = np.zeros(self.candidate_count, dtype="int64")
        worth[columns] = coefficients
        by_count = np.array([worth[group[0]] for group in self.groups], dtype="int64")
        kept = np.flatnonzero(by_count)
        return kept, by_count[kept]


def group_alike(
    base: ArrayModel, budget: Row | None, also_apart_by: tuple[Ints, ...]
) -> Alike | None:
    """The base over counts; None when it demands something that can't be.

    ``base`` has candidates only, and all rows but the ``budget``. ``also_apart_by`` tells
    candidates apart that no row does.
    """
    count = len(base.lows)
    lows, highs = np.array(base.lows), np.array(base.highs)
    rows = []
    for row in base.rows:
        if row.high == 0 and row.low <= 0 and (row.coefficients > 0).all():
            highs[row.columns] = 0
        elif len(row.columns) == 1 and row.low == row.high == row.coefficients[0] == 1:
            lows[row.columns] = 1
        else:
            rows.append(row)
    if (lows > highs).any():
        return None
    worth = np.zeros((len(rows), count), dtype="int64")
    for number, row in enumerate(rows):
        worth[number, row.columns] = row.coefficients
    cost = np.zeros(count, dtype="int64")
    if budget is not None:
        cost[budget.columns] = budget.coefficients
    fixed = np.where(lows == 1, np.arange(count) + 1, 0)
    usable = np.flatnonzero(highs == 1)
    signature = np.vstack([*also_apart_by, fixed, worth])[:, usable]
    groups = _groups(signature, usable, cost)
    model = ArrayModel()
    model.add_columns([int(lows[group[0]]) for group in groups], [len(group) for group in groups])
    alike = Alike(groups, model, count)
    for row in rows:
        columns, coefficients = alike.row_of(row.columns, row.coefficients)
        model.add_row(columns, coefficients, row.low, row.high)
    if budget is not None:
        _add_budget(alike, cost, budget.high)
    return alike


def _groups(signature: Ints, usable: Ints, cost: Ints) -> tuple[Ints, ...]:
    if not len(usable):
        return ()
    _, group = np.unique(signature, axis=1, return_inverse=True)
    order = np.lexsort((usable, cost[usable], group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return tuple(np.split(usable[order], starts[1:]))


def _add_budget(alike: Alike, cost: Ints, budget_eur: int) -> None:
    """The cheapest first: the cost of a count is the highest of the lines through its steps."""
    model = alike.model
    spent = []
    for column, group in enumerate(alike.groups):
        total = np.concatenate([[0], np.cumsum(cost[group])])
        (money,) = model.add_columns([0], [int(total[-1])])
        for taken, price in enumerate(cost[group].tolist()):
            if taken == 0 or price != cost[group[taken - 1]]:
                # money >= total[taken] + price * (count - taken)
                model.add_row([column, money], [price, -1], high=price * taken - int(total[taken]))
        spent.append(int(money))
    model.add_row(spent, [1] * len(spent), -FREE, budget_eur)
