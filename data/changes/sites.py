"""Writing sites in the workspace. Who wrote in between is never written over.

Row level security refuses a site outside the gemeenten of the transaction: PostgreSQL then
raises, and ``OutsideScope`` says so in words.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import shapely
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import ProgrammingError

from data.errors import DataError, NotFound
from data.queries.workspace import NOT_YOURS
from data.tables import Site, SiteState
from geo.crs import RD_EPSG

#: Letters and digits that are not taken for one another.
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LONGEST_LEAP = 50


class OutsideScope(DataError):
    """The place lies in a gemeente that this person does not work for."""


class Conflict(DataError):
    """Someone else changed the row since it was read; nothing is written."""


@dataclass(frozen=True)
class SiteFields:
    """What a person may fill in of a site. ``point`` and ``outline`` are in RD (metres)."""

    name: str
    type: str
    provider: str | None
    address: str | None
    description: str | None
    publication: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    point: shapely.Point
    outline: shapely.Polygon | None = None


def new_site_code() -> str:
    """A code for a site from the workspace: it tells nothing, not even how many there are."""
    return "W-" + "".join(secrets.choice(_CODE_SIGNS) for _ in range(7))


def add_site(
    connection: Connection, release_id: int, fields: SiteFields, site_code: str | None = None
) -> int:
    """Make a site and return its id. Raises OutsideScope when its place is not theirs."""
    _leap(connection)
    values = {"site_code": site_code or new_site_code(), "release_id": release_id}
    with _within_scope():
        made = connection.execute(
            insert(Site).values(**values, **_columns(fields)).returning(Site.id)
        )
    return int(made.scalar_one())


def add_first_state(
    connection: Connection,
    site_id: int,
    from_date: dt.date,
    status: str,
    capacity_count: int | None,
    reason: str | None,
) -> None:
    """Say with what a new site begins."""
    connection.execute(
        insert(SiteState).values(
            site_id=site_id,
            from_date=from_date,
            status=status,
            capacity_count=capacity_count,
            reason=reason,
        )
    )


def change_site(
    connection: Connection, site_id: int, fields: SiteFields, seen_version: int
) -> None:
    """Write the fields over version ``seen_version`` of the site.

    Raises Conflict when there is a newer version, NotFound when the site is not within reach
    and OutsideScope when the new place is not theirs.
    """
    statement = (
        update(Site)
        .where(Site.id == site_id, Site.version == seen_version)
        .values(**_columns(fields))
    )
    with _within_scope():
        changed = connection.execute(statement).rowcount
    if changed:
        return
    if connection.scalar(select(Site.id).where(Site.id == site_id)) is None:
        raise NotFound(NOT_YOURS)
    raise Conflict("Iemand anders heeft deze locatie intussen gewijzigd.")


def _columns(fields: SiteFields) -> dict[str, Any]:
    given = {field.name: getattr(fields, field.name) for field in dataclasses.fields(fields)}
    point, outline = given.pop("point"), given.pop("outline")
    return {**given, "geom": _in_rd(point), "outline": None if outline is None else _in_rd(outline)}


def _in_rd(shape: shapely.Point | shapely.Polygon) -> str:
    return f"SRID={RD_EPSG};{shape.wkt}"


def _leap(connection: Connection) -> None:
    """Skip some numbers, so that a gap between public sites does not tell of another one."""
    steps = func.generate_series(1, secrets.randbelow(_LONGEST_LEAP) + 1)
    connection.execute(select(func.nextval("site_id_seq")).select_from(steps)).all()


@contextmanager
def _within_scope() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise OutsideScope(
                "Deze plek ligt niet in uw gemeente. Kies een plek binnen uw gemeente."
            ) from error
        raise
