"""The residents behind a figure per area: how many there are, and of how many nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError
from analysis.registry import Registry

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

#: Under this many residents a share or a median jumps when one household moves.
FEW_RESIDENTS = 500
#: With more than this share of the residents unknown, the rest may differ from the whole.
MANY_UNKNOWN_SHARE = 0.1


@dataclass(frozen=True)
class Note:
    """Why there is no figure of an area, or why it says little; ``label`` is a Dutch sentence."""

    key: str
    label: str


REASONS = Registry(
    "reason without access figure",
    (
        Note("no_residents", "Hier is geen punt met inwoners bekend."),
        Note("no_minutes", "Van geen enkele inwoner is de reistijd bekend."),
        Note("out_of_reach", "Voor zoveel inwoners is geen plek binnen de gemeten afstand."),
    ),
)
WARNINGS = Registry(
    "warning with access figure",
    (
        Note("few_residents", "Hier wonen minder dan 500 mensen. Het cijfer zegt weinig."),
        Note("many_unknown", "Van meer dan 1 op de 10 inwoners is de reistijd niet bekend."),
    ),
)


@dataclass(frozen=True, eq=False)
class PointsByArea:
    """Points with their residents, checked, in rows by area; points without an area are left out.

    ``row`` is the row in ``area_codes`` of each point; a NaN of ``values`` is unknown.
    """

    area_codes: pd.Index
    row: Rows
    values: Floats
    residents: Floats

    def sums(self, numbers: Floats) -> Floats:
        """The numbers of the points added up per area."""
        return added_up(self.row, numbers, len(self.area_codes))

    def counts(self) -> pd.DataFrame:
        """``resident_count``, ``measured_count`` and ``unknown_count`` per area."""
        unknown = self.sums(np.where(np.isnan(self.values), self.residents, 0.0))
        everybody = self.sums(self.residents)
        return pd.DataFrame(
            {
                "resident_count": everybody,
                "measured_count": everybody - unknown,
                "unknown_count": unknown,
            },
            index=self.area_codes,
        )


def added_up(row: Rows, numbers: Floats, row_count: int) -> Floats:
    """The numbers added up by their row."""
    # Of no numbers at all numpy makes whole zeros.
    return np.bincount(row, weights=numbers, minlength=row_count).astype("float64")


def points_by_area(
    values: pd.Series,
    residents: pd.Series,
    areas: pd.Series,
    area_codes: Sequence[str] | None = None,
) -> PointsByArea:
    """The points, checked: one index for all, no negative numbers, residents all known.

    ``areas`` has the area code of each point, missing where it lies in none. ``area_codes`` are
    the areas to answer for, in that order; by default those that have a point, sorted.
    """
    _check(values, residents, areas)
    wanted: list[str] = sorted(areas.dropna().unique()) if area_codes is None else [*area_codes]
    codes = pd.Index(np.array(wanted, dtype="object"), name="area_code")
    row = codes.get_indexer(pd.Index(areas, dtype="object"))
    inside = row >= 0
    return PointsByArea(
        area_codes=codes,
        row=row[inside],
        values=_floats(values)[inside],
        residents=_floats(residents)[inside],
    )


def warnings_of(counts: pd.DataFrame) -> pd.Series:
    """What to say beside the figure of each area (``warning``), <NA> where nothing."""
    few = counts["resident_count"] < FEW_RESIDENTS
    hidden = counts["unknown_count"] > MANY_UNKNOWN_SHARE * counts["resident_count"]
    told = [
        " ".join(
            WARNINGS[key].label
            for key, is_so in (("few_residents", is_few), ("many_unknown", is_hidden))
            if is_so
        )
        or pd.NA
        for is_few, is_hidden in zip(few, hidden, strict=True)
    ]
    return pd.Series(told, index=counts.index, name="warning", dtype="object")


def reasons_of(counts: pd.DataFrame) -> pd.Series:
    """Why an area has no figure (``reason``), <NA> where it has one."""
    keys = np.select(
        [counts["resident_count"] == 0, counts["measured_count"] == 0],
        ["no_residents", "no_minutes"],
        default="",
    )
    told = [REASONS[key].label if key else pd.NA for key in keys]
    return pd.Series(told, index=counts.index, name="reason", dtype="object")


def _check(values: pd.Series, residents: pd.Series, areas: pd.Series) -> None:
    breaches = [
        f"the {name} are not on the index of the values"
        for name, column in (("residents", residents), ("areas", areas))
        if not column.index.equals(values.index)
    ]
    if not values.index.is_unique:
        breaches.append("a point occurs twice")
    if (_floats(values) < 0).any():
        breaches.append("a value is negative")
    if not (np.isfinite(_floats(residents)) & (_floats(residents) >= 0)).all():
        breaches.append("a number of residents is negative or not known")
    if breaches:
        raise InputError("points by area", breaches)


def _floats(values: pd.Series) -> Floats:
    return cast(Floats, values.to_numpy(dtype="float64", na_value=np.nan))
