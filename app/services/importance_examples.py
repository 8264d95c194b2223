"""A conversation of which a phase is closed, for the examples of the method pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from analysis.dialogue.importance import LEAST_ANSWERS, ImportanceFacts
from app.services.importance_summary import first_table, shares_of
from app.services.lists import SourceLine
from app.services.weighed_track import track_values, weighed_track
from data.queries.importance import public_importance
from data.queries.tracks import public_tracks

NONE_YET = f"Er is nog geen gesprek met een afgesloten stap en {LEAST_ANSWERS} afwegingen of meer."


@dataclass(frozen=True, eq=False)
class ImportanceExample:
    """The facts and what they are about; None with the reason when there are none."""

    facts: ImportanceFacts | None
    about: str = ""
    sources: tuple[SourceLine, ...] = ()
    address: str | None = None
    reason: str = NONE_YET


def importance_example(connection: Connection, home: Path, on: dt.date) -> ImportanceExample:
    """The conversation with the most public weightings, of those with two places to order first.

    Of equals the first by title.
    """
    rows = public_importance(connection)
    records = [record for record in public_tracks(connection) if record.id in rows]
    if not records:
        return ImportanceExample(None)
    tracks = [weighed_track(connection, record.code, on) for record in records]
    track = max(tracks, key=lambda one: (len(one.places) > 1, len(rows[one.record.id])))
    record, values = track.record, track_values(connection, home, track)
    shares = shares_of(rows[record.id], track.subjects)
    facts = ImportanceFacts(
        track.subjects,
        shares,
        first_table(shares, values, track.subjects),
        None if values is None else values.facts.names,
    )
    sources = () if values is None else values.sources
    return ImportanceExample(
        facts,
        f"Het gesprek ‘{record.title}’",
        sources,
        f"/in-gesprek/{record.code}",
        "Daarvoor is van de plekken te weinig openbaar.",
    )
