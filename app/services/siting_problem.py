"""The problem of choosing several sites, from what the database knows; on a connection of staff.

What is there already is counted as everywhere on this site: from what is public. A candidate that
counts there (a plan, when plans count) is taken out of it first, so that it never counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES, SPREADING_BASES, STATUS_GROUPS
from analysis.facility_types import FacilityType
from analysis.siting.near_points import NearPoints
from analysis.siting.problem import SitingProblem, to_candidates
from analysis.spreading.exposure import places_near
from app.services.availability import sources_with_sites
from app.services.candidate_places import CandidatePlace, candidate_places
from app.services.candidate_terms import ALL_ON_MAP
from app.services.exposure import (
    ExposureQuestion,
    NotMeasurable,
    counted_sites,
    metres_on_foot,
    residents_on_foot,
)
from app.services.lists import SourceLine, once
from app.services.place_scores import score_places
from app.services.siting_candidates import possible_sites
from app.services.siting_question import ALL, OF_CHOICE, SitingQuestion
from app.services.siting_sight import visible_sites
from app.services.spreading import QuestionError
from app.services.spreading_weights import Weights, read_weights
from data.queries.choices import candidates, find_choice
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, counted_capacities, sites_on

#: So many candidates are measured to all homes at once, to keep the table of distances small.
AT_ONCE = 200
NO_CANDIDATES = (
    "Er zijn geen kandidaten van de gevraagde soorten waaruit gekozen kan worden. Kies andere "
    "soorten, of voeg locaties in voorbereiding toe."
)


@dataclass(frozen=True, eq=False)
class ReadProblem:
    """The problem, with the places of its candidates, its sources, and what is to be told."""

    problem: SitingProblem
    places: tuple[CandidatePlace, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Reading:
    """What is gathered while the problem is read."""

    connection: Connection
    home: Path
    question: SitingQuestion
    release: Release
    sources: list[SourceLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counted_types(self) -> tuple[FacilityType, ...]:
        """The types of which places count in the fair share."""
        return ALL_ON_MAP if self.question.counts_all_types else self.question.types

    @property
    def statuses(self) -> tuple[str, ...]:
        """The stages of a site that is there already."""
        return PLAN_SCOPES[self.question.plan_scope].statuses


def read_problem(connection: Connection, home: Path, question: SitingQuestion) -> ReadProblem:
    """Everything that the choice rests on; QuestionError, in Dutch, without a candidate."""
    reading = _Reading(connection, home, question, area_release(connection))
    places = _places(reading)
    if not places:
        raise QuestionError("kandidaten", NO_CANDIDATES)
    weights = _weights(reading)
    near = _near(reading, places) if "nabijheid" in question.stages else None
    stages = tuple(key for key in question.stages if key != "nabijheid" or near is not None)
    problem = SitingProblem(
        candidates=_candidates(reading, places),
        gemeenten=weights.table[["name", "weight"]].rename_axis("gemeente_code"),
        existing=_existing(reading, places, weights),
        targets=question.targets,
        least_in_gemeente=question.least_in_gemeente,
        most_in_gemeente=question.most_in_gemeente,
        most_place_count_per_site=question.most_place_count_per_site,
        budget_eur=question.budget_eur,
        forced_in=_keys(places, question.forced_in),
        forced_out=_keys(places, question.forced_out),
        separation=question.separation,
        existing_sites=_existing_sites(reading, places),
        near=near,
        stages=stages,
    )
    return ReadProblem(problem, places, once(reading.sources), tuple(reading.notes))


def _places(reading: _Reading) -> tuple[CandidatePlace, ...]:
    """The candidates of the asked types that are not in use already."""
    question = reading.question
    asked = {*_asked_ids(reading), *question.forced_in, *question.forced_out}
    seen = visible_sites(reading.connection, sorted(asked), question.on)
    if len(seen) < len(asked):
        reading.notes.append(
            f"{len(asked) - len(seen)} van de gevraagde locaties bestaan niet meer, of zijn intern "
            "bij een andere gemeente. Die doen niet mee."
        )
    found = candidate_places(reading.connection, sorted(seen), question.on)
    types = {kind.key for kind in question.types}
    open_places = [place for place in found if place.type.key in types and _is_open(place)]
    return tuple(open_places)


def _is_open(place: CandidatePlace) -> bool:
    groups = (STATUS_GROUPS["in_use"], STATUS_GROUPS["ended"])
    return place.status is None or place.status.group not in groups


def _asked_ids(reading: _Reading) -> Iterable[int]:
    question = reading.question
    if question.source == OF_CHOICE:
        choice = find_choice(reading.connection, question.choice_id or 0)
        of_choice = candidates(reading.connection, choice.id)
        return [line.site_id for line in of_choice if line.dropped_on is None]
    if question.source == ALL:
        types = set(question.types)
        sites = possible_sites(reading.connection, question.on)
        return [site.id for site in sites if site.type in types]
    return question.site_ids


def _candidates(reading: _Reading, places: Sequence[CandidatePlace]) -> pd.DataFrame:
    access = _access(reading, places)
    return to_candidates(
        pd.DataFrame(
            {
                "name": [place.name for place in places],
                "type": [place.type.key for place in places],
                "gemeente_code": [place.gemeente_code or "" for place in places],
                "place_count": [place.place_count or None for place in places],
                "access": [access[place.key] for place in places],
                "cost_eur": [place.cost_eur for place in places],
                "x_m": [place.x_m for place in places],
                "y_m": [place.y_m for place in places],
            },
            index=pd.Index([str(place.key) for place in places], dtype="object"),
        )
    )


def _access(reading: _Reading, places: Sequence[CandidatePlace]) -> dict[int | str, float]:
    """The access score of each candidate by the whole profile of its type; NaN unknown.

    What should be near counts, and so does what should be far: both are what the type asks.
    """
    found: dict[int | str, float] = {}
    for kind in reading.question.types:
        own = [place for place in places if place.type == kind]
        if not own:
            continue
        scored, sources = score_places(
            reading.connection, reading.home, reading.release.id, _at(own), kind
        )
        reading.sources += sources
        found |= {place.key: _number(scored.loc[place.key, "score"]) for place in own}
    return found


def _number(value: Any) -> float:
    return nan if pd.isna(value) else float(value)


def _weights(reading: _Reading) -> Weights:
    """The base of every gemeente."""
    question = reading.question
    found = read_weights(
        reading.connection,
        reading.release.id,
        "gemeente",
        SPREADING_BASES[question.base],
        reading.counted_types,
        question.on,
    )
    reading.sources += [
        SourceLine("gebieden", "Gebieden en inwoners", reading.release),
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(reading.connection, reading.release.id)
        ),
    ]
    if found.task_release is not None:
        reading.sources.append(SourceLine("opgave", "Opgave", found.task_release))
    return found


def _existing(
    reading: _Reading, places: Sequence[CandidatePlace], weights: Weights
) -> pd.DataFrame:
    """The places of every counted type by gemeente, without the candidates; NaN unknown."""
    codes = weights.table.index
    ids = [place.key for place in places if isinstance(place.key, int)]
    columns = {}
    for kind in reading.counted_types:
        asked = (reading.release.id, "gemeente", reading.question.on, [kind.key], reading.statuses)
        counts = capacity_by_area(reading.connection, *asked).reindex(codes)  # type: ignore[arg-type]
        own = counted_capacities(reading.connection, *asked, ids)  # type: ignore[arg-type]
        unknown = counts["unknown_capacity_site_count"].astype("float64")
        known = counts["capacity_count"].astype("float64")
        for code, capacity in zip(own["area_code"], own["capacity_count"], strict=True):
            if pd.isna(capacity):
                unknown[code] -= 1
            else:
                known[code] -= float(capacity)
        columns[kind.key] = known.mask(unknown > 0)
    return pd.DataFrame(columns, index=codes).rename_axis("gemeente_code")


def _existing_sites(reading: _Reading, places: Sequence[CandidatePlace]) -> pd.DataFrame:
    """The public sites that count already, where a new one may come too near."""
    found = sites_on(
        reading.connection,
        reading.release.id,
        reading.question.on,
        [kind.key for kind in reading.counted_types],
        reading.statuses,
    )
    others = _others(found, places)
    table = others[["name", "x_m", "y_m"]].astype({"x_m": "float64", "y_m": "float64"})
    return table.set_axis(pd.Index([str(key) for key in table.index], dtype="object", name="site"))


def _others(sites: pd.DataFrame, places: Sequence[CandidatePlace]) -> pd.DataFrame:
    """The sites that are no candidates."""
    taken = [place.key for place in places]
    return sites.loc[~sites.index.isin(taken)]


def _near(reading: _Reading, places: Sequence[CandidatePlace]) -> NearPoints | None:
    """Which homes have which candidate within reach on foot; None when nobody can tell."""
    question = reading.question
    try:
        residents = residents_on_foot(reading.connection, reading.home, reading.release.id)
    except NotMeasurable as missing:
        reading.notes.append(f"Plekken dicht bij huis zijn niet te meten. {missing}")
        return None
    reading.sources += sources_with_sites(reading.connection, reading.release, residents)
    asked = ExposureQuestion(
        reading.counted_types,
        question.on,
        PLAN_SCOPES[question.plan_scope],
        "buurt",
        (question.radius_m,),
    )
    sites, _ = counted_sites(reading.connection, reading.release.id, residents, asked)
    others = _others(sites, places)
    dark = residents.points.index[residents.stops.is_far]
    there = places_near(
        metres_on_foot(residents, others),
        others["capacity_count"],
        (question.radius_m,),
        unmeasured=dark,
    )
    is_near = _is_near(residents, places, question.radius_m)
    lived_in = (residents.points["resident_count"] > 0).to_numpy() & ~residents.stops.is_far
    counts = there.place_count[question.radius_m].to_numpy(dtype="float64")
    kept = lived_in & (is_near.any(axis=1) | (np.nan_to_num(counts) > 0))
    index = pd.Index([str(key) for key in residents.points.index[kept]], name="point")
    vague = there.unknown_site_count[question.radius_m].to_numpy(dtype="float64")[kept] > 0
    if far := int(_far_count(residents, places)):
        reading.notes.append(
            f"Van {far} kandidaten is niet te meten wie er dichtbij woont: zij liggen te ver van "
            "een straat. Daar telt niemand."
        )
    return NearPoints(
        question.radius_m,
        pd.Series(counts[kept].astype("int64"), index=index),
        pd.Series(vague, index=index),
        sparse.csr_array(is_near[kept].astype("int64")),
    )


def _far_count(residents: Any, places: Sequence[CandidatePlace]) -> int:
    at = _at(places)
    return int(residents.snap(at["x_m"], at["y_m"]).is_far.sum())


def _at(places: Sequence[CandidatePlace]) -> pd.DataFrame:
    return pd.DataFrame(
        {"x_m": [place.x_m for place in places], "y_m": [place.y_m for place in places]},
        index=pd.Index([place.key for place in places], dtype="object"),
    )


def _is_near(residents: Any, places: Sequence[CandidatePlace], radius_m: float) -> np.ndarray:
    """A row a point, a column a candidate: whether it is within the radius on foot."""
    at = _at(places)
    parts = [
        (metres_on_foot(residents, at.iloc[start : start + AT_ONCE]).to_numpy() <= radius_m).T
        for start in range(0, len(at), AT_ONCE)
    ]
    return np.hstack(parts)


def _keys(places: Sequence[CandidatePlace], site_ids: Iterable[int]) -> tuple[str, ...]:
    known = {place.key for place in places}
    return tuple(str(site_id) for site_id in site_ids if site_id in known)
