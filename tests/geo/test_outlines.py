"""Outlines for the map: lighter, valid, and neighbours still share their border."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import RD, WGS84
from geo.outlines import DEGREE_DECIMALS, to_multipolygons, to_outlines
from tests.world import tiny_world


def to_region(xy: Any) -> Any:
    """From metres around nought to RD."""
    return xy + np.array([100_000, 480_000])


def wavy_pair() -> gpd.GeoSeries:
    """Two areas with a wavy border between them, of points 5 m apart."""
    along = np.arange(0, 1001, 5)
    wave = [(500 + 3 * np.sin(step), float(step)) for step in along]
    west = shapely.Polygon([(0, 0), *wave, (0, 1000)])
    east = shapely.Polygon([(1000, 0), *wave, (1000, 1000)])
    moved = [shapely.transform(area, to_region) for area in (west, east)]
    return gpd.GeoSeries(moved, index=["west", "east"], crs=RD)


def test_a_shared_border_loses_the_same_points_on_both_sides() -> None:
    outlines = to_outlines(wavy_pair())
    assert shapely.coverage_is_valid(outlines.array)
    assert shapely.get_num_coordinates(outlines.array).sum() < 80


def test_outlines_are_valid_multipolygons_in_degrees_on_the_same_index() -> None:
    outlines = to_outlines(wavy_pair())
    assert outlines.crs == WGS84
    assert list(outlines.index) == ["west", "east"]
    assert set(outlines.geom_type) == {"MultiPolygon"}
    assert outlines.is_valid.all()


def test_coordinates_are_rounded_to_about_a_metre() -> None:
    coordinates = shapely.get_coordinates(to_outlines(wavy_pair()).array)
    assert np.allclose(coordinates, np.round(coordinates, DEGREE_DECIMALS), atol=1e-12)


def test_borders_that_miss_points_on_one_side_are_mended_first() -> None:
    left = shapely.Polygon([(0, 0), (100, 0), (100, 200), (0, 200)])
    right_below = shapely.Polygon([(100, 0), (200, 0), (200, 100), (100, 100)])
    right_above = shapely.Polygon([(100, 100), (200, 100), (200, 200), (100, 200)])
    pieces = [shapely.transform(area, to_region) for area in (left, right_below, right_above)]
    assert not shapely.coverage_is_valid(pieces)
    outlines = to_outlines(gpd.GeoSeries(pieces, crs=RD))
    assert shapely.coverage_is_valid(outlines.array)


def test_the_areas_of_the_small_world_stay_what_they_are() -> None:
    areas = tiny_world().areas
    for _, level in areas.groupby("level"):
        outlines = to_outlines(level.geometry).to_crs(RD)
        assert np.allclose(outlines.area, level.area, rtol=2e-3)


def test_no_areas_give_no_outlines() -> None:
    assert to_outlines(gpd.GeoSeries([], crs=RD)).empty


def test_lines_and_points_left_by_a_repair_are_dropped() -> None:
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    (found,) = to_multipolygons(np.array([mixed], dtype=object))
    assert found.equals(shapely.box(0, 0, 1, 1))


@pytest.mark.parametrize("layer", ["gemeenten", "wijken", "buurten"])
def test_the_outlines_of_the_real_file_form_one_coverage(shared_data: Path, layer: str) -> None:
    real = gpd.read_file(shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg", layer=layer)
    outlines = to_outlines(real.geometry)
    assert shapely.coverage_is_valid(outlines.array)
    assert outlines.is_valid.all()
    assert not outlines.is_empty.any()
    change = (outlines.to_crs(RD).area - real.area).abs() / real.area
    assert change.max() < 0.01
