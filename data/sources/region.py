"""The region that sites must lie in."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import shapely


@dataclass(frozen=True)
class Region:
    """The gemeenten of the release in use: name, whether in the region, border in RD."""

    gemeenten: gpd.GeoDataFrame
    is_example: bool

    def fault_of(self, point: shapely.Point) -> str | None:
        """Why this place can't be a site of the region; None when it can."""
        around = self.gemeenten[self.gemeenten.covers(point)]
        if around["in_region"].any():
            return None
        count = int(self.gemeenten["in_region"].sum())
        if around.empty:
            return f"Dit punt ligt buiten de {_words(count)} gemeenten. Kijk of de plek klopt."
        return (
            f"Dit punt ligt in {around['name'].iloc[0]}, buiten de {_words(count)} gemeenten. "
            "Kijk of de plek klopt."
        )


def _words(count: int) -> str:
    return "acht" if count == 8 else str(count)
