"""``vlekkenplan search-areas``: the same answer as a file, a table and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from app.cli.search_areas import search_areas_command
from app.services.search_areas import read_search_question, search_areas
from app.services.search_list import area_entries, headline
from app.services.spreading import QuestionError
from tests.app.conftest import TODAY
from tests.app.test_search_areas import Site

ASKED = ["--type", "skaeve_huse", "--date", TODAY.isoformat()]


def run(site: Site, *arguments: str, **options: Any) -> Result:
    app, engine = site
    environment = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "VLEKKENPLAN_HOME": str(app.config["SETTINGS"].home),
    }
    return CliRunner().invoke(
        search_areas_command, list(arguments), env=environment, catch_exceptions=False, **options
    )


def test_the_file_the_table_and_the_record_say_the_same(demo_site: Site, tmp_path: Path) -> None:
    app, engine = demo_site
    with engine.connect() as connection:
        home = app.config["SETTINGS"].home
        answer = search_areas(connection, home, read_search_question("skaeve_huse", TODAY))
    entries = area_entries(answer)
    out = tmp_path / "vlekken.gpkg"
    told = run(demo_site, *ASKED, "--out", str(out), "--format", "json")
    assert told.exit_code == 0
    record = json.loads(told.stdout)
    assert record["headline"] == headline(answer, entries, None)
    assert [area["number"] for area in record["areas"]] == [entry.number for entry in entries]
    assert record["areas"][0]["because"] == entries[0].reason.because
    assert record["question"]["conditions"]["bereikbaarheid"] == 60
    assert record["is_example"] is True
    stored = gpd.read_file(out, layer="zoekgebieden-skaeve-huse")
    assert stored["nummer"].tolist() == [entry.number for entry in entries]
    assert stored["hectare"].sum() == pytest.approx(
        sum(area["area_ha"] for area in record["areas"])
    )
    table = run(demo_site, *ASKED)
    assert table.stdout.startswith(record["headline"])
    assert entries[-1].reason.because in table.stdout
    assert "Kan niet: Water" in table.stdout


def test_conditions_and_a_gemeente_can_be_asked(demo_site: Site) -> None:
    asked = [*ASKED, "--gemeente", "Haarlem", "--access", "80", "--places", "", "--smallest", "3"]
    told = run(demo_site, *asked, "--format", "json")
    record = json.loads(told.stdout)
    assert record["question"]["gemeente"] == "Haarlem"
    assert record["question"]["conditions"] == {
        "bereikbaarheid": 80,
        "afstand": 60,
        "plekken": None,
        "grond": 25,
        "kleinste": 3,
        "aandeel": "alle",
    }
    assert {area["gemeente_name"] for area in record["areas"]} <= {"Haarlem"}
    assert all(area["access_score"][0] >= 80 for area in record["areas"])


@pytest.mark.parametrize("name", ["areas.geojson", "areas.csv", "areas.XLSX"])
def test_other_files_can_be_made_too(demo_site: Site, tmp_path: Path, name: str) -> None:
    told = run(demo_site, *ASKED, "--gemeente", "GM0392", "--out", str(tmp_path / name))
    assert told.exit_code == 0
    assert (tmp_path / name).stat().st_size > 500
    assert f"Het staat in {tmp_path / name}." in told.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--type", "villa"], "villa"),
        (["--type", "vrouwenopvang"], "Vrouwenopvang"),
        ([*ASKED, "--access", "veel"], "geef een heel getal van 0 tot en met 100"),
        ([*ASKED, "--ground", "51"], "geef een heel getal van 0 tot en met 50"),
        ([*ASKED, "--share", "meest"], "meest"),
        ([*ASKED, "--plans", "ooit"], "ooit"),
        ([*ASKED, "--gemeente", "Amsterdam"], "is geen gemeente hier"),
    ],
)
def test_what_can_not_be_asked_is_told_in_dutch(
    demo_site: Site, arguments: list[str], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        run(demo_site, *arguments)


def test_a_file_of_an_unknown_kind_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none"}
    out = str(tmp_path / "areas.shp")
    told = CliRunner().invoke(search_areas_command, [*ASKED, "--out", out], env=environment)
    assert told.exit_code == 2
    assert "Geef --out een naam die eindigt op .csv, .xlsx, .gpkg, .geojson." in told.stderr


def test_the_answer_is_that_of_an_engine_as_a_visitor(demo_site: Site) -> None:
    engine: Engine = demo_site[0].extensions["vlekkenplan_engine"]
    with engine.connect() as connection:
        home = demo_site[0].config["SETTINGS"].home
        found = search_areas(connection, home, read_search_question("respijt", TODAY))
    assert len(found.found.areas)
