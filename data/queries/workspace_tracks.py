"""Tracks as who works on them reads them, the concepts too, with all that hangs under them.

Row level security gives the tracks of the own gemeenten and of the region, and no others.
"""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, case, func, select

from data.dialogue_tables import (
    Contribution,
    Theme,
    Track,
    TrackDocument,
    TrackMeeting,
    TrackNews,
    TrackParty,
    TrackPhase,
    TrackSite,
)
from data.errors import NotFound
from data.tables import LARGEST_ID

NO_TRACK = "Dit gesprek is er niet, of hoort niet bij uw gemeente."
NO_PART = "Dit onderdeel is er niet, of hoort niet bij dit gesprek."
#: What was done with a contribution, when nothing more is to come.
FINAL = ("meegenomen", "niet_meegenomen")


@dataclass(frozen=True)
class WorkTrack:
    """A track as it is stored. ``is_own`` tells whether who asks may change it."""

    id: int
    code: str
    gemeente_code: str
    wijk_code: str | None
    parent_id: int | None
    choice_id: int | None
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
    made_at: dt.datetime
    version: int
    is_own: bool


@dataclass(frozen=True)
class WorkPhase:
    """A phase as it is stored."""

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
    version: int

    def is_now(self, today: dt.date) -> bool:
        """Whether it began, did not end, and was not closed: as residents see it."""
        if self.closed_at is not None or self.starts_on is None:
            return False
        return self.starts_on <= today <= (self.ends_on or today)


@dataclass(frozen=True)
class WorkMeeting:
    """A meeting as it is stored."""

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
    version: int


@dataclass(frozen=True)
class WorkParty:
    """A line of the participation plan."""

    id: int
    track_id: int
    position: int
    name: str
    role: str
    moment: str | None

    @property
    def version(self) -> int:
        """A number that is another when the words are: the table counts no versions."""
        return mark_of(self.name, self.role, self.moment)


@dataclass(frozen=True)
class WorkNews:
    """A message in a track."""

    id: int
    track_id: int
    title: str
    body: str
    published_at: dt.datetime

    @property
    def version(self) -> int:
        """A number that is another when the words are: the table counts no versions."""
        return mark_of(self.title, self.body)


@dataclass(frozen=True)
class WorkDocument:
    """A document of a track, without what is in it."""

    id: int
    track_id: int
    title: str
    media_type: str
    byte_count: int
    added_at: dt.datetime

    @property
    def is_image(self) -> bool:
        """Whether it can be looked at in the page."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True)
class WorkTrackSite:
    """A site of a track; its name is known elsewhere, to who may know it."""

    track_id: int
    site_id: int
    part: str
    note: str | None

    @property
    def version(self) -> int:
        """A number that is another when the words are: the table counts no versions."""
        return mark_of(self.part, self.note)


_RecordT = TypeVar("_RecordT")


def mark_of(*words: str | None) -> int:
    """A number for these words, under a billion."""
    return zlib.crc32(repr(words).encode()) % 1_000_000_000


def tracks(connection: Connection) -> list[WorkTrack]:
    """Every track within reach, by title."""
    rows = connection.execute(_tracks().order_by(Track.title, Track.id))
    return [WorkTrack(*row) for row in rows]


def find_track(connection: Connection, track_id: int) -> WorkTrack:
    """One track; NotFound when it is not there or not within reach."""
    query = _tracks().where(Track.id == track_id)
    row = connection.execute(query).first() if track_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_TRACK)
    return WorkTrack(*row)


def phases(connection: Connection, track_id: int) -> list[WorkPhase]:
    """The phases of a track, in order."""
    query = _of(TrackPhase, WorkPhase, track_id).order_by(TrackPhase.position, TrackPhase.id)
    return [WorkPhase(*row) for row in connection.execute(query)]


def all_phases(connection: Connection) -> list[WorkPhase]:
    """The phases of every track within reach, in order."""
    query = select(*_columns(TrackPhase, WorkPhase))
    rows = connection.execute(query.order_by(TrackPhase.track_id, TrackPhase.position))
    return [WorkPhase(*row) for row in rows]


def find_phase(connection: Connection, track_id: int, phase_id: int) -> WorkPhase:
    """One phase; NotFound when the track does not have it."""
    return _find(connection, TrackPhase, WorkPhase, track_id, phase_id)


def meetings(connection: Connection, track_id: int) -> list[WorkMeeting]:
    """The meetings of a track, the first one first."""
    query = _of(TrackMeeting, WorkMeeting, track_id)
    rows = connection.execute(query.order_by(TrackMeeting.starts_at, TrackMeeting.id))
    return [WorkMeeting(*row) for row in rows]


def all_meetings(connection: Connection) -> list[WorkMeeting]:
    """The meetings of every track within reach, the first one first."""
    query = select(*_columns(TrackMeeting, WorkMeeting)).order_by(TrackMeeting.starts_at)
    return [WorkMeeting(*row) for row in connection.execute(query)]


def find_meeting(connection: Connection, track_id: int, meeting_id: int) -> WorkMeeting:
    """One meeting; NotFound when the track does not have it."""
    return _find(connection, TrackMeeting, WorkMeeting, track_id, meeting_id)


def parties(connection: Connection, track_id: int) -> list[WorkParty]:
    """The lines of the plan of a track, in order."""
    query = _of(TrackParty, WorkParty, track_id).order_by(TrackParty.position, TrackParty.id)
    return [WorkParty(*row) for row in connection.execute(query)]


def find_party(connection: Connection, track_id: int, party_id: int) -> WorkParty:
    """One line of the plan; NotFound when the track does not have it."""
    return _find(connection, TrackParty, WorkParty, track_id, party_id)


def news(connection: Connection, track_id: int) -> list[WorkNews]:
    """The messages of a track, the last one first."""
    query = _of(TrackNews, WorkNews, track_id)
    rows = connection.execute(query.order_by(TrackNews.published_at.desc(), TrackNews.id.desc()))
    return [WorkNews(*row) for row in rows]


def find_news(connection: Connection, track_id: int, news_id: int) -> WorkNews:
    """One message; NotFound when the track does not have it."""
    return _find(connection, TrackNews, WorkNews, track_id, news_id)


def documents(connection: Connection, track_id: int) -> list[WorkDocument]:
    """The documents of a track, the last one first, without their content."""
    query = _documents().where(TrackDocument.track_id == track_id)
    rows = connection.execute(query.order_by(TrackDocument.id.desc()))
    return [WorkDocument(*row) for row in rows]


def find_document(connection: Connection, track_id: int, document_id: int) -> WorkDocument:
    """One document; NotFound when the track does not have it."""
    query = _documents().where(TrackDocument.track_id == track_id, TrackDocument.id == document_id)
    is_possible = max(track_id, document_id) <= LARGEST_ID
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_PART)
    return WorkDocument(*row)


def document_content(connection: Connection, document_id: int) -> bytes:
    """What is in a document that was found."""
    found = connection.scalar(select(TrackDocument.content).where(TrackDocument.id == document_id))
    if found is None:
        raise NotFound(NO_PART)
    return bytes(found)


def track_sites(connection: Connection, track_id: int) -> list[WorkTrackSite]:
    """The sites of a track, what it is about first."""
    query = select(*_columns(TrackSite, WorkTrackSite)).where(TrackSite.track_id == track_id)
    rows = connection.execute(query.order_by(TrackSite.part.desc(), TrackSite.site_id))
    return [WorkTrackSite(*row) for row in rows]


def find_track_site(connection: Connection, track_id: int, site_id: int) -> WorkTrackSite:
    """One site of a track; NotFound when the track does not have it."""
    query = select(*_columns(TrackSite, WorkTrackSite)).where(
        TrackSite.track_id == track_id, TrackSite.site_id == site_id
    )
    is_possible = max(track_id, site_id) <= LARGEST_ID
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_PART)
    return WorkTrackSite(*row)


def waiting_counts(connection: Connection) -> dict[int, int]:
    """By track how many public contributions still wait for what is done with them."""
    status = case(
        (Contribution.status != "nieuw", Contribution.status),
        else_=func.coalesce(Theme.status, "nieuw"),
    )
    query = (
        select(Contribution.track_id, func.count())
        .outerjoin(Theme, Theme.id == Contribution.theme_id)
        .where(Contribution.moderation == "openbaar", status.not_in(FINAL))
        .group_by(Contribution.track_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def contribution_counts_by_phase(connection: Connection, track_id: int) -> dict[int | None, int]:
    """By phase how many contributions came in, whatever became of them."""
    query = (
        select(Contribution.phase_id, func.count())
        .where(Contribution.track_id == track_id)
        .group_by(Contribution.phase_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _tracks() -> Select[*tuple[Any, ...]]:
    names = [name for name in WorkTrack.__dataclass_fields__ if name != "is_own"]
    columns = [getattr(Track, name) for name in names]
    return select(*columns, func.in_scope(Track.gemeente_code).label("is_own"))


def _documents() -> Select[*tuple[Any, ...]]:
    return select(
        TrackDocument.id,
        TrackDocument.track_id,
        TrackDocument.title,
        TrackDocument.media_type,
        func.octet_length(TrackDocument.content),
        TrackDocument.added_at,
    )


def _columns(row: Any, record: Any) -> list[Any]:
    return [getattr(row, name) for name in record.__dataclass_fields__]


def _of(row: Any, record: Any, track_id: int) -> Select[*tuple[Any, ...]]:
    return select(*_columns(row, record)).where(row.track_id == track_id)


def _find(
    connection: Connection, row: Any, record: type[_RecordT], track_id: int, row_id: int
) -> _RecordT:
    query = _of(row, record, track_id).where(row.id == row_id)
    found = connection.execute(query).first() if max(track_id, row_id) <= LARGEST_ID else None
    if found is None:
        raise NotFound(NO_PART)
    return record(*found)
