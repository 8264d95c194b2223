"""Coordinates as people write them; the degrees were put in RD by hand with RDNAPTRANS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.typed_points import OUTSIDE, UNCLEAR, WEB_MAP, TypedPointError, typed_point
from geo.crs import RD_BOUNDS, to_wgs84

CENTRE = (103_900, 488_500)


@pytest.mark.parametrize(
    "text",
    [
        "103900, 488500",
        "103900,488500",
        "103900 488500",
        "103900;488500",
        "103900 / 488500",
        "x=103900 y=488500",
        "X: 103900, Y: 488500",
        "RD 103900 488500",
        "(103900, 488500)",
        "103.900, 488.500",
        "103.900,488.500",
        "103,900 488,500",
        "103 900 488 500",
        "103900.4, 488499.8",
        "103900,4 488499,8",
        "103900,4;488499,8",
        "103.900,4; 488.499,8",
        "488500, 103900",
    ],
)
def test_every_way_to_write_metres_is_the_same_place(text: str) -> None:
    assert typed_point(text) == CENTRE


@pytest.mark.parametrize(
    "text",
    [
        "52.38, 4.63",
        "52.38,4.63",
        "52,38 4,63",
        "52,38, 4,63",
        "52,38; 4,63",
        "52,38,4,63",
        "4.63, 52.38",
        "lat 52.38 lon 4.63",
        "52.38° N, 4.63° O",
        "52.38N 4.63E",
        "52,38 NB 4,63 OL",
        "[4.63, 52.38]",
        "  52.380   4.630 ",
    ],
)
def test_every_way_to_write_degrees_is_the_same_place(text: str) -> None:
    # Spherical check by hand: 4.63 degrees east and 52.38 north of the origin at Amersfoort
    # (155,000; 463,000 at 5.3872, 52.1552) is 51.6 km west and 25.3 km north.
    found = typed_point(text)
    assert found == typed_point("52.38, 4.63")
    assert found is not None
    assert abs(found[0] - (155_000 - 51_600)) < 400
    assert abs(found[1] - (463_000 + 25_300)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Haarlem",
        "2011",
        "2012 AB",
        "BU03920101",
        "Grote Markt 2, Haarlem",
        "1, 2, drie",
        "een, twee",
        "Kerkstraat 1 2",
        "\u0663\u0664, \u0663\u0664",
        "9" * 90 + ", 1",
    ],
)
def test_what_is_not_two_numbers_is_a_name(text: str) -> None:
    assert typed_point(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("48.85, 2.35", OUTSIDE),
        ("0, 0", OUTSIDE),
        ("1, 2", OUTSIDE),
        ("-103900, -488500", OUTSIDE),
        ("999999999, 999999999", OUTSIDE),
        ("515000, 6870000", WEB_MAP),
    ],
)
def test_numbers_elsewhere_are_told_with_what_to_type(text: str, message: str) -> None:
    with pytest.raises(TypedPointError) as raised:
        typed_point(text)
    assert str(raised.value) == message
    assert "103900, 488500" in message


def test_numbers_with_two_meanings_are_not_guessed() -> None:
    # 5.3 m and 400 km, or 5.3 km and 400 km from the origin: both lie in the Netherlands.
    with pytest.raises(TypedPointError) as raised:
        typed_point("5,300,400000")
    assert str(raised.value) == UNCLEAR


@given(
    x_m=st.integers(int(RD_BOUNDS.x_min) + 20_000, 280_000),
    y_m=st.integers(int(RD_BOUNDS.y_min) + 20_000, int(RD_BOUNDS.y_max) - 20_000),
)
def test_a_point_comes_back_from_metres_and_from_degrees(x_m: int, y_m: int) -> None:
    assert typed_point(f"{x_m}, {y_m}") == (x_m, y_m)
    lon, lat = to_wgs84(x_m, y_m)
    for text in (f"{lat:.6f}, {lon:.6f}", f"{lat:.6f} {lon:.6f}".replace(".", ",")):
        found = typed_point(text)
        assert found is not None
        assert max(abs(found[0] - x_m), abs(found[1] - y_m)) <= 1
