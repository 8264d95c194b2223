"""Photos and documents of sites. Row level security shows those of sites within reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, column, select, table

from data.errors import NotFound
from data.tables import LARGEST_ID, SiteDocument

NO_DOCUMENT = "Dit bestand is er niet, of hoort niet bij uw gemeente."
_NAMES = table("account_name", column("id"), column("name"))


@dataclass(frozen=True)
class DocumentRecord:
    """What is known of a file; ``added_by`` is the name of an account, when it is known."""

    id: int
    site_id: int
    title: str
    media_type: str
    byte_count: int
    sha256: str
    added_at: dt.datetime
    added_by: str | None

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.media_type.startswith("image/")


def documents_of(connection: Connection, site_id: int) -> list[DocumentRecord]:
    """The files of a site, the newest first."""
    query = _documents().where(SiteDocument.site_id == site_id)
    newest_first = query.order_by(SiteDocument.added_at.desc(), SiteDocument.id.desc())
    return [DocumentRecord(*row) for row in connection.execute(newest_first)]


def document(connection: Connection, document_id: int) -> DocumentRecord:
    """One file; NotFound when it is not there or not within reach."""
    query = _documents().where(SiteDocument.id == document_id)
    row = connection.execute(query).first() if document_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_DOCUMENT)
    return DocumentRecord(*row)


def document_content(connection: Connection, document_id: int) -> bytes:
    """The bytes of a file that is there."""
    query = select(SiteDocument.content).where(SiteDocument.id == document_id)
    return bytes(connection.execute(query).scalar_one())


def _documents() -> Select[*tuple[Any, ...]]:
    return select(
        SiteDocument.id,
        SiteDocument.site_id,
        SiteDocument.title,
        SiteDocument.media_type,
        SiteDocument.byte_count,
        SiteDocument.sha256,
        SiteDocument.added_at,
        _NAMES.c.name,
    ).outerjoin(_NAMES, _NAMES.c.id == SiteDocument.account_id)
