"""Sharing a scenario by a link: what it shows, and that it tells nothing that is not public."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from data import schema
from data.database_roles import VISITOR
from tests.app.page_reader import read_page
from tests.app.scenario_steps import add, item_ids, make_scenario
from tests.app.signed_in import form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id

UNKNOWN = "/gedeeld/scenario/" + "A" * 43


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of these tests alone: they change things."""
    return make_site(fill)


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def coordinator(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "regiocoordinator")


@pytest.fixture
def visitor(site: tuple[Flask, Engine]) -> FlaskClient:
    return site[0].test_client()


def share(client: FlaskClient, scenario_id: int) -> str:
    """The address of a new link."""
    answer = submit(client, f"/scenario/{scenario_id}/delen")
    assert answer.status_code == 200
    found = re.search(r"/gedeeld/scenario/[\w-]+", answer.get_data(as_text=True))
    assert found
    return found[0]


def with_public_items(client: FlaskClient, owner: Engine, name: str = "Openbaar") -> int:
    number = make_scenario(client, name, "regio", doel="30")
    add(client, number, "on", locatie=str(site_id(owner, "TINY-4")), kosten="50000")
    add(client, number, "new", naam="Vrije plek", plek="103500, 481500", aantal="5")
    return number


def test_who_has_the_link_reads_the_scenario_without_signing_in(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine
) -> None:
    address = share(coordinator, with_public_items(coordinator, owner))
    page = read_page(visitor, address)
    assert page.status == 200
    assert "Openbaar" in page.text
    assert "Vrije plek" in page.text
    assert "27 plekken beschut wonen (vandaag 16)" in page.text
    assert "3 minder dan het doel van 30" in page.text
    assert "De bekende eenmalige kosten zijn samen € 50.000" in page.text


def test_a_shared_page_is_kept_by_nobody(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine
) -> None:
    answer = visitor.get(share(coordinator, with_public_items(coordinator, owner)))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="robots" content="noindex, nofollow"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_the_token_is_shown_once_and_stored_as_a_checksum(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = with_public_items(coordinator, owner)
    token = share(coordinator, number).rpartition("/")[2]
    page = coordinator.get(f"/scenario/{number}/delen").get_data(as_text=True)
    assert token not in page
    with owner.connect() as connection:
        query = text("SELECT token_sha256 FROM scenario_link WHERE scenario_id = :id")
        assert (
            connection.scalar(query, {"id": number}) == hashlib.sha256(token.encode()).hexdigest()
        )
        told = connection.execute(text("SELECT before, after FROM change")).all()
    assert token not in str(told)
    assert hashlib.sha256(token.encode()).hexdigest() not in str(told)


def test_a_withdrawn_link_opens_nothing_and_looks_like_one_that_never_was(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine
) -> None:
    number = with_public_items(coordinator, owner)
    address, other = share(coordinator, number), share(coordinator, number)
    assert visitor.get(address).status_code == 200
    checksum = hashlib.sha256(address.rpartition("/")[2].encode()).hexdigest()
    fields = form_fields(coordinator, f"/scenario/{number}/delen", f"/scenario/{number}/delen")
    withdraw = f"/scenario/{number}/delen/intrekken"
    sent = {"csrf_token": fields["csrf_token"], "link": checksum}
    assert coordinator.post(withdraw, data=sent).status_code == 303
    gone, never = visitor.get(address), visitor.get(UNKNOWN)
    assert gone.status_code == never.status_code == 404
    assert gone.get_data() == never.get_data()
    assert visitor.get(other).status_code == 200
    assert coordinator.post(withdraw, data=sent).status_code == 404


@pytest.mark.parametrize("code", ["TINY-7", "TINY-6"])
@pytest.mark.parametrize("kind", ["on", "off", "moved"])
def test_an_internal_site_changes_no_byte_of_what_is_shared(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine, code: str, kind: str
) -> None:
    """Not even how many items are left out is told: from 0 to 1 would tell that there is one."""
    number = with_public_items(coordinator, owner, "Gelijk")
    address = share(coordinator, number)
    before = visitor.get(address).get_data(as_text=True)
    place = {"plek": "101777, 480888"} if kind == "moved" else {}
    places = {"aantal": "17"} if kind == "on" else {}
    add(
        coordinator,
        number,
        kind,
        locatie=str(site_id(owner, code)),
        kosten="123456",
        toelichting="Zwijgtekst",
        **place,
        **places,
    )
    after = visitor.get(address).get_data(as_text=True)
    assert after == before
    assert "Zwijgtekst" not in after
    submit(coordinator, f"/scenario/{number}/onderdelen/{item_ids(owner, number)[-1]}", aantal="9")
    assert visitor.get(address).get_data(as_text=True) == before


def test_who_shares_hears_beforehand_what_is_shown_and_what_is_left_out(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = with_public_items(coordinator, owner, "Vooraf")
    add(coordinator, number, "off", locatie=str(site_id(owner, "TINY-7")))
    page = read_page(coordinator, f"/scenario/{number}/delen").text
    assert "De plekken die u zelf op de kaart zette: Vrije plek." in page
    assert "Dat is 1 onderdeel: Proeflocatie 7 (voorbeeld)" in page


def test_a_site_that_becomes_internal_leaves_the_shared_page(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine
) -> None:
    number = with_public_items(coordinator, owner, "Wordt intern")
    address = share(coordinator, number)
    assert "Proeflocatie 4" in visitor.get(address).get_data(as_text=True)
    change = "UPDATE site SET publication = :level WHERE site_code = 'TINY-4'"
    try:
        with owner.begin() as connection:
            connection.execute(text(change), {"level": "intern"})
        assert "Proeflocatie 4" not in visitor.get(address).get_data(as_text=True)
    finally:
        with owner.begin() as connection:
            connection.execute(text(change), {"level": "openbaar"})


def test_a_visitor_of_the_database_reads_no_scenario_but_by_its_link(
    coordinator: FlaskClient, owner: Engine
) -> None:
    number = with_public_items(coordinator, owner, "Achter de deur")
    token = share(coordinator, number).rpartition("/")[2]
    engine = schema.connect(owner.url.render_as_string(hide_password=False), VISITOR)
    ask = text("SELECT shared_scenario(:hash)")
    try:
        for table in ("scenario", "scenario_item", "scenario_link"):
            with (
                engine.connect() as connection,
                pytest.raises(Exception, match="permission denied"),
            ):
                connection.execute(text(f"SELECT 1 FROM {table}"))
        with engine.connect() as connection:
            told = connection.scalar(ask, {"hash": hashlib.sha256(token.encode()).hexdigest()})
            assert told["scenario"]["name"] == "Achter de deur"
            assert set(told) == {"scenario", "items"}
            assert set(told["scenario"]) == {
                *("name", "explanation", "type", "gemeente_code", "on_date"),
                "target_place_count",
            }
            assert connection.scalar(ask, {"hash": token}) is None
            assert connection.scalar(ask, {"hash": ""}) is None
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "token", ["x", "..", "%00", "A" * 3000, "' OR 1=1 --", "\u0663", "a%2Fb", "geen-echte-link"]
)
def test_a_strange_token_opens_nothing(visitor: FlaskClient, token: str) -> None:
    assert visitor.get(f"/gedeeld/scenario/{token}").status_code == 404


def test_a_planner_who_only_reads_shares_nothing(
    site: tuple[Flask, Engine], coordinator: FlaskClient, owner: Engine
) -> None:
    planner = signed_in(*site, "planner", "GM9001")
    number = with_public_items(coordinator, owner, "Niet van mij")
    assert "Maak een link" not in planner.get(f"/scenario/{number}/delen").get_data(as_text=True)
    proof = form_fields(planner, "/scenarios/nieuw")["csrf_token"]
    refused = planner.post(f"/scenario/{number}/delen", data={"csrf_token": proof})
    assert refused.status_code == 403
    with owner.connect() as connection:
        query = text("SELECT count(*) FROM scenario_link WHERE scenario_id = :id")
        assert connection.scalar(query, {"id": number}) == 0


def test_the_shared_page_counts_as_the_public_pages_do(
    coordinator: FlaskClient, visitor: FlaskClient, owner: Engine
) -> None:
    """Without items it says of today what the page of the spreading says."""
    number = make_scenario(coordinator, "Leeg", "regio")
    page = read_page(visitor, share(coordinator, number))
    rows = [row for table in page.tables for row in table]
    (row,) = [row for row in rows if row[0] == "Alle soorten"]
    assert row[1] == "30 van 100"
    assert row[2].startswith("30 van 100")
