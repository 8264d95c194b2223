"""The sites on a date as a scenario sees them: what counts for everyone, and what it names.

What counts is what counts on the public pages. Internal sites count nowhere, but for those that
the scenario names and the reader may see: else nothing could be said of them. Protected sites of
others have no place here; only their places by gemeente are known, and those count along.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES, SITE_STATUSES
from analysis.scenario import (
    ITEM_KINDS,
    AlteredSites,
    ItemEffect,
    ItemFault,
    ScenarioItem,
    apply_scenario,
    row_key,
)
from app.services.area_list import SHOWN_TYPES
from app.services.site_profile import SiteProfile, site_profile
from data.errors import NotFound
from data.publication import OPENBAAR
from data.queries.places import areas_at_points
from data.queries.scenarios import ItemRecord
from data.queries.sites import capacity_by_area, counted_capacities, sites_on
from data.queries.workspace import WorkspaceSite, workspace_sites

#: What is in use counts: a plan counts when the scenario turns it on.
SCOPE = PLAN_SCOPES["bestaand"]
_COLUMNS = (
    *("name", "type", "status", "capacity_count", "x_m", "y_m"),
    *("gemeente_code", "gemeente_name", "publication"),
)


@dataclass(frozen=True, eq=False)
class Situation:
    """The sites on a date, before or after a scenario.

    ``sites`` has a row a site that is seen, ``counts`` among its columns; ``rest`` the places of
    the others by gemeente, for each of the sets of types that were asked for: columns
    ``capacity_count`` and ``unknown_count``.
    """

    on: dt.date
    sites: pd.DataFrame
    rest: Mapping[tuple[str, ...], pd.DataFrame]
    effects: tuple[ItemEffect, ...] = ()
    faults: tuple[ItemFault, ...] = ()

    @property
    def gemeente_codes(self) -> pd.Index:
        """The gemeenten of the region."""
        return next(iter(self.rest.values())).index

    def counted(self, types: Collection[str]) -> pd.DataFrame:
        """The sites of these types that count, and that one can see."""
        return self.sites[self.sites["counts"] & self.sites["type"].isin(types)]

    def capacity(self, types: tuple[str, ...]) -> pd.Series:
        """The places of each gemeente of the region; <NA> where a site has an unknown number."""
        rest, seen = self.rest[types], self.counted(types)
        by_gemeente = seen.groupby("gemeente_code")["capacity_count"]
        known = by_gemeente.sum().reindex(rest.index, fill_value=0)
        unknown = by_gemeente.agg(lambda counts: int(counts.isna().sum()))
        unknown_count = unknown.reindex(rest.index, fill_value=0) + rest["unknown_count"]
        places = (known + rest["capacity_count"]).astype("Int64")
        return places.mask(unknown_count > 0).rename("capacity_count")


def read_situation(
    connection: Connection,
    area_release_id: int,
    on: dt.date,
    type_sets: Iterable[tuple[str, ...]],
    named: Collection[int] = (),
    *,
    is_staff: bool,
) -> Situation:
    """How it stands on a date by the register. ``named`` are the sites that a scenario speaks of.

    A visitor (not ``is_staff``) finds only public ones among them.
    """
    public = sites_on(connection, area_release_id, on, SHOWN_TYPES).assign(publication=OPENBAAR.key)
    rows = [public[list(_COLUMNS)]]
    missing = [site_id for site_id in named if site_id not in public.index]
    own = workspace_sites(connection, on, missing) if is_staff and missing else []
    rows.append(_own_rows(connection, area_release_id, own, on))
    known = {site.id for site in own}
    later = [_profile(connection, site_id, on) for site_id in missing if site_id not in known]
    rows.append(_later_rows([profile for profile in later if profile is not None]))
    sites = pd.concat([frame for frame in rows if not frame.empty] or rows[:1])
    sites["counts"] = sites.get("counts", pd.Series(True, sites.index)).fillna(True).astype(
        "bool"
    ) & sites["status"].isin(SCOPE.statuses)
    sites["capacity_count"] = sites["capacity_count"].astype("Int64")
    sites.index = pd.Index(sites.index.astype("object"), name="site")
    rest = {
        types: _rest(connection, area_release_id, on, types, list(sites.index))
        for types in type_sets
    }
    return Situation(on, sites, rest)


def alter(
    connection: Connection,
    area_release_id: int,
    situation: Situation,
    items: Sequence[ScenarioItem],
) -> Situation:
    """How it would stand. ScenarioFaults, every one, when the items contradict each other."""
    altered: AlteredSites = apply_scenario(situation.sites, items)
    sites = _with_gemeenten(
        connection,
        area_release_id,
        altered.sites,
        [key for key in _placed_keys(items) if key in altered.sites.index],
    )
    return replace(situation, sites=sites, effects=altered.effects, faults=altered.faults)


def to_items(records: Iterable[ItemRecord], type_key: str) -> tuple[ScenarioItem, ...]:
    """Stored items as the method knows them; a new place is of the type of its scenario."""
    return tuple(
        ScenarioItem(
            key=record.id,
            kind=record.kind,
            site=record.site_id,
            name=record.name or "",
            type=type_key if record.kind == "new" else None,
            place_count=record.place_count,
            x_m=record.x_m,
            y_m=record.y_m,
        )
        for record in records
    )


def _placed_keys(items: Iterable[ScenarioItem]) -> list[Hashable]:
    return [row_key(item) for item in items if ITEM_KINDS[item.kind].has_place]


def _with_gemeenten(
    connection: Connection, area_release_id: int, sites: pd.DataFrame, keys: Sequence[Hashable]
) -> pd.DataFrame:
    """The sites with the gemeente of those that came to stand elsewhere."""
    if not keys:
        return sites
    here = sites.loc[list(keys)]
    found = areas_at_points(connection, area_release_id, here["x_m"].tolist(), here["y_m"].tolist())
    for key, areas in zip(keys, found, strict=True):
        gemeente = areas.get("gemeente")
        sites.loc[[key], "gemeente_code"] = None if gemeente is None else gemeente.area_code
        sites.loc[[key], "gemeente_name"] = None if gemeente is None else gemeente.name
    return sites


def _own_rows(
    connection: Connection, area_release_id: int, own: Sequence[WorkspaceSite], on: dt.date
) -> pd.DataFrame:
    areas = areas_at_points(
        connection,
        area_release_id,
        [site.point.x for site in own],
        [site.point.y for site in own],
    )
    rows = [
        (
            *(site.name, site.type, site.status, site.capacity_count),
            *(site.point.x, site.point.y),
            here["gemeente"].area_code if "gemeente" in here else None,
            here["gemeente"].name if "gemeente" in here else None,
            site.publication,
            _is_valid(site, on),
        )
        for site, here in zip(own, areas, strict=True)
    ]
    return pd.DataFrame(rows, columns=[*_COLUMNS, "counts"], index=[site.id for site in own])


def _is_valid(site: WorkspaceSite, on: dt.date) -> bool:
    return not (
        (site.valid_from is not None and on < site.valid_from)
        or (site.valid_to is not None and on > site.valid_to)
    )


def _profile(connection: Connection, site_id: int, on: dt.date) -> SiteProfile | None:
    """A public site that is not there on the date, as it is on the nearest date."""
    try:
        return site_profile(connection, site_id, on)
    except NotFound:
        return None


def _later_rows(profiles: Sequence[SiteProfile]) -> pd.DataFrame:
    rows = [
        (
            *(profile.name, profile.type.key, profile.status.key, profile.capacity_count),
            *(profile.x_m, profile.y_m),
            profile.places[0][0] if profile.places else None,
            profile.places[0][1] if profile.places else None,
            OPENBAAR.key,
            False,
        )
        for profile in profiles
    ]
    index = [profile.site_id for profile in profiles]
    return pd.DataFrame(rows, columns=[*_COLUMNS, "counts"], index=index)


def _rest(
    connection: Connection,
    area_release_id: int,
    on: dt.date,
    types: tuple[str, ...],
    seen_ids: list[int],
) -> pd.DataFrame:
    """The places by gemeente that count publicly and are not of a site that is seen."""
    asked = (connection, area_release_id, "gemeente", on, types, SCOPE.statuses)
    total = capacity_by_area(*asked)  # type: ignore[arg-type]
    seen = counted_capacities(*asked, seen_ids)  # type: ignore[arg-type]
    by_gemeente = seen.groupby("area_code")["capacity_count"]
    known = by_gemeente.sum().reindex(total.index, fill_value=0)
    unknown = by_gemeente.agg(lambda counts: int(counts.isna().sum()))
    return pd.DataFrame(
        {
            "capacity_count": (total["capacity_count"] - known).astype("int64"),
            "unknown_count": total["unknown_capacity_site_count"]
            - unknown.reindex(total.index, fill_value=0),
        }
    )


def status_label(key: object) -> str:
    """The name of a stage, or that there is none."""
    return SITE_STATUSES[str(key)].label if str(key) in SITE_STATUSES else "nog geen fase"
