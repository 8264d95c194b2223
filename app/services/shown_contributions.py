"""Contributions as everyone reads them: what was brought in, what was done with it, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.dialogue.answers import Answered, answered
from analysis.dialogue.contributions import CONTRIBUTION_KINDS, ENTRY_WAYS, ContributionKind
from app.numbers import to_dutch
from data.queries.contributions import (
    AskedContributions,
    ContributionRecord,
    ThemeRecord,
    count_public_contributions,
    public_contributions,
    public_themes,
)
from geo.crs import to_wgs84

PER_PAGE = 10
#: The sign of each kind on the map and in the list, so that no colour is needed.
SIGNS: Mapping[str, str] = {"zorg": "!", "kans": "+", "idee": "*", "vraag": "?", "plek": "P"}


@dataclass(frozen=True)
class ShownContribution:
    """One contribution in the words of the page."""

    record: ContributionRecord
    kind: ContributionKind
    entry: str
    outcome: Answered
    answered_at: dt.datetime | None

    @property
    def url(self) -> str:
        """The address of its own page."""
        return f"/reactie/{self.record.code}"

    @property
    def sign(self) -> str:
        """The sign of its kind."""
        return SIGNS[self.kind.key]

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The questions that were answered, each with the answers."""
        return tuple(_told(self.kind, self.record.answers))

    @property
    def lon_lat(self) -> tuple[float, float] | None:
        """A point of its place on the map (WGS 84), when it has one."""
        if self.record.geom is None:
            return None
        point = self.record.geom.representative_point()
        return to_wgs84(point.x, point.y)


@dataclass(frozen=True)
class ContributionPage:
    """One page of the contributions that were asked for."""

    shown: tuple[ShownContribution, ...]
    count: int
    number: int
    themes: tuple[ThemeRecord, ...]

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PER_PAGE))

    @property
    def sentence(self) -> str:
        """How many there are, and which of them stand here."""
        if not self.count:
            return "Er zijn geen reacties die bij uw keuze passen."
        if self.count == 1:
            return "Er is 1 reactie."
        text = f"Er zijn {to_dutch(self.count)} reacties. De nieuwste staat bovenaan."
        if self.page_count == 1:
            return text
        first = (self.number - 1) * PER_PAGE + 1
        last = first + len(self.shown) - 1
        return f"{text} U ziet nummer {to_dutch(first)} tot en met {to_dutch(last)}."


def contribution_page(
    connection: Connection, track_id: int, asked: AskedContributions, number: int
) -> ContributionPage:
    """The contributions of a conversation that are asked for, the newest first, 25 on a page."""
    found = public_contributions(
        connection, track_id, asked, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    is_all = number == 1 and len(found) < PER_PAGE
    count = len(found) if is_all else count_public_contributions(connection, track_id, asked)
    themes = public_themes(connection, track_id)
    return ContributionPage(tuple(shown(record) for record in found), count, number, themes)


def shown(record: ContributionRecord) -> ShownContribution:
    """A contribution with what was done with it: by itself, or with its theme."""
    outcome = answered(record.status, record.answer, record.theme_status, record.theme_answer)
    has_own = bool((record.answer or "").strip())
    return ShownContribution(
        record,
        CONTRIBUTION_KINDS[record.kind],
        ENTRY_WAYS[record.entry].label,
        outcome,
        record.answered_at if has_own else record.theme_answered_at,
    )


def _told(kind: ContributionKind, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answers that the kind no longer knows are left out: their words are not ours."""
    for question in kind.questions:
        given = answers.get(question.key)
        keys = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        labels = [option.label for option in question.options if option.key in keys]
        if labels:
            yield question.label, ", ".join(labels)
