"""Loading uses of the ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection

from data.load.points import to_rows
from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.planning_tables import LandUse
from geo.crs import RD
from geo.frames import LAND_USE, check

_LAND_USE = table_of(LandUse)


def store_land_use(
    connection: Connection, release: OpenRelease, ground: gpd.GeoDataFrame
) -> tuple[Section, ...]:
    """Make the ground of this release equal to the frame. Needs a transaction."""
    check(ground, LAND_USE)
    rows = to_rows(_as_multi(ground), ["land_code", "kind", "name"], release.id)
    changes = merge(connection, _LAND_USE, rows, within=_LAND_USE.c.release_id == release.id)
    return (Section("stukken grond", changes),)


def _as_multi(ground: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    parts = [shapely.get_parts(shape) for shape in ground.geometry]
    shapes = np.array([shapely.multipolygons(list(part)) for part in parts], dtype=object)
    return ground.set_geometry(gpd.GeoSeries(shapes, index=ground.index, crs=RD))
