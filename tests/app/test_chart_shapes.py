"""Areas as shapes in a drawing: the right size, the right way up, and none too many."""

from __future__ import annotations

import re
from typing import Any

import pytest
import shapely
from sqlalchemy import Connection, Engine

from app.charts.shapes import draw_areas
from data.queries.areas import geometries
from data.queries.releases import area_release


def polygon(path: str) -> Any:
    """The surface that a path encloses, by the rule even-odd."""
    rings = [
        [tuple(float(number) for number in place.split(",")) for place in ring.split()]
        for ring in re.findall(r"M([^Z]+)Z", path)
    ]
    surface: Any = shapely.Polygon()
    for ring in rings:
        surface = surface.symmetric_difference(shapely.Polygon(ring))
    return surface


def test_the_squares_of_the_world_are_squares_with_the_north_above(database: Engine) -> None:
    with database.connect() as connection:
        drawing = draw_areas(connection, area_release(connection).id, "buurt", 400)
    shapes = {shape.code: polygon(shape.path) for shape in drawing.shapes}
    assert drawing.height == pytest.approx(300, abs=0.5)
    assert len(shapes) == 12
    for shape in shapes.values():
        assert shape.area == pytest.approx(100 * 100, rel=0.01)
    # Zuiderveen lies below, and its first buurt to the left.
    assert shapes["BU90010101"].centroid.x == pytest.approx(50, abs=1)
    assert shapes["BU90010101"].centroid.y == pytest.approx(250, abs=1)


@pytest.mark.parametrize(("level", "count"), [("gemeente", 8), ("wijk", 83), ("buurt", 400)])
def test_the_areas_of_the_example_region_have_the_surface_they_should(
    demo_connection: Connection, level: str, count: int
) -> None:
    release = area_release(demo_connection)
    drawing = draw_areas(demo_connection, release.id, level, 440)  # type: ignore[arg-type]
    real = geometries(demo_connection, release.id, level, region_only=True)  # type: ignore[arg-type]
    west, _, east, _ = real.total_bounds
    scale = 440 / (east - west)
    assert len(drawing.shapes) == count
    drawn = sum(polygon(shape.path).area for shape in drawing.shapes)
    assert drawn == pytest.approx(real.area.sum() * scale**2, rel=0.01)
    for shape in drawing.shapes:
        assert polygon(shape.path).buffer(0.2).covers(shapely.Point(shape.x, shape.y))
    if level == "gemeente":
        assert sum(len(shape.path) for shape in drawing.shapes) < 20_000
