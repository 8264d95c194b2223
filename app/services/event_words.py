"""What changed, in words for residents: a title, some lines, and the page to read on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel.dates import format_datetime

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.numbers import LOCALE, ZONE, to_dutch, to_dutch_date
from data.queries.events import EventRecord

#: A text in a digest or a feed goes on at its page after so many signs.
LONGEST_TEXT = 600
#: Numbers of events tell how many were hidden since; names made from them do not.
_NAMES = uuid.UUID("5b0ad0a2-52a4-4a52-9a0f-6c9a3d8f8f0e")


@dataclass(frozen=True)
class EventWords:
    """An event as people read it. ``path`` is the page about it, ``about`` what it belongs to."""

    uid: str
    at: dt.datetime
    title: str
    text: str
    path: str
    about: str


def to_words(event: EventRecord) -> EventWords:
    """The event in Dutch."""
    uid = uuid.uuid5(_NAMES, f"{event.id} {event.at.isoformat()}")
    path = (
        f"/locatie/{event.site_id}"
        if event.site_id is not None
        else f"/in-gesprek/{event.track_code}"
    )
    return EventWords(
        str(uid),
        event.at,
        _TITLES[event.kind](event),
        shortened(_TEXTS.get(event.kind, _body)(event)),
        path,
        event.site_name or event.track_title or "",
    )


def shortened(text: str) -> str:
    """The text, cut at a space when it is long."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:LONGEST_TEXT].rsplit(None, 1)[0] + " ..."


def meeting_moment(at: dt.datetime) -> str:
    """``woensdag 4 maart 2026 om 19.30 uur``, by the clock in the Netherlands."""
    here = at.astimezone(ZONE)
    return format_datetime(here, "EEEE d MMMM y 'om' HH.mm 'uur'", locale=LOCALE)


def _body(event: EventRecord) -> str:
    return (event.body or "").strip()


def _meeting(event: EventRecord) -> str:
    assert event.starts_at is not None
    return f"{meeting_moment(event.starts_at).capitalize()}. Plaats: {event.place}."


def _new_site(event: EventRecord) -> str:
    return f"Soort plek: {_type(event)}."


def _type(event: EventRecord) -> str:
    key = event.site_type or ""
    return FACILITY_TYPES[key].label if key in FACILITY_TYPES else key


def _state(event: EventRecord) -> str:
    words = [f"Soort plek: {_type(event)}.", f"Dit geldt vanaf {to_dutch_date(event.from_date)}."]
    if event.capacity_count is not None:
        noun = "plek" if event.capacity_count == 1 else "plekken"
        words.append(f"Het gaat om {to_dutch(event.capacity_count)} {noun}.")
    return " ".join([*words, _body(event)]).strip()


def _status(event: EventRecord) -> str:
    key = event.status or ""
    return SITE_STATUSES[key].label if key in SITE_STATUSES else key


def _said(words: str) -> Callable[[EventRecord], str]:
    return lambda _event: words


def _named(words: str) -> Callable[[EventRecord], str]:
    return lambda event: words.format(
        subject=event.subject, track=event.track_title, site=event.site_name
    )


_TITLES: Mapping[str, Callable[[EventRecord], str]] = {
    "track_published": _named("Nieuw gesprek: {track}"),
    "track_finished": _named("Het gesprek is klaar: {track}"),
    "phase_started": _named("Nieuwe stap: {subject}"),
    "phase_closed": _named("Deze stap is klaar: {subject}"),
    "news": _named("{subject}"),
    "meeting_planned": _named("Bijeenkomst: {subject}"),
    "meeting_moved": _named("Andere tijd of plaats: {subject}"),
    "meeting_cancelled": _named("Gaat niet door: {subject}"),
    "meeting_report": _named("Verslag van de bijeenkomst: {subject}"),
    "document": _named("Nieuw document: {subject}"),
    "theme_answered": _named("Antwoord op reacties over: {subject}"),
    "agreement_made": _named("Nieuwe afspraak: {subject}"),
    "agreement_done": _named("Deze afspraak is klaar: {subject}"),
    "site_public": _named("Nieuw op de kaart: {site}"),
    "site_moved": _named("Andere plek op de kaart: {site}"),
    "site_state": lambda event: f"{event.site_name}: {_status(event).lower()}",
}
_TEXTS: Mapping[str, Callable[[EventRecord], str]] = {
    "track_finished": _said("Er komen geen nieuwe stappen meer. U kunt alles nog lezen."),
    "meeting_planned": _meeting,
    "meeting_moved": _meeting,
    "meeting_cancelled": _meeting,
    "site_public": _new_site,
    "site_moved": _new_site,
    "site_state": _state,
}
EVENT_KINDS: tuple[str, ...] = tuple(_TITLES)
