"""Counts of sites that say nothing about where one protected site is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, and_, exists, func, or_, select, text

from data.queries.last_state import last_state
from data.queries.releases import Release
from data.views import public_release, public_site, public_site_area, public_site_state


def capacity_by_type(
    connection: Connection, area_release_id: int, area_codes: Collection[str], on: dt.date
) -> pd.DataFrame:
    """Places and sites of these areas together on a date, by type and status.

    Columns: type, status, capacity_count (sum of the known capacities), site_count,
    unknown_capacity_site_count, protected_site_count. Only what occurs has a row.
    """
    place = public_site_area.c
    last = last_state(public_site_state, on)
    query = (
        select(
            place.type,
            last.c.status,
            func.coalesce(func.sum(last.c.capacity_count), 0).label("capacity_count"),
            func.count().label("site_count"),
            func.count()
            .filter(last.c.capacity_count.is_(None))
            .label("unknown_capacity_site_count"),
            func.count().filter(~place.has_public_place).label("protected_site_count"),
        )
        .join(last, last.c.site_id == place.site_id)
        .where(
            place.area_release_id == area_release_id,
            place.area_code.in_(area_codes),
            and_(
                or_(place.valid_from.is_(None), place.valid_from <= on),
                or_(place.valid_to.is_(None), place.valid_to >= on),
            ),
        )
        .group_by(place.type, last.c.status)
        .order_by(place.type, last.c.status)
    )
    frame = pd.read_sql_query(query, connection)
    return frame.astype(dict.fromkeys(frame.columns[2:], "int64"))


_MARK = text(
    "SELECT concat_ws('.', "
    "(SELECT md5(string_agg(place::text, '|' ORDER BY place::text)) FROM public_site_area place "
    "WHERE area_release_id = :area_release_id), "
    "(SELECT md5(string_agg(state::text, '|' ORDER BY state::text)) FROM public_site_state state), "
    "(SELECT concat_ws('-', count(*), max(id), max(imported_at)) FROM public_release))"
)


def mark_of_sites(connection: Connection, area_release_id: int) -> str:
    """A mark of how all sites count and of all deliveries; another as soon as anything differs."""
    return str(connection.execute(_MARK, {"area_release_id": area_release_id}).scalar_one())


def site_releases(connection: Connection, area_release_id: int) -> list[Release]:
    """The releases whose sites count in this release of areas, newest first."""
    counted = select(public_site_area.c.site_release_id).where(
        public_site_area.c.area_release_id == area_release_id
    )
    columns = [public_release.c[name] for name in Release.__dataclass_fields__]
    query = (
        select(*columns)
        .where(public_release.c.id.in_(counted))
        .order_by(public_release.c.year.desc(), public_release.c.id)
    )
    return [Release(*row) for row in connection.execute(query)]


def shows_example_sites(connection: Connection) -> bool:
    """Whether any wholly public site comes from a release marked as example."""
    examples = select(
        exists().where(public_site.c.release_id == public_release.c.id, public_release.c.is_example)
    )
    return bool(connection.scalar(examples))
