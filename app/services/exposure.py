"""How many places people have near their homes, on foot, and what a candidate would change.

Only sites whose place is public count: a distance to a protected site would give its place
away. How many those are is said per gemeente. Borders play no role: sites in the rim count, and
people in the rim are measured as well, but shares are of the residents of the region.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.domain import PLAN_SCOPES, SITE_STATUSES, PlanScope
from analysis.facility_types import FacilityType
from analysis.spreading.exposure import (
    LIMITS_M,
    Nearby,
    ResidentsByPlaces,
    exposure_by_area,
    places_near,
    residents_by_places,
)
from analysis.spreading.exposure_change import ExposureChange, measure_exposure_change
from analysis.spreading.outcome import REASONS
from app.numbers import to_dutch
from app.services.area_minutes import why_nobody
from app.services.availability import FAR_FROM_STREET, protected_counts, sources_with_sites
from app.services.exposure_candidate import Candidate, CandidateQuestion, read_candidate
from app.services.lists import SourceLine, plain
from app.services.residents import Residents, residents_on_streets
from app.services.spreading import QuestionError, find_word, read_types, types_label
from data.errors import NotFound
from data.queries.areas import figure_values
from data.queries.population import RESIDENTS, PopulationBasis
from data.queries.releases import Release, area_release
from data.queries.sites import sites_on
from geo.frames import LEVELS, Level

WALK: TravelMode = TRAVEL_MODES["walk"]
LEAST_LIMIT_M, MOST_LIMIT_M, MOST_LIMITS = 50, 5_000, 5
NO_CAPACITY = "heeft volgens de gegevens 0 plekken"


class NotMeasurable(NotFound):
    """There are no streets yet, or nobody knows where people live; the message says which."""


@dataclass(frozen=True)
class ExposureQuestion:
    """Which places, on which date and with which plans; within which metres, per which area."""

    types: tuple[FacilityType, ...]
    on: dt.date
    plan_scope: PlanScope
    level: Level
    limits_m: tuple[float, ...]

    @property
    def types_label(self) -> str:
        """The choice in a few words."""
        return types_label(self.types)


@dataclass(frozen=True)
class Comparison:
    """The candidate and what it changes: it comes, or (when it counts already) it goes.

    ``region`` is about the residents of the region, ``rim`` about those around it that we know.
    """

    candidate: Candidate
    region: ExposureChange
    rim: ExposureChange | None


@dataclass(frozen=True, eq=False)
class Exposure:
    """The answer for the residents of the region.

    ``near`` has every point of the region, ``points`` their residents, areas and buurt.
    ``areas`` has for each limit a row an area of the level by its code: name, gemeente_name and
    the columns of ``exposure_by_area``; ``region`` the same for all together, a row a limit.
    ``distance_m`` has the metres on foot behind it, a row a site and a column a point of the
    region. ``sites`` are those that count, ``left_out`` those that do not, each with the reason.
    """

    question: ExposureQuestion
    distance_m: pd.DataFrame
    near: Nearby
    points: pd.DataFrame
    by_places: ResidentsByPlaces
    areas: dict[float, pd.DataFrame]
    region: pd.DataFrame
    comparison: Comparison | None
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

    @property
    def unknown_site_count(self) -> int:
        """How many of the sites that count have no known number of places."""
        return int(self.sites["capacity_count"].isna().sum())


def read_exposure_question(
    types: Iterable[str],
    on: dt.date,
    plan_scope: str = "bestaand",
    level: str = "buurt",
    limits_m: Sequence[float] = LIMITS_M,
) -> ExposureQuestion:
    """The question that these words ask; QuestionError, in Dutch, names the word that is wrong."""
    if level not in LEVELS:
        raise QuestionError("niveau", f"{level!r} kennen wij niet. Kies uit: {', '.join(LEVELS)}.")
    limits = tuple(sorted({float(limit) for limit in limits_m}))
    if not 1 <= len(limits) <= MOST_LIMITS or not all(
        LEAST_LIMIT_M <= limit <= MOST_LIMIT_M for limit in limits
    ):
        raise QuestionError(
            "afstand",
            f"Kies 1 tot {MOST_LIMITS} afstanden van {LEAST_LIMIT_M} tot en met "
            f"{to_dutch(MOST_LIMIT_M)} meter.",
        )
    scope = find_word(PLAN_SCOPES, "plannen", plan_scope)
    return ExposureQuestion(read_types(types), on, scope, level, limits)


def measure_exposure(
    connection: Connection,
    home: Path,
    question: ExposureQuestion,
    asked: CandidateQuestion | None = None,
) -> Exposure:
    """The places near the homes of the region, and what the candidate that is asked changes.

    NotMeasurable without streets or points with residents; NotFound without areas, and when the
    candidate is no public site; QuestionError, in Dutch, when it can't be compared.
    """
    release = area_release(connection)
    residents = residents_on_foot(connection, home, release.id)
    sites, left_out = counted_sites(connection, release.id, residents, question)
    candidate = None
    if asked is not None:
        candidate = read_candidate(
            connection, release.id, residents, asked, question.types, question.on, sites.index
        )
    distance_m = metres_on_foot(residents, sites)
    near = _places(residents, distance_m, sites["capacity_count"], question)
    points = pd.DataFrame(residents.points.drop(columns="geometry"))
    in_region = points["in_region"]
    here = near.part(in_region)
    own = points[in_region]
    return Exposure(
        question,
        distance_m=distance_m.loc[:, in_region],
        near=here,
        points=own,
        by_places=residents_by_places(here, own["resident_count"]),
        areas=_areas(connection, release.id, here, own, question),
        region=_region(here, own, question),
        comparison=None
        if candidate is None
        else _compare(residents, points, distance_m, sites, question, candidate),
        sites=sites,
        left_out=left_out,
        protected_counts=protected_counts(
            connection, release.id, question.on, question.types, question.plan_scope
        ),
        population_basis=residents.population.basis,
        release=release,
        sources=sources_with_sites(connection, release, residents),
    )


def candidate_sites(
    connection: Connection, area_release_id: int, question: ExposureQuestion
) -> pd.DataFrame:
    """The public sites in preparation to choose a candidate from, by gemeente and name."""
    types = [entry.key for entry in question.types]
    statuses = [entry.key for entry in SITE_STATUSES if entry.group.key in ("decided", "plan")]
    found = sites_on(connection, area_release_id, question.on, types, statuses)
    return found.sort_values(["gemeente_name", "name"], key=lambda names: names.map(plain))


def residents_on_foot(connection: Connection, home: Path, area_release_id: int) -> Residents:
    """The residents at the streets; NotMeasurable without streets or residents."""
    try:
        residents = residents_on_streets(connection, home, area_release_id, WALK)
    except NotFound as missing:
        raise NotMeasurable(str(missing)) from missing
    if residents.points.empty:
        raise NotMeasurable(REASONS["no_residents"].label)
    return residents


def counted_sites(
    connection: Connection, area_release_id: int, residents: Residents, question: ExposureQuestion
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The public sites that count, and those left out with the reason why."""
    types = [entry.key for entry in question.types]
    sites = sites_on(connection, area_release_id, question.on, types, question.plan_scope.statuses)
    is_far = residents.snap(sites["x_m"], sites["y_m"]).is_far
    is_empty = sites["capacity_count"].eq(0).fillna(False).to_numpy(dtype=bool)
    reasons = np.select([is_empty, is_far], [NO_CAPACITY, FAR_FROM_STREET], default="")
    return sites[reasons == ""], sites.assign(left_out=reasons)[reasons != ""]


def metres_on_foot(residents: Residents, sites: pd.DataFrame) -> pd.DataFrame:
    """Metres on foot: a row a site, a column a point."""
    stops = residents.snap(sites["x_m"], sites["y_m"])
    each = [stops.part(slice(row, row + 1)) for row in range(len(stops))]
    metres = residents.measure_nearest(each)
    return pd.DataFrame(metres, index=sites.index, columns=residents.points.index)


def _places(
    residents: Residents,
    distance_m: pd.DataFrame,
    capacity_count: pd.Series,
    question: ExposureQuestion,
) -> Nearby:
    dark = residents.points.index[residents.stops.is_far]
    return places_near(distance_m, capacity_count, question.limits_m, unmeasured=dark)


def _areas(
    connection: Connection,
    area_release_id: int,
    near: Nearby,
    points: pd.DataFrame,
    question: ExposureQuestion,
) -> dict[float, pd.DataFrame]:
    level = question.level
    named = figure_values(connection, area_release_id, level, RESIDENTS, region_only=True)
    why = why_nobody(named)
    found = {}
    for limit in question.limits_m:
        codes = list(named.index)
        residents, areas = points["resident_count"], points[f"{level}_code"]
        table = exposure_by_area(near, limit, residents, areas, area_codes=codes)
        table.index = named.index
        table.insert(0, "name", named["name"])
        table.insert(1, "gemeente_name", named["gemeente_name"])
        table["reason"] = table["reason"].mask(table["resident_count"] == 0, why)
        table["warning"] = table["warning"].mask(table["most_place_count"].isna())
        found[limit] = table
    return found


def _region(near: Nearby, points: pd.DataFrame, question: ExposureQuestion) -> pd.DataFrame:
    """All residents of the region as one area, a row a limit."""
    everybody = pd.Series("regio", index=points.index)
    rows = [
        exposure_by_area(near, limit, points["resident_count"], everybody, area_codes=["regio"])
        for limit in question.limits_m
    ]
    return pd.concat(rows).set_axis(pd.Index(question.limits_m, name="limit_m"))


def _compare(
    residents: Residents,
    points: pd.DataFrame,
    distance_m: pd.DataFrame,
    sites: pd.DataFrame,
    question: ExposureQuestion,
    candidate: Candidate,
) -> Comparison:
    """The same points with the candidate and without it."""
    is_other = distance_m.index != candidate.site_id
    others, capacity = distance_m[is_other], sites["capacity_count"][is_other]
    place = pd.DataFrame({"x_m": [candidate.x_m], "y_m": [candidate.y_m]}, index=[-1])
    all_m = pd.concat([others, metres_on_foot(residents, place)])
    all_capacity = pd.concat([capacity, pd.Series([candidate.place_count], [-1], dtype="Int64")])
    without = _places(residents, others, capacity, question)
    with_it = _places(residents, all_m, all_capacity, question)
    before, after = (with_it, without) if candidate.is_counted else (without, with_it)

    def change(which: pd.Series) -> ExposureChange:
        people = points.loc[which, "resident_count"]
        return measure_exposure_change(before.part(which), after.part(which), people, WALK)

    is_rim = ~points["in_region"]
    return Comparison(
        candidate, change(points["in_region"]), change(is_rim) if is_rim.any() else None
    )
