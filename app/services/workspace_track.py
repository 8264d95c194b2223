"""One conversation as who works on it sees it, with all that hangs under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection

from analysis.dialogue.participation import TRACK_STATES, TrackState
from analysis.facility_types import FacilityType
from app.services.known_sites import KnownSite, known_sites
from app.services.track_list import type_of
from app.services.track_places import Place, read_places
from data.queries import workspace_tracks as reading
from data.queries.choices import ChoiceRecord, choices
from data.queries.workspace_tracks import (
    WorkDocument,
    WorkMeeting,
    WorkNews,
    WorkParty,
    WorkPhase,
    WorkTrack,
    WorkTrackSite,
)
from geo.frames import REGION_CODE

#: What a site is called that who reads may not know.
UNKNOWN_SITE = "Een plek in een andere gemeente, nog niet openbaar"
PARTS = {"onderwerp": "Hier gaat het gesprek over", "bekeken": "Ook bekeken"}


@dataclass(frozen=True)
class TrackSite:
    """A site of a conversation; ``site`` is None when who reads may not know it."""

    record: WorkTrackSite
    site: KnownSite | None

    @property
    def name(self) -> str:
        """The name of the site."""
        return self.site.name if self.site else UNKNOWN_SITE

    @property
    def part(self) -> str:
        """What it is in the conversation."""
        return PARTS[self.record.part]

    @property
    def is_hidden(self) -> bool:
        """Whether residents do not see it, because it is not public."""
        return self.site is None or not self.site.is_public


@dataclass(frozen=True)
class TrackView:
    """A conversation with its parts; ``parent`` is the one of the wijk, ``children`` those under.

    ``warnings`` are about the dates of the phases.
    """

    record: WorkTrack
    type: FacilityType | None
    place: Place
    state: TrackState
    phases: tuple[WorkPhase, ...]
    parties: tuple[WorkParty, ...]
    meetings: tuple[WorkMeeting, ...]
    news: tuple[WorkNews, ...]
    documents: tuple[WorkDocument, ...]
    sites: tuple[TrackSite, ...]
    parent: WorkTrack | None
    children: tuple[WorkTrack, ...]
    choice: ChoiceRecord | None
    waiting_count: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about the dates of the phases."""
        return phase_warnings(self.phases)

    def phases_now(self, today: dt.date) -> tuple[WorkPhase, ...]:
        """The phases that are open today."""
        return tuple(phase for phase in self.phases if phase.is_now(today))


def track_view(connection: Connection, track_id: int, today: dt.date) -> TrackView:
    """A conversation within reach; NotFound otherwise."""
    record = reading.find_track(connection, track_id)
    others = reading.tracks(connection)
    return TrackView(
        record,
        type_of(record),
        read_places(connection).of(record.gemeente_code, record.wijk_code),
        TRACK_STATES[record.state],
        tuple(reading.phases(connection, track_id)),
        tuple(reading.parties(connection, track_id)),
        tuple(reading.meetings(connection, track_id)),
        tuple(reading.news(connection, track_id)),
        tuple(reading.documents(connection, track_id)),
        _sites(connection, track_id, today),
        next((one for one in others if one.id == record.parent_id), None),
        tuple(one for one in others if one.parent_id == record.id),
        next((one for one in choices(connection) if one.id == record.choice_id), None),
        reading.waiting_counts(connection).get(track_id, 0),
    )


def site_options(connection: Connection, record: WorkTrack, today: dt.date) -> list[KnownSite]:
    """The sites that may stand in this conversation, by name: own ones and public ones.

    Of its type when it has one; of its gemeente when it is of one, and public ones of others.
    """
    types = None if record.type is None else [record.type]
    found = [
        site
        for site in known_sites(connection, today, types=types)
        if site.is_public or record.gemeente_code in (REGION_CODE, site.gemeente_code)
    ]
    return sorted(found, key=lambda site: (site.gemeente_name, site.name))


def choice_options(connection: Connection, record: WorkTrack) -> list[ChoiceRecord]:
    """The choices that this conversation may be tied to: of its type and its gemeente."""
    return [
        one
        for one in choices(connection)
        if one.gemeente_code in (record.gemeente_code, REGION_CODE)
        and record.type in (None, one.type)
    ]


def phase_warnings(phases: Sequence[WorkPhase]) -> tuple[str, ...]:
    """Phases that run at the same time, or that stand before one that begins earlier."""
    told = []
    for index, phase in enumerate(phases):
        for later in phases[index + 1 :]:
            if _overlap(phase, later):
                told.append(f"‘{phase.name}’ en ‘{later.name}’ lopen tegelijk.")
    dated = [(phase.starts_on, phase.name) for phase in phases if phase.starts_on is not None]
    for (begin, name), (later_begin, later_name) in pairwise(dated):
        if later_begin < begin:
            told.append(f"‘{later_name}’ begint eerder dan ‘{name}’, maar staat erna.")
    return tuple(told)


def _overlap(one: WorkPhase, other: WorkPhase) -> bool:
    if one.starts_on is None or other.starts_on is None:
        return False
    first, second = sorted((one, other), key=lambda phase: phase.starts_on or dt.date.max)
    assert second.starts_on is not None
    return first.closed_at is None and second.starts_on <= (first.ends_on or dt.date.max)


def _sites(connection: Connection, track_id: int, today: dt.date) -> tuple[TrackSite, ...]:
    records = reading.track_sites(connection, track_id)
    ids = [record.site_id for record in records]
    known = {site.id: site for site in known_sites(connection, today, site_ids=ids)} if ids else {}
    return tuple(TrackSite(record, known.get(record.site_id)) for record in records)
