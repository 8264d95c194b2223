"""Wijken en buurten from GeoPackages: the real file, the small world, old names, odd files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.amenity_categories import AMENITY_CATEGORIES
from data.figures import FIGURES
from data.sources.cbs_areas import AreaFrames, wanted_columns
from data.sources.cbs_geopackage import level_of, read_cbs_geopackage
from geo.crs import RD, WGS84
from tests.data.made_files import cbs_layers, write_layers

REGION = ("GM9001", "GM9002")
SINGULAR = {"gemeenten": "gemeente", "wijken": "wijk", "buurten": "buurt"}
SHORT_NAMES = {
    "gemeentecode": "GM_CODE",
    "gemeentenaam": "GM_NAAM",
    "wijkcode": "WK_CODE",
    "wijknaam": "WK_NAAM",
    "buurtcode": "BU_CODE",
    "buurtnaam": "BU_NAAM",
    "aantal_inwoners": "AANT_INW",
    "aantal_huishoudens": "AANTAL_HH",
    "oppervlakte_land_in_ha": "OPP_LAND",
    "water": "WATER",
}


def read(path: Path, *, year: int = 2024, version: str | None = None) -> AreaFrames:
    return read_cbs_geopackage(path, year=year, version=version, region=REGION)


def written(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> Path:
    return write_layers(path / "cbs.gpkg", layers)


@pytest.fixture(scope="module")
def real_file(shared_data: Path) -> Path:
    return shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"


@pytest.fixture(scope="module")
def real(real_file: Path) -> AreaFrames:
    return read_cbs_geopackage(real_file, year=2024, version="v1")


def test_the_real_file_has_eight_gemeenten_with_551130_inhabitants(real: AreaFrames) -> None:
    mine = real.areas[real.areas["in_region"]]
    assert mine["level"].value_counts().to_dict() == {"gemeente": 8, "wijk": 83, "buurt": 400}
    people = real.figures[real.figures["figure"] == "inwoners"].set_index("area_code")["value"]
    for level in ("gemeente", "wijk", "buurt"):
        assert people.reindex(mine.index[mine["level"] == level]).sum() == 551_130


def test_the_rim_of_the_real_file_is_kept_as_rim(real: AreaFrames) -> None:
    rim = real.areas[~real.areas["in_region"]]
    assert rim["level"].value_counts().to_dict() == {"buurt": 420, "wijk": 119, "gemeente": 18}
    assert "Amsterdam" in set(rim["gemeente_name"])


@pytest.mark.parametrize(
    ("layer", "column", "code"),
    [
        ("gemeenten", "gemeentecode", "GM0392"),
        ("wijken", "wijkcode", "WK039209"),
        ("buurten", "buurtcode", "BU03920101"),
        ("buurten", "buurtcode", "BU03920906"),
    ],
)
def test_an_area_has_the_numbers_that_stand_in_the_file_read_another_way(
    real: AreaFrames, real_file: Path, layer: str, column: str, code: str
) -> None:
    connection = sqlite3.connect(f"{real_file.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    row = dict(connection.execute(f"SELECT * FROM {layer} WHERE {column} = ?", (code,)).fetchone())
    connection.close()
    mine = real.figures[real.figures["area_code"] == code].set_index("figure")
    compared = 0
    for definition in FIGURES:
        name = next((name for name in definition.columns if name in row), None)
        if name is None:
            continue
        compared += 1
        if row[name] == -99997:
            assert mine.loc[definition.key, "reason"] == "secret_or_absent"
            assert mine["value"].isna()[definition.key]
        else:
            assert mine.loc[definition.key, "value"] == row[name]
    assert compared >= 3
    assert real.areas.loc[code, "name"] == row[column.replace("code", "naam")]


def test_the_distances_to_amenities_in_the_real_file_are_those_of_three_kinds(
    real: AreaFrames,
) -> None:
    """Read in the file by hand: Stationsbuurt in Haarlem and Stations omgeving in Zandvoort."""
    found = real.figures[real.figures["figure"].str.startswith("afstand_")]
    table = found.pivot(index="area_code", columns="figure", values="value")
    assert table.loc["BU03920101"].to_dict() == {
        "afstand_huisarts_km": 0.4,
        "afstand_supermarkt_km": 0.6,
        "afstand_basisschool_km": 0.5,
    }
    assert table.loc["BU04730102"].to_dict() == {
        "afstand_huisarts_km": 1.0,
        "afstand_supermarkt_km": 0.7,
        "afstand_basisschool_km": 0.9,
    }


@pytest.mark.parametrize("names", ["modern", "short"])
def test_a_file_with_more_distances_gives_them_all(tmp_path: Path, names: str) -> None:
    """Every distance that an amenity can ask; a delivery may have more of them than another."""
    definitions = {
        entry.key: next(one for one in FIGURES if entry.cbs_column in one.columns)
        for entry in AMENITY_CATEGORIES
        if entry.cbs_column
    }
    assert set(definitions) == {
        *("huisarts", "apotheek", "supermarkt", "treinstation"),
        *("basisschool", "groen", "ziekenhuis", "bibliotheek"),
    }
    columns = {
        definition.columns[-1 if names == "short" else 0]: definition.key
        for definition in definitions.values()
    }
    layers = cbs_layers()
    for number, column in enumerate(columns):
        layers["buurten"][column] = 0.1 + number
    layers["buurten"].loc[0, list(columns)] = -99997
    frames = read(written(tmp_path, layers))
    codes = list(layers["buurten"]["buurtcode"])
    rows = frames.figures.set_index(["area_code", "figure"])
    for number, key in enumerate(columns.values()):
        assert rows.loc[(codes[0], key), "reason"] == "secret_or_absent"
        assert rows.loc[(codes[1], key), "value"] == 0.1 + number
    assert {definition.unit for definition in definitions.values()} == {"km"}


def test_a_figure_that_the_file_has_at_one_level_only_gets_a_reason_elsewhere(
    real: AreaFrames,
) -> None:
    haarlem = real.figures[real.figures["area_code"] == "GM0392"].set_index("figure")
    assert haarlem.loc["stedelijkheid", "reason"] == "not_in_file"
    assert "woningvoorraad" not in haarlem.index


def test_a_file_of_old_with_short_upper_case_names_gives_the_same(tmp_path: Path) -> None:
    modern = read(written(tmp_path, cbs_layers()))
    old = {
        f"{SINGULAR[name]}_2024_v3": frame.rename(columns=SHORT_NAMES)
        for name, frame in cbs_layers().items()
    }
    short = read(write_layers(tmp_path / "old.gpkg", old), version="v3")
    pd.testing.assert_frame_equal(short.figures, modern.figures)
    pd.testing.assert_frame_equal(
        pd.DataFrame(short.areas.drop(columns="geometry")),
        pd.DataFrame(modern.areas.drop(columns="geometry")),
    )


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("gemeenten", "gemeente"),
        ("wijken", "wijk"),
        ("buurten", "buurt"),
        ("wijkenbuurten:buurten", "buurt"),
        ("wijkenbuurten_wijken", "wijk"),
        ("gemeente_2022_v3", "gemeente"),
        ("CBS_Wijken_2021", "wijk"),
        ("BUURT_2013", "buurt"),
        ("wijkenbuurten", None),
        ("gemeentegrenzen", None),
        ("pc4", None),
    ],
)
def test_a_layer_is_known_by_any_of_its_names(name: str, level: str | None) -> None:
    assert level_of(name) == level


@pytest.mark.parametrize(
    ("special", "reason"),
    [
        (-99997, "secret_or_absent"),
        (-99999999, "secret_or_absent"),
        (-99999, "secret_or_absent"),
        (None, "secret_or_absent"),
        (-99995, "not_yet_published"),
        (-99991, "no_longer_published"),
    ],
)
def test_a_special_value_becomes_its_reason_and_never_a_number(
    tmp_path: Path, special: float | None, reason: str
) -> None:
    layers = cbs_layers()
    layers["buurten"].loc[0, "aantal_inwoners"] = special
    figures = read(written(tmp_path, layers)).figures.set_index(["area_code", "figure"])
    assert figures["reason"][("BU90010101", "inwoners")] == reason
    assert np.isnan(figures["value"][("BU90010101", "inwoners")])


def test_nought_is_a_number(tmp_path: Path) -> None:
    layers = cbs_layers()
    layers["buurten"].loc[0, "aantal_inwoners"] = 0
    figures = read(written(tmp_path, layers)).figures.set_index(["area_code", "figure"])
    assert figures["value"][("BU90010101", "inwoners")] == 0


def test_a_secret_land_area_is_unknown_and_not_negative(tmp_path: Path) -> None:
    layers = cbs_layers()
    layers["buurten"].loc[0, "oppervlakte_land_in_ha"] = -99997
    areas = read(written(tmp_path, layers)).areas
    assert np.isnan(areas.loc["BU90010101", "land_area_ha"])


def test_columns_on_origin_are_never_read() -> None:
    columns = ["buurtcode", "percentage_met_herkomstland_uit_europa", "P_WEST_AL", "AANT_INW"]
    assert wanted_columns(columns) == ["buurtcode", "AANT_INW"]


def test_a_file_in_degrees_is_converted_and_said_to_be(tmp_path: Path) -> None:
    layers = {name: frame.to_crs(WGS84) for name, frame in cbs_layers().items()}
    frames = read(written(tmp_path, layers))
    assert frames.areas.crs == RD
    assert frames.areas.loc["BU90010101"].geometry.area == pytest.approx(1e6, rel=1e-6)
    assert "De grenzen van de laag buurten zijn omgerekend van WGS 84 naar RD." in frames.notes


def test_a_broken_border_is_repaired_and_said_to_be(tmp_path: Path) -> None:
    layers = cbs_layers()
    bow_tie = shapely.Polygon(
        [(100_000, 480_000), (101_000, 481_000), (101_000, 480_000), (100_000, 481_000)]
    )
    layers["buurten"].loc[0, "geometry"] = bow_tie
    frames = read(written(tmp_path, layers))
    assert frames.areas.geometry.is_valid.all()
    assert "Kapotte grenzen in de laag buurten: 1. Ze zijn hersteld." in frames.notes


def test_water_that_shares_its_code_with_land_is_left_out_and_areas_abroad_too(
    tmp_path: Path,
) -> None:
    layers = cbs_layers()
    gemeenten = layers["gemeenten"]
    sea = gemeenten.iloc[[0]].assign(water="JA")
    abroad = gemeenten.iloc[[0]].assign(water="B", gemeentecode="GM9998")
    layers["gemeenten"] = pd.concat([gemeenten, sea, abroad], ignore_index=True)
    layers["buurten"].loc[3, "water"] = "JA"
    frames = read(written(tmp_path, layers))
    assert (frames.areas["level"] == "gemeente").sum() == 3
    assert frames.areas.index[frames.areas["is_water"]].tolist() == ["BU90010202"]
    assert "Watergebieden met dezelfde code als het land: 1. Die zijn niet geladen." in frames.notes


def test_buurten_far_outside_the_region_are_left_out_with_their_gemeente(tmp_path: Path) -> None:
    path = written(tmp_path, cbs_layers())
    frames = read_cbs_geopackage(path, year=2024, region=("GM9001",), rim_m=500.0)
    assert set(frames.areas["gemeente_code"]) == {"GM9001", "GM9002"}
    assert "Buurten verder dan 0.5 km van de regio: 4. Die zijn niet geladen." in frames.notes


def test_buurten_that_do_not_add_up_are_a_note_and_no_fault(tmp_path: Path) -> None:
    layers = cbs_layers()
    layers["gemeenten"].loc[0, "aantal_inwoners"] += 45
    assert any(
        "grootste verschil is -45 (Zuiderveen)" in n for n in read(written(tmp_path, layers)).notes
    )


def test_an_area_without_a_name_is_called_by_its_code(tmp_path: Path) -> None:
    layers = cbs_layers()
    layers["wijken"].loc[1, "wijknaam"] = None
    frames = read(written(tmp_path, layers))
    assert frames.areas.loc["WK900102", "name"] == "WK900102"
    assert any(note.startswith("Wijken zonder naam: 1 (WK900102)") for note in frames.notes)


def test_the_snippet_of_real_rows_is_read_as_published() -> None:
    folder = Path(__file__).parent.parent / "snippets" / "cbs_wijken_buurten"
    buurten = pd.read_csv(folder / "buurten.csv")
    assert wanted_columns(list(buurten.columns)) == list(buurten.columns)
    assert buurten.set_index("buurtcode").loc["BU03920101", "aantal_inwoners"] == 2140
