"""The record of a delivery: made at its first import, brought up to date at the next."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text, update

from data.faults import refuse
from data.load.report import LoadReport, Section
from data.sources.source import Source
from data.tables import SourceRelease

_BLOCK_BYTES = 1 << 20
#: Held while a delivery is loaded: one import at a time, so that none compares with half.
_IMPORT_LOCK = 20_230_101


@dataclass(frozen=True)
class Delivery:
    """One delivery of a source: which year and version, and the checksum of its content."""

    source: Source
    year: int
    version: str
    sha256: str
    retrieved_on: dt.date
    address: str = ""

    @property
    def title(self) -> str:
        """Source, year and version in one line."""
        return f"{self.source.title} {self.year} {self.version}"


@dataclass(frozen=True)
class KnownRelease:
    """A release that is in the database."""

    id: int
    year: int
    version: str
    is_newest: bool


@dataclass(frozen=True)
class OpenRelease:
    """A release row that an import writes under."""

    id: int
    delivery: Delivery
    is_new: bool
    stored_sha256: str


def sha256_of(path: Path) -> str:
    """The checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def release_with_content(
    connection: Connection, source_key: str, sha256: str
) -> KnownRelease | None:
    """The newest release of this source that has this content; None when there is none."""
    rows = connection.execute(
        select(SourceRelease.id, SourceRelease.year, SourceRelease.version, SourceRelease.sha256)
        .where(SourceRelease.source_key == source_key)
        .order_by(SourceRelease.id.desc())
    ).all()
    for rank, row in enumerate(rows):
        if row.sha256 == sha256:
            return KnownRelease(row.id, row.year, row.version, is_newest=rank == 0)
    return None


def next_version(connection: Connection, source_key: str, year: int) -> str:
    """``v1`` for the first delivery of the year, ``v2`` for the next, and so on."""
    count = connection.scalar(
        select(func.count())
        .select_from(SourceRelease)
        .where(SourceRelease.source_key == source_key, SourceRelease.year == year)
    )
    return f"v{(count or 0) + 1}"


def load(
    connection: Connection,
    delivery: Delivery,
    stores: Iterable[Callable[[OpenRelease], tuple[Section, ...]]],
    facts: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> LoadReport:
    """Let each store write its rows under the release of this delivery; tell what changed.

    Works inside the transaction of the caller. When nothing changed, nothing is written.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_IMPORT_LOCK)))
    release = open_release(connection, delivery)
    sections = tuple(section for store in stores for section in store(release))
    _close_release(connection, release, sections)
    return LoadReport(delivery.title, release.id, sections, facts, notes)


def open_release(connection: Connection, delivery: Delivery) -> OpenRelease:
    """The release row of this delivery, made when it is not there."""
    source = delivery.source
    row = connection.execute(
        select(SourceRelease.id, SourceRelease.sha256)
        .where(
            SourceRelease.source_key == source.key,
            SourceRelease.year == delivery.year,
            SourceRelease.version == delivery.version,
        )
        .with_for_update()
    ).first()
    if row is not None:
        return OpenRelease(row.id, delivery, is_new=False, stored_sha256=row.sha256)
    statement = insert(SourceRelease).values(
        source_key=source.key,
        year=delivery.year,
        version=delivery.version,
        is_example=source.is_example,
        row_count=0,
        **_description(delivery),
    )
    release_id = connection.execute(statement.returning(SourceRelease.id)).scalar_one()
    return OpenRelease(release_id, delivery, is_new=True, stored_sha256=delivery.sha256)


def check_not_known_otherwise(connection: Connection, delivery: Delivery) -> None:
    """Raise Refused when the very same content is already here as another year or version."""
    known = release_with_content(connection, delivery.source.key, delivery.sha256)
    if known is None:
        return
    if (known.year, known.version) != (delivery.year, delivery.version):
        raise refuse(
            f"Dit bestand is al geladen als {known.year} {known.version}. Het kan niet ook "
            f"{delivery.year} {delivery.version} zijn. Kijk of u het goede bestand hebt."
        )


def _close_release(
    connection: Connection, release: OpenRelease, sections: tuple[Section, ...]
) -> None:
    """Bring the record up to date, unless the import changed nothing at all."""
    same_content = release.stored_sha256 == release.delivery.sha256
    unchanged = all(section.difference.is_empty for section in sections)
    if unchanged and same_content and not release.is_new:
        return
    row_count = sum(section.difference.row_count for section in sections)
    connection.execute(
        update(SourceRelease)
        .where(SourceRelease.id == release.id)
        .values(row_count=row_count, imported_at=func.now(), **_description(release.delivery))
    )
    # Without this the database plans on what it knew before: some queries then take seconds.
    connection.execute(text("ANALYZE"))


def _description(delivery: Delivery) -> dict[str, object]:
    source = delivery.source
    return {
        "publisher": source.publisher,
        "title": source.title,
        "licence": source.licence,
        "attribution": source.attribution_of(delivery.year),
        "address": delivery.address or source.address,
        "retrieved_on": delivery.retrieved_on,
        "sha256": delivery.sha256,
    }
