"""Sites as those who work on them see them: whole, internal ones too, of their own gemeenten.

Only the role WORKSPACE of the database reads these tables, and row level security gives it the
sites of the gemeenten of its transaction and no others: nothing here filters by gemeente.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Connection, Row, Select, func, select, text

from data.errors import NotFound
from data.queries.last_state import last_state
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


@dataclass(frozen=True)
class StateRecord:
    """What is so at a site from a date on; an unknown number of places is None."""

    from_date: dt.date
    status: str
    capacity_count: int | None
    reason: str | None


#: The rows of a site as the triggers of the history write them.
_AS_NOTED = {
    "site": (
        "SELECT to_jsonb(site) - ARRAY['geom_wgs84', 'outline_wgs84', 'version', 'updated_at'] "
        "FROM site WHERE id = :site_id"
    ),
    "site_state": (
        "SELECT to_jsonb(site_state) FROM site_state WHERE site_id = :site_id ORDER BY from_date"
    ),
    "site_answer": (
        "SELECT to_jsonb(site_answer) - 'version' FROM site_answer WHERE site_id = :site_id "
        "ORDER BY question"
    ),
}


def workspace_sites(
    connection: Connection, on: dt.date, site_ids: Collection[int] | None = None
) -> list[WorkspaceSite]:
    """Every site within reach (of these, when given), by name, with its state on a date."""
    query = _sites_on(on)
    if site_ids is not None:
        query = query.where(Site.id.in_([number for number in site_ids if number <= LARGEST_ID]))
    return [_site(row) for row in connection.execute(query)]


def workspace_site(connection: Connection, site_id: int, on: dt.date) -> WorkspaceSite:
    """One site; NotFound when it is not there or not within reach, which can't be told apart."""
    query = _sites_on(on).where(Site.id == site_id)
    row = connection.execute(query).first() if site_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NOT_YOURS)
    return _site(row)


def find_own_site(connection: Connection, word: str) -> int | None:
    """The id of the site within reach with this id, or else this code; None without one."""
    found = None
    if word.isascii() and word.isdigit() and len(word) < 20 and int(word) <= LARGEST_ID:
        found = connection.scalar(select(Site.id).where(Site.id == int(word)))
    if found is None and word.isprintable():
        found = connection.scalar(select(Site.id).where(Site.site_code == word))
    return found


def site_states(connection: Connection, site_id: int) -> list[StateRecord]:
    """Every state of a site within reach, the oldest first."""
    columns = [getattr(SiteState, name) for name in StateRecord.__dataclass_fields__]
    rows = connection.execute(
        select(*columns).where(SiteState.site_id == site_id).order_by(SiteState.from_date)
    )
    return [StateRecord(*row) for row in rows]


def rows_as_noted(connection: Connection, table_name: str, site_id: int) -> list[dict[str, Any]]:
    """The rows of a site as they stand now, just as the history would write them."""
    rows = connection.scalars(text(_AS_NOTED[table_name]), {"site_id": site_id})
    return [dict(row) for row in rows]


def site_names(connection: Connection, site_ids: Collection[int]) -> dict[int, str]:
    """The names of those sites that are within reach."""
    rows = connection.execute(select(Site.id, Site.name).where(Site.id.in_(site_ids)))
    return {row.id: row.name for row in rows}


def opening_days(connection: Connection, site_ids: Collection[int]) -> dict[int, dt.date]:
    """From when those sites that are within reach are in use, past or to come; by site."""
    query = (
        select(SiteState.site_id, func.min(SiteState.from_date))
        .where(SiteState.site_id.in_(site_ids), SiteState.status == "in_gebruik")
        .group_by(SiteState.site_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _sites_on(on: dt.date) -> Select[*tuple[Any, ...]]:
    state = last_state(SiteState.__table__, on)
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
