"""Random draws kept in this process, so that a page that is asked again need not draw again.

They are kept by what goes into them, and by nothing else: other sites, residents, groups or
another seed are other draws, so what is kept can never be out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

import pandas as pd

from analysis.spreading.random_draws import draw_evenness

#: A few tens of kilobytes each.
_MOST_KEPT = 64
_shelf: OrderedDict[Hashable, pd.DataFrame] = OrderedDict()
_lock = Lock()


def kept_draws(
    site_capacity_count: pd.Series,
    weights: pd.Series,
    groups: pd.Series | None,
    draw_count: int,
    seed: int,
) -> pd.DataFrame:
    """What ``draw_evenness`` gives, made once for the same sites, weights, groups and seed.

    Two who ask the same at once may both draw; they get the same. The frame is the caller's own.
    """
    key = (_content(site_capacity_count), _content(weights), _content(groups), draw_count, seed)
    with _lock:
        kept = _shelf.get(key)
    if kept is None:
        kept = draw_evenness(site_capacity_count, weights, groups, draw_count, seed)
    with _lock:
        _shelf[key] = kept
        _shelf.move_to_end(key)
        while len(_shelf) > _MOST_KEPT:
            _shelf.popitem(last=False)
    return kept.copy()


def _content(values: pd.Series | None) -> Hashable:
    return None if values is None else (tuple(values.index), tuple(values))
