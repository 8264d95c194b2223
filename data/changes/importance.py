"""Keeping what a resident finds important: without name, address or moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from data.changes.refusals import in_words
from data.dialogue_tables import Importance

CLOSED = (
    "In dit gesprek kunt u nu geen afweging meesturen. Misschien is deze stap net voorbij. Er is "
    "niets verstuurd."
)


@dataclass(frozen=True)
class NewImportance:
    """One weighting in a phase; ``points`` are by subject."""

    track_id: int
    phase_id: int
    type: str
    points: Mapping[str, int]
    wijk_code: str | None = None


def add_importance(connection: Connection, new: NewImportance) -> None:
    """Keep a weighting, which its writer can't read back; OutsideScope in a phase not open."""
    values = {
        "track_id": new.track_id,
        "phase_id": new.phase_id,
        "type": new.type,
        "points": dict(new.points),
        "wijk_code": new.wijk_code,
    }
    with in_words(CLOSED):
        connection.execute(insert(Importance).inline().values(values))
