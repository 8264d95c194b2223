"""The problem of choosing several sites at once: what there is to choose from, and what is asked.

Missing is missing: a candidate of which a number is unknown that the choice needs can't be
chosen, and says why. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.siting.breaches import problem_breaches
from analysis.siting.demands import (
    Demand,
    LeastInGemeente,
    MostInGemeente,
    Separation,
    Target,
    places_words,
    target_demands,
    to_record,
)
from analysis.siting.near_points import NearPoints
from analysis.siting.stages import PLAIN_STAGES

CANDIDATE_COLUMNS = (
    "name",
    "type",
    "gemeente_code",
    "place_count",
    "access",
    "cost_eur",
    "x_m",
    "y_m",
)
_NUMBERS = ("place_count", "access", "cost_eur", "x_m", "y_m")
_COUNT_UNKNOWN = "Het aantal plekken is niet bekend."
_ACCESS_UNKNOWN = "De bereikbaarheid is niet bekend."
_GEMEENTE_UNKNOWN = "Voor deze gemeente is geen evenredig aandeel te berekenen."
_OUTSIDE = "De locatie ligt niet in een van de gemeenten."
_COST_UNKNOWN = "De kosten zijn niet bekend. Met een budget kan deze locatie daarom niet mee."


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Candidates, what is there already, the demands, and the stages in their order.

    ``candidates`` (index ``candidate``: unique texts) has the columns name, type, gemeente_code,
    place_count (whole, above 0; NaN unknown), access (0 to 100; NaN unknown), cost_eur (from 0;
    NaN unknown), x_m and y_m (RD). ``gemeenten`` (index ``gemeente_code``) has name and weight,
    the base of the fair share (a whole number; NaN unknown). ``existing`` has a row a gemeente
    and a column a type: the places of all types that count in the fair share (NaN unknown).
    ``existing_sites`` (index: key; name, x_m, y_m) lie where new ones may come too near.

    The fair share is over all places together, those that are there and those that are chosen. A
    gemeente without a known weight or a known number of places has none; it stays outside the
    stage "verdeling", and its candidates can't be chosen when that stage is asked.
    """

    candidates: pd.DataFrame
    gemeenten: pd.DataFrame
    existing: pd.DataFrame
    targets: tuple[Target, ...]
    least_in_gemeente: tuple[LeastInGemeente, ...] = ()
    most_in_gemeente: tuple[MostInGemeente, ...] = ()
    most_place_count_per_site: int | None = None
    budget_eur: int | None = None
    forced_in: tuple[str, ...] = ()
    forced_out: tuple[str, ...] = ()
    separation: Separation | None = None
    existing_sites: pd.DataFrame = field(
        default_factory=lambda: _existing_sites(pd.DataFrame(columns=["name", "x_m", "y_m"]))
    )
    near: NearPoints | None = None
    stages: tuple[str, ...] = PLAIN_STAGES

    def __post_init__(self) -> None:
        """InputError naming every breach."""
        if breaches := problem_breaches(self):
            raise InputError("siting", breaches)

    @property
    def comparable(self) -> pd.Series:
        """Which gemeenten have a fair share: their weight and their places are known."""
        known = self.gemeenten["weight"].notna() & self.existing.notna().all(axis=1)
        return known.rename("is_comparable")

    @property
    def unavailable(self) -> pd.Series:
        """Why a candidate can't be chosen by the facts (a Dutch sentence); <NA> where it can."""
        of = self.candidates
        row = self.gemeenten.index.get_indexer(pd.Index(of["gemeente_code"]))
        # The last one stands for outside, where -1 leads.
        comparable = np.append(self.comparable.to_numpy(dtype=bool), True)[row]
        tests = (
            (of["place_count"].isna(), _COUNT_UNKNOWN),
            (row < 0, _OUTSIDE),
            (~comparable & ("verdeling" in self.stages), _GEMEENTE_UNKNOWN),
            (of["access"].isna() & ("bereikbaarheid" in self.stages), _ACCESS_UNKNOWN),
        )
        told = np.select([np.asarray(is_so) for is_so, _ in tests], [text for _, text in tests], "")
        return pd.Series(told, index=of.index, dtype="object", name="reason").replace("", pd.NA)

    @property
    def too_dear_to_tell(self) -> pd.Series:
        """Why the budget keeps a candidate out: nobody knows its cost; <NA> for the others."""
        reasons = pd.Series(pd.NA, index=self.candidates.index, dtype="object", name="reason")
        if self.budget_eur is not None:
            reasons[self.candidates["cost_eur"].isna()] = _COST_UNKNOWN
        return reasons

    def demands(self) -> tuple[Demand, ...]:
        """Every demand with its key and its sentence, in a fixed order."""
        found: dict[str, str] = {}
        for target in self.targets:
            found |= target_demands(target)
        for code, least in self.least_by_gemeente():
            found[f"minstens:{least.type}:{code}"] = (
                f"{self.gemeente_name(code)} heeft minstens "
                f"{places_words(least.type, least.place_count)}."
            )
        for code, most in self.most_by_gemeente():
            found[f"hoogstens:{code}"] = (
                f"{self.gemeente_name(code)} heeft samen hoogstens {most} plekken."
            )
        if self.most_place_count_per_site is not None:
            found["grootte"] = (
                f"Een locatie heeft hoogstens {self.most_place_count_per_site} plekken."
            )
        if self.budget_eur is not None:
            money = f"{self.budget_eur:,}".replace(",", ".")
            found["budget"] = f"De gekozen locaties kosten samen hoogstens {money} euro."
        found |= {f"wel:{key}": f"{self.name_of(key)} wordt gekozen." for key in self.forced_in}
        found |= {
            f"niet:{key}": f"{self.name_of(key)} wordt niet gekozen." for key in self.forced_out
        }
        return tuple(Demand(key, sentence) for key, sentence in found.items())

    def least_by_gemeente(self) -> list[tuple[str, LeastInGemeente]]:
        """The gemeente and the demand, with "every gemeente" written out; the highest stays."""
        highest: dict[tuple[str, str], LeastInGemeente] = {}
        for least in self.least_in_gemeente:
            for code in self._codes(least.gemeente_code):
                known = highest.get((code, least.type))
                if known is None or least.place_count > known.place_count:
                    highest[code, least.type] = least
        return [(code, least) for (code, _), least in highest.items()]

    def most_by_gemeente(self) -> list[tuple[str, int]]:
        """The gemeente and its most places, with "every gemeente" written out; the lowest stays."""
        lowest: dict[str, int] = {}
        for most in self.most_in_gemeente:
            for code in self._codes(most.gemeente_code):
                lowest[code] = min(most.place_count, lowest.get(code, most.place_count))
        return list(lowest.items())

    def row_of(self, key: str) -> int:
        """The row number of a candidate."""
        return list(self.candidates.index).index(key)

    def name_of(self, key: str) -> str:
        """The name of a candidate."""
        return str(self.candidates.loc[key, "name"])

    def gemeente_name(self, code: str) -> str:
        """The name of a gemeente."""
        return str(self.gemeenten.loc[code, "name"])

    def _codes(self, code: str | None) -> Sequence[str]:
        return [str(known) for known in self.gemeenten.index] if code is None else [code]

    def to_record(self) -> dict[str, Any]:
        """The whole problem, to be written as JSON; unknown is None."""
        return {
            "candidates": _rows(self.candidates, "key"),
            "gemeenten": _rows(self.gemeenten, "gemeente_code"),
            "existing": _rows(self.existing, "gemeente_code"),
            "existing_sites": _rows(self.existing_sites, "key"),
            "targets": [to_record(entry) for entry in self.targets],
            "least_in_gemeente": [to_record(entry) for entry in self.least_in_gemeente],
            "most_in_gemeente": [to_record(entry) for entry in self.most_in_gemeente],
            "most_place_count_per_site": self.most_place_count_per_site,
            "budget_eur": self.budget_eur,
            "forced_in": list(self.forced_in),
            "forced_out": list(self.forced_out),
            "separation": None if self.separation is None else to_record(self.separation),
            "near": None if self.near is None else self.near.to_record(),
            "stages": list(self.stages),
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SitingProblem:
        """The problem that ``to_record`` wrote."""
        separation, near = record["separation"], record["near"]
        return cls(
            candidates=to_candidates(_frame(record["candidates"], "key")),
            gemeenten=_floats(_frame(record["gemeenten"], "gemeente_code"), ["weight"]),
            existing=_floats(_frame(record["existing"], "gemeente_code")),
            existing_sites=_existing_sites(_frame(record["existing_sites"], "key")),
            targets=tuple(Target(**entry) for entry in record["targets"]),
            least_in_gemeente=tuple(
                LeastInGemeente(**entry) for entry in record["least_in_gemeente"]
            ),
            most_in_gemeente=tuple(MostInGemeente(**entry) for entry in record["most_in_gemeente"]),
            most_place_count_per_site=record["most_place_count_per_site"],
            budget_eur=record["budget_eur"],
            forced_in=tuple(record["forced_in"]),
            forced_out=tuple(record["forced_out"]),
            separation=None if separation is None else Separation(**separation),
            near=None if near is None else NearPoints.from_record(near),
            stages=tuple(record["stages"]),
        )


def to_candidates(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of candidates as the problem wants them: keys as text, numbers as floats."""
    found = _floats(table.reindex(columns=list(CANDIDATE_COLUMNS)), _NUMBERS)
    found.index = pd.Index([str(key) for key in table.index], dtype="object", name="candidate")
    return found


def _existing_sites(table: pd.DataFrame) -> pd.DataFrame:
    found = _floats(table.reindex(columns=["name", "x_m", "y_m"]), ["x_m", "y_m"])
    found.index = pd.Index([str(key) for key in table.index], dtype="object", name="site")
    return found


def _floats(table: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    names = list(table.columns) if columns is None else list(columns)
    numbers = {
        name: table[name].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
        for name in names
    }
    return table.assign(**numbers)


def _rows(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    plain = table.astype("object").where(table.notna(), None)
    return [
        {key: str(index), **cast(dict[str, Any], row)}
        for index, row in zip(table.index, plain.to_dict("records"), strict=True)
    ]


def _frame(rows: list[dict[str, Any]], key: str) -> pd.DataFrame:
    index = pd.Index([row[key] for row in rows], dtype="object", name=key)
    columns = [name for name in (rows[0] if rows else {}) if name != key]
    return pd.DataFrame({name: [row[name] for row in rows] for name in columns}, index=index)
