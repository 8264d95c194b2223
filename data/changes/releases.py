"""The delivery under which the sites of the workspace stand."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import Connection, insert, select

from data.sources import locatieregister
from data.tables import SourceRelease

VERSION = "werkbank"


def workspace_release(connection: Connection, today: dt.date) -> int:
    """The id of this year's delivery of the workspace, made when it is not there yet."""
    source = locatieregister.SOURCE
    found = connection.scalar(
        select(SourceRelease.id).where(
            SourceRelease.source_key == source.key,
            SourceRelease.year == today.year,
            SourceRelease.version == VERSION,
        )
    )
    if found is not None:
        return found
    made = connection.execute(
        insert(SourceRelease)
        .values(
            source_key=source.key,
            publisher=source.publisher,
            title=source.title,
            licence=source.licence,
            attribution=source.attribution_of(today.year),
            address=source.address,
            year=today.year,
            version=VERSION,
            retrieved_on=today,
            sha256=hashlib.sha256(f"{VERSION} {today.year}".encode()).hexdigest(),
            row_count=0,
            is_example=False,
        )
        .returning(SourceRelease.id)
    )
    return int(made.scalar_one())
