"""The surroundings of candidates for the map, and the same in words for the list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services.candidate_places import CandidatePlace
from app.services.comparison import ComparedCandidates
from app.services.exposure import NotMeasurable, metres_on_foot, residents_on_foot
from app.services.travel import Place
from data.queries.releases import area_release
from data.queries.sites import sites_on
from geo.crs import to_wgs84

#: Other sites within so many metres in a straight line are part of the surroundings.
OTHERS_WITHIN_M = 1500.0
_DEGREES = 6


@dataclass(frozen=True)
class OtherSite:
    """Another public site near a candidate, in a straight line."""

    site_id: int
    name: str
    type: FacilityType
    place_count: int | None
    apart_m: float
    lat: float
    lon: float


@dataclass(frozen=True)
class Surroundings:
    """What is around a candidate: who lives within the radius on foot, amenities, other sites.

    ``homes`` are latitude, longitude and residents of each point; None, with the reason, where
    that can't be measured.
    """

    place: CandidatePlace
    homes: tuple[tuple[float, float, float], ...] | None
    reason: str | None
    amenities: tuple[tuple[str, Place], ...]
    others: tuple[OtherSite, ...]

    @property
    def resident_count(self) -> float:
        """Who lives within the radius."""
        return sum(count for _, _, count in self.homes or ())


def surroundings(
    connection: Connection, home: Path, found: ComparedCandidates
) -> tuple[Surroundings, ...]:
    """The surroundings of every candidate, in their order."""
    homes, reason = _homes(connection, home, found)
    others = _others(connection, found)
    asked = [
        entry.key
        for scores in found.measured.travel.scores.values()
        for entry in scores.profile.criteria
    ]
    return tuple(
        Surroundings(
            place,
            None if homes is None else homes[row],
            reason,
            _amenities(found, place, asked),
            _near(place, others),
        )
        for row, place in enumerate(found.places)
    )


def map_record(around: Sequence[Surroundings], signs: Sequence[str]) -> dict[str, Any]:
    """The same for the script of the map: places as latitude and longitude."""
    others = {site.site_id: site for entry in around for site in entry.others}
    candidates = {entry.place.key for entry in around}
    return {
        "kandidaten": [
            {
                "teken": sign,
                "naam": entry.place.name,
                "plek": _at(entry.place.lat, entry.place.lon),
                "woningen": [[*_at(lat, lon), count] for lat, lon, count in entry.homes or ()],
                "voorzieningen": [
                    {"naam": f"{label}: {place.name}" if place.name else label}
                    | {"plek": _at(place.lat, place.lon)}
                    for label, place in entry.amenities
                ],
            }
            for entry, sign in zip(around, signs, strict=True)
        ],
        "andere": [
            {"naam": site.name, "soort": site.type.key, "plek": _at(site.lat, site.lon)}
            for site in others.values()
            if site.site_id not in candidates
        ],
    }


def place_record(places: Sequence[CandidatePlace], signs: Sequence[str]) -> dict[str, Any]:
    """Only where the candidates are, for the script of the map."""
    return {
        "kandidaten": [
            {"teken": sign, "naam": place.name, "plek": _at(place.lat, place.lon)}
            | {"woningen": [], "voorzieningen": []}
            for place, sign in zip(places, signs, strict=True)
        ],
        "andere": [],
    }


def _at(lat: float, lon: float) -> list[float]:
    return [round(lat, _DEGREES), round(lon, _DEGREES)]


def _homes(
    connection: Connection, home: Path, found: ComparedCandidates
) -> tuple[list[tuple[tuple[float, float, float], ...]] | None, str | None]:
    """Of each candidate the points with residents within the radius; or why not."""
    try:
        residents = residents_on_foot(connection, home, area_release(connection).id)
    except NotMeasurable as missing:
        return None, str(missing)
    at = pd.DataFrame(
        {"x_m": [place.x_m for place in found.places], "y_m": [place.y_m for place in found.places]}
    )
    metres = metres_on_foot(residents, at).to_numpy()
    points = residents.points
    rows = []
    for apart in metres:
        near = points[np.nan_to_num(apart, nan=np.inf) <= found.question.terms.radius_m]
        lon_lat = [to_wgs84(point.x, point.y) for point in near.geometry]
        counts = near["resident_count"]
        rows.append(
            tuple(
                (lat, lon, float(count)) for (lon, lat), count in zip(lon_lat, counts, strict=True)
            )
        )
    return rows, None


def _others(connection: Connection, found: ComparedCandidates) -> pd.DataFrame:
    """The public sites that count by the terms."""
    terms = found.question.terms
    return sites_on(
        connection,
        area_release(connection).id,
        terms.on,
        [kind.key for kind in terms.counted_types],
        PLAN_SCOPES[terms.plan_scope].statuses,
    )


def _amenities(
    found: ComparedCandidates, place: CandidatePlace, asked: Sequence[str]
) -> tuple[tuple[str, Place], ...]:
    """The nearest amenity of each category that the profile asks."""
    access = found.measured.travel.points[place.key]
    return tuple(
        (entry.category.label, entry.nearest)
        for entry in access.categories
        if entry.category.key in asked and entry.nearest is not None
    )


def _near(place: CandidatePlace, others: pd.DataFrame) -> tuple[OtherSite, ...]:
    apart = np.hypot(others["x_m"] - place.x_m, others["y_m"] - place.y_m)
    near = others.assign(apart_m=apart)[apart <= OTHERS_WITHIN_M].sort_values("apart_m")
    rows: list[Any] = near[near.index != place.key].reset_index().to_dict("records")
    return tuple(
        OtherSite(
            int(row["site_id"]),
            row["name"],
            FACILITY_TYPES[row["type"]],
            None if pd.isna(row["capacity_count"]) else int(row["capacity_count"]),
            float(row["apart_m"]),
            float(row["lat"]),
            float(row["lon"]),
        )
        for row in rows
    )
