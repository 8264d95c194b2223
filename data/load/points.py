"""Loading amenities and population points."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.tables import Amenity, PopulationPoint
from geo.frames import AMENITIES, POPULATION_POINTS, check

_AMENITY = table_of(Amenity)
_POPULATION_POINT = table_of(PopulationPoint)


def store_amenities(
    connection: Connection, release: OpenRelease, amenities: gpd.GeoDataFrame
) -> tuple[Section, ...]:
    """Make the amenities of this release equal to the frame. Needs a transaction."""
    check(amenities, AMENITIES)
    rows = to_rows(amenities, ["amenity_code", "category", "name"], release.id)
    changes = merge(connection, _AMENITY, rows, within=_AMENITY.c.release_id == release.id)
    return (Section("voorzieningen", changes),)


def store_population_points(
    connection: Connection, release: OpenRelease, points: gpd.GeoDataFrame
) -> tuple[Section, ...]:
    """Make the population points of this release equal to the frame. Needs a transaction."""
    check(points, POPULATION_POINTS)
    rows = to_rows(points, ["point_code", "resident_count"], release.id)
    within = _POPULATION_POINT.c.release_id == release.id
    return (Section("bevolkingspunten", merge(connection, _POPULATION_POINT, rows, within=within)),)


def to_rows(frame: gpd.GeoDataFrame, columns: list[str], release_id: int) -> pd.DataFrame:
    """The frame as rows of its table: release, columns, and geometry as ``geom``."""
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index()[columns]
    rows.insert(0, "release_id", release_id)
    rows["geom"] = gpd.GeoSeries(np.asarray(frame.geometry.array, dtype=object), crs=frame.crs)
    return rows
