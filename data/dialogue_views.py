"""The doors through which the siting dialogue leaves the database for the public.

Each holds only what is of a track that is public; ``public_contribution`` only what a moderator
let through, in the words that may be read. ``public_track_site`` has wholly public sites only.
``all_importance`` is for who weighs it, not for visitors.

The SQL stands in the migration that made it; these tables describe the columns to SQLAlchemy.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo.crs import RD_EPSG

_views = MetaData()
_MOMENT = DateTime(timezone=True)

public_track = Table(
    "public_track",
    _views,
    Column("id", Integer, primary_key=True),
    Column("code", String),
    Column("gemeente_code", String),
    Column("wijk_code", String),
    Column("parent_id", Integer),
    Column("type", String),
    Column("title", String),
    Column("summary", String),
    Column("why_here", String),
    Column("not_this", String),
    Column("street_text", String),
    Column("open_text", String),
    Column("fixed_text", String),
    Column("contact_name", String),
    Column("contact_email", String),
    Column("contact_phone", String),
    Column("answer_days", Integer),
    Column("moderation_days", Integer),
    Column("state", String),
    Column("published_at", _MOMENT),
    Column("dossier_code", String),
)

public_track_phase = Table(
    "public_track_phase",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("position", Integer),
    Column("name", String),
    Column("level", String),
    Column("goal", String),
    Column("open_text", String),
    Column("fixed_text", String),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("takes_contributions", Boolean),
    Column("takes_importance", Boolean),
    Column("outcome", String),
    Column("closed_at", _MOMENT),
    Column("is_now", Boolean),
)

public_track_party = Table(
    "public_track_party",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("position", Integer),
    Column("name", String),
    Column("role", String),
    Column("moment", String),
)

public_track_meeting = Table(
    "public_track_meeting",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("name", String),
    Column("starts_at", _MOMENT),
    Column("ends_at", _MOMENT),
    Column("place", String),
    Column("explanation", String),
    Column("report", String),
    Column("visitor_count", Integer),
    Column("is_cancelled", Boolean),
    Column("made_at", _MOMENT),
    Column("version", Integer),
)

public_track_document = Table(
    "public_track_document",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("title", String),
    Column("media_type", String),
    Column("content", LargeBinary),
    Column("added_at", _MOMENT),
)

public_track_news = Table(
    "public_track_news",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("title", String),
    Column("body", String),
    Column("published_at", _MOMENT),
)

public_track_site = Table(
    "public_track_site",
    _views,
    Column("track_id", Integer),
    Column("site_id", Integer),
    Column("part", String),
    Column("note", String),
)

public_theme = Table(
    "public_theme",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("name", String),
    Column("status", String),
    Column("answer", String),
    Column("answered_at", _MOMENT),
    Column("position", Integer),
)

public_contribution = Table(
    "public_contribution",
    _views,
    Column("code", String, primary_key=True),
    Column("track_id", Integer),
    Column("phase_id", Integer),
    Column("site_id", Integer),
    Column("meeting_id", Integer),
    Column("kind", String),
    Column("answers", JSONB),
    Column("body", String),
    Column("is_shortened", Boolean),
    Column("geom", Geometry("GEOMETRY", srid=RD_EPSG)),
    Column("entry", String),
    Column("made_at", _MOMENT),
    Column("place_test", JSONB),
    Column("status", String),
    Column("theme_id", Integer),
    Column("answer", String),
    Column("answered_at", _MOMENT),
    Column("has_photo", Boolean),
)

public_contribution_photo = Table(
    "public_contribution_photo",
    _views,
    Column("contribution_code", String, primary_key=True),
    Column("media_type", String),
    Column("content", LargeBinary),
    Column("description", String),
)

public_contribution_count = Table(
    "public_contribution_count",
    _views,
    Column("track_id", Integer),
    Column("phase_id", Integer),
    Column("kind", String),
    Column("entry", String),
    Column("moderation", String),
    Column("status", String),
    Column("count", Integer),
)

public_refusal_count = Table(
    "public_refusal_count",
    _views,
    Column("track_id", Integer),
    Column("phase_id", Integer),
    Column("refusal_key", String),
    Column("count", Integer),
)

public_contribution_wijk_count = Table(
    "public_contribution_wijk_count",
    _views,
    Column("track_id", Integer),
    Column("from_wijk_code", String),
    Column("count", Integer),
)

public_importance_count = Table(
    "public_importance_count",
    _views,
    Column("track_id", Integer),
    Column("count", Integer),
)

public_moderation_time = Table(
    "public_moderation_time",
    _views,
    Column("contribution_count", Integer),
    Column("median_s", Double),
    Column("slow_s", Double),
)

#: For moderators.
moderator_count = Table("moderator_count", _views, Column("count", Integer))

public_agreement = Table(
    "public_agreement",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("site_id", Integer),
    Column("kind", String),
    Column("title", String),
    Column("explanation", String),
    Column("who", String),
    Column("agreed_on", Date),
    Column("from_on", Date),
    Column("until_on", Date),
    Column("evaluate_on", Date),
    Column("done_on", Date),
    Column("done_note", String),
)

public_support_measurement = Table(
    "public_support_measurement",
    _views,
    Column("id", Integer, primary_key=True),
    Column("track_id", Integer),
    Column("site_id", Integer),
    Column("measured_on", Date),
    Column("question", String),
    Column("method", String),
    Column("source", String),
    Column("invited_count", Integer),
    Column("positive_count", Integer),
    Column("neutral_count", Integer),
    Column("negative_count", Integer),
)

all_importance = Table(
    "all_importance",
    _views,
    Column("track_id", Integer),
    Column("phase_id", Integer),
    Column("type", String),
    Column("points", JSONB),
    Column("wijk_code", String),
    Column("entry", String),
)

public_importance = Table(
    "public_importance",
    _views,
    Column("track_id", Integer),
    Column("phase_id", Integer),
    Column("type", String),
    Column("points", JSONB),
)
