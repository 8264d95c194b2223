"""What people brought in to a conversation, as who answers them reads it: also before it is public.

Row level security gives what belongs to the own gemeenten and to the region. Where an answer goes
by e-mail, and whether anybody asked for that, is in no row here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Select, func, select

from data.dialogue_tables import Contribution, ContributionPhoto, Theme, Track, TrackPhase
from data.errors import NotFound
from data.tables import LARGEST_ID

NO_TRACK = "Dit gesprek is er niet, of hoort niet bij uw gemeente."
NO_CONTRIBUTION = "Deze reactie is er niet, of hoort niet bij dit gesprek."
NO_THEME = "Dit thema is er niet, of hoort niet bij dit gesprek."
NO_PHASE = "Deze fase is er niet, of hoort niet bij dit gesprek."


@dataclass(frozen=True)
class AnsweredTrack:
    """A conversation whose contributions are answered; ``is_own``: whether who asks may do so."""

    id: int
    code: str
    gemeente_code: str
    wijk_code: str | None
    type: str | None
    title: str
    state: str
    answer_days: int
    is_own: bool


@dataclass(frozen=True)
class ReceivedContribution:
    """A contribution with how far it is. ``body`` is what is or would become public.

    ``geom`` is in RD, metres.
    """

    code: str
    track_id: int
    phase_id: int | None
    site_id: int | None
    kind: str
    answers: Mapping[str, Any]
    body: str
    is_shortened: bool
    geom: BaseGeometry | None
    entry: str
    made_at: dt.datetime
    place_test: Mapping[str, Any] | None
    moderation: str
    refusal_key: str | None
    status: str
    theme_id: int | None
    answer: str | None
    answered_at: dt.datetime | None
    version: int
    has_photo: bool


@dataclass(frozen=True)
class AnsweredTheme:
    """What several contributions have in common, and the answer to all of them."""

    id: int
    track_id: int
    name: str
    status: str
    answer: str | None
    answered_at: dt.datetime | None
    position: int
    version: int


@dataclass(frozen=True)
class AnsweredPhase:
    """A phase with what came of it, once it is closed."""

    id: int
    track_id: int
    position: int
    name: str
    level: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    takes_contributions: bool
    outcome: str | None
    closed_at: dt.datetime | None
    version: int


def answered_track(connection: Connection, track_id: int) -> AnsweredTrack:
    """One conversation; NotFound when it is not there or not within reach."""
    is_own = func.in_scope(Track.gemeente_code).label("is_own")
    columns = [getattr(Track, name, is_own) for name in AnsweredTrack.__dataclass_fields__]
    query = select(*columns).where(Track.id == track_id)
    row = connection.execute(query).first() if track_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_TRACK)
    return AnsweredTrack(*row)


def answered_track_by_code(connection: Connection, code: str) -> AnsweredTrack:
    """The conversation with this code; NotFound when it is not there or not within reach."""
    query = select(Track.id).where(Track.code == code)
    track_id = connection.scalar(query) if code.isprintable() else None
    if track_id is None:
        raise NotFound(NO_TRACK)
    return answered_track(connection, track_id)


def known_external_ids(connection: Connection, track_id: int) -> frozenset[str]:
    """The numbers in another system of what was taken over before."""
    query = select(Contribution.external_id).where(
        Contribution.track_id == track_id, Contribution.external_id.is_not(None)
    )
    return frozenset(number for number in connection.scalars(query) if number is not None)


def received_contributions(
    connection: Connection, track_id: int
) -> tuple[ReceivedContribution, ...]:
    """All that came in to a conversation, the newest first."""
    query = _contributions().where(Contribution.track_id == track_id)
    rows = connection.execute(query.order_by(Contribution.made_at.desc(), Contribution.code))
    return tuple(_to_contribution(row) for row in rows)


def received_contribution(connection: Connection, track_id: int, code: str) -> ReceivedContribution:
    """One of them; NotFound when the conversation does not have it."""
    query = _contributions().where(Contribution.track_id == track_id, Contribution.code == code)
    # PostgreSQL refuses some characters outright; no code has them.
    is_possible = track_id <= LARGEST_ID and code.isprintable()
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_CONTRIBUTION)
    return _to_contribution(row)


def answered_themes(connection: Connection, track_id: int) -> tuple[AnsweredTheme, ...]:
    """The themes of a conversation, in their order."""
    query = select(*_columns(Theme, AnsweredTheme)).where(Theme.track_id == track_id)
    rows = connection.execute(query.order_by(Theme.position, Theme.id))
    return tuple(AnsweredTheme(*row) for row in rows)


def answered_phases(connection: Connection, track_id: int) -> tuple[AnsweredPhase, ...]:
    """The phases of a conversation, in their order."""
    query = select(*_columns(TrackPhase, AnsweredPhase)).where(TrackPhase.track_id == track_id)
    rows = connection.execute(query.order_by(TrackPhase.position, TrackPhase.id))
    return tuple(AnsweredPhase(*row) for row in rows)


def _contributions() -> Select[*tuple[Any, ...]]:
    made: dict[str, ColumnElement[Any]] = {
        "body": func.coalesce(Contribution.public_body, Contribution.body),
        "is_shortened": Contribution.public_body.is_not(None),
        "geom": func.ST_AsBinary(Contribution.geom),
        "has_photo": select(ContributionPhoto.contribution_code)
        .where(ContributionPhoto.contribution_code == Contribution.code)
        .exists(),
    }
    names = ReceivedContribution.__dataclass_fields__
    return select(
        *(made[name].label(name) if name in made else getattr(Contribution, name) for name in names)
    )


def _columns(table: Any, record: Any) -> list[Any]:
    return [getattr(table, name) for name in record.__dataclass_fields__]


def _to_contribution(row: Any) -> ReceivedContribution:
    facts = dict(row._mapping)
    shape = facts["geom"]
    facts["geom"] = None if shape is None else shapely.from_wkb(bytes(shape))
    return ReceivedContribution(**facts)
