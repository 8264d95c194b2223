"""What happened in an area between two dates: sites that came, went, grew or shrank.

Of protected sites only the places of the whole area together are told: never a name, a date or
a reason, and nothing when they stay the same together.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd

from analysis.registry import Registry


@dataclass(frozen=True)
class EventKind:
    """What can happen to a site between two dates."""

    key: str
    label: str


EVENT_KINDS = Registry(
    "event kind",
    (
        EventKind("came", "kwam erbij"),
        EventKind("went", "ging weg"),
        EventKind("grew", "kreeg meer plekken"),
        EventKind("shrank", "kreeg minder plekken"),
        EventKind("unsure", "kreeg een ander aantal plekken"),
    ),
)


@dataclass(frozen=True)
class SiteEvent:
    """What happened to one wholly public site; places that are not known are None."""

    kind: EventKind
    site_id: int
    name: str
    on: dt.date
    before_count: int | None
    after_count: int | None
    reason: str | None


@dataclass(frozen=True)
class AreaEvents:
    """What happened in one area.

    ``protected_difference_count`` is how many places of protected sites the area has more (+) or
    less (-), all together; None when there is no difference to tell or it is not known.
    """

    area_code: str
    sites: tuple[SiteEvent, ...]
    protected_difference_count: int | None


def area_events(states: pd.DataFrame, then: dt.date, now: dt.date) -> tuple[AreaEvents, ...]:
    """What happened after ``then``, until ``now``, by area code.

    ``states`` is as ``site_states`` gives it for one release of areas, with a column ``counts``.
    What came and went again in between leaves no trace here, as it leaves none in the figures.
    """
    rows = _records(states)
    sites: dict[str, list[SiteEvent]] = {}
    protected: dict[str, list[int | None]] = {}
    for _, states_of_site in itertools.groupby(rows, key=attrgetter("site_id")):
        life = list(states_of_site)
        before, after = _standing(life, then), _standing(life, now)
        code = life[0].area_code
        if life[0].has_public_place:
            event = _event(life, before, after, then, now)
            if event is not None:
                sites.setdefault(code, []).append(event)
        else:
            protected.setdefault(code, []).append(_difference(before, after))
    differences = {code: _together(parts) for code, parts in protected.items()}
    codes = sorted({*sites, *(code for code, count in differences.items() if count)})
    return tuple(
        AreaEvents(
            code,
            tuple(sorted(sites.get(code, ()), key=attrgetter("on", "name", "site_id"))),
            differences.get(code) or None,
        )
        for code in codes
    )


class _State(NamedTuple):
    """A state as ``site_states`` has it, with plain dates and numbers."""

    site_id: int
    area_code: str
    has_public_place: bool
    name: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    from_date: dt.date
    counts: bool
    capacity_count: int | None
    reason: str | None


def _records(states: pd.DataFrame) -> Iterator[_State]:
    columns = [[_plain(value) for value in states[name]] for name in _State._fields]
    return itertools.starmap(_State, zip(*columns, strict=True))


def _plain(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _last(life: list[_State], on: dt.date) -> _State | None:
    begun = [state for state in life if state.from_date <= on]
    return begun[-1] if begun else None


def _standing(life: list[_State], on: dt.date) -> _State | None:
    """The state on the date, when the site counts then."""
    state = _last(life, on)
    if state is None or not state.counts:
        return None
    too_early = state.valid_from is not None and on < state.valid_from
    too_late = state.valid_to is not None and on > state.valid_to
    return None if too_early or too_late else state


def _event(
    life: list[_State], before: _State | None, after: _State | None, then: dt.date, now: dt.date
) -> SiteEvent | None:
    key = _kind(before, after)
    if key is None:
        return None
    told = after if before and after else _telling(life, now)
    began = told.from_date
    if before is None and told.valid_from is not None:
        began = max(began, told.valid_from)
    if after is None and told.valid_to is not None and told.counts:
        began = told.valid_to
    return SiteEvent(
        kind=EVENT_KINDS[key],
        site_id=int(life[0].site_id),
        name=str(life[0].name),
        on=began,
        before_count=0 if before is None else before.capacity_count,
        after_count=0 if after is None else after.capacity_count,
        reason=told.reason or None,
    )


def _kind(before: _State | None, after: _State | None) -> str | None:
    if before is None or after is None:
        return None if before is after else "came" if before is None else "went"
    old, new = before.capacity_count, after.capacity_count
    if old == new:
        return None
    if old is None or new is None:
        return "unsure"
    return "grew" if new > old else "shrank"


def _telling(life: list[_State], now: dt.date) -> _State:
    """The first state of the last stretch in which the site counts, or does not."""
    begun = [state for state in life if state.from_date <= now]
    first = begun[-1]
    for state in reversed(begun):
        if state.counts != begun[-1].counts:
            break
        first = state
    return first


def _difference(before: _State | None, after: _State | None) -> int | None:
    old = 0 if before is None else before.capacity_count
    new = 0 if after is None else after.capacity_count
    return None if old is None or new is None else new - old


def _together(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
