"""Kinds of broken files. A case makes its file in a folder and returns the path.

What must be said about each stands in ``tests/snippets/broken_files.md``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
from openpyxl import load_workbook

from geo.crs import RD, WGS84
from tests.data.made_files import (
    SITE_HEADER,
    cbs_layers,
    site_rows,
    task_rows,
    write_csv,
    write_layers,
    write_point_geopackage,
    write_xlsx,
)

Kind = Literal["sites", "points", "tasks", "cbs"]


@dataclass(frozen=True)
class BrokenFile:
    """One kind of broken file."""

    name: str
    make: Callable[[Path], Path]
    kind: Kind = "sites"
    options: Mapping[str, Any] = field(default_factory=dict)


def _sites(*changes: Mapping[str, Any]) -> Callable[[Path], Path]:
    return lambda folder: write_csv(folder / "locaties.csv", site_rows(*changes))


def _tasks(*changes: Mapping[str, Any]) -> Callable[[Path], Path]:
    return lambda folder: write_csv(folder / "opgave.csv", task_rows(*changes))


def _bytes(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _without(column: str) -> Callable[[Path], Path]:
    header = [name for name in SITE_HEADER if name != column]
    return lambda folder: write_csv(folder / "locaties.csv", site_rows({}), header=header)


def _merged_header(folder: Path) -> Path:
    path = write_xlsx(folder / "locaties.xlsx", site_rows({}))
    book = load_workbook(path)
    book["Locaties"].merge_cells("G1:H1")
    book.save(path)
    return path


def _cut_workbook(folder: Path) -> Path:
    path = write_xlsx(folder / "locaties.xlsx", site_rows({}))
    path.write_bytes(path.read_bytes()[:2000])
    return path


def _cut_geopackage(folder: Path) -> Path:
    path = write_layers(folder / "cbs.gpkg", cbs_layers())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def _database(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "cbs.gpkg")
    connection.execute("CREATE TABLE boodschappen (wat)")
    connection.close()
    return folder / "cbs.gpkg"


def _cbs(change: Callable[[dict[str, gpd.GeoDataFrame]], object]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        layers = cbs_layers()
        change(layers)
        return write_layers(folder / "cbs.gpkg", layers)

    return make


def _set(layer: str, row: int, column: str, value: object) -> Callable[[Path], Path]:
    def change(layers: dict[str, gpd.GeoDataFrame]) -> None:
        layers[layer].loc[row, column] = value

    return _cbs(change)


def _each(
    change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
) -> Callable[[dict[str, gpd.GeoDataFrame]], object]:
    def apply(layers: dict[str, gpd.GeoDataFrame]) -> None:
        for name in layers:
            layers[name] = change(layers[name])

    return apply


def _points_of(*points: tuple[float, float], crs: str | None = RD) -> Callable[[Path], Path]:
    rows = [
        {key: row[key] for key in ("code", "naam", "soort", "status", "status sinds")}
        for row in site_rows(*({} for _ in points))
    ]
    return lambda folder: write_point_geopackage(folder / "locaties.gpkg", rows, points, crs)


BROKEN_SITES = (
    BrokenFile(
        "unknown type with a suggestion",
        _sites({"soort": "beschut wone"}, {"soort": "zwembad"}),
    ),
    BrokenFile(
        "unknown status",
        _sites({"status": "in gebruikt"}),
    ),
    BrokenFile(
        "swapped coordinates",
        _sites({"x": "480500", "y": "101500"}),
    ),
    BrokenFile("degrees among metres", _sites({}, {"x": "4,63", "y": "52,31"})),
    BrokenFile("swapped degrees", _sites({"x": "52,31", "y": "4,63"})),
    BrokenFile("web map coordinates", _sites({"x": "515000", "y": "6860000"})),
    BrokenFile("metres said to be degrees", _sites({}), options={"epsg": 4326}),
    BrokenFile("outside the region", _sites({"x": "99000"})),
    BrokenFile("in the rim", _sites({"y": "482500"})),
    BrokenFile("outside the Netherlands", _sites({"x": "500000", "y": "500000"})),
    BrokenFile("no place", _sites({"x": "", "y": ""})),
    BrokenFile("negative capacity", _sites({"plekken": "-4"})),
    BrokenFile("half a place", _sites({"plekken": "7,5"})),
    BrokenFile("capacity in words", _sites({"plekken": "acht"})),
    BrokenFile("code and date twice", _sites({}, {"code": "A-1", "plekken": "9"})),
    BrokenFile(
        "rows of one site that disagree",
        _sites({}, {"code": "A-1", "status sinds": "01-01-2021", "naam": "De Eik", "x": "101700"}),
    ),
    BrokenFile("missing name, type and code", _sites({"naam": "", "soort": ""}, {"code": ""})),
    BrokenFile("no status date", _sites({"status sinds": ""})),
    BrokenFile("unreadable date", _sites({"status sinds": "voorjaar 2024"})),
    BrokenFile("date in the far future", _sites({"status sinds": "01-01-2206"})),
    BrokenFile(
        "end before start",
        _sites({"geldig van": "01-01-2020", "geldig tot": "01-01-2019"}),
    ),
    BrokenFile("dropped without a reason", _sites({"status": "Afgevallen"})),
    BrokenFile("unknown publication level", _sites({"publicatie": "half"})),
    BrokenFile("home of one client", _sites({"soort": "Omklapwoning"})),
    BrokenFile("women's shelter as type", _sites({}, {"soort": "Vrouwenopvang"})),
    BrokenFile(
        "women's shelter in a name, misspelt",
        _sites({"naam": "Vr0uwen-opvnag Zuid", "plekken": "-1"}, {"plekken": "-2"}),
    ),
    BrokenFile(
        "women's shelter in a row that stands for the header",
        _bytes("locaties.csv", b"A-1;Vrouwenopvang;Geheimstraat 1;x\nA-2;De Eik;BW;y\n"),
    ),
    BrokenFile(
        "women's shelter as the name of the sheet",
        lambda folder: write_xlsx(folder / "locaties.xlsx", site_rows({}), "Vrouwenopvang"),
    ),
    BrokenFile("women's shelter as VO", _sites({"soort": "VO"})),
    BrokenFile("several faults at once", _sites({"plekken": "-1", "status": "x", "soort": "?"})),
    BrokenFile("empty file", _bytes("locaties.csv", b"")),
    BrokenFile("header only", _bytes("locaties.csv", b"code;naam\n")),
    BrokenFile("no header", _bytes("locaties.csv", b";;;\nA-1;De Linde;x;y\n")),
    BrokenFile(
        "data where the header should be",
        _bytes("locaties.csv", b"A-1;De Linde;Beschut wonen;In gebruik\nA-2;De Eik;BW;Idee\n"),
    ),
    BrokenFile("a column twice", _bytes("locaties.csv", b"code;naam;naam\n1;a;b\n")),
    BrokenFile("two columns for one thing", _sites({"locatienaam": "De Eik"})),
    BrokenFile("a row with more cells", _bytes("locaties.csv", b"code;naam\n1;a;b\n")),
    BrokenFile("a column missing", _without("soort")),
    BrokenFile("no columns for the place", _without("x")),
    BrokenFile("letters that can't be read", _bytes("locaties.csv", b"code;naam\n1;\x81\x8d\n")),
    BrokenFile("letters that were garbled", _sites({"naam": "CafÃ© Zuid"})),
    BrokenFile("an unknown kind of file", _bytes("locaties.docx", b"x")),
    BrokenFile("error of a formula", _sites({"plekken": "#REF!", "naam": "#NAAM?"})),
    BrokenFile("merged header cells", _merged_header),
    BrokenFile("truncated workbook", _cut_workbook),
    BrokenFile(
        "workbook with a password",
        _bytes(
            "locaties.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        ),
    ),
    BrokenFile("old workbook", _bytes("locaties.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"))),
    BrokenFile(
        "missing sheet",
        lambda folder: write_xlsx(folder / "locaties.xlsx", site_rows({})),
        options={"part": "Blad9"},
    ),
    BrokenFile("points without a system", _points_of((101500, 480500), crs=None)),
    BrokenFile("degrees that say to be RD", _points_of((4.63, 52.31))),
    BrokenFile("metres that say to be degrees", _points_of((101500, 480500), crs=WGS84)),
)

BROKEN_CBS = (
    BrokenFile("no GeoPackage", _bytes("cbs.gpkg", b"PK" * 100), "cbs"),
    BrokenFile("another database", _database, "cbs"),
    BrokenFile("truncated GeoPackage", _cut_geopackage, "cbs"),
    BrokenFile("layer missing", _cbs(lambda layers: layers.pop("wijken")), "cbs"),
    BrokenFile(
        "columns missing",
        _cbs(
            lambda layers: layers.update(
                buurten=layers["buurten"].drop(columns=["buurtcode", "wijkcode"])
            )
        ),
        "cbs",
    ),
    BrokenFile(
        "empty layer",
        _cbs(lambda layers: layers.update(wijken=layers["wijken"].iloc[:0])),
        "cbs",
    ),
    BrokenFile(
        "no coordinate system",
        _cbs(_each(lambda frame: frame.set_crs(None, allow_override=True))),
        "cbs",
    ),
    BrokenFile(
        "degrees that say to be RD",
        _cbs(_each(lambda frame: frame.to_crs(WGS84).set_crs(RD, allow_override=True))),
        "cbs",
    ),
    BrokenFile(
        "metres that say to be degrees",
        _cbs(_each(lambda frame: frame.set_crs(WGS84, allow_override=True))),
        "cbs",
    ),
    BrokenFile(
        "points instead of areas",
        _cbs(_each(lambda frame: frame.set_geometry(frame.centroid))),
        "cbs",
    ),
    BrokenFile("an area without border", _set("buurten", 0, "geometry", None), "cbs"),
    BrokenFile("code twice", _set("buurten", 1, "buurtcode", "BU90010101"), "cbs"),
    BrokenFile("not a code", _set("wijken", 1, "wijkcode", "Zuid"), "cbs"),
    BrokenFile("wijk without gemeente", _set("wijken", 1, "gemeentecode", "GM9999"), "cbs"),
    BrokenFile("unknown special value", _set("buurten", 1, "aantal_inwoners", -5.0), "cbs"),
    BrokenFile(
        "another year",
        lambda folder: write_layers(folder / "cbs.gpkg", cbs_layers(year=2023)),
        "cbs",
    ),
    BrokenFile(
        "region not in the file",
        lambda folder: write_layers(folder / "cbs.gpkg", cbs_layers()),
        "cbs",
        {"region": ("GM9001", "GM0392")},
    ),
)

BROKEN_POINTS = (
    BrokenFile(
        "unknown category",
        _bytes("punten.csv", b"code;categorie;x;y\n1;zwembadd;101500;480500\n2;;101500;480500\n"),
        "points",
    ),
    BrokenFile(
        "no category at all", _bytes("punten.csv", b"code;x;y\n1;101500;480500\n"), "points"
    ),
    BrokenFile(
        "abroad",
        _bytes("punten.csv", b"code;lon;lat\n1;4.6;52.4\n2;13.4;52.5\n"),
        "points",
        {"category": "huisarts"},
    ),
    BrokenFile(
        "no place in any row",
        _bytes("punten.csv", b"code;x;y\n1;;\n2;;480500\n"),
        "points",
        {"category": "huisarts"},
    ),
    BrokenFile(
        "a women's shelter among the amenities",
        _bytes("punten.csv", b"code;naam;x;y\n1;Vrouwenopvang;101500;480500\n"),
        "points",
        {"category": "huisarts"},
    ),
    BrokenFile(
        "a chosen column that is not there",
        _bytes("punten.csv", b"code;x;y\n1;101500;480500\n"),
        "points",
        {"category": "huisarts", "columns": {"name": "vestiging"}},
    ),
)

BROKEN_TASKS = (
    BrokenFile(
        "unknown gemeente with the closest name",
        _tasks({"gemeente": "Zuiderven"}, {"gemeente": "Utrecht"}, {"gemeente": "gm0344"}),
        "tasks",
    ),
    BrokenFile("gemeente in the rim", _tasks({"gemeente": "Noorderzand"}), "tasks"),
    BrokenFile(
        "unknown type with a suggestion",
        _tasks({"soort": "beschut wone"}, {"soort": "zwembad"}),
        "tasks",
    ),
    BrokenFile("home of one client", _tasks({"soort": "Omklapwoning"}), "tasks"),
    BrokenFile("women's shelter as type", _tasks({}, {"soort": "Vrouwenopvang"}), "tasks"),
    BrokenFile("women's shelter as VO", _tasks({"soort": "VO"}), "tasks"),
    BrokenFile(
        "women's shelter in an explanation",
        _tasks({"toelichting": "ook vrouwenopvang, Geheimstraat 1", "plekken": "-1"}),
        "tasks",
    ),
    BrokenFile(
        "no count of places",
        _tasks({"plekken": "acht"}, {"plekken": "7,5"}, {"plekken": "-4"}, {"plekken": "123456"}),
        "tasks",
    ),
    BrokenFile(
        "no year",
        _tasks({"jaar": "1999"}, {"jaar": "2101"}, {"jaar": "01-01-2026"}, {"jaar": "2026,5"}),
        "tasks",
    ),
    BrokenFile(
        "nothing filled in",
        _tasks({"gemeente": "", "soort": "-", "jaar": "", "plekken": ""}),
        "tasks",
    ),
    BrokenFile(
        "gemeente, type and year twice",
        _tasks({}, {"gemeente": "Zuiderveen", "soort": "beschut_wonen", "jaar": "2026"}),
        "tasks",
    ),
    BrokenFile(
        "several faults at once",
        _tasks({"gemeente": "?", "soort": "?", "jaar": "?", "plekken": "?"}),
        "tasks",
    ),
    BrokenFile("empty file", _bytes("opgave.csv", b""), "tasks"),
    BrokenFile("header only", _bytes("opgave.csv", b"gemeente;soort;jaar;plekken\n"), "tasks"),
    BrokenFile("columns missing", _bytes("opgave.csv", b"gemeente;jaar\nGM9001;2026\n"), "tasks"),
    BrokenFile(
        "two columns for one thing",
        _tasks({"gemeentenaam": "Zuiderveen"}),
        "tasks",
    ),
    BrokenFile("an unknown kind of file", _bytes("opgave.pdf", b"x"), "tasks"),
)
BROKEN_FILES = (*BROKEN_SITES, *BROKEN_CBS, *BROKEN_POINTS, *BROKEN_TASKS)
