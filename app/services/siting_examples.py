"""A small choice between public plans, for the example of the method page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.demands import Target
from analysis.siting.plan import SitingAnswer
from analysis.siting.problem import SitingProblem, to_candidates
from app.services.lists import SourceLine
from app.services.siting_candidates import IN_PREPARATION
from app.services.spreading_weights import read_weights
from data.queries.counts import site_releases
from data.queries.releases import area_release
from data.queries.sites import capacity_by_area, sites_on

SITES = 2
#: The example is small; a page does not wait for it longer than this.
SECONDS = 2.0
TOO_FEW = "Er zijn niet genoeg openbare plannen van één soort om uit te kiezen."


@dataclass(frozen=True, eq=False)
class SitingExample:
    """A choice of some of the public plans, or None with the reason."""

    answer: SitingAnswer | None
    kind: FacilityType | None = None
    sources: tuple[SourceLine, ...] = ()
    reason: str = TOO_FEW


def siting_example(connection: Connection, on: dt.date) -> SitingExample:
    """The evenest two of the public plans of the type that has most of them."""
    release = area_release(connection)
    kind, plans = _plans(connection, release.id, on)
    if kind is None or len(plans) <= SITES:
        return SitingExample(None)
    base = SPREADING_BASES["inwoners"]
    weights = read_weights(connection, release.id, "gemeente", base, [kind], on).table
    statuses = PLAN_SCOPES["besloten"].statuses
    counts = capacity_by_area(connection, release.id, "gemeente", on, [kind.key], statuses)
    counts = counts.reindex(weights.index)
    known = counts["capacity_count"].astype("float64")
    is_unknown = counts["unknown_capacity_site_count"] > 0
    if not (weights["weight"].notna() & ~is_unknown & known.notna()).any():
        return SitingExample(None)
    problem = SitingProblem(
        to_candidates(plans.rename(columns={"capacity_count": "place_count"})),
        weights[["name", "weight"]].rename_axis("gemeente_code"),
        pd.DataFrame({kind.key: known.mask(is_unknown)}).rename_axis("gemeente_code"),
        (Target(kind.key, least_site_count=SITES, most_site_count=SITES),),
        stages=("verdeling",),
    )
    sources = (
        SourceLine("gebieden", "Gebieden en inwoners", release),
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    )
    terms = SitingTerms(stage_seconds=SECONDS, price_seconds=0.0, clash_seconds=SECONDS)
    return SitingExample(choose_sites(problem, terms), kind, sources)


def _plans(
    connection: Connection, area_release_id: int, on: dt.date
) -> tuple[FacilityType | None, pd.DataFrame]:
    """The type with the most public plans of which the places are known, and those plans."""
    rows = sites_on(connection, area_release_id, on, statuses=IN_PREPARATION)
    rows = rows[rows["in_region"] & (rows["capacity_count"] > 0).fillna(False)]
    if rows.empty:
        return None, rows
    counts = rows["type"].value_counts()
    most = min(str(key) for key in counts[counts == counts.max()].index)
    return FACILITY_TYPES[most], rows[rows["type"] == most]
