"""The promise of a frame: kept, or every breach named at once."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import frames
from geo.crs import RD, WGS84
from geo.errors import FrameError


def amenities(**changes: object) -> gpd.GeoDataFrame:
    """Two good amenities, with columns replaced as asked."""
    columns: dict[str, object] = {"category": ["huisarts", "apotheek"], "name": ["A", None]}
    index = pd.Index(["1", "2"], name="amenity_code")
    points = [shapely.Point(104_000, 488_000), shapely.Point(105_000, 488_000)]
    return gpd.GeoDataFrame(columns | changes, index=index, geometry=points, crs=RD)


def test_a_frame_that_keeps_its_promise_comes_back_itself() -> None:
    frame = amenities()
    assert frames.check(frame, frames.AMENITIES) is frame


def test_every_breach_is_named_at_once() -> None:
    frame = amenities(category=["huisarts", None]).drop(columns="name").to_crs(WGS84)
    frame.index = pd.Index(["1", "1"], name="code")
    with pytest.raises(FrameError) as caught:
        frames.check(frame, frames.AMENITIES)
    assert caught.value.breaches == [
        "the index is called 'code', not 'amenity_code'",
        "1 index values occur twice",
        "column 'category' has 1 unknown values",
        "column 'name' is missing",
        "the coordinate system is EPSG:4326, not RD New",
    ]


def test_a_frame_from_abroad_is_checked_against_its_own_system() -> None:
    frame = amenities().to_crs(32631)
    assert frames.check(frame, frames.AMENITIES, epsg=32631) is frame
    with pytest.raises(FrameError, match="is EPSG:32631, not EPSG:32629"):
        frames.check(frame, frames.AMENITIES, epsg=32629)


def test_a_line_is_not_a_place() -> None:
    frame = amenities()
    frame.geometry = [shapely.LineString([(0, 0), (1, 1)]), shapely.Point()]
    with pytest.raises(FrameError) as caught:
        frames.check(frame, frames.AMENITIES)
    assert caught.value.breaches == [
        "1 geometries are missing or empty",
        "geometry types ['LineString'], not ['Point']",
    ]


def states(**changes: object) -> pd.DataFrame:
    """Two good states of one site, with columns replaced as asked."""
    columns: dict[str, object] = {
        "site_code": ["s", "s"],
        "from_date": [dt.date(2020, 1, 1), dt.date(2021, 1, 1)],
        "status": ["idee", "verkend"],
        "capacity_count": pd.array([None, 4], dtype="Int64"),
        "reason": [None, "x"],
    }
    return pd.DataFrame(columns | changes)


def test_an_unknown_capacity_is_allowed_and_a_negative_one_is_not() -> None:
    frames.check(states(), frames.SITE_STATES)
    with pytest.raises(FrameError, match="goes below 0"):
        frames.check(states(capacity_count=[-1, 4]), frames.SITE_STATES)


def test_half_a_place_is_not_a_whole_number() -> None:
    with pytest.raises(FrameError, match="not whole"):
        frames.check(states(capacity_count=[0.5, 4]), frames.SITE_STATES)


def test_two_states_of_one_site_on_one_day_are_refused() -> None:
    same_day = [dt.date(2020, 1, 1)] * 2
    with pytest.raises(FrameError, match=r"repeat site_code \+ from_date"):
        frames.check(states(from_date=same_day), frames.SITE_STATES)


def test_a_word_outside_a_closed_list_is_named() -> None:
    frame = gpd.GeoDataFrame(
        {
            "level": ["provincie"],
            "name": ["x"],
            "gemeente_code": ["GM0392"],
            "gemeente_name": ["Haarlem"],
            "wijk_code": [None],
            "in_region": [True],
            "is_water": [False],
            "land_area_ha": [1.0],
        },
        index=pd.Index(["PV27"], name="area_code"),
        geometry=[shapely.box(0, 0, 1, 1)],
        crs=RD,
    )
    with pytest.raises(FrameError, match="provincie"):
        frames.check(frame, frames.AREAS)
