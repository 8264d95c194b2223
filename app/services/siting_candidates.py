"""The sites from which can be chosen: own ones in preparation, and public ones of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import is_unknown
from app.services.worklist import gemeente_names
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.workspace import WorkspaceSite, workspace_sites

#: The stages of a site about which nothing is decided yet.
IN_PREPARATION = tuple(
    status.key for status in SITE_STATUSES if status.group == STATUS_GROUPS["plan"]
)


@dataclass(frozen=True)
class PossibleSite:
    """A site that may be chosen; ``is_own`` when it is of a gemeente of who asks."""

    id: int
    name: str
    type: FacilityType
    gemeente_code: str
    gemeente_name: str
    status: SiteStatus | None
    place_count: int | None
    is_own: bool


def possible_sites(connection: Connection, on: dt.date) -> tuple[PossibleSite, ...]:
    """Every site in preparation on a date that who asks may see, by gemeente and name."""
    names = gemeente_names(connection)
    own = [_own(site, names) for site in workspace_sites(connection, on) if _is_open(site, on)]
    known = {site.id for site in own}
    others = [site for site in _public(connection, on, names) if site.id not in known]
    return tuple(sorted((*own, *others), key=lambda site: (site.gemeente_name, site.name, site.id)))


def by_gemeente(sites: Iterable[PossibleSite]) -> dict[str, list[PossibleSite]]:
    """The sites under the name of their gemeente."""
    found: dict[str, list[PossibleSite]] = {}
    for site in sites:
        found.setdefault(site.gemeente_name, []).append(site)
    return found


def _is_open(site: WorkspaceSite, on: dt.date) -> bool:
    is_there = (site.valid_from or on) <= on <= (site.valid_to or on)
    return is_there and (site.status is None or site.status in IN_PREPARATION)


def _own(site: WorkspaceSite, names: dict[str, str]) -> PossibleSite:
    code = site.gemeente_code or ""
    return PossibleSite(
        site.id,
        site.name,
        FACILITY_TYPES[site.type],
        code,
        names.get(code, "buiten de regio"),
        None if site.status is None else SITE_STATUSES[site.status],
        site.capacity_count,
        is_own=True,
    )


def _public(connection: Connection, on: dt.date, names: dict[str, str]) -> Iterator[PossibleSite]:
    release = area_release(connection)
    found = sites_on(connection, release.id, on, statuses=IN_PREPARATION)
    for row in found.reset_index().to_dict("records"):
        code = row["gemeente_code"]
        if code not in names:
            continue
        count = row["capacity_count"]
        yield PossibleSite(
            int(row["site_id"]),
            str(row["name"]),
            FACILITY_TYPES[row["type"]],
            code,
            names[code],
            SITE_STATUSES[row["status"]],
            None if is_unknown(count) else int(count),
            is_own=False,
        )
