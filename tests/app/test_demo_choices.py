"""What the example region has beside its sites: loaded once, told as an example, left alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from analysis.comparing.criteria import ACCEPTANCE
from app.services.choices import choice_list
from app.services.demo import load_region
from app.services.demo_choices import fill_demo_choices
from data.demo.choice_plans import HAARLEM_CHOICE, LOOK_PLANS
from data.demo.sites import code_of
from data.queries.answers import site_answers
from data.queries.costs import site_costs
from data.queries.workspace import workspace_sites
from tests.world import tiny_world

ON = dt.date(2026, 11, 27)


def ids(connection: Connection) -> dict[str, int]:
    return {site.site_code: site.id for site in workspace_sites(connection, ON)}


def test_the_answers_and_costs_are_those_of_the_plans(demo_connection: Connection) -> None:
    assert fill_demo_choices(demo_connection)
    by_code = ids(demo_connection)
    for look in LOOK_PLANS:
        site_id = by_code[code_of(look.type, look.place)]
        stored = site_answers(demo_connection, site_id)
        assert {key: answer.finding for key, answer in stored.items()} == {
            key: found.finding for key, found in look.answers.items()
        }
        assert all(
            answer.evidence.startswith("Voorbeeld: ")
            for answer in stored.values()
            if answer.evidence
        )
        assert all(answer.source and answer.found_on == look.found_on for answer in stored.values())
        cost = site_costs(demo_connection, [site_id]).get(site_id)
        assert (cost.cost_eur if cost else None) == look.cost_eur


def test_of_each_of_the_four_places_it_is_told_what_the_neighbourhood_said(
    demo_connection: Connection,
) -> None:
    fill_demo_choices(demo_connection)
    by_code = ids(demo_connection)
    for place in (*HAARLEM_CHOICE.looked_at, *HAARLEM_CHOICE.compared):
        answer = site_answers(demo_connection, by_code[code_of("skaeve_huse", place)])[ACCEPTANCE]
        assert answer.evidence is not None
        assert len(answer.evidence.split()) > 10


def test_it_is_loaded_once_and_what_people_changed_stays(demo_connection: Connection) -> None:
    assert fill_demo_choices(demo_connection)
    demo_connection.execute(
        text("UPDATE site_answer SET evidence = 'Anders' WHERE finding = 'past'")
    )
    demo_connection.execute(text("DELETE FROM site_cost"))
    assert not fill_demo_choices(demo_connection)
    changed = demo_connection.scalar(
        text("SELECT count(*) FROM site_answer WHERE evidence = 'Anders'")
    )
    assert changed == 15
    assert demo_connection.scalar(text("SELECT count(*) FROM site_cost")) == 0
    assert len(choice_list(demo_connection)) == 1


def test_another_made_up_region_gets_none(connection: Connection) -> None:
    load_region(connection, tiny_world())
    assert not fill_demo_choices(connection)
    assert choice_list(connection) == ()


def test_the_history_says_that_a_command_did_it(demo_connection: Connection) -> None:
    fill_demo_choices(demo_connection)
    rows = demo_connection.execute(
        text("SELECT DISTINCT table_name FROM change WHERE table_name IN ('choice', 'site_cost')")
    )
    assert {name for (name,) in rows} == {"choice", "site_cost"}
