"""Sites as the public may see them, on any date. Reads only the views of ``data.views``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Subquery, and_, func, or_, select
from sqlalchemy.orm import aliased

from data.errors import NotFound
from data.queries.last_state import last_state
from data.tables import LARGEST_ID, Area, SourceRelease
from data.views import public_site, public_site_area, public_site_state
from geo.frames import Level


def _valid_on(
    on: dt.date, valid_from: ColumnElement[dt.date], valid_to: ColumnElement[dt.date]
) -> ColumnElement[bool]:
    return and_(
        or_(valid_from.is_(None), valid_from <= on), or_(valid_to.is_(None), valid_to >= on)
    )


def sites_on(
    connection: Connection,
    area_release_id: int,
    on: dt.date,
    types: Collection[str] | None = None,
    statuses: Collection[str] | None = None,
    site_id: int | None = None,
    site_ids: Collection[int] | None = None,
) -> pd.DataFrame:
    """Wholly public sites by id, with their state on a date and the areas they lie in.

    Columns: site_code, name, type, provider, address, description, status, since,
    capacity_count (unknown is <NA>), reason, valid_from, valid_to, gemeente_code,
    gemeente_name, wijk_code, wijk_name, buurt_code, buurt_name, in_region, release_id,
    is_example, x_m, y_m (RD), lon, lat. A site without a state by then is not there yet.
    """
    site = public_site.c
    state = last_state(public_site_state, on)
    places = {level: _area_of_site(area_release_id, level) for level in _LEVELS}
    query = (
        select(
            site.id.label("site_id"),
            site.site_code,
            site.name,
            site.type,
            site.provider,
            site.address,
            site.description,
            state.c.status,
            state.c.from_date.label("since"),
            state.c.capacity_count,
            state.c.reason,
            site.valid_from,
            site.valid_to,
            *(
                column
                for level in _LEVELS
                for column in (
                    places[level].c.area_code.label(f"{level}_code"),
                    places[level].c.name.label(f"{level}_name"),
                )
            ),
            func.coalesce(places["gemeente"].c.in_region, False).label("in_region"),
            site.release_id,
            SourceRelease.is_example,
            func.ST_X(site.geom).label("x_m"),
            func.ST_Y(site.geom).label("y_m"),
            func.ST_X(site.geom_wgs84).label("lon"),
            func.ST_Y(site.geom_wgs84).label("lat"),
        )
        .join(state, state.c.site_id == site.id)
        .join(SourceRelease, SourceRelease.id == site.release_id)
        .where(_valid_on(on, site.valid_from, site.valid_to))
        .order_by(site.name, site.id)
    )
    for place in places.values():
        query = query.outerjoin(place, place.c.site_id == site.id)
    if types is not None:
        query = query.where(site.type.in_(types))
    if statuses is not None:
        query = query.where(state.c.status.in_(statuses))
    if site_id is not None:
        query = query.where(site.id == site_id)
    if site_ids is not None:
        query = query.where(site.id.in_([number for number in site_ids if number <= LARGEST_ID]))
    frame = pd.read_sql_query(query, connection, index_col="site_id")
    return frame.astype({"capacity_count": "Int64"})


def site_places_on(
    connection: Connection,
    area_release_id: int,
    on: dt.date,
    types: Collection[str] | None = None,
    statuses: Collection[str] | None = None,
) -> pd.DataFrame:
    """Only where the sites of ``sites_on`` are, by id: in_region, x_m and y_m (RD).

    Much quicker where nothing else of them is asked.
    """
    site, state, place = public_site.c, last_state(public_site_state, on), public_site_area.c
    in_region = select(place.site_id).where(
        place.area_release_id == area_release_id, place.level == "gemeente", place.in_region
    )
    query = (
        select(
            site.id.label("site_id"),
            site.id.in_(in_region).label("in_region"),
            func.ST_X(site.geom).label("x_m"),
            func.ST_Y(site.geom).label("y_m"),
        )
        .join(state, state.c.site_id == site.id)
        .where(_valid_on(on, site.valid_from, site.valid_to))
        .order_by(site.id)
    )
    if types is not None:
        query = query.where(site.type.in_(types))
    if statuses is not None:
        query = query.where(state.c.status.in_(statuses))
    frame = pd.read_sql_query(query, connection, index_col="site_id")
    return frame.astype({"in_region": "bool", "x_m": "float64", "y_m": "float64"})


NOT_THERE = "Deze locatie is er niet, of is niet openbaar."


def find_site(connection: Connection, word: str) -> int:
    """The id of the wholly public site with this id, or else this code; NotFound without one."""
    site = public_site.c
    found = None
    if word.isascii() and word.isdigit() and len(word) < 20 and int(word) <= LARGEST_ID:
        found = connection.scalar(select(site.id).where(site.id == int(word)))
    if found is None and word.isprintable():
        found = connection.scalar(select(site.id).where(site.site_code == word))
    if found is None:
        raise NotFound(NOT_THERE)
    return int(found)


def site_history(connection: Connection, site_id: int) -> pd.DataFrame:
    """All states of one wholly public site, oldest first; NotFound when it is not public."""
    asked = select(public_site.c.id).where(public_site.c.id == site_id)
    if site_id > LARGEST_ID or connection.scalar(asked) is None:
        raise NotFound(NOT_THERE)
    state = public_site_state.c
    query = (
        select(state.from_date, state.status, state.capacity_count, state.reason)
        .where(state.site_id == site_id)
        .order_by(state.from_date)
    )
    return pd.read_sql_query(query, connection).astype({"capacity_count": "Int64"})


def capacity_by_area(
    connection: Connection,
    area_release_id: int,
    level: Level,
    on: dt.date,
    types: Collection[str] | None = None,
    statuses: Collection[str] | None = None,
) -> pd.DataFrame:
    """Places and sites per area of the region on a date, every area of the level present.

    Columns: capacity_count (sum of the known capacities), site_count,
    unknown_capacity_site_count and protected_site_count (sites whose place is not public;
    they count per gemeente and wijk only).
    """
    counted = _counted_sites(area_release_id, level, on, types, statuses)
    query = (
        select(
            Area.area_code,
            func.coalesce(func.sum(counted.c.capacity_count), 0).label("capacity_count"),
            func.count(counted.c.site_id).label("site_count"),
            func.count(counted.c.site_id)
            .filter(counted.c.capacity_count.is_(None))
            .label("unknown_capacity_site_count"),
            func.count(counted.c.site_id)
            .filter(~counted.c.has_public_place)
            .label("protected_site_count"),
        )
        .outerjoin(counted, counted.c.area_code == Area.area_code)
        .where(Area.release_id == area_release_id, Area.level == level, Area.in_region)
        .group_by(Area.area_code)
        .order_by(Area.area_code)
    )
    return pd.read_sql_query(query, connection, index_col="area_code").astype("int64")


def site_capacities(
    connection: Connection,
    area_release_id: int,
    level: Level,
    on: dt.date,
    types: Collection[str] | None = None,
    statuses: Collection[str] | None = None,
) -> pd.Series:
    """Places of each site in the region on a date (unknown is <NA>), by the code of its area.

    Counts the sites that ``capacity_by_area`` counts, protected ones included, and tells nothing
    else of them: no name, no number, no place. By area and then by size.
    """
    counted = _counted_sites(area_release_id, level, on, types, statuses)
    query = (
        select(counted.c.area_code, counted.c.capacity_count)
        .join(Area, Area.area_code == counted.c.area_code)
        .where(Area.release_id == area_release_id, Area.level == level, Area.in_region)
        .order_by(counted.c.area_code, counted.c.capacity_count)
    )
    frame = pd.read_sql_query(query, connection, index_col="area_code")
    return frame["capacity_count"].astype("Int64")


def counted_capacities(
    connection: Connection,
    area_release_id: int,
    level: Level,
    on: dt.date,
    types: Collection[str] | None,
    statuses: Collection[str] | None,
    site_ids: Collection[int],
) -> pd.DataFrame:
    """Which of these sites ``capacity_by_area`` counts: area_code and capacity_count by id.

    Tells in which area a protected site lies: only for who may read these sites already.
    """
    counted = _counted_sites(area_release_id, level, on, types, statuses)
    query = (
        select(counted.c.site_id, counted.c.area_code, counted.c.capacity_count)
        .where(counted.c.site_id.in_(site_ids))
        .order_by(counted.c.site_id)
    )
    frame = pd.read_sql_query(query, connection, index_col="site_id")
    return frame.astype({"capacity_count": "Int64"})


def _counted_sites(
    area_release_id: int,
    level: Level,
    on: dt.date,
    types: Collection[str] | None,
    statuses: Collection[str] | None,
) -> Subquery:
    place = public_site_area.c
    state = last_state(public_site_state, on)
    query = (
        select(place.site_id, place.area_code, place.has_public_place, state.c.capacity_count)
        .join(state, state.c.site_id == place.site_id)
        .where(
            place.area_release_id == area_release_id,
            place.level == level,
            _valid_on(on, place.valid_from, place.valid_to),
        )
    )
    if types is not None:
        query = query.where(place.type.in_(types))
    if statuses is not None:
        query = query.where(state.c.status.in_(statuses))
    return query.subquery("counted")


_LEVELS: tuple[Level, ...] = ("gemeente", "wijk", "buurt")


def _area_of_site(area_release_id: int, level: Level) -> Subquery:
    area = aliased(Area)
    place = public_site_area.c
    return (
        select(place.site_id, area.area_code, area.name, area.in_region)
        .join(
            area,
            and_(area.release_id == place.area_release_id, area.area_code == place.area_code),
        )
        .where(place.area_release_id == area_release_id, place.level == level)
        .subquery(f"{level}_of_site")
    )
