"""The conversations within reach in a list: how far each is, what comes next, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.participation import TRACK_STATES, TrackState
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import ZONE
from app.services.track_places import Place, read_places
from data.queries import workspace_tracks as reading
from data.queries.workspace_tracks import WorkMeeting, WorkPhase, WorkTrack


@dataclass(frozen=True)
class NextDate:
    """What comes first, on which day."""

    on: dt.date
    what: str


@dataclass(frozen=True)
class TrackLine:
    """A conversation in the list."""

    record: WorkTrack
    type: FacilityType | None
    place: Place
    state: TrackState
    phases_now: tuple[WorkPhase, ...]
    next_date: NextDate | None
    waiting_count: int


def track_list(connection: Connection, today: dt.date) -> tuple[TrackLine, ...]:
    """Every conversation within reach: those that run first, then concepts, then what is done."""
    places = read_places(connection)
    phases = reading.all_phases(connection)
    meetings = reading.all_meetings(connection)
    waiting = reading.waiting_counts(connection)
    lines = [
        TrackLine(
            record,
            type_of(record),
            places.of(record.gemeente_code, record.wijk_code),
            TRACK_STATES[record.state],
            tuple(one for one in phases if one.track_id == record.id and one.is_now(today)),
            next_date(
                [one for one in phases if one.track_id == record.id],
                [one for one in meetings if one.track_id == record.id],
                today,
            ),
            waiting.get(record.id, 0),
        )
        for record in reading.tracks(connection)
    ]
    order = {"open": 0, "concept": 1, "afgerond": 2}
    return tuple(sorted(lines, key=lambda line: order[line.record.state]))


def type_of(record: WorkTrack) -> FacilityType | None:
    """The type that it is about; None for a wijk without one."""
    return None if record.type is None else FACILITY_TYPES[record.type]


def next_date(
    phases: Iterable[WorkPhase], meetings: Sequence[WorkMeeting], today: dt.date
) -> NextDate | None:
    """The first day from today on that something begins, ends or is held; None without one."""
    dates = [
        NextDate(meeting.starts_at.astimezone(ZONE).date(), meeting.name)
        for meeting in meetings
        if not meeting.is_cancelled
    ]
    for phase in phases:
        if phase.closed_at is None and phase.starts_on is not None and phase.starts_on > today:
            dates.append(NextDate(phase.starts_on, f"begin van ‘{phase.name}’"))
        if phase.closed_at is None and phase.ends_on is not None:
            dates.append(NextDate(phase.ends_on, f"einde van ‘{phase.name}’"))
    ahead = [date for date in dates if date.on >= today]
    return min(ahead, key=lambda date: date.on, default=None)
