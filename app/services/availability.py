"""Availability for people: who can reach a public place of some kind in time, and how many places.

Only sites whose place is public and whose number of places is known count: a distance to a
protected site would give its place away. How many are left out is said per gemeente, a count
that is public already. Borders play no role: a place in the next gemeente counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.availability import LIMIT_MIN, share_within
from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.two_step import places_per_area, places_within_reach
from analysis.domain import PLAN_SCOPES, PlanScope
from analysis.facility_types import FacilityType
from app.services.area_minutes import TOO_FAR, sources_of, type_noun
from app.services.lists import SourceLine
from app.services.residents import Residents, residents_on_streets
from app.services.spreading import find_word, read_types
from data.queries.areas import areas
from data.queries.counts import site_releases
from data.queries.population import PopulationBasis
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, sites_on
from geo.frames import Level

TYPES = ("respijt", "time_out")
#: A share is called higher or lower than that of the region from this difference on. Shares are
#: counts of all residents, so no chance is involved; but where points of residents stand and how
#: fast one cycles is not known to more than about a percentage point.
LEAST_DIFFERENCE = 0.01
HIGHER, LOWER, ALIKE = "hoger dan de regio", "lager dan de regio", "geen duidelijk verschil"
NOT_MEASURED = "niet te meten"
UNKNOWN_CAPACITY = "aantal plekken niet bekend"
FAR_FROM_STREET = f"{TOO_FAR} of pad"
NO_PLACES = "Er is geen openbare locatie waarvan het aantal plekken bekend is."
SomeAnswer = TypeVar("SomeAnswer", pd.DataFrame, pd.Series)


@dataclass(frozen=True)
class ReachQuestion:
    """Which public places, on which date and with which plans; how far, how and per which area."""

    types: tuple[FacilityType, ...]
    on: dt.date
    plan_scope: PlanScope
    level: Level
    mode: TravelMode
    limit_min: float

    @property
    def places(self) -> str:
        """What is looked for, inside a sentence: ``een respijtplek of een time-outplek``."""
        return " of ".join(type_noun(entry) for entry in self.types)


@dataclass(frozen=True, eq=False)
class FacilityReach:
    """The answer: one row an area of the region, by its code; ``region`` is all of them together.

    ``table`` has name, gemeente_name, resident_count (of the points), measured_count and
    unknown_count, within_count, beyond_count, share (of the measured residents), verdict (against
    the region), places_per_10000, reason (where there is no share) and warning. ``sites`` are the
    public sites that count, ``left_out`` those without a known number of places or too far from
    a street, and ``protected_counts`` the number of protected sites by name of the gemeente.
    """

    question: ReachQuestion
    table: pd.DataFrame
    region: pd.Series
    sites: pd.DataFrame
    left_out: pd.DataFrame
    protected_counts: dict[str, int]
    population_basis: PopulationBasis
    release: Release
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in self.sources)


def reach_of_facilities(
    connection: Connection,
    home: Path,
    types: Sequence[str] = TYPES,
    on: dt.date | None = None,
    minutes: float = LIMIT_MIN,
    mode: str = "cycle",
    level: Level = "gemeente",
    plan_scope: str = "bestaand",
) -> FacilityReach:
    """Share of the residents within ``minutes`` of a public place, and places per 10,000 of them.

    QuestionError, in Dutch, when a type is not known; NotFound without areas or streets.
    """
    question = ReachQuestion(
        read_types(types),
        on or dt.date.today(),
        find_word(PLAN_SCOPES, "plannen", plan_scope),
        level,
        find_word(TRAVEL_MODES, "wijze", mode),
        minutes,
    )
    release = area_release(connection)
    residents = residents_on_streets(connection, home, release.id, question.mode)
    sites, left_out = _sites(connection, release.id, residents, question)
    points = _points(residents, sites, question)
    named = areas(connection, release.id, level, region_only=True)
    table = _measure(points, points[f"{level}_code"], list(named.index), question)
    table.insert(0, "name", named["name"])
    table.insert(1, "gemeente_name", named["gemeente_name"])
    everybody = pd.Series("regio", index=points.index)
    region = _measure(points, everybody, ["regio"], question).iloc[0]
    if sites.empty:
        table, region = _without_places(table, question), _without_places(region, question)
    table["verdict"] = _verdicts(table["share"], float(region["share"]))
    return FacilityReach(
        question,
        table,
        region,
        sites,
        left_out,
        protected_counts=protected_counts(
            connection, release.id, question.on, question.types, question.plan_scope
        ),
        population_basis=residents.population.basis,
        release=release,
        sources=sources_with_sites(connection, release, residents),
    )


def sources_with_sites(
    connection: Connection, release: Release, residents: Residents
) -> tuple[SourceLine, ...]:
    """Where the areas, the residents, the streets and the sites come from."""
    return (
        SourceLine("gebieden", "Gebieden", release),
        *sources_of(residents),
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    )


def _sites(
    connection: Connection, area_release_id: int, residents: Residents, question: ReachQuestion
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The public sites that count, and those left out with the reason why."""
    types = [entry.key for entry in question.types]
    sites = sites_on(connection, area_release_id, question.on, types, question.plan_scope.statuses)
    is_far = residents.snap(sites["x_m"], sites["y_m"]).is_far
    no_places = sites["capacity_count"].fillna(0).to_numpy() == 0
    reasons = np.select([no_places, is_far], [UNKNOWN_CAPACITY, FAR_FROM_STREET], default="")
    return sites[reasons == ""], sites.assign(left_out=reasons)[reasons != ""]


def _points(residents: Residents, sites: pd.DataFrame, question: ReachQuestion) -> pd.DataFrame:
    """Points in the region with minutes to the nearest site, and places per 10,000 residents.

    People outside the region share the places as well, where it is known where they live.
    """
    stops = residents.snap(sites["x_m"], sites["y_m"])
    each = [stops.part(slice(row, row + 1)) for row in range(len(stops))]
    minutes = question.mode.minutes(residents.measure_nearest(each))
    points = pd.DataFrame(residents.points.drop(columns="geometry"))
    is_far = residents.stops.is_far
    nearest = minutes.min(axis=0, initial=np.inf)
    points["minutes"] = np.where(is_far, np.nan, nearest)
    site, point = np.nonzero(minutes <= question.limit_min)
    found = places_within_reach(
        sites["capacity_count"].astype("float64"),
        points["resident_count"],
        pd.DataFrame(
            {
                "point": points.index[point],
                "site": sites.index[site],
                "minutes": minutes[site, point],
            }
        ),
        unmeasured=points.index[is_far],
    )
    points["per_10000"] = found.per_10000
    return points[points["in_region"]]


def _measure(
    points: pd.DataFrame, areas: pd.Series, codes: list[str], question: ReachQuestion
) -> pd.DataFrame:
    residents = points["resident_count"]
    table = share_within(points["minutes"], residents, areas, question.limit_min, area_codes=codes)
    table["beyond_count"] = table["measured_count"] - table["within_count"]
    places = places_per_area(points["per_10000"], residents, areas, area_codes=codes)
    table["places_per_10000"] = places["places_per_10000"]
    return table


def _without_places(answer: SomeAnswer, question: ReachQuestion) -> SomeAnswer:
    """Without a place that counts there is nothing to measure to; 0 would say too much."""
    answer = answer.copy()
    for name in ("share", "within_count", "beyond_count", "places_per_10000"):
        answer[name] = np.nan
    answer["reason"] = NO_PLACES
    return answer


def _verdicts(shares: pd.Series, of_region: float) -> pd.Series:
    """Each share against that of the region, called different only when clearly so."""
    difference = shares - of_region
    keys = np.select(
        [shares.isna(), difference >= LEAST_DIFFERENCE, difference <= -LEAST_DIFFERENCE],
        [NOT_MEASURED, HIGHER, LOWER],
        default=ALIKE,
    )
    return pd.Series(keys, index=shares.index, name="verdict", dtype="object")


def protected_counts(
    connection: Connection,
    area_release_id: int,
    on: dt.date,
    types: Sequence[FacilityType],
    plan_scope: PlanScope,
) -> dict[str, int]:
    """How many protected sites there are in each gemeente that has any; public as a count."""
    keys = [entry.key for entry in types]
    counted = capacity_by_area(
        connection, area_release_id, "gemeente", on, keys, plan_scope.statuses
    )["protected_site_count"]
    names = areas(connection, area_release_id, "gemeente", region_only=True)["name"]
    some = counted[counted > 0]
    return dict(zip(names.loc[some.index], some.astype(int), strict=True))
