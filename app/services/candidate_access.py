"""The access scores of candidates: apart for what should be near, and for what should be far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.access import score
from analysis.access.profiles import ACCESS_PROFILES, Direction, profile_part
from analysis.access.score import AccessScores, measure_access
from analysis.facility_types import FacilityType
from app.services.candidate_cells import Cell, evidence_of, unknown
from app.services.candidate_places import CandidatePlace
from app.services.lists import SourceLine
from app.services.travel import PointAccess, access_frames

#: The criteria of the comparison that rest on travel time, and what each takes of the profile.
PARTS: Mapping[str, Direction] = {"bereikbaarheid": "dichtbij", "afstand": "ver"}
USES_CBS = (
    "Een deel rust op gemiddelden van de buurt (CBS): daar konden wij niet over de straten meten."
)


@dataclass(frozen=True, eq=False)
class CandidateAccess:
    """What is near the candidates by their key, and the scores made of it by criterion."""

    points: Mapping[int | str, PointAccess]
    scores: Mapping[str, AccessScores]

    @property
    def sources(self) -> tuple[SourceLine, ...]:
        """Where the minutes come from."""
        return next((access.sources for access in self.points.values()), ())


def score_candidates(
    kind: FacilityType, points: Mapping[int | str, PointAccess]
) -> CandidateAccess:
    """The scores for the parts that the profile of the type has."""
    frames = access_frames(points)
    scores = {}
    for key, direction in PARTS.items():
        part = profile_part(ACCESS_PROFILES[kind.key], direction)
        if part is not None:
            scores[key] = measure_access(
                frames.minutes, part, basis=frames.basis, reasons=frames.reasons
            )
    return CandidateAccess(points, scores)


def access_cells(found: CandidateAccess, key: str, places: Sequence[CandidatePlace]) -> list[Cell]:
    """The scores of one criterion, in the order of the places."""
    evidence = evidence_of(found.sources, score.MEASURE.slug)
    cells = []
    for place in places:
        row: Any = found.scores[key].scores.loc[place.key]
        if isinstance(row["reason"], str):
            cells.append(unknown(row["reason"], evidence))
        else:
            note = USES_CBS if row["uses_cbs"] else None
            cells.append(Cell(float(row["score"]), evidence, note=note))
    return cells
