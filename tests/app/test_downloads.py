"""A download holds the rows of the list, with its source, and nothing a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.services.downloads import Download, harmless, to_csv, to_gpkg, to_xlsx
from app.services.lists import Column, SourceLine
from data.queries.releases import Release
from geo.crs import RD_EPSG
from tests.app.page_reader import read_page

AREAS = "/lijst/gebieden{}?niveau=wijk&gemeente=GM0392&sorteer=inwoners&richting=af"
SITES = "/lijst/locaties{}?soort=beschut_wonen&datum=2024-06-01&sorteer=plekken&richting=af"


def read_csv(client: FlaskClient, address: str) -> pd.DataFrame:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to see that it is UTF-8"
    return pd.read_csv(io.BytesIO(answer.data), sep=";", decimal=",", encoding="utf-8-sig")


def read_xlsx(client: FlaskClient, address: str) -> openpyxl.Workbook:
    answer = client.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def read_layer(client: FlaskClient, address: str, folder: Path, layer: str) -> gpd.GeoDataFrame:
    file = folder / "list.gpkg"
    file.write_bytes(client.get(address).data)
    return pyogrio.read_dataframe(file, layer=layer)


def names_on_page(client: FlaskClient, address: str) -> list[str]:
    html_rows = read_page(client, address).tables[0][1:]
    return [row[0] for row in html_rows]


def test_a_csv_of_areas_holds_the_list_in_its_order(client: FlaskClient) -> None:
    frame = read_csv(client, AREAS.format(".csv"))
    assert frame["naam"].tolist() == names_on_page(client, AREAS.format(""))
    assert frame["inwoners"].is_monotonic_decreasing
    assert frame["bron_cijfers"].notna().all()
    assert set(frame["jaar_cijfers"]) == {2024}
    assert frame["licentie_cijfers"].str.contains("CC BY 4.0").all()
    assert {"bron_locaties", "jaar_locaties", "licentie_locaties"} <= set(frame.columns)


def test_a_workbook_of_areas_holds_numbers_and_their_source(client: FlaskClient) -> None:
    book = read_xlsx(client, AREAS.format(".xlsx"))
    assert book.sheetnames == ["Gegevens", "Bron en toelichting"]
    data, explained = book["Gegevens"], book["Bron en toelichting"]
    assert data.freeze_panes == "A2"
    rows = list(data.iter_rows(values_only=True))
    header = [str(cell) for cell in rows[0]]
    names = [row[header.index("Naam")] for row in rows[1:]]
    assert names == names_on_page(client, AREAS.format(""))
    residents = [row[header.index("Inwoners")] for row in rows[1:]]
    assert all(isinstance(count, int) for count in residents)
    told = {str(row[0]): str(row[1]) for row in explained.iter_rows(min_row=2, values_only=True)}
    assert told["Jaar en versie"].startswith("2024")
    assert "CC BY 4.0" in told["Licentie"]
    assert told["Let op"]
    assert told["Rijen"].startswith(f"{len(names)} van de ")
    assert len(told["Controlegetal (sha256)"]) == 64


def test_a_geopackage_of_areas_has_borders_in_rd(client: FlaskClient, tmp_path: Path) -> None:
    layer = read_layer(client, AREAS.format(".gpkg"), tmp_path, "wijken")
    assert layer.crs.to_epsg() == RD_EPSG
    assert set(layer.geom_type) == {"MultiPolygon"}
    assert layer["naam"].tolist() == names_on_page(client, AREAS.format(""))
    told = pyogrio.read_dataframe(tmp_path / "list.gpkg", layer="bron")
    assert "Licentie" in set(told["onderwerp"])
    assert layer.geometry.is_valid.all()


def test_a_csv_of_sites_holds_the_list_in_its_order(client: FlaskClient) -> None:
    frame = read_csv(client, SITES.format(".csv"))
    html = client.get(SITES.format("")).get_data(as_text=True)
    assert len(frame) > 3
    positions = [html.index(f">{name}</a>") for name in frame["naam"]]
    assert positions == sorted(positions)
    assert len(read_page(client, SITES.format("")).tables[0]) - 1 == len(frame)
    assert set(frame["soort_code"]) == {"beschut_wonen"}
    assert frame["laatste_wijziging"].map(dt.date.fromisoformat).max() <= dt.date(2024, 6, 1)
    assert set(frame["voorbeeld"]) == {"ja"}
    assert frame["jaar_locatie"].notna().all()


def test_a_workbook_of_sites_has_real_dates(client: FlaskClient) -> None:
    data = read_xlsx(client, SITES.format(".xlsx"))["Gegevens"]
    header = [cell.value for cell in data[1]]
    since = [row[header.index("Laatst gewijzigd")] for row in data.iter_rows(min_row=2)]
    assert all(isinstance(cell.value, dt.datetime) for cell in since)


def test_a_geopackage_of_sites_has_the_points(client: FlaskClient, tmp_path: Path) -> None:
    layer = read_layer(client, SITES.format(".gpkg"), tmp_path, "locaties")
    assert layer.crs.to_epsg() == RD_EPSG
    assert (layer.geometry.x - layer["x_m"]).abs().max() < 0.001
    frame = read_csv(client, SITES.format(".csv"))
    assert layer["code"].tolist() == frame["code"].tolist()
    assert frame["x_m"].between(85_000, 120_000).all()


def test_a_list_without_rows_still_makes_every_file(client: FlaskClient, tmp_path: Path) -> None:
    for name, layer in (("locaties", "locaties"), ("gebieden", "gemeenten")):
        address = f"/lijst/{name}{{}}?q=bestaatnietopaarde"
        assert len(read_csv(client, address.format(".csv"))) == 0
        assert read_xlsx(client, address.format(".xlsx"))["Gegevens"].max_row == 1
        assert len(read_layer(client, address.format(".gpkg"), tmp_path, layer)) == 0
        (tmp_path / "list.gpkg").unlink()


def test_the_spreading_as_a_file_is_the_table_on_the_page(client: FlaskClient) -> None:
    frame = read_csv(client, "/spreiding.csv")
    page = read_page(client, "/spreiding")
    rows = page.tables[0][1:-1]
    assert frame["plekken"].astype(int).astype(str).tolist() == [row[1] for row in rows]
    assert frame["oordeel"].tolist() == [row[-1] for row in rows]
    assert frame["evenredig_aandeel"].sum() == pytest.approx(frame["plekken"].sum(), abs=0.05)
    assert frame["heel_aandeel"].sum() == frame["plekken"].sum()
    told = read_xlsx(client, "/spreiding.xlsx")["Bron en toelichting"]
    assert told["A1"].value == page.lead


def test_a_file_has_a_telling_name(client: FlaskClient) -> None:
    answer = client.get("/lijst/gebieden.xlsx?niveau=buurt")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=vlekkenplan-buurten.xlsx"
    )


DANGEROUS = ["=1+1", "+31 6", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_is_not_run(text: str) -> None:
    download = made_up([text])
    csv_row = to_csv(download).decode("utf-8-sig").split("\r\n", 1)[1]
    assert csv_row.lstrip('"').startswith("'")
    cell = openpyxl.load_workbook(io.BytesIO(to_xlsx(download)))["Gegevens"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_harmless_text_stays_as_it_is() -> None:
    assert harmless('Kerkstraat 1; hoek "De Bron"') == 'Kerkstraat 1; hoek "De Bron"'


def test_text_with_separators_and_quotes_comes_back_whole() -> None:
    text = 'Straat 1; "hoek"\nachter, é€'
    frame = pd.read_csv(io.BytesIO(to_csv(made_up([text]))), sep=";", encoding="utf-8-sig")
    assert frame["naam"].tolist() == [text]


def test_characters_that_excel_refuses_are_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made_up(["a\x00b\x1fc"]))))
    assert book["Gegevens"]["A2"].value == "abc"


def test_numbers_are_dutch_in_csv_and_numbers_in_a_workbook() -> None:
    download = made_up(["a", "b"], [1234.56, None])
    lines = to_csv(download).decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[1] == "1234,6"
    assert lines[2].split(";")[1] == ""
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(download)))["Gegevens"]
    assert sheet["B2"].value == 1234.56
    assert sheet["B3"].value is None


def test_a_geopackage_without_geometry_is_refused() -> None:
    with pytest.raises(ValueError, match="no geometry"):
        to_gpkg(made_up(["a"]))


def test_a_download_is_the_same_for_two_visitors(demo_site: tuple[Flask, Engine]) -> None:
    first, second = (demo_site[0].test_client().get(SITES.format(".csv")).data for _ in range(2))
    assert first == second


def made_up(names: list[str], numbers: list[float | None] | None = None) -> Download:
    release = Release(
        1, "k", "Uitgever", "Titel", "CC0", "Bron: Uitgever", "https://example.org", 2024, "v1",
        dt.date(2026, 1, 1), "0" * 64, 1, True, dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    columns = (Column("naam", "Naam", "text"), Column("getal", "Getal", "number", 1))
    rows = pd.DataFrame({"naam": names, "getal": numbers or [0.0] * len(names)})
    return Download("proef", "Proef", columns, rows, (SourceLine("proef", "Proef", release),))
