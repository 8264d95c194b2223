"""Numbers with internal sites: by gemeente or wijk and type, with what they add to what is public.

No name, no address and no number of a site: the views behind it do not have them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.numbers import to_dutch, to_dutch_date
from app.services.area_list import SHOWN_TYPES
from app.services.area_profile import Places
from app.services.downloads import Download
from app.services.lists import Column, SourceLine, plain
from data.publication import GEBIED, INTERN, OPENBAAR
from data.queries.areas import areas
from data.queries.internal_sites import internal_counts
from data.queries.releases import Release, area_release
from geo.frames import Level

#: Parts of the life of a site that can be asked for: label, and the groups of stages in it.
STAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "in_gebruik": ("in gebruik", ("in_use",)),
    "komend": ("besloten of in voorbereiding", ("decided", "plan")),
}
CONFIDENTIAL = "vertrouwelijk"
_PARTS = ((OPENBAAR.key, "openbaar"), (GEBIED.key, "afgeschermd"), (INTERN.key, "intern"))


@dataclass(frozen=True)
class InternalQuestion:
    """What is asked; no types means all that are sites."""

    on: dt.date
    level: Level = "gemeente"
    types: tuple[str, ...] = ()
    stage: str = "in_gebruik"

    @property
    def stage_label(self) -> str:
        """The stage in a sentence."""
        return STAGES[self.stage][0]


@dataclass(frozen=True)
class InternalRow:
    """One type in one area: sites and places by publication level."""

    area_code: str
    area_name: str
    gemeente_name: str
    type_label: str
    open: Places
    protected: Places
    internal: Places

    @property
    def public(self) -> Places:
        """What everyone sees: open and protected together."""
        return self.open + self.protected

    @property
    def together(self) -> Places:
        """All of it."""
        return self.public + self.internal


@dataclass(frozen=True)
class InternalCounts:
    """The answer: rows by area and type, only where there is something."""

    question: InternalQuestion
    rows: tuple[InternalRow, ...]
    release: Release

    def total(self, part: str) -> Places:
        """The sum of a part (``open``, ``protected``, ``internal``, ``public``, ``together``)."""
        return sum((getattr(row, part) for row in self.rows), Places())

    @property
    def sentence(self) -> str:
        """What internal sites add, in one or two sentences."""
        on, stage = to_dutch_date(self.question.on), self.question.stage_label
        public, internal = self.total("public"), self.total("internal")
        first = f"Op {on} zijn er in de regio {_words(public)} {stage} die openbaar meetellen."
        if not internal.site_count:
            return f"{first} Interne locaties zijn er niet bij."
        return (
            f"{first} Intern komen daar {_words(internal)} bij: {_words(self.total('together'))}."
        )


def read_internal_counts(connection: Connection, question: InternalQuestion) -> InternalCounts:
    """The numbers on a date. Needs the database role COUNCIL."""
    release = area_release(connection)
    asked = tuple(key for key in question.types or SHOWN_TYPES if key in SHOWN_TYPES)
    groups = STAGES[question.stage][1]
    statuses = [entry.key for entry in SITE_STATUSES if entry.group.key in groups]
    counts = internal_counts(connection, release.id, question.level, question.on, asked, statuses)
    places = areas(connection, release.id, question.level, region_only=True)
    return InternalCounts(question, _rows(counts, places), release)


def _rows(counts: pd.DataFrame, places: pd.DataFrame) -> tuple[InternalRow, ...]:
    found = []
    names, gemeenten = places["name"].to_dict(), places["gemeente_name"].to_dict()
    for key, rows in counts.groupby(["area_code", "type"], sort=False):
        code, kind = map(str, key)
        by_part = {str(row["publication"]): _places(row) for _, row in rows.iterrows()}
        parts = (by_part.get(level, Places()) for level, _ in _PARTS)
        label = FACILITY_TYPES[kind].label
        found.append(InternalRow(code, names[code], gemeenten[code], label, *parts))
    return tuple(
        sorted(
            found, key=lambda row: (plain(row.gemeente_name), plain(row.area_name), row.type_label)
        )
    )


def _places(row: pd.Series) -> Places:
    return Places(
        int(row["capacity_count"]), int(row["site_count"]), int(row["unknown_capacity_site_count"])
    )


def _words(places: Places) -> str:
    sites = f"{to_dutch(places.site_count)} {'locatie' if places.site_count == 1 else 'locaties'}"
    if places.site_count and places.unknown_site_count == places.site_count:
        return f"{sites} met een onbekend aantal plekken"
    least = "minstens " if places.unknown_site_count else ""
    noun = "plek" if places.place_count == 1 else "plekken"
    return f"{sites} met {least}{to_dutch(places.place_count)} {noun}"


def internal_download(answer: InternalCounts) -> Download:
    """The rows as a file; every row says that it is confidential."""
    numbers = [
        Column(f"{what}_{part}", f"{what.capitalize()} {part}", "whole")
        for _, part in _PARTS
        for what in ("locaties", "plekken")
    ]
    unknown = Column("locaties_zonder_aantal", "Locaties zonder bekend aantal plekken", "whole")
    texts = [
        Column(key, key.replace("_", " ").capitalize(), "text")
        for key in ("status", "datum", "fase", "gebied_code", "gebied", "gemeente", "soort")
    ]
    columns = (*texts, *numbers, unknown)
    records = [_record(row, answer.question) for row in answer.rows]
    return Download(
        name=f"{CONFIDENTIAL}-aantallen",
        title="Aantallen met interne locaties",
        columns=columns,
        rows=pd.DataFrame(records, columns=[column.key for column in columns]),
        sources=(SourceLine("gebieden", "Gebieden", answer.release),),
    )


def _record(row: InternalRow, question: InternalQuestion) -> tuple[object, ...]:
    parts = (row.open, row.protected, row.internal)
    return (
        CONFIDENTIAL,
        question.on.isoformat(),
        question.stage_label,
        row.area_code,
        row.area_name,
        row.gemeente_name,
        row.type_label,
        *(count for part in parts for count in (part.site_count, part.place_count)),
        row.together.unknown_site_count,
    )
