"""Adopting a scenario: its items become changes of the register, all of them or none.

Each item goes by the same way as when somebody types it in the workspace, with the same checks:
so the history tells who, when and why, and nothing gets in that a form would refuse.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.site_life import Caution
from app.numbers import to_dutch, to_dutch_date
from app.services.scenarios import stage_of
from app.services.site_form import FieldFaults, FirstState, point_text, read_site, site_texts
from app.services.site_saving import save_change, save_new
from app.services.site_stage import StageFaults, Unheeded, add_stage
from data.changes.refusals import SecretText
from data.changes.scenarios import mark_adopted, touch_scenario
from data.changes.sites import Conflict, OutsideScope
from data.changes.states import mark_of
from data.errors import DataError, NotFound
from data.publication import INTERN
from data.queries.scenarios import ItemRecord, ScenarioRecord, scenario, scenario_items
from data.queries.workspace import (
    StateRecord,
    WorkspaceSite,
    site_states,
    workspace_sites,
)

ON_STATUSES: tuple[SiteStatus, ...] = tuple(
    SITE_STATUSES[key] for key in ("planvorming", "besluit", "realisatie", "in_gebruik")
)
NEW_STATUSES: tuple[SiteStatus, ...] = tuple(SITE_STATUSES[key] for key in ("idee", "planvorming"))
NOTHING = "Er zijn geen onderdelen, dus er is niets om over te nemen."
CHANGED = "Een locatie van dit scenario is intussen gewijzigd."


@dataclass(frozen=True)
class AdoptionTerms:
    """Which stages sites get that are on or new, and why the scenario is adopted."""

    on_status: str
    new_status: str
    reason: str


@dataclass(frozen=True)
class AdoptionStep:
    """What adopting does to one site, in words, before it is done."""

    item: ItemRecord
    name: str
    told: str


@dataclass(frozen=True)
class AdoptionPlan:
    """Everything that adopting would do. ``mark`` is another one when a site was changed."""

    record: ScenarioRecord
    steps: tuple[AdoptionStep, ...]
    mark: str


class AdoptionFaults(DataError):
    """What can't be done, every one; nothing was changed. ``faults`` are Dutch sentences."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(faults))


class UnheededAdoption(DataError):
    """There is something to think of first; ``cautions`` are pairs of a site and a caution."""

    def __init__(self, cautions: Sequence[tuple[str, Caution]]) -> None:
        self.cautions = tuple(cautions)
        super().__init__(" ".join(caution.text for _, caution in cautions))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the cautions, each once."""
        return tuple(dict.fromkeys(caution.key for _, caution in self.cautions))


def plan_adoption(connection: Connection, scenario_id: int, today: dt.date) -> AdoptionPlan:
    """What adopting would do; nothing is changed."""
    record, items = scenario(connection, scenario_id), scenario_items(connection, scenario_id)
    sites = _sites(connection, items, today)
    steps = tuple(
        AdoptionStep(item, _name(item, sites), _told(connection, record, item, sites))
        for item in items
    )
    return AdoptionPlan(record, steps, _mark(connection, sites))


def adopt_scenario(
    connection: Connection,
    scenario_id: int,
    seen: tuple[int, str],
    terms: AdoptionTerms,
    account_id: int | None,
    today: dt.date,
    heeded: Sequence[str] = (),
) -> None:
    """Change the register as the scenario says; ``seen`` is its version and the mark of the plan.

    Raises AdoptionFaults with every fault, UnheededAdoption when there is something to think of
    that is not among ``heeded``, Conflict when something was changed meanwhile, and what
    ``touch_scenario`` raises. The transaction must then be rolled back: whoever opened it does.
    """
    version, mark = seen
    touch_scenario(connection, scenario_id, version)
    record, items = scenario(connection, scenario_id), scenario_items(connection, scenario_id)
    if not items:
        raise AdoptionFaults([NOTHING])
    sites = _sites(connection, items, today)
    if _mark(connection, sites) != mark:
        raise Conflict(CHANGED)
    _adopt_all(connection, _Adoption(record, terms, sites, today, tuple(heeded)), items)
    mark_adopted(connection, scenario_id, record.version, account_id, terms.reason)


@dataclass(frozen=True)
class _Adoption:
    record: ScenarioRecord
    terms: AdoptionTerms
    sites: dict[int, WorkspaceSite]
    today: dt.date
    heeded: tuple[str, ...]


def _adopt_all(connection: Connection, adoption: _Adoption, items: Sequence[ItemRecord]) -> None:
    """Each item in a savepoint of its own, so that one that fails does not hide the others."""
    faults: list[str] = []
    cautions: list[tuple[str, Caution]] = []
    for item in items:
        name = _name(item, adoption.sites)
        try:
            with connection.begin_nested():
                _adopt(connection, adoption, item)
        except Unheeded as found:
            cautions += [(name, caution) for caution in found.cautions]
        except FieldFaults as found:
            faults += [f"{name}: {text}" for text in found.faults.values()]
        except StageFaults as found:
            faults += [f"{name}: {text}" for text in found.by_field.values()]
        except (OutsideScope, SecretText, Conflict, NotFound, _CanNot) as found:
            faults.append(f"{name}: {found}")
    if faults:
        raise AdoptionFaults(faults)
    if cautions:
        raise UnheededAdoption(cautions)


class _CanNot(Exception):
    """An item can't be adopted; the message says why."""


def _adopt(connection: Connection, adoption: _Adoption, item: ItemRecord) -> None:
    match item.kind:
        case "new":
            _add(connection, adoption, item)
        case "moved":
            _move(connection, adoption, item)
        case _:
            _turn(connection, adoption, item)


def _add(connection: Connection, adoption: _Adoption, item: ItemRecord) -> None:
    texts = {
        "naam": item.name or "",
        "soort": adoption.record.type,
        "plek": _place_text(item),
        "publicatie": INTERN.key,
        "toelichting": item.note or "",
    }
    first = FirstState(adoption.terms.new_status, adoption.today, item.place_count)
    save_new(connection, read_site(texts), first, adoption.terms.reason, adoption.today)


def _move(connection: Connection, adoption: _Adoption, item: ItemRecord) -> None:
    """The point is another one; the address and the outline were those of the old place."""
    site = _site_of(adoption, item)
    texts = {**site_texts(site), "plek": _place_text(item), "adres": "", "omtrek": ""}
    save_change(connection, site, read_site(texts, site))


def _turn(connection: Connection, adoption: _Adoption, item: ItemRecord) -> None:
    site, states = _site_of(adoption, item), site_states(connection, item.site_id or 0)
    before = _state_on(states, adoption.record.on_date)
    status, count = _stage_after(adoption, item, site, before)
    state = StateRecord(adoption.record.on_date, status, count, adoption.terms.reason)
    add_stage(connection, site.id, state, mark_of(states), adoption.today, adoption.heeded)


def _stage_after(
    adoption: _Adoption, item: ItemRecord, site: WorkspaceSite, before: StateRecord | None
) -> tuple[str, int | None]:
    if item.kind == "on":
        known = before.capacity_count if before else site.capacity_count
        return adoption.terms.on_status, item.place_count or known or None
    if before is None:
        raise _CanNot(
            "deze locatie heeft op die datum nog geen fase, dus er is niets uit te zetten."
        )
    ended = _ended(before)
    if ended is None:
        label = stage_of(before.status)
        raise _CanNot(f"deze locatie is op die datum al gestopt (‘{label}’).")
    return ended


def _ended(before: StateRecord) -> tuple[str, int | None] | None:
    """How something ends: what is in use closes, a plan falls; None when it ended already."""
    group = SITE_STATUSES[before.status].group.key
    if group == "ended":
        return None
    return ("afgebouwd", 0) if group == "in_use" else ("afgevallen", None)


def _site_of(adoption: _Adoption, item: ItemRecord) -> WorkspaceSite:
    site = adoption.sites.get(item.site_id or 0)
    if site is None:
        raise _CanNot("deze locatie is er niet meer, of hoort niet bij uw gemeente.")
    return site


def _sites(
    connection: Connection, items: Sequence[ItemRecord], today: dt.date
) -> dict[int, WorkspaceSite]:
    named = [item.site_id for item in items if item.site_id is not None]
    return {site.id: site for site in workspace_sites(connection, today, named)}


def _mark(connection: Connection, sites: dict[int, WorkspaceSite]) -> str:
    told = [
        f"{key} {site.version} {mark_of(site_states(connection, key))}"
        for key, site in sorted(sites.items())
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _state_on(states: Sequence[StateRecord], day: dt.date) -> StateRecord | None:
    begun = [state for state in states if state.from_date <= day]
    return begun[-1] if begun else None


def _place_text(item: ItemRecord) -> str:
    return "" if item.x_m is None or item.y_m is None else f"{round(item.x_m)}, {round(item.y_m)}"


def _name(item: ItemRecord, sites: dict[int, WorkspaceSite]) -> str:
    if item.kind == "new":
        return item.name or "Nieuwe plek"
    site = sites.get(item.site_id or 0)
    return site.name if site else "Een locatie die er niet meer is"


def _told(
    connection: Connection,
    record: ScenarioRecord,
    item: ItemRecord,
    sites: dict[int, WorkspaceSite],
) -> str:
    day = to_dutch_date(record.on_date)
    match item.kind:
        case "new":
            places = "" if item.place_count is None else f", {to_dutch(item.place_count)} plekken"
            return f"komt als interne locatie in de werkbank{places}, op {_place_text(item)} (RD)."
        case "moved":
            return _told_move(item, sites.get(item.site_id or 0))
        case "on":
            return f"krijgt vanaf {day} de fase die u hieronder kiest."
    before = _state_on(site_states(connection, item.site_id or 0), record.on_date)
    ended = None if before is None else _ended(before)
    if before is None or ended is None:
        return f"kan niet uit: er is op {day} niets dat kan stoppen."
    return f"gaat vanaf {day} van ‘{stage_of(before.status)}’ naar ‘{stage_of(ended[0])}’."


def _told_move(item: ItemRecord, site: WorkspaceSite | None) -> str:
    if site is None:
        return "kan niet worden verplaatst: deze locatie is er niet meer."
    lost = [
        word
        for word, value in (("het adres", site.address), ("de omtrek", site.outline))
        if value is not None
    ]
    gone = (
        f" Daarbij {'vervalt' if len(lost) == 1 else 'vervallen'} {' en '.join(lost)}."
        if lost
        else ""
    )
    return f"gaat van {point_text(site.point)} naar {_place_text(item)} (RD).{gone}"
