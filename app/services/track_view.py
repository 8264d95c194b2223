"""One conversation as its page tells it: how far it is, what it is about, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.participation import PARTICIPATION_LEVELS, ParticipationLevel
from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services import current
from app.services.public_tracks import (
    Progress,
    TrackLine,
    gemeente_name,
    local_day,
    names_around,
    next_date,
    progress_of,
)
from data.queries.releases import Release, area_release
from data.queries.tracks import (
    DocumentLine,
    MeetingRecord,
    NewsRecord,
    PartyRecord,
    PhaseRecord,
    TrackPlace,
    places_of_tracks,
    public_track,
    track_documents,
    track_meetings,
    track_news,
    track_parties,
    track_phases,
)

LOOKED_AT = "bekeken"
#: A file of so many bytes is told in kB, a larger one in MB.
_KB, _MB = 1_000, 1_000_000


@dataclass(frozen=True)
class PhaseStep:
    """A phase among the steps: where it stands, and what people may expect of it."""

    record: PhaseRecord
    level: ParticipationLevel
    is_here: bool
    is_past: bool


@dataclass(frozen=True)
class ShownPlace:
    """A site of a conversation; ``status`` is None as long as it is not there yet."""

    record: TrackPlace
    type: FacilityType
    status: SiteStatus | None

    @property
    def url(self) -> str:
        """The page of the site."""
        return f"/locatie/{self.record.site_id}"


@dataclass(frozen=True)
class ShownDocument:
    """A document to download."""

    record: DocumentLine

    @property
    def kind(self) -> str:
        """What it is and how large: pdf, 340 kB."""
        name = self.record.media_type.rpartition("/")[2].rpartition(".")[2]
        count = self.record.byte_count
        size = f"{to_dutch(count / _MB, 1)} MB" if count >= _MB else f"{to_dutch(count / _KB)} kB"
        return f"{name}, {size}"


@dataclass(frozen=True)
class TrackView:
    """Everything that is public about one conversation, but for what people brought in."""

    line: TrackLine
    release: Release
    places: tuple[ShownPlace, ...]
    meetings: tuple[MeetingRecord, ...]
    news: tuple[NewsRecord, ...]
    parties: tuple[PartyRecord, ...]
    documents: tuple[ShownDocument, ...]

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self.line.progress

    @property
    def steps(self) -> tuple[PhaseStep, ...]:
        """The phases in order."""
        return tuple(
            PhaseStep(
                phase,
                PARTICIPATION_LEVELS[phase.level],
                is_here=phase.is_now,
                is_past=not phase.is_now and self.progress.is_past(phase),
            )
            for phase in self.progress.phases
        )

    @property
    def level(self) -> ParticipationLevel | None:
        """How much people have to say in the phase that runs."""
        now = self.progress.now
        return None if now is None else PARTICIPATION_LEVELS[now.level]

    @property
    def open_text(self) -> str | None:
        """What can still be decided: in this phase, or else in the whole of it."""
        now = self.progress.now
        return (now.open_text if now else None) or self.line.record.open_text

    @property
    def fixed_text(self) -> str | None:
        """What is fixed."""
        now = self.progress.now
        return (now.fixed_text if now else None) or self.line.record.fixed_text

    @property
    def subjects(self) -> tuple[ShownPlace, ...]:
        """The sites that it is about."""
        return tuple(place for place in self.places if place.record.part != LOOKED_AT)

    @property
    def looked_at(self) -> tuple[ShownPlace, ...]:
        """The sites that were also looked at."""
        return tuple(place for place in self.places if place.record.part == LOOKED_AT)

    @property
    def meetings_to_come(self) -> tuple[MeetingRecord, ...]:
        """The meetings from today on, the first one first."""
        return tuple(one for one in self.meetings if local_day(one) >= self.progress.today)

    @property
    def meetings_past(self) -> tuple[MeetingRecord, ...]:
        """The meetings that have been, the last one first."""
        return tuple(one for one in reversed(self.meetings) if local_day(one) < self.progress.today)

    @property
    def has_closed_phase(self) -> bool:
        """Whether a phase was closed, with an answer to what came in."""
        return any(phase.closed_at is not None for phase in self.progress.phases)

    @property
    def has_contact(self) -> bool:
        """Whether it says whom to ask."""
        record = self.line.record
        return any((record.contact_name, record.contact_email, record.contact_phone))


def track_view(connection: Connection, code: str) -> TrackView:
    """One conversation; NotFound when there is none or it is not public."""
    record = public_track(connection, code)
    release = area_release(connection)
    names = names_around(connection, release, [record])
    progress = progress_of(record, track_phases(connection, record.id))
    meetings = track_meetings(connection, record.id)
    places = places_of_tracks(connection, [record.id], current.today()).get(record.id, ())
    line = TrackLine(
        record,
        progress,
        gemeente_name=gemeente_name(record, names),
        wijk_name=names.get(record.wijk_code or ""),
        places=places,
        next=next_date(progress, meetings),
    )
    return TrackView(
        line,
        release,
        places=shown_places(places),
        meetings=meetings,
        news=track_news(connection, record.id),
        parties=track_parties(connection, record.id),
        documents=tuple(ShownDocument(one) for one in track_documents(connection, record.id)),
    )


def shown_places(places: Sequence[TrackPlace]) -> tuple[ShownPlace, ...]:
    """The sites of a conversation that may stand on a map."""
    return tuple(
        ShownPlace(
            place, FACILITY_TYPES[place.type], SITE_STATUSES[place.status] if place.status else None
        )
        for place in places
        if FACILITY_TYPES[place.type].recorded.on_map
    )
