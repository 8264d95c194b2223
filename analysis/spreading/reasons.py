"""Why areas cannot be compared: all of them together, and each by itself."""

from __future__ import annotations

import pandas as pd

from analysis.spreading.outcome import REASONS, Reason


def known_in_both(areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Places and weights as floats, NaN in both where either is unknown."""
    counts = areas["capacity_count"].astype("Float64").astype("float64")
    bases = areas["weight"].astype("Float64").astype("float64")
    both = counts.notna() & bases.notna()
    return counts.where(both), bases.where(both)


def overall_reasons(areas: pd.DataFrame, counts: pd.Series, bases: pd.Series) -> tuple[Reason, ...]:
    """Why these areas cannot be compared at all, the most telling first; none when they can."""
    counted = int(counts.notna().sum())
    knows_weight = bool(areas["weight"].notna().any())
    is_zero = not areas["weight"].sum() > 0 or (counted > 0 and not bases.sum() > 0)
    tests = {
        "no_weight": not knows_weight,
        "zero_weight": knows_weight and is_zero,
        "no_capacity": not areas["capacity_count"].notna().any(),
        "no_places": counted > 0 and counts.sum() == 0,
        "too_few_areas": counted < 2,
    }
    return tuple(REASONS[key] for key, is_so in tests.items() if is_so)


def row_reasons(areas: pd.DataFrame, overall: tuple[Reason, ...]) -> pd.Series:
    """Why each area has no figure (a Dutch sentence); <NA> where it has one."""
    general = overall[0].label if overall else pd.NA
    reasons = pd.Series(general, index=areas.index, name="reason", dtype="object")
    reasons[areas["weight"].eq(0).fillna(False)] = REASONS["weight_zero"].label
    for column, key in (("weight", "weight_unknown"), ("capacity_count", "capacity_unknown")):
        unknown = areas[column].isna()
        reasons[unknown] = _given_reason(areas, column)[unknown].fillna(REASONS[key].label)
    return reasons


def _given_reason(areas: pd.DataFrame, column: str) -> pd.Series:
    name = {"weight": "weight_reason", "capacity_count": "capacity_reason"}[column]
    if name in areas.columns:
        return areas[name].astype("object")
    return pd.Series(pd.NA, index=areas.index, dtype="object")
