"""Testing later what could not be tested at once: places from a file, and after a fault of ours.

One that fails again rests for an hour, so that it holds up neither the others nor the post.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from analysis.dialogue.contributions import CONTRIBUTION_KINDS
from app.numbers import ZONE
from app.services.place_test import try_place
from app.services.post_sending import HANDS
from data.changes.place_tests import keep_place_test
from data.database_roles import VISITOR, Hands, work_as
from data.errors import NotFound
from data.queries.tracks import public_track, track_sites
from data.queries.untested_places import UntestedPlace, untested_places

#: One takes up to some seconds when the streets are not in memory yet.
MOST_A_ROUND = 5
RESTS = dt.timedelta(hours=1)
_KINDS = tuple(kind.key for kind in CONTRIBUTION_KINDS if kind.needs_place)
#: When each was last tried in vain, by the code of the contribution.
_failed_at: dict[str, dt.datetime] = {}


def make_place_tests(engine: Engine, home: Path, now: dt.datetime) -> int:
    """Test the newest proposed places that have no test; returns how many have one now."""
    for code in [code for code, at in _failed_at.items() if at <= now - RESTS]:
        del _failed_at[code]
    with engine.connect() as connection, connection.begin():
        work_as(connection, HANDS)
        found = untested_places(connection, _KINDS, tuple(_failed_at), MOST_A_ROUND)
    return sum(_test(engine, home, place, now) for place in found)


def _test(engine: Engine, home: Path, place: UntestedPlace, now: dt.datetime) -> bool:
    made = _tried(engine, home, place, now.astimezone(ZONE).date())
    if made is None:
        _failed_at[place.code] = now
        return False
    with engine.connect() as connection, connection.begin():
        work_as(connection, HANDS)
        return keep_place_test(connection, place.code, made)


def _tried(engine: Engine, home: Path, place: UntestedPlace, on: dt.date) -> dict[str, Any] | None:
    """The test, made of what a visitor can see and nothing else."""
    with engine.connect() as connection, connection.begin():
        work_as(connection, Hands(VISITOR))
        try:
            track = public_track(connection, place.track_code)
        except NotFound:
            return None
        site_ids = tuple(line.site_id for line in track_sites(connection, track.id))
        return try_place(connection, home, place.geom, track.type, site_ids, on)
