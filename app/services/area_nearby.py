"""How far daily life is for the people of one area: a few categories, on foot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.access.availability import typical_minutes
from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.amenity_categories import AMENITY_CATEGORIES, AmenityCategory
from app.services.area_minutes import sources_of
from app.services.lists import SourceLine
from app.services.residents import daily_life
from data.errors import NotFound
from data.queries.areas import Area
from data.queries.releases import Release

#: What the page of an area names; the map of minutes has every category.
CATEGORIES = ("supermarkt", "huisarts", "apotheek", "basisschool", "ov_halte", "ontmoetingsplek")
MODE = TRAVEL_MODES["walk"]


@dataclass(frozen=True)
class AreaNearby:
    """Travel minutes that half of the residents stay within; categories unknown are left out.

    ``missing`` are those categories. ``warning`` says why the minutes say little, if they do.
    """

    minutes: tuple[tuple[AmenityCategory, float], ...]
    missing: tuple[AmenityCategory, ...]
    warning: str | None
    mode: TravelMode
    sources: tuple[SourceLine, ...]


def area_nearby(
    connection: Connection, home: Path, release: Release, place: Area
) -> AreaNearby | None:
    """The minutes of one area; None outside the region, without streets, or without residents."""
    if not place.in_region:
        return None
    try:
        life = daily_life(connection, home, release.id, MODE)
    except NotFound:
        return None
    points = life.residents.points
    here = points[points[f"{place.level}_code"] == place.area_code]
    if here.empty:
        return None
    areas = pd.Series(place.area_code, index=here.index)
    rows = {
        key: typical_minutes(
            MODE.minutes(life.distance_m.loc[here.index, key]), here["resident_count"], areas
        ).iloc[0]
        for key in CATEGORIES
    }
    medians = {key: row["median_min"] for key, row in rows.items()}
    known = tuple(key for key in CATEGORIES if pd.notna(medians[key]))
    warning = rows[CATEGORIES[0]]["warning"]
    return AreaNearby(
        minutes=tuple((AMENITY_CATEGORIES[key], float(medians[key])) for key in known),
        missing=tuple(AMENITY_CATEGORIES[key] for key in CATEGORIES if key not in known),
        warning=None if pd.isna(warning) else str(warning),
        mode=MODE,
        sources=(
            *sources_of(life.residents),
            *(
                SourceLine("voorzieningen", "Voorzieningen", entry)
                for entry in dict.fromkeys(
                    life.release_of[key] for key in known if key in life.release_of
                )
            ),
        ),
    )
