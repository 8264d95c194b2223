"""By what terms candidates are measured: which places count, on which date, how near is near."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import isfinite

from analysis.comparing.criteria import NEAR_HOME_M
from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services.exposure import LEAST_LIMIT_M, MOST_LIMIT_M
from app.services.spreading import LEVELS, QuestionError, find_word
from geo.frames import Level

#: All types of which a place is on the map: together they make the spread.
ALL_ON_MAP: tuple[FacilityType, ...] = tuple(
    entry for entry in FACILITY_TYPES if entry.recorded.on_map
)


@dataclass(frozen=True)
class MeasuringTerms:
    """What is asked of candidates of a type, on a date.

    ``plan_scope`` and ``base`` are keys of ``PLAN_SCOPES`` and ``SPREADING_BASES``; ``level`` is
    gemeente or wijk. ``radius_m`` are the metres on foot within which a place is near home.
    """

    type: FacilityType
    on: dt.date
    counted_types: tuple[FacilityType, ...] = ALL_ON_MAP
    plan_scope: str = "besloten"
    radius_m: float = NEAR_HOME_M
    level: Level = "gemeente"
    base: str = "inwoners"

    def __post_init__(self) -> None:
        """QuestionError, in Dutch, when a word or number can't be asked."""
        find_word(PLAN_SCOPES, "plannen", self.plan_scope)
        find_word(LEVELS, "niveau", self.level)
        base = find_word(SPREADING_BASES, "basis", self.base)
        if base.only_level not in (None, self.level):
            amount = base.amount
            raise QuestionError("niveau", f"{amount[0].upper()}{amount[1:]} is er niet per wijk.")
        if not isfinite(self.radius_m) or not LEAST_LIMIT_M <= self.radius_m <= MOST_LIMIT_M:
            raise QuestionError(
                "straal",
                f"Kies een afstand van {LEAST_LIMIT_M} tot en met {to_dutch(MOST_LIMIT_M)} meter.",
            )
        if not self.type.recorded.on_map:
            raise QuestionError("soort", f"{self.type.label}: {self.type.recorded.explanation}")
