"""Which conversations are near a place: in its wijk, about the whole gemeente, or close by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import Connection

from app.numbers import to_dutch
from app.services.public_tracks import REGION, TrackLine, TrackOverview
from data.queries.areas import OUTLINE_DECIMALS
from data.queries.places import AreaOfPlace, areas_at
from geo.crs import to_wgs84
from geo.frames import Level
from geo.units import M_PER_KM

#: As far as one looks for the sites of a conversation, as the crow flies.
NEAR_M = 1_500
#: Distances are told in steps of this: where somebody stands is not known better.
_STEP_M = 50


@dataclass(frozen=True)
class NearTrack:
    """A conversation and how near it is; ``distance_m`` is to the nearest site that it is about."""

    line: TrackLine
    is_own_area: bool
    distance_m: float | None

    @property
    def words(self) -> str:
        """Why it is near: in uw wijk, op 850 meter."""
        told = []
        if self.is_own_area:
            record = self.line.record
            area = "wijk" if record.wijk_code else "gemeente"
            told.append("in de hele regio" if record.gemeente_code == REGION else f"in uw {area}")
        if self.distance_m is not None:
            told.append(f"de plek ligt op {distance_words(self.distance_m)}")
        return ", ".join(told)


@dataclass(frozen=True)
class TracksNear:
    """What is near a place, and what goes on farther away; the nearest first."""

    x_m: int
    y_m: int
    areas: dict[Level, AreaOfPlace]
    near: tuple[NearTrack, ...]
    others: tuple[NearTrack, ...]

    @property
    def nearest(self) -> NearTrack | None:
        """The first of those farther away of which the distance is known."""
        return next((one for one in self.others if one.distance_m is not None), None)

    @property
    def lat_lon(self) -> tuple[float, float]:
        """The place as the map has it."""
        lon, lat = to_wgs84(self.x_m, self.y_m)
        return round(lat, OUTLINE_DECIMALS), round(lon, OUTLINE_DECIMALS)

    @property
    def where(self) -> str:
        """The smallest area that the place lies in, with its gemeente."""
        names = [area.name for area in self.areas.values()]
        return ", ".join(dict.fromkeys((*names[:1], *names[-1:])))

    @property
    def sentence(self) -> str:
        """Whether there is a conversation near, and on how many one can react."""
        if not self.areas:
            return "Deze plek ligt buiten de regio. Wij kennen daar geen gesprekken."
        going_on = [one for one in self.near if one.line.is_open]
        if going_on:
            can = sum(one.line.can_react for one in going_on)
            verb, noun = ("loopt", "gesprek") if len(going_on) == 1 else ("lopen", "gesprekken")
            count = to_dutch(len(going_on))
            return f"Bij u in de buurt {verb} {count} {noun}. {_can(can, len(going_on))}"
        if self.nearest is None:
            return "Bij u in de buurt loopt nu geen gesprek."
        title, away = self.nearest.line.record.title, self.nearest.distance_m or 0
        return (
            "Bij u in de buurt loopt nu geen gesprek. Het dichtstbijzijnde is "
            f"‘{title}’, op {distance_words(away)}."
        )


def tracks_near(connection: Connection, overview: TrackOverview, x_m: int, y_m: int) -> TracksNear:
    """The conversations near a place (RD, metres), those that go on first."""
    areas = areas_at(connection, overview.release.id, x_m, y_m)
    found = sorted((_measured(line, areas, x_m, y_m) for line in overview.lines), key=_order)
    near = tuple(one for one in found if one.is_own_area or _within(one.distance_m))
    others = tuple(one for one in found if one.line.is_open and one not in near)
    return TracksNear(x_m, y_m, areas, near, others)


def distance_words(distance_m: float) -> str:
    """``850 meter``, or ``3,2 kilometer``."""
    steps = max(_STEP_M, round(distance_m / _STEP_M) * _STEP_M)
    if steps < M_PER_KM:
        return f"{to_dutch(steps)} meter"
    return f"{to_dutch(distance_m / M_PER_KM, 1)} kilometer"


def _measured(
    line: TrackLine, areas: dict[Level, AreaOfPlace], x_m: float, y_m: float
) -> NearTrack:
    distances = [math.hypot(place.x_m - x_m, place.y_m - y_m) for place in line.subjects]
    return NearTrack(line, _is_own(line, areas), min(distances, default=None))


def _is_own(line: TrackLine, areas: dict[Level, AreaOfPlace]) -> bool:
    record = line.record
    codes = [area.area_code for area in areas.values()]
    if record.wijk_code is not None:
        return record.wijk_code in codes
    return bool(codes) and record.gemeente_code in (REGION, *codes)


def _within(distance_m: float | None) -> bool:
    return distance_m is not None and distance_m <= NEAR_M


def _order(one: NearTrack) -> tuple[bool, bool, float]:
    far = math.inf if one.distance_m is None else one.distance_m
    return not one.line.is_open, not one.is_own_area, far


def _can(count: int, total: int) -> str:
    if total == 1:
        return "U kunt er nu op reageren." if count else "U kunt er nu niet op reageren."
    if count == total:
        return "U kunt nu op alle reageren."
    return f"U kunt nu op {to_dutch(count)} reageren." if count else "U kunt nu niet reageren."
