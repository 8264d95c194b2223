"""The squares of the region and their ground, by hand and against shapely over whole shapes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.search_areas.grid import cells_in, runs, squares
from analysis.search_areas.ground import OUTSIDE, cut_ground, measure_ground
from tests.analysis.search_cases import (
    GEMEENTEN,
    REGION,
    WIJKEN,
    box,
    column,
    ground_of,
    named,
    uses_of,
)


def test_squares_lie_on_whole_hundreds_of_metres_and_are_called_as_cbs_does() -> None:
    cells = cells_in(GEMEENTEN, WIJKEN)
    assert len(cells) == 100
    assert cells.index[0] == "E1000N4800"
    assert [cells.at["E1000N4800", name] for name in ("x_m", "y_m")] == [100_050, 480_050]
    assert cells.index.is_unique
    assert cells["gemeente_code"].value_counts().to_dict() == {"GM1": 50, "GM2": 50}
    assert cells["wijk_code"].value_counts().to_dict() == {"WK1": 50, "WK2": 25, "WK3": 25}
    assert squares(cells).total_bounds.tolist() == [100_000, 480_000, 101_000, 481_000]


def test_a_square_counts_where_its_middle_is() -> None:
    slanted = named({"GM1": box(0, 0, 149, 100), "GM2": box(149, 0, 260, 100)})
    cells = cells_in(slanted, named({"WK1": box(0, 0, 100, 100)}))
    assert cells["gemeente_code"].to_dict() == {
        "E1000N4800": "GM1",
        "E1001N4800": "GM2",
        "E1002N4800": "GM2",
    }
    assert cells["wijk_code"].isna().tolist() == [False, True, True]


def test_a_middle_on_a_border_is_in_the_area_with_the_lowest_code() -> None:
    beside = named({"GM2": box(0, 0, 50, 100), "GM1": box(50, 0, 100, 100)})
    assert cells_in(beside, WIJKEN)["gemeente_code"].tolist() == ["GM1"]


def test_without_gemeenten_there_are_no_squares() -> None:
    with pytest.raises(InputError, match="no gemeenten"):
        cells_in(GEMEENTEN.iloc[:0], WIJKEN)


def test_the_boxes_of_a_row_cover_the_same_ground() -> None:
    cells = cells_in(GEMEENTEN, WIJKEN).sample(60, random_state=4)
    boxes = runs(cells)
    assert len(boxes) < 60
    assert shapely.area(boxes).sum() == 60 * 10_000
    assert shapely.union_all(boxes).equals(squares(cells).union_all())


def test_ground_that_rules_out_is_measured_square_by_square() -> None:
    ground = ground_of(("water", box(0, 0, 130, 1000)), ("natuur", box(0, 0, 50, 50)))
    shares = ground.cells["excluded_share"]
    assert (shares[column(ground, 0)] == 1).all()
    assert shares[column(ground, 1)].to_numpy() == pytest.approx(0.3)
    assert (shares[column(ground, 2)] == 0).all()
    assert ground.cells["is_middle_excluded"].sum() == 10
    assert ground.shares.at["E1000N4800", "natuur"] == pytest.approx(0.25)
    assert ground.cells.at["E1000N4800", "excluded_by"] == "water"
    assert ground.cells.loc[column(ground, 2), "excluded_by"].isna().all()
    assert ground.kinds == ("water", "natuur")
    assert ground.attention_kinds == ("natuur",)


def test_ground_that_overlaps_counts_once() -> None:
    ground = ground_of(
        ("water", box(0, 0, 60, 100)), ("strand", box(40, 0, 80, 100)), ("water", box(0, 0, 60, 50))
    )
    assert ground.cells.at["E1000N4800", "excluded_share"] == pytest.approx(0.8)
    assert ground.shares.at["E1000N4800", "water"] == pytest.approx(0.6)


def test_what_is_outside_the_region_rules_out_as_well() -> None:
    cut = named({"GM1": box(0, 0, 180, 100)})
    ground = measure_ground(
        cells_in(cut, WIJKEN), uses_of([("water", box(900, 900, 950, 950))]), box(0, 0, 180, 100)
    )
    assert ground.cells["excluded_share"].tolist() == pytest.approx([0, 0.2])
    assert ground.cells.at["E1001N4800", "excluded_by"] == OUTSIDE
    assert not ground.cells["is_middle_excluded"].any()


def test_without_any_use_nothing_is_ruled_out() -> None:
    ground = ground_of()
    assert (ground.cells["excluded_share"] == 0).all()
    assert ground.kinds == ()


star = st.lists(
    st.tuples(st.floats(-200, 1200), st.floats(-200, 1200)), min_size=3, max_size=90, unique=True
).map(
    lambda points: shapely.make_valid(
        shapely.Polygon([(100_000 + x, 480_000 + y) for x, y in points])
    )
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["water", "strand", "natuur"]), star), max_size=4))
def test_the_shares_are_those_of_the_whole_shapes(uses: list[tuple[str, shapely.Geometry]]) -> None:
    ground = ground_of(*uses)
    barring = shapely.union_all([shape for kind, shape in uses if kind != "natuur"])
    boxes = squares(ground.cells).to_numpy()
    expected = shapely.area(shapely.intersection(boxes, barring)) / 10_000
    assert ground.cells["excluded_share"].to_numpy() == pytest.approx(expected, abs=1e-6)
    middles = shapely.points(ground.cells["x_m"], ground.cells["y_m"])
    clear = shapely.distance(middles, shapely.boundary(barring)) > 1e-6
    inside = shapely.intersects(middles, barring)
    assert (ground.cells["is_middle_excluded"].to_numpy() == inside)[clear].all()


@settings(max_examples=20, deadline=None)
@given(star)
def test_cut_ground_is_the_same_ground_in_pieces_of_few_corners(shape: shapely.Geometry) -> None:
    polygons = shapely.get_parts(shape)
    polygons = polygons[shapely.area(polygons) > 0]
    pieces, whole = cut_ground(polygons, 16)
    assert (shapely.get_num_coordinates(pieces) <= 16).all()
    sizes = pd.Series(shapely.area(pieces)).groupby(whole).sum().reindex(range(len(polygons)))
    assert sizes.to_numpy() == pytest.approx(shapely.area(polygons))
    assert REGION.area == 1_000_000
    assert np.array_equal(np.unique(whole), np.arange(len(polygons)))
