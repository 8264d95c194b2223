"""What is measured of candidates, criterion by criterion, with the source of every figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import AccessScores
from analysis.comparing.criteria import FINDING_STEPS, criteria_of
from analysis.comparing.facts import CandidateFacts
from app.services.candidate_access import (
    PARTS,
    CandidateAccess,
    access_cells,
    score_candidates,
)
from app.services.candidate_cells import Cell, to_facts
from app.services.candidate_findings import cost_cell, finding_cell
from app.services.candidate_places import CandidatePlace
from app.services.candidate_spreading import evenness_cells, nearby_cells
from app.services.candidate_terms import MeasuringTerms
from app.services.lists import SourceLine
from app.services.spreading import QuestionError
from app.services.travel import points_access
from app.services.travel_point import TravelPoint
from data.queries.places import AreaOfPlace, areas_at_points
from data.queries.releases import area_release
from geo.frames import Level

__all__ = ["FINDING_STEPS", "MeasuredCandidates", "MeasuringTerms", "measure_candidates"]

NOTHING_TO_MEASURE = "Kies ten minste één kandidaat."
Areas = Sequence[dict[Level, AreaOfPlace]]


@dataclass(frozen=True, eq=False)
class MeasuredCandidates:
    """The raw values of candidates by the terms, and what they rest on.

    ``access`` has the parts of what should be near, ``distance`` of what should be far (None
    for a type that asks no distance); ``travel`` has the minutes of each candidate themselves.
    """

    terms: MeasuringTerms
    places: tuple[CandidatePlace, ...]
    facts: CandidateFacts
    access: AccessScores | None
    distance: AccessScores | None
    travel: CandidateAccess
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        of_sites = any(place.is_example for place in self.places)
        return of_sites or any(line.release.is_example for line in self.sources)


def measure_candidates(
    connection: Connection,
    home: Path,
    terms: MeasuringTerms,
    places: Sequence[CandidatePlace],
) -> MeasuredCandidates:
    """Measure candidates, each on its own beside what counts by the terms.

    The keys of the places are unique. QuestionError without a place, NotFound without areas;
    what can't be measured is unknown with its reason.
    """
    if not places:
        raise QuestionError("locaties", NOTHING_TO_MEASURE)
    release = area_release(connection)
    areas = areas_at_points(
        connection, release.id, [place.x_m for place in places], [place.y_m for place in places]
    )
    travel = _travel(connection, home, terms, places, areas)
    evenness, of_spread = evenness_cells(connection, release, terms, places, areas)
    nearby, of_homes = nearby_cells(connection, home, release, terms, places)
    cells: dict[str, Sequence[Cell]] = {"verdeling": evenness, "nabijheid": nearby}
    for criterion in criteria_of(terms.type):
        if criterion.key in PARTS:
            cells[criterion.key] = access_cells(travel, criterion.key, places)
        elif criterion.key == "kosten":
            cells[criterion.key] = [cost_cell(place) for place in places]
        elif criterion.key not in cells:
            cells[criterion.key] = [finding_cell(criterion.key, place) for place in places]
    return MeasuredCandidates(
        terms,
        tuple(places),
        to_facts(criteria_of(terms.type), places, cells),
        travel.scores.get("bereikbaarheid"),
        travel.scores.get("afstand"),
        travel,
        _once((*travel.sources, *of_spread, *of_homes)),
    )


def _travel(
    connection: Connection,
    home: Path,
    terms: MeasuringTerms,
    places: Sequence[CandidatePlace],
    areas: Areas,
) -> CandidateAccess:
    points = [
        TravelPoint(place.x_m, place.y_m, place.lon, place.lat, tuple(around.values()))
        for place, around in zip(places, areas, strict=True)
    ]
    mode = ACCESS_PROFILES[terms.type.key].mode
    found = points_access(connection, home, points, mode)
    keys = [place.key for place in places]
    return score_candidates(terms.type, dict(zip(keys, found, strict=True)))


def _once(lines: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Each part of each delivery once, by the first label it was told with."""
    found: dict[tuple[str, int], SourceLine] = {}
    for line in lines:
        found.setdefault((line.role, line.release.id), line)
    return tuple(found.values())
