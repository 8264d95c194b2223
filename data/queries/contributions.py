"""What people brought in, as everyone may read it: only what a moderator let through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from data import dialogue_views as views
from data.errors import NotFound
from data.queries.areas import OUTLINE_DECIMALS
from data.tables import LARGEST_ID
from geo.crs import RD_EPSG, WGS84_EPSG

NO_CONTRIBUTION = "Deze reactie is er niet, of is niet openbaar."
NO_PHOTO = "Bij deze reactie is geen foto."
#: West, south, east and north in RD, metres.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class ContributionRecord:
    """A contribution as everyone may read it, with what was said to its theme.

    ``status`` and ``answer`` are its own; ``analysis.dialogue.answers`` tells what counts.
    ``geom`` is in RD, metres.
    """

    code: str
    track_id: int
    phase_id: int | None
    site_id: int | None
    meeting_id: int | None
    kind: str
    answers: Mapping[str, Any]
    body: str
    is_shortened: bool
    geom: BaseGeometry | None
    entry: str
    made_at: dt.datetime
    place_test: Mapping[str, Any] | None
    status: str
    theme_id: int | None
    theme_name: str | None
    theme_status: str | None
    theme_answer: str | None
    theme_answered_at: dt.datetime | None
    answer: str | None
    answered_at: dt.datetime | None
    has_photo: bool


@dataclass(frozen=True)
class AskedContributions:
    """Which contributions are asked; what is None is not asked.

    ``status`` is the one that counts: that of the theme when the own one is still nieuw.
    """

    kind: str | None = None
    status: str | None = None
    phase_id: int | None = None
    theme_id: int | None = None
    box: Box | None = None


@dataclass(frozen=True)
class ThemeRecord:
    """What several public contributions have in common, and the answer to all of them."""

    id: int
    track_id: int
    name: str
    status: str
    answer: str | None
    answered_at: dt.datetime | None
    position: int


@dataclass(frozen=True)
class PhotoRecord:
    """The photo with a contribution, once it is public."""

    media_type: str
    content: bytes
    description: str | None


@dataclass(frozen=True)
class ShapeRecord:
    """The place of a contribution for the map: GeoJSON geometry text in WGS 84."""

    code: str
    kind: str
    status: str
    geojson: str


EVERY_ONE = AskedContributions()


def public_contributions(
    connection: Connection,
    track_id: int,
    asked: AskedContributions = EVERY_ONE,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[ContributionRecord, ...]:
    """The public contributions of a conversation, the newest first."""
    one = views.public_contribution.c
    query = _contributions().where(one.track_id == track_id, *_conditions(asked))
    newest_first = query.order_by(one.made_at.desc(), one.code)
    rows = connection.execute(newest_first.limit(limit).offset(offset))
    return tuple(_to_record(row) for row in rows)


def contribution_shapes(
    connection: Connection, track_id: int, asked: AskedContributions = EVERY_ONE
) -> tuple[ShapeRecord, ...]:
    """Where the public contributions are that have a place; ``status`` is the one that counts."""
    one = views.public_contribution.c
    in_degrees = func.ST_Transform(one.geom, WGS84_EPSG)
    query = _with_theme(
        select(
            one.code,
            one.kind,
            status_that_counts().label("status"),
            func.ST_AsGeoJSON(in_degrees, OUTLINE_DECIMALS).label("geojson"),
        )
    ).where(one.track_id == track_id, one.geom.is_not(None), *_conditions(asked))
    rows = connection.execute(query.order_by(one.made_at.desc(), one.code))
    return tuple(ShapeRecord(*row) for row in rows)


def count_public_contributions(
    connection: Connection, track_id: int, asked: AskedContributions = EVERY_ONE
) -> int:
    """How many there are."""
    query = _with_theme(select(func.count())).where(
        views.public_contribution.c.track_id == track_id, *_conditions(asked)
    )
    return int(connection.scalar(query) or 0)


def public_contribution(connection: Connection, code: str) -> ContributionRecord:
    """One contribution; NotFound when there is none or it is not public."""
    query = _contributions().where(views.public_contribution.c.code == code)
    # PostgreSQL refuses some characters outright; no code has them.
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NO_CONTRIBUTION)
    return _to_record(row)


def contribution_photo(connection: Connection, code: str) -> PhotoRecord:
    """The photo with a contribution; NotFound when there is none or it is not public."""
    photo = views.public_contribution_photo.c
    query = select(photo.media_type, photo.content, photo.description).where(
        photo.contribution_code == code
    )
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NO_PHOTO)
    return PhotoRecord(row.media_type, bytes(row.content), row.description)


def photo_description(connection: Connection, code: str) -> str | None:
    """What the public photo with a contribution shows, in words; None when that is not said."""
    photo = views.public_contribution_photo.c
    asked = select(photo.description).where(photo.contribution_code == code)
    return connection.scalar(asked)


def public_themes(connection: Connection, track_id: int) -> tuple[ThemeRecord, ...]:
    """The themes of a conversation that have public contributions, in their order."""
    theme = views.public_theme.c
    query = select(*theme).where(theme.track_id == track_id)
    rows = connection.execute(query.order_by(theme.position, theme.id))
    return tuple(ThemeRecord(*row) for row in rows)


def contribution_counts(connection: Connection, track_id: int) -> pd.DataFrame:
    """How many came in, also of what is not public: no more than that.

    Columns: phase_id (<NA> without a phase), kind, entry, moderation, status and count.
    """
    counted = views.public_contribution_count.c
    query = select(
        counted.phase_id,
        counted.kind,
        counted.entry,
        counted.moderation,
        counted.status,
        counted["count"],
    ).where(counted.track_id == track_id)
    frame = pd.read_sql_query(query, connection)
    return frame.astype({"phase_id": "Int64", "count": "int64"})


def refusal_counts(connection: Connection, track_id: int, phase_id: int) -> dict[str, int]:
    """How many of a phase are not shown, by the key of the house rule."""
    refused = views.public_refusal_count.c
    query = select(refused.refusal_key, refused["count"]).where(
        refused.track_id == track_id, refused.phase_id == phase_id
    )
    return {row.refusal_key: int(row[1]) for row in connection.execute(query)}


def status_that_counts() -> ColumnElement[str]:
    """The status of a contribution joined to its theme, as ``answers.answered`` gives it."""
    own = views.public_contribution.c.status
    return case((own != "nieuw", own), else_=func.coalesce(views.public_theme.c.status, own))


def _conditions(asked: AskedContributions) -> list[ColumnElement[bool]]:
    one = views.public_contribution.c
    conditions: list[ColumnElement[bool]] = []
    if asked.kind is not None:
        conditions.append(one.kind == asked.kind)
    if asked.status is not None:
        conditions.append(status_that_counts() == asked.status)
    if asked.phase_id is not None:
        conditions.append(one.phase_id == min(asked.phase_id, LARGEST_ID))
    if asked.theme_id is not None:
        conditions.append(one.theme_id == min(asked.theme_id, LARGEST_ID))
    if asked.box is not None:
        envelope = func.ST_MakeEnvelope(*asked.box, RD_EPSG)
        conditions.append(func.ST_Intersects(one.geom, envelope))
    return conditions


def _contributions() -> Select[*tuple[Any, ...]]:
    one, theme = views.public_contribution.c, views.public_theme.c
    of_theme = {
        "theme_name": theme.name,
        "theme_status": theme.status,
        "theme_answer": theme.answer,
        "theme_answered_at": theme.answered_at,
    }
    columns = [
        of_theme[name].label(name) if name in of_theme else one[name]
        for name in ContributionRecord.__dataclass_fields__
        if name != "geom"
    ]
    return _with_theme(select(func.ST_AsBinary(one.geom).label("shape"), *columns))


def _with_theme(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    one, theme = views.public_contribution.c, views.public_theme.c
    return query.select_from(views.public_contribution).outerjoin(
        views.public_theme, theme.id == one.theme_id
    )


def _to_record(row: Any) -> ContributionRecord:
    facts = dict(row._mapping)
    shape = facts.pop("shape")
    geom = None if shape is None else shapely.from_wkb(bytes(shape))
    return ContributionRecord(**facts, geom=geom)
