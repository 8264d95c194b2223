"""A place that somebody proposes, tested at once, as a search area and as a candidate.

What can't be known is told with its reason, never filled in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from analysis.access.profiles import ACCESS_PROFILES
from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.search_areas.assessment import RegionFacts, assess_cells
from analysis.search_areas.conditions import Conditions
from analysis.search_areas.grid import CELL_M
from analysis.search_areas.ground import Ground, measure_ground
from app.fault_log import note_fault
from app.services.candidate_facts import MeasuredCandidates, MeasuringTerms, measure_candidates
from app.services.candidate_places import CandidatePlace, free_place, public_places
from app.services.lists import SourceLine, once
from app.services.place_test_words import told_test
from app.services.search_areas import PLAN_SCOPE
from app.services.search_facts import RegionGround, places_around, region_ground
from app.services.spreading import OPENING, answer, read_question
from app.services.travel import access_frames
from data.queries.places import areas_at
from data.queries.releases import area_release
from data.queries.streets import NoStreets

#: What the proposed place is called among the candidates.
PROPOSED = "voorstel"
#: So many sites of the track at most stand beside it.
MOST_BESIDE = 4


@dataclass(frozen=True, eq=False)
class TestedPlace:
    """What was found of a proposed place; ``cell`` is the row of ``assess_cells``, None outside.

    ``type`` is None when the track is about no type on the map: then only the ground is tested.
    ``unknown_ways`` are the criteria of the profile to which the way is not known; ``is_far`` when
    the place is too far from a street to measure at all.
    """

    x_m: float
    y_m: float
    on: dt.date
    type: FacilityType | None
    is_area: bool
    where: str
    ground: Ground | None
    uses: tuple[str, ...]
    conditions: Conditions
    cell: pd.Series | None
    unknown_ways: tuple[str, ...]
    is_far: bool
    measured: MeasuredCandidates | None
    counted_as: CandidatePlace | None
    sources: tuple[SourceLine, ...]


def try_place(
    connection: Connection,
    home: Path,
    geom: BaseGeometry,
    type_key: str | None,
    site_ids: Sequence[int],
    on: dt.date,
) -> dict[str, Any] | None:
    """The test in words (see ``told_test``), or None when it can't be made now.

    A fault of ours never keeps anybody from sending: it is written down, and the test follows.
    """
    try:
        with connection.begin_nested():
            return told_test(tested_place(connection, home, geom, type_key, site_ids, on))
    except Exception as error:
        note_fault(error)
        return None


def tested_place(
    connection: Connection,
    home: Path,
    geom: BaseGeometry,
    type_key: str | None,
    site_ids: Sequence[int],
    on: dt.date,
) -> TestedPlace:
    """Test a point, or the middle of an area (RD), beside these sites as far as public.

    The first of the sites is what the track is about: the place is measured with as many places.
    """
    point = geom.representative_point()
    release = area_release(connection)
    region = region_ground(connection, release)
    kind = _type(type_key)
    around = areas_at(connection, release.id, point.x, point.y)
    is_inside = "gemeente" in around and around["gemeente"].area_code in region.names.index
    ground = _ground(region, point, {level: one.area_code for level, one in around.items()})
    found = TestedPlace(
        point.x,
        point.y,
        on,
        kind,
        is_area=geom.geom_type != "Point",
        where=", ".join(around[level].name for level in ("wijk", "gemeente") if level in around),
        ground=ground if is_inside else None,
        uses=_uses_at(region, point),
        conditions=Conditions(),
        cell=None,
        unknown_ways=(),
        is_far=False,
        measured=None,
        counted_as=None,
        sources=region.sources,
    )
    if not is_inside or kind is None:
        return found
    return _measured(connection, home, found, site_ids)


def _measured(
    connection: Connection, home: Path, found: TestedPlace, site_ids: Sequence[int]
) -> TestedPlace:
    """The same with its travel times, the places near, and the candidates beside it."""
    assert found.type is not None
    beside = public_places(connection, site_ids, found.on)[:MOST_BESIDE]
    known = next((place for place in beside if place.place_count), None)
    count = known.place_count if known else None
    own = free_place(connection, PROPOSED, "Deze plek", found.type, found.x_m, found.y_m, count)
    terms = MeasuringTerms(found.type, found.on)
    measured = measure_candidates(connection, home, terms, (own, *beside))
    facts = _facts(connection, home, found, measured)
    unknown = facts.minutes.columns[facts.minutes.iloc[0].isna()]
    return replace(
        found,
        cell=assess_cells(facts, found.conditions).iloc[0],
        unknown_ways=tuple(map(str, unknown)),
        is_far=measured.travel.points[PROPOSED].is_far,
        measured=measured,
        counted_as=known,
        sources=once((*measured.sources, *found.sources)),
    )


def _facts(
    connection: Connection, home: Path, found: TestedPlace, measured: MeasuredCandidates
) -> RegionFacts:
    """The one square around the place, as the squares of the search areas are known."""
    assert found.type is not None
    assert found.ground is not None
    profile, cells = ACCESS_PROFILES[found.type.key], found.ground.cells
    keys = [entry.key for entry in profile.criteria]
    frames = access_frames({PROPOSED: measured.travel.points[PROPOSED]})
    minutes = frames.minutes[keys].set_axis(cells.index)
    reasons = frames.reasons[keys].set_axis(cells.index)
    places, unknown_sites = _places_near(connection, home, found.on, cells)
    return RegionFacts(
        profile,
        found.ground,
        minutes,
        reasons.where(minutes.isna()),
        places,
        unknown_sites,
        _verdicts(connection, found),
    )


def _places_near(
    connection: Connection, home: Path, on: dt.date, cells: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """The places within walking distance; unknown as long as no streets are loaded."""
    scope = PLAN_SCOPES[PLAN_SCOPE]
    try:
        return places_around(connection, home, area_release(connection), on, scope, cells)
    except NoStreets:
        unknown = pd.Series(np.nan, index=cells.index)
        return unknown, unknown.copy()


def _verdicts(connection: Connection, found: TestedPlace) -> pd.Series:
    """What each gemeente has of this type against its fair share by residents."""
    assert found.type is not None
    asked = read_question([found.type.key], "gemeente", found.on, OPENING["basis"], PLAN_SCOPE)
    return answer(connection, asked).spreading.table["verdict"]


def _ground(region: RegionGround, point: shapely.Point, areas: dict[Any, str]) -> Ground:
    """The square of 100 m in which the place lies, with the place itself as its middle."""
    column, row = int(point.x // CELL_M), int(point.y // CELL_M)
    cells = pd.DataFrame(
        {
            "column": np.array([column], dtype=np.int64),
            "row": np.array([row], dtype=np.int64),
            "x_m": [point.x],
            "y_m": [point.y],
            "gemeente_code": [areas.get("gemeente")],
            "wijk_code": [areas.get("wijk", pd.NA)],
        },
        index=pd.Index([PROPOSED], name="cell_code", dtype="object"),
    )
    square = shapely.box(column * CELL_M, row * CELL_M, (column + 1) * CELL_M, (row + 1) * CELL_M)
    near = region.uses.iloc[np.sort(region.uses.sindex.query(square, predicate="intersects"))]
    return measure_ground(cells, near, region.region)


def _uses_at(region: RegionGround, point: shapely.Point) -> tuple[str, ...]:
    """The kinds of ground at the place itself."""
    at = region.uses.sindex.query(point, predicate="intersects")
    return tuple(sorted(set(region.uses["kind"].iloc[at])))


def _type(key: str | None) -> FacilityType | None:
    if key is None or key not in FACILITY_TYPES:
        return None
    kind = FACILITY_TYPES[key]
    return kind if kind.recorded.on_map else None
