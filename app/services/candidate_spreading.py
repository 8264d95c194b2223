"""What candidates do with the spread over areas, and with the number of places near homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.comparing.evenness_effect import evenness_effect
from analysis.comparing.places_nearby import places_nearby
from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.spreading import exposure as exposure_measures
from analysis.spreading import hoover
from analysis.spreading.exposure import places_near
from app.numbers import to_dutch
from app.services.availability import sources_with_sites
from app.services.candidate_cells import Cell, evidence_of, unknown
from app.services.candidate_findings import why_no_places
from app.services.candidate_places import CandidatePlace
from app.services.candidate_terms import MeasuringTerms
from app.services.exposure import (
    ExposureQuestion,
    NotMeasurable,
    counted_sites,
    metres_on_foot,
    residents_on_foot,
)
from app.services.lists import SourceLine
from app.services.residents import Floats, Residents
from app.services.spreading import LEVELS
from app.services.spreading_weights import Weights, read_weights
from app.services.travel_point import far_from_street
from data.queries.counts import site_releases
from data.queries.places import AreaOfPlace
from data.queries.releases import Release
from data.queries.sites import capacity_by_area, counted_capacities
from geo.frames import Level

#: So many candidates are measured to all homes at once, to keep the table of distances small.
AT_ONCE = 200
OUTSIDE_REGION = "Deze plek ligt buiten de regio. Zij telt niet mee in de verdeling."
NO_OTHERS = "Zonder deze plekken zijn er geen plekken om te verdelen."
VAGUE_NEAR = "Dicht bij deze woningen is een locatie waarvan het aantal plekken niet bekend is."
PER_BUURT = "Waar de woningen precies staan is niet bekend: wij rekenen met één punt per buurt."
NOBODY = "Er woont niemand binnen {limit} meter lopen."
DARK_NEAR = (
    "Van {people} vlakbij weten wij de loopafstand niet: hun woning ligt te ver van een straat."
)
DARK_TOO = "Van {people} vlakbij weten wij de loopafstand niet."
NEAR = "Binnen {limit} meter lopen {verb} {people}. De plekken van deze locatie zitten erin."


def evenness_cells(
    connection: Connection,
    release: Release,
    terms: MeasuringTerms,
    places: Sequence[CandidatePlace],
    areas: Sequence[dict[Level, AreaOfPlace]],
) -> tuple[list[Cell], tuple[SourceLine, ...]]:
    """Verdeling: the change of the Hoover index by each candidate on its own."""
    base = SPREADING_BASES[terms.base]
    weights = read_weights(connection, release.id, terms.level, base, terms.counted_types, terms.on)
    scope = [entry.key for entry in terms.counted_types], PLAN_SCOPES[terms.plan_scope].statuses
    counts = capacity_by_area(connection, release.id, terms.level, terms.on, *scope)
    ids = [place.key for place in places if isinstance(place.key, int)]
    own = counted_capacities(connection, release.id, terms.level, terms.on, *scope, ids)
    lines = _evenness_sources(connection, release, weights)
    evidence = evidence_of(lines, hoover.MEASURE.slug)
    cells = []
    for place, around in zip(places, areas, strict=True):
        area = around.get(terms.level)
        without = counts
        if place.key in own.index:
            without = _without(counts, own.loc[place.key])
        if area is None or area.area_code not in counts.index:
            cells.append(unknown(OUTSIDE_REGION, evidence))
        else:
            raw, reason, note = _evenness(terms, place, area, without, weights.table)
            cells.append(Cell(raw, evidence, reason, note))
    return cells, lines


def _evenness_sources(
    connection: Connection, release: Release, weights: Weights
) -> tuple[SourceLine, ...]:
    of_task = () if weights.task_release is None else (weights.task_release,)
    return (
        SourceLine("gebieden", "Gebieden", release),
        *(SourceLine("opgave", "Opgave", entry) for entry in of_task),
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    )


def _without(counts: pd.DataFrame, own: Any) -> pd.DataFrame:
    """The counts without a site that is among them."""
    found, area = counts.copy(), own["area_code"]
    if pd.isna(own["capacity_count"]):
        found.loc[area, "unknown_capacity_site_count"] -= 1
    else:
        found.loc[area, "capacity_count"] -= int(own["capacity_count"])
    return found


def _evenness(
    terms: MeasuringTerms,
    place: CandidatePlace,
    area: AreaOfPlace,
    counts: pd.DataFrame,
    table: pd.DataFrame,
) -> tuple[float, str | None, str | None]:
    """Raw value, reason and note of one candidate in an area of the region."""
    vague_count = int(counts["unknown_capacity_site_count"].sum())
    if not place.place_count:
        return float("nan"), why_no_places(place), None
    if vague_count:
        return float("nan"), _vague(vague_count), None
    weights = table["weight"].reindex(counts.index)
    if pd.isna(weights[area.area_code]):
        reason: Any = table.loc[area.area_code, "weight_reason"]
        return float("nan"), f"{area.name}: {reason or 'geen cijfer.'}", None
    found = evenness_effect(counts["capacity_count"], weights, area.area_code, place.place_count)
    if isnan(found.effect):
        return float("nan"), NO_OTHERS, None
    return found.effect, None, _evenness_note(terms, found.before, found.after, weights)


def _evenness_note(terms: MeasuringTerms, before: float, after: float, weights: pd.Series) -> str:
    level = LEVELS[terms.level]
    told = [
        f"Hoover-index over {level.plural}: {to_dutch(before, 3, all_decimals=True)} zonder deze "
        f"plekken, {to_dutch(after, 3, all_decimals=True)} ermee."
    ]
    if left_out := int(weights.isna().sum()):
        noun = level.label if left_out == 1 else level.plural
        told.append(f"{to_dutch(left_out)} {noun} zonder cijfer telt niet mee.")
    return " ".join(told)


def _vague(count: int) -> str:
    if count == 1:
        return "Van 1 locatie in de regio is het aantal plekken niet bekend."
    return f"Van {to_dutch(count)} locaties in de regio is het aantal plekken niet bekend."


def nearby_cells(
    connection: Connection,
    home: Path,
    release: Release,
    terms: MeasuringTerms,
    places: Sequence[CandidatePlace],
    limits_m: Sequence[float],
) -> tuple[dict[float, list[Cell]], tuple[SourceLine, ...]]:
    """Nabijheid: the highest number of places near a home that gets the candidate near.

    For each limit, in metres, from near to far. Without streets or residents nothing is known,
    and the reason is that of the exposure.
    """
    try:
        residents = residents_on_foot(connection, home, release.id)
    except NotMeasurable as missing:
        lines = _evenness_sources(connection, release, Weights(pd.DataFrame()))
        evidence = evidence_of(lines, exposure_measures.PLACES.slug)
        return {
            limit: [unknown(str(missing), evidence) for _ in places] for limit in limits_m
        }, lines
    lines = sources_with_sites(connection, release, residents)
    evidence = evidence_of(lines, exposure_measures.PLACES.slug)
    others = _others(connection, release, terms, residents, limits_m)
    cells: dict[float, list[Cell]] = {limit: [] for limit in limits_m}
    for start in range(0, len(places), AT_ONCE):
        part = places[start : start + AT_ONCE]
        for limit, found in _nearby(others, part).items():
            cells[limit] += [Cell(raw, evidence, reason, note) for raw, reason, note in found]
    return cells, lines


@dataclass(frozen=True, eq=False)
class _Others:
    """What every home has near of the sites that count, by limit, and the metres behind it."""

    residents: Residents
    sites: pd.DataFrame
    distance_m: pd.DataFrame
    near: dict[float, pd.DataFrame]

    def without(self, key: int | str, limit_m: float) -> pd.DataFrame:
        """The same for the others, when this one is among them."""
        near = self.near[limit_m]
        if key not in self.sites.index:
            return near
        metres: Any = self.distance_m.loc[key]
        is_near = (metres <= limit_m).astype("float64")
        capacity: Any = self.sites.loc[key, "capacity_count"]
        if pd.isna(capacity):
            return near.assign(unknown_site_count=near["unknown_site_count"] - is_near)
        return near.assign(place_count=near["place_count"] - float(capacity) * is_near)


def _others(
    connection: Connection,
    release: Release,
    terms: MeasuringTerms,
    residents: Residents,
    limits_m: Sequence[float],
) -> _Others:
    question = ExposureQuestion(
        terms.counted_types, terms.on, PLAN_SCOPES[terms.plan_scope], "buurt", tuple(limits_m)
    )
    sites, _ = counted_sites(connection, release.id, residents, question)
    distance_m = metres_on_foot(residents, sites)
    dark = residents.points.index[residents.stops.is_far]
    found = places_near(distance_m, sites["capacity_count"], limits_m, unmeasured=dark)
    near = {
        limit: pd.DataFrame(
            {
                "place_count": found.place_count[limit],
                "unknown_site_count": found.unknown_site_count[limit],
            }
        )
        for limit in limits_m
    }
    return _Others(residents, sites, distance_m, near)


def _nearby(
    others: _Others, places: Sequence[CandidatePlace]
) -> dict[float, list[tuple[float, str | None, str | None]]]:
    """Raw value, reason and note of each candidate, by limit."""
    residents = others.residents
    at = pd.DataFrame(
        {"x_m": [place.x_m for place in places], "y_m": [place.y_m for place in places]},
        index=pd.Index([place.key for place in places], dtype="object"),
    )
    metres = metres_on_foot(residents, at).to_numpy()
    stops = residents.snap(at["x_m"], at["y_m"])
    why = [
        far_from_street(float(apart_m)) if is_far else None
        for is_far, apart_m in zip(stops.is_far, stops.distance_m, strict=True)
    ]
    return {
        limit: [
            (float("nan"), reason, None) if reason else _near_one(others, place, row, limit)
            for place, row, reason in zip(places, metres, why, strict=True)
        ]
        for limit in others.near
    }


def _near_one(
    others: _Others, place: CandidatePlace, metres: Floats, limit_m: float
) -> tuple[float, str | None, str | None]:
    residents, count = others.residents, place.place_count or None
    people = residents.points["resident_count"]
    found = places_nearby(others.without(place.key, limit_m), people, metres, count, limit_m)
    dark_count = _unmeasured_near(residents, place, limit_m)
    if found.resident_count == 0 and dark_count:
        return float("nan"), DARK_NEAR.format(people=_people(dark_count)), None
    note = _nearby_note(residents, found.resident_count, dark_count, limit_m)
    if isnan(found.most_count):
        return found.most_count, why_no_places(place) if count is None else VAGUE_NEAR, note
    return found.most_count, None, note


def _unmeasured_near(residents: Residents, place: CandidatePlace, limit_m: float) -> float:
    """Who lives within the limit as the crow flies and too far from a street to measure."""
    dark = residents.points[residents.stops.is_far]
    apart_m = np.hypot(dark.geometry.x - place.x_m, dark.geometry.y - place.y_m)
    return float(dark["resident_count"][apart_m <= limit_m].sum())


def _nearby_note(
    residents: Residents, resident_count: float, dark_count: float, limit_m: float
) -> str:
    limit = to_dutch(limit_m)
    if resident_count == 0:
        told = [NOBODY.format(limit=limit)]
    else:
        verb = "woont" if round(resident_count) == 1 else "wonen"
        told = [NEAR.format(limit=limit, verb=verb, people=_people(resident_count))]
    if dark_count:
        told.append(DARK_TOO.format(people=_people(dark_count)))
    if residents.population.basis == "buurtpunten":
        told.append(PER_BUURT)
    return " ".join(told)


def _people(count: float) -> str:
    return "1 inwoner" if round(count) == 1 else f"{to_dutch(count)} inwoners"
