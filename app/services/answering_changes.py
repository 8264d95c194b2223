"""Answering what came in: alone or with a theme, and closing a phase when all have an answer.

What people were told is not taken back: after a phase is closed an answer may be made better, but
nobody in it is left without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.answers import answered, needs_answer
from analysis.dialogue.contributions import CONTRIBUTION_STATUSES
from app.numbers import to_dutch
from app.services.answering import AnsweringView, ReceivedLine, answering_view
from data.changes import answering as changes
from data.changes.answering import AnswerFields, By, ThemeFields
from data.changes.tracks import hold_track
from data.errors import DataError, NotFound
from data.queries.answering import (
    NO_CONTRIBUTION,
    NO_PHASE,
    NO_THEME,
    AnsweredPhase,
    AnsweredTheme,
)

WITHOUT_ANSWER = "Bij ‘{status}’ hoort een antwoord. Schrijf op waarom."
MOST_THEMES = 50


class AnswerFault(DataError):
    """What is asked can't be done with an answer, a theme or a phase; the message says why."""


class StillOpen(AnswerFault):
    """A phase can't be closed yet: ``waiting`` have no answer."""

    def __init__(self, waiting: tuple[ReceivedLine, ...]) -> None:
        self.waiting = waiting
        count = len(waiting)
        super().__init__(
            f"{to_dutch(count)} {'reactie heeft' if count == 1 else 'reacties hebben'} nog geen "
            "antwoord. De fase blijft open tot alle openbare reacties een antwoord hebben."
        )


@dataclass(frozen=True)
class PhaseClosing:
    """What is needed to close a phase: ``waiting`` have no answer, the oldest first.

    ``unread`` were not let through or refused yet by a moderator.
    """

    view: AnsweringView
    phase: AnsweredPhase
    lines: tuple[ReceivedLine, ...]

    @property
    def public(self) -> tuple[ReceivedLine, ...]:
        """What everyone can read."""
        return tuple(line for line in self.lines if line.is_public)

    @property
    def waiting(self) -> tuple[ReceivedLine, ...]:
        """What has no answer yet, the oldest first."""
        codes = {line.record.code for line in self.lines}
        return tuple(line for line in self.view.waiting if line.record.code in codes)

    @property
    def unread(self) -> tuple[ReceivedLine, ...]:
        """What a moderator has still to decide about."""
        states = ("wacht", "weigeren")
        return tuple(line for line in self.lines if line.record.moderation in states)

    @property
    def without_phase(self) -> tuple[ReceivedLine, ...]:
        """What belongs to no phase of the conversation, and so to no closing."""
        return tuple(line for line in self.view.lines if line.phase is None)


def save_answer(
    connection: Connection,
    track_id: int,
    code: str,
    fields: AnswerFields,
    seen_version: int,
    by: By,
) -> None:
    """Keep what was done with one contribution. Raises AnswerFault, Conflict and NotFound."""
    with _changing(connection, track_id) as view:
        line = line_of(view, code)
        theme = None if fields.theme_id is None else theme_of(view, fields.theme_id)
        if fields.phase_id is not None:
            phase_of(view, fields.phase_id)
        _check_told(fields.status, fields.answer, theme)
        before = (line.record.status, line.record.answer)
        is_same = before == (fields.status, fields.answer)
        changes.answer_contribution(
            connection, track_id, code, fields, seen_version, None if is_same else by
        )


def put_in_theme(
    connection: Connection, track_id: int, seen: Mapping[str, int], theme_id: int | None
) -> None:
    """Put contributions (code to version seen) in a theme, or in none."""
    with _changing(connection, track_id) as view:
        if theme_id is not None:
            theme_of(view, theme_id)
        _lines_of(view, seen)
        changes.put_in_theme(connection, track_id, seen, theme_id)


def put_in_new_theme(
    connection: Connection, track_id: int, seen: Mapping[str, int], name: str, by: By
) -> int:
    """Make a theme for contributions (code to version seen); returns its id."""
    theme_id = make_theme(connection, track_id, ThemeFields(name), by)
    put_in_theme(connection, track_id, seen, theme_id)
    return theme_id


def mark_as_seen(connection: Connection, track_id: int, seen: Mapping[str, int]) -> int:
    """Let contributions that are new be bekeken; returns how many were. Others stay as they are."""
    with _changing(connection, track_id) as view:
        new = {
            line.record.code: seen[line.record.code]
            for line in _lines_of(view, seen)
            if line.record.status == "nieuw"
        }
        changes.set_status(connection, track_id, new, "bekeken")
    return len(new)


def make_theme(connection: Connection, track_id: int, fields: ThemeFields, by: By) -> int:
    """Make a theme; returns its id. Raises AnswerFault."""
    with _changing(connection, track_id) as view:
        if len(view.themes) >= MOST_THEMES:
            raise AnswerFault(f"Er zijn al {MOST_THEMES} thema's. Voeg er eerst een paar samen.")
        _check_name(view, fields.name, None)
        _check_told(fields.status, fields.answer, None)
        return changes.add_theme(connection, track_id, fields, by.at)


def save_theme(
    connection: Connection,
    track_id: int,
    theme_id: int,
    fields: ThemeFields,
    seen_version: int,
    by: By,
) -> None:
    """Keep the name of a theme, and what was done with all that is in it."""
    with _changing(connection, track_id) as view:
        theme = theme_of(view, theme_id)
        _check_name(view, fields.name, theme_id)
        _check_told(fields.status, fields.answer, None)
        is_same = (theme.status, theme.answer) == (fields.status, fields.answer)
        changes.change_theme(
            connection, track_id, theme_id, fields, seen_version, None if is_same else by.at
        )


def move_theme(connection: Connection, track_id: int, theme_id: int, steps: int) -> None:
    """Let a theme stand earlier (``steps`` below 0) or later among the others."""
    with _changing(connection, track_id) as view:
        ids = [theme.id for theme in view.themes]
        place = ids.index(theme_of(view, theme_id).id)
        ids.insert(max(0, min(place + steps, len(ids) - 1)), ids.pop(place))
        changes.order_themes(connection, track_id, ids)


def merge_themes(
    connection: Connection, track_id: int, theme_id: int, into_id: int, seen_version: int
) -> int:
    """Put all of a theme in another and take it away; returns how many went along.

    Only a theme without an answer goes: what people were told would else be lost.
    """
    with _changing(connection, track_id) as view:
        theme = theme_of(view, theme_id)
        into = theme_of(view, into_id)
        if theme.id == into.id:
            raise AnswerFault("Kies een ander thema om mee samen te voegen.")
        if theme.answer is not None:
            raise AnswerFault(
                "Dit thema heeft al een antwoord, en dat zou weg zijn. Voeg het andere thema bij "
                "dit thema, of haal het antwoord hier eerst weg."
            )
        moved = changes.empty_theme(connection, track_id, theme_id, into_id)
        changes.remove_theme(connection, track_id, theme_id, seen_version)
    return len(moved)


def remove_theme(connection: Connection, track_id: int, theme_id: int, seen_version: int) -> int:
    """Take a theme away; what was in it stays, in no theme. Returns how many that are."""
    with _changing(connection, track_id) as view:
        theme_of(view, theme_id)
        left = changes.empty_theme(connection, track_id, theme_id, None)
        changes.remove_theme(connection, track_id, theme_id, seen_version)
    return len(left)


def phase_closing(connection: Connection, track_id: int, phase_id: int) -> PhaseClosing:
    """What is needed to close this phase. Raises NotFound."""
    view = answering_view(connection, track_id)
    return PhaseClosing(view, phase_of(view, phase_id), view.in_phase(phase_id))


def close_phase(
    connection: Connection,
    track_id: int,
    phase_id: int,
    outcome: str,
    seen_version: int,
    by: By,
    *,
    heeds_unread: bool = False,
) -> None:
    """Close a phase with what changed by it. Raises StillOpen, AnswerFault and Conflict.

    ``heeds_unread``: who closes it knows that a moderator has still to decide about some.
    """
    hold_track(connection, track_id)
    closing = phase_closing(connection, track_id, phase_id)
    if closing.phase.closed_at is not None:
        raise AnswerFault("Deze fase was al afgerond. Er is niets gewijzigd.")
    if closing.waiting:
        raise StillOpen(closing.waiting)
    if closing.unread and not heeds_unread:
        raise AnswerFault(
            "Er wachten nog reacties op een moderator. Vink aan dat u dit weet, of wacht daarop."
        )
    changes.close_phase(connection, track_id, phase_id, outcome, seen_version, by)


def reopen_phase(connection: Connection, track_id: int, phase_id: int, seen_version: int) -> None:
    """Open a phase again; the reason is in the history. Raises AnswerFault and Conflict."""
    hold_track(connection, track_id)
    closing = phase_closing(connection, track_id, phase_id)
    if closing.phase.closed_at is None:
        raise AnswerFault("Deze fase is niet afgerond. Er is niets gewijzigd.")
    changes.reopen_phase(connection, track_id, phase_id, seen_version)


def line_of(view: AnsweringView, code: str) -> ReceivedLine:
    """The contribution with this code. Raises NotFound."""
    for line in view.lines:
        if line.record.code == code:
            return line
    raise NotFound(NO_CONTRIBUTION)


def _lines_of(view: AnsweringView, codes: Iterable[str]) -> list[ReceivedLine]:
    lines = {line.record.code: line for line in view.lines}
    if not lines.keys() >= set(codes):
        raise NotFound(NO_CONTRIBUTION)
    return [lines[code] for code in codes]


def theme_of(view: AnsweringView, theme_id: int) -> AnsweredTheme:
    """The theme with this id. Raises NotFound."""
    for theme in view.themes:
        if theme.id == theme_id:
            return theme
    raise NotFound(NO_THEME)


def phase_of(view: AnsweringView, phase_id: int) -> AnsweredPhase:
    """The phase with this id. Raises NotFound."""
    for phase in view.phases:
        if phase.id == phase_id:
            return phase
    raise NotFound(NO_PHASE)


@contextmanager
def _changing(connection: Connection, track_id: int) -> Iterator[AnsweringView]:
    """The conversation, in which nobody else answers meanwhile.

    Raises AnswerFault when somebody in a closed phase is left without the answer that was there.
    """
    hold_track(connection, track_id)
    view = answering_view(connection, track_id)
    before = _left_without(view)
    yield view
    if _left_without(answering_view(connection, track_id)) - before:
        raise AnswerFault(
            "De fase is al afgerond: daarin houdt iedereen een antwoord. Er is niets gewijzigd. "
            "Schrijf een ander antwoord, of open de fase eerst weer."
        )


def _left_without(view: AnsweringView) -> set[str]:
    closed = {phase.id for phase in view.phases if phase.closed_at is not None}
    return {line.record.code for line in view.waiting if line.record.phase_id in closed}


def _check_told(status: str, answer: str | None, theme: AnsweredTheme | None) -> None:
    """Raises AnswerFault when nobody would know why it was done, or not."""
    told = answered(status, answer, None, theme.answer if theme else None)
    if needs_answer(status) and not told.is_done:
        label = CONTRIBUTION_STATUSES[status].label
        raise AnswerFault(WITHOUT_ANSWER.format(status=label))


def _check_name(view: AnsweringView, name: str, own_id: int | None) -> None:
    others = {theme.name.casefold() for theme in view.themes if theme.id != own_id}
    if name.casefold() in others:
        raise AnswerFault("Er is al een thema met deze naam.")
