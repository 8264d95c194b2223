"""Ground from OpenStreetMap: surfaces of ways and relations, their holes, and what is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import osmium
import pytest
import shapely

from analysis.land_uses import LAND_USES
from app.services.imports import secret_words
from data.sources.osm_network import OsmNetwork, read_osm
from geo.crs import WGS84
from tests.data.made_osm import STREET, Tags, in_rd, write_osm
from tests.data.real_osm import FILES

GROUND = {entry.key: entry.osm_tags for entry in LAND_USES if entry.osm_tags}
WATER: Tags = {"natural": "water"}
LAKE: Tags = {"type": "multipolygon", "natural": "water"}
#: The south-west corner of a drawing, RD in metres.
X_M, Y_M = 104_000, 488_000

Way = tuple[int, Sequence[int], Tags]
Member = tuple[str, int, str]


def square(
    first_node: int, x_m: float, y_m: float, side_m: float
) -> dict[int, tuple[float, float]]:
    """Four corners from the south-west one, against the clock."""
    corners = ((0, 0), (side_m, 0), (side_m, side_m), (0, side_m))
    return {
        first_node + turn: (X_M + x_m + right, Y_M + y_m + up)
        for turn, (right, up) in enumerate(corners)
    }


def ring(first_node: int) -> list[int]:
    return [first_node, first_node + 1, first_node + 2, first_node + 3, first_node]


def read(
    folder: Path,
    points: Mapping[int, tuple[float, float]],
    ways: Iterable[Way],
    relations: Iterable[tuple[int, Sequence[Member], Tags]] = (),
    within: shapely.Geometry | None = None,
) -> OsmNetwork:
    """What is read from a file with these, and a street somewhere."""
    street = {900: (X_M, Y_M), 901: (X_M + 50, Y_M)}
    path = write_osm(
        folder / "grond.osm.pbf",
        in_rd({**points, **street}),
        [*ways, (900, [900, 901], STREET)],
        relations=relations,
    )
    return read_osm(path, {}, secret_words(), ground=GROUND, within=within)


def areas_m2(network: OsmNetwork) -> dict[str, int]:
    """Area of each piece to 10 m²: a file gives places to the centimetre."""
    return {code: round(shape.area, -1) for code, shape in network.ground.geometry.items()}


def test_a_closed_line_is_a_piece_of_ground(tmp_path: Path) -> None:
    tags = {**WATER, "name": "De Kom"}
    network = read(tmp_path, square(1, 0, 0, 100), [(7, ring(1), tags)])
    assert areas_m2(network) == {"water-w7": 10_000}
    assert network.ground["kind"].tolist() == ["water"]
    assert network.ground["name"].tolist() == ["De Kom"]


@pytest.mark.parametrize(
    ("nodes", "tags"),
    [
        ([1, 2, 3, 4], WATER),
        ([1, 2, 1], WATER),
        (ring(1), {**WATER, "area": "no"}),
        (ring(1), {"man_made": "dyke"}),
        (ring(1), {"aeroway": "taxiway"}),
        (ring(1), {"landuse": "residential"}),
    ],
)
def test_what_is_no_surface_or_no_use_is_left_out(
    tmp_path: Path, nodes: list[int], tags: Tags
) -> None:
    network = read(tmp_path, square(1, 0, 0, 100), [(7, nodes, tags)])
    assert network.ground.empty
    assert network.notes == read(tmp_path, {}, []).notes


def test_a_closed_line_that_says_so_is_a_surface(tmp_path: Path) -> None:
    tags = {"aeroway": "runway", "area": "yes"}
    network = read(tmp_path, square(1, 0, 0, 100), [(7, ring(1), tags)])
    assert areas_m2(network) == {"startbaan-w7": 10_000}


def test_a_surface_of_two_uses_counts_for_both(tmp_path: Path) -> None:
    tags = {"landuse": "military", "leisure": "nature_reserve"}
    network = read(tmp_path, square(1, 0, 0, 100), [(7, ring(1), tags)])
    assert areas_m2(network) == {"defensie-w7": 10_000, "natuur-w7": 10_000}


@pytest.mark.parametrize("role", ["inner", "", "outer"])
def test_an_island_is_a_hole_in_the_water_whatever_its_role(tmp_path: Path, role: str) -> None:
    points = square(1, 0, 0, 100) | square(11, 30, 30, 40)
    members = [("w", 7, "outer"), ("w", 8, role)]
    network = read(tmp_path, points, [(7, ring(1), {}), (8, ring(11), {})], [(5, members, LAKE)])
    assert areas_m2(network) == {"water-r5": 10_000 - 1_600}
    middle = shapely.Point(X_M + 50, Y_M + 50)
    assert not network.ground.geometry["water-r5"].intersects(middle)


def test_a_pond_on_an_island_is_water_again(tmp_path: Path) -> None:
    points = square(1, 0, 0, 100) | square(11, 20, 20, 60) | square(21, 40, 40, 20)
    ways: list[Way] = [(7, ring(1), {}), (8, ring(11), {}), (9, ring(21), {})]
    members = [("w", 7, "outer"), ("w", 8, "inner"), ("w", 9, "outer")]
    network = read(tmp_path, points, ways, [(5, members, LAKE)])
    assert areas_m2(network) == {"water-r5": 10_000 - 3_600 + 400}


def test_a_border_in_pieces_is_put_together_in_any_order_and_direction(tmp_path: Path) -> None:
    points = square(1, 0, 0, 100) | square(11, 200, 0, 100)
    ways: list[Way] = [(6, [1, 2, 3], {}), (7, [1, 4, 3], {}), (8, ring(11), {})]
    members = [("w", 8, "outer"), ("w", 7, "outer"), ("w", 6, "outer")]
    network = read(tmp_path, points, ways, [(5, members, LAKE)])
    assert areas_m2(network) == {"water-r5": 20_000}


def test_a_relation_needs_not_say_that_it_is_a_surface(tmp_path: Path) -> None:
    runway = {"type": "multipolygon", "aeroway": "runway"}
    network = read(
        tmp_path, square(1, 0, 0, 100), [(7, ring(1), {})], [(5, [("w", 7, "outer")], runway)]
    )
    assert areas_m2(network) == {"startbaan-r5": 10_000}


def test_a_route_over_the_water_is_no_water(tmp_path: Path) -> None:
    route = {"type": "route", "natural": "water"}
    network = read(tmp_path, square(1, 0, 0, 100), [(7, ring(1), {})], [(5, [("w", 7, "")], route)])
    assert network.ground.empty


@pytest.mark.parametrize(
    ("ways", "members"),
    [
        ([(6, [1, 2, 3], {})], [("w", 6, "outer"), ("w", 99, "outer")]),
        ([(6, [1, 2, 3], {})], [("w", 6, "outer")]),
        ([(6, [1, 2, 3, 77, 1], {})], [("w", 6, "outer")]),
        ([(6, [1, 2, 3, 4, 1], {}), (7, [11, 12, 13], {})], [("w", 6, ""), ("w", 7, "")]),
        ([(6, [1], {})], [("w", 6, "outer")]),
        ([(6, [1, 2, 1], {})], [("w", 6, "outer")]),
        ([], [("w", 99, "outer")]),
    ],
    ids=[
        "a line is lacking",
        "a gap",
        "a node is lacking",
        "a second gap",
        "a point",
        "to and fro",
        "nothing is there",
    ],
)
def test_a_border_that_is_not_whole_is_left_out_and_counted(
    tmp_path: Path, ways: list[Way], members: list[Member]
) -> None:
    points = square(1, 0, 0, 100) | square(11, 200, 0, 100)
    network = read(tmp_path, points, ways, [(5, members, LAKE)])
    assert network.ground.empty
    (note,) = [note for note in network.notes if note.startswith("Vlakken")]
    assert "helemaal in het bestand staat: 1." in note


def test_a_border_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    network = read(tmp_path, square(1, 0, 0, 100), [(7, [1, 2, 4, 3, 1], WATER)])
    assert areas_m2(network) == {"water-w7": 5_000}
    assert network.ground.is_valid.all()


def test_ground_is_cut_to_the_area(tmp_path: Path) -> None:
    points = square(1, 0, 0, 100) | square(11, 300, 0, 100)
    ways = [(7, ring(1), WATER), (8, ring(11), WATER)]
    within = shapely.box(X_M - 10, Y_M - 10, X_M + 60, Y_M + 500)
    assert areas_m2(read(tmp_path, points, ways, within=within)) == {"water-w7": 6_000}


def test_ground_that_only_touches_the_area_is_not_in_it(tmp_path: Path) -> None:
    within = shapely.box(X_M - 500, Y_M - 10, X_M - 1e-3, Y_M + 500).union(
        shapely.box(X_M, Y_M - 50, X_M + 50, Y_M)
    )
    network = read(tmp_path, square(1, 0, 0.5, 100), [(7, ring(1), WATER)], within=within)
    assert network.ground.area.sum() < 1


def test_the_name_of_a_place_that_must_stay_secret_is_not_kept(tmp_path: Path) -> None:
    tags = {**WATER, "name": "Vrouwenopvang De Wal"}
    assert read(tmp_path, square(1, 0, 0, 100), [(7, ring(1), tags)]).ground.empty


def test_without_asking_for_ground_there_is_none(tmp_path: Path) -> None:
    points = {900: (X_M, Y_M), 901: (X_M + 50, Y_M), **square(1, 0, 0, 100)}
    ways = [(900, [900, 901], STREET), (7, ring(1), WATER)]
    path = write_osm(tmp_path / "grond.osm.pbf", in_rd(points), ways)
    assert read_osm(path, {}, secret_words()).ground.empty


# The real file


@pytest.fixture(scope="module")
def malta_path(shared_data: Path) -> Path:
    path = shared_data / "osm" / f"{FILES['malta'][0]}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"this file is not here: {path}")
    return path


@pytest.fixture(scope="module")
def malta_ground(malta_path: Path) -> OsmNetwork:
    return read_osm(malta_path, {}, secret_words(), ground=GROUND)


def assembled(path: Path, epsg: int) -> gpd.GeoSeries:
    """The same surfaces, put together by the area handler of libosmium."""
    factory = osmium.geom.WKBFactory()
    shapes = {}
    for thing in osmium.FileProcessor(str(path)).with_areas():
        if not isinstance(thing, osmium.osm.Area):
            continue
        tags = dict(thing.tags) | ({} if thing.from_way() else {"area": "yes"})
        code = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
        kinds = [entry.key for entry in LAND_USES if entry.matches(tags)]
        for kind in kinds:
            try:
                shapes[f"{kind}-{code}"] = shapely.from_wkb(factory.create_multipolygon(thing))
            except RuntimeError:
                assert code == "r6657275", "its border has a gap in the file"
    return gpd.GeoSeries(shapes, crs=WGS84).to_crs(epsg)


def test_the_ground_of_malta_is_that_of_an_independent_reader(
    malta_path: Path, malta_ground: OsmNetwork
) -> None:
    ours = malta_ground.ground.geometry
    theirs = assembled(malta_path, FILES["malta"][1])
    assert set(ours.index) == set(theirs.index)
    difference = ours.symmetric_difference(theirs.reindex(ours.index))
    assert difference.area.max() < 1e-3
    assert ours.area.sum() == pytest.approx(theirs.area.sum(), rel=1e-9)


def test_the_counts_of_malta_are_these(malta_ground: OsmNetwork) -> None:
    assert malta_ground.ground.groupby("kind").size().to_dict() == {
        "bedrijventerrein": 181,
        "begraafplaats": 45,
        "defensie": 3,
        "luchthaven": 2,
        "natuur": 5,
        "startbaan": 13,
        "strand": 37,
        "water": 512,
    }
    airport = malta_ground.ground.loc[lambda rows: rows["kind"] == "luchthaven"]
    assert "Malta International Airport" in set(airport["name"])
    assert 300 < airport.area.sum() / 10_000 < 400
