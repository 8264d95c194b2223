"""Candidates to compare: sites of the own gemeenten whole, those of others as far as public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from data.errors import NotFound
from data.queries.answers import AnswerRecord, answers_of_sites
from data.queries.costs import CostRecord, site_costs
from data.queries.places import areas_at, areas_at_points
from data.queries.releases import Release, area_release
from data.queries.sites import NOT_THERE, sites_on
from data.queries.workspace import WorkspaceSite, workspace_sites
from geo.crs import to_wgs84

OPEN = "openbaar"


@dataclass(frozen=True)
class CandidatePlace:
    """A place that may be compared: a site of the register, or a free point.

    ``key`` is the id of the site, or a text for a free point. ``place_count`` is None when not
    known, ``status`` None for a point and for a site without a state yet. ``findings`` are the
    answers of the closer look by question; of a site of others nobody here knows them, nor its
    cost: ``is_own`` is then False. ``updated_at`` is when a site of one's own last changed.
    """

    key: int | str
    name: str
    type: FacilityType
    x_m: float
    y_m: float
    lon: float
    lat: float
    gemeente_code: str | None
    gemeente_name: str | None
    wijk_name: str | None
    place_count: int | None
    publication: str | None = None
    status: SiteStatus | None = None
    findings: Mapping[str, AnswerRecord] = field(default_factory=dict)
    cost_eur: int | None = None
    cost_source: str | None = None
    cost_on: dt.date | None = None
    site_code: str | None = None
    is_own: bool = True
    is_example: bool = False
    updated_at: dt.datetime | None = None

    @property
    def is_site(self) -> bool:
        """Whether it stands in the register."""
        return isinstance(self.key, int)

    @property
    def place_words(self) -> str:
        """Wijk and gemeente in a few words."""
        return ", ".join(name for name in (self.wijk_name, self.gemeente_name) if name)


def candidate_places(
    connection: Connection, site_ids: Sequence[int], on: dt.date
) -> tuple[CandidatePlace, ...]:
    """These sites on a date, in the order asked, each once; on a connection of staff.

    NotFound when one is not there, or is of others and not public, which can't be told apart.
    """
    asked = list(dict.fromkeys(site_ids))
    areas = area_release(connection)
    own = {site.id: site for site in workspace_sites(connection, on, asked)}
    others = sites_on(connection, areas.id, on, site_ids=[key for key in asked if key not in own])
    if set(asked) - set(own) - set(others.index):
        raise NotFound(NOT_THERE)
    found = {
        **_own_places(connection, areas, list(own.values())),
        **{row["site_id"]: _public_place(row) for row in _rows(others)},
    }
    return tuple(found[key] for key in asked)


def public_places(
    connection: Connection, site_ids: Sequence[int], on: dt.date
) -> tuple[CandidatePlace, ...]:
    """Those of these sites that are wholly public, as a visitor may know them, in this order."""
    rows = sites_on(connection, area_release(connection).id, on, site_ids=list(site_ids))
    found = {row["site_id"]: _public_place(row) for row in _rows(rows)}
    return tuple(found[key] for key in site_ids if key in found)


def free_place(
    connection: Connection,
    key: str,
    name: str,
    kind: FacilityType,
    x_m: float,
    y_m: float,
    place_count: int | None,
) -> CandidatePlace:
    """A free point in RD as a candidate, with the areas it lies in."""
    lon, lat = to_wgs84(x_m, y_m)
    areas = areas_at(connection, area_release(connection).id, x_m, y_m)
    gemeente, wijk = areas.get("gemeente"), areas.get("wijk")
    return CandidatePlace(
        key=key,
        name=name,
        type=kind,
        x_m=x_m,
        y_m=y_m,
        lon=lon,
        lat=lat,
        gemeente_code=None if gemeente is None else gemeente.area_code,
        gemeente_name=None if gemeente is None else gemeente.name,
        wijk_name=None if wijk is None else wijk.name,
        place_count=place_count,
    )


def _own_places(
    connection: Connection, areas: Release, sites: Sequence[WorkspaceSite]
) -> dict[int, CandidatePlace]:
    if not sites:
        return {}
    ids = [site.id for site in sites]
    findings, costs = answers_of_sites(connection, ids), site_costs(connection, ids)
    points = [site.point for site in sites]
    around = areas_at_points(
        connection, areas.id, [point.x for point in points], [point.y for point in points]
    )
    return {
        site.id: _own_place(
            site,
            {level: (area.area_code, area.name) for level, area in here.items()},
            findings.get(site.id, {}),
            costs.get(site.id),
        )
        for site, here in zip(sites, around, strict=True)
    }


def _own_place(
    site: WorkspaceSite,
    areas: Mapping[Any, tuple[str, str]],
    findings: Mapping[str, AnswerRecord],
    cost: CostRecord | None,
) -> CandidatePlace:
    lon, lat = to_wgs84(site.point.x, site.point.y)
    gemeente_code, gemeente_name = areas.get("gemeente", (None, None))
    return CandidatePlace(
        key=site.id,
        name=site.name,
        type=FACILITY_TYPES[site.type],
        x_m=site.point.x,
        y_m=site.point.y,
        lon=lon,
        lat=lat,
        gemeente_code=gemeente_code,
        gemeente_name=gemeente_name,
        wijk_name=areas.get("wijk", (None, None))[1],
        place_count=site.capacity_count,
        publication=site.publication,
        status=None if site.status is None else SITE_STATUSES[site.status],
        findings=findings,
        cost_eur=None if cost is None else cost.cost_eur,
        cost_source=None if cost is None else cost.source,
        cost_on=None if cost is None else cost.found_on,
        site_code=site.site_code,
        is_example=site.is_example,
        updated_at=site.updated_at,
    )


def _public_place(row: Mapping[str, Any]) -> CandidatePlace:
    capacity = row["capacity_count"]
    return CandidatePlace(
        key=int(row["site_id"]),
        name=row["name"],
        type=FACILITY_TYPES[row["type"]],
        x_m=float(row["x_m"]),
        y_m=float(row["y_m"]),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        gemeente_code=_text(row["gemeente_code"]),
        gemeente_name=_text(row["gemeente_name"]),
        wijk_name=_text(row["wijk_name"]),
        place_count=None if pd.isna(capacity) else int(capacity),
        publication=OPEN,
        status=SITE_STATUSES[row["status"]],
        site_code=row["site_code"],
        is_own=False,
        is_example=bool(row["is_example"]),
    )


def _rows(frame: pd.DataFrame) -> list[Any]:
    rows: list[Any] = frame.reset_index().to_dict("records")
    return rows


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
