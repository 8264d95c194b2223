"""Coordinates: checked against the worked examples that surveyors published.

Westertoren (Amsterdam) and Martinitoren (Groningen) are the examples in F.H. Schreutelkamp and
G.L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
WGS84-kaartcoordinaten", Geodesia 2001.
"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import crs

TOWERS = {
    "Westertoren": ((120_700.723, 487_525.502), (4.88352559, 52.37453253)),
    "Martinitoren": ((233_883.131, 582_065.167), (6.56820053, 53.21938317)),
}


@pytest.mark.parametrize("name", TOWERS)
def test_a_tower_stands_where_surveyors_say(name: str) -> None:
    (x_m, y_m), (lon, lat) = TOWERS[name]
    assert crs.to_wgs84(x_m, y_m) == pytest.approx((lon, lat), abs=1e-5)
    assert math.dist(crs.to_rd(lon, lat), (x_m, y_m)) < 0.5


@given(x_m=st.floats(90_000, 125_000), y_m=st.floats(460_000, 515_000))
def test_there_and_back_is_the_same_millimetre(x_m: float, y_m: float) -> None:
    assert math.dist(crs.to_rd(*crs.to_wgs84(x_m, y_m)), (x_m, y_m)) < 0.001


def test_web_mercator_stretches_a_kilometre_here_to_more_than_sixteen_hundred_metres() -> None:
    line = gpd.GeoSeries([shapely.LineString([(104_000, 488_000), (105_000, 488_000)])], crs=crs.RD)
    assert line.to_crs(crs.WEB_MERCATOR_EPSG).length.iloc[0] == pytest.approx(1_640, abs=15)


@pytest.mark.parametrize(
    ("x", "y", "epsg", "kind"),
    [
        (104_000, 488_000, crs.RD_EPSG, "ok"),
        (488_000, 104_000, crs.RD_EPSG, "swapped"),
        (4.63, 52.38, crs.RD_EPSG, "wgs84"),
        (52.38, 4.63, crs.RD_EPSG, "wgs84_swapped"),
        (516_000, 6_869_000, crs.RD_EPSG, "web_mercator"),
        (-900_000, 12, crs.RD_EPSG, "outside"),
        (4.63, 52.38, crs.WGS84_EPSG, "ok"),
        (52.38, 4.63, crs.WGS84_EPSG, "swapped"),
    ],
)
def test_a_wrong_coordinate_is_told_by_its_kind(x: float, y: float, epsg: int, kind: str) -> None:
    assert crs.diagnose(x, y, epsg) == kind


def test_a_frame_that_does_not_say_its_system_is_refused() -> None:
    with pytest.raises(ValueError, match="no coordinate system"):
        crs.frame_to_rd(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)]))


def test_a_point_in_degrees_comes_out_in_rd() -> None:
    point = crs.point_to_rd(shapely.Point(*TOWERS["Westertoren"][1]), crs.WGS84_EPSG)
    assert math.dist((point.x, point.y), TOWERS["Westertoren"][0]) < 0.5


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [(4.64, 52.38, crs.RD_EPSG), (14.44, 35.9, 32633), (-8.61, 41.15, 32629), (18.4, -33.9, 32734)],
)
def test_the_local_system_is_rd_here_and_a_utm_zone_elsewhere(
    lon: float, lat: float, epsg: int
) -> None:
    assert crs.local_epsg(np.array([lon, lon + 0.1]), np.array([lat, lat])) == epsg


def test_one_far_point_does_not_take_a_network_out_of_rd() -> None:
    """A ferry leaves IJmuiden for Newcastle."""
    lon, lat = np.array([4.60, 4.61, 4.62, -1.44]), np.array([52.4, 52.4, 52.4, 55.0])
    assert crs.local_epsg(lon, lat) == crs.RD_EPSG


def test_points_in_degrees_become_metres_of_a_system() -> None:
    (x_m, y_m), lonlat = TOWERS["Westertoren"]
    found = crs.degrees_to_metres(np.array([lonlat]), crs.RD_EPSG)
    assert math.dist(found[0], (x_m, y_m)) < 0.5


def test_lengths_are_plane_in_rd_and_on_the_ellipsoid_elsewhere() -> None:
    """A minute of latitude at Malta is 1,849 m on the ellipsoid, and 0.04 percent less in UTM."""
    lonlat = np.array([(14.5, 35.9), (14.5, 35.9 + 1 / 60)])
    xy_m = crs.degrees_to_metres(lonlat, 32633)
    radius_m = (
        6_378_137
        * (1 - 0.00669438)
        / (1 - 0.00669438 * math.sin(math.radians(35.9 + 1 / 120)) ** 2) ** 1.5
    )
    assert crs.segment_lengths_m(lonlat, xy_m, 32633) == pytest.approx(
        [radius_m * math.pi / 180 / 60], abs=0.01
    )
    assert crs.segment_lengths_m(lonlat, np.array([(0, 0), (3, 4)]), crs.RD_EPSG) == [5.0]
