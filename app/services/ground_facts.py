"""What an import tells of the ground that it found."""

from __future__ import annotations

import geopandas as gpd

from analysis.land_uses import LAND_USES
from app.numbers import to_dutch
from geo.units import M2_PER_HA


def ground_facts(ground: gpd.GeoDataFrame) -> tuple[str, ...]:
    """How many pieces there are of each use, and how large they are."""
    counts = ground.groupby("kind").size()
    hectares = ground.area.groupby(ground["kind"]).sum() / M2_PER_HA
    return tuple(
        f"{entry.label}: {to_dutch(counts[entry.key])} "
        f"{'vlak' if counts[entry.key] == 1 else 'vlakken'}, {to_dutch(hectares[entry.key])} ha"
        for entry in LAND_USES
        if entry.key in counts
    )
