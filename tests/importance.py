"""Weightings of residents for tests, planted by the owner of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, update

from data.dialogue_tables import Importance, TrackPhase
from tests.dialogue import PlantedTrack

#: Two ways to weigh: daily life above all, and an even spread above all.
NEAR = {"bereikbaarheid": 4, "verdeling": 1, "nabijheid": 1, "praktisch": 1, "kosten": 1}
EVEN = {"bereikbaarheid": 0, "verdeling": 4, "nabijheid": 2, "praktisch": 1, "kosten": 1}


def plant_importance(
    connection: Connection,
    track: PlantedTrack,
    points: Mapping[str, Any],
    count: int = 1,
    wijk_code: str | None = None,
    **changed: Any,
) -> None:
    """So many weightings in the open phase of a track."""
    values = {
        "track_id": track.id,
        "phase_id": track.phases["Plek kiezen"],
        "type": "beschut_wonen",
        "points": dict(points),
        "wijk_code": wijk_code,
    }
    for _ in range(count):
        connection.execute(insert(Importance).values({**values, **changed}))


def close_phase(connection: Connection, track: PlantedTrack, name: str = "Plek kiezen") -> None:
    """End a phase with an outcome."""
    connection.execute(
        update(TrackPhase)
        .where(TrackPhase.id == track.phases[name])
        .values(closed_at=func.now(), outcome="Wij wogen alles af.")
    )
