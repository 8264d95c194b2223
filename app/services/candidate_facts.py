"""What is measured of candidates, criterion by criterion, with the source of every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import AccessScores
from analysis.closer_look import QUESTIONS
from analysis.comparing.criteria import criteria_of
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
from app.services.lists import SourceLine, once
from app.services.spreading import QuestionError
from app.services.travel import points_access
from app.services.travel_point import TravelPoint
from data.queries.places import AreaOfPlace, areas_at_points
from data.queries.releases import area_release
from geo.frames import Level

__all__ = [
    "MeasuredCandidates",
    "MeasuredSettings",
    "MeasuringTerms",
    "Setting",
    "measure_candidates",
    "measure_settings",
]

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


class Setting(NamedTuple):
    """How near is near, and over which areas the spread is measured."""

    radius_m: float
    level: Level


@dataclass(frozen=True, eq=False)
class MeasuredSettings:
    """Candidates measured by their terms, and the same facts by other settings."""

    measured: MeasuredCandidates
    facts: Mapping[Setting, CandidateFacts]


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
    return measure_settings(connection, home, terms, places, ()).measured


def measure_settings(
    connection: Connection,
    home: Path,
    terms: MeasuringTerms,
    places: Sequence[CandidatePlace],
    settings: Sequence[Setting],
) -> MeasuredSettings:
    """``measure_candidates``, and the facts by each of these settings too, measured at once."""
    if not places:
        raise QuestionError("locatie", NOTHING_TO_MEASURE)
    own = Setting(terms.radius_m, terms.level)
    asked = dict.fromkeys((own, *settings))
    release = area_release(connection)
    areas = areas_at_points(
        connection, release.id, [place.x_m for place in places], [place.y_m for place in places]
    )
    travel = _travel(connection, home, terms, places, areas)
    evenness = {
        level: evenness_cells(connection, release, replace(terms, level=level), places, areas)
        for level in dict.fromkeys(setting.level for setting in asked)
    }
    limits = sorted({setting.radius_m for setting in asked})
    nearby, of_homes = nearby_cells(connection, home, release, terms, places, limits)
    steady = _steady_cells(terms, travel, places)

    def facts_by(setting: Setting) -> CandidateFacts:
        moving = {
            "verdeling": evenness[setting.level][0],
            "nabijheid": nearby[setting.radius_m],
        }
        return to_facts(criteria_of(terms.type), places, {**steady, **moving})

    facts = {setting: facts_by(setting) for setting in asked}
    measured = MeasuredCandidates(
        terms,
        tuple(places),
        facts[own],
        travel.scores.get("bereikbaarheid"),
        travel.scores.get("afstand"),
        travel,
        once((*travel.sources, *evenness[terms.level][1], *of_homes)),
    )
    return MeasuredSettings(measured, facts)


def _steady_cells(
    terms: MeasuringTerms, travel: CandidateAccess, places: Sequence[CandidatePlace]
) -> dict[str, Sequence[Cell]]:
    """The cells that no setting changes."""
    cells: dict[str, Sequence[Cell]] = {}
    for criterion in criteria_of(terms.type):
        if criterion.key in PARTS:
            cells[criterion.key] = access_cells(travel, criterion.key, places)
        elif criterion.key == "kosten":
            cells[criterion.key] = [cost_cell(place) for place in places]
        elif criterion.key in QUESTIONS:
            cells[criterion.key] = [finding_cell(criterion.key, place) for place in places]
    return cells


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
