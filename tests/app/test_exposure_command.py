"""``vlekkenplan exposure``: the same answer as a table, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from app.cli.exposure import exposure_command
from app.services.exposure_words import headline
from app.services.spreading import QuestionError
from data.errors import NotFound
from tests.app.conftest import TODAY
from tests.app.test_exposure_pages import Site, a_plan, measured

ON = ["--date", TODAY.isoformat()]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path))


def run(engine: Engine, *arguments: str, **options: Any) -> Result:
    environment = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    return CliRunner().invoke(
        exposure_command, list(arguments), env=environment, catch_exceptions=False, **options
    )


def test_the_three_forms_say_the_same(demo_site: Site) -> None:
    number = a_plan(demo_site)
    answer = measured(demo_site, number)
    asked = ["--types", "alle_locaties", *ON, "--level", "gemeente", "--candidate", str(number)]
    told = {form: run(demo_site[1], *asked, "--format", form) for form in ("table", "json", "csv")}
    assert all(found.exit_code == 0 for found in told.values())
    body = json.loads(told["json"].stdout)
    assert body["headline"] == headline(answer, 400)
    assert body["question"]["limits_m"] == [400, 800, 1200]
    assert [entry["with_any_count"] for entry in body["residents_by_places"]] == [
        answer.by_places.with_any_count(limit) for limit in (400, 800, 1200)
    ]
    assert len(body["areas"]) == 3 * 8
    assert body["change"]["direction"] == "with"
    assert answer.comparison is not None
    assert [entry["more_count"] for entry in body["change"]["region"]["places"]] == [
        entry.more_count for entry in answer.comparison.region.places
    ]
    closer = body["change"]["region"]["help"]["closer"]
    assert closer["resident_count"] == answer.comparison.region.help.closer.resident_count
    assert body["is_example"] is True
    rows = list(csv.DictReader(io.StringIO(told["csv"].stdout)))
    assert [row["area_code"] for row in rows] == [row["area_code"] for row in body["areas"]]
    assert rows[0]["method"] == "/methode/plekken-dichtbij-per-gebied"
    for sentence in (headline(answer, 400), headline(answer, 1200), "Voorbeeldgegevens"):
        assert sentence in told["table"].stdout
    assert "dichterbij" in told["table"].stdout


def test_type_is_another_word_for_types_and_limits_may_be_chosen(demo_site: Site) -> None:
    found = run(
        demo_site[1],
        *("--type", "respijt", "--limit", "250", "--limit", "1000", "--format", "json", *ON),
    )
    body = json.loads(found.stdout)
    assert body["question"]["types"] == ["respijt"]
    assert body["question"]["limits_m"] == [250, 1000]
    assert body["change"] is None


def test_a_new_point_is_compared(demo_site: Site) -> None:
    found = run(
        demo_site[1],
        *("--type", "respijt", "--x", "103900", "--y", "488500", "--places", "4", *ON),
    )
    assert found.exit_code == 0
    assert "Wat als een nieuwe locatie erbij komt, met 4 plekken?" in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--candidate", "1", "--x", "103900", "--y", "488500"),
        ("--places", "3"),
        ("--format", "xml"),
        ("--date", "gisteren"),
    ],
)
def test_what_does_not_fit_together_is_said(demo_site: Site, arguments: tuple[str, ...]) -> None:
    assert run(demo_site[1], "--type", "respijt", *arguments).exit_code == 2


def test_what_can_not_be_answered_is_one_clear_error(demo_site: Site) -> None:
    with pytest.raises(NotFound, match="niet openbaar"):
        run(demo_site[1], "--type", "respijt", "--candidate", "999999", *ON)
    with pytest.raises(QuestionError, match="hoeveel plekken"):
        run(demo_site[1], "--type", "respijt", "--x", "103900", "--y", "488500", *ON)
