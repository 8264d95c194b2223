"""Taking over what people wrote in another system: a file, through its checks, into a conversation.

Each contribution then waits for a moderator, like every other. Its number there keeps it from
coming twice. Who wrote it, and what was done with it there, is not taken over.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine

from analysis.dialogue.contributions import CONTRIBUTION_KINDS
from analysis.dialogue.findings import find
from app.numbers import ZONE
from app.services.answering_changes import MOST_THEMES
from app.services.imports import secret_words, transaction
from app.services.own_links import new_code
from data.changes.answering import ThemeFields, add_theme, put_in_theme
from data.changes.contributions import NewContribution, add_contribution
from data.changes.tracks import hold_track
from data.errors import NotFound
from data.progress import Progress, silent
from data.queries.answering import (
    NO_PHASE,
    AnsweredPhase,
    AnsweredTheme,
    answered_phases,
    answered_themes,
    answered_track_by_code,
    known_external_ids,
)
from data.sources.openstad import OpenstadContribution, OpenstadFile, read_openstad
from data.sources.reading import Choices

TITLE = "Reacties uit een ander systeem"
ENTRY = "overgenomen"
#: Texts from elsewhere may be longer than what is typed here.
LONGEST_BODY = 10_000
#: What comes from elsewhere is most often an idea; a place asks for a point.
USUAL_KIND = "idee"


@dataclass(frozen=True)
class ContributionImport:
    """How to read a file, and what its contributions become. ``phase_id`` None: the one of now."""

    kind: str = USUAL_KIND
    phase_id: int | None = None
    choices: Choices = field(default_factory=Choices)


@dataclass(frozen=True)
class ImportOutcome:
    """What was taken over, or would be."""

    new_count: int
    known_count: int
    place_count: int
    theme_names: tuple[str, ...]
    phase_name: str | None
    notes: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The same in sentences."""
        told = [
            f"{_reactions(self.new_count)} nieuw, {self.place_count} met een plek.",
            f"{_reactions(self.known_count)} eerder overgenomen en niet gewijzigd.",
            f"Fase: {self.phase_name or 'geen'}.",
        ]
        if self.theme_names:
            told.append(f"Nieuwe thema's: {', '.join(self.theme_names)}.")
        return tuple(told)


def read_file(path: Path, wanted: ContributionImport) -> OpenstadFile:
    """The contributions of a file. Raises Refused with every fault of it."""
    return read_openstad(path, wanted.choices, secret_words(), LONGEST_BODY)


def take_over(
    connection: Connection,
    track_id: int,
    file: OpenstadFile,
    wanted: ContributionImport,
    now: dt.datetime,
    account_id: int | None = None,
) -> ImportOutcome:
    """Keep what is not there yet, in the transaction of ``connection``.

    Raises OutsideScope, NotFound and SecretText.
    """
    hold_track(connection, track_id)
    kind = CONTRIBUTION_KINDS[wanted.kind]
    phase = _phase_of(answered_phases(connection, track_id), wanted.phase_id, now)
    known = known_external_ids(connection, track_id)
    new = [one for one in file.contributions if one.external_id not in known]
    themes = answered_themes(connection, track_id)
    made = _make_themes(connection, track_id, new, themes, now)
    ids = {theme.name.casefold(): theme.id for theme in themes if theme.answer is None} | made
    for one in new:
        code = new_code()
        needs_place = kind.needs_place and one.point is None
        add_contribution(
            connection,
            NewContribution(
                code=code,
                track_id=track_id,
                phase_id=phase.id if phase else None,
                kind=USUAL_KIND if needs_place else kind.key,
                body=one.body,
                geom=one.point,
                entry=ENTRY,
                entered_by=account_id,
                external_id=one.external_id,
                findings=[dataclasses.asdict(finding) for finding in find(one.body)],
                made_at=one.made_at or now,
            ),
        )
        if one.theme and (theme_id := ids.get(one.theme.casefold())):
            put_in_theme(connection, track_id, {code: 1}, theme_id)
    return ImportOutcome(
        len(new),
        len(file.contributions) - len(new),
        sum(one.point is not None for one in new),
        tuple(
            dict.fromkeys(one.theme for one in new if one.theme and one.theme.casefold() in made)
        ),
        phase.name if phase else None,
        (*file.notes, *_notes(new, themes)),
    )


def import_contributions(
    engine: Engine,
    path: Path,
    track_code: str,
    wanted: ContributionImport,
    *,
    phase_name: str | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportOutcome:
    """Take a file over in a conversation, by its code. Raises Refused and NotFound."""
    progress(f"{path.name} lezen")
    file = read_file(path, wanted)
    with transaction(engine, dry_run, TITLE, path.name) as connection:
        track = answered_track_by_code(connection, track_code)
        if phase_name is not None:
            named = _named(answered_phases(connection, track.id), phase_name)
            wanted = dataclasses.replace(wanted, phase_id=named.id)
        progress("Reacties vergelijken en opslaan")
        return take_over(connection, track.id, file, wanted, dt.datetime.now(dt.UTC))


def _phase_of(
    phases: Collection[AnsweredPhase], phase_id: int | None, now: dt.datetime
) -> AnsweredPhase | None:
    """The phase that was asked for, or the one in which people write now, or none."""
    if phase_id is not None:
        found = next((phase for phase in phases if phase.id == phase_id), None)
        if found is None:
            raise NotFound(NO_PHASE)
        return found
    today = now.astimezone(ZONE).date()
    return next(
        (
            phase
            for phase in phases
            if phase.takes_contributions
            and phase.closed_at is None
            and phase.starts_on is not None
            and phase.starts_on <= today <= (phase.ends_on or today)
        ),
        None,
    )


def _named(phases: Collection[AnsweredPhase], name: str) -> AnsweredPhase:
    for phase in phases:
        if name.casefold() in (phase.name.casefold(), str(phase.position)):
            return phase
    names = ", ".join(phase.name for phase in phases) or "geen"
    raise NotFound(f"De fase {name} is er niet in dit gesprek. Wel: {names}.")


def _make_themes(
    connection: Connection,
    track_id: int,
    new: Collection[OpenstadContribution],
    themes: Collection[AnsweredTheme],
    now: dt.datetime,
) -> dict[str, int]:
    """The ids of the themes that were not there yet, by their plain name."""
    there = {theme.name.casefold() for theme in themes}
    names = {one.theme.casefold(): one.theme for one in new if one.theme}
    missing = [name for plain, name in names.items() if plain not in there]
    return {
        name.casefold(): add_theme(connection, track_id, ThemeFields(name), now)
        for name in missing[: MOST_THEMES - len(there)]
    }


def _notes(
    new: Collection[OpenstadContribution], themes: Collection[AnsweredTheme]
) -> tuple[str, ...]:
    notes = []
    if any(one.status for one in new):
        notes.append(
            "De status uit het andere systeem is niet overgenomen: elke reactie krijgt hier een "
            "antwoord."
        )
    told = {theme.name.casefold() for theme in themes if theme.answer is not None}
    if any(one.theme and one.theme.casefold() in told for one in new):
        notes.append(
            "Sommige thema's hebben hier al een antwoord. Daar zijn nieuwe reacties niet vanzelf "
            "in gezet."
        )
    if any(one.made_at is None for one in new):
        notes.append("Zonder datum in het bestand geldt de dag van vandaag.")
    return tuple(notes)


def _reactions(count: int) -> str:
    return f"{count} {'reactie' if count == 1 else 'reacties'}"
