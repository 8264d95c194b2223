"""The CBS distance to an amenity: what stands in where no way over the streets is known.

It is the average over the road by car of all homes in an area, in kilometres, and is never
mixed with distances of our own: the area and its level are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.amenity_categories import AMENITY_CATEGORIES, AmenityCategory
from app.services.travel_point import TravelPoint
from data.figures import FIGURES, missing_reason
from data.queries.areas import figures
from data.queries.places import AreaOfPlace

NOT_MEASURED = "Het CBS meet deze afstand niet, of wij hebben dit cijfer niet."
ABSENT = "Ook het CBS geeft hier geen afstand: {reason}."
#: The figure that stands in for a category, by its key; not every category has one.
FIGURE_OF_CATEGORY = {
    entry.key: figure.key
    for entry in AMENITY_CATEGORIES
    for figure in FIGURES
    if entry.cbs_column is not None and entry.cbs_column in figure.columns
}


@dataclass(frozen=True)
class CbsDistance:
    """Kilometres over the road by car, the average of an area."""

    km: float
    area: AreaOfPlace


@dataclass(frozen=True)
class CbsDistances:
    """Figures of some areas, by area code and figure: kilometres, and reasons why not."""

    km: dict[tuple[str, str], float]
    reasons: dict[tuple[str, str], str]

    def of(self, category: AmenityCategory, areas: Sequence[AreaOfPlace]) -> CbsDistance | str:
        """The distance in the first of these areas that has one, or why there is none."""
        figure = FIGURE_OF_CATEGORY.get(category.key)
        if figure is None:
            return NOT_MEASURED
        for area in areas:
            km = self.km.get((area.area_code, figure))
            if km is not None:
                return CbsDistance(km, area)
        told = [self.reasons.get((area.area_code, figure)) for area in areas]
        reason = next((key for key in told if key), "not_in_file")
        return ABSENT.format(reason=missing_reason(reason).label)


def cbs_distances(
    connection: Connection, area_release_id: int, points: Iterable[TravelPoint]
) -> CbsDistances:
    """What CBS says of the areas of these points; asks nothing when there are none."""
    codes = {area.area_code for point in points for area in point.areas}
    if not codes:
        return CbsDistances({}, {})
    found = figures(connection, area_release_id, codes=sorted(codes))
    known = found[found["value"].notna()]
    unknown = found[found["value"].isna()]
    return CbsDistances(
        dict(zip(_keys(known), known["value"].map(float), strict=True)),
        dict(zip(_keys(unknown), unknown["reason"].map(str), strict=True)),
    )


def _keys(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["area_code"], rows["figure"], strict=True))
