"""``vlekkenplan compare``: the same answer as the page, as a table and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from app.cli import COMMANDS
from app.cli.compare import compare_command
from app.services.comparison import compare_candidates
from app.services.comparison_download import comparison_record
from app.services.comparison_question import CompareQuestion, read_points, terms_of
from app.services.spreading import QuestionError
from data.database_roles import WHOLE_REGION, WORKSPACE, Hands, work_as
from tests.app.test_candidate_facts import SKAEVE

ON = dt.date(2026, 1, 1)
POINTS = "eigendom=0,bestemming=0,milieu=0,infrastructuur=0,kosten=0"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path))


@pytest.fixture
def engine(database: Engine) -> Engine:
    """The world, stored, with three sites of Skaeve Huse (one internal) and a school."""
    with database.begin() as connection:
        connection.execute(
            text("UPDATE amenity SET category = 'basisschool' WHERE amenity_code = 'A-5'")
        )
        connection.execute(
            text("UPDATE site SET type = 'skaeve_huse' WHERE site_code IN ('TINY-2', 'TINY-7')")
        )
    return database


def run(engine: Engine, *arguments: str, **options: Any) -> Result:
    environment = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    given = ["--type", "skaeve_huse", "--date", ON.isoformat(), *arguments]
    return CliRunner().invoke(
        compare_command, given, env=environment, catch_exceptions=False, **options
    )


def test_json_equals_the_answer_of_the_service(engine: Engine, tmp_path: Path) -> None:
    """TINY-7 is internal: the command works for the whole region."""
    sites = ["--sites", "TINY-2,TINY-7"]
    told = run(engine, *sites, "--points", POINTS, "--radius", "800", "--format", "json")
    assert told.exit_code == 0
    record = json.loads(told.stdout)
    with engine.connect() as connection:
        ids = {
            row.site_code: row.id
            for row in connection.execute(text("SELECT site_code, id FROM site"))
        }
        work_as(connection, Hands(WORKSPACE, frozenset({WHOLE_REGION})))
        points = read_points(SKAEVE, dict(pair.split("=") for pair in POINTS.split(",")))
        terms = terms_of(SKAEVE, ON, 800, "gemeente")
        question = CompareQuestion(terms, (ids["TINY-2"], ids["TINY-7"]), points, "")
        found = compare_candidates(connection, tmp_path, question)
        assert record == json.loads(json.dumps(comparison_record(found)))
    assert [entry["site_code"] for entry in record["candidates"]] == ["TINY-2", "TINY-7"]
    assert record["candidates"][0]["total"] is not None


def test_the_table_says_the_sentence_the_totals_and_the_source(engine: Engine) -> None:
    told = run(engine, "--sites", "TINY-2,TINY-7", "--points", POINTS)
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert "Proeflocatie" in lines[0]
    assert "van de 100 punten, plaats 1" in told.stdout
    assert "Gelijkere verdeling over gemeenten" in told.stdout
    assert "Voorbeeldgegevens. Bron:" in told.stdout


def test_numbers_and_presets_work_and_what_is_missing_is_said(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM site WHERE type = 'skaeve_huse' ORDER BY 1"))
        numbers = ",".join(str(row.id) for row in rows)
    told = run(engine, "--sites", numbers, "--preset", "bewoner", "--level", "wijk")
    assert told.exit_code == 0
    assert "Nog geen volgorde" in told.stdout
    assert "tussen" in told.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--sites", "TINY-2"),
        ("--sites", "TINY-2,TINY-99"),
        ("--sites", "TINY-2,TINY-1"),
        ("--sites", ""),
        ("--sites", "TINY-2,TINY-7", "--preset", "nee"),
        ("--sites", "TINY-2,TINY-7", "--radius", "veel"),
        ("--sites", "TINY-2,TINY-7", "--level", "buurt"),
        ("--sites", "TINY-2,TINY-7", "--points", "kosten=101"),
    ],
)
def test_what_can_not_be_asked_is_said(engine: Engine, arguments: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError):
        run(engine, *arguments)


def test_a_criterion_that_is_not_known_is_a_wrong_use(engine: Engine) -> None:
    told = run(engine, "--sites", "TINY-2,TINY-7", "--points", "acceptatie=10")
    assert told.exit_code == 2
    assert "acceptatie" in told.stderr
    assert "verdeling" in told.stderr


def test_the_command_is_listed_under_its_permission() -> None:
    (line,) = [entry for entry in COMMANDS if entry.name == "compare"]
    assert line.permission == "kandidaten_vergelijken"
