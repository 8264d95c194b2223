"""Whatever is sent to the pages of scenarios, the answer is in order."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.app.scenario_steps import NEW_PLACE, plant, stored
from tests.app.signed_in import fields_on, signed_in
from tests.app.staff_site import MakeSite, fill
from tests.app.test_hostile_requests import NASTY, SEED, fault_in

FORMS = (
    "/scenarios/nieuw",
    "/scenario/{one}/wijzigen",
    "/scenario/{one}/kopie",
    "/scenario/{one}/delen",
    "/scenario/{one}/overnemen",
    "/scenario/{one}/onderdelen/nieuw?wat=new",
    "/scenario/{one}/onderdelen/nieuw?wat=on",
    "/scenario/{one}/onderdelen/nieuw?wat=off",
    "/scenario/{one}/onderdelen/nieuw?wat=moved",
)
MORE = ("/scenario/{one}/delen/intrekken", "/scenario/{one}/weghalen")
FIELDS = {
    *("naam", "soort", "gebied", "datum", "doel", "toelichting", "gezien", "wat", "locatie"),
    *("zoek", "gevonden", "plek", "aantal", "kosten", "actie", "aan", "nieuw", "reden", "stand"),
    *("gelezen", "link"),
}


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of these tests alone: they may break it."""
    return make_site(fill)


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def number(owner: Engine) -> int:
    """A scenario of the region that may be broken."""
    with owner.begin() as connection:
        return plant(connection, "regio", [NEW_PLACE])


@pytest.fixture
def client(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "regiocoordinator")


@pytest.mark.parametrize("address", FORMS)
def test_nothing_in_a_form_breaks_it(client: FlaskClient, number: int, address: str) -> None:
    page = address.format(one=number)
    answer = client.get(page)
    assert answer.status_code == 200
    usual = fields_on(answer.get_data(as_text=True), page.partition("?")[0])
    chance = random.Random(SEED)
    found = []
    for name in sorted({*usual, *FIELDS} - {"csrf_token"}):
        for value in chance.sample(NASTY, 5):
            sent = client.post(page.partition("?")[0], data={**usual, name: value})
            fault = fault_in(sent, page, may_set_cookie=True)
            found += [f"{name}={value[:40]!a}: {fault}"] if fault else []
    assert found == []


@pytest.mark.parametrize("address", MORE)
def test_nothing_in_a_button_breaks_it(
    client: FlaskClient, owner: Engine, number: int, address: str
) -> None:
    proof = fields_on(client.get("/scenarios/nieuw").get_data(as_text=True))["csrf_token"]
    for value in NASTY:
        sent = {"csrf_token": proof, "link": value, "gezien": value}
        answer = client.post(address.format(one=number), data=sent)
        assert answer.status_code < 500, ascii(value[:40])
        assert fault_in(answer, address, may_set_cookie=True) is None
    if "weghalen" in address:
        # The version of a scenario that nobody changed is 1: just that word removes it.
        assert stored(owner, number) == {}


def test_nothing_in_an_address_breaks_the_form_of_an_item(client: FlaskClient, number: int) -> None:
    for name in ("wat", "locatie", "plek"):
        for value in NASTY:
            query = {"wat": "new", name: value}
            answer = client.get(f"/scenario/{number}/onderdelen/nieuw", query_string=query)
            assert answer.status_code in (200, 400), (name, ascii(value[:40]))
            assert fault_in(answer, name, may_set_cookie=True) is None


def test_what_was_typed_is_shown_as_text(client: FlaskClient, site: tuple[Flask, Engine]) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    with site[1].begin() as connection:
        number = plant(
            connection,
            "regio",
            [{**NEW_PLACE, "name": nasty, "note": nasty}],
            name=nasty,
            explanation=nasty,
        )
    for address in (f"/scenario/{number}", "/scenarios", f"/scenario/{number}/geschiedenis"):
        page = client.get(address).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "alert(1)" in page
