"""Files with resources of OpenStad: what is read, what is never read, and every fault at once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from app.services.imports import secret_words
from data.faults import Refused
from data.sources.openstad import OpenstadFile, read_openstad
from data.sources.reading import Choices
from geo.crs import to_rd

LAT, LNG = 52.3812, 4.6368
LONGEST = 500


def read(path: Path) -> OpenstadFile:
    return read_openstad(path, Choices(), secret_words(), LONGEST)


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "inzendingen.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def json_file(folder: Path, content: Any) -> Path:
    path = folder / "resources.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def faults_of(path: Path) -> set[tuple[int | None, str | None]]:
    with pytest.raises(Refused) as refused:
        read(path)
    return {(fault.row, fault.column) for fault in refused.value.faults}


def test_the_dutch_columns_of_an_export_are_read(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "Inzending ID;Titel;Samenvatting;Beschrijving;Locatie (lat);Locatie (lng);"
        "Datum aangemaakt (leesbaar);tags.theme;Statussen;Gebruiker naam;Gebruiker e-mailadres",
        '17;Meer groen;Kort;"<p>Bomen &amp; gras</p><p>langs de weg</p>";'
        "52.3812;4,6368;"
        '27 november 2025 14:30;Groen;"{""id"":1,""name"":""OPEN""}";Geheime Naam;a@b.example',
    )
    found = read(path)
    (one,) = found.contributions
    assert (one.external_id, one.theme, one.status) == ("17", "Groen", "OPEN")
    assert one.body == "Meer groen\n\nKort\n\nBomen & gras\nlangs de weg"
    assert one.point is not None
    assert (one.point.x, one.point.y) == pytest.approx(to_rd(LNG, LAT), abs=0.01)
    assert one.made_at == dt.datetime(2025, 11, 27, 13, 30, tzinfo=dt.UTC)
    told = repr(found)
    assert "Geheime" not in told
    assert "a@b.example" not in told
    assert any("Gebruiker naam, Gebruiker e-mailadres" in note for note in found.notes)


@pytest.mark.parametrize(
    "place",
    [
        {"location": {"lat": LAT, "lng": LNG}},
        {"location": {"lat": str(LAT), "lon": str(LNG)}},
        {"location": {"type": "Point", "coordinates": [LNG, LAT]}},
        {"location": {"type": "Point", "coordinates": [LAT, LNG]}},
        {"position": {"lat": LAT, "lng": LNG}},
        {"lat": LAT, "lng": LNG},
        {"location": json.dumps({"lat": LAT, "lng": LNG})},
    ],
)
def test_a_place_is_read_in_each_of_its_usual_spellings(
    tmp_path: Path, place: dict[str, Any]
) -> None:
    record = {"id": 1, "title": "Hier", "createdAt": "2025-03-04T10:00:00.000Z", **place}
    (one,) = read(json_file(tmp_path, [record])).contributions
    assert one.point is not None
    assert (one.point.x, one.point.y) == pytest.approx(to_rd(LNG, LAT), abs=0.01)
    assert one.made_at == dt.datetime(2025, 3, 4, 10, tzinfo=dt.UTC)


def test_a_list_may_stand_in_an_envelope_and_a_user_in_a_record(tmp_path: Path) -> None:
    record = {
        "id": 5,
        "title": "Een bank",
        "summary": None,
        "location": None,
        "user": {"name": "Geheime Naam", "email": "a@b.example"},
        "tags": [{"id": 1, "type": "theme", "name": "Meubels"}, {"name": "Park"}],
    }
    found = read(json_file(tmp_path, {"metadata": {}, "records": [record]}))
    (one,) = found.contributions
    assert (one.body, one.point, one.made_at, one.theme) == (
        "Een bank",
        None,
        None,
        "Meubels, Park",
    )
    assert "Geheime" not in repr(found)


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "title", "location.lat", "location.lng", "createdAt"])
    sheet.append([3, "Uit Excel", LAT, LNG, dt.datetime(2025, 5, 1, 12)])
    path = tmp_path / "resources.xlsx"
    book.save(path)
    (one,) = read(path).contributions
    assert (one.external_id, one.body) == ("3", "Uit Excel")
    assert one.made_at == dt.datetime(2025, 5, 1, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("November 27, 2025 2:30 PM", dt.datetime(2025, 11, 27, 13, 30)),
        ("27 november 2025 om 14:30", dt.datetime(2025, 11, 27, 13, 30)),
        ("27-11-2025", dt.datetime(2025, 11, 26, 23)),
        ("2025-11-27 14:30", dt.datetime(2025, 11, 27, 13, 30)),
        ("July 1, 2025 12:05 AM", dt.datetime(2025, 6, 30, 22, 5)),
    ],
)
def test_moments_are_read_as_they_are_written_out(
    tmp_path: Path, written: str, expected: dt.datetime
) -> None:
    path = csv_file(tmp_path, "id;title;createdAt", f"1;Hallo;{written}")
    (one,) = read(path).contributions
    assert one.made_at == expected.replace(tzinfo=dt.UTC)


def test_every_fault_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "id;title;description;lat;lng;createdAt",
        "1;Goed;;52.4;4.6;2025-01-01",
        "1;Dubbel;;;;",
        ";Zonder nummer;;;;",
        "4;;;;;",
        "5;Te ver;;4.6;52.4;",
        "6;Half;;52.4;;",
        "7;Datum;;;;gisteren",
        f"8;Lang;{'x' * (LONGEST + 1)};;;",
        "9;Straks;;;;2099-01-01",
    )
    assert faults_of(path) == {
        (3, "id"),
        (4, "id"),
        (5, "description"),
        (6, "lat"),
        (6, "lng"),
        (7, "lng"),
        (8, "createdAt"),
        (9, "description"),
        (10, "createdAt"),
    }


def test_a_file_that_speaks_of_a_shelter_is_refused_and_not_repeated(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id;title", "1;De vrouwenopvang op nummer 9")
    with pytest.raises(Refused) as refused:
        read(path)
    assert "nummer 9" not in str(refused.value)


@pytest.mark.parametrize("content", ["{", "[1, 2]", '{"a": 1}', "[]", '"x"'])
def test_json_that_holds_no_records_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kapot.json"
    path.write_text(content)
    with pytest.raises(Refused):
        read(path)


def test_columns_that_are_needed_are_asked_for(tmp_path: Path) -> None:
    assert faults_of(csv_file(tmp_path, "title", "Zonder nummer")) == {(1, "id")}
    assert faults_of(csv_file(tmp_path, "id;budget", "1;300")) == {(None, None)}
