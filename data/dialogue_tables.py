"""The tables of the siting dialogue: tracks, what residents write, what was done with it, and post.

A contribution is read by visitors only after a moderator let it through, and then by a view. What
could tell who wrote it (an e-mail address) stands apart and is removed after its term. Importance
is kept without a moment, a name or an address: it belongs to nobody.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.planning_tables import Table
from data.tables import rd_geometry

__all__ = [
    "Agreement",
    "Contribution",
    "ContributionContact",
    "ContributionPhoto",
    "Importance",
    "ModerationStep",
    "OutgoingMail",
    "PublicEvent",
    "Subscription",
    "SupportMeasurement",
    "Table",
    "Theme",
    "Track",
    "TrackDocument",
    "TrackMeeting",
    "TrackNews",
    "TrackParty",
    "TrackPhase",
    "TrackSite",
]


def _moment(*, is_now: bool = False) -> Mapped[Any]:
    default = func.now() if is_now else None
    return mapped_column(DateTime(timezone=True), server_default=default, nullable=not is_now)


def _of_track() -> Mapped[Any]:
    return mapped_column(ForeignKey("track.id", ondelete="CASCADE"), index=True)


def _of_contribution() -> Mapped[Any]:
    return mapped_column(ForeignKey("contribution.code", ondelete="CASCADE"), primary_key=True)


def _perhaps(target: str) -> Mapped[Any]:
    return mapped_column(ForeignKey(target, ondelete="SET NULL"), nullable=True)


def _version() -> Mapped[int]:
    return mapped_column(server_default="1")


class Track(Table):
    """A conversation with a wijk, begun before there is a site; ``parent_id`` of one per facility.

    ``code`` is in its address. ``state`` is concept, or open or afgerond, which are public.
    ``answer_days``: how soon an answer is promised; ``moderation_days``: how soon a contribution is
    looked at.
    """

    __tablename__ = "track"
    __table_args__ = (
        CheckConstraint("state in ('concept', 'open', 'afgerond')", name="state"),
        CheckConstraint("type <> 'vrouwenopvang'", name="no_vrouwenopvang"),
        CheckConstraint("answer_days > 0 and moderation_days > 0", name="days"),
        CheckConstraint("code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    gemeente_code: Mapped[str] = mapped_column(index=True)
    wijk_code: Mapped[str | None]
    parent_id: Mapped[int | None] = _perhaps("track.id")
    choice_id: Mapped[int | None] = _perhaps("choice.id")
    type: Mapped[str | None]
    title: Mapped[str]
    summary: Mapped[str]
    why_here: Mapped[str | None]
    not_this: Mapped[str | None]
    street_text: Mapped[str | None]
    open_text: Mapped[str | None]
    fixed_text: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    answer_days: Mapped[int] = mapped_column(server_default="28")
    moderation_days: Mapped[int] = mapped_column(server_default="2")
    state: Mapped[str] = mapped_column(server_default="concept")
    published_at: Mapped[dt.datetime | None] = _moment()
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    version: Mapped[int] = _version()


class TrackPhase(Table):
    """A step of a track: what it is for, at which level people take part, and what is open."""

    __tablename__ = "track_phase"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_with_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    position: Mapped[int]
    name: Mapped[str]
    level: Mapped[str]
    goal: Mapped[str | None]
    open_text: Mapped[str | None]
    fixed_text: Mapped[str | None]
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    takes_contributions: Mapped[bool] = mapped_column(server_default="false")
    takes_importance: Mapped[bool] = mapped_column(server_default="false")
    outcome: Mapped[str | None]
    closed_at: Mapped[dt.datetime | None] = _moment()
    closed_by: Mapped[int | None]
    version: Mapped[int] = _version()


class TrackParty(Table):
    """A line of the participation plan: who takes part, in which role, and when."""

    __tablename__ = "track_party"

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    position: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    moment: Mapped[str | None]


class TrackMeeting(Table):
    """A meeting of a track. ``report`` and ``visitor_count`` follow afterwards."""

    __tablename__ = "track_meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="moments"),
        CheckConstraint("visitor_count >= 0", name="visitor_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    name: Mapped[str]
    starts_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[dt.datetime | None] = _moment()
    place: Mapped[str]
    explanation: Mapped[str | None]
    report: Mapped[str | None]
    visitor_count: Mapped[int | None]
    is_cancelled: Mapped[bool] = mapped_column(server_default="false")
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    version: Mapped[int] = _version()


class TrackDocument(Table):
    """A paper or picture of a track, cleaned of what its maker did not mean to tell."""

    __tablename__ = "track_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    title: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[dt.datetime] = _moment(is_now=True)
    account_id: Mapped[int | None]


class TrackNews(Table):
    """A message in a track, public from the moment that it is written."""

    __tablename__ = "track_news"

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    title: Mapped[str]
    body: Mapped[str]
    published_at: Mapped[dt.datetime] = _moment(is_now=True)
    account_id: Mapped[int | None]


class TrackSite(Table):
    """A site that a track is about (onderwerp), or that was also looked at (bekeken), and why."""

    __tablename__ = "track_site"
    __table_args__ = (CheckConstraint("part in ('onderwerp', 'bekeken')", name="part"),)

    track_id: Mapped[int] = mapped_column(
        ForeignKey("track.id", ondelete="CASCADE"), primary_key=True
    )
    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str]
    note: Mapped[str | None]


class Theme(Table):
    """What several contributions have in common, and the answer to all of them."""

    __tablename__ = "theme"
    __table_args__ = (
        CheckConstraint(
            "status in ('nieuw', 'bekeken', 'meegenomen', 'niet_meegenomen')", name="status"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    name: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="nieuw")
    answer: Mapped[str | None]
    answered_at: Mapped[dt.datetime | None] = _moment()
    position: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = _version()


class Contribution(Table):
    """What somebody brought in: on the website, at a meeting, on paper or by another system.

    ``code`` is random, made by the program. ``body`` is as it was sent; ``public_body`` stands in
    for it where a moderator took personal data out. ``token_sha256`` opens it for its writer.
    ``answers`` are those to the structured questions, by key. ``findings`` are what was found in
    the text before anybody read it. ``place_test`` is what a proposed place was found to be.
    Moderation: wacht -> openbaar, or wacht -> weigeren (proposed by one) -> geweigerd (by another).
    """

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint("kind in ('zorg', 'kans', 'idee', 'vraag', 'plek')", name="kind"),
        CheckConstraint(
            "moderation in ('wacht', 'openbaar', 'weigeren', 'geweigerd')", name="moderation"
        ),
        CheckConstraint(
            "status in ('nieuw', 'bekeken', 'meegenomen', 'niet_meegenomen')", name="status"
        ),
        CheckConstraint(
            "entry in ('website', 'bijeenkomst', 'papier', 'overgenomen')", name="entry"
        ),
        CheckConstraint(
            "(moderation in ('weigeren', 'geweigerd')) = (refusal_key is not null)",
            name="refused_why",
        ),
        CheckConstraint("second_by <> moderated_by", name="second_person"),
        CheckConstraint(
            "appeal_by <> moderated_by and appeal_by <> second_by", name="appeal_person"
        ),
        CheckConstraint("appeal_outcome in ('toegewezen', 'afgewezen')", name="appeal_outcome"),
        CheckConstraint(
            "kind <> 'plek' or geom is not null or moderation = 'geweigerd'", name="place"
        ),
        UniqueConstraint("track_id", "external_id"),
        Index(None, "track_id", "moderation"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    phase_id: Mapped[int | None] = _perhaps("track_phase.id")
    site_id: Mapped[int | None] = _perhaps("site.id")
    meeting_id: Mapped[int | None] = _perhaps("track_meeting.id")
    kind: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    body: Mapped[str]
    public_body: Mapped[str | None]
    geom: Mapped[Any | None] = mapped_column(rd_geometry("GEOMETRY"))
    from_wijk_code: Mapped[str | None]
    entry: Mapped[str]
    entered_by: Mapped[int | None]
    external_id: Mapped[str | None]
    token_sha256: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    findings: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    place_test: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    moderation: Mapped[str] = mapped_column(server_default="wacht")
    moderated_by: Mapped[int | None]
    moderated_at: Mapped[dt.datetime | None] = _moment()
    refusal_key: Mapped[str | None]
    refusal_note: Mapped[str | None]
    second_by: Mapped[int | None]
    second_at: Mapped[dt.datetime | None] = _moment()
    appeal_text: Mapped[str | None]
    appealed_at: Mapped[dt.datetime | None] = _moment()
    appeal_by: Mapped[int | None]
    appeal_at: Mapped[dt.datetime | None] = _moment()
    appeal_outcome: Mapped[str | None]
    appeal_note: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="nieuw")
    theme_id: Mapped[int | None] = _perhaps("theme.id")
    answer: Mapped[str | None]
    answered_by: Mapped[int | None]
    answered_at: Mapped[dt.datetime | None] = _moment()
    version: Mapped[int] = _version()


class ContributionPhoto(Table):
    """The photo with a contribution, made anew and small; shown only when ``is_public``."""

    __tablename__ = "contribution_photo"

    contribution_code: Mapped[str] = _of_contribution()
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    description: Mapped[str | None]
    is_public: Mapped[bool] = mapped_column(server_default="false")


class ContributionContact(Table):
    """The e-mail address that somebody left for an answer; gone at ``delete_at`` at the latest."""

    __tablename__ = "contribution_contact"

    contribution_code: Mapped[str] = _of_contribution()
    email: Mapped[str]
    delete_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), index=True)
    told_at: Mapped[dt.datetime | None] = _moment()


class ModerationStep(Table):
    """One thing that a moderator did with a contribution, and by which house rule."""

    __tablename__ = "moderation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_code: Mapped[str] = mapped_column(
        ForeignKey("contribution.code", ondelete="CASCADE"), index=True
    )
    action: Mapped[str]
    rule_key: Mapped[str | None]
    note: Mapped[str | None]
    account_id: Mapped[int | None]
    at: Mapped[dt.datetime] = _moment(is_now=True)


class Importance(Table):
    """What one resident finds important: points by criterion. Without name, address or moment."""

    __tablename__ = "importance"

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    phase_id: Mapped[int | None] = _perhaps("track_phase.id")
    type: Mapped[str]
    points: Mapped[dict[str, Any]] = mapped_column(JSONB)
    wijk_code: Mapped[str | None]
    entry: Mapped[str] = mapped_column(server_default="website")


class Subscription(Table):
    """Who wants to know of changes near a place, in an area or in a track, by e-mail.

    ``code`` is random; the links in the post are made from it. Nothing is sent before
    ``confirmed_at``; what happened up to ``told_until`` was told.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("frequency in ('meteen', 'dag', 'week')", name="frequency"),
        CheckConstraint("num_nonnulls(geom, area_code, track_id) = 1", name="one_subject"),
        CheckConstraint("(geom is null) = (radius_m is null)", name="radius"),
        CheckConstraint("radius_m between 100 and 10000", name="radius_m"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    label: Mapped[str]
    geom: Mapped[Any | None] = mapped_column(rd_geometry("POINT"))
    radius_m: Mapped[int | None]
    area_code: Mapped[str | None]
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    frequency: Mapped[str]
    asked_at: Mapped[dt.datetime] = _moment(is_now=True)
    confirm_sent_at: Mapped[dt.datetime | None] = _moment()
    confirmed_at: Mapped[dt.datetime | None] = _moment()
    told_until: Mapped[dt.datetime | None] = _moment()


class PublicEvent(Table):
    """Something that changed for the public: written by triggers, read by feeds and the post.

    ``at`` is when its transaction began, which may be long before others see it; ``noticed_at``
    is when the post first saw it.
    """

    __tablename__ = "public_event"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = _moment(is_now=True)
    kind: Mapped[str]
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    row_id: Mapped[int | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    noticed_at: Mapped[dt.datetime | None] = _moment()


class OutgoingMail(Table):
    """A message to be sent. Removed as soon as it is sent, and at ``delete_at`` at the latest."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    try_count: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[dt.datetime] = _moment(is_now=True)
    fault: Mapped[str | None]
    delete_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class Agreement(Table):
    """What was agreed with the wijk: what it gets, how the place is run, whom to call, and when."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="dates"),
        CheckConstraint("(done_on is null) = (done_note is null)", name="done_with_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    site_id: Mapped[int | None] = _perhaps("site.id")
    kind: Mapped[str]
    title: Mapped[str]
    explanation: Mapped[str | None]
    who: Mapped[str]
    agreed_on: Mapped[dt.date]
    from_on: Mapped[dt.date | None]
    until_on: Mapped[dt.date | None]
    evaluate_on: Mapped[dt.date | None]
    done_on: Mapped[dt.date | None]
    done_note: Mapped[str | None]
    is_public: Mapped[bool] = mapped_column(server_default="true")
    version: Mapped[int] = _version()


class SupportMeasurement(Table):
    """A yearly measuring of support in the wijk (draagvlakmeting): counts, method and source."""

    __tablename__ = "support_measurement"
    __table_args__ = (
        CheckConstraint(
            "positive_count >= 0 and neutral_count >= 0 and negative_count >= 0", name="counts"
        ),
        CheckConstraint(
            "invited_count >= positive_count + neutral_count + negative_count", name="invited_count"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = _of_track()
    site_id: Mapped[int | None] = _perhaps("site.id")
    measured_on: Mapped[dt.date]
    question: Mapped[str]
    method: Mapped[str]
    source: Mapped[str]
    invited_count: Mapped[int | None]
    positive_count: Mapped[int]
    neutral_count: Mapped[int]
    negative_count: Mapped[int]
    version: Mapped[int] = _version()
