"""The figures of today that the method pages work their examples out with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.access.modes import TravelMode
    from analysis.access.score import AccessScores

#: What limits every figure that rests on travel times.
TRAVEL_LIMITS = (
    "Hoogteverschil telt niet mee. Een helling, brug of trap kost geen extra tijd.",
    "De snelheid is een gemiddelde. Wie moeilijk loopt, doet er langer over.",
    "Oversteken, wachten bij een stoplicht en de fiets wegzetten kosten in deze berekening geen "
    "tijd.",
    "Een pad of voorziening die niet in OpenStreetMap staat, telt niet mee. En soms staat er iets "
    "op de kaart dat er niet meer is.",
    "Wij weten niet wanneer iets open is, of er plaats is, en of iedereen er naar binnen kan.",
    "Bus, trein en auto tellen niet mee in de reistijd.",
)


@dataclass(frozen=True)
class Trip:
    """From a place to the nearest amenity of a category; ``target`` as in "de huisarts"."""

    from_name: str
    target: str
    to_name: str | None
    distance_m: float
    mode: TravelMode


@dataclass(frozen=True, eq=False)
class PlaceScore:
    """The access score of one point of ``scores``."""

    name: str
    point: object
    scores: AccessScores


@dataclass(frozen=True, eq=False)
class AreaRow:
    """The row of one area in a table of figures; ``target`` is what is reached: "een huisarts"."""

    name: str
    target: str
    mode: TravelMode
    row: pd.Series


@dataclass(frozen=True, eq=False)
class AccessFacts:
    """One case of each measure; None where today's figures give none."""

    trip: Trip | None = None
    place: PlaceScore | None = None
    within: AreaRow | None = None
    typical: AreaRow | None = None
    shared: AreaRow | None = None
