"""Whether a candidate lies close to another gemeente, so that the neighbours are asked as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.numbers import to_dutch
from data.queries.areas import NearGemeente, Place, gemeenten_near
from data.queries.releases import area_release

#: Within so many metres of another gemeente its people are neighbours of the plan.
NEIGHBOURS_WITHIN_M = 1000.0


@dataclass(frozen=True)
class Neighbours:
    """The other gemeenten within NEIGHBOURS_WITHIN_M of a place, the nearest first."""

    gemeenten: tuple[NearGemeente, ...]

    @property
    def sentence(self) -> str:
        """Which gemeenten, how far, and what that asks."""
        told = _listed([_told(entry) for entry in self.gemeenten])
        asked = "deze gemeente" if len(self.gemeenten) == 1 else "deze gemeenten"
        return f"{told[0].upper()}{told[1:]}. Betrek {asked} en de buren daar."


def neighbours_of(connection: Connection, places: Mapping[int, Place]) -> dict[int, Neighbours]:
    """The neighbours of each place (x and y in RD, by its own key); without any it is not there.

    By the outlines of the newest release of areas.
    """
    release_id = area_release(connection).id
    found = gemeenten_near(connection, release_id, places, NEIGHBOURS_WITHIN_M)
    return {key: Neighbours(tuple(near)) for key, near in found.items()}


def distance_told(distance_m: float) -> str:
    """A distance to a border, in tens of metres."""
    if distance_m < 10:
        return "op de grens"
    return f"{to_dutch(round(distance_m, -1))} meter"


def _told(entry: NearGemeente) -> str:
    distance = distance_told(entry.distance_m)
    if distance == "op de grens":
        return f"op de grens met {entry.name}"
    return f"{distance} van {entry.name}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"
