"""Loading homes of single people, with for each number whether it is hidden."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.sources.woningen import SOURCE
from data.tables import HomeCount, SourceRelease
from geo.frames import HOMES, check

_HOME_COUNT = table_of(HomeCount)


def store_homes(
    connection: Connection, release: OpenRelease, homes: pd.DataFrame
) -> tuple[Section, ...]:
    """Make the homes of this release equal to the frame, which also has ``is_hidden``.

    Needs a transaction.
    """
    check(homes, HOMES)
    rows = homes[[*HOMES.columns, "is_hidden"]].reset_index(drop=True)
    rows.insert(0, "release_id", release.id)
    changes = merge(connection, _HOME_COUNT, rows, within=_HOME_COUNT.c.release_id == release.id)
    return (Section("aantallen woningen", changes),)


def hidden_before(connection: Connection, year: int) -> dict[str, set[str]]:
    """Areas of which the count was hidden in some delivery about this year, by type."""
    query = (
        select(HomeCount.type, HomeCount.area_code)
        .join(SourceRelease, SourceRelease.id == HomeCount.release_id)
        .where(
            SourceRelease.source_key == SOURCE.key,
            SourceRelease.year == year,
            HomeCount.is_hidden,
        )
    )
    found: dict[str, set[str]] = {}
    for kind, code in connection.execute(query):
        found.setdefault(kind, set()).add(code)
    return found
