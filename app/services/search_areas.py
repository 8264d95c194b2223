"""The search areas of a type: the squares of the region tested, with the task beside what is there.

Answers are kept in this process under the deliveries, sites and conditions that they rest on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.access.profiles import ACCESS_PROFILES, AccessProfile
from analysis.domain import PLAN_SCOPES, PlanScope
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.search_areas.areas import SearchAreas, find_search_areas
from analysis.search_areas.assessment import RegionFacts
from analysis.search_areas.conditions import CONDITIONS, GEMEENTE_CHOICES, Conditions
from app.numbers import to_dutch
from app.services.lists import SourceLine
from app.services.search_facts import (
    CellTravel,
    RegionGround,
    cell_places,
    cell_travel,
    region_ground,
)
from app.services.shelf import Shelf, content_key
from app.services.spreading import OPENING, QuestionError, answer, find_word, read_question
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release

#: Some megabytes each.
_MOST_KEPT = 8
_shelf = Shelf(_MOST_KEPT)
#: Decided places count as well: they will be there.
PLAN_SCOPE = "besloten"


@dataclass(frozen=True)
class SearchQuestion:
    """Which type, under which conditions; places of which stages count, and on which date."""

    type: FacilityType
    conditions: Conditions
    on: dt.date
    plan_scope: PlanScope

    @property
    def profile(self) -> AccessProfile:
        """What the type asks of its surroundings."""
        return ACCESS_PROFILES[self.type.key]


@dataclass(frozen=True, eq=False)
class SearchAnswer:
    """The search areas, the ground that they lie on, and where everything comes from."""

    question: SearchQuestion
    found: SearchAreas
    region: RegionGround
    travel: CellTravel
    release: Release
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in self.sources)

    def name_of(self, area_code: object) -> str:
        """The name of a gemeente or wijk of the region; "" when there is none."""
        return str(self.region.names["name"].get(str(area_code), ""))


def read_search_question(
    type_word: str,
    on: dt.date,
    words: Mapping[str, str] | None = None,
    plan_scope: str = PLAN_SCOPE,
) -> SearchQuestion:
    """The question that these words ask; QuestionError, in Dutch, names the word that is wrong.

    ``words`` has texts by the names of the conditions; what is not there is as we start.
    """
    return SearchQuestion(
        read_type(type_word),
        read_conditions(words or {}),
        on,
        find_word(PLAN_SCOPES, "plannen", plan_scope),
    )


def read_type(word: str) -> FacilityType:
    """The one type on the map that this word means."""
    try:
        kind = FACILITY_TYPES.find(word)
    except UnknownEntryError:
        kind = find_word(FACILITY_TYPES, "soort", word)
    if not kind.recorded.on_map:
        raise QuestionError("soort", f"{kind.label}: {kind.recorded.explanation}")
    return kind


def read_conditions(words: Mapping[str, str]) -> Conditions:
    """The conditions that these texts ask, whole numbers all; an empty text is no limit."""
    asked: dict[str, Any] = {
        entry.key: _number(entry.key, words[entry.key])
        for entry in CONDITIONS
        if entry.key in words
    }
    if "aandeel" in words:
        asked["aandeel"] = find_word(GEMEENTE_CHOICES, "aandeel", words["aandeel"]).key
    return Conditions(**asked)


def _number(key: str, word: str) -> int | None:
    condition = CONDITIONS[key]
    text = word.strip()
    if not text and condition.is_optional:
        return None
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(condition.most))
    if not is_whole or not condition.least <= int(text) <= condition.most:
        or_empty = ", of laat het leeg" if condition.is_optional else ""
        raise QuestionError(
            key,
            f"{condition.label}: geef een heel getal van {to_dutch(condition.least)} tot en met "
            f"{to_dutch(condition.most)}{or_empty}.",
        )
    return int(text)


def search_areas(connection: Connection, home: Path, question: SearchQuestion) -> SearchAnswer:
    """The search areas that are asked for. NoStreets without streets; NotFound without areas."""
    release = area_release(connection)
    region = region_ground(connection, release)
    travel = cell_travel(connection, home, release, question.profile.mode)
    places = cell_places(connection, home, release, question.on, question.plan_scope)
    verdicts = _verdicts(connection, question)
    keys = [entry.key for entry in question.profile.criteria]

    def make() -> SearchAreas:
        facts = RegionFacts(
            question.profile,
            region.ground,
            travel.minutes[keys],
            travel.reasons[keys],
            places.place_count,
            places.unknown_site_count,
            verdicts,
        )
        return find_search_areas(facts, question.conditions)

    key = content_key(
        connection,
        *(question.type.key, question.conditions, region.key, travel.key, places.key),
        verdicts.to_frame(),
    )
    return SearchAnswer(
        question,
        _shelf.keep(key, make),
        region,
        travel,
        release,
        sources=_sources(connection, release, region, travel),
    )


def _verdicts(connection: Connection, question: SearchQuestion) -> pd.Series:
    """What each gemeente has of this type against its fair share by residents."""
    asked = read_question(
        [question.type.key], "gemeente", question.on, OPENING["basis"], question.plan_scope.key
    )
    return answer(connection, asked).spreading.table["verdict"]


def _sources(
    connection: Connection, release: Release, region: RegionGround, travel: CellTravel
) -> tuple[SourceLine, ...]:
    return (
        *travel.sources,
        *region.sources,
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    )
