"""The answer of ``vlekkenplan search-areas`` for programs: one record."""

from __future__ import annotations

from typing import Any

from analysis.search_areas.assessment import MEASURE
from app.cli.access_records import plain, standing
from app.services.search_areas import SearchAnswer
from app.services.search_list import (
    AreaEntry,
    ShownAreas,
    excluded_ground,
    headline,
    outcomes,
    silent_uses,
    unknown_reasons,
)
from geo.crs import RD_EPSG

UNITS = {
    "area_ha": "hectares, without ground that rules out",
    "minutes": "minutes of travel from the middle of a square, least and most",
    "access_score": "points from 0 to 100, for what should be near, least and most",
    "distance_score": "points from 0 to 100, for what should be far, least and most",
    "place_count": "places of all types within 400 metres on foot, least and most",
    "cell_count": "squares of 100 by 100 metres",
    "x_m, y_m": f"RD New (EPSG:{RD_EPSG}): a point in the area",
}


def search_record(answer: SearchAnswer, shown: ShownAreas) -> dict[str, Any]:
    """The whole answer: question, areas with reasons, what is ruled out or unknown, and source."""
    question = answer.question
    return {
        "question": {
            "type": question.type.key,
            "gemeente": shown.gemeente,
            "date": question.on.isoformat(),
            "plans": question.plan_scope.key,
            "mode": question.profile.mode.option,
            "conditions": question.conditions.to_words(),
        },
        "headline": headline(answer, shown.entries, shown.gemeente),
        "areas": [_area(answer, entry) for entry in shown.entries],
        "outcomes": [
            {"outcome": row.key, "label": row.label, "cell_count": row.cell_count}
            for row in outcomes(answer)
        ],
        "excluded": [
            {"kind": row.use.key, "area_ha": row.hectares, "ground": row.use.ground}
            for row in excluded_ground(answer)
        ],
        "unknown": [{"area_ha": ha, "reason": reason} for reason, ha in unknown_reasons(answer)],
        "nothing_known_of": [use.key for use in silent_uses(answer)],
        "methods": [f"/methode/{MEASURE.slug}"],
        **standing(answer.sources),
        "units": UNITS,
    }


def _area(answer: SearchAnswer, entry: AreaEntry) -> dict[str, Any]:
    others = answer.found.area_ranges.loc[entry.number]
    return {
        "number": entry.number,
        "gemeente_code": entry.gemeente_code,
        "gemeente_name": entry.gemeente,
        "wijk_name": entry.wijk,
        "area_ha": entry.area_ha,
        "whole_ha": entry.whole_ha,
        "also_in": list(entry.elsewhere),
        "because": entry.reason.because,
        "facts": list(entry.reason.facts),
        "attention": list(entry.reason.attention),
        "minutes": {way.criterion.key: [way.least_min, way.most_min] for way in entry.ranges},
        **{
            name: [plain(others[f"least_{name}"]), plain(others[f"most_{name}"])]
            for name in ("access_score", "distance_score", "place_count")
        },
        "x_m": entry.x_m,
        "y_m": entry.y_m,
    }
