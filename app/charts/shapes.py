"""The outlines of areas as paths to draw: small enough to stand on a page many times."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from data.queries.areas import outlines
from data.queries.releases import Release
from geo.frames import Level

Points = npt.NDArray[np.float64]
#: The longest side of the drawing; places are rounded to whole units, about 70 m in the region.
LONGEST_SIDE = 600


@dataclass(frozen=True, eq=False)
class AreaPaths:
    """SVG paths by area code, in a field of ``width`` by ``height`` with the north at the top."""

    width: float
    height: float
    paths: dict[str, str]


def area_paths(connection: Connection, release: Release, level: Level) -> AreaPaths:
    """The areas of the region on one level, drawn as large as fits.

    Degrees are made square with the cosine of the middle latitude: right to well under a unit
    over a region. Neighbours keep sharing their border.
    """
    rings = {
        entry.area_code: [
            np.array(ring, dtype="float64")
            for polygon in json.loads(entry.geojson)["coordinates"]
            for ring in polygon
        ]
        for entry in outlines(connection, release.id, level)
        if entry.in_region
    }
    if not rings:
        return AreaPaths(0.0, 0.0, {})
    points = np.concatenate([ring for each in rings.values() for ring in each])
    low, high = points.min(axis=0), points.max(axis=0)
    square = np.array([cos(radians((low[1] + high[1]) / 2)), 1.0])
    unit = LONGEST_SIDE / ((high - low) * square).max()
    width, height = np.ceil((high - low) * square * unit)
    return AreaPaths(
        float(width),
        float(height),
        {
            code: "".join(_path((ring - low) * square * unit, height) for ring in each)
            for code, each in rings.items()
        },
    )


def _path(ring: Points, height: float) -> str:
    """One ring; points that fall on the one before it are left out."""
    places = np.column_stack([ring[:, 0], height - ring[:, 1]]).round().astype(int)
    moved = np.append(True, (np.diff(places, axis=0) != 0).any(axis=1))
    kept = places[moved]
    return f"M{' '.join(f'{x},{y}' for x, y in kept)}Z" if len(kept) > 2 else ""
