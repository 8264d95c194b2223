"""A scenario (or two) beside today, in four figures and a table of the gemeenten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SPREADING_BASES
from analysis.facility_types import FacilityType
from analysis.spreading.fair_share import fair_share
from analysis.spreading.whole_fair_share import whole_fair_share
from app.services.area_list import SHOWN_TYPES
from app.services.area_minutes import sources_of
from app.services.lists import SourceLine
from app.services.scenario_measures import (
    Near,
    Reach,
    Scores,
    Spread,
    measure_near,
    measure_reach,
    measure_scores,
    measure_spread,
)
from app.services.scenario_sites import Situation, alter, read_situation, to_items
from app.services.spreading_weights import read_weights
from data.queries.amenities import amenity_releases
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release
from data.queries.scenarios import ItemRecord

BASE = SPREADING_BASES["inwoners"]


@dataclass(frozen=True)
class Case:
    """A scenario to measure. ``costs`` are the stored estimates of sites, in euros."""

    name: str
    type: FacilityType
    on: dt.date
    target_place_count: int | None
    items: tuple[ItemRecord, ...]
    costs: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Money:
    """The sum of the one-off costs that are known, and of how many items they are not."""

    known_eur: int
    known_count: int
    unknown_count: int


@dataclass(frozen=True)
class PlannedChange:
    """What the register itself says will change until the date, without the scenario."""

    name: str
    before_count: int | None
    after_count: int | None
    comes: bool
    goes: bool


@dataclass(frozen=True, eq=False)
class CaseSituation:
    """A scenario as the reader sees it: ``hidden_count`` items are of sites that they may not."""

    case: Case
    situation: Situation
    items: tuple[ItemRecord, ...]
    hidden_count: int
    planned: tuple[PlannedChange, ...]


@dataclass(frozen=True)
class GemeenteRow:
    """The places of the type in a gemeente: today, and in each scenario.

    ``fair_counts`` are the even shares of what each scenario has in all, ``target_counts`` those
    of the target in whole places; None where they are not known.
    """

    code: str
    name: str
    resident_count: float | None
    place_counts: tuple[int | None, ...]
    all_counts: tuple[int | None, ...]
    fair_counts: tuple[float | None, ...]
    target_counts: tuple[int | None, ...]

    def difference(self, number: int) -> int | None:
        """How many places scenario ``number`` (from 1) has more or less than today."""
        today, then = self.place_counts[0], self.place_counts[number]
        return None if today is None or then is None else then - today


@dataclass(frozen=True, eq=False)
class ScenarioFigures:
    """Everything that is measured; in each list today stands first."""

    on: dt.date
    type: FacilityType
    today: Situation
    cases: tuple[CaseSituation, ...]
    type_spread: tuple[Spread, ...]
    all_spread: tuple[Spread, ...]
    near: tuple[Near, ...]
    reach: tuple[Reach, ...]
    scores: tuple[Scores, ...]
    money: tuple[Money, ...]
    gemeenten: tuple[GemeenteRow, ...]
    release: Release
    sources: tuple[SourceLine, ...]
    amenity_sources: tuple[SourceLine, ...]

    @property
    def counts(self) -> tuple[int | None, ...]:
        """The places of the type in the whole region; None where not all are known."""
        return tuple(_total(spread.capacity) for spread in self.type_spread)

    @property
    def internal_names(self) -> tuple[str, ...]:
        """The sites that count here and on no public page, because a scenario names them."""
        internal = self.today.sites[self.today.sites["publication"] == "intern"]
        return tuple(str(name) for name in internal["name"])

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in (*self.sources, *self.amenity_sources))


def measure_scenarios(
    connection: Connection,
    home: Path,
    today: dt.date,
    cases: Sequence[Case],
    *,
    is_staff: bool,
) -> ScenarioFigures:
    """Measure today and these scenarios, which are of one type.

    ScenarioFaults when the items of one contradict each other; NotFound without areas.
    """
    release, type = area_release(connection), cases[0].type
    type_sets = ((type.key,), SHOWN_TYPES)
    named = sorted({item.site_id for case in cases for item in case.items if item.site_id})
    asked = (connection, release.id)
    now = read_situation(*asked, today, type_sets, named, is_staff=is_staff)
    found = []
    for case in cases:
        base = now
        if case.on != today:
            base = read_situation(*asked, case.on, type_sets, named, is_staff=is_staff)
        found.append(_case_situation(connection, release.id, case, now, base))
    situations = [now, *(entry.situation for entry in found)]
    weights = read_weights(connection, release.id, "gemeente", BASE, (type,), today).table
    near, on_foot = measure_near(connection, home, release.id, situations)
    reach, cycling = measure_reach(connection, home, release.id, situations, type)
    of_type = measure_spread(weights, situations, type_sets[0])
    of_all = measure_spread(weights, situations, type_sets[1])
    lines = [line for group in (on_foot, cycling) if group for line in sources_of(group)]
    return ScenarioFigures(
        today,
        type,
        now,
        tuple(found),
        tuple(of_type),
        tuple(of_all),
        tuple(near),
        tuple(reach),
        tuple(measure_scores(connection, home, release.id, situations, type)),
        (Money(0, 0, 0), *(_money(entry) for entry in found)),
        _gemeenten(weights, of_type, of_all, [case.target_place_count for case in cases]),
        release,
        sources=(
            SourceLine("gebieden", "Gebieden en inwoners", release),
            *(
                SourceLine("locaties", "Locaties en plekken", entry)
                for entry in site_releases(connection, release.id)
            ),
            *dict.fromkeys(lines),
        ),
        amenity_sources=tuple(
            SourceLine("voorzieningen", "Voorzieningen", entry)
            for entry in amenity_releases(connection)
        ),
    )


def visible_items(
    items: Sequence[ItemRecord], site_ids: Collection[object]
) -> tuple[ItemRecord, ...]:
    """The items that are of no site, or of one of these."""
    return tuple(item for item in items if item.site_id is None or item.site_id in site_ids)


def _case_situation(
    connection: Connection, area_release_id: int, case: Case, now: Situation, base: Situation
) -> CaseSituation:
    items = visible_items(case.items, base.sites.index)
    altered = alter(connection, area_release_id, base, to_items(items, case.type.key))
    named = {item.site_id for item in items}
    return CaseSituation(
        case,
        altered,
        items,
        len(case.items) - len(items),
        _planned(now, base, named),
    )


def _planned(
    now: Situation, base: Situation, named: Collection[object]
) -> tuple[PlannedChange, ...]:
    """What changes by itself, at sites that the scenario does not name."""
    if base is now:
        return ()
    before, after = _counts(now), _counts(base)
    changed = [key for key in {**before, **after} if before.get(key, 0) != after.get(key, 0)]
    found = [
        PlannedChange(
            _name_of(key, base, now),
            before.get(key, 0),
            after.get(key, 0),
            comes=before.get(key, 0) == 0,
            goes=after.get(key, 0) == 0,
        )
        for key in changed
        if key not in named
    ]
    return tuple(sorted(found, key=lambda change: change.name))


def _counts(situation: Situation) -> dict[Hashable, int | None]:
    """The places of each site, 0 for one that does not count."""
    sites = situation.sites
    columns = zip(sites.index, sites["counts"], sites["capacity_count"], strict=True)
    return {key: _whole(count) if counts else 0 for key, counts, count in columns}


def _name_of(key: Hashable, *situations: Situation) -> str:
    sites = next(entry.sites for entry in situations if key in entry.sites.index)
    return str(sites.at[key, "name"])


def _money(entry: CaseSituation) -> Money:
    costs = [_cost(item, entry.case.costs) for item in entry.items]
    known = [cost for cost in costs if cost is not None]
    return Money(sum(known), len(known), len(costs) - len(known))


def _cost(item: ItemRecord, costs: Mapping[int, int]) -> int | None:
    """What was typed with the item; else the estimate of a site that is turned on."""
    if item.cost_eur is not None or item.kind != "on":
        return item.cost_eur
    return costs.get(item.site_id or 0)


def _total(capacity: pd.Series) -> int | None:
    return None if capacity.isna().any() else int(capacity.sum())


def _gemeenten(
    weights: pd.DataFrame,
    of_type: Sequence[Spread],
    of_all: Sequence[Spread],
    targets: Sequence[int | None],
) -> tuple[GemeenteRow, ...]:
    residents = weights["weight"]
    fair = [_fair(spread.capacity, residents) for spread in of_type[1:]]
    wanted = [None if target is None else whole_fair_share(target, residents) for target in targets]
    codes: list[str] = [*weights.sort_values("name").index]
    return tuple(
        GemeenteRow(
            code,
            str(weights.at[code, "name"]),
            _float(residents[code]),
            tuple(_whole(spread.capacity[code]) for spread in of_type),
            tuple(_whole(spread.capacity[code]) for spread in of_all),
            tuple(None if shares is None else _float(shares[code]) for shares in fair),
            tuple(None if shares is None else _whole(shares[code]) for shares in wanted),
        )
        for code in codes
    )


def _fair(capacity: pd.Series, residents: pd.Series) -> pd.Series | None:
    """The even share of all places; None when it is not known how many there are."""
    total = _total(capacity)
    return None if total is None else fair_share(total, residents)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
