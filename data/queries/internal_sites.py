"""How many sites there are with internal ones too: numbers only, for the role COUNCIL alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from data.queries.last_state import last_state
from data.views import internal_site_area, internal_site_state
from geo.frames import Level


def internal_counts(
    connection: Connection,
    area_release_id: int,
    level: Level,
    on: dt.date,
    types: Collection[str],
    statuses: Collection[str],
) -> pd.DataFrame:
    """Sites and places by area of the region, type and publication level, on a date.

    Columns: area_code, type, publication, site_count, capacity_count (sum of the known ones),
    unknown_capacity_site_count. Only what occurs has a row.
    """
    place = internal_site_area.c
    last = last_state(internal_site_state, on)
    query = (
        select(
            place.area_code,
            place.type,
            place.publication,
            func.count().label("site_count"),
            func.coalesce(func.sum(last.c.capacity_count), 0).label("capacity_count"),
            func.count()
            .filter(last.c.capacity_count.is_(None))
            .label("unknown_capacity_site_count"),
        )
        .join(last, last.c.site_id == place.site_id)
        .where(
            place.area_release_id == area_release_id,
            place.level == level,
            place.in_region,
            place.type.in_(types),
            last.c.status.in_(statuses),
            or_(place.valid_from.is_(None), place.valid_from <= on),
            or_(place.valid_to.is_(None), place.valid_to >= on),
        )
        .group_by(place.area_code, place.type, place.publication)
        .order_by(place.area_code, place.type, place.publication)
    )
    frame = pd.read_sql_query(query, connection)
    return frame.astype(dict.fromkeys(frame.columns[3:], "int64"))
