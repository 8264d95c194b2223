"""Contributions as a moderator reads them: what waits, what asks another person, what was done.

Row level security gives those of the moderator's gemeenten. E-mail addresses are out of reach.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from data import dialogue_views as views
from data.dialogue_tables import Contribution, ContributionPhoto, ModerationStep, Track
from data.errors import NotFound
from data.queries.contributions import NO_PHOTO, PhotoRecord
from data.queries.history import account_names
from data.queries.releases import area_release
from data.tables import LARGEST_ID, Area

NOT_HERE = "Deze reactie is er niet, of hoort niet bij uw gesprekken."
#: So many texts of a conversation are looked through for the same text; the newest.
MOST_COMPARED = 2000


@dataclass(frozen=True)
class ModeratedRecord:
    """A contribution with all that was decided about its being public, and by whom.

    ``place_name`` is the buurt in which its place lies, if it has one.
    """

    code: str
    track_id: int
    track_code: str
    track_title: str
    moderation_days: int
    kind: str
    answers: Mapping[str, Any]
    body: str
    public_body: str | None
    entry: str
    made_at: dt.datetime
    findings: list[Any] | None
    moderation: str
    moderated_by: int | None
    moderator: str | None
    moderated_at: dt.datetime | None
    refusal_key: str | None
    refusal_note: str | None
    second_by: int | None
    second: str | None
    second_at: dt.datetime | None
    appeal_text: str | None
    appealed_at: dt.datetime | None
    appeal_by: int | None
    appeal_at: dt.datetime | None
    appeal_outcome: str | None
    appeal_note: str | None
    version: int
    has_photo: bool
    photo_is_public: bool
    photo_description: str | None
    has_place: bool
    place_name: str | None


@dataclass(frozen=True)
class StepRecord:
    """One thing that was done with a contribution, and by whom."""

    action: str
    rule_key: str | None
    note: str | None
    account: str | None
    at: dt.datetime


@dataclass(frozen=True)
class TrackChoice:
    """A conversation to choose from."""

    id: int
    title: str

    @property
    def choice(self) -> tuple[str, str]:
        """For a drop-down."""
        return str(self.id), self.title


@dataclass(frozen=True)
class TimeTaken:
    """How long it took before a contribution was looked at, over the last 90 days.

    ``median_s`` and ``slow_s`` (nine of ten took no longer) are None below ten contributions.
    """

    contribution_count: int
    median_s: float | None
    slow_s: float | None


#: The lists of a moderator, each with what belongs in it and by which moment it is ordered.
WAITING, SECOND, APPEALS, DONE = "wacht", "tweede", "bezwaar", "gedaan"
_IN_LIST: Mapping[str, ColumnElement[bool]] = {
    WAITING: Contribution.moderation == "wacht",
    SECOND: Contribution.moderation == "weigeren",
    APPEALS: and_(
        Contribution.moderation == "geweigerd",
        Contribution.appeal_text.is_not(None),
        Contribution.appeal_outcome.is_(None),
    ),
    DONE: Contribution.moderation.in_(("openbaar", "geweigerd")),
}
_ORDER: Mapping[str, ColumnElement[Any]] = {
    WAITING: Contribution.made_at.asc(),
    SECOND: Contribution.moderated_at.asc(),
    APPEALS: Contribution.appealed_at.asc(),
    DONE: func.greatest(
        Contribution.moderated_at, Contribution.second_at, Contribution.appeal_at
    ).desc(),
}


def in_list(
    connection: Connection, name: str, track_id: int | None = None
) -> list[tuple[str, str, list[Any] | None]]:
    """Code, text and findings of all in a list, in its order."""
    query = select(Contribution.code, Contribution.body, Contribution.findings)
    rows = connection.execute(_listed(query, name, track_id))
    return [(row.code, row.body, row.findings) for row in rows]


def count_lists(connection: Connection) -> dict[str, int]:
    """How many are in each list."""
    counts = [func.count().filter(belongs).label(name) for name, belongs in _IN_LIST.items()]
    return dict(connection.execute(select(*counts)).one()._mapping)


def codes_in_list(
    connection: Connection, name: str, track_id: int | None, limit: int, offset: int
) -> list[str]:
    """The codes on a page of a list, in its order."""
    query = _listed(select(Contribution.code), name, track_id)
    return list(connection.scalars(query.limit(limit).offset(offset)))


def count_list(connection: Connection, name: str, track_id: int | None) -> int:
    """How many are in a list, of one conversation or of all."""
    query = _of_track(select(func.count()).where(_IN_LIST[name]), track_id)
    return int(connection.scalar(query.select_from(Contribution)) or 0)


def moderated(connection: Connection, codes: Collection[str]) -> dict[str, ModeratedRecord]:
    """The contributions with these codes that are within reach, by code."""
    known = [code for code in codes if code.isprintable()]
    query = _records(area_release(connection).id).where(Contribution.code.in_(known))
    rows = connection.execute(query)
    return {row.code: ModeratedRecord(**row._mapping) for row in rows}


def moderated_one(connection: Connection, code: str) -> ModeratedRecord:
    """One contribution; NotFound when it is not within reach."""
    found = moderated(connection, [code]).get(code)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def steps_of(connection: Connection, code: str) -> tuple[StepRecord, ...]:
    """What was done with a contribution, the earliest first."""
    step = ModerationStep
    query = (
        select(step.action, step.rule_key, step.note, account_names.c.name, step.at)
        .outerjoin(account_names, account_names.c.id == step.account_id)
        .where(step.contribution_code == code)
        .order_by(step.at, step.id)
    )
    return tuple(StepRecord(*row) for row in connection.execute(query))


def any_photo(connection: Connection, code: str) -> PhotoRecord:
    """The photo of a contribution within reach, public or not; NotFound without one."""
    photo = ContributionPhoto
    query = select(photo.media_type, photo.content, photo.description).where(
        photo.contribution_code == code
    )
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NO_PHOTO)
    return PhotoRecord(row.media_type, bytes(row.content), row.description)


def track_choices(connection: Connection) -> tuple[TrackChoice, ...]:
    """The conversations within reach, by title."""
    query = select(Track.id, Track.title).order_by(Track.title, Track.id)
    return tuple(TrackChoice(*row) for row in connection.execute(query))


def recent_texts(connection: Connection, track_ids: Collection[int]) -> dict[str, tuple[int, str]]:
    """Conversation and text of the newest contributions of these conversations, by code."""
    query = (
        select(Contribution.code, Contribution.track_id, Contribution.body)
        .where(Contribution.track_id.in_(track_ids))
        .order_by(Contribution.made_at.desc())
        .limit(MOST_COMPARED)
    )
    return {row.code: (row.track_id, row.body) for row in connection.execute(query)}


def moderator_count(connection: Connection) -> int:
    """How many people may moderate."""
    return int(connection.scalar(select(views.moderator_count.c["count"])) or 0)


def time_taken(connection: Connection) -> TimeTaken:
    """How long it took, over all public conversations."""
    taken = views.public_moderation_time.c
    query = select(taken.contribution_count, taken.median_s, taken.slow_s)
    return TimeTaken(*connection.execute(query).one())


def promised_days(connection: Connection) -> tuple[int, ...]:
    """Within how many days the open conversations promise a look, each number once."""
    track = views.public_track.c
    query = select(track.moderation_days).where(track.state == "open").distinct()
    return tuple(sorted(connection.scalars(query)))


def _listed(
    query: Select[*tuple[Any, ...]], name: str, track_id: int | None
) -> Select[*tuple[Any, ...]]:
    ordered = query.where(_IN_LIST[name]).order_by(_ORDER[name], Contribution.code)
    return _of_track(ordered, track_id)


def _of_track(query: Select[*tuple[Any, ...]], track_id: int | None) -> Select[*tuple[Any, ...]]:
    if track_id is None:
        return query
    return query.where(Contribution.track_id == min(track_id, LARGEST_ID))


def _records(area_release_id: int) -> Select[*tuple[Any, ...]]:
    first, second = aliased(account_names, name="first"), aliased(account_names, name="second")
    photo = ContributionPhoto
    buurt = (
        select(Area.name)
        .where(
            Area.level == "buurt",
            Area.release_id == area_release_id,
            func.ST_Covers(Area.geom, func.ST_PointOnSurface(Contribution.geom)),
        )
        .order_by(Area.area_code)
        .limit(1)
        .scalar_subquery()
    )
    told: dict[str, Any] = {
        "track_code": Track.code,
        "track_title": Track.title,
        "moderation_days": Track.moderation_days,
        "moderator": first.c.name,
        "second": second.c.name,
        "has_photo": photo.contribution_code.is_not(None),
        "photo_is_public": func.coalesce(photo.is_public, False),
        "photo_description": photo.description,
        "has_place": Contribution.geom.is_not(None),
        "place_name": buurt,
    }
    columns: list[Any] = [
        (told[name] if name in told else getattr(Contribution, name)).label(name)
        for name in ModeratedRecord.__dataclass_fields__
    ]
    return (
        select(*columns)
        .join(Track, Track.id == Contribution.track_id)
        .outerjoin(photo, photo.contribution_code == Contribution.code)
        .outerjoin(first, first.c.id == Contribution.moderated_by)
        .outerjoin(second, second.c.id == Contribution.second_by)
    )
