"""The stages of a site: the next one, correcting one, and removing one that was wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.site_life import Caution, Step, cautions, usual_next
from app.numbers import to_dutch_date
from app.services import current
from app.services.closer_look import unanswered
from data.changes.refusals import hold_site
from data.changes.states import NO_STATE, add_state, change_state, check_seen, mark_of, remove_state
from data.errors import DataError, NotFound
from data.publication import OPENBAAR
from data.queries.workspace import StateRecord, WorkspaceSite, site_states

EARLIEST = dt.date(1900, 1, 1)
_LATEST_YEARS_AHEAD = 25


@dataclass(frozen=True)
class Stage:
    """One row of a site's life, for a page."""

    record: StateRecord
    status: SiteStatus
    is_now: bool
    is_expected: bool


@dataclass(frozen=True)
class SiteLife:
    """The whole life of a site on a day; ``mark`` changes with anything of it."""

    stages: tuple[Stage, ...]
    mark: str

    @property
    def now(self) -> Stage | None:
        """The stage that holds today."""
        return next((stage for stage in self.stages if stage.is_now), None)

    @property
    def likely(self) -> tuple[SiteStatus, ...]:
        """The stages that usually follow, the likeliest first."""
        return usual_next(self.now.status if self.now else None)

    def of(self, from_date: dt.date) -> Stage:
        """The stage that began on a date; NotFound when none did."""
        found = [stage for stage in self.stages if stage.record.from_date == from_date]
        if not found:
            raise NotFound(NO_STATE)
        return found[0]


class StageFaults(DataError):
    """The stage can't be kept like this; ``by_field`` says why, in words."""

    def __init__(self, by_field: dict[str, str]) -> None:
        super().__init__(" ".join(by_field.values()))
        self.by_field = by_field


class Unheeded(DataError):
    """There is something to think of first; the stage may be kept all the same."""

    def __init__(self, found: tuple[Caution, ...]) -> None:
        super().__init__(" ".join(caution.text for caution in found))
        self.cautions = found


def site_life(connection: Connection, site_id: int, on: dt.date) -> SiteLife:
    """Every stage of a site within reach, the oldest first."""
    states = site_states(connection, site_id)
    now = _at(states, on)
    return SiteLife(
        tuple(
            Stage(state, SITE_STATUSES[state.status], state is now, state.from_date > on)
            for state in states
        ),
        mark_of(states),
    )


def stage_section(connection: Connection, site: WorkspaceSite) -> dict[str, object]:
    """What ``werkbank/_fase.html`` shows."""
    return {"life": site_life(connection, site.id, current.today())}


def foreseen(connection: Connection, site_id: int, life: SiteLife) -> tuple[Caution, ...]:
    """What to think of before the likeliest step, told before anything is typed."""
    if life.now is None or not life.likely:
        return ()
    step = Step(life.now.status, life.likely[0])
    return cautions(step, unanswered(connection, site_id))


def add_stage(
    connection: Connection,
    site_id: int,
    typed: StateRecord,
    seen_mark: str,
    today: dt.date,
    heeded: Sequence[str] = (),
) -> None:
    """Keep the next stage. Raises StageFaults, Unheeded or (seen something else) Conflict.

    ``heeded`` are the keys of the cautions that someone has read already.
    """
    hold_site(connection, site_id)
    states = check_seen(connection, site_id, seen_mark)
    _check(_step_faults(states, typed, today))
    before = _at(states, typed.from_date)
    step = Step(SITE_STATUSES[before.status] if before else None, SITE_STATUSES[typed.status])
    found = cautions(step, unanswered(connection, site_id))
    if not {caution.key for caution in found} <= set(heeded):
        raise Unheeded(found)
    add_state(connection, site_id, typed)


def correct_stage(
    connection: Connection,
    site_id: int,
    from_date: dt.date,
    typed: StateRecord,
    seen_mark: str,
    today: dt.date,
) -> None:
    """Write over a stage that was wrong. Raises StageFaults, NotFound or Conflict."""
    hold_site(connection, site_id)
    states = check_seen(connection, site_id, seen_mark)
    faults = _own_faults(typed, today)
    others = [state for state in states if state.from_date != from_date]
    if len(others) == len(states):
        raise NotFound(NO_STATE)
    faults |= _taken(others, typed)
    if typed in states:
        faults.setdefault("status", "Dit staat er al zo. Er is niets gewijzigd.")
    _check(faults)
    change_state(connection, site_id, from_date, typed)


def remove_stage(connection: Connection, site_id: int, from_date: dt.date, seen_mark: str) -> None:
    """Take away a stage that was wrong. Raises NotFound or Conflict."""
    hold_site(connection, site_id)
    check_seen(connection, site_id, seen_mark)
    remove_state(connection, site_id, from_date)


def told_where(publication: str) -> str:
    """Who can read the reason that stands with a stage."""
    if publication == OPENBAAR.key:
        return "Iedereen kan dit lezen: het komt op de openbare pagina van deze locatie."
    return (
        "Deze locatie is niet openbaar. Alleen wie in de werkbank werkt, kan dit lezen. Wordt de "
        "locatie later openbaar, dan kan iedereen het lezen."
    )


def _at(states: Sequence[StateRecord], day: dt.date) -> StateRecord | None:
    begun = [state for state in states if state.from_date <= day]
    return begun[-1] if begun else None


def _check(faults: dict[str, str]) -> None:
    if faults:
        raise StageFaults(faults)


def _own_faults(typed: StateRecord, today: dt.date) -> dict[str, str]:
    faults = {}
    status = SITE_STATUSES[typed.status]
    if status.asks_reason and typed.reason is None:
        faults["reason"] = f"Vul in waarom. Bij ‘{status.label}’ hoort altijd een reden."
    if typed.from_date < EARLIEST:
        faults["from_date"] = "Deze datum is te lang geleden."
    if typed.from_date.year > today.year + _LATEST_YEARS_AHEAD:
        faults["from_date"] = f"Deze datum ligt meer dan {_LATEST_YEARS_AHEAD} jaar vooruit."
    return faults


def _taken(states: Sequence[StateRecord], typed: StateRecord) -> dict[str, str]:
    for state in states:
        if state.from_date == typed.from_date:
            label = SITE_STATUSES[state.status].label
            return {
                "from_date": f"Op deze datum begint al ‘{label}’, en er begint hoogstens één fase "
                "per dag. Kies een andere datum, of verbeter die fase."
            }
    return {}


def _step_faults(
    states: Sequence[StateRecord], typed: StateRecord, today: dt.date
) -> dict[str, str]:
    faults = {**_own_faults(typed, today), **_taken(states, typed)}
    now = _at(states, today)
    if now is not None and typed.from_date < now.from_date:
        faults["from_date"] = (
            f"De fase van nu, ‘{SITE_STATUSES[now.status].label}’, begon op "
            f"{to_dutch_date(now.from_date)}. Kies een latere datum, of verbeter die fase."
        )
    before = _at(states, typed.from_date)
    if before is not None and _says_nothing_new(before, typed):
        faults.setdefault("status", "Dit staat er al zo. Er is niets gewijzigd.")
    return faults


def _says_nothing_new(before: StateRecord, typed: StateRecord) -> bool:
    return (before.status, before.capacity_count) == (typed.status, typed.capacity_count) and (
        typed.reason in (None, before.reason)
    )
