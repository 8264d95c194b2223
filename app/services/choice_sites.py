"""The sites of a choice as who asks may know them: own ones whole, others as far as public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.closer_look import Question, open_questions
from analysis.domain import SITE_STATUSES, SiteStatus
from app.numbers import is_unknown
from app.services.worklist import gemeente_names
from data.queries.answers import findings_by_site
from data.queries.costs import CostRecord, site_costs
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.workspace import WorkspaceSite, workspace_sites
from geo.crs import to_wgs84


@dataclass(frozen=True)
class ChoiceSite:
    """A site as far as it may be known; of others ``open_questions`` and ``cost`` are not."""

    id: int
    name: str
    type: str
    address: str | None
    gemeente_code: str | None
    gemeente_name: str
    status: SiteStatus | None
    place_count: int | None
    x_m: float
    y_m: float
    is_own: bool
    open_questions: tuple[Question, ...] | None = None
    cost: CostRecord | None = None

    @property
    def lat_lon(self) -> tuple[float, float]:
        """Its place for a map, to about a metre."""
        lon, lat = to_wgs84(self.x_m, self.y_m)
        return round(lat, 5), round(lon, 5)


def choice_sites(
    connection: Connection, site_ids: Collection[int], on: dt.date
) -> dict[int, ChoiceSite]:
    """The sites among these that who asks may know, by id."""
    wanted = set(site_ids)
    own = [site for site in workspace_sites(connection, on) if site.id in wanted]
    found = _own(connection, own)
    rest = wanted - found.keys()
    if rest:
        found |= {site.id: site for site in _public(connection, rest, on)}
    return found


def own_sites(
    connection: Connection, type_key: str, gemeente_code: str | None, on: dt.date
) -> list[ChoiceSite]:
    """The sites of a type within reach that are still a plan, by name; of one gemeente or all."""
    asked = [
        site
        for site in workspace_sites(connection, on)
        if site.type == type_key
        and gemeente_code in (None, site.gemeente_code)
        and (site.status is None or SITE_STATUSES[site.status].group.key == "plan")
    ]
    return list(_own(connection, asked).values())


def _own(connection: Connection, sites: Iterable[WorkspaceSite]) -> dict[int, ChoiceSite]:
    sites = list(sites)
    if not sites:
        return {}
    ids, names = [site.id for site in sites], gemeente_names(connection)
    findings, costs = findings_by_site(connection, ids), site_costs(connection, ids)
    return {
        site.id: ChoiceSite(
            id=site.id,
            name=site.name,
            type=site.type,
            address=site.address,
            gemeente_code=site.gemeente_code,
            gemeente_name=names.get(site.gemeente_code or "", "buiten de regio"),
            status=None if site.status is None else SITE_STATUSES[site.status],
            place_count=site.capacity_count,
            x_m=site.point.x,
            y_m=site.point.y,
            is_own=True,
            open_questions=open_questions(findings.get(site.id, {})),
            cost=costs.get(site.id),
        )
        for site in sites
    }


def _public(connection: Connection, wanted: set[int], on: dt.date) -> Iterable[ChoiceSite]:
    rows = sites_on(connection, area_release(connection).id, on)
    shown: list[Any] = rows[rows.index.isin(wanted)].reset_index().to_dict("records")
    for row in shown:
        count = row["capacity_count"]
        yield ChoiceSite(
            id=int(row["site_id"]),
            name=row["name"],
            type=row["type"],
            address=row["address"],
            gemeente_code=row["gemeente_code"],
            gemeente_name=row["gemeente_name"] or "buiten de regio",
            status=SITE_STATUSES[row["status"]],
            place_count=None if is_unknown(count) else int(count),
            x_m=row["x_m"],
            y_m=row["y_m"],
            is_own=False,
        )
