"""Writing tracks and what hangs under them. Who wrote in between is never written over.

Every change holds the track until the transaction ends, so that two people never write the same
part at once. A part is changed over the version that was seen; another raises Conflict.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from data.changes.refusals import in_words
from data.changes.sites import Conflict, OutsideScope
from data.dialogue_tables import (
    Agreement,
    SupportMeasurement,
    Theme,
    Track,
    TrackDocument,
    TrackMeeting,
    TrackNews,
    TrackParty,
    TrackPhase,
    TrackSite,
)
from data.queries.workspace_tracks import find_track
from data.tables import LARGEST_ID

NOT_YOUR_TRACK = "Dit gesprek hoort niet bij uw gemeente. U kunt het lezen, niet wijzigen."
CHANGED = "Iemand anders heeft dit gesprek intussen gewijzigd."
NOT_REMOVABLE = (
    "Dit gesprek kan niet weg. Alleen een concept dat nog nooit openbaar was, en waarin nog geen "
    "reactie staat, kan weg."
)
_PARTS: tuple[type[Any], ...] = (
    Agreement,
    SupportMeasurement,
    Theme,
    TrackDocument,
    TrackMeeting,
    TrackNews,
    TrackParty,
    TrackPhase,
    TrackSite,
)


@dataclass(frozen=True)
class TrackTexts:
    """What a person writes of a track, and may change at any time."""

    title: str
    summary: str
    why_here: str | None = None
    not_this: str | None = None
    street_text: str | None = None
    open_text: str | None = None
    fixed_text: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    answer_days: int = 28
    moderation_days: int = 2
    choice_id: int | None = None


@dataclass(frozen=True)
class NewTrack:
    """A track that begins, as a concept. What stands here never changes, ``texts`` may."""

    code: str
    gemeente_code: str
    wijk_code: str | None
    type: str | None
    texts: TrackTexts
    parent_id: int | None = None


class CodeTaken(Exception):
    """Another track has this address, perhaps one out of reach."""


def add_track(connection: Connection, new: NewTrack, account_id: int | None) -> int:
    """Make a track and return its id. Raises OutsideScope or CodeTaken."""
    values = {
        "code": new.code,
        "gemeente_code": new.gemeente_code,
        "wijk_code": new.wijk_code,
        "type": new.type,
        "parent_id": new.parent_id,
        "account_id": account_id,
        **dataclasses.asdict(new.texts),
    }
    statement = insert(Track).values(**values).returning(Track.id)
    try:
        with connection.begin_nested(), in_words("Voor deze gemeente kunt u geen gesprek maken."):
            return int(connection.execute(statement).scalar_one())
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise CodeTaken(new.code) from error
        raise


def change_track(
    connection: Connection, track_id: int, texts: TrackTexts, seen_version: int
) -> None:
    """Write the texts over version ``seen_version``; Conflict on another."""
    _write(connection, track_id, seen_version, dataclasses.asdict(texts))


def publish_track(
    connection: Connection, track_id: int, seen_version: int, at: dt.datetime
) -> None:
    """Let everyone see a track; a track that ended goes on again, since when it first did."""
    first = func.coalesce(Track.published_at, at)
    _write(connection, track_id, seen_version, {"state": "open", "published_at": first})


def finish_track(connection: Connection, track_id: int, seen_version: int) -> None:
    """Say that a track is done; it stays to be read."""
    _write(connection, track_id, seen_version, {"state": "afgerond"})


def remove_track(connection: Connection, track_id: int, seen_version: int) -> None:
    """Take away a concept with all its parts; that it was there stays in the history.

    Raises Conflict on another version, and OutsideScope for a track that was public or in which
    somebody wrote something.
    """
    hold_track(connection, track_id)
    _check_version(connection, track_id, seen_version)
    with in_words(NOT_REMOVABLE):
        # One by one, and before the track: the history then still knows of which gemeente.
        for part in _PARTS:
            connection.execute(delete(part).where(part.track_id == track_id))
        connection.execute(delete(Track).where(Track.id == track_id))


def hold_track(connection: Connection, track_id: int) -> None:
    """Let nobody else of the staff change this track until the transaction ends; residents go on.

    Raises NotFound out of reach, and OutsideScope when it may be read but not changed.
    """
    held = select(Track.id).where(Track.id == track_id).with_for_update(key_share=True)
    if track_id <= LARGEST_ID and connection.scalar(held) is not None:
        return
    find_track(connection, track_id)
    raise OutsideScope(NOT_YOUR_TRACK)


def _write(
    connection: Connection, track_id: int, seen_version: int, values: dict[str, Any]
) -> None:
    hold_track(connection, track_id)
    _check_version(connection, track_id, seen_version)
    with in_words(NOT_YOUR_TRACK):
        connection.execute(update(Track).where(Track.id == track_id).values(**values))


def _check_version(connection: Connection, track_id: int, seen_version: int) -> None:
    """Of a track that is held. Raises Conflict when it is not as it was seen."""
    if connection.scalar(select(Track.version).where(Track.id == track_id)) != seen_version:
        raise Conflict(CHANGED)
