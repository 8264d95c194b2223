"""``vlekkenplan siting``: several sites chosen at once, as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from analysis.siting.plan import SitingAnswer
from analysis.siting.problem import SitingProblem
from app.cli import COMMANDS
from app.cli.siting import siting_command
from app.services.siting_examples import siting_example
from app.services.spreading import QuestionError
from tests.app.conftest import TODAY
from tests.app.test_exposure_pages import Site

#: Nobody can score access in the tiny world: it has not all that the profile asks.
TINY = ("--type", "beschut_wonen", "--order", "verdeling,nabijheid")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path))


def run(engine: Engine, *arguments: str, **options: Any) -> Result:
    environment = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    given = ["--date", TODAY.isoformat(), *arguments]
    return CliRunner().invoke(
        siting_command, given, env=environment, catch_exceptions=False, **options
    )


def site_id(engine: Engine, code: str) -> str:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM site WHERE site_code = :c"), {"c": code})
        return str(found.scalar_one())


def test_the_only_plan_of_the_tiny_world_is_chosen_with_figures_by_hand(database: Engine) -> None:
    """There are 8 + 8 places; 6 come in Middendorp: 8, 14 and 0 where 11, 8.25 and 2.75 is fair."""
    told = run(database, *TINY, "--target", "6", "--format", "json")
    assert told.exit_code == 0
    record = json.loads(told.stdout)
    plan = record["plan"]
    assert plan["chosen"] == [site_id(database, "TINY-4")]
    assert plan["largest_difference_before"] == pytest.approx(2)
    assert plan["largest_difference_after"] == pytest.approx(5.75)
    by_code = {row["gemeente_code"]: row for row in plan["gemeenten"]}
    assert by_code["GM9002"]["place_count"] == 14
    assert by_code["GM9002"]["fair_share_after"] == pytest.approx(8.25)
    assert all(stage["gap"] == 0 and stage["ended"] == "bewezen" for stage in plan["stages"])
    assert record["method"] == "/methode/gelijktijdig-kiezen"
    assert record["demands"][0]["sentence"] == "Er komen precies 6 plekken beschut wonen bij."
    assert record["sources"]
    assert record["is_example"] is True
    assert SitingProblem.from_record(record["problem"]).to_record() == record["problem"]
    kept = {name: record[name] for name in SitingAnswer(None, None).to_record()}
    again = SitingAnswer.from_record(kept)
    assert json.loads(json.dumps(again.to_record())) == kept


def test_demands_that_clash_are_named_with_what_can_be_done(database: Engine) -> None:
    told = run(database, *TINY, "--target", "7", "--budget", "5000000")
    assert told.exit_code == 0
    assert "Aan deze eis kan geen enkele keuze voldoen." in told.stdout
    assert "Er komen precies 7 plekken beschut wonen bij." in told.stdout
    record = json.loads(run(database, *TINY, "--target", "7", "--format", "json").stdout)
    assert record["plan"] is None
    assert [one["key"] for one in record["clash"]["demands"]] == ["plekken:beschut_wonen:precies"]
    assert record["clash"]["is_smallest"] is True


def test_a_candidate_that_lacks_what_a_goal_needs_says_so(database: Engine) -> None:
    told = run(database, "--type", "beschut_wonen", "--target", "6")
    assert "kan niet worden gekozen. De bereikbaarheid is niet bekend." in told.stdout


def test_a_site_whose_places_nobody_knows_says_so(database: Engine) -> None:
    told = run(database, "--type", "skaeve_huse", "--target", "0-24", "--format", "json")
    (candidate,) = json.loads(told.stdout)["plan"]["candidates"]
    assert candidate["reason"] == "Het aantal plekken is niet bekend."
    assert candidate["is_chosen"] is False
    (price,) = json.loads(told.stdout)["prices"]
    assert price["why_not"] == "Het aantal plekken is niet bekend."


def test_the_table_says_what_the_json_says(demo_site: Site) -> None:
    engine = demo_site[1]
    asked = ["--type", "skaeve_huse", "--sites", "2", "--separation", "2000", "--least", "0"]
    record = json.loads(run(engine, *asked, "--format", "json").stdout)
    table = run(engine, *asked).stdout
    assert record["headline"] in table
    for row in record["plan"]["candidates"]:
        assert row["name"] in table
    for name in record["plan"]["gemeenten"]:
        assert name["name"] in table
    assert "Mensen besluiten." in table
    assert table.splitlines()[-1].startswith("Voorbeeldgegevens. Bron: ")
    stages = [stage["stage"] for stage in record["plan"]["stages"]]
    assert stages[:2] == ["verdeling", "tussenafstand"]
    assert len(record["plan"]["chosen"]) == 2
    assert {price["key"] for price in record["prices"]} | set(record["plan"]["chosen"]) == {
        row["key"] for row in record["plan"]["candidates"]
    }


def test_a_site_can_be_forced_in_and_out_and_a_front_asked(demo_site: Site) -> None:
    engine = demo_site[1]
    asked = ["--type", "skaeve_huse", "--sites", "2", "--format", "json"]
    plain = json.loads(run(engine, *asked).stdout)
    first = plain["plan"]["chosen"][0]
    others = [price["key"] for price in plain["prices"] if price["why_not"] is None]
    changed = json.loads(
        run(
            engine,
            *asked,
            "--out",
            first,
            "--in",
            others[0],
            "--pareto",
            "verdeling,bereikbaarheid",
        ).stdout
    )
    assert first not in changed["plan"]["chosen"]
    assert others[0] in changed["plan"]["chosen"]
    points = changed["front"]["points"]
    assert points
    assert [point["values"][0] for point in points] == sorted(p["values"][0] for p in points)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*TINY,), "Zeg hoeveel erbij moet komen"),
        ((*TINY, "--target", "veel"), "is geen aantal"),
        ((*TINY, "--target", "6", "--target", "7"), "zo vaak als er soorten zijn"),
        ((*TINY, "--target", "6", "--order", "nabijheid,nabijheid"), "elk doel één keer"),
        ((*TINY, "--target", "6", "--pareto", "verdeling"), "twee"),
        ((*TINY, "--target", "6", "--time", "0"), "rekentijd"),
    ],
)
def test_what_is_typed_wrong_is_told(
    database: Engine, arguments: tuple[str, ...], message: str
) -> None:
    told = run(database, *arguments)
    assert told.exit_code == 2
    assert message in told.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--type", "kasteel", "--target", "6"), "kasteel"),
        (("--type", "vrouwenopvang", "--target", "6"), "geheim"),
        ((*TINY, "--target", "9-3"), "hoger dan het meeste"),
        ((*TINY, "--target", "6", "--in", "NERGENS"), "NERGENS"),
        ((*TINY, "--target", "6", "--base", "schapen"), "schapen"),
        ((*TINY, "--target", "6", "--order", "mooi"), "mooi"),
        (("--type", "respijt", "--target", "6"), "geen kandidaten"),
    ],
)
def test_what_can_not_be_asked_is_told(
    database: Engine, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        run(database, *arguments)


def test_the_command_is_listed_with_whose_work_it_is() -> None:
    (line,) = [line for line in COMMANDS if line.name == "siting"]
    assert line.permission == "spreiding_kiezen"


def test_the_method_page_works_an_example_out(demo_site: Site) -> None:
    with demo_site[1].connect() as connection:
        found = siting_example(connection, TODAY)
    assert found.answer is not None
    assert found.answer.plan is not None
    assert found.answer.plan.site_count == 2
