"""The ways of travelling and their paces: what they are called on a page and in a command.

The speeds are averages and settings, not truths: 4.8 km/h on foot and 15 km/h by bicycle are the
defaults of the method, kept in ``geo.units``. ``TravelMode.at_speed`` gives the same mode at
another speed, ``at_pace`` at that of a pace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal, TypeVar

import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.access.facts import TRAVEL_LIMITS, AccessFacts
from analysis.errors import InputError
from analysis.registry import Registry
from geo.units import CYCLING_KM_PER_H, M_PER_KM, WALKING_KM_PER_H

#: The same words as the profiles of ``geo.network``.
ModeKey = Literal["walk", "cycle"]
#: One number, or many at once.
Numbers = TypeVar("Numbers", float, npt.NDArray[Any], "pd.Series[Any]")

#: The time bands in which amenities and people are counted.
BANDS_MIN = (5, 10, 15)

SPEED_SOURCE = (
    "Onze rekensnelheid: 4,8 kilometer per uur lopend en 15 kilometer per uur met de fiets. "
    "Dat zijn gemiddelden: de een gaat sneller, de ander langzamer."
)

PACE_SOURCE = (
    "Rustig is 3,2 kilometer per uur lopend en 10 met de fiets, vlot is 6 lopend en 20 met de "
    "fiets. Die snelheden hebben wij zelf gekozen, om te laten zien wat het tempo uitmaakt. Zij "
    "zijn niet gemeten."
)


@dataclass(frozen=True)
class Pace:
    """How fast someone travels; speeds in km/h."""

    key: str
    label: str
    walk_km_per_h: float
    cycle_km_per_h: float
    explanation: str
    source: str
    aliases: tuple[str, ...] = ()


PACES = Registry(
    "pace",
    (
        Pace(
            "rustig",
            "Rustig",
            3.2,
            10.0,
            "Voor wie langzaam loopt of fietst, zoals iemand met een rollator of een klein kind.",
            PACE_SOURCE,
        ),
        Pace(
            "gewoon",
            "Gewoon",
            WALKING_KM_PER_H,
            CYCLING_KM_PER_H,
            "Zo snel als mensen gemiddeld lopen of fietsen.",
            SPEED_SOURCE,
        ),
        Pace(
            "vlot",
            "Vlot",
            6.0,
            20.0,
            "Voor wie stevig doorloopt of snel fietst, zoals met een elektrische fiets.",
            PACE_SOURCE,
        ),
    ),
)


@dataclass(frozen=True)
class TravelMode:
    """A way of travelling; ``slug`` stands in addresses, ``option`` on the command line.

    ``verb`` comes after a number of minutes: "6 minuten lopen".
    """

    key: ModeKey
    label: str
    slug: str
    option: str
    verb: str
    speed_km_per_h: float
    explanation: str
    aliases: tuple[str, ...] = ()

    @property
    def m_per_min(self) -> float:
        """How many metres one gets in a minute."""
        return self.speed_km_per_h * M_PER_KM / 60.0

    def minutes(self, distance_m: Numbers) -> Numbers:
        """Travel time over ``distance_m`` metres, in minutes.

        t = d / (1000 × v / 60)

        with v the speed in km/h. The distance is that of the shortest way along the streets,
        with the straight bits from the point to the street and from the street to the amenity.
        Unknown stays unknown (NaN). The same speed everywhere: no hills, no waiting.

        Source: the definition of speed; the speeds are settings of ours.
        """
        return distance_m / self.m_per_min

    def reach_m(self, minutes: float) -> float:
        """How many metres one gets in ``minutes`` minutes."""
        return minutes * self.m_per_min

    def at_speed(self, speed_km_per_h: float) -> TravelMode:
        """The same mode at another speed; InputError when nobody moves at it."""
        if not (isfinite(speed_km_per_h) and speed_km_per_h > 0):
            raise InputError("speed_km_per_h", [f"{speed_km_per_h} is not a speed above 0"])
        return replace(self, speed_km_per_h=speed_km_per_h)

    def at_pace(self, pace: Pace) -> TravelMode:
        """The same mode at the speed of a pace."""
        return self.at_speed(pace.walk_km_per_h if self.key == "walk" else pace.cycle_km_per_h)


TRAVEL_MODES = Registry(
    "travel mode",
    (
        TravelMode(
            "walk",
            "lopend",
            "lopend",
            "foot",
            "lopen",
            WALKING_KM_PER_H,
            "Te voet over straten en paden waar u mag lopen.",
            aliases=("foot", "lopen", "te voet", "voet"),
        ),
        TravelMode(
            "cycle",
            "met de fiets",
            "fietsend",
            "bike",
            "fietsen",
            CYCLING_KM_PER_H,
            "Met de fiets over straten en paden waar u mag fietsen, met eenrichting erbij.",
            aliases=("bike", "fietsend", "fiets", "fietsen"),
        ),
    ),
)


def _example(
    facts: AccessFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    trip = facts.trip
    if trip is None:
        return None
    named = f" ({trip.to_name})" if trip.to_name else ""
    return (
        f"Van {trip.from_name} naar {trip.target}{named} is het "
        f"{number(round(trip.distance_m))} meter. "
        f"Bij {number(trip.mode.speed_km_per_h)} kilometer per uur is dat "
        f"{number(round(trip.distance_m))} / {number(trip.mode.m_per_min)} = "
        f"{number(trip.mode.minutes(trip.distance_m))} minuten {trip.mode.verb}."
    )


MEASURE = method.Measure(
    key="reistijd",
    label="Reistijd",
    group=method.ACCESS,
    explanation=(
        "Hoeveel minuten het lopen of fietsen is, langs de kortste weg over straten en paden. "
        "Het stukje van het adres naar de straat telt mee."
    ),
    formula_words=(
        "de lengte van de kortste weg in meters, gedeeld door het aantal meters dat u per minuut "
        "aflegt"
    ),
    formula="t = d / (1000 × v / 60)",
    symbols=(
        ("t", "de reistijd in minuten"),
        ("d", "de lengte van de kortste weg in meters, met de stukjes tot de straat erbij"),
        (
            "v",
            "de snelheid in kilometer per uur: 4,8 lopend en 15 met de fiets, tenzij u een ander "
            "tempo kiest",
        ),
    ),
    unit="minuten",
    example=_example,
    limits=(
        *TRAVEL_LIMITS,
        "Wij rekenen met het gewone tempo. Alleen op de pagina over één of twee plekken kunt u "
        "rustig of vlot kiezen. De toegangsscore rekent altijd met het gewone tempo.",
        "Ligt een plek meer dan 250 meter van een straat, dan rekenen wij geen reistijd uit. Wij "
        "zeggen dan hoe ver de straat is.",
        "Fietsers mogen niet overal in twee richtingen. De weg heen kan dus langer of korter zijn "
        "dan de weg terug.",
    ),
    sources=(
        "Straten, paden en voorzieningen: OpenStreetMap.",
        SPEED_SOURCE,
        PACE_SOURCE,
        "Kortste weg: E.W. Dijkstra (1959), A note on two problems in connexion with graphs, "
        "Numerische Mathematik 1, p. 269-271.",
    ),
    function=TravelMode.minutes,
)
