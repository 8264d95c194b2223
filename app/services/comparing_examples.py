"""Some public plans compared with one another, for the examples of the method pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.comparing.criteria import PRESETS
from analysis.comparing.model import Comparison, compare, weights_of
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services.candidate_facts import MeasuredCandidates, measure_candidates
from app.services.candidate_places import public_places
from app.services.candidate_terms import ALL_ON_MAP, MeasuringTerms
from app.services.lists import SourceLine
from data.queries.releases import area_release
from data.queries.sites import sites_on

#: The weights of the example, and the most plans in it.
PRESET, MOST_PLANS = PRESETS["start"], 6
TOO_FEW = "Er zijn geen twee openbare plannen van dezelfde soort om te vergelijken."
TOO_LITTLE = "Van de openbare plannen is te weinig bekend om ze te vergelijken."


@dataclass(frozen=True, eq=False)
class ComparingExample:
    """A comparison, what it is about and whose data it rests on; or why there is none."""

    comparison: Comparison | None
    about: str = ""
    sources: tuple[SourceLine, ...] = ()
    reason: str = TOO_FEW


def comparing_example(connection: Connection, home: Path, on: dt.date) -> ComparingExample:
    """The public plans of the type with most of them, by the criteria that are public.

    What a gemeente wrote down in its closer look is not: those criteria have no points here.
    """
    kind, ids = _plans(connection, on)
    if kind is None or len(ids) < 2:
        return ComparingExample(None)
    places = public_places(connection, ids[:MOST_PLANS], on)
    found = measure_candidates(connection, home, MeasuringTerms(kind, on), places)
    points = _known_points(found, kind)
    if not any(points.values()):
        return ComparingExample(None, reason=TOO_LITTLE)
    about = (
        f"Openbare plannen voor {kind.label}, met de punten ‘{PRESET.label}’ op wat openbaar "
        "bekend is"
    )
    return ComparingExample(compare(found.facts, weights_of(points)), about, found.sources)


def _plans(connection: Connection, on: dt.date) -> tuple[FacilityType | None, list[int]]:
    """The type with the most public plans in the region, and those by their name."""
    rows = sites_on(connection, area_release(connection).id, on)
    plans = [key for key in SITE_STATUSES.keys if SITE_STATUSES[key].group.key == "plan"]
    of_map = [entry.key for entry in ALL_ON_MAP]
    rows = rows[rows["status"].isin(plans) & rows["type"].isin(of_map) & rows["in_region"]]
    if rows.empty:
        return None, []
    counts = rows["type"].value_counts()
    most = min(str(key) for key in counts[counts == counts.max()].index)
    chosen = rows[rows["type"] == most].sort_values(["name"], kind="stable")
    return FACILITY_TYPES[most], [int(key) for key in chosen.index]


def _known_points(found: MeasuredCandidates, kind: FacilityType) -> dict[str, float]:
    """The points of the preset, none on a criterion that is unknown of any of them."""
    is_known: pd.Series = found.facts.raw.notna().all()
    return {
        key: float(points) if is_known[key] else 0.0
        for key, points in PRESET.points_of(kind).items()
    }
