"""Adopting a scenario: all of it, with its history, or nothing at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.page_reader import read_page
from tests.app.scenario_steps import add, item_ids, items_of, make_scenario, stored
from tests.app.signed_in import fields_on, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, put_back_states, site_id, states_of
from tests.app.test_scenario_sharing import share

DAY = dt.date(2027, 1, 1)
REASON = "Vastgesteld in het overleg van de regio"


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of these tests alone: they change things."""
    return make_site(fill)


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    """The register as it was before and after each test."""
    yield site[1]
    put_back_states(site[1])
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM site WHERE site_code LIKE 'W-%'"))
        connection.execute(
            text(
                "UPDATE site SET geom = 'SRID=28992;POINT(100500 481500)', address = NULL, "
                "outline = NULL WHERE site_code = 'TINY-3'"
            )
        )


@pytest.fixture
def coordinator(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "regiocoordinator")


def whole(client: FlaskClient, owner: Engine, name: str = "Over te nemen") -> int:
    """One item of every kind, on a day that is still to come."""
    number = make_scenario(client, name, "regio", datum=DAY.isoformat())
    add(client, number, "off", locatie=str(site_id(owner, "TINY-2")))
    add(client, number, "on", locatie=str(site_id(owner, "TINY-4")), aantal="9")
    add(client, number, "moved", locatie=str(site_id(owner, "TINY-3")), plek="101500, 482500")
    add(client, number, "new", naam="Hoek Dorpsstraat", plek="103500, 480500", aantal="5")
    return number


def adopt(client: FlaskClient, number: int, **values: str) -> Any:
    """Fill in the form and send it; after the cautions once more."""
    given = {"reden": REASON, "aan": "in_gebruik", "nieuw": "planvorming", **values}
    answer = submit(client, f"/scenario/{number}/overnemen", **given)
    if "Toch overnemen" in answer.get_data(as_text=True):
        fields = fields_on(answer.get_data(as_text=True), f"/scenario/{number}/overnemen")
        answer = client.post(f"/scenario/{number}/overnemen", data=fields)
    return answer


def register(owner: Engine) -> list[tuple[Any, ...]]:
    """Everything of the sites and their stages."""
    with owner.connect() as connection:
        sites = connection.execute(
            text(
                "SELECT site_code, name, type, publication, ST_AsText(geom), address, version "
                "FROM site ORDER BY site_code"
            )
        ).all()
        states = connection.execute(
            text("SELECT * FROM site_state ORDER BY site_id, from_date")
        ).all()
    return [tuple(row) for row in (*sites, *states)]


def test_a_scenario_changes_no_site_until_it_is_adopted(
    coordinator: FlaskClient, owner: Engine
) -> None:
    before = register(owner)
    number = whole(coordinator, owner)
    assert coordinator.get(f"/scenario/{number}/overnemen").status_code == 200
    assert register(owner) == before


def test_adopting_does_every_item_by_the_usual_ways(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    asked = read_page(coordinator, f"/scenario/{number}/overnemen").text
    assert "gaat vanaf 1 januari 2027 van ‘in gebruik’ naar ‘gesloten’." in asked
    assert "gaat van 100500, 481500 naar 101500, 482500 (RD)." in asked
    assert adopt(coordinator, number).status_code == 303
    assert states_of(owner, "TINY-2")[-1] == (DAY, "afgebouwd", 0, REASON)
    assert states_of(owner, "TINY-4")[-1] == (DAY, "in_gebruik", 9, REASON)
    assert len(states_of(owner, "TINY-3")) == 2
    with owner.connect() as connection:
        moved = connection.execute(
            text(
                "SELECT ST_X(geom), ST_Y(geom), gemeente_code FROM site WHERE site_code = 'TINY-3'"
            )
        ).one()
        made = connection.execute(
            text(
                "SELECT s.name, s.type, s.publication, s.gemeente_code, t.status, t.from_date, "
                "t.capacity_count FROM site s JOIN site_state t ON t.site_id = s.id "
                "WHERE s.site_code LIKE 'W-%'"
            )
        ).all()
    assert tuple(moved) == (101500, 482500, "GM9003")
    assert [tuple(row) for row in made] == [
        (
            *("Hoek Dorpsstraat", "beschut_wonen", "intern", "GM9001"),
            *("planvorming", dt.date(2026, 1, 1), 5),
        )
    ]


def test_the_history_tells_who_when_and_why_at_every_site(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    assert adopt(coordinator, number).status_code == 303
    for code in ("TINY-2", "TINY-3", "TINY-4"):
        page = read_page(
            coordinator, f"/werkbank/locaties/{site_id(owner, code)}/geschiedenis"
        ).text
        assert REASON in page
        assert "Regiocoördinator" in page
    told = read_page(coordinator, f"/scenario/{number}/geschiedenis").text
    assert "Scenario overgenomen in de locaties" in told


def test_an_adopted_scenario_says_so_and_can_only_be_copied(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    (item, *_) = item_ids(owner, number)
    version = str(stored(owner, number)["version"])
    proof = form_fields(coordinator, "/scenarios/nieuw")["csrf_token"]
    assert adopt(coordinator, number).status_code == 303
    page = read_page(coordinator, f"/scenario/{number}").text
    assert "Overgenomen in de locaties" in page
    assert REASON in page
    for address in (
        f"/scenario/{number}/wijzigen",
        f"/scenario/{number}/weghalen",
        f"/scenario/{number}/delen",
        f"/scenario/{number}/overnemen",
        f"/scenario/{number}/onderdelen/nieuw",
        f"/scenario/{number}/onderdelen/{item}",
        f"/scenario/{number}/onderdelen/{item}/weghalen",
    ):
        sent = {"csrf_token": proof, "gezien": version, "wat": "off", "reden": REASON}
        assert coordinator.post(address, data=sent).status_code in (404, 409), address
    assert len(items_of(owner, number)) == 4
    copy = submit(coordinator, f"/scenario/{number}/kopie")
    made = stored(owner, int(copy.location.rpartition("/")[2]))
    assert made["adopted_at"] is None


def test_the_links_of_an_adopted_scenario_open_nothing(
    site: tuple[Flask, Engine], coordinator: FlaskClient, owner: Engine
) -> None:
    """Its new places are internal sites now."""
    number = whole(coordinator, owner)
    address = share(coordinator, number)
    visitor = site[0].test_client()
    assert visitor.get(address).status_code == 200
    assert adopt(coordinator, number).status_code == 303
    assert visitor.get(address).status_code == 404


def test_one_item_that_can_not_be_done_stops_all_and_every_fault_is_told(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner, "Met fouten")
    add(coordinator, number, "off", locatie=str(site_id(owner, "TINY-6")))
    add(coordinator, number, "new", naam="In zee", plek="60000, 450000", aantal="5")
    before = register(owner)
    answer = adopt(coordinator, number)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Proeflocatie 6 (voorbeeld): deze locatie is op die datum al gestopt" in page
    assert "In zee: Deze plek ligt niet in een van de gemeenten van de regio." in page
    assert REASON in page
    assert register(owner) == before
    assert stored(owner, number)["adopted_at"] is None


def test_a_stage_that_does_not_fit_stops_all(coordinator: FlaskClient, owner: Engine) -> None:
    """The day lies before the stage of now: the same fault as in the form of the stage."""
    number = make_scenario(coordinator, "Te vroeg", "regio", datum="2010-01-01")
    add(coordinator, number, "on", locatie=str(site_id(owner, "TINY-2")))
    add(coordinator, number, "new", naam="Wel goed", plek="103500, 480500", aantal="5")
    before = register(owner)
    answer = adopt(coordinator, number)
    assert answer.status_code == 422
    assert "Kies een latere datum, of verbeter die fase." in answer.get_data(as_text=True)
    assert register(owner) == before


def test_what_to_think_of_is_told_before_anything_is_done(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    before = register(owner)
    first = submit(
        coordinator,
        f"/scenario/{number}/overnemen",
        reden=REASON,
        aan="in_gebruik",
        nieuw="idee",
    )
    page = first.get_data(as_text=True)
    assert first.status_code == 422
    assert "Nog niet alle vragen van het nader onderzoek zijn beantwoord." in page
    assert "Proeflocatie 4 (voorbeeld)" in page
    assert register(owner) == before


def test_a_site_that_was_changed_meanwhile_stops_all(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    fields = form_fields(coordinator, f"/scenario/{number}/overnemen")
    with owner.begin() as connection:
        connection.execute(text("UPDATE site SET provider = 'Ander' WHERE site_code = 'TINY-2'"))
    before = register(owner)
    answer = coordinator.post(f"/scenario/{number}/overnemen", data={**fields, "reden": REASON})
    assert answer.status_code == 409
    assert "intussen gewijzigd" in answer.get_data(as_text=True)
    assert register(owner) == before


def test_a_scenario_that_was_changed_meanwhile_is_not_adopted(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = whole(coordinator, owner)
    fields = form_fields(coordinator, f"/scenario/{number}/overnemen")
    add(coordinator, number, "new", naam="Later", plek="100500, 482500", aantal="2")
    before = register(owner)
    answer = coordinator.post(f"/scenario/{number}/overnemen", data={**fields, "reden": REASON})
    assert answer.status_code == 409
    assert register(owner) == before
    assert stored(owner, number)["adopted_at"] is None


def test_the_address_and_the_outline_of_the_old_place_go_and_that_is_told(
    coordinator: FlaskClient, owner: Engine
) -> None:
    outline = "POLYGON((100400 481400,100600 481400,100600 481600,100400 481600,100400 481400))"
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE site SET address = 'Oude straat 1', outline = "
                "ST_SetSRID(ST_GeomFromText(:outline), 28992) WHERE site_code = 'TINY-3'"
            ),
            {"outline": outline},
        )
    number = whole(coordinator, owner)
    asked = read_page(coordinator, f"/scenario/{number}/overnemen").text
    assert "Daarbij vervallen het adres en de omtrek." in asked
    assert adopt(coordinator, number).status_code == 303
    with owner.connect() as connection:
        row = connection.execute(
            text("SELECT address, outline FROM site WHERE site_code = 'TINY-3'")
        ).one()
    assert tuple(row) == (None, None)


def test_an_empty_scenario_is_not_adopted(coordinator: FlaskClient, owner: Engine) -> None:
    number = make_scenario(coordinator, "Leeg", "regio")
    answer = adopt(coordinator, number)
    assert answer.status_code == 422
    assert "er is niets om over te nemen" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"reden": ""}, "Schrijf kort waarom."),
        ({"reden": "Over de vrouwenopvang"}, "geheim"),
        ({"aan": "afgevallen"}, "Kies een fase uit de lijst."),
        ({"nieuw": "in_gebruik"}, "Kies een fase uit de lijst."),
    ],
)
def test_what_is_wrong_with_the_form_is_said(
    coordinator: FlaskClient, owner: Engine, values: dict[str, str], fault: str
) -> None:
    number = whole(coordinator, owner)
    before = register(owner)
    answer = adopt(coordinator, number, **values)
    assert answer.status_code == 422
    assert fault in answer.get_data(as_text=True)
    assert register(owner) == before


def test_a_planner_adopts_nothing(
    site: tuple[Flask, Engine], coordinator: FlaskClient, owner: Engine
) -> None:
    planner = signed_in(*site, "planner", "GM9001")
    number = make_scenario(planner, "Van de planner")
    add(planner, number, "new", naam="Plek", plek="103500, 480500", aantal="5")
    assert "Overnemen in de locaties" not in planner.get(f"/scenario/{number}").get_data(
        as_text=True
    )
    assert planner.get(f"/scenario/{number}/overnemen").status_code == 403
    proof = form_fields(planner, "/scenarios/nieuw")["csrf_token"]
    sent = {"csrf_token": proof, "reden": REASON, "aan": "in_gebruik", "nieuw": "idee"}
    assert planner.post(f"/scenario/{number}/overnemen", data=sent).status_code == 403
    assert adopt(coordinator, number).status_code == 303
