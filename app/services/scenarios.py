"""Scenarios in the workspace: which there are, what they hold, and copying one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.scenario import ITEM_KINDS, ItemEffect, ItemKind, row_key
from app.numbers import to_dutch, to_dutch_moment
from app.services.area_list import SHOWN_TYPES
from app.services.known_sites import KnownSite, known_sites
from app.services.lists import plain
from app.services.scenario_figures import Case, CaseSituation
from app.services.scenario_sites import status_label
from app.services.site_history import who_did
from app.services.worklist import gemeente_names
from data.changes.scenarios import (
    ItemFields,
    ScenarioFields,
    add_scenario,
    put_item,
)
from data.database_roles import WHOLE_REGION
from data.queries.costs import site_costs
from data.queries.scenarios import (
    ItemRecord,
    ScenarioRecord,
    item_counts,
    may_change,
    removed_scenarios,
    scenario,
    scenario_items,
    scenarios,
)
from geo.frames import REGION_CODE

REGION = "De regio"
TYPES: tuple[FacilityType, ...] = tuple(FACILITY_TYPES[key] for key in SHOWN_TYPES)
LONGEST_NAME = 150
_MOST_REMOVED = 20


@dataclass(frozen=True)
class ScenarioLine:
    """A scenario in a list."""

    record: ScenarioRecord
    type: FacilityType
    area: str
    item_count: int


@dataclass(frozen=True)
class RemovedScenario:
    """A scenario that is no more; its history is."""

    id: int
    name: str
    told: str


@dataclass(frozen=True)
class ScenarioList:
    """The scenarios within reach: those in the making, adopted ones and removed ones."""

    open: tuple[ScenarioLine, ...]
    adopted: tuple[ScenarioLine, ...]
    removed: tuple[RemovedScenario, ...]


@dataclass(frozen=True)
class SiteChoice:
    """A site that a scenario may name, in a list to choose from."""

    id: int
    name: str
    label: str
    gemeente: str
    is_public: bool


@dataclass(frozen=True)
class ItemLine:
    """One item on the page: ``told`` is what it does, ``remark`` what to mind of it."""

    record: ItemRecord
    kind: ItemKind
    name: str
    type: FacilityType
    told: str
    remark: str | None
    x_m: float
    y_m: float


def scenario_list(connection: Connection) -> ScenarioList:
    """Everything within reach."""
    areas, counts = area_names(connection), item_counts(connection)
    lines = [
        ScenarioLine(
            record,
            FACILITY_TYPES[record.type],
            areas.get(record.gemeente_code, record.gemeente_code),
            counts.get(record.id, 0),
        )
        for record in scenarios(connection)
    ]
    removed = [
        RemovedScenario(
            int((change.before or {})["id"]),
            str((change.before or {})["name"]),
            f"weggehaald op {to_dutch_moment(change.at)} door {who_did(change)}",
        )
        for change in removed_scenarios(connection, _MOST_REMOVED)
    ]
    return ScenarioList(
        tuple(line for line in lines if not line.record.is_adopted),
        tuple(line for line in lines if line.record.is_adopted),
        tuple(removed),
    )


def area_names(connection: Connection) -> dict[str, str]:
    """The names of what a scenario can be of: the region and its gemeenten."""
    return {REGION_CODE: REGION, **gemeente_names(connection)}


def area_choices(connection: Connection, scope: Collection[str]) -> list[tuple[str, str]]:
    """For what someone who works for ``scope`` may make a scenario, the widest first."""
    names = area_names(connection)
    if WHOLE_REGION in scope:
        return list(names.items())
    return [(code, name) for code, name in names.items() if code in scope]


def site_choices(connection: Connection, today: dt.date) -> tuple[SiteChoice, ...]:
    """The sites within reach, own ones whole and others as far as public, by gemeente and name."""
    found = [
        SiteChoice(
            site.id,
            site.name,
            _site_label(site),
            f"{site.gemeente_name[:1].upper()}{site.gemeente_name[1:]}",
            site.is_public,
        )
        for site in known_sites(connection, today)
    ]
    return tuple(sorted(found, key=lambda choice: (plain(choice.gemeente), plain(choice.label))))


def by_gemeente(choices: Sequence[SiteChoice]) -> dict[str, list[tuple[str, str]]]:
    """The choices as groups of a drop-down."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        groups.setdefault(choice.gemeente, []).append((str(choice.id), choice.label))
    return groups


def to_case(connection: Connection, record: ScenarioRecord) -> Case:
    """A stored scenario as it is measured, with the estimates of the sites within reach."""
    items = tuple(scenario_items(connection, record.id))
    costs = site_costs(connection, [item.site_id for item in items if item.site_id])
    return Case(
        record.name,
        FACILITY_TYPES[record.type],
        record.on_date,
        record.target_place_count,
        items,
        {site_id: cost.cost_eur for site_id, cost in costs.items()},
    )


def item_lines(found: CaseSituation) -> tuple[ItemLine, ...]:
    """What the scenario changes, as the reader may see it."""
    effects = {effect.item.key: effect for effect in found.situation.effects}
    return tuple(_item_line(found, item, effects[item.id]) for item in found.items)


def copy_scenario(
    connection: Connection,
    source_id: int,
    gemeente_code: str,
    name: str,
    account_id: int | None,
    today: dt.date,
) -> tuple[int, int]:
    """Make a copy; its id, and how many items could not go along: sites that are not seen."""
    record = scenario(connection, source_id)
    items = scenario_items(connection, source_id)
    fields = ScenarioFields(
        name, record.type, record.on_date, record.target_place_count, record.explanation
    )
    made = add_scenario(connection, gemeente_code, fields, account_id, copied_from=record.id)
    seen = {choice.id for choice in site_choices(connection, today)}
    kept = [item for item in items if item.site_id is None or item.site_id in seen]
    for item in kept:
        put_item(connection, made, _fields_of(item))
    return made, len(items) - len(kept)


def copy_name(name: str) -> str:
    """What a copy is called at first."""
    return f"Kopie van {name}"[:LONGEST_NAME]


def is_open_to(connection: Connection, record: ScenarioRecord) -> bool:
    """Whether who asks may change this scenario."""
    return not record.is_adopted and may_change(connection, record.gemeente_code)


def left_out_when_shared(
    items: Sequence[ItemRecord], choices: Sequence[SiteChoice]
) -> tuple[ItemRecord, ...]:
    """The items that a reader with a link does not see: their site is not public."""
    public = {choice.id for choice in choices if choice.is_public}
    return tuple(item for item in items if item.site_id is not None and item.site_id not in public)


def _fields_of(item: ItemRecord) -> ItemFields:
    return ItemFields(
        item.kind,
        item.site_id,
        item.name,
        item.place_count,
        item.cost_eur,
        item.note,
        item.x_m,
        item.y_m,
    )


def _site_label(site: KnownSite) -> str:
    count = site.place_count
    places = "aantal niet bekend" if count is None else f"{to_dutch(count)} plekken"
    stage = status_label(None if site.status is None else site.status.key).lower()
    return f"{site.name} ({site.type.label}, {stage}, {places})"


def _item_line(found: CaseSituation, item: ItemRecord, effect: ItemEffect) -> ItemLine:
    key = row_key(effect.item)
    row: dict[Any, Any] = found.situation.sites.loc[[key]].to_dict("records")[0]
    return ItemLine(
        item,
        ITEM_KINDS[item.kind],
        str(row["name"]) if item.kind != "new" else item.name or "Nieuwe plek",
        FACILITY_TYPES[str(row["type"])],
        _told(effect),
        _remark(row, effect),
        float(row["x_m"]),
        float(row["y_m"]),
    )


def _told(effect: ItemEffect) -> str:
    before, after = effect.before_count, effect.after_count
    match effect.item.kind:
        case "off":
            return (
                "verandert niets aan de cijfers" if effect.is_idle else f"{_counted(before)} minder"
            )
        case _ if effect.is_idle:
            return "verandert niets aan de cijfers"
        case "off":
            return f"{_counted(before)} minder"
        case "moved":
            return f"{_counted(after)}, op een andere plek"
        case _ if before:
            return f"van {_counted(before)} naar {_counted(after)}"
    return f"{_counted(after)} erbij"


def _counted(count: int | None) -> str:
    if count is None:
        return "een onbekend aantal plekken"
    return "1 plek" if count == 1 else f"{to_dutch(count)} plekken"


def _remark(row: Mapping[Any, Any], effect: ItemEffect) -> str | None:
    if not effect.is_idle:
        return None
    stage = status_label(row["status"]).lower()
    match effect.item.kind:
        case "on":
            return "Deze locatie telt op die datum al mee."
        case "off":
            return f"Deze locatie telt op die datum al niet mee ({stage})."
        case _:
            return (
                f"Deze locatie telt op die datum niet mee ({stage}). Verplaatsen verandert de "
                "cijfers dan niet."
            )


def stage_of(key: str) -> str:
    """The name of a stage inside a sentence."""
    return SITE_STATUSES[key].label.lower()
