"""Beginning a conversation: from the template of its type, or under the one of its wijk."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.template_parts import PhaseTemplate, TrackTemplate
from analysis.dialogue.track_templates import template_of
from app.services.own_links import new_code
from app.services.track_places import Place
from data.changes.track_parts import PartyFields, PhaseFields, add_part
from data.changes.tracks import CodeTaken, NewTrack, TrackTexts, add_track
from data.queries import workspace_tracks as reading
from data.queries.workspace_tracks import WorkTrack
from data.sources.cells import to_plain

_LONGEST_CODE = 60
_FEW_LETTERS = 4


@dataclass(frozen=True)
class Beginning:
    """With what a conversation begins; without a title or a first day the template has none.

    ``parent`` is the conversation of the wijk under which it hangs.
    """

    place: Place
    type: str | None
    title: str | None = None
    starts_on: dt.date | None = None
    parent: WorkTrack | None = None


def make_track(connection: Connection, beginning: Beginning, account_id: int | None) -> int:
    """Make a concept with the texts, phases and parties of its template; its id."""
    template = template_of(beginning.type)
    track_id = _add(connection, beginning, template, account_id)
    for fields in phase_plan(template, beginning.starts_on):
        add_part(connection, track_id, fields)
    for party in _parties(connection, beginning, template):
        add_part(connection, track_id, party)
    return track_id


def phase_plan(template: TrackTemplate, starts_on: dt.date | None) -> list[PhaseFields]:
    """The phases one after another, each of its usual length; without dates when none is given."""
    fields, begin = [], starts_on
    for step in template.phases:
        end = None if begin is None else begin + dt.timedelta(weeks=step.weeks, days=-1)
        fields.append(_phase(step, begin, end))
        begin = None if end is None else end + dt.timedelta(days=1)
    return fields


def code_of(title: str) -> str:
    """What stands in the address, from the title: small letters, figures and dashes."""
    words = re.findall(r"[a-z0-9]+", to_plain(title).lower())
    return "-".join(words)[:_LONGEST_CODE].strip("-") or "gesprek"


def _add(
    connection: Connection,
    beginning: Beginning,
    template: TrackTemplate,
    account_id: int | None,
) -> int:
    """Under the code of its title, with a few letters after it when another has that one."""
    texts = _texts(beginning, template)
    plain = code_of(texts.title)
    place, parent = beginning.place, beginning.parent
    for code in (plain, f"{plain}-{new_code()[:_FEW_LETTERS]}", f"{plain}-{new_code()}"):
        new = NewTrack(
            code,
            place.gemeente_code,
            place.wijk_code,
            beginning.type,
            texts,
            None if parent is None else parent.id,
        )
        try:
            return add_track(connection, new, account_id)
        except CodeTaken:
            continue
    raise CodeTaken(plain)


def _texts(beginning: Beginning, template: TrackTemplate) -> TrackTexts:
    where, parent = beginning.place.where, beginning.parent
    return TrackTexts(
        title=beginning.title or template.title_in(where),
        summary=template.summary_in(where),
        not_this=template.not_this,
        street_text=template.street_text,
        open_text=template.open_text,
        fixed_text=template.fixed_text,
        contact_name=parent.contact_name if parent else None,
        contact_email=parent.contact_email if parent else None,
        contact_phone=parent.contact_phone if parent else None,
        answer_days=parent.answer_days if parent else 28,
        moderation_days=parent.moderation_days if parent else 2,
    )


def _parties(
    connection: Connection, beginning: Beginning, template: TrackTemplate
) -> list[PartyFields]:
    """Those of the conversation of the wijk, then those of the template that are not among them."""
    taken = (
        [
            PartyFields(one.name, one.role, one.moment)
            for one in reading.parties(connection, beginning.parent.id)
        ]
        if beginning.parent
        else []
    )
    names = {party.name for party in taken}
    own = [PartyFields(one.name, one.role, one.moment) for one in template.parties]
    return [*taken, *(party for party in own if party.name not in names)]


def _phase(step: PhaseTemplate, begin: dt.date | None, end: dt.date | None) -> PhaseFields:
    return PhaseFields(
        step.name,
        step.level,
        step.goal,
        step.open_text,
        step.fixed_text,
        begin,
        end,
        step.takes_contributions,
        step.takes_importance,
    )
