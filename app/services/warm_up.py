"""Get ready before the first visitor asks: streets made and mapped, searches compiled."""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from threading import Thread

from sqlalchemy import Connection, Engine

from analysis.access.modes import TRAVEL_MODES, TravelMode
from app.services.clustering import clustering_of
from app.services.isochrones import isochrones
from app.services.residents import daily_life
from app.services.search_areas import read_search_question, search_areas
from app.services.spreading import QuestionError, opening_question
from app.services.travel import point_access, route_line
from app.services.travel_places import travel_places
from app.services.weighed_track import track_values, weighed_track
from data.errors import NotFound
from data.queries.tracks import public_tracks

log = logging.getLogger("vlekkenplan")

_LOCK_FILE = "warm-up.lock"
#: Amenities beside which a question is tried; those outside the areas that we know can't be.
_TRIES = 50


def start_warm_up(engine: Engine, home: Path) -> Thread:
    """Get ready in the background; the thread never keeps the program from ending."""
    thread = Thread(target=warm_up, args=(engine, home), name="warm-up", daemon=True)
    thread.start()
    return thread


def warm_up(engine: Engine, home: Path) -> None:
    """Ask what a visitor may ask, once for each way of travelling. Raises nothing.

    Of several processes one goes first: what it compiles and makes, the others only read.
    """
    try:
        with ExitStack() as stack:
            with suppress(OSError):
                home.mkdir(parents=True, exist_ok=True)
                file = stack.enter_context((home / _LOCK_FILE).open("a"))
                fcntl.flock(file, fcntl.LOCK_EX)
            connection = stack.enter_context(engine.connect())
            for mode in TRAVEL_MODES:
                _ask(connection, home, mode)
            clustering_of(connection, home, opening_question(dt.date.today()))
            _measure_tracks(connection, home)
            search_areas(connection, home, read_search_question("beschut_wonen", dt.date.today()))
    except NotFound:
        log.info("Er zijn nog geen straten om klaar te zetten.")
    except Exception:
        log.exception("De straten konden niet vooraf worden klaargezet.")


def _measure_tracks(connection: Connection, home: Path) -> None:
    """Measure the candidates of conversations that go on: many may look at the same moment."""
    for track in public_tracks(connection):
        if track.state == "open":
            track_values(connection, home, weighed_track(connection, track.code, dt.date.today()))


def _ask(connection: Connection, home: Path, mode: TravelMode) -> None:
    places = travel_places(connection, home, mode)
    daily_life(connection, home, places.areas.id, mode)
    for code, spot in islice(places.amenities.geometry.items(), _TRIES):
        with suppress(QuestionError, NotFound):
            point_access(connection, home, spot.x, spot.y, mode)
            route_line(connection, home, spot.x, spot.y, str(code), mode)
            isochrones(connection, home, spot.x, spot.y, mode, [1.0])
            return
