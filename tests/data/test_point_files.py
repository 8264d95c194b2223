"""Amenities from lists of points: real files, twins, points without a place or a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.services.imports import point_vocabulary
from data.sources.point_files import PointFile, read_points
from data.sources.reading import Choices
from geo.crs import WGS84_EPSG

SNIPPETS = Path(__file__).parent.parent / "snippets"
SCHOOL_COLUMNS = {
    "amenity_code": "BRIN",
    "name": "vestigingsnaam",
    "x": "lon_pc4",
    "y": "lat_pc4",
}


def read(path: Path, category: str | None = None, **choices: Any) -> PointFile:
    return read_points(path, point_vocabulary(), Choices(**choices), category)


def read_text(folder: Path, text: str, category: str | None = None) -> PointFile:
    path = folder / "punten.csv"
    path.write_text(text, encoding="utf-8")
    return read(path, category)


def test_real_schools_are_read_with_columns_of_the_users_choice(shared_data: Path) -> None:
    path = shared_data / "points" / "schools_region.csv"
    file = read(path, "basisschool", epsg=WGS84_EPSG, columns=SCHOOL_COLUMNS)
    assert len(file.amenities) == 212
    assert file.amenities.loc["01VQ00", "name"] == "Rk Bs Beekvliet"
    point = file.amenities.geometry["01VQ00"]
    assert (point.x, point.y) == pytest.approx((105_620, 494_260), abs=200)
    assert "Rijen zonder plek: 1 (rij 195). Die zijn niet geladen." in file.notes


def test_real_hospitals_outside_the_region_count_too(shared_data: Path) -> None:
    path = shared_data / "points" / "ziekenhuizen_2016.gpkg"
    columns = {"amenity_code": "ziekenhuisnummer", "name": "naam.ziekenhuis"}
    file = read(path, "ziekenhuis", columns=columns)
    assert len(file.amenities) == 19
    assert file.amenities.loc["103101", "name"] == "Spaarne Gasthuis locatie Haarlem-Zuid"


def test_the_snippet_of_schools_is_read() -> None:
    file = read(
        SNIPPETS / "voorzieningen.csv", "basisschool", epsg=WGS84_EPSG, columns=SCHOOL_COLUMNS
    )
    assert file.amenities["category"].tolist() == ["basisschool"] * 3


def test_a_column_may_give_the_category_of_each_point(tmp_path: Path) -> None:
    text = "code,categorie,x,y\n1,Huisarts,101500,480500\n2,supermarkten,101600,480500\n"
    assert read_text(tmp_path, text).amenities["category"].tolist() == ["huisarts", "supermarkt"]


def test_points_without_a_code_get_one_that_stays_the_same(tmp_path: Path) -> None:
    text = "naam;x;y\nDe Praktijk;101500;480500\nDe Praktijk;101900;480500\n"
    first, again = read_text(tmp_path, text, "huisarts"), read_text(tmp_path, text, "huisarts")
    assert first.amenities.index.tolist() == again.amenities.index.tolist()
    assert first.amenities.index.is_unique
    assert any(note.startswith("Punten zonder code: 2.") for note in first.notes)


def test_rows_that_are_the_same_count_once(tmp_path: Path) -> None:
    text = "code;x;y\n1;101500;480500\n1;101500;480500\n2;101500;480500\n"
    file = read_text(tmp_path, text, "huisarts")
    assert file.amenities.index.tolist() == ["1", "2"]
    assert "Dubbele rijen: 1. Die tellen één keer." in file.notes


def test_a_code_with_two_places_stays_two_points_and_is_noted(tmp_path: Path) -> None:
    text = "code;x;y\n1;101500;480500\n1;101900;480500\n"
    file = read_text(tmp_path, text, "huisarts")
    assert file.amenities.index.tolist() == ["1", "1-2"]
    assert any(note.startswith("Codes met meer dan één punt: 1 (1).") for note in file.notes)


def test_a_school_level_called_vo_is_no_secret(tmp_path: Path) -> None:
    text = "code;level;x;y\n1;VO;101500;480500\n"
    assert len(read_text(tmp_path, text, "basisschool").amenities) == 1
