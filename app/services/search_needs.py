"""The task of each type beside what there is and what is planned: how much is still to be found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services.area_list import SHOWN_TYPES
from app.services.area_profile import Places
from app.services.lists import SourceLine
from app.services.type_counts import LIVING_GROUPS, GemeenteCount, places_of, type_profile
from data.queries.areas import areas
from data.queries.counts import capacity_by_type, site_releases
from data.queries.releases import Release, area_release
from data.queries.tasks import task_by_type, task_release

#: The stages that count: in use, decided, in preparation.
STAGE_KEYS = LIVING_GROUPS


@dataclass(frozen=True)
class Need:
    """Places of a type that are needed, in use, decided and in preparation.

    ``asked_count`` adds up what gemeenten filled in; ``silent`` names those that did not (all of
    them: then nothing is known). ``stages`` is by the key of a group of stages.
    """

    name: str
    asked_count: int
    silent: tuple[str, ...]
    is_known: bool
    stages: dict[str, Places]

    @property
    def coming(self) -> Places:
        """What is decided or in preparation."""
        return self.stages["decided"] + self.stages["plan"]

    @property
    def still_count(self) -> int | None:
        """Places needed beyond what is in use or decided; None when a number is not known."""
        here = self.stages["in_use"] + self.stages["decided"]
        if not self.is_known or self.silent or here.unknown_site_count:
            return None
        return max(0, self.asked_count - here.place_count)


@dataclass(frozen=True)
class TypeNeed:
    """The need for one type."""

    type: FacilityType
    need: Need


@dataclass(frozen=True)
class NeedOverview:
    """The need for every type in the region on a date."""

    on: dt.date
    types: tuple[TypeNeed, ...]
    release: Release
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class TypeNeeds:
    """The need for one type: in the region, and in each gemeente."""

    region: Need
    gemeenten: tuple[Need, ...]
    sources: tuple[SourceLine, ...]


def need_overview(connection: Connection, on: dt.date) -> NeedOverview:
    """What is needed, there and planned of every type on the map."""
    release = area_release(connection)
    names = areas(connection, release.id, "gemeente", region_only=True)["name"]
    asked = task_by_type(connection, release.id, SHOWN_TYPES, on)
    counted = capacity_by_type(connection, release.id, list(names.index), on)
    group = counted["status"].map(lambda key: SITE_STATUSES[key].group.key)

    def need(key: str) -> Need:
        of_type = counted["type"] == key
        stages = {name: places_of(counted[of_type & (group == name)]) for name in LIVING_GROUPS}
        return _need("de regio", asked[key], names, stages)

    return NeedOverview(
        on,
        tuple(TypeNeed(FACILITY_TYPES[key], need(key)) for key in SHOWN_TYPES),
        release,
        _sources(connection, release),
    )


def type_needs(connection: Connection, kind: FacilityType, on: dt.date) -> TypeNeeds:
    """What is needed, there and planned of one type, by gemeente."""
    profile = type_profile(connection, kind, on)
    asked = task_by_type(connection, profile.release.id, [kind.key], on)[kind.key]
    names = pd.Series({entry.area_code: entry.name for entry in profile.gemeenten})
    total = {key: profile.total(key) for key in LIVING_GROUPS}
    return TypeNeeds(
        _need("de regio", asked, names, total),
        tuple(_of_gemeente(entry, asked, names) for entry in profile.gemeenten),
        _sources(connection, profile.release),
    )


def _of_gemeente(entry: GemeenteCount, asked: pd.Series, names: pd.Series) -> Need:
    return _need(entry.name, asked.loc[[entry.area_code]], names, entry.stages)


def _need(name: str, asked: pd.Series, names: pd.Series, stages: dict[str, Places]) -> Need:
    silent = tuple(sorted(names.loc[asked.index[asked.isna()]]))
    return Need(name, int(asked.sum()), silent, bool(asked.notna().any()), stages)


def _sources(connection: Connection, release: Release) -> tuple[SourceLine, ...]:
    task = task_release(connection, release.id)
    found: Sequence[Release] = site_releases(connection, release.id)
    return (
        *([SourceLine("opgave", "Opgave", task)] if task else []),
        *(SourceLine("locaties", "Locaties en plekken", entry) for entry in found),
    )


def need_sentence(kind: FacilityType, need: Need) -> str:
    """Needed, in use and coming in one or two sentences; what is not known is said."""
    noun = kind.counted_plural
    in_use, coming = need.stages["in_use"], need.coming
    there = (
        f"Er zijn er {_known(in_use)} in gebruik en {_known(coming)} besloten of in voorbereiding."
    )
    if not need.is_known:
        return f"Hoeveel {noun} er nodig zijn, heeft geen gemeente ingevuld. {there}"
    asked = to_dutch(need.asked_count)
    if not need.silent:
        return f"De gemeenten hebben samen {asked} {noun} nodig. {there}"
    return (
        f"De gemeenten hebben samen minstens {asked} {noun} nodig; niet ingevuld door "
        f"{listed(need.silent)}. {there}"
    )


def _known(places: Places) -> str:
    if not places.unknown_site_count:
        return to_dutch(places.place_count)
    if places.unknown_site_count == places.site_count:
        return "een onbekend aantal"
    return f"minstens {to_dutch(places.place_count)}"


def listed(names: Sequence[str]) -> str:
    """``Haarlem, Velsen en Zandvoort``."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} en {names[-1]}"
