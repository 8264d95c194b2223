"""Meetings as a calendar (iCalendar, RFC 5545) that people subscribe to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vText

from app.numbers import ZONE
from data.queries.tracks import MeetingRecord, TrackRecord

ICS_TYPE = "text/calendar"
_NAMES = uuid.UUID("c1a6f1a4-2f4e-4a2f-8a26-0f0f5a7a4b10")


def to_calendar(
    title: str, site: str, meetings: Iterable[MeetingRecord], tracks: Mapping[int, TrackRecord]
) -> bytes:
    """The meetings, in the order of their moments; one that is off is told as cancelled."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vlekkenplan//Bijeenkomsten//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for meeting in sorted(meetings, key=lambda entry: (entry.starts_at, entry.id)):
        calendar.add_component(_event(meeting, tracks[meeting.track_id], site))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: MeetingRecord, track: TrackRecord, site: str) -> Event:
    address = f"{site}/in-gesprek/{track.code}"
    event = Event()
    event.add("uid", f"{uuid.uuid5(_NAMES, str(meeting.id))}@{urlsplit(site).hostname}")
    event.add("dtstamp", meeting.made_at.astimezone(dt.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(ZONE))
    if meeting.ends_at is not None:
        event.add("dtend", meeting.ends_at.astimezone(ZONE))
    event.add("summary", meeting.name)
    event.add("location", meeting.place)
    texts = (meeting.explanation, f"Gesprek: {track.title}", address)
    event.add("description", "\n\n".join(text for text in texts if text))
    event.add("url", address)
    event.add("sequence", meeting.version - 1)
    event.add("status", vText("CANCELLED" if meeting.is_cancelled else "CONFIRMED"))
    return event
