"""Amenities from OpenStreetMap: points as they are, areas as the point in their middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sources.osm_pbf import Feature, Floats, NodePlaces
from data.sources.secrets import SecretWords
from geo.crs import degrees_to_metres
from geo.frames import AMENITIES, check


@dataclass(frozen=True)
class OsmAmenities:
    """The frame, and how many were left out: without a place, or because theirs is secret."""

    frame: gpd.GeoDataFrame
    placeless_count: int
    secret_count: int


def to_amenities(
    features: Sequence[Feature],
    places: NodePlaces,
    xy_m: Floats,
    epsg: int,
    secret: SecretWords,
    within: shapely.Geometry | None = None,
) -> OsmAmenities:
    """One row for each category of each feature in the area, sorted by code."""
    points = _middles_of(features, places, xy_m, epsg)
    placed = [(feature, point) for feature, point in zip(features, points, strict=True) if point]
    here = [pair for pair in placed if within is None or shapely.intersects(within, pair[1])]
    is_secret = cache(secret.are_in)
    public = [pair for pair in here if not any(map(is_secret, pair[0].tags.values()))]
    return OsmAmenities(
        check(_to_frame(public, epsg), AMENITIES, epsg=epsg),
        placeless_count=len(features) - len(placed),
        secret_count=len(here) - len(public),
    )


def _to_frame(found: Sequence[tuple[Feature, shapely.Point]], epsg: int) -> gpd.GeoDataFrame:
    rows = [
        (f"{category}-{feature.code}", category, feature.tags.get("name") or None, point)
        for feature, point in found
        for category in feature.categories
    ]
    table = pd.DataFrame(rows, columns=["code", "category", "name", "point"], dtype=object)
    table = table.sort_values("code", kind="stable")
    return gpd.GeoDataFrame(
        {"category": table["category"].to_numpy(), "name": table["name"].to_numpy()},
        geometry=list(table["point"]),
        crs=epsg,
        index=pd.Index(table["code"], name="amenity_code", dtype=object),
    )


def _middles_of(
    features: Sequence[Feature], places: NodePlaces, xy_m: Floats, epsg: int
) -> list[shapely.Point | None]:
    """The middle of each feature in metres; None when no place is known that the system holds."""
    lonlat = np.array([feature.lonlat or (np.nan, np.nan) for feature in features])
    point_xy_m = degrees_to_metres(lonlat.reshape(-1, 2), epsg)
    middles: list[shapely.Point | None] = []
    for feature, xy in zip(features, point_xy_m, strict=True):
        lines = [xy[None]] if feature.lonlat else [xy_m[places.rows_of(x)] for x in feature.lines]
        known = [line[np.isfinite(line).all(axis=1)] for line in lines]
        middles.append(_middle_of([line for line in known if len(line)]))
    return middles


def _middle_of(lines: list[Floats]) -> shapely.Point | None:
    if not lines:
        return None
    middle = shapely.centroid(_shape_of(lines))
    return middle if isinstance(middle, shapely.Point) and not middle.is_empty else None


def _shape_of(lines: list[Floats]) -> shapely.Geometry:
    """The area that the lines enclose; where they enclose none, the lines or points themselves."""
    long = [shapely.LineString(line) for line in lines if len(line) > 1]
    if not long:
        return shapely.MultiPoint(np.concatenate(lines))
    areas = shapely.get_parts(shapely.polygonize([shapely.node(shapely.MultiLineString(long))]))
    return shapely.union_all(areas) if len(areas) else shapely.MultiLineString(long)
