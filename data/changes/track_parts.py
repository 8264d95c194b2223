"""Writing what hangs under a track: phases, plan, meetings, news, documents and sites."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.changes.tracks import CHANGED, NOT_YOUR_TRACK, hold_track
from data.dialogue_tables import (
    TrackDocument,
    TrackMeeting,
    TrackNews,
    TrackParty,
    TrackPhase,
    TrackSite,
)
from data.errors import DataError
from data.queries import workspace_tracks as reading

MOST_DOCUMENTS = 30
MOST_PARTS = 60


class TooManyParts(DataError):
    """The track holds as many of these as it may."""


class SiteThere(DataError):
    """The site stands in the track already."""


@dataclass(frozen=True)
class PhaseFields:
    """What a person fills in of a phase."""

    name: str
    level: str
    goal: str | None = None
    open_text: str | None = None
    fixed_text: str | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    takes_contributions: bool = False
    takes_importance: bool = False


@dataclass(frozen=True)
class PartyFields:
    """What a person fills in of a line of the plan."""

    name: str
    role: str
    moment: str | None = None


@dataclass(frozen=True)
class MeetingFields:
    """What a person fills in of a meeting; report and count of visitors follow afterwards."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str
    explanation: str | None = None
    report: str | None = None
    visitor_count: int | None = None
    is_cancelled: bool = False


@dataclass(frozen=True)
class NewsFields:
    """What a person fills in of a message."""

    title: str
    body: str


@dataclass(frozen=True)
class SiteFields:
    """A site of a track: what it is in it, and why."""

    site_id: int
    part: str
    note: str | None = None


Fields = PhaseFields | PartyFields | MeetingFields | NewsFields
Find = Callable[[Connection, int, int], Any]
#: Of each kind of fields: its table, how a row is found, and whether it has a place in an order.
_KINDS: dict[type, tuple[Any, Find, bool]] = {
    PhaseFields: (TrackPhase, reading.find_phase, True),
    PartyFields: (TrackParty, reading.find_party, True),
    MeetingFields: (TrackMeeting, reading.find_meeting, False),
    NewsFields: (TrackNews, reading.find_news, False),
}


def add_part(connection: Connection, track_id: int, fields: Fields) -> int:
    """Add a part, after the others where they have an order; its id."""
    hold_track(connection, track_id)
    table, _, is_ordered = _KINDS[type(fields)]
    values = {"track_id": track_id, **dataclasses.asdict(fields)}
    count = _count(connection, table, track_id)
    if count >= MOST_PARTS:
        raise TooManyParts(f"Er staan er al {MOST_PARTS}. Haal er eerst een weg.")
    if is_ordered:
        last = select(func.coalesce(func.max(table.position), 0)).where(table.track_id == track_id)
        values["position"] = (connection.scalar(last) or 0) + 1
    with in_words(NOT_YOUR_TRACK):
        made = connection.execute(insert(table).values(**values).returning(table.id))
    return int(made.scalar_one())


def change_part(
    connection: Connection, track_id: int, part_id: int, fields: Fields, seen_version: int
) -> None:
    """Write over version ``seen_version`` of a part; Conflict on another, NotFound without it."""
    table, find, _ = _KINDS[type(fields)]
    _check_seen(connection, track_id, part_id, find, seen_version)
    statement = update(table).where(table.id == part_id, table.track_id == track_id)
    with in_words(NOT_YOUR_TRACK):
        connection.execute(statement.values(**dataclasses.asdict(fields)))


def remove_part(
    connection: Connection, track_id: int, part_id: int, kind: type[Fields], seen_version: int
) -> None:
    """Take a part away as it was seen; Conflict when it is another now."""
    table, find, _ = _KINDS[kind]
    _check_seen(connection, track_id, part_id, find, seen_version)
    connection.execute(delete(table).where(table.id == part_id, table.track_id == track_id))


def order_parts(
    connection: Connection, track_id: int, kind: type[Fields], ids: Sequence[int]
) -> None:
    """Put the parts of a track in this order; Conflict when these are not just its parts."""
    hold_track(connection, track_id)
    table, _, is_ordered = _KINDS[kind]
    assert is_ordered
    known = connection.scalars(select(table.id).where(table.track_id == track_id)).all()
    if sorted(known) != sorted(ids):
        raise Conflict(CHANGED)
    for position, part_id in enumerate(ids, start=1):
        statement = update(table).where(table.id == part_id, table.position != position)
        connection.execute(statement.values(position=position))


def add_site(connection: Connection, track_id: int, fields: SiteFields) -> None:
    """Let a site stand in the track; SiteThere when it does, OutsideScope when it is not known."""
    hold_track(connection, track_id)
    known = {record.site_id for record in reading.track_sites(connection, track_id)}
    if fields.site_id in known:
        raise SiteThere("Deze locatie staat al in het gesprek.")
    values = {"track_id": track_id, **dataclasses.asdict(fields)}
    with in_words("Deze locatie kunt u niet kiezen. Zij is niet openbaar en niet van u."):
        connection.execute(insert(TrackSite).values(**values))


def change_site(
    connection: Connection, track_id: int, fields: SiteFields, seen_version: int
) -> None:
    """Write what a site is in the track over what was seen; Conflict on another."""
    _check_seen(connection, track_id, fields.site_id, reading.find_track_site, seen_version)
    statement = update(TrackSite).where(
        TrackSite.track_id == track_id, TrackSite.site_id == fields.site_id
    )
    with in_words("Deze locatie kunt u niet kiezen. Zij is niet openbaar en niet van u."):
        connection.execute(statement.values(part=fields.part, note=fields.note))


def remove_site(connection: Connection, track_id: int, site_id: int, seen_version: int) -> None:
    """Take a site out of the track as it was seen; Conflict when it is another now."""
    _check_seen(connection, track_id, site_id, reading.find_track_site, seen_version)
    connection.execute(
        delete(TrackSite).where(TrackSite.track_id == track_id, TrackSite.site_id == site_id)
    )


def add_document(
    connection: Connection,
    track_id: int,
    title: str,
    media_type: str,
    content: bytes,
    account_id: int | None,
) -> int:
    """Keep a clean document with a track; its id. TooManyParts when it holds enough."""
    hold_track(connection, track_id)
    if _count(connection, TrackDocument, track_id) >= MOST_DOCUMENTS:
        raise TooManyParts(
            f"Bij dit gesprek staan al {MOST_DOCUMENTS} documenten. Haal er eerst een weg."
        )
    values = {"title": title, "media_type": media_type, "content": content}
    statement = insert(TrackDocument).values(track_id=track_id, account_id=account_id, **values)
    with in_words(NOT_YOUR_TRACK):
        return int(connection.execute(statement.returning(TrackDocument.id)).scalar_one())


def remove_document(connection: Connection, track_id: int, document_id: int) -> None:
    """Take a document away for good; NotFound when the track does not have it."""
    hold_track(connection, track_id)
    reading.find_document(connection, track_id, document_id)
    connection.execute(delete(TrackDocument).where(TrackDocument.id == document_id))


def _check_seen(
    connection: Connection, track_id: int, part_id: int, find: Find, seen_version: int
) -> None:
    hold_track(connection, track_id)
    if find(connection, track_id, part_id).version != seen_version:
        raise Conflict(CHANGED)


def _count(connection: Connection, table: Any, track_id: int) -> int:
    query = select(func.count()).select_from(table).where(table.track_id == track_id)
    return connection.scalar(query) or 0
