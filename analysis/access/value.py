"""Value: how well a travel time fits what is asked, from 0 (does not fit) to 1 (fits)."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pandas as pd

from analysis.errors import InputError


def checked_bounds(good_min: float, bad_min: float) -> None:
    """InputError unless both ends are known minutes of at least 0 and differ."""
    ends = (("good_min", good_min), ("bad_min", bad_min))
    breaches = [
        f"{name} is {value}, not a number of minutes"
        for name, value in ends
        if not (isfinite(value) and value >= 0)
    ]
    if good_min == bad_min:
        breaches.append("good_min and bad_min are equal")
    if breaches:
        raise InputError("value", breaches)


def value_of(minutes: pd.Series, good_min: float, bad_min: float) -> pd.Series:
    """How well each travel time fits, from 0 to 1 (``value``).

    v(t) = max(0, min(1, (bad - t) / (bad - good)))

    a straight line from 1 at ``good_min`` to 0 at ``bad_min``, and flat beyond both. With good
    below bad near is good; with good above bad far is good. NaN stays NaN. Infinity is a place
    that is known to be out of reach: 0 where near is good, 1 where far is good.

    Source: additive value model with linear value functions, Keeney & Raiffa (1976).
    """
    checked_bounds(good_min, bad_min)
    times = minutes.to_numpy(dtype="float64", na_value=np.nan)
    if (times < 0).any():
        raise InputError("value", [f"{int((times < 0).sum())} travel times are negative"])
    within = np.clip(times, min(good_min, bad_min), max(good_min, bad_min))
    values = (bad_min - within) / (bad_min - good_min)
    return pd.Series(values, index=minutes.index, name="value", dtype="float64")
