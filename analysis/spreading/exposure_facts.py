"""The figures of today that the method pages of exposure work their examples out with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.spreading.exposure_change import ExposureChange

#: What limits every figure of places near homes.
EXPOSURE_LIMITS = (
    "Dichtbij is lopend gemeten, over straten en paden. Een brug, een tunnel of een spoor maakt "
    "dus verschil. Gemeentegrenzen spelen geen rol.",
    "Waar mensen wonen, weten wij per punt: een blokje van 100 bij 100 meter, of één punt per "
    "buurt. Bij één punt per buurt is het cijfer grof.",
    "Afgeschermde locaties tellen niet mee, want anders zou hun plek af te leiden zijn. Op "
    "sommige plekken zijn er dus meer plekken dichtbij dan wij laten zien.",
    "Van sommige locaties weten wij het aantal plekken niet. Dan zeggen wij ‘minstens’.",
    "Inwoners die te ver van een straat wonen om te meten, staan apart. Zij tellen niet mee.",
    "Een pad dat niet in OpenStreetMap staat, telt niet mee.",
    "De grenzen van 400, 800 en 1.200 meter zijn een keuze: ongeveer 5, 10 en 15 minuten lopen.",
    "Of een plek dichtbij prettig is of niet, zegt dit getal niet. Een plek dichtbij betekent ook "
    "dat hulp dichtbij is.",
)


@dataclass(frozen=True)
class NearPoint:
    """A point with residents, and the places of every site within the limit."""

    buurt_name: str
    resident_count: float
    limit_m: float
    site_capacity_counts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class NearArea:
    """The row of one area in ``exposure_by_area``."""

    name: str
    limit_m: float
    row: pd.Series


@dataclass(frozen=True, eq=False)
class NearChange:
    """A site that comes, with what changes within the limit at this place in ``change``."""

    site_name: str
    place_count: int
    limit_m: float
    change: ExposureChange


@dataclass(frozen=True, eq=False)
class ExposureFacts:
    """One case of each measure; None where today's figures give none."""

    point: NearPoint | None = None
    area: NearArea | None = None
    change: NearChange | None = None
