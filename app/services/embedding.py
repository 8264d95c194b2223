"""What other websites show in a frame: one conversation or all, on a small map and as a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, ContributionKind
from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import ZONE, to_dutch, to_dutch_date
from data.queries.contributions import ContributionRecord, public_contributions
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.tracks import (
    PhaseRecord,
    TrackRecord,
    TrackSiteLine,
    phases_of_tracks,
    public_track,
    public_tracks,
    sites_of_tracks,
)
from geo.crs import to_wgs84

#: So many contributions stand in the list of a frame; all are on the page of the conversation.
MOST_SHOWN = 30


@dataclass(frozen=True)
class EmbeddedSite:
    """A place of a conversation, with its stage in words."""

    id: int
    name: str
    type: FacilityType
    status: SiteStatus
    lat_lon: tuple[float, float]
    is_subject: bool


@dataclass(frozen=True)
class EmbeddedContribution:
    """A contribution that points at a place; ``lat_lon`` is the middle of an area."""

    code: str
    kind: ContributionKind
    body: str
    came_on: dt.date
    lat_lon: tuple[float, float] | None


@dataclass(frozen=True)
class EmbeddedTrack:
    """A conversation as it stands in a frame."""

    track: TrackRecord
    phase: PhaseRecord | None
    sites: tuple[EmbeddedSite, ...]
    contributions: tuple[EmbeddedContribution, ...] = ()
    contribution_count: int = 0

    @property
    def may_react(self) -> bool:
        """Whether anybody can write something now."""
        return self.phase is not None and self.phase.takes_contributions

    @property
    def sentence(self) -> str:
        """Where the conversation is."""
        if self.track.state == "afgerond":
            return "Dit gesprek is afgerond."
        if self.phase is None:
            return "Op dit moment loopt er geen fase."
        until = f" tot en met {to_dutch_date(self.phase.ends_on)}" if self.phase.ends_on else ""
        asked = "U kunt reageren" if self.may_react else f"Nu: {self.phase.name}"
        return f"{asked}{until}."

    @property
    def count_text(self) -> str:
        """How many contributions everyone can read."""
        count = self.contribution_count
        return f"{to_dutch(count)} {'reactie' if count == 1 else 'reacties'}"


def embedded_track(connection: Connection, code: str, on: dt.date) -> EmbeddedTrack:
    """One conversation with its places and the newest contributions. Raises NotFound."""
    track = public_track(connection, code)
    (found,) = _embedded(connection, [track], on)
    records = public_contributions(connection, track.id)
    shown = tuple(_to_contribution(record) for record in records[:MOST_SHOWN])
    return EmbeddedTrack(track, found.phase, found.sites, shown, len(records))


def embedded_tracks(connection: Connection, on: dt.date) -> tuple[EmbeddedTrack, ...]:
    """Every conversation that is public, those that run first."""
    found = _embedded(connection, public_tracks(connection), on)
    return tuple(sorted(found, key=lambda one: one.track.state == "afgerond"))


def _embedded(
    connection: Connection, tracks: Collection[TrackRecord], on: dt.date
) -> list[EmbeddedTrack]:
    ids = [track.id for track in tracks]
    phases = phases_of_tracks(connection, ids)
    lines = sites_of_tracks(connection, ids)
    site_ids = {line.site_id for found in lines.values() for line in found}
    frame = sites_on(connection, area_release(connection).id, on, site_ids=site_ids)
    return [
        EmbeddedTrack(
            track,
            next((phase for phase in phases.get(track.id, ()) if phase.is_now), None),
            _to_sites(lines.get(track.id, ()), frame),
        )
        for track in tracks
    ]


def _to_sites(lines: Iterable[TrackSiteLine], frame: pd.DataFrame) -> tuple[EmbeddedSite, ...]:
    rows: Mapping[Any, Mapping[Any, Any]] = frame.to_dict("index")
    return tuple(
        EmbeddedSite(
            line.site_id,
            str(row["name"]),
            FACILITY_TYPES[str(row["type"])],
            SITE_STATUSES[str(row["status"])],
            (round(row["lat"], 5), round(row["lon"], 5)),
            line.part == "onderwerp",
        )
        for line in lines
        if (row := rows.get(line.site_id)) is not None
    )


def _to_contribution(record: ContributionRecord) -> EmbeddedContribution:
    lat_lon = None
    if record.geom is not None:
        centre = record.geom.representative_point()
        lon, lat = to_wgs84(centre.x, centre.y)
        lat_lon = (round(lat, 5), round(lon, 5))
    return EmbeddedContribution(
        record.code,
        CONTRIBUTION_KINDS[record.kind],
        record.body,
        record.made_at.astimezone(ZONE).date(),
        lat_lon,
    )
