"""What an example conversation is made of. Days are counted from the day of loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARK = "Voorbeeld: "


@dataclass(frozen=True)
class PhasePlan:
    """A phase of the template by its name; closed when it has an outcome.

    ``weighed`` are points by subject, each row of one resident with the wijk (or none).
    """

    name: str
    starts_day: int
    ends_day: int
    outcome: str | None = None
    weighed: tuple[tuple[str | None, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting of two hours that begins at ``hour``, as the clock in the Netherlands says."""

    name: str
    day: int
    hour: int
    place: str
    explanation: str
    report: str | None = None
    visitor_count: int | None = None


@dataclass(frozen=True)
class NewsPlan:
    """A message of ``day``."""

    day: int
    title: str
    body: str


@dataclass(frozen=True)
class SitePlace:
    """An example site by its type and place, what it is in the conversation, and why."""

    type: str
    place: str
    part: str
    note: str | None = None


@dataclass(frozen=True)
class ThemePlan:
    """What several contributions have in common, and what was done with it."""

    name: str
    status: str = "nieuw"
    answer: str | None = None
    answered_day: int | None = None


@dataclass(frozen=True)
class Voice:
    """A contribution: what somebody brought in on ``day``, and what was done with it.

    ``at_m`` is a place in RD. ``moderated`` is openbaar, wacht, or a house rule by which it was
    refused (``refused``). ``theme`` is the name of a theme of the same conversation.
    """

    day: int
    kind: str
    body: str
    about: tuple[str, ...] = ()
    entry: str = "website"
    when: str | None = None
    at_m: tuple[int, int] | None = None
    from_wijk_code: str | None = None
    phase: str | None = None
    theme: str | None = None
    status: str = "nieuw"
    answer: str | None = None
    answered_day: int | None = None
    moderation: str = "openbaar"
    rule: str | None = None


@dataclass(frozen=True)
class AgreementPlan:
    """Something agreed with the wijk. Its days may lie ahead; ``done_day`` when it was kept."""

    kind: str
    title: str
    explanation: str
    who: str
    agreed_day: int
    from_day: int | None = None
    until_day: int | None = None
    evaluate_day: int | None = None
    done_day: int | None = None
    done_note: str | None = None


@dataclass(frozen=True)
class MeasurementPlan:
    """A measuring of support, with its counts."""

    day: int
    question: str
    method: str
    source: str
    invited_count: int
    positive_count: int
    neutral_count: int
    negative_count: int


@dataclass(frozen=True)
class TrackPlan:
    """A conversation with all that hangs under it.

    ``texts`` are those of the track beside the ones of its template (``why_here`` and contact).
    """

    code: str
    gemeente_code: str
    wijk_code: str
    where: str
    type: str | None
    published_day: int
    texts: Mapping[str, Any]
    phases: tuple[PhasePlan, ...]
    meetings: tuple[MeetingPlan, ...]
    news: tuple[NewsPlan, ...]
    voices: tuple[Voice, ...]
    sites: tuple[SitePlace, ...] = ()
    themes: tuple[ThemePlan, ...] = ()
    agreements: tuple[AgreementPlan, ...] = ()
    measurements: tuple[MeasurementPlan, ...] = ()
    choice_name: str | None = None
    subjects: tuple[str, ...] = ()
