"""Homes of single people by area, as they are published. Reads only the view of ``data.views``."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, exists, or_, select

from data.queries.releases import Release
from data.views import public_home_count, public_release


def home_release(connection: Connection, area_release_id: int) -> Release | None:
    """The delivery whose homes count on these areas; None when there is none.

    Real ones come before examples, then the newest year, then the one that came last. On real
    areas an example never counts.
    """
    of_areas = public_release.alias("of_areas")
    areas_are_example = (
        select(of_areas.c.is_example).where(of_areas.c.id == area_release_id).scalar_subquery()
    )
    query = (
        select(*(public_release.c[name] for name in Release.__dataclass_fields__))
        .where(
            exists().where(public_home_count.c.release_id == public_release.c.id),
            or_(public_release.c.is_example.is_(False), areas_are_example),
        )
        .order_by(
            public_release.c.is_example, public_release.c.year.desc(), public_release.c.id.desc()
        )
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Release(*row)


def home_counts(
    connection: Connection, release_id: int, area_codes: Collection[str] | None = None
) -> pd.DataFrame:
    """Homes in long form: area_code, type, home_count (<NA> when hidden), is_hidden.

    An area without a row is unknown.
    """
    count = public_home_count.c
    query = (
        select(count.area_code, count.type, count.home_count, count.is_hidden)
        .where(count.release_id == release_id)
        .order_by(count.area_code, count.type)
    )
    if area_codes is not None:
        query = query.where(count.area_code.in_(area_codes))
    frame = pd.read_sql_query(query, connection)
    return frame.astype({"home_count": "Int64", "is_hidden": "bool"})
