"""The wijken of the region to choose from, by gemeente."""

from __future__ import annotations

from sqlalchemy import Connection

from data.queries.areas import wijk_names
from data.queries.releases import area_release


def wijken_by_gemeente(connection: Connection, first: str) -> dict[str, list[tuple[str, str]]]:
    """Code and name of every wijk by the name of its gemeente, the gemeente ``first`` on top."""
    rows = wijk_names(connection, area_release(connection).id)
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, _, gemeente in sorted(rows, key=lambda row: row[2] != first):
        found.setdefault(gemeente, []).append((code, name))
    return found
