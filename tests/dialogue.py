"""A conversation in Middendorp for tests, planted by the owner of the tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, insert, select

from data.dialogue_tables import (
    Contribution,
    ContributionContact,
    Track,
    TrackMeeting,
    TrackPhase,
    TrackSite,
)
from data.tables import Site
from geo.crs import RD_EPSG

STARTED = dt.date(2025, 9, 1)


@dataclass(frozen=True)
class PlantedTrack:
    """The ids of a planted track, with its phases by name and its sites by code."""

    id: int
    code: str
    phases: dict[str, int]
    sites: dict[str, int]


def plant_track(connection: Connection, code: str = "middendorp", **changed: Any) -> PlantedTrack:
    """An open track in Middendorp about TINY-4, with a phase that is over and one that is open.

    The open phase has no end, takes contributions and importance, and began in 2025.
    """
    values = {
        "gemeente_code": "GM9002",
        "wijk_code": "WK900201",
        "type": "beschut_wonen",
        "title": "Beschut wonen in Middendorp",
        "summary": "Wij zoeken samen een plek voor beschut wonen in Middendorp.",
        "why_here": "In deze wijk zijn winkels en een huisarts dichtbij.",
        "open_text": "De plek, de ingang en de afspraken met de buurt.",
        "fixed_text": "Er komen zes plekken in Middendorp.",
        "street_text": "Er komen geen extra auto's in de straat.",
        "contact_name": "Afdeling Wonen",
        "contact_email": "wonen@middendorp.example",
        "contact_phone": "023 000 00 00",
        "state": "open",
        "published_at": dt.datetime(2025, 9, 1, 9, tzinfo=dt.UTC),
    }
    track_id = connection.scalar(
        insert(Track).values({**values, "code": code, **changed}).returning(Track.id)
    )
    assert track_id is not None
    phases = {
        "Kennismaken": _plant_phase(
            connection,
            track_id,
            1,
            "Kennismaken",
            "informeren",
            ends_on=dt.date(2025, 10, 31),
            closed_at=dt.datetime(2025, 11, 1, 9, tzinfo=dt.UTC),
            outcome="Wij spraken 40 mensen.",
        ),
        "Plek kiezen": _plant_phase(
            connection,
            track_id,
            2,
            "Plek kiezen",
            "raadplegen",
            takes_contributions=True,
            takes_importance=True,
        ),
    }
    sites = {
        site_code: _plant_site(connection, track_id, site_code, part)
        for site_code, part in (("TINY-4", "onderwerp"), ("TINY-3", "bekeken"))
    }
    return PlantedTrack(track_id, code, phases, sites)


def _plant_phase(
    connection: Connection, track_id: int, position: int, name: str, level: str, **changed: Any
) -> int:
    values = {
        "track_id": track_id,
        "position": position,
        "name": name,
        "level": level,
        "starts_on": STARTED,
        "open_text": "De plek.",
        "fixed_text": "Het aantal plekken.",
    }
    statement = insert(TrackPhase).values({**values, **changed}).returning(TrackPhase.id)
    return int(connection.scalar(statement) or 0)


def _plant_site(connection: Connection, track_id: int, site_code: str, part: str) -> int:
    site_id = connection.scalar(select(Site.id).where(Site.site_code == site_code))
    assert site_id is not None
    connection.execute(insert(TrackSite).values(track_id=track_id, site_id=site_id, part=part))
    return site_id


def plant_meeting(connection: Connection, track: PlantedTrack, **changed: Any) -> int:
    """A meeting of the track, in March 2026."""
    values = {
        "track_id": track.id,
        "name": "Inloopavond",
        "starts_at": dt.datetime(2026, 3, 4, 18, 30, tzinfo=dt.UTC),
        "ends_at": dt.datetime(2026, 3, 4, 20, tzinfo=dt.UTC),
        "place": "Buurthuis Middendorp",
    }
    statement = insert(TrackMeeting).values({**values, **changed}).returning(TrackMeeting.id)
    return int(connection.scalar(statement) or 0)


def plant_contribution(
    connection: Connection,
    track: PlantedTrack,
    code: str,
    body: str = "Is er genoeg begeleiding in de avond?",
    *,
    place: BaseGeometry | None = None,
    email: str | None = None,
    **changed: Any,
) -> str:
    """A question in the open phase, waiting for a moderator; ``place`` is in RD."""
    values = {
        "code": code,
        "track_id": track.id,
        "phase_id": track.phases["Plek kiezen"],
        "kind": "vraag",
        "answers": {"waarover": ["begeleiding"]},
        "body": body,
        "entry": "website",
        "geom": None if place is None else from_shape(place, RD_EPSG),
    }
    connection.execute(insert(Contribution).values({**values, **changed}))
    if email is not None:
        connection.execute(
            insert(ContributionContact).values(
                contribution_code=code,
                email=email,
                delete_at=func.now() + dt.timedelta(days=365),
            )
        )
    return code
