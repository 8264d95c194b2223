"""The own account: another password, the second step, and signing out everywhere."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.services import current
from app.services.links import SET_PASSWORD, make_link
from tests.app.page_reader import read_page
from tests.app.sign_in_steps import (
    PASSWORD,
    add_person,
    add_second_step,
    code_at,
    type_code,
    type_password,
)
from tests.app.signed_in import form_fields, signed_in, submit

NEW = "lange groene paraplu dicht"
SET_UP = "/account/tweede-stap"


@pytest.fixture
def person(app: Flask, owner: Engine) -> int:
    with owner.begin() as connection:
        return add_person(connection)


@pytest.fixture
def client(app: Flask, person: int) -> FlaskClient:
    made = app.test_client()
    type_password(made)
    return made


@pytest.fixture
def elsewhere(app: Flask, person: int) -> FlaskClient:
    """The same person on another device."""
    made = app.test_client()
    type_password(made)
    return made


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def secret_on(page: str) -> str:
    found = re.search(r"Sleutel: <span[^>]*>([A-Z2-7]{32})<", page)
    assert found
    return found[1]


def turn_on(client: FlaskClient, password: str = PASSWORD) -> tuple[int, str, str, str]:
    """Set up the second step as one does, and give status, page, secret and code."""
    fields = form_fields(client, SET_UP)
    page = client.get(SET_UP).get_data(as_text=True)
    fields = form_fields_of(page, fields)
    secret = secret_on(page)
    code = pyotp.TOTP(secret).at(current.now())
    answer = client.post(SET_UP, data={**fields, "code": code, "current": password})
    return answer.status_code, answer.get_data(as_text=True), secret, code


def form_fields_of(page: str, fields: dict[str, str]) -> dict[str, str]:
    """The fields with the proposal that stands on this very page."""
    found = re.search(r'name="proposal"[^>]*value="([^"]+)"', page)
    assert found
    return {**fields, "proposal": found[1]}


def codes_on(page: str) -> list[str]:
    return re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", page)


def test_the_page_tells_who_one_is_and_where_one_is_signed_in(
    client: FlaskClient, elsewhere: FlaskClient
) -> None:
    page = read_page(client, "/account")
    assert "Planner voor Zuiderveen" in page.text
    assert page.text.count("Met uw wachtwoord, sinds") == 2


def test_another_password_ends_every_other_session(
    app: Flask, owner: Engine, person: int, client: FlaskClient, elsewhere: FlaskClient
) -> None:
    with owner.begin() as connection:
        link = make_link(connection, person, SET_PASSWORD, current.now())
    answer = submit(client, "/account/wachtwoord", current=PASSWORD, password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/account?bericht=wachtwoord")
    assert is_in(client)
    assert not is_in(elsewhere)
    assert client.get(f"/inloggen/link/{link}").status_code == 404
    assert type_password(app.test_client()).status_code == 422
    assert type_password(app.test_client(), password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"current": "niet mijn wachtwoord"}, "niet uw wachtwoord van nu"),
        ({"password": "kort", "again": "kort"}, "minstens 12 tekens"),
        ({"again": "iets heel anders dan dat"}, "niet hetzelfde wachtwoord"),
        ({"current": ""}, "Vul uw wachtwoord van nu in"),
    ],
)
def test_a_password_is_not_changed_with_a_fault(
    app: Flask, client: FlaskClient, typed: dict[str, str], words: str
) -> None:
    given = {"current": PASSWORD, "password": NEW, "again": NEW, **typed}
    answer = submit(client, "/account/wachtwoord", **given)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert type_password(app.test_client()).status_code == 303


def test_guessing_the_password_of_someone_who_left_a_screen_open_is_slowed(
    client: FlaskClient,
) -> None:
    for number in range(5):
        answer = submit(
            client, "/account/wachtwoord", current=f"gok nummer {number}", password=NEW, again=NEW
        )
        assert answer.status_code == 422
    answer = submit(client, "/account/wachtwoord", current=PASSWORD, password=NEW, again=NEW)
    assert answer.status_code == 429


def test_the_second_step_is_set_up_with_a_telephone(
    app: Flask, client: FlaskClient, elsewhere: FlaskClient
) -> None:
    status, page, _, used = turn_on(client)
    assert status == 200
    codes = codes_on(page)
    assert len(set(codes)) == 10
    assert is_in(client)
    assert not is_in(elsewhere)
    again = app.test_client()
    assert type_password(again).location == "/inloggen/tweede-stap"
    assert type_code(again, used).status_code == 422
    assert type_code(again, codes[0].upper().replace("-", " ")).status_code == 303
    assert is_in(again)
    once_more = app.test_client()
    type_password(once_more)
    assert type_code(once_more, codes[0]).status_code == 422
    assert "nog 9 herstelcodes" in client.get(SET_UP).get_data(as_text=True)


def test_the_secret_stays_the_same_while_its_owner_tries(client: FlaskClient) -> None:
    page = client.get(SET_UP).get_data(as_text=True)
    fields = form_fields_of(page, form_fields(client, SET_UP))
    answer = client.post(SET_UP, data={**fields, "code": "000000", "current": PASSWORD})
    assert answer.status_code == 422
    assert secret_on(answer.get_data(as_text=True)) == secret_on(page)
    wrong = {**fields, "code": pyotp.TOTP(secret_on(page)).at(current.now()), "current": "gok maar"}
    answer = client.post(SET_UP, data=wrong)
    assert answer.status_code == 422
    assert "niet uw wachtwoord van nu" in answer.get_data(as_text=True)


def test_a_secret_that_was_shown_to_someone_else_is_not_taken(
    app: Flask, owner: Engine, client: FlaskClient
) -> None:
    with owner.begin() as connection:
        add_person(connection, "ander@test.example")
    other = app.test_client()
    type_password(other, "ander@test.example")
    page = other.get(SET_UP).get_data(as_text=True)
    theirs = form_fields_of(page, {})["proposal"]
    fields = form_fields(client, SET_UP)
    code = pyotp.TOTP(secret_on(page)).at(current.now())
    given = {**fields, "proposal": theirs, "code": code, "current": PASSWORD}
    assert client.post(SET_UP, data=given).status_code == 422


def test_the_picture_holds_no_style_of_its_own(client: FlaskClient) -> None:
    page = read_page(client, SET_UP)
    assert page.inline == []
    assert page.counts["svg"] >= 2


def test_turning_off_and_new_codes_ask_the_password(app: Flask, owner: Engine, person: int) -> None:
    with owner.begin() as connection:
        old = add_second_step(connection, person, current.now())
    client = app.test_client()
    type_password(client)
    type_code(client, code_at(current.now()))
    fields = form_fields(client, SET_UP, "/account/herstelcodes")
    for action in ("/account/herstelcodes", "/account/tweede-stap/uit"):
        answer = client.post(action, data={**fields, "current": "niet mijn wachtwoord"})
        assert answer.status_code == 422
    answer = client.post("/account/herstelcodes", data={**fields, "current": PASSWORD})
    new = codes_on(answer.get_data(as_text=True))
    assert len(new) == 10
    assert not set(new) & set(old)
    answer = client.post("/account/tweede-stap/uit", data={**fields, "current": PASSWORD})
    assert answer.status_code == 303
    assert "De tweede stap staat uit" in client.get("/account").get_data(as_text=True)
    assert type_password(app.test_client()).location == "/inloggen"


def test_signing_out_everywhere_ends_every_session(
    client: FlaskClient, elsewhere: FlaskClient
) -> None:
    answer = submit(client, "/account", "/account/overal-uitloggen")
    assert answer.location == "/inloggen?bericht=uitgelogd"
    assert not is_in(client)
    assert not is_in(elsewhere)


def test_nothing_secret_is_stored_as_it_is(owner: Engine, person: int, client: FlaskClient) -> None:
    _, page, secret, _ = turn_on(client)
    with client.session_transaction() as cookie:
        token = cookie["token"]
    with owner.connect() as connection:
        stored = "\n".join(
            str(row)
            for name in ("account", "sign_in_session", "recovery_code", "attempt", "change")
            for row in connection.execute(text(f"SELECT t::text FROM {name} t"))
        )
        kept = str(connection.execute(text("SELECT s::text FROM sign_in_session s")).all())
    for word in (PASSWORD, secret, token, *codes_on(page)):
        assert word not in stored
    assert token not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.parametrize("role", ["beheerder", "databeheerder", "regiocoordinator"])
def test_a_role_that_asks_it_gives_nothing_before_the_second_step(
    app: Flask, owner: Engine, role: str
) -> None:
    page = {"beheerder": "/accounts", "regiocoordinator": "/werkbank"}.get(role)
    with owner.begin() as connection:
        add_person(connection, "nieuw@test.example", (role, ""))
    client = app.test_client()
    type_password(client, "nieuw@test.example")
    assert client.get("/lijst").status_code == 200
    if page:
        answer = client.get(page, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.location) == (303, SET_UP)
        refused = client.get(page, headers={"Accept": "application/json"})
        assert refused.status_code == 403
    assert "Uw rol vraagt een tweede stap" in client.get(SET_UP).get_data(as_text=True)
    assert turn_on(client)[0] == 200
    if page:
        assert client.get(page).status_code == 200


def test_who_has_no_password_is_told_how_to_get_one(app: Flask, owner: Engine) -> None:
    client = signed_in(app, owner, "planner", "GM9001")
    assert "Vraag de beheerder om een link" in read_page(client, "/account").text
    for address in (SET_UP, "/account/wachtwoord"):
        assert client.get(address).status_code == 200
    assert "hier geen wachtwoord" in read_page(client, SET_UP).text
