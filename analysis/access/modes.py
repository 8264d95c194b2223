"""The ways of travelling: what they are called on a page, in an address and in a command.

The speeds are averages and settings, not truths: 4.8 km/h on foot and 15 km/h by bicycle are the
defaults of the method, kept in ``geo.units``. ``TravelMode.at_speed`` gives the same mode at
another speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal, TypeVar

import numpy.typing as npt
import pandas as pd

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
        """Travel time in minutes over ``distance_m`` metres; unknown stays unknown (NaN)."""
        return distance_m / self.m_per_min

    def reach_m(self, minutes: float) -> float:
        """How many metres one gets in ``minutes`` minutes."""
        return minutes * self.m_per_min

    def at_speed(self, speed_km_per_h: float) -> TravelMode:
        """The same mode at another speed; InputError when nobody moves at it."""
        if not (isfinite(speed_km_per_h) and speed_km_per_h > 0):
            raise InputError("speed_km_per_h", [f"{speed_km_per_h} is not a speed above 0"])
        return replace(self, speed_km_per_h=speed_km_per_h)


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
