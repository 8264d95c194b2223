"""The doors through which sites leave the database.

``public_site`` holds only sites that are wholly public. ``public_site_area`` tells, without
name or place, in which gemeente and wijk (and buurt, when wholly public) a site counts.
``public_site_state`` holds the states of the sites that count, with the stated reason only
where the site is wholly public. Internal sites pass through none of them.
``public_home_count`` holds homes of single people by area, without the counts that are hidden.
``public_dossier`` holds the dossiers that somebody published, as they were made.

``internal_site_area`` and ``internal_site_state`` are for the role COUNCIL alone: in which
gemeente and wijk every site counts, internal ones too, without name and place.

The SQL stands in the migration that made it; these tables describe the columns to SQLAlchemy.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from geo.crs import RD_EPSG, WGS84_EPSG

_views = MetaData()

public_site = Table(
    "public_site",
    _views,
    Column("id", Integer, primary_key=True),
    Column("site_code", String),
    Column("release_id", Integer),
    Column("name", String),
    Column("type", String),
    Column("provider", String),
    Column("address", String),
    Column("description", String),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("geom", Geometry("POINT", srid=RD_EPSG)),
    Column("geom_wgs84", Geometry("POINT", srid=WGS84_EPSG)),
)

public_site_area = Table(
    "public_site_area",
    _views,
    Column("site_id", Integer),
    Column("area_release_id", Integer),
    Column("site_release_id", Integer),
    Column("type", String),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("level", String),
    Column("area_code", String),
    Column("in_region", Boolean),
    Column("has_public_place", Boolean),
)

public_site_state = Table(
    "public_site_state",
    _views,
    Column("site_id", Integer),
    Column("from_date", Date),
    Column("status", String),
    Column("capacity_count", Integer),
    Column("reason", String),
)

public_home_count = Table(
    "public_home_count",
    _views,
    Column("release_id", Integer),
    Column("area_code", String),
    Column("type", String),
    Column("is_hidden", Boolean),
    Column("home_count", Integer),
)

internal_site_area = Table(
    "internal_site_area",
    _views,
    Column("site_id", Integer),
    Column("area_release_id", Integer),
    Column("type", String),
    Column("publication", String),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("level", String),
    Column("area_code", String),
    Column("in_region", Boolean),
)

internal_site_state = Table(
    "internal_site_state",
    _views,
    Column("site_id", Integer),
    Column("from_date", Date),
    Column("status", String),
    Column("capacity_count", Integer),
)

public_dossier = Table(
    "public_dossier",
    _views,
    Column("id", Integer, primary_key=True),
    Column("code", String),
    Column("title", String),
    Column("content", JSONB),
    Column("sha256", String),
    Column("made_at", DateTime(timezone=True)),
    Column("published_at", DateTime(timezone=True)),
)

#: ``sha256`` and ``row_count`` are unknown where they would tell of internal sites.
public_release = Table(
    "public_release",
    _views,
    Column("id", Integer, primary_key=True),
    Column("source_key", String),
    Column("publisher", String),
    Column("title", String),
    Column("licence", String),
    Column("attribution", String),
    Column("address", String),
    Column("year", Integer),
    Column("version", String),
    Column("retrieved_on", Date),
    Column("sha256", String),
    Column("row_count", Integer),
    Column("is_example", Boolean),
    Column("imported_at", DateTime(timezone=True)),
)
