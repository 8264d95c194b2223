"""The task of gemeenten: how many places they say they need, as it stands in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pandas as pd
from sqlalchemy import Connection, exists, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from data.queries.releases import Release
from data.tables import Area, Task
from data.views import public_release

#: So many types are named when a gemeente did not fill them in; the rest is counted.
_NAMED_TYPES = 3


def task_release(connection: Connection, area_release_id: int) -> Release | None:
    """The delivery whose task counts on these areas; None when there is none.

    Real ones come before examples, then the newest year, then the one that came last. On real
    areas an example never counts: nobody asked for those places.
    """
    of_areas = public_release.alias("of_areas")
    areas_are_example = (
        select(of_areas.c.is_example).where(of_areas.c.id == area_release_id).scalar_subquery()
    )
    query = (
        select(*(public_release.c[name] for name in Release.__dataclass_fields__))
        .where(
            exists().where(Task.release_id == public_release.c.id),
            or_(public_release.c.is_example.is_(False), areas_are_example),
        )
        .order_by(
            public_release.c.is_example, public_release.c.year.desc(), public_release.c.id.desc()
        )
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Release(*row)


def task_of_gemeenten(
    connection: Connection, area_release_id: int, types: Mapping[str, str], on: dt.date
) -> pd.DataFrame:
    """Places needed of these types together, of every gemeente in the region, on a date.

    ``types`` maps the keys of types to their labels. Index gemeente_code (that of the areas);
    columns place_count, the sum over the types of the figure that holds in the year of the date
    (that of the latest from_year up to it), and reason: exactly one of the two is known. A type
    that is not filled in makes the sum unknown; 0 is a real zero.
    """
    source = task_release(connection, area_release_id)
    codes = _gemeente_codes(connection, area_release_id)
    counts = _counts_by_type(connection, source, tuple(types), on).reindex(codes)
    frame = pd.DataFrame(index=pd.Index(codes, name="gemeente_code"))
    frame["place_count"] = counts.sum(axis="columns", skipna=False).astype("float64")
    missing = counts.isna()
    frame["reason"] = [
        _reason([label for key, label in types.items() if missing.at[code, key]]) for code in codes
    ]
    frame["reason"] = frame["reason"].astype("object")
    return frame


def _gemeente_codes(connection: Connection, area_release_id: int) -> list[str]:
    query = (
        select(Area.area_code)
        .where(Area.release_id == area_release_id, Area.level == "gemeente", Area.in_region)
        .order_by(Area.area_code)
    )
    return list(connection.scalars(query))


def _counts_by_type(
    connection: Connection, source: Release | None, types: tuple[str, ...], on: dt.date
) -> pd.DataFrame:
    """The figure that holds, one row a gemeente and one column a type; unknown is NaN."""
    query = (
        select(Task.gemeente_code, Task.type, Task.place_count)
        .where(
            Task.release_id == (source.id if source else None),
            Task.type.in_(types),
            Task.from_year <= on.year,
        )
        .ext(distinct_on(Task.gemeente_code, Task.type))
        .order_by(Task.gemeente_code, Task.type, Task.from_year.desc())
    )
    rows = pd.read_sql_query(query, connection)
    wide = rows.pivot(index="gemeente_code", columns="type", values="place_count")
    return wide.reindex(columns=list(types)).astype("float64")


def _reason(missing: list[str]) -> str | None:
    """Why there is no sum, in Dutch; None when every type is filled in."""
    if not missing:
        return None
    named, rest = missing[:_NAMED_TYPES], len(missing) - _NAMED_TYPES
    if rest == 1:
        named, rest = missing, 0
    last = f"{rest} andere soorten" if rest > 0 else named.pop()
    words = f"{', '.join(named)} en {last}" if named else last
    return f"Opgave: niet ingevuld voor {words}."


def task_by_type(
    connection: Connection, area_release_id: int, types: Collection[str], on: dt.date
) -> pd.DataFrame:
    """Places needed on a date, one row a gemeente of the region and one column a type.

    The figure is that of the latest from_year up to the year of the date; NaN is not filled in.
    """
    source = task_release(connection, area_release_id)
    codes = _gemeente_codes(connection, area_release_id)
    found = _counts_by_type(connection, source, tuple(types), on).reindex(codes)
    return found.rename_axis(index="gemeente_code", columns=None)
