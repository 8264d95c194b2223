"""A conversation with what can be weighed in it: its subjects, and its public candidates measured.

Measuring takes long, and a whole hall may look at the same time: it is done once and kept in this
process, under a mark of everything public that it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.comparing.criterion import Criterion
from analysis.comparing.facts import CandidateFacts
from analysis.comparing.values import to_values
from analysis.dialogue.subjects import Subject, subjects_of
from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services.candidate_facts import measure_candidates
from app.services.candidate_places import CandidatePlace, public_places
from app.services.candidate_terms import MeasuringTerms
from app.services.lists import SourceLine
from app.services.shelf import Shelf, content_key
from data.queries.importance import public_mark
from data.queries.tracks import (
    PhaseRecord,
    TrackRecord,
    public_track,
    track_phases,
    track_sites,
)

#: What is written where a conversation is about no type in particular.
NO_TYPE = ""
_MOST_KEPT = 64
_places_shelf, _values_shelf = Shelf(_MOST_KEPT), Shelf(_MOST_KEPT)


@dataclass(frozen=True, eq=False)
class WeighedTrack:
    """A conversation, its subjects, and the public candidates that are put in order.

    ``places`` are those of the type that the conversation is about, while nothing ended there;
    ``left_out`` are the other public sites. ``key`` says all that an answer about them rests on.
    """

    record: TrackRecord
    kind: FacilityType | None
    phases: tuple[PhaseRecord, ...]
    subjects: tuple[Subject, ...]
    places: tuple[CandidatePlace, ...]
    left_out: tuple[CandidatePlace, ...]
    key: Hashable
    on: dt.date

    @property
    def type_key(self) -> str:
        """The key of the type; empty without one."""
        return NO_TYPE if self.kind is None else self.kind.key

    @property
    def phase_now(self) -> PhaseRecord | None:
        """The phase in which weightings may be sent now; None when there is none."""
        open_now = (phase for phase in self.phases if phase.is_now and phase.takes_importance)
        return next(open_now, None)

    @property
    def next_phase(self) -> PhaseRecord | None:
        """The phase that begins later and will ask what people find important."""
        later = (
            phase
            for phase in self.phases
            if phase.takes_importance
            and phase.closed_at is None
            and phase.starts_on is not None
            and phase.starts_on > self.on
        )
        return next(later, None)


@dataclass(frozen=True, eq=False)
class TrackValues:
    """The candidates of a conversation measured: ``values`` are from 0 to 1, by criterion.

    Only criteria of which anything is public of any candidate are in ``facts`` and ``values``;
    ``unknown`` are the subjects of which nothing is.
    """

    facts: CandidateFacts
    values: pd.DataFrame
    unknown: tuple[Subject, ...]
    sources: tuple[SourceLine, ...]

    @property
    def known(self) -> pd.DataFrame:
        """The values of the candidates of which every one of these criteria is known."""
        return self.values[self.values.notna().all(axis=1)]


def weighed_track(connection: Connection, code: str, on: dt.date) -> WeighedTrack:
    """The conversation with this code, as everyone may know it; NotFound when it is not public."""
    record = public_track(connection, code)
    ids = tuple(line.site_id for line in track_sites(connection, record.id))
    phases = track_phases(connection, record.id)
    return to_weighed(connection, record, phases, ids, on, public_mark(connection))


def to_weighed(
    connection: Connection,
    record: TrackRecord,
    phases: tuple[PhaseRecord, ...],
    site_ids: tuple[int, ...],
    on: dt.date,
    public: str,
) -> WeighedTrack:
    """The same of what was read already; ``public`` is the mark of everything public."""
    mark: tuple[Hashable, ...] = (
        content_key(connection),
        public,
        site_ids,
        record.type,
        on,
    )
    sites = _places_shelf.keep(mark, lambda: _places(connection, site_ids, on))
    kind = _kind(record, sites)
    places = tuple(place for place in sites if place.type == kind and _is_there(place))
    return WeighedTrack(
        record=record,
        kind=kind,
        phases=phases,
        subjects=subjects_of(kind),
        places=places,
        left_out=tuple(place for place in sites if place not in places),
        key=mark,
        on=on,
    )


def _places(
    connection: Connection, site_ids: tuple[int, ...], on: dt.date
) -> tuple[CandidatePlace, ...]:
    return public_places(connection, site_ids, on) if site_ids else ()


def track_values(connection: Connection, home: Path, track: WeighedTrack) -> TrackValues | None:
    """Its candidates measured as everyone may know them, made once; None without any.

    On a connection of a visitor, whoever asks: others would measure more than is public.
    """
    kind, places = track.kind, track.places
    if kind is None or not places:
        return None

    def make() -> TrackValues:
        found = measure_candidates(connection, home, MeasuringTerms(kind, track.on), places)
        return _known_values(found.facts, track.subjects, found.sources)

    return _values_shelf.keep(track.key, make)


def clear_kept() -> None:
    """Forget what was measured, for tests."""
    _places_shelf.clear()
    _values_shelf.clear()


def _known_values(
    facts: CandidateFacts, subjects: tuple[Subject, ...], sources: tuple[SourceLine, ...]
) -> TrackValues:
    counted = [entry for entry in facts.criteria if facts.raw[entry.key].notna().any()]
    kept = _only(facts, counted)
    keys = {entry.key for entry in counted}
    unknown = tuple(subject for subject in subjects if not keys & set(subject.criteria))
    return TrackValues(kept, to_values(kept), unknown, sources)


def _only(facts: CandidateFacts, criteria: list[Criterion]) -> CandidateFacts:
    """The same facts on these criteria."""
    keys = [entry.key for entry in criteria]
    return CandidateFacts(
        tuple(criteria),
        facts.names,
        facts.raw[keys],
        facts.reasons[keys],
        facts.notes[keys],
        {key: told for key, told in facts.evidence.items() if key[1] in keys},
    )


def _kind(record: TrackRecord, sites: tuple[CandidatePlace, ...]) -> FacilityType | None:
    """The type that it is about: as it says itself, or that of all its sites."""
    types = {place.type.key for place in sites}
    key = record.type if record.type is not None else min(types) if len(types) == 1 else None
    if key is None or key not in FACILITY_TYPES or not FACILITY_TYPES[key].recorded.on_map:
        return None
    return FACILITY_TYPES[key]


def _is_there(place: CandidatePlace) -> bool:
    """Whether nothing ended there."""
    status = place.status or SITE_STATUSES["idee"]
    return status.group != STATUS_GROUPS["ended"]
