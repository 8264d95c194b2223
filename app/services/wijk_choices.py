"""The wijken of the region to choose from, by gemeente."""

from __future__ import annotations

from sqlalchemy import Connection

from data.queries.areas import areas
from data.queries.releases import area_release


def wijken_by_gemeente(connection: Connection, first: str) -> dict[str, list[tuple[str, str]]]:
    """Code and name of every wijk by the name of its gemeente, the gemeente ``first`` on top."""
    frame = areas(connection, area_release(connection).id, "wijk", region_only=True)
    on_land = frame[~frame["is_water"]].sort_values(["gemeente_name", "name"])
    on_top = on_land["gemeente_code"] == first
    found: dict[str, list[tuple[str, str]]] = {}
    for part in (on_land[on_top], on_land[~on_top]):
        for code, row in zip(part.index, part.to_dict("records"), strict=True):
            found.setdefault(str(row["gemeente_name"]), []).append((str(code), str(row["name"])))
    return found
