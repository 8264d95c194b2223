"""Ground from files of others: what is read, repaired, cut, and refused with every fault."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from app.services.ground_import import ground_vocabulary
from data.faults import Refused
from data.sources.ground_files import GroundFile, read_ground
from data.sources.reading import Choices
from geo.crs import RD, WEB_MERCATOR_EPSG, WGS84

SQUARE = shapely.box(104_000, 488_000, 104_100, 488_200)
OTHER = shapely.box(105_000, 488_000, 105_100, 488_100)
RING = SQUARE.difference(SQUARE.buffer(-20, join_style="mitre"))
BOW = shapely.Polygon(
    [(104_000, 488_000), (104_100, 488_000), (104_000, 488_100), (104_100, 488_100)]
)
SUFFIXES = (".gpkg", ".geojson", ".shp")


def read(path: Path, kind: str | None = None, within: Any = None, **choices: Any) -> GroundFile:
    return read_ground(path, ground_vocabulary(), Choices(**choices), kind=kind, within=within)


def write(path: Path, shapes: list[Any], crs: str | None = RD, **columns: list[Any]) -> Path:
    """The shapes, in RD, written in the system ``crs``; None says nothing of it."""
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=RD)
    frame = frame if crs in (RD, None) else frame.to_crs(crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame if crs else frame.set_crs(None, allow_override=True), path)
    return path


def refusal(path: Path, **choices: Any) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(Refused) as caught:
        read(path, **choices)
    return [(fault.row, fault.column, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("crs", [RD, WGS84])
def test_surfaces_are_read_with_their_kind_and_name(tmp_path: Path, suffix: str, crs: str) -> None:
    path = write(
        tmp_path / f"grond{suffix}",
        [SQUARE, RING],
        crs,
        soort=["water", "Natuurgebied"],
        naam=["De Kom", None],
        code=["a", "b"],
    )
    found = read(path)
    assert found.ground.index.tolist() == ["a", "b"]
    assert found.ground["kind"].tolist() == ["water", "natuur"]
    assert found.ground["name"].fillna("-").tolist() == ["De Kom", "-"]
    assert found.notes == ()
    assert found.ground.area.tolist() == pytest.approx([20_000, RING.area], rel=1e-4)
    assert found.ground.geometry["a"].hausdorff_distance(SQUARE) < 0.05


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_kind_for_all_needs_no_column(tmp_path: Path, suffix: str) -> None:
    found = read(write(tmp_path / f"lib{suffix}", [SQUARE], zone=["3"]), kind="geluidscontour")
    assert found.ground["kind"].tolist() == ["geluidscontour"]
    assert found.ground.index.str.fullmatch(r"geluidscontour-[0-9a-f]{10}").all()
    assert found.notes == ("Deze kolommen lezen wij niet: zone.",)


def test_the_same_surface_has_the_same_code_in_every_file(tmp_path: Path) -> None:
    first, second = (
        read(write(tmp_path / f"een{suffix}", [SQUARE], nr=[1]), kind="water").ground.index
        for suffix in (".gpkg", ".shp")
    )
    assert first.equals(second)


def test_a_column_of_the_users_choice_is_the_kind(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.gpkg", [SQUARE], functie=["dijk"])
    found = read(path, columns={"kind": "functie"})
    assert found.ground["kind"].tolist() == ["waterkering"]


def test_a_shapefile_that_says_nothing_is_in_the_system_of_its_numbers(tmp_path: Path) -> None:
    silent_rd = read(write(tmp_path / "rd.shp", [SQUARE], None, soort=["water"]))
    assert silent_rd.notes == ()
    assert silent_rd.ground.area.sum() == pytest.approx(20_000)
    degrees = gpd.GeoSeries([SQUARE], crs=RD).to_crs(WGS84).tolist()
    silent_degrees = read(write(tmp_path / "graden.shp", degrees, None, soort=["water"]))
    assert silent_degrees.notes == (
        "De coördinaten zijn graden (WGS 84); ze zijn omgerekend naar RD.",
    )
    assert silent_degrees.ground.area.sum() == pytest.approx(20_000, rel=1e-4)


def test_a_geojson_file_in_rd_that_does_not_say_so_is_seen(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"soort": "strand"},
        "geometry": shapely.geometry.mapping(SQUARE),
    }
    path = tmp_path / "strand.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    found = read(path)
    assert found.ground.area.sum() == pytest.approx(20_000)
    assert found.notes == (
        "Het bestand zegt niet dat het in RD staat, maar de coördinaten zijn RD.",
    )


def test_the_system_that_the_user_names_wins(tmp_path: Path) -> None:
    mercator = gpd.GeoSeries([SQUARE], crs=RD).to_crs(WEB_MERCATOR_EPSG).tolist()
    path = write(tmp_path / "web.shp", mercator, None, soort=["water"])
    assert read(path, epsg=WEB_MERCATOR_EPSG).ground.area.sum() == pytest.approx(20_000, rel=1e-4)
    assert refusal(path)[0][:2] == (1, "geometrie")


def test_a_border_that_crosses_itself_is_mended_and_told(tmp_path: Path) -> None:
    found = read(write(tmp_path / "grond.geojson", [SQUARE, BOW], soort=["water", "water"]))
    assert found.ground.is_valid.all()
    assert sorted(found.ground.area) == pytest.approx([5_000, 20_000], rel=1e-4)
    assert found.notes == ("Vlakken met een rand die niet klopte, hersteld: 1 (rij 2).",)


def test_height_is_left_out(tmp_path: Path) -> None:
    raised = shapely.force_3d(SQUARE, 3.0)
    found = read(write(tmp_path / "hoog.gpkg", [raised], soort=["water"]))
    assert not found.ground.has_z.any()


def test_ground_is_cut_to_the_region(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.gpkg", [SQUARE, OTHER], soort=["water", "water"])
    found = read(path, within=shapely.box(103_000, 487_000, 104_050, 489_000))
    assert found.ground.area.tolist() == pytest.approx([10_000])
    assert found.notes == ("Vlakken buiten de regio en haar rand, niet geladen: 1 (rij 2).",)
    with pytest.raises(Refused, match="Geen enkel vlak ligt in of bij de regio"):
        read(path, within=shapely.box(0, 0, 10, 10))


def test_equal_rows_count_once_and_one_code_is_not_two_pieces(tmp_path: Path) -> None:
    path = write(
        tmp_path / "grond.gpkg",
        [SQUARE, SQUARE, OTHER],
        soort=["water"] * 3,
        code=["a", "a", "a"],
    )
    found = read(path)
    assert found.ground.index.tolist() == ["a", "a-2"]
    assert found.notes == ("Dubbele rijen: 1. Die tellen één keer.",)


def test_every_fault_is_named_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "fout.geojson"
    thin = shapely.Polygon([(104_000, 488_000), (104_100, 488_000), (104_050, 488_000)])
    shapes = [SQUARE, shapely.Point(104_000, 488_000), None, thin, OTHER, SQUARE]
    features = [
        {
            "type": "Feature",
            "properties": {"soort": kind},
            "geometry": shapely.geometry.mapping(shape) if shape else None,
        }
        for shape, kind in zip(
            shapes, ["zwembat", "water", "water", "water", None, "watr"], strict=True
        )
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    found = refusal(path)
    assert [(row, column) for row, column, _ in found] == [
        (1, "soort"),
        (2, "geometrie"),
        (3, "geometrie"),
        (4, "geometrie"),
        (5, "soort"),
        (6, "soort"),
    ]
    messages = [message for *_, message in found]
    assert messages[0].startswith("Wij kennen dit gebruik van de grond niet. Kies uit: water, ")
    assert messages[1:] == [
        "Dit is een punt. Wij lezen vlakken.",
        "Deze rij heeft geen vlak.",
        "Dit vlak heeft geen oppervlakte.",
        "Vul een gebruik van de grond in.",
        "Wij kennen dit gebruik van de grond niet. Bedoelt u: water?",
    ]


def test_a_surface_abroad_is_refused_with_its_row(tmp_path: Path) -> None:
    abroad = shapely.box(14.4, 35.8, 14.5, 35.9)
    path = tmp_path / "malta.geojson"
    feature = {
        "type": "Feature",
        "properties": {"soort": "water"},
        "geometry": shapely.geometry.mapping(abroad),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert refusal(path) == [
        (1, "geometrie", "Dit punt ligt niet in Nederland. Kijk of de coördinaten kloppen.")
    ]


def test_a_file_without_a_kind_says_which_column_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.gpkg", [SQUARE], zone=["3"])
    assert refusal(path) == [(1, "soort", "De kolom soort ontbreekt. Wel in het bestand: zone.")]


def test_a_secret_place_refuses_the_whole_file(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.gpkg", [SQUARE], soort=["water"], naam=["Vrouwenopvang"])
    ((row, _, message),) = refusal(path)
    assert row == 1
    assert "geheim" in message


def test_a_layer_is_chosen_when_there_are_two(tmp_path: Path) -> None:
    path = tmp_path / "twee.gpkg"
    frame = gpd.GeoDataFrame({"soort": ["water"]}, geometry=[SQUARE], crs=RD)
    pyogrio.write_dataframe(frame, path, layer="een")
    pyogrio.write_dataframe(frame, path, layer="twee", append=True)
    assert len(read(path, part="twee").ground) == 1
    assert refusal(path)[0][2] == "Kies met --sheet een laag van twee.gpkg: een, twee."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("grond.csv", b"a;b", "Bestanden die eindigen op .csv kunnen wij niet lezen."),
        ("grond.geojson", b"<OGRVRTDataSource/>", "is geen GeoJSON-bestand."),
        ("grond.geojson", b'{"type": "FeatureCollection", "features": [', "is beschadigd"),
        ("grond.geojson", b'{"type": "FeatureCollection", "features": []}', "heeft geen"),
        ("grond.geojson", b'{"a": 1}', "is beschadigd"),
        ("grond.shp", b"<OGRVRTDataSource/>", "is geen Shapefile."),
        ("grond.shp", b"\x00\x00\x27\x0a" + bytes(96), "grond.shx, grond.dbf"),
        ("grond.gpkg", b"SQLite format 3\x00", "beschadigd"),
        ("grond.gpkg", b"nee", "is geen GeoPackage"),
        ("grond.geojson", b"", "is leeg"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ((_, _, message),) = refusal(path)
    assert words in message


def test_a_cut_off_shapefile_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.shp", [SQUARE] * 50, soort=["water"] * 50)
    path.write_bytes(path.read_bytes()[:900])
    assert refusal(path)
