"""What came in to a conversation, as who answers it reads it: how far each is, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.dialogue.answers import Answered, answered
from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    ENTRY_WAYS,
    MODERATION_STATES,
    ContributionKind,
    EntryWay,
    ModerationState,
)
from analysis.dialogue.house_rules import HOUSE_RULES
from app.numbers import ZONE, to_dutch, to_dutch_date
from data.queries.answering import (
    AnsweredPhase,
    AnsweredTheme,
    AnsweredTrack,
    ReceivedContribution,
    answered_phases,
    answered_themes,
    answered_track,
    received_contributions,
)
from data.queries.areas import areas
from data.queries.releases import area_release

#: In the address: what is in no theme, or in no phase.
NONE = "geen"


@dataclass(frozen=True)
class ReceivedLine:
    """A contribution in words, with how far it is; where its writer lives is nowhere in it."""

    record: ReceivedContribution
    theme: AnsweredTheme | None
    phase: AnsweredPhase | None
    answer_days: int

    @property
    def kind(self) -> ContributionKind:
        """What kind of contribution it is."""
        return CONTRIBUTION_KINDS[self.record.kind]

    @property
    def entry(self) -> EntryWay:
        """By which way it came in."""
        return ENTRY_WAYS[self.record.entry]

    @property
    def moderation(self) -> ModerationState:
        """Whether everyone may read it."""
        return MODERATION_STATES[self.record.moderation]

    @property
    def is_public(self) -> bool:
        """Whether a moderator let it through."""
        return self.record.moderation == "openbaar"

    @property
    def refusal(self) -> str | None:
        """By which house rule it is not shown, when it is not."""
        key = self.record.refusal_key
        return None if key is None else HOUSE_RULES[key].label

    @property
    def answered(self) -> Answered:
        """How far it is, by its own answer or that of its theme."""
        theme = self.theme
        return answered(
            self.record.status,
            self.record.answer,
            theme.status if theme else None,
            theme.answer if theme else None,
        )

    @property
    def waits(self) -> bool:
        """Whether everyone can read it, and nobody told what was done with it."""
        return self.is_public and not self.answered.is_done

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The answers to the structured questions, in words."""
        return told_answers(self.kind, self.record.answers)

    @property
    def came_on(self) -> dt.date:
        """The day on which it came in, by the clock of the Netherlands."""
        return self.record.made_at.astimezone(ZONE).date()

    @property
    def due_on(self) -> dt.date:
        """The day by which an answer was promised."""
        return self.came_on + dt.timedelta(days=self.answer_days)

    def is_late(self, today: dt.date) -> bool:
        """Whether it waits longer than was promised."""
        return self.waits and today > self.due_on

    @property
    def beginning(self) -> str:
        """The first words, for a list."""
        text = " ".join(self.record.body.split())
        return text if len(text) <= 60 else f"{text[:57].rstrip(' .,')}..."


@dataclass(frozen=True)
class ReceivedFilter:
    """Which part of what came in is asked; None is all of it. Theme and phase: an id or NONE.

    ``words`` stand in the text, in any case, or are its code.
    """

    status: str | None = None
    theme: str | None = None
    kind: str | None = None
    moderation: str | None = None
    phase: str | None = None
    only_waiting: bool = False
    words: str | None = None

    def holds(self, line: ReceivedLine) -> bool:
        """Whether this one is asked for."""
        record = line.record
        return (
            self.status in (None, line.answered.status.key)
            and self.kind in (None, record.kind)
            and self.moderation in (None, record.moderation)
            and self.theme in (None, _word(record.theme_id))
            and self.phase in (None, _word(record.phase_id))
            and (line.waits or not self.only_waiting)
            and self._finds(record)
        )

    def _finds(self, record: ReceivedContribution) -> bool:
        if self.words is None:
            return True
        return self.words.casefold() in record.body.casefold() or self.words == record.code

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == ReceivedFilter()


@dataclass(frozen=True)
class AnsweringView:
    """A conversation with all that came in to it, the newest first."""

    track: AnsweredTrack
    lines: tuple[ReceivedLine, ...]
    themes: tuple[AnsweredTheme, ...]
    phases: tuple[AnsweredPhase, ...]

    @property
    def waiting(self) -> tuple[ReceivedLine, ...]:
        """What has no answer yet, the oldest first."""
        waits = [line for line in self.lines if line.waits]
        return tuple(sorted(waits, key=lambda line: (line.record.made_at, line.record.code)))

    def next_waiting(self, code: str, asked: ReceivedFilter) -> ReceivedLine | None:
        """Who is answered after this one: the next that is asked for and waits, or the first."""
        codes = [line.record.code for line in self.lines]
        at = codes.index(code) if code in codes else 0
        turned = (*self.lines[at:], *self.lines[:at])
        others = (line for line in turned if line.record.code != code)
        return next((line for line in others if line.waits and asked.holds(line)), None)

    def in_theme(self, theme_id: int) -> tuple[ReceivedLine, ...]:
        """What is in this theme."""
        return tuple(line for line in self.lines if line.record.theme_id == theme_id)

    def in_phase(self, phase_id: int) -> tuple[ReceivedLine, ...]:
        """What came in in this phase."""
        return tuple(line for line in self.lines if line.record.phase_id == phase_id)

    def sentence(self, today: dt.date) -> str:
        """How many came in, how many wait and since when, beside what was promised."""
        if not self.lines:
            return "Er zijn nog geen reacties binnen."
        came = f"{_count(len(self.lines), 'reactie', 'reacties')} binnen."
        return f"{came} {waiting_sentence(self.waiting, self.track.answer_days, today)}"


def answering_view(connection: Connection, track_id: int) -> AnsweringView:
    """A conversation with all that came in to it. Raises NotFound out of reach."""
    track = answered_track(connection, track_id)
    themes = answered_themes(connection, track_id)
    phases = answered_phases(connection, track_id)
    records = received_contributions(connection, track_id)
    return AnsweringView(track, _to_lines(records, track, themes, phases), themes, phases)


def waiting_sentence(waiting: Sequence[ReceivedLine], answer_days: int, today: dt.date) -> str:
    """How many wait and since when. ``waiting`` has the oldest first."""
    if not waiting:
        return "Alle openbare reacties hebben een antwoord."
    oldest = waiting[0].came_on
    days = (today - oldest).days
    many = len(waiting) > 1
    since = f"sinds {to_dutch_date(oldest)} ({_count(days, 'dag', 'dagen')})"
    told = f", de oudste {since}" if many else f", {since}"
    text = f"{_count(len(waiting), 'reactie wacht', 'reacties wachten')} op antwoord{told}."
    late = sum(line.is_late(today) for line in waiting)
    promise = f"Beloofd is een antwoord binnen {_count(answer_days, 'dag', 'dagen')}"
    return f"{text} {promise}{_late_words(late)}."


def told_answers(kind: ContributionKind, answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The answers to the structured questions in words; what is no answer of ours is left out."""
    told = []
    for question in kind.questions:
        given = answers.get(question.key)
        keys = given if isinstance(given, list) else [given]
        labels = [option.label for option in question.options if option.key in keys]
        if labels:
            told.append((question.label, ", ".join(labels)))
    return tuple(told)


def wijk_names(connection: Connection) -> dict[str, str]:
    """The names of wijken by code."""
    wijken = areas(connection, area_release(connection).id, "wijk", region_only=True)
    return {str(code): str(name) for code, name in wijken["name"].items()}


def _to_lines(
    records: Iterable[ReceivedContribution],
    track: AnsweredTrack,
    themes: Iterable[AnsweredTheme],
    phases: Iterable[AnsweredPhase],
) -> tuple[ReceivedLine, ...]:
    by_theme = {theme.id: theme for theme in themes}
    by_phase = {phase.id: phase for phase in phases}
    return tuple(
        ReceivedLine(
            record,
            by_theme.get(record.theme_id or 0),
            by_phase.get(record.phase_id or 0),
            track.answer_days,
        )
        for record in records
    )


def _word(number: int | None) -> str:
    return NONE if number is None else str(number)


def _count(count: int, one: str, many: str) -> str:
    return f"{to_dutch(count)} {one if count == 1 else many}"


def _late_words(late: int) -> str:
    if late == 0:
        return ""
    return f"; bij {_count(late, 'reactie', 'reacties')} is die tijd voorbij"
