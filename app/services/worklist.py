"""What there is to do in the workspace: the candidates by stage, and what they still lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.closer_look import NOT_KNOWN, QUESTIONS
from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from data.queries.areas import areas
from data.queries.releases import area_release
from data.queries.worklist import LifeStep, answer_counts, lives
from data.queries.workspace import WorkspaceSite, workspace_sites

QUESTION_COUNT = len(QUESTIONS)
#: What a site may lack: what it is called in the sentence above the list.
ANSWERS = "antwoorden op de vijf vragen"
CAPACITY = "het aantal plekken"
NEXT_DATE = "een datum voor de volgende stap"
REASON = "de reden van de fase"
STAGE = "een fase"
LACKS = (ANSWERS, STAGE, CAPACITY, NEXT_DATE, REASON)


@dataclass(frozen=True)
class WorkItem:
    """A site in the list of work; ``lacks`` are words of LACKS."""

    site: WorkspaceSite
    type: FacilityType
    status: SiteStatus | None
    gemeente_name: str
    answer_count: int
    next_state: LifeStep | None
    lacks: tuple[str, ...]

    @property
    def is_candidate(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.status is None or self.status.group.key == "plan"

    @property
    def to_do(self) -> tuple[str, ...]:
        """What it lacks, with the number of open questions."""
        open_count = QUESTION_COUNT - self.answer_count
        counted = f"antwoord op {open_count} van de {QUESTION_COUNT} vragen"
        return tuple(counted if word == ANSWERS else word for word in self.lacks)


@dataclass(frozen=True)
class Stage:
    """The candidates that are equally far; ``status`` None when their stage is not known."""

    status: SiteStatus | None
    items: tuple[WorkItem, ...]


@dataclass(frozen=True)
class WorkFilter:
    """Which part of the work is asked; None is all of it."""

    status_key: str | None = None
    type_key: str | None = None
    gemeente_code: str | None = None

    def holds(self, item: WorkItem) -> bool:
        """Whether this site is asked for."""
        return (
            self.status_key in (None, item.site.status)
            and self.type_key in (None, item.site.type)
            and self.gemeente_code in (None, item.site.gemeente_code)
        )

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == WorkFilter()


@dataclass(frozen=True)
class Worklist:
    """The whole list: candidates by stage, the farthest first, and all other sites.

    ``gemeenten`` and ``names`` (of sites, by id) are of everything within reach.
    """

    stages: tuple[Stage, ...]
    others: tuple[WorkItem, ...]
    gemeenten: Mapping[str, str]
    names: Mapping[int, str]

    @property
    def candidates(self) -> tuple[WorkItem, ...]:
        """All sites of which nothing is decided yet."""
        return tuple(item for stage in self.stages for item in stage.items)

    @property
    def sentence(self) -> str:
        """What there is to do, in the sentence that stands first."""
        waiting = [item for item in self.candidates if item.lacks]
        count = len(self.candidates)
        if not count:
            return "Er zijn nu geen kandidaten waar iets voor moet gebeuren."
        if not waiting:
            return f"{_counted(count)} compleet. Er ontbreekt niets."
        missing = [
            f"{word} ({to_dutch(lacking)})"
            for word in LACKS
            if (lacking := sum(word in item.lacks for item in waiting))
        ]
        if count == 1:
            return f"Deze kandidaat mist nog iets: {_listed(list(waiting[0].lacks))}."
        return f"{_waiting(len(waiting), count)}: {_listed(missing)}."


def worklist(connection: Connection, on: dt.date, wanted: WorkFilter) -> Worklist:
    """The work within reach on a date, as far as it is asked for."""
    everything = _items(connection, on)
    items = [item for item in everything if wanted.holds(item)]
    candidates = [item for item in items if item.is_candidate]
    return Worklist(
        stages=tuple(_stages(candidates)),
        others=tuple(sorted((i for i in items if not i.is_candidate), key=_by_stage)),
        gemeenten=_gemeenten(everything),
        names={item.site.id: item.site.name for item in everything},
    )


def gemeente_names(connection: Connection) -> dict[str, str]:
    """The names of the gemeenten of the region, by code."""
    found = areas(connection, area_release(connection).id, "gemeente", region_only=True)
    return {str(code): str(name) for code, name in found["name"].items()}


def _items(connection: Connection, on: dt.date) -> list[WorkItem]:
    answered, names = answer_counts(connection, NOT_KNOWN.key), gemeente_names(connection)
    steps = lives(connection)
    return [
        _item(site, steps.get(site.id, []), answered.get(site.id, 0), names, on)
        for site in workspace_sites(connection, on)
    ]


def _item(
    site: WorkspaceSite,
    states: list[LifeStep],
    answer_count: int,
    names: Mapping[str, str],
    on: dt.date,
) -> WorkItem:
    coming = next((state for state in states if state.from_date > on), None)
    status = None if site.status is None else SITE_STATUSES[site.status]
    reason = next((state.reason for state in states if state.from_date == site.since), None)
    return WorkItem(
        site=site,
        type=FACILITY_TYPES[site.type],
        status=status,
        gemeente_name=names.get(site.gemeente_code or "", "buiten de regio"),
        answer_count=answer_count,
        next_state=coming,
        lacks=tuple(_lacks(site, status, reason, coming, answer_count)),
    )


def _lacks(
    site: WorkspaceSite,
    status: SiteStatus | None,
    reason: str | None,
    coming: LifeStep | None,
    answer_count: int,
) -> Iterable[str]:
    group = "plan" if status is None else status.group.key
    if group == "plan" and answer_count < QUESTION_COUNT:
        yield ANSWERS
    if status is None:
        yield STAGE
        return
    if group != "ended" and site.capacity_count is None:
        yield CAPACITY
    if group in ("plan", "decided") and coming is None:
        yield NEXT_DATE
    if (group == "plan" or status.asks_reason) and not reason:
        yield REASON


def _stages(candidates: list[WorkItem]) -> Iterable[Stage]:
    statuses: list[SiteStatus | None] = [None, *sorted(SITE_STATUSES, key=lambda s: -s.order)]
    for status in statuses:
        items = tuple(item for item in candidates if item.status == status)
        if items:
            yield Stage(status, items)


def _by_stage(item: WorkItem) -> int:
    return item.status.order if item.status else 0


def _gemeenten(items: list[WorkItem]) -> dict[str, str]:
    pairs = {(item.gemeente_name, item.site.gemeente_code or "") for item in items}
    return {code: name for name, code in sorted(pairs) if code}


def _counted(count: int) -> str:
    return "Eén kandidaat is" if count == 1 else f"Alle {to_dutch(count)} kandidaten zijn"


def _waiting(waiting: int, count: int) -> str:
    if waiting == count:
        return f"Alle {to_dutch(count)} kandidaten missen nog iets"
    verb = "mist er 1" if waiting == 1 else f"missen er {to_dutch(waiting)}"
    return f"Van de {to_dutch(count)} kandidaten {verb} nog iets"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"
