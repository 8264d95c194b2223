"""Conversations as everyone may read them. Reads only the views of ``data.dialogue_views``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table, func, select

from data import dialogue_views as views
from data.errors import NotFound
from data.queries.last_state import last_state
from data.tables import LARGEST_ID
from data.views import public_site, public_site_state

NO_TRACK = "Dit gesprek is er niet, of is niet openbaar."
NO_DOCUMENT = "Dit document is er niet, of is niet openbaar."


@dataclass(frozen=True)
class TrackRecord:
    """A conversation as it is stored; ``gemeente_code`` may be ``regio``.

    ``dossier_code`` is that of the last public dossier of the choice behind it.
    """

    id: int
    code: str
    gemeente_code: str
    wijk_code: str | None
    parent_id: int | None
    type: str | None
    title: str
    summary: str
    why_here: str | None
    not_this: str | None
    street_text: str | None
    open_text: str | None
    fixed_text: str | None
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None
    answer_days: int
    moderation_days: int
    state: str
    published_at: dt.datetime | None
    dossier_code: str | None


@dataclass(frozen=True)
class PhaseRecord:
    """A step of a conversation; ``is_now`` when it runs today and nobody closed it."""

    id: int
    track_id: int
    position: int
    name: str
    level: str
    goal: str | None
    open_text: str | None
    fixed_text: str | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    takes_contributions: bool
    takes_importance: bool
    outcome: str | None
    closed_at: dt.datetime | None
    is_now: bool


@dataclass(frozen=True)
class PartyRecord:
    """Who takes part, in which role, and when."""

    id: int
    track_id: int
    position: int
    name: str
    role: str
    moment: str | None


@dataclass(frozen=True)
class MeetingRecord:
    """A meeting, announced or over."""

    id: int
    track_id: int
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str
    explanation: str | None
    report: str | None
    visitor_count: int | None
    is_cancelled: bool
    made_at: dt.datetime
    version: int


@dataclass(frozen=True)
class DocumentLine:
    """What is told of a document; its bytes come from ``track_document``."""

    id: int
    track_id: int
    title: str
    media_type: str
    byte_count: int
    added_at: dt.datetime


@dataclass(frozen=True)
class NewsRecord:
    """A message in a conversation."""

    id: int
    track_id: int
    title: str
    body: str
    published_at: dt.datetime


@dataclass(frozen=True)
class TrackSiteLine:
    """A wholly public site that a conversation is about, or that was also looked at."""

    track_id: int
    site_id: int
    part: str
    note: str | None


@dataclass(frozen=True)
class TrackPlace:
    """A wholly public site of a conversation with where it is and how far along on a date.

    ``status`` is None as long as the site is not there yet. Metres are in RD.
    """

    track_id: int
    site_id: int
    part: str
    note: str | None
    name: str
    type: str
    address: str | None
    x_m: float
    y_m: float
    lon: float
    lat: float
    status: str | None
    capacity_count: int | None


PartT = TypeVar("PartT", PhaseRecord, MeetingRecord, TrackSiteLine, TrackPlace)


def public_tracks(
    connection: Connection,
    *,
    gemeente_code: str | None = None,
    wijk_code: str | None = None,
    site_id: int | None = None,
) -> tuple[TrackRecord, ...]:
    """The conversations that are public, by title; only those of an area or about a site.

    ``site_id`` asks for conversations that are about that site or also looked at it.
    """
    track, line = views.public_track.c, views.public_track_site.c
    query = _of(views.public_track).order_by(track.title, track.id)
    if gemeente_code is not None:
        query = query.where(track.gemeente_code == gemeente_code)
    if wijk_code is not None:
        query = query.where(track.wijk_code == wijk_code)
    if site_id is not None:
        if site_id > LARGEST_ID:
            return ()
        query = query.where(track.id.in_(select(line.track_id).where(line.site_id == site_id)))
    return tuple(TrackRecord(*row) for row in connection.execute(query))


def public_track(connection: Connection, code: str) -> TrackRecord:
    """One conversation; NotFound when there is none or it is a concept."""
    query = _of(views.public_track).where(views.public_track.c.code == code)
    # PostgreSQL refuses some characters outright; no code has them.
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NO_TRACK)
    return TrackRecord(*row)


def public_track_of_id(connection: Connection, track_id: int) -> TrackRecord:
    """One conversation by its number; NotFound when there is none or it is a concept."""
    query = _of(views.public_track).where(views.public_track.c.id == track_id)
    row = connection.execute(query).first() if track_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_TRACK)
    return TrackRecord(*row)


def track_phases(connection: Connection, track_id: int) -> tuple[PhaseRecord, ...]:
    """The steps of a conversation, in order."""
    return phases_of_tracks(connection, [track_id]).get(track_id, ())


def phases_of_tracks(
    connection: Connection, track_ids: Collection[int]
) -> dict[int, tuple[PhaseRecord, ...]]:
    """The steps of each of these conversations, in order; without steps it is not there."""
    phase = views.public_track_phase.c
    query = _of(views.public_track_phase).order_by(phase.position, phase.id)
    rows = connection.execute(query.where(phase.track_id.in_(track_ids)))
    return _by_track(PhaseRecord(*row) for row in rows)


def track_meetings(connection: Connection, track_id: int) -> tuple[MeetingRecord, ...]:
    """The meetings of a conversation, the earliest first."""
    return meetings_of_tracks(connection, [track_id]).get(track_id, ())


def meetings_of_tracks(
    connection: Connection, track_ids: Collection[int]
) -> dict[int, tuple[MeetingRecord, ...]]:
    """The meetings of each of these conversations, the earliest first."""
    meeting = views.public_track_meeting.c
    query = _of(views.public_track_meeting).order_by(meeting.starts_at, meeting.id)
    rows = connection.execute(query.where(meeting.track_id.in_(track_ids)))
    return _by_track(MeetingRecord(*row) for row in rows)


def track_sites(connection: Connection, track_id: int) -> tuple[TrackSiteLine, ...]:
    """The wholly public sites of a conversation, those that it is about first."""
    return sites_of_tracks(connection, [track_id]).get(track_id, ())


def sites_of_tracks(
    connection: Connection, track_ids: Collection[int]
) -> dict[int, tuple[TrackSiteLine, ...]]:
    """The wholly public sites of each of these conversations."""
    line = views.public_track_site.c
    query = _of(views.public_track_site).order_by(line.part.desc(), line.site_id)
    rows = connection.execute(query.where(line.track_id.in_(track_ids)))
    return _by_track(TrackSiteLine(*row) for row in rows)


def places_of_tracks(
    connection: Connection, track_ids: Collection[int], on: dt.date
) -> dict[int, tuple[TrackPlace, ...]]:
    """The wholly public sites of each of these conversations with their place and state."""
    line, site = views.public_track_site.c, public_site.c
    state = last_state(public_site_state, on)
    query: Select[*tuple[Any, ...]] = (
        select(
            line.track_id,
            line.site_id,
            line.part,
            line.note,
            site.name,
            site.type,
            site.address,
            func.ST_X(site.geom).label("x_m"),
            func.ST_Y(site.geom).label("y_m"),
            func.ST_X(site.geom_wgs84).label("lon"),
            func.ST_Y(site.geom_wgs84).label("lat"),
            state.c.status,
            state.c.capacity_count,
        )
        .join(public_site, site.id == line.site_id)
        .outerjoin(state, state.c.site_id == line.site_id)
        .where(line.track_id.in_(track_ids))
        .order_by(line.part.desc(), site.name, line.site_id)
    )
    return _by_track(TrackPlace(*row) for row in connection.execute(query))


def track_parties(connection: Connection, track_id: int) -> tuple[PartyRecord, ...]:
    """Who takes part in a conversation, in the order of its plan."""
    party = views.public_track_party.c
    query = _of(views.public_track_party).where(party.track_id == track_id)
    rows = connection.execute(query.order_by(party.position, party.id))
    return tuple(PartyRecord(*row) for row in rows)


def track_news(connection: Connection, track_id: int) -> tuple[NewsRecord, ...]:
    """The messages in a conversation, the newest first."""
    news = views.public_track_news.c
    query = _of(views.public_track_news).where(news.track_id == track_id)
    rows = connection.execute(query.order_by(news.published_at.desc(), news.id.desc()))
    return tuple(NewsRecord(*row) for row in rows)


def track_documents(connection: Connection, track_id: int) -> tuple[DocumentLine, ...]:
    """The documents of a conversation without their bytes, the newest first."""
    document = views.public_track_document.c
    query = _documents().where(document.track_id == track_id)
    rows = connection.execute(query.order_by(document.added_at.desc(), document.id.desc()))
    return tuple(DocumentLine(*row) for row in rows)


def track_document(
    connection: Connection, track_id: int, document_id: int
) -> tuple[DocumentLine, bytes]:
    """One document of a conversation with its bytes; NotFound when it does not have it."""
    document = views.public_track_document.c
    query = _documents().add_columns(document.content)
    asked = query.where(document.id == document_id, document.track_id == track_id)
    row: Row[Any] | None = None
    if document_id <= LARGEST_ID:
        row = connection.execute(asked).first()
    if row is None:
        raise NotFound(NO_DOCUMENT)
    *facts, content = tuple(row)
    return DocumentLine(*facts), bytes(content)


def _of(view: Table) -> Select[*tuple[Any, ...]]:
    return select(*view.c)


def _documents() -> Select[*tuple[Any, ...]]:
    document = views.public_track_document.c
    return select(
        document.id,
        document.track_id,
        document.title,
        document.media_type,
        func.octet_length(document.content).label("byte_count"),
        document.added_at,
    )


def _by_track(records: Iterable[PartT]) -> dict[int, tuple[PartT, ...]]:
    found: dict[int, list[PartT]] = {}
    for record in records:
        found.setdefault(record.track_id, []).append(record)
    return {track_id: tuple(parts) for track_id, parts in found.items()}
