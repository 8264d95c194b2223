"""Answers of travel access for a program: as JSON with units and sources, and as rows of CSV.

Distances are metres along the streets, minutes are travel time. What is unknown is null, with
the reason beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.access.modes import BANDS_MIN, TravelMode
from analysis.access.profiles import HOMES, HOMES_LABEL
from analysis.access.score import AccessScores
from app.services.area_minutes import AreaMinutes
from app.services.lists import SourceLine
from app.services.travel import CategoryAccess, Place, PointAccess, SiteAccess

#: The pages that tell how each figure is computed.
METHODS = {"minutes": "/methode/reistijd", "score": "/methode/toegangsscore"}
UNITS = {
    "distance_m": "metres along the streets, the ways to and from the street counted",
    "minutes": "minutes of travel",
    "counts": "number of places within so many minutes",
    "cbs_km": "kilometres over the road by car, average of the homes of an area (CBS)",
    "score": "points from 0 to 100",
}
AREA_COLUMNS = (
    "area_code",
    "name",
    "gemeente_name",
    "resident_count",
    "measured_count",
    "unknown_count",
    "unreached_count",
    "median_min",
    "p90_min",
    "cbs_km",
    "reason",
    "warning",
)
AREA_UNITS = {
    "median_min": "minutes of travel that half of the measured residents stay within",
    "p90_min": "minutes of travel that nine in ten of them stay within",
    "cbs_km": UNITS["cbs_km"],
}


@dataclass(frozen=True)
class Scored:
    """A point, the name it goes by, and its score when one was asked."""

    access: PointAccess
    scores: AccessScores | None = None
    key: int = 0

    @property
    def score(self) -> float | None:
        """The points out of 100, None when they are not known or not asked."""
        return None if self.scores is None else plain(self.scores.scores.loc[self.key, "score"])

    @property
    def reason(self) -> str | None:
        """Why there is no score."""
        return None if self.scores is None else plain(self.scores.scores.loc[self.key, "reason"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Every criterion of the profile with its minutes, value, weight and points."""
        if self.scores is None:
            return []
        criteria = {entry.key: entry for entry in self.scores.profile.criteria}
        return [
            {
                "criterion": part["criterion"],
                "label": criteria[part["criterion"]].label,
                "direction": criteria[part["criterion"]].direction,
                "good_min": criteria[part["criterion"]].good_min,
                "bad_min": criteria[part["criterion"]].bad_min,
                **{
                    name: plain(part[name])
                    for name in ("minutes", "value", "weight", "part", "basis", "reason")
                },
            }
            for part in self.scores.parts_of(self.key).to_dict("records")
        ]


def point_record(found: Scored) -> dict[str, Any]:
    """One point: question, place, every category, the score with its parts, and sources."""
    return {
        "question": {
            "x_m": found.access.x_m,
            "y_m": found.access.y_m,
            **mode_record(found.access.mode),
        },
        **_place_record(found),
        **standing(found.access.sources),
    }


def sites_record(
    question: dict[str, Any],
    mode: TravelMode,
    sites: Sequence[tuple[SiteAccess, Scored]],
    sources: Sequence[SourceLine],
) -> dict[str, Any]:
    """Every site with all that ``point_record`` tells of a point."""
    return {
        "question": {**question, **mode_record(mode)},
        "sites": [
            {
                "site_code": site.site_code,
                "name": site.name,
                "type": site.type.key,
                "x_m": site.access.x_m,
                "y_m": site.access.y_m,
                **_place_record(found),
            }
            for site, found in sites
        ],
        **standing(sources),
    }


def areas_record(found: AreaMinutes) -> dict[str, Any]:
    """Every area with the travel minutes of its residents, and the region as a whole."""
    question = found.question
    return {
        "question": {
            "target": question.target.key,
            "level": question.level,
            "date": question.on.isoformat(),
            **mode_record(question.mode),
        },
        "headline": found.headline,
        "basis": found.basis,
        "population_basis": found.population_basis,
        "place_count": found.place_count,
        "far_place_count": found.far_place_count,
        "protected_site_count": found.protected_site_count,
        "region": {name: plain(found.region.get(name)) for name in AREA_COLUMNS[3:]},
        "areas": list(area_rows(found)),
        **standing(found.sources),
        "units": AREA_UNITS,
    }


def area_rows(found: AreaMinutes) -> Iterator[dict[str, Any]]:
    """A row an area."""
    table = found.table.rename_axis("area_code").reset_index()
    for row in table.to_dict("records"):
        yield {name: plain(row[name]) for name in AREA_COLUMNS}


def category_rows(found: Scored) -> Iterator[dict[str, Any]]:
    """A row for every category and for homes, with what it is worth in the score."""
    parts = {part["criterion"]: part for part in found.parts}
    access = found.access
    for entry in access.categories:
        yield {
            "category": entry.category.key,
            "label": entry.category.label,
            "nearest_code": entry.nearest.amenity_code if entry.nearest else None,
            "nearest_name": entry.nearest.name if entry.nearest else None,
            "nearest_m": entry.nearest.distance_m if entry.nearest else None,
            "nearest_min": entry.nearest.minutes if entry.nearest else None,
            "third_m": entry.third.distance_m if entry.third else None,
            "third_min": entry.third.minutes if entry.third else None,
            **{f"within_{band}_min_count": entry.counts.get(band) for band in BANDS_MIN},
            "basis": entry.basis if entry.nearest or entry.cbs_km is not None else None,
            "cbs_km": entry.cbs_km,
            "cbs_level": entry.cbs_level,
            "cbs_area": entry.cbs_name,
            "cbs_year": entry.cbs_year,
            "reason": entry.reason,
            "cbs_reason": entry.cbs_reason,
            **_worth(parts.get(entry.category.key)),
        }
    yield {
        "category": HOMES,
        "label": HOMES_LABEL,
        "nearest_m": access.homes_m,
        "nearest_min": access.homes_minutes,
        "basis": None if access.homes_m is None else "straten",
        "reason": access.homes_reason,
        **_worth(parts.get(HOMES)),
    }


def source_columns(sources: Sequence[SourceLine]) -> dict[str, Any]:
    """Where a row of CSV comes from, the same in every row."""
    return {
        "source": "; ".join(_title(line) for line in sources),
        "year": "; ".join(dict.fromkeys(str(line.release.year) for line in sources)),
        "is_example": str(any(line.release.is_example for line in sources)).lower(),
        "method": METHODS["minutes"],
    }


def plain(value: Any) -> Any:
    """A value that JSON knows; what is unknown or infinite becomes null."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _worth(part: dict[str, Any] | None) -> dict[str, Any]:
    names = ("value", "weight", "part")
    return {name: part[name] if part else None for name in names}


def mode_record(mode: TravelMode) -> dict[str, Any]:
    """How one travels, and how fast."""
    return {"mode": mode.option, "speed_km_per_h": mode.speed_km_per_h}


def _place_record(found: Scored) -> dict[str, Any]:
    access = found.access
    record: dict[str, Any] = {
        "point": {
            "lon": round(access.lon, 6),
            "lat": round(access.lat, 6),
            "areas": [
                {"area_code": area.area_code, "level": area.level, "name": area.name}
                for area in access.areas
            ],
            "distance_to_street_m": _rounded(access.distance_to_street_m),
            "is_far": access.is_far,
        },
        "categories": [_category_record(entry) for entry in access.categories],
        "homes": {
            "distance_m": access.homes_m,
            "minutes": access.homes_minutes,
            "reason": access.homes_reason,
        },
    }
    if found.scores is not None:
        profile = found.scores.profile
        record["score"] = {
            "type": profile.key,
            **mode_record(profile.mode),
            "score": found.score,
            "reason": found.reason,
            "uses_cbs": bool(found.scores.scores.loc[found.key, "uses_cbs"]),
            "parts": found.parts,
        }
    return record


def _rounded(distance_m: float | None) -> float | None:
    return None if distance_m is None else round(distance_m, 3)


def _category_record(entry: CategoryAccess) -> dict[str, Any]:
    return {
        "category": entry.category.key,
        "label": entry.category.label,
        "nearest": _amenity(entry.nearest),
        "third": _amenity(entry.third),
        "counts": {str(band): entry.counts[band] for band in entry.counts},
        "basis": entry.basis if entry.nearest or entry.cbs_km is not None else None,
        "reason": entry.reason,
        "third_reason": entry.third_reason,
        "cbs_km": entry.cbs_km,
        "cbs_level": entry.cbs_level,
        "cbs_area": entry.cbs_name,
        "cbs_year": entry.cbs_year,
        "cbs_reason": entry.cbs_reason,
    }


def _amenity(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "code": place.amenity_code,
        "name": place.name,
        "x_m": place.x_m,
        "y_m": place.y_m,
        "lon": round(place.lon, 6),
        "lat": round(place.lat, 6),
        "distance_m": place.distance_m,
        "minutes": place.minutes,
    }


def standing(sources: Sequence[SourceLine]) -> dict[str, Any]:
    """Units, method and sources: what every answer carries."""
    return {
        "units": UNITS,
        "method": METHODS,
        "is_example": any(line.release.is_example for line in sources),
        "sources": [
            {
                "role": line.role,
                "title": line.release.title,
                "source": line.release.attribution,
                "year": line.release.year,
                "version": line.release.version,
                "licence": line.release.licence,
                "is_example": line.release.is_example,
            }
            for line in sources
        ],
    }


def _title(line: SourceLine) -> str:
    return f"{line.label}: {line.release.title} {line.release.version}"
