"""How many places of a type there are, and where: per gemeente, protected ones counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from analysis.facility_types import FacilityType
from app.services.area_list import SHOWN_TYPES
from app.services.area_profile import Places
from app.services.lists import SourceLine
from data.queries.areas import areas
from data.queries.counts import capacity_by_type, site_releases
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area

LIVING_GROUPS = ("in_use", "decided", "plan")


@dataclass(frozen=True)
class GemeenteCount:
    """The places of one type in one gemeente, by stage."""

    area_code: str
    name: str
    stages: dict[str, Places]


@dataclass(frozen=True)
class TypeProfile:
    """Where a type is now; empty for types that are on no map."""

    on: dt.date
    gemeenten: tuple[GemeenteCount, ...]
    release: Release
    sources: tuple[SourceLine, ...]

    def total(self, group_key: str) -> Places:
        """All gemeenten together in one stage."""
        return sum((entry.stages[group_key] for entry in self.gemeenten), Places())


def type_counts(connection: Connection, on: dt.date) -> dict[str, Places]:
    """Places in use in the region by type; only types that may be shown are in it."""
    release = area_release(connection)
    gemeenten = areas(connection, release.id, "gemeente", region_only=True)
    counted = capacity_by_type(connection, release.id, list(gemeenten.index), on)
    in_use = counted[counted["status"].map(_group_key) == "in_use"]
    return {key: places_of(in_use[in_use["type"] == key]) for key in SHOWN_TYPES}


def type_profile(connection: Connection, entry: FacilityType, on: dt.date) -> TypeProfile:
    """Where places of this type are on a date."""
    release = area_release(connection)
    shown = entry.key in SHOWN_TYPES
    return TypeProfile(
        on,
        _by_gemeente(connection, release.id, entry, on) if shown else (),
        release,
        tuple(
            SourceLine("locaties", "Locaties en plekken", delivery)
            for delivery in site_releases(connection, release.id)
        ),
    )


def places_of(rows: pd.DataFrame) -> Places:
    """The sum of rows with counts of places and sites."""
    return Places(
        int(rows["capacity_count"].sum()),
        int(rows["site_count"].sum()),
        int(rows["unknown_capacity_site_count"].sum()),
    )


def _by_gemeente(
    connection: Connection, release_id: int, entry: FacilityType, on: dt.date
) -> tuple[GemeenteCount, ...]:
    gemeenten = areas(connection, release_id, "gemeente", region_only=True).sort_values("name")
    stages = {}
    for key in LIVING_GROUPS:
        statuses = [status.key for status in SITE_STATUSES if status.group == STATUS_GROUPS[key]]
        stages[key] = capacity_by_area(
            connection, release_id, "gemeente", on, [entry.key], statuses
        )
    return tuple(
        GemeenteCount(
            str(code),
            str(name),
            {key: places_of(counted.loc[[code]]) for key, counted in stages.items()},
        )
        for code, name in gemeenten["name"].items()
    )


def _group_key(status: str) -> str:
    return SITE_STATUSES[status].group.key
