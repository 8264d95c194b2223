"""Holdings: which areas hold which share of the places, of one spread or of many draws at once.

Only the areas that hold something are kept. That is all that the measures of evenness need: the
others add nothing to Hoover and Theil, and are the flat first stretch of the Lorenz curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.spreading.counts import Floats, shares

Ints = npt.NDArray[np.int64]
#: With fewer places for an amount than this for each amount, counting is quicker than sorting.
_MOST_EMPTY = 16


@dataclass(frozen=True, eq=False)
class Holdings:
    """One entry for each area with places in each draw, ordered by draw and then by area.

    ``draw`` (0 to ``draw_count`` - 1) and ``area`` (a row number) say which; ``capacity_share``
    is s_a = c_a / C, adding up to 1 in each draw, and ``weight_share`` is p_a = w_a / W.
    """

    draw: Ints
    area: Ints
    capacity_share: Floats
    weight_share: Floats
    draw_count: int

    def sum_by_draw(self, values: Floats) -> Floats:
        """The sum of the values of the entries, for each draw."""
        return np.bincount(self.draw, values, self.draw_count).astype("float64", copy=False)

    def by_group(self, group: Ints, weight_shares: Floats) -> Holdings:
        """What the groups hold; ``group`` is the row number of the group of each area."""
        return to_holdings(
            self.draw, group[self.area], self.capacity_share, weight_shares, self.draw_count
        )


def to_holdings(
    draw: Ints, area: Ints, amount: Floats, weight_shares: Floats, draw_count: int
) -> Holdings:
    """The amounts (places, or shares of them) added up for each area in each draw.

    ``weight_shares`` is of all areas, by row number. Amounts are above 0, and every draw must
    hold something.
    """
    key = draw * len(weight_shares) + area
    if draw_count * len(weight_shares) <= _MOST_EMPTY * len(key):
        all_held = np.bincount(key, amount)
        key = np.flatnonzero(all_held > 0)
        held = all_held[key]
    else:
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        key, held = key[order][starts], np.add.reduceat(amount[order], starts)
    draw, area = np.divmod(key, len(weight_shares))
    total = np.bincount(draw, held, draw_count)
    return Holdings(draw, area, held / total[draw], weight_shares[area], draw_count)


def spread_of(counts: Floats, bases: Floats) -> Holdings | None:
    """One spread of known counts and bases; None without two areas, places and a base."""
    if len(counts) < 2 or not counts.sum() > 0 or not bases.sum() > 0:
        return None
    area = np.flatnonzero(counts > 0)
    return to_holdings(np.zeros_like(area), area, counts[area], shares(bases), 1)
