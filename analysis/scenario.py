"""What a scenario makes of a set of sites: some on, some off, some moved, some new.

A scenario is applied to a frame of sites on a date. It says which sites then count, and what each
of its items does to them. It changes nothing that is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.errors import AnalysisError
from analysis.facility_types import FACILITY_TYPES
from analysis.registry import Registry

#: What a frame of sites has at least, on a unique index.
SITE_COLUMNS = ("name", "type", "capacity_count", "counts", "x_m", "y_m")


@dataclass(frozen=True)
class ItemKind:
    """What an item does: ``has_site`` and ``has_place`` say what it needs."""

    key: str
    label: str
    explanation: str
    has_site: bool
    has_place: bool


ITEM_KINDS = Registry(
    "kind of scenario item",
    (
        ItemKind("on", "Aan", "Deze locatie is er in het scenario wel.", True, False),
        ItemKind("off", "Uit", "Deze locatie is er in het scenario niet.", True, False),
        ItemKind(
            "moved", "Verplaatst", "Deze locatie ligt in het scenario ergens anders.", True, True
        ),
        ItemKind("new", "Nieuw", "Hier komt in het scenario een nieuwe plek.", False, True),
    ),
)


@dataclass(frozen=True)
class ScenarioItem:
    """One thing that a scenario changes.

    ``site`` is the key of a site in the frame (None for a new place), ``place_count`` how many
    places are meant (None: as many as the site has), ``x_m`` and ``y_m`` where it comes to stand
    (RD, metres), and ``type`` the key of the type of a new place.
    """

    key: Hashable
    kind: str
    site: Hashable | None = None
    name: str = ""
    type: str | None = None
    place_count: int | None = None
    x_m: float | None = None
    y_m: float | None = None


@dataclass(frozen=True)
class ItemFault:
    """What is wrong with some items, in Dutch. What does not block leaves figures unknown."""

    items: tuple[Hashable, ...]
    text: str
    blocks: bool = True


class ScenarioFaults(AnalysisError):
    """The items can't hold together; every fault is named."""

    def __init__(self, faults: Sequence[ItemFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.text for fault in self.faults))


@dataclass(frozen=True)
class ItemEffect:
    """What one item does to the places that count.

    Counts are 0 for a site that does not count and None where they are not known. ``is_idle``
    tells that the site counts as before, in the same place.
    """

    item: ScenarioItem
    before_count: int | None
    after_count: int | None
    is_idle: bool


@dataclass(frozen=True, eq=False)
class AlteredSites:
    """The sites after a scenario: ``sites`` has the columns that came, ``counts`` included.

    A new place has the index ``nieuw-<key of its item>``. ``faults`` are those that do not
    block: items whose number of places nobody knows.
    """

    sites: pd.DataFrame
    effects: tuple[ItemEffect, ...]
    faults: tuple[ItemFault, ...] = field(default=())


def apply_scenario(sites: pd.DataFrame, items: Iterable[ScenarioItem]) -> AlteredSites:
    """The sites as they would be; ScenarioFaults when the items contradict each other.

    ``sites`` has the columns of ``SITE_COLUMNS`` and may have more, which a new place does not
    know. A site that is on counts, one that is off does not; one that moved counts or not as it
    did, elsewhere; a new place counts. A number of places given with an item that is on stands in
    for that of the site.
    """
    asked = tuple(items)
    faults = check_items(sites, asked)
    blocking = [fault for fault in faults if fault.blocks]
    if blocking:
        raise ScenarioFaults(blocking)
    altered = sites.copy()
    altered["counts"] = altered["counts"].astype("bool")
    altered["capacity_count"] = altered["capacity_count"].astype("Int64")
    for item in asked:
        if item.kind != "new":
            _alter(altered, item)
    new = [item for item in asked if item.kind == "new"]
    if new:
        altered = pd.concat([altered, _new_rows(new, altered)])
    effects = tuple(_effect(sites, altered, item) for item in asked)
    return AlteredSites(altered, effects, tuple(fault for fault in faults if not fault.blocks))


def check_items(sites: pd.DataFrame, items: Sequence[ScenarioItem]) -> tuple[ItemFault, ...]:
    """Everything that is wrong with the items, all at once."""
    return (*_contradictions(sites, items), *_breaches(sites, items), *_unknown(sites, items))


def row_key(item: ScenarioItem) -> Hashable:
    """Under which index the item stands in the altered sites."""
    return f"nieuw-{item.key}" if item.kind == "new" else item.site


def _alter(altered: pd.DataFrame, item: ScenarioItem) -> None:
    if item.kind == "moved":
        altered.loc[[item.site], ["x_m", "y_m"]] = [item.x_m, item.y_m]
        return
    altered.loc[[item.site], "counts"] = item.kind == "on"
    if item.kind == "on":
        altered.loc[[item.site], "capacity_count"] = _places_when_on(altered, item)


def _new_rows(items: Sequence[ScenarioItem], like: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "name": [item.name for item in items],
            "type": [item.type for item in items],
            "capacity_count": pd.array([item.place_count for item in items], dtype="Int64"),
            "counts": True,
            "x_m": [item.x_m for item in items],
            "y_m": [item.y_m for item in items],
        },
        index=pd.Index([row_key(item) for item in items], dtype="object"),
    )
    return rows.reindex(columns=like.columns)


def _effect(before: pd.DataFrame, after: pd.DataFrame, item: ScenarioItem) -> ItemEffect:
    key = row_key(item)
    old = 0 if item.kind == "new" else _counted(before, key)
    new = _counted(after, key)
    return ItemEffect(item, old, new, _is_idle(before, after, item))


def _is_idle(before: pd.DataFrame, after: pd.DataFrame, item: ScenarioItem) -> bool:
    if item.kind == "new":
        return False
    was, will = (_is_there(sites, item.site) for sites in (before, after))
    if item.kind == "moved" or was != will:
        return not (was or will)
    return _counted(before, item.site) == _counted(after, item.site)


def _counted(sites: pd.DataFrame, key: Hashable) -> int | None:
    if not _is_there(sites, key):
        return 0
    return _whole(sites.at[key, "capacity_count"])


def _is_there(sites: pd.DataFrame, key: Hashable) -> bool:
    return bool(sites.at[key, "counts"])


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _places_when_on(sites: pd.DataFrame, item: ScenarioItem) -> Any:
    """The places that are asked, else those of the site; of none at all nothing is known."""
    own = _whole(sites.at[item.site, "capacity_count"])
    return item.place_count or own or pd.NA


def _contradictions(sites: pd.DataFrame, items: Sequence[ScenarioItem]) -> Iterable[ItemFault]:
    by_site: dict[Hashable, list[ScenarioItem]] = defaultdict(list)
    for item in items:
        if item.site is not None:
            by_site[item.site].append(item)
    for same in by_site.values():
        if len(same) < 2:
            continue
        name, kinds = _name(sites, same[0]), {item.kind for item in same}
        if {"on", "off"} <= kinds:
            text = f"{name} staat zowel aan als uit. Kies één van de twee."
        elif len(kinds) == 1:
            text = f"{name} staat er {len(same)} keer in. Eén keer is genoeg."
        else:
            labels = " en ".join(f"‘{_label(kind).lower()}’" for kind in sorted(kinds))
            text = f"{name} staat er in met {labels}. Kies één van de twee."
        yield ItemFault(tuple(item.key for item in same), text)


def _breaches(sites: pd.DataFrame, items: Sequence[ScenarioItem]) -> Iterable[ItemFault]:
    for item in items:
        for text in _breaches_of(sites, item):
            yield ItemFault((item.key,), text)


def _breaches_of(sites: pd.DataFrame, item: ScenarioItem) -> Iterable[str]:
    name = _name(sites, item)
    if item.kind not in ITEM_KINDS:
        yield f"{name}: {item.kind!r} kennen wij niet."
        return
    kind = ITEM_KINDS[item.kind]
    if kind.has_site and (item.site is None or item.site not in sites.index):
        yield f"{name}: deze locatie is er niet, of u mag haar niet zien."
    if kind.has_place and (item.x_m is None or item.y_m is None):
        yield f"{name}: er is geen plek op de kaart gekozen."
    if item.kind == "new" and item.type not in FACILITY_TYPES:
        yield f"{name}: er is geen soort plek gekozen."
    if item.place_count is not None and item.place_count < 1:
        yield f"{name}: het aantal plekken is 1 of meer."


def _unknown(sites: pd.DataFrame, items: Sequence[ScenarioItem]) -> Iterable[ItemFault]:
    for item in items:
        if item.kind == "new":
            is_unknown = item.place_count is None
        elif item.site not in sites.index:
            continue
        elif item.kind == "on":
            is_unknown = pd.isna(_places_when_on(sites, item))
        else:
            is_unknown = _counted(sites, item.site) is None
        if is_unknown:
            text = f"Van {_name(sites, item)} is het aantal plekken niet bekend."
            yield ItemFault((item.key,), text, blocks=False)


def _name(sites: pd.DataFrame, item: ScenarioItem) -> str:
    if item.site is not None and item.site in sites.index:
        found = sites.loc[[item.site], "name"].iloc[0]
        return str(found)
    return item.name or "Een onderdeel zonder naam"


def _label(kind: str) -> str:
    return ITEM_KINDS[kind].label if kind in ITEM_KINDS else kind
