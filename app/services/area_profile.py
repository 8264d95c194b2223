"""What there is in one gemeente, wijk or buurt: places, figures, parts and its share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services.area_list import SHOWN_TYPES
from app.services.lists import SourceLine, plain
from data.figures import FIGURES, FigureDefinition, MissingReason, missing_reason
from data.queries.areas import Area, area, areas, figures
from data.queries.counts import capacity_by_type, site_releases
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, sites_on
from geo.frames import Level

#: Under this many residents a rate or share jumps when one household moves.
FEW_RESIDENTS = 500
PART_OF: dict[Level, Level | None] = {"gemeente": "wijk", "wijk": "buurt", "buurt": None}


@dataclass(frozen=True)
class Places:
    """Places and sites of one stage; the sum counts only what is known."""

    place_count: int = 0
    site_count: int = 0
    unknown_site_count: int = 0

    def __add__(self, other: Places) -> Places:
        return Places(
            self.place_count + other.place_count,
            self.site_count + other.site_count,
            self.unknown_site_count + other.unknown_site_count,
        )


@dataclass(frozen=True)
class TypeCount:
    """The places of one type, by how far along they are."""

    type: FacilityType
    in_use: Places
    decided: Places
    plan: Places

    @property
    def site_count(self) -> int:
        """All sites of the type that are there or may come."""
        return self.in_use.site_count + self.decided.site_count + self.plan.site_count


@dataclass(frozen=True)
class KnownFigure:
    """A figure of the area: a value, or the reason why there is none."""

    definition: FigureDefinition
    value: float | None
    reason: MissingReason | None


@dataclass(frozen=True)
class Part:
    """An area within this one."""

    area_code: str
    name: str
    resident_count: float | None
    place_count: int
    site_count: int


@dataclass(frozen=True)
class AreaProfile:
    """Everything on the page of an area."""

    area: Area
    on: dt.date
    above: tuple[tuple[str, str], ...]
    types: tuple[TypeCount, ...]
    figures: tuple[KnownFigure, ...]
    parts: tuple[Part, ...]
    sites: pd.DataFrame
    protected_count: int
    release: Release
    sources: tuple[SourceLine, ...]

    @property
    def in_use(self) -> Places:
        """All places in use, whatever the type."""
        return sum((entry.in_use for entry in self.types), Places())

    @property
    def coming(self) -> Places:
        """All places decided or in preparation."""
        return sum((entry.decided + entry.plan for entry in self.types), Places())

    @property
    def resident_count(self) -> float | None:
        """Residents, when known."""
        return next(
            (entry.value for entry in self.figures if entry.definition.key == "inwoners"), None
        )

    @property
    def living_sites(self) -> list[dict[str, Any]]:
        """Public sites that are there or may come: in use first, then by how far they are."""
        return self._sites(ended=False)

    @property
    def ended_sites(self) -> list[dict[str, Any]]:
        """Public sites that closed, or plans that were dropped."""
        return self._sites(ended=True)

    def _sites(self, ended: bool) -> list[dict[str, Any]]:
        rows = cast(list[dict[str, Any]], self.sites.reset_index().to_dict("records"))
        chosen = [
            row for row in rows if (SITE_STATUSES[row["status"]].group.key == "ended") == ended
        ]
        return sorted(
            chosen, key=lambda row: (-SITE_STATUSES[row["status"]].order, plain(row["name"]))
        )

    @property
    def missing(self) -> dict[str, list[str]]:
        """Labels of the figures that are not there, by the reason why."""
        found: dict[str, list[str]] = {}
        for entry in self.figures:
            if entry.reason is not None:
                found.setdefault(entry.reason.label, []).append(entry.definition.label)
        return found

    @property
    def has_few_residents(self) -> bool:
        """Whether rates of this area say little."""
        return self.resident_count is not None and self.resident_count < FEW_RESIDENTS


def area_profile(connection: Connection, area_code: str, on: dt.date) -> AreaProfile:
    """The profile of an area on a date; NotFound when there is no such area."""
    release = area_release(connection)
    place = area(connection, release.id, area_code)
    counted = capacity_by_type(connection, release.id, [area_code], on)
    sites = sites_on(connection, release.id, on, types=SHOWN_TYPES)
    return AreaProfile(
        place,
        on,
        above=_above(connection, release, place),
        types=_by_type(counted),
        figures=_figures(connection, release, area_code),
        parts=_parts(connection, release, place, on),
        sites=sites[sites[f"{place.level}_code"] == area_code],
        protected_count=_protected_count(counted),
        release=release,
        sources=(
            SourceLine("cijfers", "Gebieden en cijfers", release),
            *(
                SourceLine("locaties", "Locaties en plekken", entry)
                for entry in site_releases(connection, release.id)
            ),
        ),
    )


def _above(connection: Connection, release: Release, place: Area) -> tuple[tuple[str, str], ...]:
    """Code and name of the areas that this one is part of, the largest first."""
    if place.level == "gemeente":
        return ()
    gemeente = (place.gemeente_code, place.gemeente_name)
    if place.level == "wijk" or place.wijk_code is None:
        return (gemeente,)
    return (gemeente, (place.wijk_code, area(connection, release.id, place.wijk_code).name))


def _by_type(counted: pd.DataFrame) -> tuple[TypeCount, ...]:
    found = []
    for key in SHOWN_TYPES:
        rows = counted[counted["type"] == key]
        stages = {group.key: _places(rows, group.key) for group in STATUS_GROUPS}
        entry = TypeCount(FACILITY_TYPES[key], stages["in_use"], stages["decided"], stages["plan"])
        if entry.site_count:
            found.append(entry)
    return tuple(found)


def _places(rows: pd.DataFrame, group_key: str) -> Places:
    of_group = rows[rows["status"].map(lambda key: SITE_STATUSES[key].group.key) == group_key]
    return Places(
        int(of_group["capacity_count"].sum()),
        int(of_group["site_count"].sum()),
        int(of_group["unknown_capacity_site_count"].sum()),
    )


def _protected_count(counted: pd.DataFrame) -> int:
    living = counted["status"].map(lambda key: SITE_STATUSES[key].group.key) != "ended"
    shown = counted["type"].isin(SHOWN_TYPES)
    return int(counted.loc[living & shown, "protected_site_count"].sum())


def _figures(connection: Connection, release: Release, area_code: str) -> tuple[KnownFigure, ...]:
    rows = figures(connection, release.id, codes=[area_code]).set_index("figure")
    return tuple(_figure(entry, rows) for entry in FIGURES)


def _figure(definition: FigureDefinition, rows: pd.DataFrame) -> KnownFigure:
    if definition.key not in rows.index:
        return KnownFigure(definition, None, missing_reason("not_in_file"))
    value, reason = rows.loc[definition.key, ["value", "reason"]]
    if pd.notna(value):
        return KnownFigure(definition, float(value), None)
    return KnownFigure(definition, None, missing_reason(str(reason)))


def _parts(connection: Connection, release: Release, place: Area, on: dt.date) -> tuple[Part, ...]:
    level = PART_OF[place.level]
    if level is None:
        return ()
    within = areas(connection, release.id, level)
    column = "gemeente_code" if place.level == "gemeente" else "wijk_code"
    within = within[within[column] == place.area_code]
    residents = figures(connection, release.id, level, codes=list(within.index))
    residents = residents[residents["figure"] == "inwoners"]
    resident_counts = dict(zip(residents["area_code"], residents["value"], strict=True))
    living = [entry.key for entry in SITE_STATUSES if entry.group.key != "ended"]
    in_use = capacity_by_area(connection, release.id, level, on, SHOWN_TYPES, ["in_gebruik"])
    there = capacity_by_area(connection, release.id, level, on, SHOWN_TYPES, living)
    parts = [
        Part(
            str(code),
            str(name),
            _known(resident_counts.get(str(code))),
            int(in_use["capacity_count"].get(code, 0)),
            int(there["site_count"].get(code, 0)),
        )
        for code, name in within["name"].items()
    ]
    return tuple(sorted(parts, key=lambda part: plain(part.name)))


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
