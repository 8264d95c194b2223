"""Where one gets in 5, 10 and 15 minutes, drawn once for the page and for its map.

Drawing takes a few tenths of a second, on a bicycle more; the table of the page and the file of
the map ask the same right after each other.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from analysis.access.modes import TravelMode
from app.services.isochrones import Isochrones, isochrones
from data.queries.streets import street_release

#: Some hundreds of kB each.
MOST_KEPT = 16
_kept: OrderedDict[tuple[object, ...], Isochrones] = OrderedDict()
_keeping = Lock()


def zones_around(
    connection: Connection, home: Path, x_m: float, y_m: float, mode: TravelMode
) -> Isochrones:
    """As ``isochrones``, and kept until the streets are others or newer places need the room."""
    release = street_release(connection)
    asked = (str(connection.engine.url), release.id, release.imported_at, x_m, y_m, mode)
    with _keeping:
        if asked in _kept:
            _kept.move_to_end(asked)
            return _kept[asked]
    found = isochrones(connection, home, x_m, y_m, mode)
    with _keeping:
        _kept[asked] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found
