"""The whole life of every site that counts, to tell how things stood on many dates at once.

Reads only the views of ``data.views``: of a protected site it knows the area, never the name.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, select

from data.views import public_site, public_site_area, public_site_state
from geo.frames import Level

#: Kept as plain dates, also when there are none; unknown is None.
_DATES = ("valid_from", "valid_to", "from_date")


def site_states(
    connection: Connection,
    area_release_ids: Collection[int],
    level: Level,
    types: Collection[str],
) -> pd.DataFrame:
    """Every state of the sites of these types in the region, oldest first within its site.

    Columns: area_release_id, area_code (where the site lies by that release), site_id,
    has_public_place, name and reason (only of wholly public sites), valid_from, valid_to,
    from_date, status, capacity_count (unknown is <NA>). A site stands in it once for each
    release of areas.
    """
    place, state, site = public_site_area.c, public_site_state.c, public_site.c
    query = (
        select(
            place.area_release_id,
            place.area_code,
            place.site_id,
            place.has_public_place,
            site.name,
            place.valid_from,
            place.valid_to,
            state.from_date,
            state.status,
            state.capacity_count,
            state.reason,
        )
        .join(public_site_state, state.site_id == place.site_id)
        .outerjoin(public_site, site.id == place.site_id)
        .where(
            place.area_release_id.in_(area_release_ids),
            place.level == level,
            place.in_region,
            place.type.in_(types),
        )
        .order_by(place.area_release_id, place.site_id, state.from_date)
    )
    frame = pd.read_sql_query(query, connection)
    return frame.astype({"capacity_count": "Int64", **dict.fromkeys(_DATES, "object")})
