"""Sites as those who work on them see them: whole, internal ones too, of their own gemeenten.

Only the role WORKSPACE of the database reads these tables, and row level security gives it the
sites of the gemeenten of its transaction and no others: nothing here filters by gemeente.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from data.errors import NotFound
from data.tables import LARGEST_ID, Site, SiteState, SourceRelease

NOT_YOURS = "Deze locatie is er niet, of hoort niet bij uw gemeente."


@dataclass(frozen=True)
class WorkspaceSite:
    """A site with everything that is known of it, and its state on a date.

    ``point`` and ``outline`` are in RD (metres). A site without a state by that date has None
    for ``status``, ``since`` and ``capacity_count``. ``version`` grows with each change.
    """

    id: int
    site_code: str
    name: str
    type: str
    provider: str | None
    address: str | None
    description: str | None
    publication: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    gemeente_code: str | None
    version: int
    updated_at: dt.datetime
    release_title: str
    is_example: bool
    status: str | None
    since: dt.date | None
    capacity_count: int | None
    point: shapely.Point
    outline: shapely.Polygon | None


def workspace_sites(connection: Connection, on: dt.date) -> list[WorkspaceSite]:
    """Every site within reach, by name, with its state on a date."""
    return [_site(row) for row in connection.execute(_sites_on(on))]


def workspace_site(connection: Connection, site_id: int, on: dt.date) -> WorkspaceSite:
    """One site; NotFound when it is not there or not within reach, which can't be told apart."""
    query = _sites_on(on).where(Site.id == site_id)
    row = connection.execute(query).first() if site_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NOT_YOURS)
    return _site(row)


def _sites_on(on: dt.date) -> Select[*tuple[Any, ...]]:
    state = (
        select(SiteState)
        .where(SiteState.from_date <= on)
        .ext(distinct_on(SiteState.site_id))
        .order_by(SiteState.site_id, SiteState.from_date.desc())
        .subquery("state")
    )
    return (
        select(
            Site.id,
            Site.site_code,
            Site.name,
            Site.type,
            Site.provider,
            Site.address,
            Site.description,
            Site.publication,
            Site.valid_from,
            Site.valid_to,
            Site.gemeente_code,
            Site.version,
            Site.updated_at,
            SourceRelease.title,
            SourceRelease.is_example,
            state.c.status,
            state.c.from_date,
            state.c.capacity_count,
            func.ST_AsEWKB(Site.geom).label("point"),
            func.ST_AsEWKB(Site.outline).label("outline"),
        )
        .join(SourceRelease, SourceRelease.id == Site.release_id)
        .outerjoin(state, state.c.site_id == Site.id)
        .order_by(Site.name, Site.id)
    )


def _site(row: Row[*tuple[Any, ...]]) -> WorkspaceSite:
    facts: list[Any] = list(row)
    return WorkspaceSite(*facts[:-2], *map(_shape, facts[-2:]))


def _shape(content: bytes | memoryview | None) -> Any:
    return None if content is None else shapely.from_wkb(bytes(content))
