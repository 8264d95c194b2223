"""Managing accounts through the pages: making, changing, closing, and what is told of it."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.services import accounts, current
from app.services.accounts import LastKeeper
from data.database_roles import ACCOUNTS, Hands, work_as
from data.queries.accounts import account_by_email
from tests.app.page_reader import read_page
from tests.app.sign_in_steps import EMAIL, PASSWORD, add_person, add_second_step, type_password
from tests.app.signed_in import form_fields, make_account, signed_in, submit


@pytest.fixture
def keeper(app: Flask, owner: Engine) -> FlaskClient:
    return signed_in(app, owner, "beheerder")


@pytest.fixture
def planner(app: Flask, owner: Engine) -> int:
    with owner.begin() as connection:
        return add_person(connection)


def id_of(owner: Engine, email: str) -> int:
    with owner.connect() as connection:
        found = account_by_email(connection, email)
    assert found is not None
    return found.id


def roles_of(owner: Engine, account_id: int) -> set[tuple[str, str]]:
    with owner.connect() as connection:
        rows = connection.execute(
            text("SELECT role, gemeente_code FROM account_role WHERE account_id = :id"),
            {"id": account_id},
        )
        return {(row.role, row.gemeente_code) for row in rows}


def link_on(page: str) -> str:
    found = re.search(r'id="link">https?://[^/]+(/inloggen/link/[\w-]+)<', page)
    assert found
    return found[1]


def test_an_account_is_made_and_its_owner_chooses_a_password(
    app: Flask, owner: Engine, keeper: FlaskClient
) -> None:
    answer = submit(
        keeper,
        "/accounts/nieuw",
        name="Nieuwe planner (voorbeeld)",
        email="Nieuw@Test.example",
        roles=["planner:GM9001", "planner:GM9002"],
    )
    account_id = id_of(owner, "nieuw@test.example")
    assert answer.location == f"/accounts/{account_id}?bericht=gemaakt"
    assert roles_of(owner, account_id) == {("planner", "GM9001"), ("planner", "GM9002")}
    made = submit(keeper, f"/accounts/{account_id}", f"/accounts/{account_id}/link")
    assert made.headers["Cache-Control"] == "no-store"
    link = link_on(made.get_data(as_text=True))
    visitor = app.test_client()
    submit(visitor, link, password=PASSWORD, again=PASSWORD)
    assert type_password(visitor, "nieuw@test.example").status_code == 303
    assert visitor.get("/werkbank").status_code == 200
    lines = [" | ".join(row) for row in read_page(keeper, "/accounts").tables[1][1:]]
    for sentence, doer in (
        ("Nieuwe planner (voorbeeld) kreeg een ander wachtwoord.", "met een eenmalige link"),
        ("Voor Nieuwe planner (voorbeeld) werd een link gemaakt", "Beheerder"),
        ("Nieuwe planner (voorbeeld) kreeg de rol Planner voor Middendorp.", "Beheerder"),
        ("Het account van Nieuwe planner (voorbeeld) werd gemaakt.", "Beheerder"),
    ):
        assert any(sentence in line and doer in line for line in lines), sentence


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "geen adres"}, "geen e-mailadres"),
        ({"email": EMAIL.upper()}, "al een account"),
        ({"email": ""}, "Vul een e-mailadres in"),
        ({"name": ""}, "Vul een naam in"),
        ({"name": "x" * 101}, "1 tot 100"),
        ({"name": "Planner vrouwenopvang"}, "vrouwenopvang"),
        ({"roles": ["keizer:"]}, "Kies uit de lijst"),
        ({"roles": ["planner:"]}, "Kies uit de lijst"),
        ({"roles": ["beheerder:GM9001"]}, "Kies uit de lijst"),
    ],
)
def test_a_new_account_with_a_fault_is_shown_again_with_what_was_typed(
    owner: Engine, keeper: FlaskClient, planner: int, typed: dict[str, Any], words: str
) -> None:
    given: dict[str, Any] = {"name": "Iemand (voorbeeld)", "email": "iemand@test.example", **typed}
    answer = submit(keeper, "/accounts/nieuw", **given)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert str(given["name"]) in page
    assert str(given["email"]) in page
    with owner.connect() as connection:
        assert account_by_email(connection, "iemand@test.example") is None


def test_roles_and_name_change_at_once(
    app: Flask, owner: Engine, keeper: FlaskClient, planner: int
) -> None:
    client = app.test_client()
    type_password(client)
    assert client.get("/werkbank").status_code == 200
    address = f"/accounts/{planner}"
    assert form_fields(keeper, address)["name"] == "Proefpersoon (voorbeeld)"
    answer = submit(keeper, address, name="Raadslid (voorbeeld)", roles=["raadslid:"])
    assert answer.location == f"{address}?bericht=bewaard"
    assert roles_of(owner, planner) == {("raadslid", "")}
    assert client.get("/werkbank").status_code == 403
    text_of_list = read_page(keeper, "/accounts").text
    assert "Proefpersoon (voorbeeld) heet nu Raadslid (voorbeeld)." in text_of_list
    assert "heeft niet meer de rol Planner voor Zuiderveen." in text_of_list


def test_closing_an_account_ends_its_sessions_and_opening_gives_none_back(
    app: Flask, keeper: FlaskClient, planner: int
) -> None:
    client = app.test_client()
    type_password(client)
    address = f"/accounts/{planner}"
    link = link_on(submit(keeper, address, f"{address}/link").get_data(as_text=True))
    assert submit(keeper, address, f"{address}/sluiten").status_code == 303
    assert client.get("/account").status_code == 401
    assert type_password(app.test_client()).status_code == 422
    assert app.test_client().get(link).status_code == 404
    refused = keeper.post(f"{address}/link", data=form_fields(keeper, address))
    assert refused.status_code == 422
    assert submit(keeper, address, f"{address}/openen").status_code == 303
    assert client.get("/account").status_code == 401
    assert type_password(app.test_client()).status_code == 303


def test_a_lost_second_step_is_turned_off(
    app: Flask, owner: Engine, keeper: FlaskClient, planner: int
) -> None:
    with owner.begin() as connection:
        add_second_step(connection, planner, current.now())
    address = f"/accounts/{planner}"
    assert submit(keeper, address, f"{address}/tweede-stap-uit").status_code == 303
    assert type_password(app.test_client()).location == "/inloggen"
    assert "De tweede stap van Proefpersoon" in read_page(keeper, "/accounts").text


def test_the_last_keeper_stays(owner: Engine, keeper: FlaskClient) -> None:
    account_id = make_account(owner, "beheerder")
    address = f"/accounts/{account_id}"
    for answer in (
        submit(keeper, address, f"{address}/sluiten"),
        submit(keeper, address, roles=["raadslid:"]),
    ):
        assert answer.status_code == 422
        assert "laatste beheerder" in answer.get_data(as_text=True)
    assert roles_of(owner, account_id) == {("beheerder", "")}
    assert keeper.get("/accounts").status_code == 200


def test_two_keepers_who_close_each_other_at_once_do_not_both_go(app: Flask, owner: Engine) -> None:
    with owner.begin() as connection:
        ids = [
            add_person(connection, f"b{number}@test.example", ("beheerder", ""), None)
            for number in (1, 2)
        ]
    barrier, refused = threading.Barrier(2), []

    def close(account_id: int) -> None:
        barrier.wait()
        try:
            with owner.begin() as connection:
                work_as(connection, Hands(ACCOUNTS))
                accounts.close(connection, account_id)
        except LastKeeper:
            refused.append(account_id)

    threads = [threading.Thread(target=close, args=(account_id,)) for account_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_an_account_that_is_not_there_is_not_found(keeper: FlaskClient) -> None:
    for account_id in ("99999", "2147483648"):
        assert keeper.get(f"/accounts/{account_id}").status_code == 404


def test_the_host_that_a_request_names_is_not_in_a_link(keeper: FlaskClient, planner: int) -> None:
    address = f"/accounts/{planner}"
    given = form_fields(keeper, address, f"{address}/link")
    answer = keeper.post(f"{address}/link", data=given, headers={"Host": "evil.example"})
    assert "evil" not in answer.get_data(as_text=True)
