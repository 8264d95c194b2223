"""The access scores of places by the whole profile of a type: what is near, and what is far."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import measure_access
from analysis.facility_types import FacilityType
from app.services.lists import SourceLine
from app.services.travel import access_frames, points_access
from app.services.travel_point import points_at


def score_places(
    connection: Connection,
    home: Path,
    area_release_id: int,
    places: pd.DataFrame,
    kind: FacilityType,
) -> tuple[pd.DataFrame, tuple[SourceLine, ...]]:
    """``score`` (0 to 100, NaN unknown) and ``reason`` of each place, and what they rest on.

    ``places`` has ``x_m`` and ``y_m`` (RD) on an index without doubles.
    """
    if places.empty:
        return pd.DataFrame({"score": [], "reason": []}, dtype="object"), ()
    profile = ACCESS_PROFILES[kind.key]
    points = points_at(connection, area_release_id, places["x_m"].tolist(), places["y_m"].tolist())
    found = points_access(connection, home, points, profile.mode)
    frames = access_frames(dict(zip(places.index, found, strict=True)))
    scored = measure_access(
        frames.minutes, profile, basis=frames.basis, reasons=frames.reasons
    ).scores
    return scored, found[0].sources
