"""What the places of a candidate would do to the evenness of the spread over areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.spreading.hoover import hoover_index


@dataclass(frozen=True)
class EvennessEffect:
    """The Hoover index without and with the places, and how far that is of what can be.

    ``effect`` is from -100 to 100: above 0 the spread becomes more even. All three are NaN
    where the index can't be computed.
    """

    before: float
    after: float
    effect: float


def evenness_effect(
    others_count: pd.Series, weights: pd.Series, area_code: str, place_count: int
) -> EvennessEffect:
    """How much more even the spread becomes when ``place_count`` places come in an area.

    E = -100 × (H' - H) / (k / (C + k))

    with H the Hoover index of the places of the others (``others_count``, index: area code) over
    ``weights``, H' the same with k places more in ``area_code``, and C the places of the others.
    From -100 to 100: k places can't move the index by more than their share k / (C + k). Areas
    with an unknown weight are left out of both, as ``hoover_index`` does; so is the effect of
    places that come there (NaN). InputError when the area is none of these or k is not above 0.

    Source: own formula, on the index of Hoover (1936); the bound is that of a mixture, for the
    index is a convex distance of at most 1.
    """
    if place_count <= 0 or area_code not in others_count.index:
        raise InputError("evenness_effect", ["the places come nowhere, or are none"])
    came = pd.Series(np.where(others_count.index == area_code, place_count, 0), others_count.index)
    known = others_count.notna() & weights.notna()
    if not known[area_code]:
        return EvennessEffect(np.nan, np.nan, np.nan)
    before = hoover_index(others_count, weights)
    after = hoover_index(others_count + came, weights)
    others = float(others_count[known].sum())
    effect = -100.0 * (after - before) / (place_count / (others + place_count))
    return EvennessEffect(before, after, float(effect))
