"""The choice of several sites on the world of twelve squares, against a search by hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import measure_access
from analysis.siting.demands import LeastInGemeente, Separation, Target
from analysis.siting.plan import SitingAnswer
from app.services.job_process import JobTask
from app.services.siting_problem import NO_CANDIDATES, read_problem
from app.services.siting_question import TICKED, SitingQuestion
from app.services.siting_run import run_siting
from app.services.siting_view import siting_view
from app.services.spreading import QuestionError
from app.services.travel import access_frames, sites_access
from data.database_roles import VISITOR, WORKSPACE, Hands, work_as
from data.schema import connect
from tests.app.staff_site import MakeSite, fill, site_id

#: Code, km, gemeente, places, cost; all of beschut wonen, in preparation and internal.
EXTRA = (
    ("X-1", (103.5, 480.5), "GM9001", 5, 400_000),
    ("X-2", (102.5, 481.5), "GM9002", 4, None),
    ("X-3", (101.5, 482.5), "GM9003", 3, 200_000),
    ("X-4", (103.5, 482.5), "GM9003", None, 100_000),
)
QUESTION = SitingQuestion(
    on=dt.date(2026, 1, 1),
    targets=(Target("beschut_wonen", least_place_count=6),),
    order=("verdeling", "nabijheid"),
)
REGION = Hands(WORKSPACE, frozenset({"*"}), 1)
WEIGHTS = {"GM9001": 2000, "GM9002": 1500, "GM9003": 500}
#: Beschut wonen in use on 1 January 2026 (see ``tests.world``).
THERE = {"GM9001": 8, "GM9002": 8, "GM9003": 0}


def plant(engine: Engine) -> None:
    fill(engine)
    with engine.begin() as connection:
        for code, (x_km, y_km), _, count, cost in EXTRA:
            made = connection.execute(
                text(
                    "INSERT INTO site (site_code, release_id, name, type, publication, geom) "
                    "SELECT :code, release_id, :code, 'beschut_wonen', 'intern', "
                    "ST_SetSRID(ST_MakePoint(:x, :y), 28992) FROM site LIMIT 1 RETURNING id"
                ),
                {"code": code, "x": x_km * 1000, "y": y_km * 1000},
            ).scalar_one()
            connection.execute(
                text("INSERT INTO site_state VALUES (:id, '2025-01-01', 'verkend', :count, 'x')"),
                {"id": made, "count": count},
            )
            if cost is not None:
                connection.execute(
                    text(
                        "INSERT INTO site_cost (site_id, cost_eur, source, found_on) "
                        "VALUES (:id, :cost, 'schatting', '2025-06-01')"
                    ),
                    {"id": made, "cost": cost},
                )


@pytest.fixture(scope="module")
def planted(make_site: MakeSite) -> tuple[Flask, Engine]:
    return make_site(plant)


@contextmanager
def reading(engine: Engine, hands: Hands = REGION) -> Iterator[Connection]:
    with engine.connect() as connection:
        work_as(connection, hands)
        yield connection


def compute(engine: Engine, home: Path, question: SitingQuestion) -> dict[str, Any]:
    """What the process keeps, as the row gives it back."""
    reader = connect(engine.url.render_as_string(hide_password=False), VISITOR)
    task = JobTask(reader, REGION, home, question.to_record(), lambda _: None, lambda: False)
    try:
        kept: dict[str, Any] = json.loads(json.dumps(run_siting(task)))
        return kept
    finally:
        reader.dispose()


def largest_difference(chosen: Sequence[tuple[str, int]]) -> float:
    """The largest difference with the fair share, by the formula and nothing else."""
    places = dict(THERE)
    for code, count in chosen:
        places[code] += count
    total, weight = sum(places.values()), sum(WEIGHTS.values())
    return max(abs(count - total * WEIGHTS[code] / weight) for code, count in places.items())


def test_what_is_known_of_the_candidates_and_gemeenten(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    engine = planted[1]
    with reading(engine) as connection:
        read = read_problem(connection, tmp_path, QUESTION)
    problem = read.problem
    key = {code: str(site_id(engine, code)) for code in ("TINY-4", "X-1", "X-2", "X-3", "X-4")}
    assert set(problem.candidates.index) == set(key.values())
    assert problem.candidates.loc[key["X-1"], "place_count"] == 5
    assert problem.candidates.loc[key["X-1"], "cost_eur"] == 400_000
    assert problem.candidates.loc[[key["X-2"]], "cost_eur"].isna().all()
    assert problem.candidates["gemeente_code"].to_dict() == {
        key["TINY-4"]: "GM9002",
        key["X-1"]: "GM9001",
        key["X-2"]: "GM9002",
        key["X-3"]: "GM9003",
        key["X-4"]: "GM9003",
    }
    assert problem.gemeenten["weight"].to_dict() == WEIGHTS
    assert problem.existing["beschut_wonen"].to_dict() == THERE
    assert problem.unavailable.dropna().to_dict() == {
        key["X-4"]: "Het aantal plekken is niet bekend."
    }
    assert set(problem.existing_sites["name"]) == {
        "Proeflocatie 2 (voorbeeld)",
        "Proeflocatie 3 (voorbeeld)",
    }
    near = problem.near
    assert near is not None
    column = list(problem.candidates.index).index(key["TINY-4"])
    # Homes midway between two corners belong to the western one: that to the east is 250 m away,
    # that to the west 750 m, and every other one is farther.
    assert near.near.toarray()[:, column].sum() == 1
    assert near.existing_place_count.max() == 8
    assert {line.role for line in read.sources} >= {"gebieden", "locaties", "straten"}


def test_a_plan_that_counts_already_never_counts_twice(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    with reading(planted[1]) as connection:
        read = read_problem(connection, tmp_path, replace(QUESTION, plan_scope="gepland"))
    assert read.problem.existing["beschut_wonen"].to_dict() == THERE


def test_a_planner_chooses_from_own_sites_and_from_public_ones_of_others(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    own = Hands(WORKSPACE, frozenset({"GM9001"}), 2)
    ids = tuple(site_id(planted[1], code) for code in ("X-1", "X-2", "TINY-4"))
    with reading(planted[1], own) as connection:
        everything = read_problem(connection, tmp_path, QUESTION)
        ticked = read_problem(connection, tmp_path, replace(QUESTION, source=TICKED, site_ids=ids))
    assert set(everything.problem.candidates["name"]) == {"X-1", "Proeflocatie 4 (voorbeeld)"}
    assert set(ticked.problem.candidates["name"]) == {"X-1", "Proeflocatie 4 (voorbeeld)"}
    assert ticked.notes[0].startswith("1 van de gevraagde locaties")


def test_without_a_candidate_there_is_nothing_to_choose(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    nothing = replace(QUESTION, targets=(Target("respijt", least_place_count=1),))
    with reading(planted[1]) as connection, pytest.raises(QuestionError, match=NO_CANDIDATES[:40]):
        read_problem(connection, tmp_path, nothing)


def test_the_choice_is_that_of_a_search_through_all_choices(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    result = compute(planted[1], tmp_path, QUESTION)
    plan = SitingAnswer.from_record(result["answer"]).plan
    assert plan is not None
    possible = [("GM9002", 6), *((code, count) for _, _, code, count, _ in EXTRA if count)]
    choices = [
        part
        for size in range(1, len(possible) + 1)
        for part in combinations(possible, size)
        if sum(count for _, count in part) >= 6
    ]
    least = min(map(largest_difference, choices))
    chosen = [
        (line.gemeente_code, line.place_count or 0) for line in plan.candidates if line.is_chosen
    ]
    assert largest_difference(chosen) == pytest.approx(least)
    assert plan.stages[0].is_proven
    assert plan.stages[0].value == pytest.approx(least)
    view = siting_view(QUESTION.to_record(), result, {"GM9001": "Zuiderveen"})
    assert "dat kan niet kleiner: bewezen" in view.lead
    left_out = [line for line in view.candidates if line.group == "niet_gekozen"]
    assert left_out
    assert all(line.price for line in left_out)
    assert view.sources


def test_what_a_candidate_lacks_is_told_when_nothing_can_be_chosen(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    asked = replace(QUESTION, order=("verdeling", "bereikbaarheid"))
    view = siting_view(asked.to_record(), compute(planted[1], tmp_path, asked), {})
    assert view.lead.startswith("Dit kan niet")
    # In this world there is no shop, so nobody knows how near daily life is.
    assert set(view.lacking) == {
        "4 kandidaten kunnen niet mee. De bereikbaarheid is niet bekend.",
        "1 kandidaat kan niet mee. Het aantal plekken is niet bekend.",
    }


def test_a_budget_leaves_out_what_nobody_knows_the_cost_of(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    asked = replace(QUESTION, targets=(Target("beschut_wonen", 8, 8),), budget_eur=600_000)
    answer = SitingAnswer.from_record(compute(planted[1], tmp_path, asked)["answer"])
    assert answer.plan
    assert {line.name for line in answer.plan.candidates if line.is_chosen} == {"X-1", "X-3"}
    assert answer.plan.cost_eur == 600_000
    too_dear = compute(planted[1], tmp_path, replace(asked, budget_eur=599_999))
    view = siting_view(asked.to_record(), too_dear, {})
    assert view.lead.startswith("Dit kan niet")
    assert {demand.key.split(":")[0] for demand, _ in view.clash} == {"budget", "plekken"}


def test_every_gemeente_its_places_and_a_wish_that_is_no_rule(
    planted: tuple[Flask, Engine], tmp_path: Path
) -> None:
    asked = replace(
        QUESTION,
        least_in_gemeente=(LeastInGemeente("beschut_wonen", 3),),
        separation=Separation(5_000, "Een wens"),
        forced_in=(site_id(planted[1], "TINY-4"),),
        order=("verdeling", "tussenafstand"),
    )
    plan = SitingAnswer.from_record(compute(planted[1], tmp_path, asked)["answer"]).plan
    assert plan
    chosen = {line.name for line in plan.candidates if line.is_chosen}
    assert {"X-3", "Proeflocatie 4 (voorbeeld)"} <= chosen
    assert all(row.place_count is not None and row.place_count >= 3 for row in plan.gemeenten)
    assert plan.conflicts
    assert all(conflict.distance_m < 5_000 for conflict in plan.conflicts)


def test_access_is_scored_by_the_whole_profile_of_the_type(
    demo_site: tuple[Flask, Engine],
) -> None:
    """Skaeve Huse ask distance as well: nearness to shops alone would choose the wrong places."""
    app, engine = demo_site
    home = app.config["SETTINGS"].home
    profile = ACCESS_PROFILES["skaeve_huse"]
    question = replace(
        QUESTION,
        targets=(Target("skaeve_huse", least_place_count=6),),
        order=("bereikbaarheid",),
    )
    with engine.begin() as connection:
        work_as(connection, REGION)
        found = read_problem(connection, home, question).problem.candidates["access"]
        sites = sites_access(connection, home, ["skaeve_huse"], question.on, profile.mode)
    frames = access_frames({str(site.site_id): site.access for site in sites})
    scored = measure_access(
        frames.minutes, profile, basis=frames.basis, reasons=frames.reasons
    ).scores["score"]
    shared = found.index.intersection(scored.index)
    assert len(shared) >= 4
    assert found[shared].round(9).to_dict() == scored[shared].round(9).to_dict()
    assert found[shared].max() < 90
