"""Today's places near homes, one case of each measure, for the examples of the method pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from analysis.spreading.exposure import LIMITS_M
from analysis.spreading.exposure_facts import ExposureFacts, NearArea, NearChange, NearPoint
from app.services.exposure import (
    Exposure,
    NotMeasurable,
    candidate_sites,
    measure_exposure,
    read_exposure_question,
)
from app.services.exposure_candidate import CandidateQuestion
from app.services.lists import SourceLine
from data.queries.areas import areas
from data.queries.releases import area_release

#: The question that the examples answer: the one that /spreiding/nabij opens with, by gemeente.
TYPES, PLANS, LEVEL = "alle_locaties", "bestaand", "gemeente"
NO_PLACES = "Niemand heeft op die datum een openbare plek dicht bij huis."


@dataclass(frozen=True, eq=False)
class ExposureExample:
    """The facts, what they are about, whose data they rest on, and why there are none if so."""

    facts: ExposureFacts
    about: str
    sources: tuple[SourceLine, ...] = ()
    reason: str = NO_PLACES


def exposure_example(connection: Connection, home: Path, on: dt.date) -> ExposureExample:
    """The facts of a date; without streets or residents only the reason why not."""
    question = read_exposure_question([TYPES], on, PLANS, LEVEL)
    about = f"{question.types_label} in gebruik, lopend"
    release = area_release(connection)
    known = candidate_sites(connection, release.id, question)
    known = known[known["capacity_count"].gt(0).fillna(False) & known["in_region"]]
    asked = CandidateQuestion(str(known.index[0])) if len(known) else None
    try:
        found = measure_exposure(connection, home, question, asked)
    except NotMeasurable as missing:
        return ExposureExample(ExposureFacts(), about, reason=str(missing))
    names = areas(connection, release.id, "buurt", region_only=True)["name"]
    facts = ExposureFacts(_point(found, dict(names)), _area(found), _change(found))
    return ExposureExample(facts, about, found.sources)


def _point(found: Exposure, buurt_names: dict[str, str]) -> NearPoint | None:
    """Of the points with a few known sites near the one with the most residents."""
    for limit in LIMITS_M:
        count, unknown = found.near.site_count[limit], found.near.unknown_site_count[limit]
        for site_count in (2, 3, 1):
            fits = (count == site_count) & (unknown == 0)
            fits &= found.points["buurt_code"].isin(list(buurt_names))
            if fits.any():
                residents = found.points.loc[fits, "resident_count"]
                point = str(residents.idxmax())
                near = found.distance_m[point] <= limit
                return NearPoint(
                    buurt_names[str(found.points.loc[point, "buurt_code"])],
                    float(residents.max()),
                    limit,
                    tuple(int(places) for places in found.sites.loc[near, "capacity_count"]),
                )
    return None


def _area(found: Exposure) -> NearArea | None:
    """The gemeente with the most residents of those with a place near."""
    for limit, table in found.areas.items():
        some = table[table["near_count"] > 0]
        if len(some):
            row = some.sort_values("resident_count", kind="stable").iloc[-1]
            return NearArea(str(row["name"]), limit, row)
    return None


def _change(found: Exposure) -> NearChange | None:
    comparison = found.comparison
    if comparison is None:
        return None
    candidate = comparison.candidate
    return NearChange(candidate.name, candidate.place_count, LIMITS_M[0], comparison.region)
