"""Lists as files: CSV, XLSX, GeoPackage and GeoJSON, each with its source and year inside.

Every cell of text is made harmless for spreadsheets: a program must never run what someone
wrote in a name (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.numbers import is_unknown
from app.services.lists import Column, SourceLine
from geo.crs import WGS84

#: A cell that begins with one of these is a formula to some spreadsheet program.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Decimals of a degree in GeoJSON: 6 is about 10 cm.
DEGREE_DECIMALS = 6


@dataclass(frozen=True)
class Download:
    """A list on its way out; ``rows`` has a column for every key in ``columns``.

    ``facts`` are pairs of a name and a text that explain the file (date, filters, limits).
    ``geometry`` is in RD and on the index of ``rows``. ``more`` are further layers for a
    GeoPackage, that other formats have no room for.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    sources: tuple[SourceLine, ...]
    facts: tuple[tuple[str, str], ...] = ()
    geometry: gpd.GeoSeries | None = field(default=None, compare=False)
    more: tuple[Download, ...] = ()


@dataclass(frozen=True)
class Format:
    """A file format: its extension, its media type and how to write it."""

    extension: str
    label: str
    media_type: str
    write: Callable[[Download], bytes]


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def source_columns(download: Download) -> dict[str, str]:
    """The columns that tell the source in every row of a CSV: bron, jaar, licentie per part."""
    columns: dict[str, str] = {}
    for role in dict.fromkeys(line.role for line in download.sources):
        releases = [line.release for line in download.sources if line.role == role]
        columns[f"bron_{role}"] = "; ".join(
            dict.fromkeys(f"{entry.publisher}, {entry.title}" for entry in releases)
        )
        columns[f"jaar_{role}"] = "; ".join(dict.fromkeys(str(entry.year) for entry in releases))
        columns[f"licentie_{role}"] = "; ".join(dict.fromkeys(entry.licence for entry in releases))
    return columns


def to_csv(download: Download) -> bytes:
    """CSV as Dutch spreadsheets open it: ``;``, decimal comma, dates as 2026-01-31, UTF-8.

    The first line holds the names of the columns. The last columns repeat the source.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    constant = source_columns(download)
    writer.writerow([*(column.key for column in download.columns), *constant])
    tail = [harmless(value) for value in constant.values()]
    for values in _values(download):
        cells = zip(download.columns, values, strict=True)
        writer.writerow([*(_csv_cell(value, column) for column, value in cells), *tail])
    return text.getvalue().encode("utf-8-sig")


def _values(download: Download) -> Iterator[tuple[object, ...]]:
    keys = [column.key for column in download.columns]
    return download.rows[keys].itertuples(index=False, name=None)


def _csv_cell(value: object, column: Column) -> str:
    if is_unknown(value) or value is pd.NaT:
        return ""
    if column.kind == "whole":
        return str(round(float(str(value))))
    if column.kind == "number":
        return f"{float(str(value)):.{column.decimals}f}".replace(".", ",")
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return harmless(str(value))


def to_xlsx(download: Download) -> bytes:
    """A workbook with the sheets "Gegevens" and "Bron en toelichting"; numbers are numbers."""
    book = Workbook()
    data = book.worksheets[0]
    data.title = "Gegevens"
    _write_data(data, download)
    _write_explanation(book.create_sheet("Bron en toelichting"), download)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_data(sheet: Worksheet, download: Download) -> None:
    for number, column in enumerate(download.columns, start=1):
        _write_heading(sheet, 1, number, column.label)
        width = 14 if column.is_numeric or column.kind == "date" else 26
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, values in enumerate(_values(download), start=2):
        for number, value in enumerate(values, start=1):
            _write_value(sheet, row, number, value, download.columns[number - 1])
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(download.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(download.rows) + 1}"


def _write_heading(sheet: Worksheet, row: int, number: int, text: str) -> None:
    cell = write_text(sheet, row, number, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write_value(sheet: Worksheet, row: int, number: int, value: object, column: Column) -> None:
    if is_unknown(value) or value is pd.NaT:
        return
    if column.kind == "text":
        write_text(sheet, row, number, str(value))
    elif isinstance(value, dt.date):
        at = dt.datetime(value.year, value.month, value.day)
        sheet.cell(row, number, at).number_format = "yyyy-mm-dd"
    elif column.kind == "whole":
        sheet.cell(row, number, round(float(str(value)))).number_format = "#,##0"
    else:
        decimals = f".{'0' * column.decimals}" if column.decimals else ""
        sheet.cell(row, number, float(str(value))).number_format = f"#,##0{decimals}"


def write_text(sheet: Worksheet, row: int, number: int, text: str) -> Cell:
    """Text that stays text: a string in the file, and marked so that editing keeps it one."""
    cell = cast(Cell, sheet.cell(row, number))
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _write_explanation(sheet: Worksheet, download: Download) -> None:
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 100
    _write_heading(sheet, 1, 1, download.title)
    for row, (name, text) in enumerate(explanation(download), start=2):
        write_text(sheet, row, 1, name)
        write_text(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")


def explanation(download: Download) -> Iterator[tuple[str, str]]:
    """Everything a reader must know to use the file: facts, sources, then the columns."""
    yield from download.facts
    for line in download.sources:
        release = line.release
        yield f"Bron: {line.label.lower()}", f"{release.publisher}, {release.title}"
        yield "Jaar en versie", f"{release.year}, {release.version}"
        yield "Licentie", release.licence
        yield "Naamsvermelding", release.attribution
        yield "Adres", release.address
        yield "Opgehaald op", release.retrieved_on.isoformat()
        yield "Controlegetal (sha256)", release.sha256 or "niet openbaar"
        if release.is_example:
            yield "Let op", "Dit zijn voorbeeldgegevens."
    for column in download.columns:
        parts = (column.unit, column.explanation)
        text = ". ".join(part.rstrip(".") for part in parts if part)
        yield f"Kolom {column.label}", text or column.key


def to_gpkg(download: Download) -> bytes:
    """A GeoPackage: a layer in RD with the rows, further layers, and a table ``bron`` about it."""
    if download.geometry is None:
        raise ValueError(f"{download.name} has no geometry")
    with tempfile.TemporaryDirectory(prefix="vlekkenplan-") as folder:
        file = Path(folder) / f"{download.name}.gpkg"
        pyogrio.write_dataframe(
            _layer(download),
            file,
            layer=download.name,
            driver="GPKG",
            layer_options={"IDENTIFIER": download.title, "DESCRIPTION": _description(download)},
        )
        for other in download.more:
            options = {"IDENTIFIER": other.title, "DESCRIPTION": _description(other)}
            pyogrio.write_dataframe(
                _layer(other),
                file,
                layer=other.name,
                driver="GPKG",
                append=True,
                layer_options=options,
            )
        told = pd.DataFrame(explanation(download), columns=["onderwerp", "tekst"])
        pyogrio.write_dataframe(told, file, layer="bron", driver="GPKG", append=True)
        return file.read_bytes()


def _layer(download: Download) -> gpd.GeoDataFrame:
    keys = [column.key for column in download.columns]
    rows = download.rows[keys].copy()
    for column in download.columns:
        if column.is_numeric:
            rows[column.key] = rows[column.key].astype("float64")
        if column.kind == "whole":
            rows[column.key] = rows[column.key].round().astype("Int64")
        if column.kind == "date":
            rows[column.key] = pd.to_datetime(rows[column.key])
        if column.kind == "text":
            rows[column.key] = rows[column.key].astype(object).where(rows[column.key].notna(), None)
    geometry = None if download.geometry is None else download.geometry.reindex(rows.index)
    return gpd.GeoDataFrame(rows, geometry=geometry)


def to_geojson(download: Download) -> bytes:
    """GeoJSON in WGS 84; beside the features stands what explains them, under ``toelichting``."""
    if download.geometry is None:
        raise ValueError(f"{download.name} has no geometry")
    layer = _layer(download).to_crs(WGS84)
    layer.geometry = shapely.transform(layer.geometry, lambda at: at.round(DEGREE_DECIMALS))
    content = json.loads(layer.to_json(drop_id=True))
    content.pop("crs", None)  # the standard knows one system only
    content["toelichting"] = [[name, text] for name, text in explanation(download)]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _description(download: Download) -> str:
    lines = dict.fromkeys(line.release.attribution for line in download.sources)
    return "; ".join([*lines, *(f"{name}: {text}" for name, text in download.facts)])


FORMATS: dict[str, Format] = {
    entry.extension: entry
    for entry in (
        Format("csv", "CSV", "text/csv", to_csv),
        Format(
            "xlsx",
            "Excel (XLSX)",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            to_xlsx,
        ),
        Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", to_gpkg),
    )
}
#: For what is on a map that is not a list of its own.
GEOJSON = Format("geojson", "GeoJSON", "application/geo+json", to_geojson)
