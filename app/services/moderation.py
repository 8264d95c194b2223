"""What a moderator sees: the lists, each contribution with what was found in it, and the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    ENTRY_WAYS,
    MODERATION_STATES,
    ContributionKind,
    EntryWay,
    ModerationState,
)
from analysis.dialogue.findings import FINDING_KINDS, Finding, FindingKind, find
from analysis.dialogue.house_rules import HOUSE_RULES, HouseRule
from analysis.dialogue.moderating import (
    MODERATION_ACTIONS,
    PHOTO_CHOICES,
    ModerationAction,
    Segment,
    Standing,
    actions_for,
    marked,
    needs_another,
    without_data,
)
from analysis.dialogue.repetition import same_texts
from app.numbers import to_dutch
from app.services.moderation_time import HOUR_S, ModerationTime, in_days, moderation_time
from data.queries import moderation as queries
from data.queries.moderation import ModeratedRecord, StepRecord, TrackChoice

PAGE_SIZE = 50
WITH_FINDINGS, WITHOUT_FINDINGS = "met", "zonder"
LIST_LABELS = {
    queries.WAITING: "Wacht op controle",
    queries.SECOND: "Tweede paar ogen",
    queries.APPEALS: "Bezwaren",
    queries.DONE: "Klaar",
}
_DAY_S = 86_400


@dataclass(frozen=True)
class AskedList:
    """Which contributions are asked; ``finding`` is met, zonder or a key of FINDING_KINDS."""

    name: str = queries.WAITING
    track_id: int | None = None
    finding: str | None = None


@dataclass(frozen=True)
class Item:
    """A contribution with all that helps to decide about it.

    ``suggestion`` is its text without what was found of persons. ``same_count``: how many of the
    conversation have the same text, 1 when it is the only one.
    """

    record: ModeratedRecord
    findings: tuple[Finding, ...]
    segments: tuple[Segment, ...]
    suggestion: str
    same_count: int
    actions: tuple[ModerationAction, ...]
    is_for_another: bool
    waiting_words: str
    is_late: bool

    @property
    def kind(self) -> ContributionKind:
        """Zorg, kans, idee, vraag or plek."""
        return CONTRIBUTION_KINDS[self.record.kind]

    @property
    def entry(self) -> EntryWay:
        """How it came in."""
        return ENTRY_WAYS[self.record.entry]

    @property
    def state(self) -> ModerationState:
        """How far it is."""
        return MODERATION_STATES[self.record.moderation]

    @property
    def rule(self) -> HouseRule | None:
        """The house rule by which it is or would be refused."""
        return None if self.record.refusal_key is None else HOUSE_RULES[self.record.refusal_key]

    @property
    def found_kinds(self) -> tuple[FindingKind, ...]:
        """The kinds of what was found, each once."""
        kinds = {finding.kind for finding in self.findings}
        return tuple(kind for kind in FINDING_KINDS if kind.key in kinds)

    @property
    def answer_lines(self) -> tuple[str, ...]:
        """The answers to the structured questions, a line a question."""
        lines = []
        for question in self.kind.questions:
            given = self.record.answers.get(question.key) or ()
            keys = [given] if isinstance(given, str) else list(given)
            labels = [option.label for option in question.options if option.key in keys]
            if labels:
                lines.append(f"{question.label} {', '.join(labels)}.")
        return tuple(lines)


@dataclass(frozen=True)
class ModerationList:
    """A page of a list. ``counts`` has how many are in each list, whatever is asked."""

    asked: AskedList
    items: tuple[Item, ...]
    total: int
    page: int
    page_count: int
    counts: dict[str, int]
    tracks: tuple[TrackChoice, ...]
    moderator_count: int
    taken: ModerationTime

    @property
    def sentence(self) -> str:
        """What there is to do."""
        waiting, late = self.counts[queries.WAITING], sum(item.is_late for item in self.items)
        if not waiting:
            told = "Er wacht niets op controle."
        elif waiting == 1:
            told = "Er wacht 1 reactie op controle."
        else:
            told = f"Er wachten {to_dutch(waiting)} reacties op controle."
        if self.asked.name == queries.WAITING and late:
            told += f" Te laat: {to_dutch(late)} van de reacties hieronder."
        return told


@dataclass(frozen=True)
class Step:
    """A line of the log of a contribution."""

    record: StepRecord
    told: str
    rule: HouseRule | None


def moderation_list(
    connection: Connection, asked: AskedList, page: int, account_id: int | None, now: dt.datetime
) -> ModerationList:
    """A page of what is asked, the oldest first."""
    codes, total = _codes(connection, asked, page)
    return ModerationList(
        asked=asked,
        items=items_of(connection, codes, account_id, now),
        total=total,
        page=page,
        page_count=max(1, -(-total // PAGE_SIZE)),
        counts=queries.count_lists(connection),
        tracks=queries.track_choices(connection),
        moderator_count=queries.moderator_count(connection),
        taken=moderation_time(connection),
    )


def items_of(
    connection: Connection, codes: Sequence[str], account_id: int | None, now: dt.datetime
) -> tuple[Item, ...]:
    """The contributions with these codes that are within reach, in this order."""
    records = queries.moderated(connection, codes)
    same = _same_counts(connection, {record.track_id for record in records.values()})
    return tuple(
        _to_item(records[code], same.get(code, 1), account_id, now)
        for code in codes
        if code in records
    )


def steps_of(connection: Connection, code: str) -> tuple[Step, ...]:
    """All that was done with a contribution, the earliest first."""
    return tuple(_to_step(record) for record in queries.steps_of(connection, code))


def to_standing(record: ModeratedRecord) -> Standing:
    """How far a contribution is, for who decides next."""
    is_open = record.appeal_text is not None and record.appeal_outcome is None
    return Standing(
        record.moderation,
        record.moderated_by,
        record.second_by,
        is_open and record.moderation == "geweigerd",
        record.appeal_outcome,
    )


def _codes(connection: Connection, asked: AskedList, page: int) -> tuple[list[str], int]:
    offset = (page - 1) * PAGE_SIZE
    if asked.finding is None:
        codes = queries.codes_in_list(connection, asked.name, asked.track_id, PAGE_SIZE, offset)
        return codes, queries.count_list(connection, asked.name, asked.track_id)
    every = [
        code
        for code, body, stored in queries.in_list(connection, asked.name, asked.track_id)
        if _belongs(_kinds(body, stored), asked.finding)
    ]
    return every[offset : offset + PAGE_SIZE], len(every)


def _kinds(body: str, stored: list[object] | None) -> set[str]:
    """The kinds of what was found: as noted when it came in, or now when nobody looked yet."""
    if stored is None:
        return {finding.kind for finding in find(body)}
    return {str(each.get("kind")) for each in stored if isinstance(each, dict)}


def _belongs(kinds: set[str], finding: str) -> bool:
    if finding in (WITH_FINDINGS, WITHOUT_FINDINGS):
        return bool(kinds) == (finding == WITH_FINDINGS)
    return finding in kinds


def _same_counts(connection: Connection, track_ids: set[int]) -> dict[str, int]:
    texts = queries.recent_texts(connection, track_ids)
    counts: dict[str, int] = {}
    for track_id in track_ids:
        here = {code: body for code, (of_track, body) in texts.items() if of_track == track_id}
        counts |= same_texts(here)
    return counts


def _to_item(
    record: ModeratedRecord, same_count: int, account_id: int | None, now: dt.datetime
) -> Item:
    findings, standing = find(record.body), to_standing(record)
    since = {"weigeren": record.moderated_at, "geweigerd": record.appealed_at}
    start = since.get(record.moderation) or record.made_at
    waited_s = (now - start).total_seconds()
    promised_s = record.moderation_days * _DAY_S
    return Item(
        record=record,
        findings=findings,
        segments=marked(record.body, findings),
        suggestion=record.public_body or without_data(record.body, findings),
        same_count=same_count,
        actions=actions_for(standing, account_id),
        is_for_another=needs_another(standing, account_id),
        waiting_words=in_days(waited_s) if waited_s >= HOUR_S else "minder dan een uur",
        is_late=record.moderation == "wacht" and waited_s > promised_s,
    )


def _to_step(record: StepRecord) -> Step:
    photo = record.action.removeprefix("foto_")
    if photo in PHOTO_CHOICES:
        told = PHOTO_CHOICES[photo].told
    elif record.action in MODERATION_ACTIONS:
        told = MODERATION_ACTIONS[record.action].told
    else:
        told = record.action.replace("_", " ").capitalize()
    rule = None if record.rule_key is None else HOUSE_RULES[record.rule_key]
    return Step(record, told, rule)
