"""One table says who may do what; every page and command is held to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.auth import guard
from app.auth.permissions import PERMISSIONS
from app.auth.person import AS_VISITOR, VISITOR, Assignment, Person
from app.auth.roles import ROLES
from app.auth.routes import ROUTES
from app.cli import COMMANDS
from data.database_roles import WHOLE_REGION
from tests.app.page_reader import read_page
from tests.app.signed_in import signed_in
from tests.app.test_hostile_requests import usual


def someone(role: str, gemeente_code: str = "") -> Person:
    return Person(
        1, "Iemand", "i@test.example", (AS_VISITOR, Assignment(ROLES[role], gemeente_code))
    )


def test_every_page_stands_in_the_table_and_nothing_else_does(
    demo_site: tuple[Flask, Engine],
) -> None:
    endpoints = {rule.endpoint for rule in demo_site[0].url_map.iter_rules()}
    assert endpoints == set(ROUTES)
    assert set(ROUTES.values()) <= set(PERMISSIONS.keys)


def test_every_command_stands_in_the_table() -> None:
    assert {line.permission for line in COMMANDS} <= set(PERMISSIONS.keys)


def test_no_page_works_as_the_owner_of_the_tables() -> None:
    assert all(PERMISSIONS[key].database_role is not None for key in ROUTES.values())


def test_each_permission_is_used_by_a_page_or_command_or_says_that_it_is_not_yet() -> None:
    used = {*ROUTES.values(), *(line.permission for line in COMMANDS)}
    waiting = [entry for entry in PERMISSIONS if entry.key not in used]
    assert [entry.key for entry in waiting if "nu nog niets" not in entry.explanation] == []


def test_a_role_for_a_gemeente_gives_nothing_without_one() -> None:
    assert not someone("planner").may("locaties_lezen")
    assert someone("planner", "GM0392").scope_of("locaties_lezen") == {"GM0392"}
    assert someone("regiocoordinator").scope_of("locaties_lezen") == {WHOLE_REGION}


@pytest.mark.parametrize("role", ROLES.keys)
@pytest.mark.parametrize("permission", PERMISSIONS.keys)
def test_a_person_may_do_what_the_table_says_and_no_more(role: str, permission: str) -> None:
    expected = {role, VISITOR.assignments[0].role.key} & PERMISSIONS[permission].holders
    assert someone(role, "GM0392").may(permission) == bool(expected)


def test_the_page_of_the_table_holds_every_permission_and_role(
    demo_site: tuple[Flask, Engine],
) -> None:
    page = read_page(demo_site[0].test_client(), "/rechten")
    assert page.status == 200
    assert all(entry.label in page.text for entry in PERMISSIONS)
    assert all(entry.label in page.text for entry in ROLES)


@pytest.mark.parametrize("role", ROLES.keys)
def test_every_page_answers_each_role_by_the_table(
    world_site: tuple[Flask, Engine], role: str
) -> None:
    app, engine = world_site
    gemeente_code = "GM9001" if ROLES[role].is_local else ""
    visitor = ROLES[role] == VISITOR.assignments[0].role
    client = app.test_client() if visitor else signed_in(app, engine, role, gemeente_code)
    who = VISITOR if visitor else someone(role, gemeente_code)
    for rule in app.url_map.iter_rules():
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = client.open(usual(rule), method=method, headers={"Accept": "application/json"})
        answer.close()
        refused = {401} if visitor else {403}
        if who.may(ROUTES[rule.endpoint]):
            assert answer.status_code not in refused, (rule.rule, role)
        else:
            assert {answer.status_code} == refused, (rule.rule, role)


def test_a_page_that_is_in_no_table_is_closed(
    world_site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, engine = world_site
    monkeypatch.setattr(
        guard, "ROUTES", {key: value for key, value in ROUTES.items() if key != "sources.show"}
    )
    assert app.test_client().get("/bronnen").status_code == 403
    assert signed_in(app, engine, "beheerder").get("/bronnen").status_code == 403
