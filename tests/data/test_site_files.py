"""Registers of sites as people keep them: three kinds of file, many ways of writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.imports import site_vocabulary
from data.faults import Refused
from data.sources.reading import Choices
from data.sources.site_files import SiteFile, read_sites
from geo.crs import RD, WGS84, to_wgs84
from tests.data.made_files import (
    SITE_ROW,
    site_rows,
    tiny_region,
    write_csv,
    write_point_geopackage,
    write_xlsx,
)

NEW_YEAR_2020 = dt.date(2020, 1, 1)


def read(path: Path, publication: str | None = None, **choices: Any) -> SiteFile:
    return read_sites(path, site_vocabulary(), tiny_region(), Choices(**choices), publication)


def read_rows(folder: Path, *changes: Mapping[str, Any], **choices: Any) -> SiteFile:
    return read(write_csv(folder / "locaties.csv", site_rows(*changes)), **choices)


def as_xlsx(folder: Path, rows: list[dict[str, Any]]) -> Path:
    return write_xlsx(folder / "locaties.xlsx", rows)


def as_geopackage(folder: Path, rows: list[dict[str, Any]]) -> Path:
    points = [(float(row["x"]), float(row["y"])) for row in rows]
    bare = [{key: row[key] for key in row if key not in "xy"} for row in rows]
    return write_point_geopackage(folder / "locaties.gpkg", bare, points)


def as_csv(**how: Any) -> Callable[[Path, list[dict[str, Any]]], Path]:
    return lambda folder, rows: write_csv(folder / "locaties.csv", rows, **how)


@pytest.mark.parametrize(
    "write",
    [
        as_csv(),
        as_csv(delimiter=","),
        as_csv(delimiter="\t"),
        as_csv(encoding="utf-8-sig"),
        as_csv(encoding="cp1252"),
        as_csv(encoding="utf-16"),
        as_xlsx,
        as_geopackage,
    ],
    ids=["semicolon", "comma", "tab", "utf-8-sig", "cp1252", "utf-16", "xlsx", "gpkg"],
)
def test_every_kind_of_file_gives_the_same_sites(
    write: Callable[[Path, list[dict[str, Any]]], Path], tmp_path: Path
) -> None:
    file = read(write(tmp_path, site_rows({"naam": "Café, het 'Hof'"}, {"plekken": ""})))
    first = file.sites.loc["A-1"]
    assert (first["name"], first["type"], first["publication"]) == (
        "Café, het 'Hof'",
        "beschut_wonen",
        "openbaar",
    )
    assert (first.geometry.x, first.geometry.y) == (101_500, 480_500)
    assert file.states["status"].tolist() == ["in_gebruik", "in_gebruik"]
    assert file.states["from_date"].tolist() == [NEW_YEAR_2020, NEW_YEAR_2020]
    assert file.states["capacity_count"].tolist() == [8, pd.NA]


@pytest.mark.parametrize(
    "cell", [dt.datetime(2020, 1, 1), dt.date(2020, 1, 1), 43831, 43831.0, "1-1-2020"]
)
def test_a_date_in_excel_is_read_whether_real_text_or_serial(cell: object, tmp_path: Path) -> None:
    file = read(as_xlsx(tmp_path, site_rows({"status sinds": cell})))
    assert file.states["from_date"].tolist() == [NEW_YEAR_2020]


def test_numbers_in_excel_may_be_numbers(tmp_path: Path) -> None:
    file = read(
        as_xlsx(tmp_path, site_rows({"code": 12, "x": 101500.5, "y": 480500, "plekken": 8}))
    )
    assert file.sites.loc["12"].geometry.x == 101_500.5
    assert file.states["capacity_count"].tolist() == [8]


def test_decimal_commas_in_coordinates_are_fine(tmp_path: Path) -> None:
    file = read_rows(tmp_path, {"x": "101.500,25", "y": "480500,75"})
    assert (file.sites.geometry.iloc[0].x, file.sites.geometry.iloc[0].y) == (
        101_500.25,
        480_500.75,
    )


@pytest.mark.parametrize(
    "names",
    [
        {"soort": "Type", "plekken": "Capaciteit", "status sinds": "Datum", "code": "Locatiecode"},
        {"soort": "SOORT_VOORZIENING", "plekken": "Aantal plaatsen", "x": "X-coördinaat"},
        {"naam": "Locatienaam", "y": "rd_y", "status": "Fase"},
    ],
)
def test_columns_may_have_other_usual_names(names: dict[str, str], tmp_path: Path) -> None:
    row = {names.get(name, name): cell for name, cell in SITE_ROW.items()}
    file = read(write_csv(tmp_path / "locaties.csv", [row]))
    assert file.sites.index.tolist() == ["A-1"]
    assert file.states["capacity_count"].tolist() == [8]


def test_the_user_may_say_which_column_is_which(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "locaties.csv", [{**SITE_ROW, "Wie": "Stichting Zon"}])
    file = read(path, columns={"provider": "wie"})
    assert file.sites.loc["A-1", "provider"] == "Stichting Zon"


def test_columns_that_we_do_not_know_are_named_in_a_note(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "locaties.csv", [{**SITE_ROW, "kleur": "rood", "dak": "plat"}])
    assert "Deze kolommen lezen wij niet: kleur, dak." in read(path).notes


def test_rows_with_one_code_are_the_history_of_one_site(tmp_path: Path) -> None:
    file = read_rows(
        tmp_path,
        {"status sinds": "01-01-2022"},
        {"code": "A-1", "status": "planvorming", "status sinds": "01-01-2019", "naam": ""},
    )
    assert len(file.sites) == 1
    assert file.states["status"].tolist() == ["planvorming", "in_gebruik"]


def test_the_start_of_validity_stands_for_the_date_of_a_single_status(tmp_path: Path) -> None:
    file = read_rows(tmp_path, {"status sinds": "", "geldig van": "01-01-2020"})
    assert file.states["from_date"].tolist() == [NEW_YEAR_2020]


def test_columns_in_degrees_are_converted_to_rd(tmp_path: Path) -> None:
    lon, lat = to_wgs84(101_500, 480_500)
    row = {key: cell for key, cell in SITE_ROW.items() if key not in "xy"}
    path = write_csv(
        tmp_path / "locaties.csv", [{**row, "lengtegraad": f"{lon}", "breedtegraad": f"{lat}"}]
    )
    point = read(path).sites.geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((101_500, 480_500), abs=0.01)


def test_degrees_in_x_and_y_are_converted_when_all_are_plainly_degrees(tmp_path: Path) -> None:
    lon, lat = to_wgs84(101_500, 480_500)
    file = read_rows(tmp_path, {"x": str(lon), "y": str(lat)})
    assert file.sites.geometry.iloc[0].x == pytest.approx(101_500, abs=0.01)
    assert "De coördinaten zijn graden (WGS 84); ze zijn omgerekend naar RD." in file.notes


@pytest.mark.parametrize("word", ["4326", "EPSG:4326", "WGS84", "wgs 84"])
def test_a_row_may_say_its_own_system(word: str, tmp_path: Path) -> None:
    lon, lat = to_wgs84(101_500, 480_500)
    file = read_rows(tmp_path, {"crs": ""}, {"x": str(lon), "y": str(lat), "crs": word})
    assert file.sites.geometry.iloc[1].distance(file.sites.geometry.iloc[0]) < 0.01


@pytest.mark.parametrize("system", [WGS84, "EPSG:25831", RD])
def test_a_geopackage_may_be_in_any_declared_system(system: str, tmp_path: Path) -> None:
    rows = [{key: cell for key, cell in SITE_ROW.items() if key not in "xy"}]
    point = gpd.GeoSeries.from_xy([101_500], [480_500], crs=RD).to_crs(system).iloc[0]
    path = write_point_geopackage(tmp_path / "l.gpkg", rows, [(point.x, point.y)], system)
    found = read(path).sites.geometry.iloc[0]
    assert (found.x, found.y) == pytest.approx((101_500, 480_500), abs=0.5)


def test_a_site_without_a_level_is_internal_unless_the_user_says_otherwise(tmp_path: Path) -> None:
    silent = read_rows(tmp_path, {"publicatie": ""})
    assert silent.sites["publication"].tolist() == ["intern"]
    assert any(note.startswith("Locaties zonder publicatieniveau: 1.") for note in silent.notes)
    chosen = read_rows(tmp_path, {"publicatie": ""}, publication="gebied")
    assert chosen.sites["publication"].tolist() == ["gebied"]
    assert not any("publicatieniveau" in note for note in chosen.notes)


def test_two_sites_of_one_type_on_one_spot_are_a_note(tmp_path: Path) -> None:
    file = read_rows(tmp_path, {}, {})
    assert any(note.startswith("A-1 en A-2 zijn van dezelfde soort") for note in file.notes)


def test_a_dropped_plan_keeps_its_reason(tmp_path: Path) -> None:
    file = read_rows(tmp_path, {"status": "Afgevallen", "reden": "Geen riool"})
    assert file.states["reason"].tolist() == ["Geen riool"]


def test_blank_rows_are_skipped_and_still_count_as_rows(tmp_path: Path) -> None:
    path = tmp_path / "locaties.csv"
    lines = [
        "code;naam;soort;status;sinds;x;y",
        "",
        ";;;;;;",
        "A;De Eik;x;idee;1-1-2020;101500;480500",
    ]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read(path)
    assert [fault.row for fault in caught.value.faults] == [4]


def test_the_first_sheet_is_read_and_the_note_says_so(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = as_xlsx(tmp_path, site_rows({}))
    book = load_workbook(path)
    book.create_sheet("Toelichting").append(["tekst"])
    book.save(path)
    assert (
        "Gelezen is het eerste blad, Locaties. Kies een ander blad met --sheet." in read(path).notes
    )
    assert len(read(path, part="Locaties").sites) == 1


def test_the_snippet_of_a_register_is_read() -> None:
    path = Path(__file__).parent.parent / "snippets" / "locatieregister.csv"
    haarlem = gpd.GeoDataFrame(
        {"name": ["Haarlem"], "in_region": [True]},
        geometry=[shapely.box(100_000, 484_000, 108_000, 494_000)],
        crs=RD,
    )
    region = type(tiny_region())(haarlem, is_example=True)
    file = read_sites(path, site_vocabulary(), region, Choices())
    assert file.sites["type"].to_dict() == {"HLM-01": "beschut_wonen", "HMS-01": "beschermd_wonen"}
    assert len(file.states) == 3
    assert any("voorbeeldgrenzen" in note for note in file.notes)


NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "N"), include_characters=" -'\"&.,;"),
    min_size=1,
    max_size=30,
).map(lambda text: " ".join(text.split()))
SITES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    naam=NAMES.filter(bool),
    soort=st.sampled_from(sorted(set(site_vocabulary().types.values()))),
    status=st.sampled_from(["idee", "in_gebruik", "besluit"]),
    day=st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)),
    plekken=st.none() | st.integers(0, 500),
    x=st.integers(100_001, 103_999),
    y=st.integers(480_001, 481_999),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SITES, min_size=1, max_size=6), st.sampled_from([as_csv(), as_xlsx]))
def test_what_is_written_is_what_is_read(
    tmp_path: Path,
    sites: list[dict[str, Any]],
    write: Callable[[Path, list[dict[str, Any]]], Path],
) -> None:
    rows = [
        {
            "code": f"S{number}",
            "naam": site["naam"],
            "soort": site["soort"],
            "status": site["status"],
            "status sinds": f"{site['day']:%d-%m-%Y}",
            "plekken": "" if site["plekken"] is None else site["plekken"],
            "x": site["x"],
            "y": site["y"],
        }
        for number, site in enumerate(sites)
    ]
    file = read(write(tmp_path, rows))
    for row, site in zip(rows, sites, strict=True):
        found = file.sites.loc[str(row["code"])]
        state = file.states.set_index("site_code").loc[str(row["code"])]
        assert (found["name"], found["type"]) == (site["naam"], site["soort"])
        assert (found.geometry.x, found.geometry.y) == (site["x"], site["y"])
        assert (state["status"], state["from_date"]) == (site["status"], site["day"])
        assert site["plekken"] == (
            None if pd.isna(state["capacity_count"]) else state["capacity_count"]
        )
