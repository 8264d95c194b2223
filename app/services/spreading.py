"""Spreading over gemeenten or wijken: what ``data`` knows, measured by ``analysis``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES, SPREADING_BASES, PlanScope, SpreadingBase
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS, FacilityType, select_types
from analysis.method import Wording
from analysis.registry import Registry
from analysis.spreading import Spreading, headline, measure_spreading
from analysis.spreading.outcome import SEED
from app.numbers import to_dutch_significant
from app.services.kept_draws import kept_draws
from app.services.spreading_weights import read_weights
from app.words import unknown_word
from data.errors import DataError
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, site_capacities
from geo.frames import Level


class QuestionError(DataError):
    """The question can't be answered as asked; ``field`` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class SpreadingLevel:
    """A level of areas over which places are spread."""

    key: Level
    label: str
    plural: str


def types_label(types: tuple[FacilityType, ...]) -> str:
    """A choice of types in a few words: a group's name, one type, or the types joined."""
    for group in TYPE_GROUPS:
        if group.types == types:
            return group.label
    return ", ".join(entry.label for entry in types)


BASES = SPREADING_BASES
#: What is asked when an address says nothing else.
OPENING = {
    "soort": "alle_locaties",
    "niveau": "gemeente",
    "basis": "inwoners",
    "plannen": "bestaand",
}
LEVELS: Registry[SpreadingLevel] = Registry(
    "level",
    (
        SpreadingLevel("gemeente", "gemeente", "gemeenten"),
        SpreadingLevel("wijk", "wijk", "wijken"),
    ),
)


@dataclass(frozen=True)
class SpreadingQuestion:
    """Which places, over which areas, on which date, by which base, with which plans."""

    types: tuple[FacilityType, ...]
    level: SpreadingLevel
    on: dt.date
    base: SpreadingBase
    plan_scope: PlanScope

    @property
    def wording(self) -> Wording:
        """The nouns for sentences about what is asked."""
        one = self.types[0] if len(self.types) == 1 else None
        return Wording(
            place=one.counted if one else "plek",
            places=one.counted_plural if one else "plekken",
            base=self.base.noun,
            base_unit=self.base.unit,
            base_amount=self.base.amount,
            area=self.level.label,
            areas=self.level.plural,
        )

    @property
    def types_label(self) -> str:
        """The choice in a few words: a group's name, one type, or the types joined."""
        return types_label(self.types)


@dataclass(frozen=True, eq=False)
class SpreadingAnswer:
    """The measured spreading, with the release whose areas and figures it stands on."""

    question: SpreadingQuestion
    spreading: Spreading
    release: Release
    site_releases: tuple[Release, ...]
    protected_site_count: int
    task_release: Release | None = None

    @property
    def is_example(self) -> bool:
        """Whether the areas, the task or any of the sites come from an example release."""
        releases = (self.release, self.task_release, *self.site_releases)
        return any(release.is_example for release in releases if release is not None)

    @property
    def wording(self) -> Wording:
        """The nouns for sentences about this answer."""
        return self.question.wording

    @property
    def headline(self) -> str:
        """The one sentence above the figures, in plain Dutch."""
        return headline(self.spreading, self.wording, to_dutch_significant)


def read_question(
    types: Iterable[str],
    level: str,
    on: dt.date | str,
    base: str,
    plan_scope: str,
) -> SpreadingQuestion:
    """The question that these words ask; QuestionError, in Dutch, names the word that is wrong.

    ``types`` are keys, labels or group names; ``on`` a date or ``jjjj-mm-dd``.
    """
    return SpreadingQuestion(
        types=read_types(types),
        level=find_word(LEVELS, "niveau", level),
        on=_date(on),
        base=find_word(SPREADING_BASES, "basis", base),
        plan_scope=find_word(PLAN_SCOPES, "plannen", plan_scope),
    )


def opening_question(on: dt.date) -> SpreadingQuestion:
    """What the page of the spreading opens with on a date."""
    return read_question(
        [OPENING["soort"]], OPENING["niveau"], on, OPENING["basis"], OPENING["plannen"]
    )


def answer(
    connection: Connection, question: SpreadingQuestion, seed: int = SEED
) -> SpreadingAnswer:
    """Measure the spreading that is asked for; ``seed`` is where the random draws start.

    QuestionError when the base is not known on the level that is asked for.
    """
    check_level(question)
    release = area_release(connection)
    level = question.level.key
    weights = read_weights(
        connection, release.id, level, question.base, question.types, question.on
    )
    types, statuses = [entry.key for entry in question.types], question.plan_scope.statuses
    asked = (connection, release.id, level, question.on, types, statuses)
    counts = capacity_by_area(*asked)
    spreading = measure_spreading(
        _to_measure(weights.table, counts),
        site_capacity_count=site_capacities(*asked),
        seed=seed,
        draw=kept_draws,
    )
    return SpreadingAnswer(
        question=question,
        spreading=spreading,
        release=release,
        site_releases=tuple(site_releases(connection, release.id)),
        protected_site_count=int(counts["protected_site_count"].sum()),
        task_release=weights.task_release,
    )


def check_level(question: SpreadingQuestion) -> None:
    """QuestionError when the base is not known on the level that is asked for."""
    only = question.base.only_level
    if only is not None and only != question.level.key:
        amount = question.base.amount
        raise QuestionError(
            "niveau", f"{amount[0].upper()}{amount[1:]} is er alleen per {LEVELS[only].label}."
        )


def _to_measure(weights: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts.reindex(weights.index)
    unknown = counts["unknown_capacity_site_count"]
    frame = weights.copy()
    frame["capacity_count"] = counts["capacity_count"].astype("Int64").mask(unknown > 0)
    frame["capacity_reason"] = unknown.map(_capacity_reason).astype("object")
    return frame


def _capacity_reason(unknown_count: int) -> str | None:
    if unknown_count == 0:
        return None
    sites = "1 locatie" if unknown_count == 1 else f"{unknown_count} locaties"
    return f"Van {sites} is het aantal plekken nog niet bekend."


def read_types(words: Iterable[str]) -> tuple[FacilityType, ...]:
    """The types on the map that these words mean; QuestionError names what is wrong."""
    try:
        chosen = select_types(words)
    except UnknownEntryError as error:
        choices = (*FACILITY_TYPES.keys, *TYPE_GROUPS.keys)
        raise QuestionError("soort", unknown_word(error, choices)) from None
    if not chosen:
        raise QuestionError("soort", "Kies ten minste één soort.")
    off_map = [entry for entry in chosen if not entry.recorded.on_map]
    if off_map:
        entry = off_map[0]
        raise QuestionError("soort", f"{entry.label}: {entry.recorded.explanation}")
    return chosen


def find_word(registry: Registry[Any], field: str, word: str) -> Any:
    """The entry that the word means; QuestionError names the part of the address and the word."""
    try:
        return registry.find(word)
    except UnknownEntryError as error:
        raise QuestionError(field, unknown_word(error)) from None


def _date(word: dt.date | str) -> dt.date:
    if isinstance(word, dt.date):
        return word
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        raise QuestionError(
            "datum", f"{word!r} is geen datum. Schrijf een datum als 2026-01-31."
        ) from None
