"""The tables of the spatial database: rows that others publish or users enter.

Geometry is stored in RD New; a WGS 84 copy is a generated column, so that serving a map
needs no transformation. What the team decides (types, statuses, figures) is code: columns
hold its key as plain text.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    UniqueConstraint,
    func,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from geo.crs import RD_EPSG, WGS84_EPSG

#: The largest number that an id column holds.
LARGEST_ID = 2**31 - 1
#: Types that are the ordinary home of one person: counted per area, never a site.
_SINGLE_HOMES = "'omklapwoning', 'contingentwoning', 'kanscontractwoning'"


class Table(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def rd_geometry(kind: str) -> Geometry:
    """A column type for geometry in RD New (metres), with a spatial index."""
    return Geometry(kind, srid=RD_EPSG)


def wgs84_copy(kind: str) -> Mapped[Any]:
    """A generated WGS 84 copy of the column ``geom`` (degrees, longitude first)."""
    return mapped_column(
        Geometry(kind, srid=WGS84_EPSG),
        Computed(f"ST_Transform(geom, {WGS84_EPSG})", persisted=True),
    )


class SourceRelease(Table):
    """One delivery of one source: whose data, which year and version, and its checksum."""

    __tablename__ = "source_release"
    __table_args__ = (UniqueConstraint("source_key", "year", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str]
    publisher: Mapped[str]
    title: Mapped[str]
    licence: Mapped[str]
    attribution: Mapped[str]
    address: Mapped[str]
    year: Mapped[int]
    version: Mapped[str]
    retrieved_on: Mapped[dt.date]
    sha256: Mapped[str]
    row_count: Mapped[int]
    is_example: Mapped[bool]
    imported_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class Area(Table):
    """A gemeente, wijk or buurt as one release has it; its code is the publisher's key."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("level in ('gemeente', 'wijk', 'buurt')", name="level"),
        Index(None, "release_id", "level"),
        Index(None, "release_id", "gemeente_code"),
    )

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    name: Mapped[str]
    gemeente_code: Mapped[str]
    gemeente_name: Mapped[str]
    wijk_code: Mapped[str | None]
    in_region: Mapped[bool]
    is_water: Mapped[bool]
    land_area_ha: Mapped[float | None]
    geom: Mapped[Any] = mapped_column(rd_geometry("MULTIPOLYGON"))
    geom_wgs84: Mapped[Any] = wgs84_copy("MULTIPOLYGON")
    #: For the map: simplified together with its neighbours, so that shared borders stay shared.
    outline_wgs84: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=WGS84_EPSG))


class Figure(Table):
    """One figure of one area: a value, or the reason why there is none. Never both."""

    __tablename__ = "figure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["release_id", "area_code"],
            ["area.release_id", "area.area_code"],
            ondelete="CASCADE",
        ),
        CheckConstraint("(value is null) <> (reason is null)", name="value_or_reason"),
        Index(None, "release_id", "figure"),
    )

    release_id: Mapped[int] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    reason: Mapped[str | None]


class Site(Table):
    """A place of a facility: existing, planned or candidate. Its life is in ``SiteState``."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("publication in ('openbaar', 'gebied', 'intern')", name="publication"),
        CheckConstraint(
            "valid_to is null or valid_from is null or valid_to >= valid_from", name="valid_period"
        ),
        # Addresses of women's shelters are secret: the database itself refuses them. A check in
        # migration 0002 does so by any text of a site, of its states and of an amenity.
        CheckConstraint("type <> 'vrouwenopvang'", name="no_vrouwenopvang"),
        CheckConstraint(f"type not in ({_SINGLE_HOMES})", name="no_single_homes"),
        Index(None, "type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_code: Mapped[str] = mapped_column(unique=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("source_release.id"), index=True)
    name: Mapped[str]
    type: Mapped[str]
    provider: Mapped[str | None]
    address: Mapped[str | None]
    description: Mapped[str | None]
    publication: Mapped[str]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    geom: Mapped[Any] = mapped_column(rd_geometry("POINT"))
    geom_wgs84: Mapped[Any] = wgs84_copy("POINT")
    #: Follows from the place, by a trigger: whose site this is.
    gemeente_code: Mapped[str | None] = mapped_column(index=True)
    #: The plot, where more than a point is known.
    outline: Mapped[Any | None] = mapped_column(rd_geometry("POLYGON"))
    outline_wgs84: Mapped[Any | None] = mapped_column(
        Geometry("POLYGON", srid=WGS84_EPSG),
        Computed(f"ST_Transform(outline, {WGS84_EPSG})", persisted=True),
    )
    #: One higher with each change, so that two editors notice each other.
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    states: Mapped[list[SiteState]] = relationship(
        order_by="SiteState.from_date", cascade="all, delete-orphan", passive_deletes=True
    )


class SiteState(Table):
    """What was so at a site from a date on, until its next row: status and places."""

    __tablename__ = "site_state"
    __table_args__ = (CheckConstraint("capacity_count >= 0", name="capacity"),)

    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    from_date: Mapped[dt.date] = mapped_column(primary_key=True)
    status: Mapped[str]
    capacity_count: Mapped[int | None]
    reason: Mapped[str | None]


class Amenity(Table):
    """A place of daily life (GP, shop, stop ...), by category."""

    __tablename__ = "amenity"
    __table_args__ = (Index(None, "category"),)

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    amenity_code: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    name: Mapped[str | None]
    geom: Mapped[Any] = mapped_column(rd_geometry("POINT"))
    geom_wgs84: Mapped[Any] = wgs84_copy("POINT")


class PopulationPoint(Table):
    """A point that stands for a number of residents."""

    __tablename__ = "population_point"

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    point_code: Mapped[str] = mapped_column(primary_key=True)
    resident_count: Mapped[float]
    geom: Mapped[Any] = mapped_column(rd_geometry("POINT"))


class Task(Table):
    """How many places of a type a gemeente needs, from a year on: a number, never a place."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("place_count >= 0", name="place_count"),
        CheckConstraint("from_year between 2000 and 2100", name="from_year"),
        CheckConstraint("type <> 'vrouwenopvang'", name="no_vrouwenopvang"),
    )

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    gemeente_code: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    from_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_count: Mapped[int]


class StreetNode(Table):
    """A junction or end of the street network."""

    __tablename__ = "street_node"

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    geom: Mapped[Any] = mapped_column(rd_geometry("POINT"))


class StreetEdge(Table):
    """A stretch of street between two nodes; which way one may cycle, and whether walk."""

    __tablename__ = "street_edge"
    __table_args__ = (CheckConstraint("length_m >= 0", name="length"),)

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    edge_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    from_node_id: Mapped[int] = mapped_column(BigInteger)
    to_node_id: Mapped[int] = mapped_column(BigInteger)
    length_m: Mapped[float]
    walk: Mapped[bool]
    cycle_forward: Mapped[bool]
    cycle_backward: Mapped[bool]
    geom: Mapped[Any] = mapped_column(rd_geometry("LINESTRING"))


class SiteAnswer(Table):
    """What the closer look found on one of its questions, with evidence, source and date."""

    __tablename__ = "site_answer"

    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    finding: Mapped[str]
    evidence: Mapped[str | None]
    source: Mapped[str | None]
    found_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class SiteDocument(Table):
    """A photo or document of a site, cleaned of what its maker did not mean to tell."""

    __tablename__ = "site_document"
    __table_args__ = (CheckConstraint("byte_count > 0", name="byte_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    media_type: Mapped[str]
    byte_count: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes]
    account_id: Mapped[int | None]
    added_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class HomeCount(Table):
    """How many single homes of a type an area has; small numbers are hidden from everyone."""

    __tablename__ = "home_count"
    __table_args__ = (
        CheckConstraint("home_count >= 0", name="home_count"),
        CheckConstraint("is_hidden or home_count = 0 or home_count >= 10", name="small_is_hidden"),
        CheckConstraint(f"type in ({_SINGLE_HOMES})", name="single_homes"),
    )

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    home_count: Mapped[int]
    is_hidden: Mapped[bool]


class Account(Table):
    """Someone who may sign in. Who leaves becomes inactive; an account is never deleted."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="lower_email"),
        CheckConstraint("(oidc_issuer is null) = (oidc_subject is null)", name="oidc_pair"),
        UniqueConstraint("oidc_issuer", "oidc_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=true())
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    #: Encrypted with the secret key of the program.
    totp_secret: Mapped[str | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    totp_changed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    last_sign_in_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class AccountRole(Table):
    """A role that someone has, for one gemeente or (``gemeente_code`` empty) the region."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(primary_key=True)
    gemeente_code: Mapped[str] = mapped_column(primary_key=True)


class SignInSession(Table):
    """Someone who is signed in, or half so while a second factor is waited for."""

    __tablename__ = "sign_in_session"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    way: Mapped[str]
    is_complete: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class SignInLink(Table):
    """A link that works once: to sign in, or to choose a password."""

    __tablename__ = "sign_in_link"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class Attempt(Table):
    """How often something was tried since ``window_start``, by a key that tells nobody's name."""

    __tablename__ = "attempt"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    attempt_count: Mapped[int]
    blocked_until: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(Table):
    """A code that stands in once for a lost second factor."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class Draft(Table):
    """What someone typed in a long form and has not saved yet."""

    __tablename__ = "draft"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    form_key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class Change(Table):
    """One row that was added, changed or removed: who, when, why, before and after.

    Written by triggers of the database and by nothing else; never changed, never deleted.
    """

    __tablename__ = "change"
    __table_args__ = (CheckConstraint("action in ('added', 'changed', 'removed')", name="action"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int | None]
    actor: Mapped[str]
    reason: Mapped[str | None]
    table_name: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(index=True)
    gemeente_code: Mapped[str | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
