"""The lives of all sites that count, to tell how things stood on any date without a query."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: Before and after every date: what a site without a first or a last day gets.
_EVER = {"valid_from": dt.date.min, "valid_to": dt.date.max}


@dataclass(frozen=True, eq=False)
class AreaCounts:
    """Places and sites per area on a date, in the order of the areas.

    ``places`` is the sum of the known capacities, ``unknown`` how many sites have an unknown
    one, ``protected`` how many sites have a place that is not public.
    """

    places: Ints
    sites: Ints
    unknown: Ints
    protected: Ints


@dataclass(frozen=True, eq=False)
class SiteLives:
    """Every state of every site, sorted by site and then by date, as columns of numbers.

    ``area`` is the place of its area among ``area_count`` areas; dates are days; ``places`` is
    NaN when unknown; ``counts`` says whether the status counts in the question.
    """

    area_count: int
    site: Ints
    area: Ints
    from_day: Ints
    first_day: Ints
    last_day: Ints
    counts: Bools
    is_public: Bools
    places: npt.NDArray[np.float64]

    @classmethod
    def of(cls, states: pd.DataFrame, codes: pd.Index) -> SiteLives:
        """From ``site_states`` of one release of areas, with a column ``counts``."""
        return cls(
            area_count=len(codes),
            site=states["site_id"].to_numpy(dtype="int64"),
            area=codes.get_indexer(pd.Index(states["area_code"])).astype("int64"),
            from_day=_days(states["from_date"]),
            first_day=_days(states["valid_from"]),
            last_day=_days(states["valid_to"]),
            counts=states["counts"].to_numpy(dtype="bool"),
            is_public=states["has_public_place"].to_numpy(dtype="bool"),
            places=states["capacity_count"].to_numpy(dtype="float64", na_value=np.nan),
        )

    def counts_on(self, on: dt.date) -> AreaCounts:
        """How it stood on the date: the last state of each site that had begun by then."""
        day = on.toordinal()
        begun = np.flatnonzero(self.from_day <= day)
        site = self.site[begun]
        last = begun[np.append(site[1:] != site[:-1], True)] if len(begun) else begun
        is_there = (self.first_day[last] <= day) & (day <= self.last_day[last])
        last = last[is_there & self.counts[last]]
        places = self.places[last]
        return AreaCounts(
            places=self._per_area(last, np.nan_to_num(places)),
            sites=self._per_area(last, np.ones(len(last))),
            unknown=self._per_area(last, np.isnan(places)),
            protected=self._per_area(last, ~self.is_public[last]),
        )

    def _per_area(self, rows: Ints, amounts: npt.NDArray[np.float64] | Bools) -> Ints:
        summed = np.bincount(self.area[rows], weights=amounts, minlength=self.area_count)
        return summed.astype("int64")


def _days(dates: pd.Series) -> Ints:
    """The dates as days since the year 1; one that is not known lies beyond every other."""
    ever = _EVER.get(str(dates.name), dt.date.min)
    known = [ever if pd.isna(day) else day for day in dates]
    return np.array([day.toordinal() for day in known], dtype="int64")
