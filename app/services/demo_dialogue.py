"""Example conversations beside the sites of the example region: loaded once, then left alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Connection, Engine

from analysis.dialogue.findings import find
from analysis.dialogue.template_parts import TrackTemplate
from analysis.dialogue.track_templates import template_of
from app.numbers import ZONE
from app.services import current
from app.services.command_history import tell_command
from data.changes import example_dialogue as writing
from data.changes.contributions import NewContribution
from data.changes.track_parts import (
    MeetingFields,
    PartyFields,
    PhaseFields,
    SiteFields,
    add_part,
    add_site,
)
from data.changes.tracks import NewTrack, TrackTexts, add_track
from data.demo.dialogue_parts import MARK, MeetingPlan, PhasePlan, TrackPlan, Voice
from data.demo.dialogue_plans import TRACK_PLANS
from data.demo.sites import EXAMPLE_MARK, code_of
from data.progress import Progress, silent
from data.queries.choices import choices
from data.queries.workspace import workspace_sites
from data.sources.voorbeeldregio import SOURCE

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_SENT = dt.time(10)


@dataclass(frozen=True)
class _Known:
    """What the conversations hang on: the day of loading, the sites and the choices by name."""

    today: dt.date
    sites: Mapping[str, int]
    choices: Mapping[tuple[str, str], int]

    def day(self, days: int | None) -> dt.date | None:
        """So many days from the day of loading; None for None."""
        return None if days is None else self.today + dt.timedelta(days=days)

    def moment(self, days: int, at: dt.time = _SENT) -> dt.datetime:
        """That day at this hour, as the clock in the Netherlands says."""
        return dt.datetime.combine(self.today + dt.timedelta(days=days), at, ZONE)


def load_demo_dialogue(engine: Engine, progress: Progress = silent) -> bool:
    """Load them once; whether anything was loaded. What people changed since stays as it is."""
    with engine.begin() as connection:
        tell_command(connection, SOURCE.title)
        return fill_demo_dialogue(connection, progress)


def fill_demo_dialogue(connection: Connection, progress: Progress = silent) -> bool:
    """The same in a transaction of the caller's, who owns the tables."""
    known = _known(connection)
    codes = {code_of(site.type, site.place) for plan in TRACK_PLANS for site in plan.sites}
    is_there = any(writing.is_there(connection, plan.code) for plan in TRACK_PLANS)
    if is_there or not known.sites.keys() >= codes:
        return False
    progress("Voorbeelden van gesprekken opslaan")
    for plan in TRACK_PLANS:
        _keep_track(connection, plan, known)
    return True


def _known(connection: Connection) -> _Known:
    today = current.today()
    sites = workspace_sites(connection, today)
    return _Known(
        today,
        {site.site_code: site.id for site in sites if site.is_example},
        {(one.gemeente_code, one.name): one.id for one in choices(connection)},
    )


def _keep_track(connection: Connection, plan: TrackPlan, known: _Known) -> None:
    template = template_of(plan.type)
    new = NewTrack(
        plan.code, plan.gemeente_code, plan.wijk_code, plan.type, _texts(plan, template, known)
    )
    track_id = add_track(connection, new, None)
    phases = {
        phase.name: _keep_phase(connection, track_id, phase, template, known)
        for phase in plan.phases
    }
    _keep_around(connection, track_id, plan, template, known)
    _keep_voices(connection, track_id, plan, phases, known)
    _keep_agreed(connection, track_id, plan, known)
    writing.add_importance(connection, _weighed(track_id, plan, phases))
    writing.open_track(connection, track_id, known.moment(plan.published_day))


def _texts(plan: TrackPlan, template: TrackTemplate, known: _Known) -> TrackTexts:
    return TrackTexts(
        title=f"{template.title_in(plan.where)} {EXAMPLE_MARK}",
        summary=MARK + template.summary_in(plan.where),
        not_this=template.not_this,
        street_text=template.street_text,
        open_text=template.open_text,
        fixed_text=template.fixed_text,
        choice_id=known.choices.get((plan.gemeente_code, plan.choice_name or "")),
        **plan.texts,
    )


def _keep_phase(
    connection: Connection,
    track_id: int,
    plan: PhasePlan,
    template: TrackTemplate,
    known: _Known,
) -> int:
    step = next(step for step in template.phases if step.name == plan.name)
    fields = PhaseFields(
        step.name,
        step.level,
        step.goal,
        step.open_text,
        step.fixed_text,
        known.day(plan.starts_day),
        known.day(plan.ends_day),
        step.takes_contributions,
        step.takes_importance or bool(plan.weighed),
    )
    phase_id = add_part(connection, track_id, fields)
    if plan.outcome is not None:
        at = known.moment(plan.ends_day, dt.time(16))
        writing.close_phase(connection, phase_id, at, plan.outcome)
    return phase_id


def _keep_around(
    connection: Connection,
    track_id: int,
    plan: TrackPlan,
    template: TrackTemplate,
    known: _Known,
) -> None:
    """The plan of who takes part, the meetings, the news and the sites."""
    for party in template.parties:
        add_part(connection, track_id, PartyFields(party.name, party.role, party.moment))
    for meeting in plan.meetings:
        add_part(connection, track_id, _meeting(meeting, known))
    for news in plan.news:
        at = known.moment(news.day)
        writing.add_news(connection, track_id, news.title, news.body, at)
    for site in plan.sites:
        site_id = known.sites[code_of(site.type, site.place)]
        add_site(connection, track_id, SiteFields(site_id, site.part, site.note))


def _meeting(plan: MeetingPlan, known: _Known) -> MeetingFields:
    return MeetingFields(
        plan.name,
        known.moment(plan.day, dt.time(plan.hour, 30)),
        known.moment(plan.day, dt.time(plan.hour + 2)),
        plan.place,
        plan.explanation,
        plan.report,
        plan.visitor_count,
    )


def _keep_voices(
    connection: Connection,
    track_id: int,
    plan: TrackPlan,
    phases: Mapping[str, int],
    known: _Known,
) -> None:
    themes = {
        theme.name: writing.add_theme(
            connection,
            track_id,
            {
                "name": theme.name,
                "status": theme.status,
                "answer": theme.answer,
                "position": position,
                "answered_at": _answered_at(theme.answered_day, known),
            },
        )
        for position, theme in enumerate(plan.themes, start=1)
    }
    last = {plan.name: plan for plan in plan.phases if plan.starts_day <= 0 <= plan.ends_day}
    now = next(iter(last))
    for number, voice in enumerate(plan.voices, start=1):
        phase_id = phases[voice.phase or now]
        code = _code(plan.code, number)
        new = _contribution(code, track_id, phase_id, voice, known)
        handled = _handled(voice, known)
        handled["theme_id"] = themes[voice.theme] if voice.theme else None
        writing.add_handled_contribution(connection, new, handled)


def _contribution(
    code: str, track_id: int, phase_id: int, voice: Voice, known: _Known
) -> NewContribution:
    question = {"kans": "waarvoor", "plek": "waarom"}.get(voice.kind, "waarover")
    answers: dict[str, Any] = {question: list(voice.about)}
    if voice.when is not None:
        answers["wanneer"] = voice.when
    return NewContribution(
        code,
        track_id,
        phase_id,
        voice.kind,
        voice.body,
        answers=answers,
        geom=None if voice.at_m is None else shapely.Point(voice.at_m),
        from_wijk_code=voice.from_wijk_code,
        entry=voice.entry,
        findings=[vars(finding) for finding in find(voice.body)],
        made_at=known.moment(voice.day),
    )


def _handled(voice: Voice, known: _Known) -> dict[str, Any]:
    values: dict[str, Any] = {"moderation": voice.moderation, "refusal_key": voice.rule}
    if voice.moderation != "wacht":
        values["moderated_at"] = known.moment(voice.day + 1)
    return values | {
        "status": voice.status,
        "answer": None if voice.answer is None else MARK + voice.answer,
        "answered_at": _answered_at(voice.answered_day, known),
    }


def _answered_at(days: int | None, known: _Known) -> dt.datetime | None:
    return None if days is None else known.moment(days)


def _keep_agreed(connection: Connection, track_id: int, plan: TrackPlan, known: _Known) -> None:
    about = [site for site in plan.sites if site.part == "onderwerp"]
    site_id = known.sites[code_of(about[0].type, about[0].place)] if len(about) == 1 else None
    for agreed in plan.agreements:
        values = {
            "site_id": site_id,
            "kind": agreed.kind,
            "title": agreed.title,
            "explanation": agreed.explanation,
            "who": agreed.who,
            "agreed_on": known.day(agreed.agreed_day),
            "from_on": known.day(agreed.from_day),
            "until_on": known.day(agreed.until_day),
            "evaluate_on": known.day(agreed.evaluate_day),
            "done_on": known.day(agreed.done_day),
            "done_note": agreed.done_note,
        }
        writing.add_agreement(connection, track_id, values)
    for measured in plan.measurements:
        values = {name: value for name, value in vars(measured).items() if name != "day"}
        values |= {"site_id": site_id, "measured_on": known.day(measured.day)}
        writing.add_measurement(connection, track_id, values)


def _weighed(track_id: int, plan: TrackPlan, phases: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "track_id": track_id,
            "phase_id": phases[phase.name],
            "type": plan.type,
            "points": dict(zip(plan.subjects, points, strict=True)),
            "wijk_code": wijk_code,
        }
        for phase in plan.phases
        for wijk_code, points in phase.weighed
    ]


def _code(track_code: str, number: int) -> str:
    """The code of an example contribution: the same at each loading."""
    digest = hashlib.sha256(f"{track_code} {number}".encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:12])
