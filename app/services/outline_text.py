"""The outline of a plot as people type it: a corner on each line, as the map writes it too."""

from __future__ import annotations

import shapely

from app.services.typed_points import TypedPointError, typed_point

LARGEST_HA = 20
MOST_CORNERS = 200
_M2_PER_HA = 10_000


class OutlineError(Exception):
    """Lines that are no outline of a plot; the message says what to change, in Dutch."""


def outline_of(text: str) -> shapely.Polygon | None:
    """The outline that the lines describe, in RD; None when there are none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if len(lines) > MOST_CORNERS + 1:
        raise OutlineError(f"Dit zijn te veel hoeken: hoogstens {MOST_CORNERS}.")
    corners = [_corner(number, line) for number, line in enumerate(lines, start=1)]
    if corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < 3:
        raise OutlineError("Een omtrek heeft ten minste drie hoeken, elk op een eigen regel.")
    return _checked(shapely.Polygon(corners))


def text_of_outline(outline: shapely.Polygon | None) -> str:
    """The corners of an outline in whole metres, one on each line."""
    if outline is None:
        return ""
    corners = list(outline.exterior.coords)[:-1]
    return "\n".join(f"{round(x)} {round(y)}" for x, y in corners)


def _corner(number: int, line: str) -> tuple[int, int]:
    try:
        found = typed_point(line)
    except TypedPointError as error:
        raise OutlineError(f"Regel {number}: {error}") from error
    if found is None:
        raise OutlineError(f"Regel {number} is geen plek. Schrijf x en y, zoals 103900 488500.")
    return found


def _checked(outline: shapely.Polygon) -> shapely.Polygon:
    if not outline.is_valid:
        raise OutlineError("De lijnen van de omtrek kruisen elkaar. Zet de hoeken op volgorde.")
    if outline.area > LARGEST_HA * _M2_PER_HA:
        raise OutlineError(
            f"Deze omtrek is groter dan {LARGEST_HA} hectare. Teken alleen het perceel zelf."
        )
    return outline
