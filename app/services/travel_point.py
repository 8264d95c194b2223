"""A point that is asked about: a place in RD, in the areas that we know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.numbers import to_dutch
from app.services.spreading import QuestionError
from data.queries.places import AreaOfPlace, areas_at, areas_at_points
from geo.crs import RD_BOUNDS, diagnose, to_rd, to_wgs84
from geo.network.snap import SNAP_LIMIT_M

#: Said of a point that is in no area that we know, or in water far from any street.
OUTSIDE = (
    "Dit punt ligt buiten de regio en de rand eromheen, of in zee. Kies een punt op het land, "
    "in of vlak bij de regio."
)
FAR = (
    "Deze plek ligt {distance} m van de dichtstbijzijnde straat. Dat is meer dan {limit} m, te "
    "ver om over de straten te meten."
)
_WEB_MAP = (
    "De getallen {x} en {y} lijken coördinaten van een webkaart (EPSG:3857). Geef x en y in RD, "
    "in meters, zoals 103900 en 488500."
)
_DEGREES = (
    "De getallen {x} en {y} lijken graden. Geef x en y in RD, in meters. Voor dit punt is dat "
    "x {right_x} en y {right_y}."
)
_SWAPPED = "De x en de y zijn verwisseld: {x} is de y en {y} is de x."
_NOT_A_NUMBER = "De {field} is geen getal. Geef x en y in RD, in meters, zoals 103900 en 488500."
_NOT_HERE = (
    "De {field} {value} ligt niet in Nederland. Een {field} in RD is een aantal meters tussen "
    "{least} en {most}."
)


@dataclass(frozen=True)
class TravelPoint:
    """A point in RD and in degrees, with the areas that it lies in, the smallest first."""

    x_m: float
    y_m: float
    lon: float
    lat: float
    areas: tuple[AreaOfPlace, ...]

    @property
    def is_in_water(self) -> bool:
        """Whether the smallest area is water."""
        return bool(self.areas) and self.areas[0].is_water


def read_point(connection: Connection, area_release_id: int, x_m: float, y_m: float) -> TravelPoint:
    """The point with its areas; QuestionError, with field "x" or "y", when it can't be one.

    Raises it for what is no coordinate in RD, and for a point outside all areas.
    """
    check_rd(x_m, y_m)
    areas = tuple(areas_at(connection, area_release_id, x_m, y_m).values())
    if not areas:
        raise QuestionError("x", OUTSIDE)
    return TravelPoint(x_m, y_m, *to_wgs84(x_m, y_m), areas)


def points_at(
    connection: Connection, area_release_id: int, x_m: Sequence[float], y_m: Sequence[float]
) -> list[TravelPoint]:
    """Points in RD with the areas that each lies in, asked at once; none is refused."""
    around = areas_at_points(connection, area_release_id, x_m, y_m)
    return [
        TravelPoint(x, y, *to_wgs84(x, y), tuple(areas.values()))
        for x, y, areas in zip(x_m, y_m, around, strict=True)
    ]


def far_from_street(distance_m: float) -> str:
    """That a point is too far from the streets, and how far."""
    return FAR.format(distance=to_dutch(distance_m), limit=to_dutch(SNAP_LIMIT_M))


def check_rd(x_m: float, y_m: float) -> None:
    """QuestionError unless the numbers are a place in the Netherlands, in RD."""
    for field, value in (("x", x_m), ("y", y_m)):
        if not math.isfinite(value):
            raise QuestionError(field, _NOT_A_NUMBER.format(field=field))
    kind = diagnose(x_m, y_m)
    if kind == "ok":
        return
    numbers = {"x": _plain(x_m), "y": _plain(y_m)}
    if kind == "swapped":
        raise QuestionError("x", _SWAPPED.format(**numbers))
    if kind in ("wgs84", "wgs84_swapped"):
        right_x, right_y = to_rd(x_m, y_m) if kind == "wgs84" else to_rd(y_m, x_m)
        raise QuestionError(
            "x", _DEGREES.format(**numbers, right_x=round(right_x), right_y=round(right_y))
        )
    if kind == "web_mercator":
        raise QuestionError("x", _WEB_MAP.format(**numbers))
    bounds = {"x": (RD_BOUNDS.x_min, RD_BOUNDS.x_max), "y": (RD_BOUNDS.y_min, RD_BOUNDS.y_max)}
    for field, value in (("x", x_m), ("y", y_m)):
        least, most = bounds[field]
        if not least <= value <= most:
            raise QuestionError(
                field,
                _NOT_HERE.format(
                    field=field, value=_plain(value), least=to_dutch(least), most=to_dutch(most)
                ),
            )


def _plain(value: float) -> str:
    """The number without thousands in groups, as it was typed: 4,63 or 103900."""
    return f"{value:.12g}".replace(".", ",")
