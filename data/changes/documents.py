"""Writing photos and documents of sites.

The history keeps that they were there, and nothing of what is in them.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, delete, insert, select

from data.errors import DataError, NotFound
from data.queries.documents import NO_DOCUMENT
from data.queries.workspace import NOT_YOURS
from data.tables import Site, SiteDocument

MOST_OF_A_SITE = 30


class SameFile(DataError):
    """The site has a file with just this content; ``title`` is what it is called."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(f"Dit bestand staat al bij deze locatie, als ‘{title}’.")


class TooManyFiles(DataError):
    """The site holds as many files as it may."""


def add_document(
    connection: Connection,
    site_id: int,
    title: str,
    media_type: str,
    content: bytes,
    account_id: int | None,
) -> int:
    """Keep a clean file with a site and return its id.

    Raises NotFound, SameFile or TooManyFiles. The site is locked meanwhile, so that two people
    can not both add the last one.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    _lock(connection, site_id)
    known = {
        row.sha256: row.title
        for row in connection.execute(
            select(SiteDocument.sha256, SiteDocument.title).where(SiteDocument.site_id == site_id)
        )
    }
    if sha256 in known:
        raise SameFile(known[sha256])
    if len(known) >= MOST_OF_A_SITE:
        raise TooManyFiles(
            f"Bij deze locatie staan al {MOST_OF_A_SITE} bestanden. Haal er eerst een weg."
        )
    made = connection.execute(
        insert(SiteDocument)
        .values(
            site_id=site_id,
            title=title,
            media_type=media_type,
            byte_count=len(content),
            sha256=sha256,
            content=content,
            account_id=account_id,
        )
        .returning(SiteDocument.id)
    )
    return int(made.scalar_one())


def remove_document(connection: Connection, document_id: int) -> None:
    """Take a file away for good; NotFound when it is not within reach."""
    removed = connection.execute(delete(SiteDocument).where(SiteDocument.id == document_id))
    if not removed.rowcount:
        raise NotFound(NO_DOCUMENT)


def _lock(connection: Connection, site_id: int) -> None:
    found = connection.scalar(select(Site.id).where(Site.id == site_id).with_for_update())
    if found is None:
        raise NotFound(NOT_YOURS)
