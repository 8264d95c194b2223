"""Conversations as people find them: where they are, how far they are, and what one can do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.participation import TRACK_STATES, TrackState
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import ZONE, to_dutch, to_dutch_date
from app.services import current
from app.services.lists import plain
from app.services.shelf import Shelf, content_key
from data.queries.areas import OUTLINE_DECIMALS, area_names
from data.queries.releases import Release, area_release
from data.queries.tracks import (
    MeetingRecord,
    PhaseRecord,
    TrackPlace,
    TrackRecord,
    meetings_of_tracks,
    phases_of_tracks,
    places_of_tracks,
    public_tracks,
)

#: The gemeente of a conversation of all gemeenten together.
REGION = "regio"
REGION_NAME = "De hele regio"
SUBJECT = "onderwerp"
_names_shelf = Shelf(most=128)


@dataclass(frozen=True)
class NextDate:
    """What happens next in a conversation, and when."""

    day: dt.date
    label: str


@dataclass(frozen=True)
class Progress:
    """How far a conversation is: its phases in order, and those that run now."""

    phases: tuple[PhaseRecord, ...]
    is_finished: bool
    today: dt.date

    @property
    def now(self) -> PhaseRecord | None:
        """The phase that runs; where one can react first."""
        running = [phase for phase in self.phases if phase.is_now]
        return min(running, key=lambda phase: not phase.takes_contributions, default=None)

    @property
    def reacting(self) -> PhaseRecord | None:
        """The phase in which one can react now."""
        return _first(phase for phase in self.phases if phase.is_now and phase.takes_contributions)

    @property
    def weighing(self) -> PhaseRecord | None:
        """The phase in which one can say now what one finds important."""
        return _first(phase for phase in self.phases if phase.is_now and phase.takes_importance)

    @property
    def coming(self) -> PhaseRecord | None:
        """The next phase with a date that has not begun."""
        later = [
            phase
            for phase in self.phases
            if phase.starts_on and phase.starts_on > self.today and phase.closed_at is None
        ]
        return min(later, key=lambda phase: phase.starts_on or self.today, default=None)

    @property
    def where(self) -> str:
        """Which phase this is: Fase 2 van 4: Plek kiezen."""
        if self.is_finished:
            return "Dit gesprek is afgerond."
        if self.now is not None:
            number = self.phases.index(self.now) + 1
            return f"Fase {number} van {len(self.phases)}: {self.now.name}."
        if self.coming is not None:
            day = to_dutch_date(self.coming.starts_on)
            return f"De volgende fase, {self.coming.name}, begint op {day}."
        return "Er loopt nu geen fase."

    @property
    def can_do(self) -> str:
        """Until when one can react, or that one cannot now."""
        if self.reacting is None:
            return "" if self.is_finished else "U kunt nu niet reageren."
        if self.reacting.ends_on is None:
            return "U kunt nu reageren."
        return f"U kunt reageren tot en met {to_dutch_date(self.reacting.ends_on)}."

    @property
    def sentence(self) -> str:
        """Where the conversation is, and what one can do."""
        return f"{self.where} {self.can_do}".strip()

    def is_past(self, phase: PhaseRecord) -> bool:
        """Whether a phase is over: closed, or past its last day."""
        is_over = phase.ends_on is not None and phase.ends_on < self.today
        return phase.closed_at is not None or is_over


@dataclass(frozen=True)
class TrackLine:
    """One conversation in a list; its sites are only those that everyone may know."""

    record: TrackRecord
    progress: Progress
    gemeente_name: str
    wijk_name: str | None
    places: tuple[TrackPlace, ...]
    next: NextDate | None

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/in-gesprek/{self.record.code}"

    @property
    def type(self) -> FacilityType | None:
        """The kind of place that it is about, when that is known."""
        return FACILITY_TYPES[self.record.type] if self.record.type else None

    @property
    def state(self) -> TrackState:
        """Whether it goes on."""
        return TRACK_STATES[self.record.state]

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return not self.progress.is_finished

    @property
    def can_react(self) -> bool:
        """Whether one can react now."""
        return self.progress.reacting is not None

    @property
    def where(self) -> str:
        """The wijk with its gemeente, or what the conversation covers."""
        if self.wijk_name is not None:
            return ", ".join(dict.fromkeys((self.wijk_name, self.gemeente_name)))
        if self.record.gemeente_code == REGION:
            return REGION_NAME
        return f"Heel {self.gemeente_name}"

    @property
    def map_sites(self) -> list[dict[str, object]]:
        """The sites that it is about, as the map has them."""
        return [
            {
                "id": place.site_id,
                "plek": [round(place.lat, OUTLINE_DECIMALS), round(place.lon, OUTLINE_DECIMALS)],
                "naam": place.name,
                "soort": FACILITY_TYPES[place.type].label,
                "symbool": FACILITY_TYPES[place.type].symbol,
                "groep": SITE_STATUSES[place.status].group.key,
                "status": SITE_STATUSES[place.status].label,
            }
            for place in self.subjects
            if place.status and FACILITY_TYPES[place.type].recorded.on_map
        ]

    @property
    def subjects(self) -> tuple[TrackPlace, ...]:
        """The sites that it is about."""
        return tuple(place for place in self.places if place.part == SUBJECT)

    @property
    def site_ids(self) -> tuple[int, ...]:
        """Its sites in the order of ``track_sites``: those that it is about first."""
        told = sorted((place.part != SUBJECT, place.site_id) for place in self.places)
        return tuple(site_id for _, site_id in told)


@dataclass(frozen=True)
class TrackOverview:
    """Every public conversation: those that go on first, by gemeente."""

    lines: tuple[TrackLine, ...]
    release: Release

    @property
    def open(self) -> tuple[TrackLine, ...]:
        """Those that go on."""
        return tuple(line for line in self.lines if line.is_open)

    @property
    def finished(self) -> tuple[TrackLine, ...]:
        """Those that are done."""
        return tuple(line for line in self.lines if not line.is_open)

    @property
    def by_gemeente(self) -> list[tuple[str, list[TrackLine]]]:
        """Those that go on, by name of the gemeente; those of the region first."""
        found: dict[str, list[TrackLine]] = {}
        for line in self.open:
            found.setdefault(line.gemeente_name, []).append(line)
        return sorted(found.items(), key=lambda item: (item[0] != REGION_NAME, plain(item[0])))

    @property
    def sentence(self) -> str:
        """How many conversations there are, and on how many one can react."""
        return overview_sentence(self.open)


def overview_sentence(lines: Sequence[TrackLine]) -> str:
    """Er lopen 3 gesprekken. U kunt nu op 2 reageren."""
    reacting = sum(line.can_react for line in lines)
    if not lines:
        return "Er loopt nu geen gesprek."
    if len(lines) == 1:
        can = "U kunt er nu op reageren." if reacting else "U kunt er nu niet op reageren."
        return f"Er loopt 1 gesprek. {can}"
    if not reacting:
        can = "U kunt nu nergens op reageren."
    elif reacting == len(lines):
        can = "U kunt nu op alle reageren."
    else:
        can = f"U kunt nu op {to_dutch(reacting)} reageren."
    return f"Er lopen {to_dutch(len(lines))} gesprekken. {can}"


def track_overview(connection: Connection, release: Release | None = None) -> TrackOverview:
    """Every conversation that is public."""
    release = release or area_release(connection)
    return TrackOverview(track_lines(connection, release, public_tracks(connection)), release)


def track_lines(
    connection: Connection, release: Release, records: Sequence[TrackRecord]
) -> tuple[TrackLine, ...]:
    """These conversations as lines of a list; asks as little whatever their number."""
    if not records:
        return ()
    ids = [record.id for record in records]
    names = names_around(connection, release, records)
    phases, meetings = phases_of_tracks(connection, ids), meetings_of_tracks(connection, ids)
    places = places_of_tracks(connection, ids, current.today())
    lines = []
    for record in records:
        progress = progress_of(record, phases.get(record.id, ()))
        lines.append(
            TrackLine(
                record,
                progress,
                gemeente_name=gemeente_name(record, names),
                wijk_name=names.get(record.wijk_code or ""),
                places=places.get(record.id, ()),
                next=next_date(progress, meetings.get(record.id, ())),
            )
        )
    return tuple(lines)


def names_around(
    connection: Connection, release: Release, records: Iterable[TrackRecord]
) -> dict[str, str]:
    """The names of the areas of these conversations, which change only with a delivery."""
    told = ((one.gemeente_code, one.wijk_code) for one in records)
    codes = sorted({code for pair in told for code in pair if code})
    key = content_key(connection, release, *codes)
    return _names_shelf.keep(key, lambda: area_names(connection, release.id, codes))


def gemeente_name(record: TrackRecord, names: dict[str, str]) -> str:
    """The name of the gemeente of a conversation, or that it is of all of them."""
    if record.gemeente_code == REGION:
        return REGION_NAME
    return names.get(record.gemeente_code, record.gemeente_code)


def progress_of(record: TrackRecord, phases: tuple[PhaseRecord, ...]) -> Progress:
    """How far a conversation is today."""
    return Progress(phases, record.state == "afgerond", current.today())


def tracks_of_site(
    connection: Connection, site_id: int, release: Release | None = None
) -> tuple[TrackLine, ...]:
    """The conversations about a site or that looked at it, those that go on first."""
    return _some(connection, public_tracks(connection, site_id=site_id), release)


def tracks_of_area(
    connection: Connection, gemeente_code: str, wijk_code: str | None
) -> tuple[TrackLine, ...]:
    """The conversations of a gemeente, or of a wijk, those that go on first."""
    if wijk_code is not None:
        return _some(connection, public_tracks(connection, wijk_code=wijk_code))
    return _some(connection, public_tracks(connection, gemeente_code=gemeente_code))


def _some(
    connection: Connection, records: Sequence[TrackRecord], release: Release | None = None
) -> tuple[TrackLine, ...]:
    if not records:
        return ()
    lines = track_lines(connection, release or area_release(connection), records)
    return tuple(sorted(lines, key=lambda line: not line.is_open))


def next_date(progress: Progress, meetings: Iterable[MeetingRecord]) -> NextDate | None:
    """The first thing to come: a meeting, the last day to react, or a phase that begins."""
    if progress.is_finished:
        return None
    dates = [
        NextDate(local_day(meeting), meeting.name)
        for meeting in meetings
        if not meeting.is_cancelled
    ]
    if progress.reacting is not None and progress.reacting.ends_on is not None:
        dates.append(NextDate(progress.reacting.ends_on, "Laatste dag om te reageren"))
    if progress.coming is not None and progress.coming.starts_on is not None:
        dates.append(NextDate(progress.coming.starts_on, f"Begin van {progress.coming.name}"))
    to_come = [one for one in dates if one.day >= progress.today]
    return min(to_come, key=lambda one: one.day, default=None)


def local_day(meeting: MeetingRecord) -> dt.date:
    """The day of a meeting, as the calendar in the Netherlands says."""
    return meeting.starts_at.astimezone(ZONE).date()


def _first(phases: Iterable[PhaseRecord]) -> PhaseRecord | None:
    return next(iter(phases), None)
