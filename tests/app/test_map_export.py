"""The map as one file: the same every time, safe, and with nothing from elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from app.cli.export import export_command
from app.services.map_export import export_map
from app.services.map_layers import MapQuestion
from data.errors import DataError
from data.queries.releases import area_release

ON = dt.date(2026, 1, 1)
NASTY = 'Naam </script><script>alert(1)</script> ${alert(2)} `alert(3)` \\ "vier" & vijf'


def test_the_same_question_gives_the_same_file(demo_connection: Connection) -> None:
    question = MapQuestion(on=ON)
    assert export_map(demo_connection, question, ON) == export_map(demo_connection, question, ON)


def test_the_file_names_no_other_host_to_load_from(demo_connection: Connection) -> None:
    page = export_map(demo_connection, MapQuestion(on=ON, level="buurt"), ON)
    loading = re.findall(r"""(?:src|href|url\(|@import)\s*=?\s*["'(]?(?:https?:)?//[^"')]*""", page)
    assert [found for found in loading if "leafletjs.com" not in found] == []
    assert "<link" not in page
    assert "<script src" not in page


def test_every_site_and_area_of_the_map_stands_in_a_list(demo_connection: Connection) -> None:
    page = export_map(demo_connection, MapQuestion(on=ON, level="wijk"), ON)
    body = page[page.index("<main>") : page.index("</main>")]
    protected = page.count("vp-marker vp-marker--protected")
    markers = page.count("L.marker(") - protected
    assert body.count(" afgeschermde locatie") == protected > 0
    assert body.count('<th scope="row"><svg') == markers > 30
    assert body.count('<th scope="row">') == markers + 83


def test_the_file_says_its_source_year_and_that_it_is_an_example(
    demo_connection: Connection,
) -> None:
    page = export_map(demo_connection, MapQuestion(on=ON), ON)
    assert "Kadaster / Centraal Bureau voor de Statistiek, 2024" in page
    assert "Voorbeeldgegevens" in page
    assert "1 januari 2026" in page


def test_made_up_sites_on_real_areas_are_called_an_example(
    demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replace(area_release(demo_connection), is_example=False)
    monkeypatch.setattr("app.services.map_export.area_release", lambda _: real)
    page = export_map(demo_connection, MapQuestion(on=ON), ON)
    assert "Voorbeeldgegevens" in page
    assert "Bijna alle locaties op deze kaart zijn verzonnen" in page
    assert "De grenzen zijn schematisch" not in page
    assert "Bron van locaties: Vlekkenplan" in page


def test_a_protected_site_is_not_in_the_file_and_is_counted(demo_connection: Connection) -> None:
    hidden = demo_connection.execute(
        text("SELECT name, ST_X(geom_wgs84) FROM site WHERE publication <> 'openbaar'")
    ).all()
    page = export_map(demo_connection, MapQuestion(on=ON), ON)
    assert len(hidden) >= 4
    assert not [name for name, _ in hidden if name in page]
    assert not [lon for _, lon in hidden if f"{lon:.7f}" in page]
    assert "het adres niet openbaar" in page


def test_a_name_cannot_break_out_of_the_page(demo_connection: Connection) -> None:
    demo_connection.execute(
        text("UPDATE site SET name = :name WHERE publication = 'openbaar'"), {"name": NASTY}
    )
    page = export_map(demo_connection, MapQuestion(on=ON), ON)
    assert "<script>alert" not in page
    script = page[page.rindex("<script>") :]
    assert "${alert(2)}" not in re.sub(r'"title": "[^\n]*"', "", script)
    assert "`alert(3)`" not in re.sub(r'"title": "[^\n]*"', "", script)


def test_the_command_writes_the_file(
    demo_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    out = tmp_path / "kaart.html"
    asked = ["map", "--out", str(out), "--level", "gemeente", "--date", "2026-01-01"]
    done = CliRunner().invoke(export_command, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert "De kaart staat in" in done.stdout
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_the_front_end_files_the_message_says_what_to_type(
    demo_connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("app.services.map_export.STATIC_FOLDER", tmp_path)
    with pytest.raises(DataError, match="make setup"):
        export_map(demo_connection, MapQuestion(on=ON), ON)


def test_homes_of_single_clients_can_not_be_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "kaart.html"
    result = CliRunner().invoke(
        export_command, ["map", "--out", str(out), "--types", "omklapwoning"]
    )
    assert result.exit_code == 2
    assert "Omklapwoning" in result.stderr
    assert not out.exists()
    assert MapQuestion(on=ON, types=("omklapwoning",)).asked_types == ()
