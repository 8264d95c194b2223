"""From the coordinates in a file to points in RD, or to what is the matter with them."""

from __future__ import annotations

from collections.abc import Iterable

import shapely

from data.sources.cells import Cell, CellError, is_empty, to_plain
from geo.crs import (
    EPSG_OF_WORD,
    KNOWN_SYSTEMS,
    RD_EPSG,
    WGS84_EPSG,
    diagnose,
    point_to_rd,
)

#: What is the matter, by the system the file claims and what the numbers look like.
_MESSAGES = {
    (RD_EPSG, "swapped"): "x en y zijn verwisseld. Zet de x (rond 100000) voor de y (rond 490000).",
    (RD_EPSG, "wgs84"): (
        "Dit zijn graden (WGS 84), geen meters (RD). Zet ze in kolommen die lengtegraad en "
        "breedtegraad heten, of geef --crs 4326."
    ),
    (RD_EPSG, "wgs84_swapped"): (
        "Dit zijn graden (WGS 84), geen meters (RD), en ze zijn verwisseld. Zet ze in kolommen "
        "die lengtegraad (rond 4,6) en breedtegraad (rond 52,4) heten."
    ),
    (RD_EPSG, "web_mercator"): (
        "Dit zijn coördinaten van een webkaart (EPSG:3857). Geef --crs 3857."
    ),
    (WGS84_EPSG, "swapped"): (
        "Lengtegraad en breedtegraad zijn verwisseld. De lengtegraad is hier rond 4,6, de "
        "breedtegraad rond 52,4."
    ),
    (WGS84_EPSG, "rd"): (
        "Dit zijn meters (RD), geen graden (WGS 84). Zet ze in kolommen die x en y heten, of "
        "geef --crs 28992."
    ),
}
_OUTSIDE = "Dit punt ligt niet in Nederland. Kijk of de coördinaten kloppen."


def to_system(cell: Cell) -> int | None:
    """The EPSG number of a coordinate system as users write it."""
    if is_empty(cell):
        return None
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    found = EPSG_OF_WORD.get(to_plain(text))
    if found is None:
        raise CellError(f"Dit coördinatenstelsel kennen wij niet. Kies {KNOWN_SYSTEMS}.")
    return found


def plain_system(pairs: Iterable[tuple[float, float]]) -> int:
    """The system of coordinates that say nothing: RD, unless all are plainly degrees."""
    kinds = {diagnose(x, y) for x, y in pairs}
    return WGS84_EPSG if kinds == {"wgs84"} else RD_EPSG


def to_rd_point(x: float, y: float, epsg: int) -> shapely.Point:
    """The point in RD. Raises CellError saying what is the matter with the coordinates."""
    check_corner(x, y, epsg)
    return point_to_rd(shapely.Point(x, y), epsg)


def check_corner(x: float, y: float, epsg: int) -> None:
    """Return when the coordinates are of the Netherlands in this system; else CellError."""
    kind: str = diagnose(x, y, epsg)
    if kind == "ok":
        return
    if epsg != RD_EPSG and diagnose(x, y) == "ok":
        kind = "rd"
    raise CellError(_MESSAGES.get((epsg, kind), _OUTSIDE))
