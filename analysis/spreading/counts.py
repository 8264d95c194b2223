"""The numbers that go into a measure, checked: weights and counts per area."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError

Floats = npt.NDArray[np.float64]


def floats(values: pd.Series) -> Floats:
    """The values as floats, unknown as NaN, whatever pandas dtype they came in."""
    return values.to_numpy(dtype="float64", na_value=np.nan)


def checked_weights(weights: pd.Series) -> Floats:
    """The weights as floats; InputError when one is negative or infinite, or an area is twice."""
    numbers = floats(weights)
    _raise_if("weights", _breaches(weights.index, numbers))
    return numbers


def checked_counts(capacity_count: pd.Series) -> Floats:
    """The counts as floats; InputError when one is negative, infinite or not a whole number."""
    numbers = floats(capacity_count)
    breaches = _breaches(capacity_count.index, numbers)
    known = numbers[np.isfinite(numbers)]
    if (np.mod(known, 1) != 0).any():
        breaches.append("not every count is a whole number")
    _raise_if("capacity_count", breaches)
    return numbers


def checked_pair(capacity_count: pd.Series, weights: pd.Series) -> tuple[Floats, Floats]:
    """Counts and weights on one index, NaN in both where either is unknown."""
    if not capacity_count.index.equals(weights.index):
        raise InputError("capacity_count and weights", ["they are not on the same index"])
    counts, bases = checked_counts(capacity_count), checked_weights(weights)
    unknown = np.isnan(counts) | np.isnan(bases)
    return np.where(unknown, np.nan, counts), np.where(unknown, np.nan, bases)


def shares(numbers: Floats) -> Floats:
    """Each number as a share (0 to 1) of the sum of the known ones; NaN where that sum is 0."""
    total = np.nansum(numbers)
    return numbers / total if total > 0 else np.full_like(numbers, np.nan)


def _breaches(index: pd.Index, numbers: Floats) -> list[str]:
    breaches = []
    if not index.is_unique:
        breaches.append(f"{int(index.duplicated().sum())} areas occur twice")
    if np.isinf(numbers).any():
        breaches.append("a value is infinite")
    if (numbers < 0).any():
        breaches.append(f"{int((numbers < 0).sum())} values are negative")
    return breaches


def _raise_if(measure: str, breaches: list[str]) -> None:
    if breaches:
        raise InputError(measure, breaches)
