"""Weightings under a name: the presets of the code, and those that people kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.comparing.criteria import PRESETS, criteria_of
from analysis.facility_types import FacilityType
from app.services.comparison_question import START, Points, find_preset, to_number
from app.services.spreading import QuestionError
from app.services.worklist import gemeente_names
from data.database_roles import WHOLE_REGION
from data.queries.weightings import WeightingRecord, find_weighting, weightings
from geo.frames import REGION_CODE

REGION_LABEL = "De regio"


@dataclass(frozen=True)
class NamedWeighting:
    """Points under a name; ``word`` names it in addresses.

    ``of`` tells whose a kept one is; ``can_remove`` whether who asks may throw it away.
    """

    word: str
    label: str
    explanation: str
    points: Points
    of: str | None = None
    can_remove: bool = False


def presets_of(kind: FacilityType) -> tuple[NamedWeighting, ...]:
    """The presets that stand ready for a type."""
    return tuple(
        NamedWeighting(entry.key, entry.label, entry.explanation, entry.points_of(kind))
        for entry in PRESETS
    )


def kept_weightings(
    connection: Connection, kind: FacilityType, scope: Collection[str]
) -> tuple[NamedWeighting, ...]:
    """The weightings within reach that people kept for a type."""
    names = gemeente_names(connection)
    return tuple(
        NamedWeighting(
            str(record.id),
            record.name,
            "",
            _of_type(kind, record),
            REGION_LABEL
            if record.gemeente_code == REGION_CODE
            else names.get(record.gemeente_code, record.gemeente_code),
            can_remove=WHOLE_REGION in scope or record.gemeente_code in scope,
        )
        for record in weightings(connection, kind.key)
    )


def read_weighting(connection: Connection, kind: FacilityType, word: str) -> Points:
    """The points of a preset, or of a kept weighting by its number; QuestionError otherwise."""
    number = to_number(word)
    if number is None:
        return find_preset(word or START).points_of(kind)
    record = find_weighting(connection, number)
    if record is None or record.type != kind.key:
        raise QuestionError("weging", "Deze weging is er niet, of hoort niet bij deze soort.")
    return _of_type(kind, record)


def word_of(points: Points, named: Collection[NamedWeighting], wanted: str) -> str:
    """Under which word these points are known: the one that was asked first; else empty."""
    fitting = [entry.word for entry in named if dict(entry.points) == dict(points)]
    return wanted if wanted in fitting else next(iter(fitting), "")


def places_to_keep(connection: Connection, scope: Collection[str]) -> Mapping[str, str]:
    """For whom someone may keep a weighting: their gemeenten, or the region."""
    if WHOLE_REGION in scope:
        return {REGION_CODE: REGION_LABEL}
    names = gemeente_names(connection)
    return {code: names.get(code, code) for code in sorted(scope)}


def _of_type(kind: FacilityType, record: WeightingRecord) -> dict[str, int]:
    """The points of the criteria of the type; one that came later has none."""
    return {entry.key: int(record.points.get(entry.key, 0)) for entry in criteria_of(kind)}
