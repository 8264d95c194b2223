"""Many sites at once: what a file would change, site by site, and doing it as a whole.

Nothing is written over: a site that someone changed since the sheet was made is a conflict, and
with one conflict or refusal nothing of the file is stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import shapely
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from psycopg.errors import UniqueViolation
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.numbers import to_dutch, to_dutch_date
from app.services.bulk_file import BulkFile, OfferedSite, OfferedState
from app.services.bulk_sheet import version_mark
from app.services.site_form import LONGEST_LINE, LONGEST_TEXT
from data.changes.bulk import lock_sites, replace_states
from data.changes.refusals import SecretText, in_words
from data.changes.releases import workspace_release
from data.changes.sites import OutsideScope, SiteFields, add_site, change_site
from data.publication import INTERN, PUBLICATION_LEVELS
from data.queries.worklist import LifeStep, lives
from data.queries.workspace import WorkspaceSite, workspace_sites

Kind = Literal["new", "changed", "unchanged", "conflict", "refused"]
#: A spreadsheet rounds a place; so far off it is still the same.
SAME_PLACE_M = 0.011
_LABELS = {
    "name": "Naam",
    "type": "Soort plek",
    "provider": "Aanbieder",
    "address": "Adres",
    "description": "Toelichting",
    "publication": "Wie mag dit zien?",
    "valid_from": "In het overzicht vanaf",
    "valid_to": "In het overzicht tot en met",
    "point": "Plek (RD)",
}
_LONGEST = {"name": LONGEST_LINE, "provider": LONGEST_LINE, "address": LONGEST_LINE}
_LONGEST |= {"description": LONGEST_TEXT}
_EMPTY = "leeg"


@dataclass(frozen=True)
class Difference:
    """One thing that the file has otherwise, both ways in words."""

    label: str
    stored: str
    offered: str


@dataclass(frozen=True)
class SitePlan:
    """What the file would do to one site. ``mark`` is its version now."""

    row: int
    code: str
    name: str
    kind: Kind
    differences: tuple[Difference, ...] = ()
    problem: str | None = None
    mark: str | None = None
    stored: WorkspaceSite | None = field(default=None, repr=False)
    fields: SiteFields | None = field(default=None, repr=False)
    states: tuple[OfferedState, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class BulkPlan:
    """What the file would do. ``left_out_count`` sites are not in it, and stay as they are."""

    name: str
    sites: tuple[SitePlan, ...]
    left_out_count: int
    notes: tuple[str, ...]

    def of_kind(self, kind: Kind) -> tuple[SitePlan, ...]:
        """The sites for which this is planned."""
        return tuple(site for site in self.sites if site.kind == kind)

    @property
    def to_write(self) -> tuple[SitePlan, ...]:
        """The sites that would be written."""
        return self.of_kind("new") + self.of_kind("changed")

    @property
    def may_be_applied(self) -> bool:
        """Whether there is something to write and nothing to solve first."""
        return bool(self.to_write) and not self.of_kind("conflict") + self.of_kind("refused")

    @property
    def checksum(self) -> str:
        """What stays the same as long as the plan does."""
        told = repr([(s.code, s.kind, s.mark, s.differences, s.states) for s in self.sites])
        return hashlib.sha256(told.encode()).hexdigest()


def plan_edit(connection: Connection, file: BulkFile, today: dt.date) -> BulkPlan:
    """What this file would change now. Tries it, and takes the trial back."""
    stored = {site.site_code: site for site in workspace_sites(connection, today)}
    steps = lives(connection)
    sites = [_plan(offered, stored.get(offered.code), steps, file.keys) for offered in file.sites]
    offered_codes = {site.code for site in file.sites}
    notes = list(file.notes)
    if any(site.kind == "changed" and _has_no_mark(file, site) for site in sites):
        notes.append(
            "Bij sommige locaties staat geen versie. Wij kunnen dan niet zien of iemand anders ze "
            "intussen wijzigde. Kijk de verschillen goed na."
        )
    return BulkPlan(
        file.name,
        tuple(_tried(connection, sites, today)),
        len(stored.keys() - offered_codes),
        tuple(notes),
    )


def locked_plan(connection: Connection, file: BulkFile, today: dt.date) -> BulkPlan:
    """The plan, while nobody else can change these sites until the transaction ends."""
    lock_sites(connection, [site.code for site in file.sites])
    return plan_edit(connection, file, today)


def apply_plan(connection: Connection, plan: BulkPlan, today: dt.date) -> None:
    """Write the plan. The transaction keeps it as a whole, or not at all."""
    assert plan.may_be_applied
    release_id = workspace_release(connection, today)
    for site in plan.to_write:
        _write(connection, site, release_id)


def _has_no_mark(file: BulkFile, plan: SitePlan) -> bool:
    return any(site.code == plan.code and site.mark is None for site in file.sites)


def _plan(
    offered: OfferedSite,
    stored: WorkspaceSite | None,
    steps: Mapping[int, Sequence[LifeStep]],
    keys: frozenset[str],
) -> SitePlan:
    wanted = _wanted_fields(offered, stored)
    kept = _as_states(steps.get(stored.id, ()) if stored else ())
    states = _wanted_states(offered, kept, keys)
    name = str(offered.facts["name"])
    plan = SitePlan(offered.row, offered.code, name, "new", (), _fault_of(wanted, stored))
    plan = replace(plan, stored=stored, fields=wanted, states=states)
    if stored is None:
        return replace(plan, kind="refused" if plan.problem else "new")
    mark = version_mark(stored, steps.get(stored.id, ()))
    differences = (*_field_differences(stored, wanted), *_state_differences(kept, states))
    plan = replace(plan, mark=mark, differences=differences)
    if not differences:
        return replace(plan, kind="unchanged", problem=None)
    if offered.mark is not None and offered.mark != mark:
        return replace(plan, kind="conflict", problem=_conflict_words(mark))
    return replace(plan, kind="refused" if plan.problem else "changed")


def _conflict_words(mark: str) -> str:
    return (
        "Iemand wijzigde deze locatie nadat dit werkblad is gemaakt. Haal een nieuw werkblad op en "
        f"wijzig het daarin. Of, als uw bestand klopt: zet {mark} in de kolom versie bij deze "
        "locatie en lees het bestand opnieuw in."
    )


def _wanted_fields(offered: OfferedSite, stored: WorkspaceSite | None) -> SiteFields:
    """The file's facts; what it does not speak of, or has the same, stays as it is stored."""
    wanted: dict[str, Any] = {}
    for name in _LABELS:
        before = getattr(stored, name, None)
        value = offered.facts.get(name, before)
        same = isinstance(before, str) and _as_read(before) == value
        wanted[name] = before if same else value
    point = shapely.Point(offered.x_m, offered.y_m)
    if stored is not None and stored.point.distance(point) <= SAME_PLACE_M:
        point = stored.point
    wanted |= {"point": point, "publication": wanted["publication"] or INTERN.key}
    return SiteFields(**wanted, outline=stored.outline if stored else None)


def _as_read(text: str) -> str | None:
    """A stored text as it comes back from a sheet."""
    return " ".join(ILLEGAL_CHARACTERS_RE.sub("", text).split()) or None


def _fault_of(wanted: SiteFields, stored: WorkspaceSite | None) -> str | None:
    for name, most in _LONGEST.items():
        text = getattr(wanted, name) or ""
        if len(text) > most and text != getattr(stored, name, None):
            return f"{_LABELS[name]} is langer dan {most} tekens. Maak de tekst korter."
    is_moved = stored is not None and wanted.point != stored.point
    if is_moved and wanted.outline is not None and not wanted.outline.covers(wanted.point):
        return (
            "De nieuwe plek ligt buiten de omtrek van deze locatie. Wijzig de plek en de omtrek "
            "samen, in het formulier van de locatie."
        )
    return None


def _as_states(steps: Iterable[LifeStep]) -> tuple[OfferedState, ...]:
    return tuple(
        OfferedState(step.from_date, step.status, step.capacity_count, step.reason)
        for step in steps
    )


def _wanted_states(
    offered: OfferedSite, kept: tuple[OfferedState, ...], keys: frozenset[str]
) -> tuple[OfferedState, ...]:
    """The life by the file. Without a version it speaks only from its first date on."""
    by_day = {state.from_date: state for state in kept}
    states = []
    for state in offered.states:
        before = by_day.get(state.from_date)
        if before is not None and "capacity_count" not in keys:
            state = replace(state, capacity_count=before.capacity_count)
        if before is not None and ("reason" not in keys or _same_reason(before, state)):
            state = replace(state, reason=before.reason)
        states.append(state)
    first = min(state.from_date for state in states)
    earlier = [state for state in kept if state.from_date < first and offered.mark is None]
    return tuple(sorted([*earlier, *states], key=lambda state: state.from_date))


def _same_reason(before: OfferedState, state: OfferedState) -> bool:
    return _as_read(before.reason or "") == state.reason


def _field_differences(stored: WorkspaceSite, wanted: SiteFields) -> Iterable[Difference]:
    for name, label in _LABELS.items():
        before, after = getattr(stored, name), getattr(wanted, name)
        if before != after:
            yield Difference(label, _shown(name, before), _shown(name, after))


def _state_differences(
    kept: Iterable[OfferedState], wanted: Iterable[OfferedState]
) -> Iterable[Difference]:
    before = {state.from_date: state for state in kept}
    after = {state.from_date: state for state in wanted}
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            label = f"Fase vanaf {to_dutch_date(day)}"
            yield Difference(label, _life_words(before.get(day)), _life_words(after.get(day)))


def _life_words(state: OfferedState | None) -> str:
    if state is None:
        return "staat er niet"
    words = SITE_STATUSES[state.status].label
    if state.capacity_count is not None:
        noun = "plek" if state.capacity_count == 1 else "plekken"
        words += f", {to_dutch(state.capacity_count)} {noun}"
    return f"{words}. Reden: {state.reason}" if state.reason else words


def _shown(name: str, value: Any) -> str:
    if value is None:
        return _EMPTY
    if name == "type":
        return FACILITY_TYPES[value].label
    if name == "publication":
        return next(level.label for level in PUBLICATION_LEVELS if level.key == value)
    if isinstance(value, dt.date):
        return to_dutch_date(value)
    if isinstance(value, shapely.Point):
        return f"{value.x:.2f}, {value.y:.2f}"
    return str(value)


def _tried(connection: Connection, sites: Iterable[SitePlan], today: dt.date) -> Iterable[SitePlan]:
    """Each site as the database takes it: what it refuses is refused. Nothing is kept."""
    tried = []
    with connection.begin_nested() as trial:
        release_id = workspace_release(connection, today)
        for site in sites:
            if site.kind in ("new", "changed"):
                problem = _problem_of(connection, site, release_id)
                site = replace(site, kind="refused", problem=problem) if problem else site
            tried.append(site)
        trial.rollback()
    return tried


def _problem_of(connection: Connection, site: SitePlan, release_id: int) -> str | None:
    try:
        with in_words(), connection.begin_nested():
            _write(connection, site, release_id)
    except (OutsideScope, SecretText) as error:
        return str(error)
    except DBAPIError as error:
        if isinstance(error.orig, UniqueViolation):
            return "Deze code kunt u niet gebruiken: die is al in gebruik. Kies een andere code."
        return "Dit kan zo niet worden bewaard. Kijk deze rij goed na."
    return None


def _write(connection: Connection, site: SitePlan, release_id: int) -> None:
    assert site.fields is not None
    if site.stored is None:
        site_id = add_site(connection, release_id, site.fields, site.code)
    else:
        site_id = site.stored.id
        if any(
            getattr(site.stored, each.name) != getattr(site.fields, each.name)
            for each in fields(SiteFields)
        ):
            change_site(connection, site_id, site.fields, site.stored.version)
    replace_states(connection, site_id, site.states)
