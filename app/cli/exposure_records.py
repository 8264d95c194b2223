"""The answer of ``vlekkenplan exposure`` for programs: one record, and rows for CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from analysis.spreading.exposure import BY_AREA, PLACES, UNKNOWN_CLASS
from analysis.spreading.exposure_change import MEASURE as CHANGE
from app.cli.access_records import plain, standing
from app.services.exposure import WALK, Comparison, Exposure
from app.services.exposure_table import ClassRow, class_rows
from app.services.exposure_words import headline

AREA_COLUMNS = (
    "area_code",
    "name",
    "gemeente_name",
    "limit_m",
    "resident_count",
    "measured_count",
    "unknown_count",
    "near_count",
    "near_share",
    "most_place_count",
    "mean_place_count",
    "is_at_least",
    "reason",
    "warning",
)
UNITS = {
    "limit_m": "metres on foot along the streets",
    "resident_count": "residents of the points with residents",
    "unknown_count": "residents too far from a street to measure",
    "near_count": "measured residents with any place within the limit",
    "near_share": "part of the measured residents, 0 to 1",
    "most_place_count": "highest number of places that anybody has within the limit",
    "mean_place_count": "mean number of places within the limit, by residents",
    "is_at_least": "a site near has no known number of places: the numbers are at least so high",
    "minutes": "minutes on foot",
}


def exposure_record(found: Exposure) -> dict[str, Any]:
    """The whole answer: question, residents by places, areas, change, reasons and source."""
    question, limits = found.question, found.question.limits_m
    by_places = found.by_places
    return {
        "question": {
            "types": [entry.key for entry in question.types],
            "date": question.on.isoformat(),
            "plans": question.plan_scope.key,
            "level": question.level,
            "limits_m": list(limits),
            "mode": WALK.option,
        },
        "headline": headline(found, limits[0]),
        "population_basis": found.population_basis,
        "measured_count": by_places.measured_count,
        "unmeasured_count": by_places.unmeasured_count,
        "site_count": len(found.sites),
        "unknown_capacity_site_count": found.unknown_site_count,
        "left_out_sites": _left_out(found.left_out),
        "protected_site_counts": found.protected_counts,
        "residents_by_places": [
            {
                "limit_m": limit,
                "with_any_count": by_places.with_any_count(limit),
                "with_any_share": plain(by_places.with_any_share(limit)),
                "classes": [_class(row, place) for row in class_rows(found)],
            }
            for place, limit in enumerate(limits)
        ],
        "region": _rows(found.region.reset_index()),
        "areas": list(area_rows(found)),
        "change": found.comparison and change_record(found.comparison),
        "methods": [f"/methode/{entry.slug}" for entry in (PLACES, BY_AREA, CHANGE)],
        **standing(found.sources),
        "units": UNITS,
    }


def area_rows(found: Exposure) -> Iterator[dict[str, Any]]:
    """A row for every limit and area."""
    for limit, table in found.areas.items():
        yield from _rows(table.rename_axis("area_code").reset_index().assign(limit_m=limit))


def change_record(comparison: Comparison) -> dict[str, Any]:
    """The candidate, and what changes for the residents of the region and of its rim."""
    candidate = comparison.candidate
    return {
        "candidate": {
            "name": candidate.name,
            "site_id": candidate.site_id,
            "site_code": candidate.site_code,
            "type": candidate.type and candidate.type.key,
            "status": candidate.status and candidate.status.key,
            "place_count": candidate.place_count,
            "x_m": candidate.x_m,
            "y_m": candidate.y_m,
        },
        "direction": "without" if candidate.is_counted else "with",
        "region": asdict(comparison.region),
        "rim": comparison.rim and asdict(comparison.rim),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = [name for name in AREA_COLUMNS if name in table.columns]
    return [{name: plain(row[name]) for name in names} for row in table.to_dict("records")]


def _class(row: ClassRow, place: int) -> dict[str, Any]:
    return {
        "class": None if row.key == UNKNOWN_CLASS.key else row.key,
        "label": row.label,
        "resident_count": row.counts[place],
        "share": plain(row.shares[place]),
    }


def _left_out(sites: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"site_id": int(str(site_id)), "name": name, "reason": reason}
        for site_id, name, reason in zip(sites.index, sites["name"], sites["left_out"], strict=True)
    ]
