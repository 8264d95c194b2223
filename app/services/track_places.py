"""Where a conversation is: the region, a gemeente or a wijk, and what that is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.worklist import gemeente_names
from data.database_roles import WHOLE_REGION
from data.queries.areas import areas
from data.queries.releases import area_release
from geo.frames import REGION_CODE

REGION_NAME = "de regio"
_NUMBERED = re.compile(r"^wijk \d+ ", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """The region, a gemeente, or a wijk in it. ``code`` is that of the smallest of these."""

    code: str
    gemeente_code: str
    wijk_code: str | None
    name: str
    gemeente_name: str

    @property
    def where(self) -> str:
        """As in "in Parkwijk"."""
        return f"in {self.name}"

    @property
    def whole_name(self) -> str:
        """The wijk with its gemeente; else just its name."""
        return self.name if self.wijk_code is None else f"{self.name}, {self.gemeente_name}"


@dataclass(frozen=True)
class Places:
    """The places of the release in use, by code."""

    by_code: Mapping[str, Place]

    def of(self, gemeente_code: str, wijk_code: str | None) -> Place:
        """The place of a track; by its code alone when the release does not have it."""
        found = self.by_code.get(wijk_code or gemeente_code)
        if found is not None:
            return found
        gemeente = self.by_code.get(gemeente_code)
        name = gemeente.name if gemeente else gemeente_code
        return Place(gemeente_code, gemeente_code, wijk_code, name, name)

    def grouped(self, scope: Collection[str]) -> dict[str, list[Place]]:
        """By gemeente the places within this scope, the whole of it first."""
        is_whole = WHOLE_REGION in scope
        groups: dict[str, list[Place]] = {}
        for place in self.by_code.values():
            if is_whole or place.gemeente_code in scope:
                groups.setdefault(place.gemeente_name, []).append(place)
        return groups


def read_places(connection: Connection) -> Places:
    """The region, its gemeenten by name, and the wijken of each by code."""
    found = areas(connection, area_release(connection).id, "wijk", region_only=True)
    wijken = [
        Place(
            row["area_code"],
            row["gemeente_code"],
            row["area_code"],
            plain_name(row["name"]),
            row["gemeente_name"],
        )
        for row in found.reset_index().to_dict("records")
        if not row["is_water"]
    ]
    by_code = {REGION_CODE: Place(REGION_CODE, REGION_CODE, None, REGION_NAME, "De regio")}
    for code, name in gemeente_names(connection).items():
        by_code[code] = Place(code, code, None, name, name)
        by_code |= {wijk.code: wijk for wijk in wijken if wijk.gemeente_code == code}
    return Places(by_code)


def plain_name(name: str) -> str:
    """The name of a wijk without the number that some gemeenten put before it."""
    return _NUMBERED.sub("", name)
