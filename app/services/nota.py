"""The nota van beantwoording: what was said in a phase, what was answered, and what changed.

It is made from the public views alone: what everyone may read anyway, and counts of the rest. So
no personal data can come in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.answers import Answered, answered
from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    CONTRIBUTION_STATUSES,
    ENTRY_WAYS,
    ContributionKind,
    ContributionStatus,
    EntryWay,
)
from analysis.dialogue.house_rules import HOUSE_RULES, HouseRule
from analysis.dialogue.participation import PARTICIPATION_LEVELS, ParticipationLevel
from analysis.dialogue.reach import hide_few
from app.numbers import ZONE, to_dutch
from app.services.answering import told_answers, wijk_names
from data.errors import NotFound
from data.queries.contributions import (
    ContributionRecord,
    contribution_counts,
    public_contributions,
    public_themes,
    refusal_counts,
)
from data.queries.reach import wijk_counts
from data.queries.tracks import PhaseRecord, TrackRecord, public_track, track_phases

NO_NOTA = "Van dit gesprek is nog geen nota van beantwoording. Die komt als een fase is afgerond."
OTHER_WIJKEN = "Ergens anders, of niet ingevuld"
#: So many of the things that were named most are told of a theme.
MOST_NAMED = 4
#: What one person said is not often named.
LEAST_NAMED = 2


@dataclass(frozen=True)
class NotaLine:
    """A contribution with its answer, as everyone may read them."""

    record: ContributionRecord

    @property
    def kind(self) -> ContributionKind:
        """What kind of contribution it is."""
        return CONTRIBUTION_KINDS[self.record.kind]

    @property
    def entry(self) -> EntryWay:
        """By which way it came in."""
        return ENTRY_WAYS[self.record.entry]

    @property
    def answered(self) -> Answered:
        """How far it is, and the answer."""
        one = self.record
        return answered(one.status, one.answer, one.theme_status, one.theme_answer)

    @property
    def came_on(self) -> dt.date:
        """The day on which it came in."""
        return self.record.made_at.astimezone(ZONE).date()

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The answers to the structured questions, in words."""
        return told_answers(self.kind, self.record.answers)


@dataclass(frozen=True)
class NotaPart:
    """What belongs together: a theme, or (``name`` None) what is in no theme."""

    name: str | None
    status: ContributionStatus | None
    answer: str | None
    lines: tuple[NotaLine, ...]

    @property
    def said(self) -> str:
        """How many there are, of which kinds, and how they came in."""
        kinds = _counted(
            (line.record.kind for line in self.lines),
            {
                kind.key: (kind.label.partition(" ")[2].lower(), kind.plural)
                for kind in CONTRIBUTION_KINDS
            },
        )
        ways = _ways(self.lines)
        return f"{_reactions(len(self.lines))}: {kinds}. {ways}."

    @property
    def named(self) -> tuple[tuple[str, int], ...]:
        """What was chosen most in the structured questions, with how often."""
        counter: Counter[str] = Counter()
        for line in self.lines:
            for question in line.kind.questions:
                given = line.record.answers.get(question.key)
                keys = given if isinstance(given, list) else [given]
                counter.update(
                    option.label
                    for option in question.options
                    if option.key in keys and option.key not in ("anders", "weet_niet")
                )
        often = [pair for pair in counter.items() if pair[1] >= LEAST_NAMED]
        ranked = sorted(often, key=lambda pair: (-pair[1], pair[0]))
        return tuple(ranked[:MOST_NAMED])


@dataclass(frozen=True)
class Reach:
    """How many came in and how in the phase, and from which wijken in the whole conversation.

    A wijk with few is not told apart, nor could it be by comparing phases.
    """

    total_count: int
    by_entry: tuple[tuple[EntryWay, int], ...]
    by_wijk: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Nota:
    """All that was said and answered in a phase of a conversation."""

    track: TrackRecord
    phase: PhaseRecord
    parts: tuple[NotaPart, ...]
    lines: tuple[NotaLine, ...]
    reach: Reach
    refused: tuple[tuple[HouseRule, int], ...]
    unread_count: int

    @property
    def level(self) -> ParticipationLevel:
        """How much people had to say."""
        return PARTICIPATION_LEVELS[self.phase.level]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Nota van beantwoording: {self.track.title}"

    @property
    def refused_count(self) -> int:
        """How many are not shown."""
        return sum(count for _, count in self.refused)

    @property
    def by_status(self) -> tuple[tuple[ContributionStatus, int], ...]:
        """What was done with them, with how many; only what there is."""
        counts = Counter(line.answered.status.key for line in self.lines)
        pairs = ((status, counts[status.key]) for status in CONTRIBUTION_STATUSES)
        return tuple(pair for pair in pairs if pair[1])

    @property
    def sentence(self) -> str:
        """What came of it, in a sentence."""
        if not self.lines:
            return "In deze fase kwamen geen reacties binnen die iedereen kan lezen."
        told = _listed(
            f"{to_dutch(count)} {status.label.lower()}" for status, count in self.by_status
        )
        answers = sum(line.answered.answer is not None for line in self.lines)
        all_told = "alle hebben" if answers == len(self.lines) else f"{to_dutch(answers)} hebben"
        if len(self.lines) == 1:
            all_told = "die heeft" if answers else "die heeft nog geen"
        end = " een antwoord" if not all_told.endswith("geen") else " antwoord"
        return f"{_reactions(len(self.lines))}: {told}; {all_told}{end}."


def closed_phases(connection: Connection, track_id: int) -> tuple[PhaseRecord, ...]:
    """The phases of a conversation of which there is a nota, the one closed last first."""
    closed = [
        phase
        for phase in track_phases(connection, track_id)
        if phase.closed_at is not None and phase.takes_contributions
    ]
    return tuple(sorted(closed, key=lambda phase: (phase.closed_at, phase.position), reverse=True))


def public_nota(connection: Connection, code: str, phase_id: int | None = None) -> Nota:
    """The nota of the phase that was closed last, or of another closed one. Raises NotFound."""
    track = public_track(connection, code)
    for phase in closed_phases(connection, track.id):
        if phase_id in (None, phase.id):
            return make_nota(connection, track, phase)
    raise NotFound(NO_NOTA)


def make_nota(connection: Connection, track: TrackRecord, phase: PhaseRecord) -> Nota:
    """The nota of a phase as it would be now, whether it is closed or not."""
    records = public_contributions(connection, track.id)
    lines = tuple(
        NotaLine(record)
        for record in sorted(records, key=lambda one: (one.made_at, one.code))
        if record.phase_id == phase.id
    )
    parts = [
        NotaPart(theme.name, CONTRIBUTION_STATUSES[theme.status], theme.answer, inside)
        for theme in public_themes(connection, track.id)
        if (inside := tuple(line for line in lines if line.record.theme_id == theme.id))
    ]
    if loose := tuple(line for line in lines if line.record.theme_id is None):
        parts.append(NotaPart(None, None, None, loose))
    counts = contribution_counts(connection, track.id)
    of_phase = counts[counts["phase_id"] == phase.id]
    unread = of_phase[of_phase["moderation"].isin(("wacht", "weigeren"))]["count"].sum()
    refused = refusal_counts(connection, track.id, phase.id)
    return Nota(
        track,
        phase,
        tuple(parts),
        lines,
        _reach(lines, wijk_counts(connection, track.id), wijk_names(connection)),
        tuple((rule, refused[rule.key]) for rule in HOUSE_RULES if rule.key in refused),
        int(unread),
    )


def _reach(
    lines: Sequence[NotaLine], counts: Mapping[str | None, int], names: Mapping[str, str]
) -> Reach:
    entries = Counter(line.record.entry for line in lines)
    found = hide_few(counts)
    by_wijk = [(names[code], count) for code, count in found.shown.items() if code in names]
    by_wijk.sort(key=lambda pair: (-pair[1], pair[0]))
    if rest := sum(counts.values()) - sum(count for _, count in by_wijk):
        by_wijk.append((OTHER_WIJKEN, rest))
    by_entry = ((way, entries[way.key]) for way in ENTRY_WAYS if entries[way.key])
    return Reach(len(lines), tuple(by_entry), tuple(by_wijk))


def _ways(lines: Sequence[NotaLine]) -> str:
    counts = Counter(line.record.entry for line in lines)
    told = [
        f"{to_dutch(counts[way.key])} {_lower(way.label)}" for way in ENTRY_WAYS if counts[way.key]
    ]
    return f"Zo kwamen ze binnen: {_listed(told)}"


def _counted(keys: Iterable[str], nouns: dict[str, tuple[str, str]]) -> str:
    counts = Counter(keys)
    return _listed(
        f"{to_dutch(counts[key])} {one if counts[key] == 1 else many}"
        for key, (one, many) in nouns.items()
        if counts[key]
    )


def _listed(words: Iterable[str]) -> str:
    told = list(words)
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} en {told[-1]}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _reactions(count: int) -> str:
    return f"{to_dutch(count)} {'reactie' if count == 1 else 'reacties'}"
