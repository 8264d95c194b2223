"""A conversation with contributions to answer, planted in the world of twelve squares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import shapely
from sqlalchemy import Engine, delete

from data.dialogue_tables import Track
from tests.dialogue import PlantedTrack, plant_contribution, plant_track

PLACE = shapely.Point(101_200, 481_500)
CAME = dt.datetime(2025, 12, 1, 11, tzinfo=dt.UTC)
HIDDEN_EMAIL = "bewoner@test.example"
#: Of each contribution: code, text, and what else.
CONTRIBUTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("aa22", "Waar moeten de auto's staan?", {"moderation": "openbaar"}),
    ("bb33", "Meer bomen graag.", {"moderation": "openbaar", "kind": "idee", "answers": {}}),
    (
        "cc44",
        "=HYPERLINK(1) is mijn idee",
        {"moderation": "openbaar", "kind": "plek", "place": PLACE, "entry": "papier"},
    ),
    ("dd55", "Nog niemand las dit.", {"moderation": "wacht"}),
    ("ee66", "Dit is geweigerd.", {"moderation": "geweigerd", "refusal_key": "respect"}),
)


@contextmanager
def planted(engine: Engine, code: str = "antwoorden") -> Iterator[PlantedTrack]:
    """The conversation, for as long as this lasts; the first contribution left an address."""
    with engine.begin() as connection:
        track = plant_track(connection, code)
        for number, (word, body, more) in enumerate(CONTRIBUTIONS):
            email = HIDDEN_EMAIL if number == 0 else None
            at = CAME + dt.timedelta(hours=number)
            plant_contribution(connection, track, word, body, email=email, made_at=at, **more)
    try:
        yield track
    finally:
        with engine.begin() as connection:
            connection.execute(delete(Track).where(Track.id == track.id))
