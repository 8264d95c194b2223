"""Which deliveries of which sources the database holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from data.errors import NotFound
from data.tables import LARGEST_ID, Area
from data.views import public_release


@dataclass(frozen=True)
class Release:
    """One delivery of one source, as it was imported.

    ``sha256`` and ``row_count`` are None where they would tell of internal sites.
    """

    id: int
    source_key: str
    publisher: str
    title: str
    licence: str
    attribution: str
    address: str
    year: int
    version: str
    retrieved_on: dt.date
    sha256: str | None
    row_count: int | None
    is_example: bool
    imported_at: dt.datetime


_COLUMNS = [public_release.c[name] for name in Release.__dataclass_fields__]


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[Release]:
    return [Release(*row) for row in connection.execute(query)]


def all_releases(connection: Connection) -> list[Release]:
    """Every release, newest year first within its source."""
    return _read(
        connection,
        select(*_COLUMNS).order_by(
            public_release.c.source_key,
            public_release.c.year.desc(),
            public_release.c.version.desc(),
        ),
    )


def release(connection: Connection, release_id: int) -> Release:
    """The release with this id; NotFound when there is none."""
    found = (
        _read(connection, select(*_COLUMNS).where(public_release.c.id == release_id))
        if release_id <= LARGEST_ID
        else []
    )
    if not found:
        raise NotFound(f"Er is geen levering met nummer {release_id}.")
    return found[0]


def area_release(
    connection: Connection, year: int | None = None, version: str | None = None
) -> Release:
    """The release of gemeenten, wijken and buurten to use.

    Real data come before example data, then the newest year and version. NotFound when the
    database holds none (for that year and version).
    """
    with_areas = select(Area.release_id).distinct()
    query = (
        select(*_COLUMNS)
        .where(public_release.c.id.in_(with_areas))
        .order_by(
            public_release.c.is_example,
            public_release.c.year.desc(),
            public_release.c.version.desc(),
        )
        .limit(1)
    )
    if year is not None:
        query = query.where(public_release.c.year == year)
    if version is not None:
        query = query.where(public_release.c.version == version)
    found = _read(connection, query)
    if not found:
        asked = " ".join(str(part) for part in (year, version) if part is not None)
        raise NotFound(
            f"Er zijn geen wijken en buurten{' van ' + asked if asked else ''} in de database."
        )
    return found[0]


def area_releases_by_year(connection: Connection) -> dict[int, Release]:
    """The release of gemeenten, wijken and buurten to use for each year, oldest year first.

    The newest version of every year. Example data only when there are no real data at all.
    NotFound when the database holds none.
    """
    with_areas = select(Area.release_id).distinct()
    found = _read(
        connection,
        select(*_COLUMNS)
        .where(public_release.c.id.in_(with_areas))
        .order_by(public_release.c.year, public_release.c.version),
    )
    real = [entry for entry in found if not entry.is_example]
    if not found:
        raise NotFound("Er zijn geen wijken en buurten in de database.")
    return {entry.year: entry for entry in real or found}
