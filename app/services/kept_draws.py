"""Random draws kept in this process, so that a page that is asked again need not draw again.

They are kept by what goes into them, and by nothing else: other sites, residents, groups or
another seed are other draws, so what is kept can never be out of date.
"""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from analysis.spreading.random_draws import draw_evenness
from app.services.shelf import Shelf

#: A few tens of kilobytes each.
_MOST_KEPT = 64
_shelf = Shelf(_MOST_KEPT)


def kept_draws(
    site_capacity_count: pd.Series,
    weights: pd.Series,
    groups: pd.Series | None,
    draw_count: int,
    seed: int,
) -> pd.DataFrame:
    """What ``draw_evenness`` gives, made once for the same sites, weights, groups and seed.

    The frame is the caller's own.
    """
    key = (_content(site_capacity_count), _content(weights), _content(groups), draw_count, seed)
    question = (site_capacity_count, weights, groups, draw_count, seed)
    return _shelf.keep(key, lambda: draw_evenness(*question)).copy()


def _content(values: pd.Series | None) -> Hashable:
    return None if values is None else (tuple(values.index), tuple(values))
