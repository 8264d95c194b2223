"""Sites as who works here may know them: the own ones whole, those of others as far as public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import is_unknown
from app.services.worklist import gemeente_names
from data.publication import OPENBAAR
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.workspace import WorkspaceSite, workspace_sites

OUTSIDE = "buiten de regio"


@dataclass(frozen=True)
class KnownSite:
    """A site on a date. ``is_own``: of a gemeente of who asks. Its place is in RD (metres).

    ``is_there`` is False before its first day and after its last one: only own ones are known then.
    """

    id: int
    name: str
    type: FacilityType
    address: str | None
    gemeente_code: str | None
    gemeente_name: str
    status: SiteStatus | None
    place_count: int | None
    x_m: float
    y_m: float
    is_own: bool
    is_public: bool
    is_there: bool = True

    @property
    def is_plan(self) -> bool:
        """Whether nothing is decided yet: it is in preparation, or has no stage."""
        return self.status is None or self.status.group.key == "plan"


def known_sites(
    connection: Connection,
    on: dt.date,
    *,
    types: Collection[str] | None = None,
    site_ids: Collection[int] | None = None,
) -> Iterator[KnownSite]:
    """Own sites first, then public ones of others; of these types or numbers when given."""
    names = gemeente_names(connection)
    own = workspace_sites(connection, on, site_ids)
    for site in own:
        if types is None or site.type in types:
            yield _own(site, names, on)
    known = {site.id for site in own}
    rest = None if site_ids is None else [key for key in site_ids if key not in known]
    if rest == []:
        return
    found = sites_on(
        connection,
        area_release(connection).id,
        on,
        types=None if types is None else list(types),
        site_ids=rest,
    )
    for row in found[~found.index.isin(known)].reset_index().to_dict("records"):
        yield _public(row)


def _own(site: WorkspaceSite, names: dict[str, str], on: dt.date) -> KnownSite:
    return KnownSite(
        site.id,
        site.name,
        FACILITY_TYPES[site.type],
        site.address,
        site.gemeente_code,
        names.get(site.gemeente_code or "", OUTSIDE),
        None if site.status is None else SITE_STATUSES[site.status],
        site.capacity_count,
        site.point.x,
        site.point.y,
        is_own=True,
        is_public=site.publication == OPENBAAR.key,
        is_there=(site.valid_from or on) <= on <= (site.valid_to or on),
    )


def _public(row: Any) -> KnownSite:
    gemeente, count = row["gemeente_name"], row["capacity_count"]
    return KnownSite(
        int(row["site_id"]),
        row["name"],
        FACILITY_TYPES[row["type"]],
        row["address"],
        row["gemeente_code"],
        gemeente if isinstance(gemeente, str) else OUTSIDE,
        SITE_STATUSES[row["status"]],
        None if is_unknown(count) else int(count),
        row["x_m"],
        row["y_m"],
        is_own=False,
        is_public=True,
    )
