"""What is wrong with a problem of choosing sites, all of it at once, in Dutch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.facility_types import FACILITY_TYPES
from analysis.siting.demands import LeastInGemeente, MostInGemeente
from analysis.siting.stages import STAGES

if TYPE_CHECKING:
    from analysis.siting.problem import SitingProblem

#: Beyond this the whole numbers of a fair share would no longer be exact.
MOST_WEIGHT = 10**8
MOST_PLACES = 10**5
_TEXTS = ("name", "type", "gemeente_code")


def problem_breaches(problem: SitingProblem) -> list[str]:
    """Every breach of the problem; none when it can be solved as it stands."""
    missing = list(_missing_columns(problem))
    if missing:
        return missing
    return [
        *_candidates(problem),
        *_gemeenten(problem),
        *_targets(problem),
        *_bounds(problem),
        *_forced(problem),
        *_stages(problem),
    ]


def _missing_columns(problem: SitingProblem) -> Iterator[str]:
    promised = (
        ("candidates", problem.candidates, (*_TEXTS, *_RANGES)),
        ("gemeenten", problem.gemeenten, ("name", "weight")),
        ("existing_sites", problem.existing_sites, ("name", "x_m", "y_m")),
    )
    for name, table, columns in promised:
        if absent := [column for column in columns if column not in table.columns]:
            yield f"{name} mist de kolommen {', '.join(absent)}"
        if not table.index.is_unique:
            yield f"in {name} komt een sleutel twee keer voor"
    if not problem.existing.index.equals(problem.gemeenten.index):
        yield "de bestaande plekken staan niet op de gemeenten"


#: Column of a candidate: lowest, highest, whether it must be whole, what it is called.
_RANGES: dict[str, tuple[float, float, bool, str]] = {
    "place_count": (1, MOST_PLACES, True, "aantal plekken"),
    "access": (0, 100, False, "score voor bereikbaarheid"),
    "cost_eur": (0, 1e12, False, "bedrag"),
    "x_m": (-1e7, 1e7, False, "x-coördinaat"),
    "y_m": (-1e7, 1e7, False, "y-coördinaat"),
}


def _candidates(problem: SitingProblem) -> Iterator[str]:
    table = problem.candidates
    for column, (lowest, highest, is_whole, noun) in _RANGES.items():
        numbers = table[column].to_numpy(dtype="float64", na_value=np.nan)
        if wrong := _outside(table.index, numbers, lowest, highest, is_whole):
            yield f"het {noun} klopt niet van {wrong}"
    for name in ("x_m", "y_m"):
        if table[name].isna().any():
            yield f"van een kandidaat is de {_RANGES[name][3]} niet bekend"
    asked = {target.type for target in problem.targets}
    for kind in sorted(set(table["type"]) - asked):
        yield f"er zijn kandidaten van de soort {kind!r}, en daarvoor is geen doel gesteld"


def _outside(
    keys: pd.Index, numbers: np.ndarray, lowest: float, highest: float, is_whole: bool
) -> str:
    known = ~np.isnan(numbers)
    wrong = known & ~((numbers >= lowest) & (numbers <= highest))
    if is_whole:
        wrong |= known & (np.mod(np.where(np.isfinite(numbers), numbers, 0.5), 1) != 0)
    return ", ".join(str(key) for key in keys[wrong][:5])


def _gemeenten(problem: SitingProblem) -> Iterator[str]:
    weights = problem.gemeenten["weight"].to_numpy(dtype="float64", na_value=np.nan)
    if wrong := _outside(problem.gemeenten.index, weights, 0, MOST_WEIGHT, True):
        yield f"het gewicht is geen heel getal vanaf 0 voor {wrong}"
    for kind in problem.existing.columns:
        numbers = problem.existing[kind].to_numpy(dtype="float64", na_value=np.nan)
        if wrong := _outside(problem.existing.index, numbers, 0, MOST_PLACES, True):
            yield f"het aantal bestaande plekken ({kind}) klopt niet voor {wrong}"


def _targets(problem: SitingProblem) -> Iterator[str]:
    if not problem.targets:
        yield "er is geen doel gesteld"
    kinds = [target.type for target in problem.targets]
    for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        yield f"voor de soort {kind!r} staat er meer dan één doel"
    for target in problem.targets:
        yield from target.breaches()
        if target.type not in problem.existing.columns:
            yield f"van de soort {target.type!r} staan er geen bestaande plekken"


def _bounds(problem: SitingProblem) -> Iterator[str]:
    for least in problem.least_in_gemeente:
        if least.type not in problem.existing.columns or least.type not in FACILITY_TYPES:
            yield f"het minste aantal per gemeente noemt een soort die niet meetelt: {least.type!r}"
    demands: tuple[LeastInGemeente | MostInGemeente, ...] = (
        *problem.least_in_gemeente,
        *problem.most_in_gemeente,
    )
    limits = [(entry.gemeente_code, entry.place_count) for entry in demands]
    for code, count in limits:
        if code is not None and code not in problem.gemeenten.index:
            yield f"de gemeente {code!r} hoort niet bij de gemeenten"
        if count < 0:
            yield "een aantal plekken per gemeente is lager dan 0"
    if problem.most_place_count_per_site is not None and problem.most_place_count_per_site < 1:
        yield "het meeste aantal plekken van een locatie is lager dan 1"
    if problem.budget_eur is not None and problem.budget_eur < 0:
        yield "het budget is lager dan 0"
    if problem.separation is not None:
        if not 0 < problem.separation.distance_m <= 1e6:
            yield "de gewenste afstand is geen getal boven 0"
        if not problem.separation.reason.strip():
            yield "bij de gewenste afstand staat geen reden"


def _forced(problem: SitingProblem) -> Iterator[str]:
    for keys in (problem.forced_in, problem.forced_out):
        for key in keys:
            if key not in problem.candidates.index:
                yield f"{key!r} is geen kandidaat"
        if len(set(keys)) != len(keys):
            yield "een kandidaat is twee keer vastgezet"


def _stages(problem: SitingProblem) -> Iterator[str]:
    if not problem.stages:
        yield "er is niets gevraagd om zo goed mogelijk te maken"
    if len(set(problem.stages)) != len(problem.stages):
        yield "een trap komt twee keer voor"
    for key in problem.stages:
        if key not in STAGES:
            yield f"de trap {key!r} kennen wij niet"
    if "tussenafstand" in problem.stages and problem.separation is None:
        yield "voor de trap tussenafstand is een gewenste afstand nodig"
    if "nabijheid" in problem.stages and problem.near is None:
        yield "voor de trap nabijheid is nodig wie waar woont"
    if problem.near is not None and problem.near.near.shape[1] != len(problem.candidates):
        yield "de kandidaten dicht bij huis zijn niet de kandidaten"
    if (
        "verdeling" in problem.stages
        and not problem.gemeenten.loc[problem.comparable.to_numpy(), "weight"].sum() > 0
    ):
        yield "van geen enkele gemeente is een evenredig aandeel te berekenen"
