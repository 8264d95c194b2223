"""Signing in through the pages: what gets in, what does not, and what stays behind."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.auth.guard import TOKEN
from app.pages.sign_in import is_local
from app.services import current
from app.services.links import SET_PASSWORD, SIGN_IN, make_link
from tests.app.page_reader import read_page
from tests.app.sign_in_steps import (
    EMAIL,
    PASSWORD,
    add_person,
    add_second_step,
    code_at,
    type_code,
    type_password,
)
from tests.app.signed_in import csrf_token, submit

HOME = "/account"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def person(app: Flask, owner: Engine) -> int:
    with owner.begin() as connection:
        return add_person(connection)


@pytest.fixture
def careful_person(app: Flask, owner: Engine) -> int:
    with owner.begin() as connection:
        account_id = add_person(connection)
        add_second_step(connection, account_id, current.now())
        return account_id


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(HOME).status_code == 200


def make(engine: Engine, account_id: int, purpose: str) -> str:
    with engine.begin() as connection:
        return f"/inloggen/link/{make_link(connection, account_id, purpose, current.now())}"


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("vlekkenplan")
    assert found is not None
    return found.value


def test_a_password_lets_in_and_leads_to_what_was_asked_for(
    client: FlaskClient, person: int
) -> None:
    asked = client.get(HOME, headers={"Accept": "text/html"})
    assert (asked.status_code, asked.location) == (303, "/inloggen?verder=/account")
    answer = type_password(client, verder="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    page = read_page(client, HOME)
    assert EMAIL in page.text


def test_capitals_and_spaces_around_an_address_do_not_matter(
    client: FlaskClient, person: int
) -> None:
    assert type_password(client, f" {EMAIL.upper()} ").status_code == 303


def test_without_a_page_asked_for_work_begins_at_the_first_of_the_menu(
    client: FlaskClient, person: int
) -> None:
    assert type_password(client).location == "/inloggen"
    assert client.get("/inloggen").status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "vier natte wollen sok"), ("niemand@test.example", PASSWORD), (EMAIL, "x" * 5000)],
)
def test_a_wrong_pair_is_refused_in_the_same_words(
    client: FlaskClient, person: int, email: str, password: str
) -> None:
    answer = type_password(client, email, password)
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert "horen niet bij elkaar" in body
    assert email in body
    assert password not in body
    assert not is_signed_in(client)


def test_an_empty_form_is_shown_again_with_every_fault(client: FlaskClient) -> None:
    answer = type_password(client, "", "")
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert "Vul uw e-mailadres in." in body
    assert "Vul uw wachtwoord in." in body


def test_a_closed_account_does_not_get_in(client: FlaskClient, owner: Engine, person: int) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE account SET is_active = false"))
    assert type_password(client).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/ /evil.example",
        "/\u2028/evil.example",
        "/inloggen/link/abc",
        "/" + "x" * 3000,
    ],
)
def test_no_address_leads_to_another_site(
    app: Flask, client: FlaskClient, person: int, path: str
) -> None:
    assert not is_local(path)
    answer = type_password(client, verder=quote(path))
    assert answer.status_code == 303
    assert answer.location == "/inloggen"


def test_a_code_of_a_telephone_is_the_second_step(client: FlaskClient, careful_person: int) -> None:
    answer = type_password(client, verder="/account?x=1")
    assert answer.location.startswith("/inloggen/tweede-stap?verder=")
    assert not is_signed_in(client)
    assert type_code(client, "000000").status_code == 422
    assert not is_signed_in(client)
    now = current.now()
    answer = submit(
        client,
        answer.location,
        "/inloggen/tweede-stap",
        code=f"{code_at(now)[:3]} {code_at(now)[3:]}",
    )
    assert (answer.status_code, answer.location) == (303, "/account?x=1")
    assert is_signed_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(client: FlaskClient) -> None:
    assert client.get("/inloggen/tweede-stap").location == "/inloggen"


def test_the_cookie_known_before_signing_in_is_worth_nothing_after(
    app: Flask, client: FlaskClient, careful_person: int
) -> None:
    client.get("/inloggen")
    before = cookie_of(client)
    type_password(client)
    halfway = cookie_of(client)
    type_code(client, code_at(current.now()))
    assert is_signed_in(client)
    for stolen in (before, halfway):
        thief = app.test_client()
        thief.set_cookie("vlekkenplan", stolen)
        assert not is_signed_in(thief)
        assert thief.get("/inloggen/tweede-stap").location == "/inloggen"


def test_the_proof_of_a_form_is_renewed_by_signing_in(client: FlaskClient, person: int) -> None:
    client.get("/inloggen")
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
    type_password(client)
    client.get(HOME)
    with client.session_transaction() as cookie:
        assert set(cookie) == {TOKEN, "csrf_token"}
        assert cookie["csrf_token"] != before


def test_after_signing_out_a_copy_of_the_cookie_is_worth_nothing(
    app: Flask, client: FlaskClient, person: int
) -> None:
    type_password(client)
    thief = app.test_client()
    client.get(HOME)
    thief.set_cookie("vlekkenplan", cookie_of(client))
    assert is_signed_in(thief)
    answer = submit(client, HOME, "/uitloggen")
    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_signed_in(thief)
    assert not is_signed_in(client)
    assert client.get_cookie("vlekkenplan") is None


def test_signing_in_anew_ends_the_session_of_before(
    app: Flask, client: FlaskClient, owner: Engine, person: int
) -> None:
    for _ in range(2):
        address = make(owner, person, SIGN_IN)
        submit(client, address)
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sign_in_session")).scalar() == 1


def test_nothing_is_changed_without_the_proof_of_a_form(client: FlaskClient, person: int) -> None:
    given = {"email": EMAIL, "password": PASSWORD}
    assert client.post("/inloggen", data=given).status_code == 400
    type_password(client)
    assert client.post("/uitloggen").status_code == 400
    assert is_signed_in(client)


def test_a_link_lets_in_once_and_looking_uses_nothing_up(
    app: Flask, client: FlaskClient, owner: Engine, person: int
) -> None:
    address = make(owner, person, SIGN_IN)
    for _ in range(3):
        assert app.test_client().get(address).status_code == 200
    answer = submit(client, address)
    assert answer.status_code == 303
    assert is_signed_in(client)
    again = app.test_client()
    assert again.get(address).status_code == 404
    assert "al gebruikt" in again.get(address).get_data(as_text=True)


def test_a_link_sent_twice_lets_in_once(app: Flask, owner: Engine, person: int) -> None:
    address = make(owner, person, SIGN_IN)
    first, second = app.test_client(), app.test_client()
    proof = csrf_token(second, address)
    assert submit(first, address).status_code == 303
    assert second.post(address, data={"csrf_token": proof}).status_code == 404
    assert not is_signed_in(second)


def test_a_link_that_is_too_old_does_not_let_in(
    client: FlaskClient, owner: Engine, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make(owner, person, SIGN_IN)
    later = current.now() + dt.timedelta(days=1)
    monkeypatch.setattr(current, "now", lambda: later)
    assert client.get(address).status_code == 404


def test_a_password_is_chosen_by_a_link_and_then_signs_in(
    client: FlaskClient, owner: Engine
) -> None:
    with owner.begin() as connection:
        account_id = add_person(connection, password=None)
    assert type_password(client).status_code == 422
    address = make(owner, account_id, SET_PASSWORD)
    for wrong, words in (
        ({"password": "kort", "again": "kort"}, "minstens 12 tekens"),
        ({"password": PASSWORD, "again": "iets anders dan dat"}, "niet hetzelfde wachtwoord"),
        ({"password": "proefpersoon op de fiets", "again": ""}, "nog een keer in"),
        ({"password": "planner op de fiets", "again": "planner op de fiets"}, "zonder uw naam"),
    ):
        answer = submit(client, address, **wrong)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    answer = submit(client, address, password=PASSWORD, again=PASSWORD)
    assert answer.location == "/inloggen?bericht=wachtwoord"
    assert "ingesteld" in client.get(answer.location).get_data(as_text=True)
    assert not is_signed_in(client)
    assert client.get(address).status_code == 404
    assert type_password(client).status_code == 303
    assert is_signed_in(client)


def test_the_menu_and_the_way_out_are_for_who_is_signed_in(
    client: FlaskClient, person: int
) -> None:
    visitor = client.get("/lijst").get_data(as_text=True)
    assert "Uitloggen" not in visitor
    assert 'href="/inloggen"' in visitor
    type_password(client)
    page = client.get("/lijst").get_data(as_text=True)
    assert "Uitloggen" in page
    assert "Proefpersoon (voorbeeld)" in page
    assert 'href="/account"' in page
    assert 'href="/inloggen"' not in page
