"""What signing in leaves behind: nothing of it in any log, no cookie for who only reads."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.pages import sign_in as sign_in_page
from app.services import current
from app.services.links import SET_PASSWORD, SIGN_IN, make_link
from tests.app.sign_in_steps import (
    EMAIL,
    PASSWORD,
    SECRET,
    add_person,
    add_second_step,
    code_at,
    type_code,
    type_password,
)
from tests.app.signed_in import submit
from tests.app.test_hostile_requests import FORM_PAGES, rules, usual

NEW = "lange groene paraplu dicht"
ADDRESS = "203.0.113.77"


def test_no_log_line_tells_who_signs_in_or_with_what(
    app: Flask, owner: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    with owner.begin() as connection:
        account_id = add_person(connection)
        codes = add_second_step(connection, account_id, current.now())
        tokens = [
            make_link(connection, account_id, purpose, current.now())
            for purpose in (SIGN_IN, SET_PASSWORD)
        ]
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    type_password(client, password="een verkeerd wachtwoord")
    type_password(client)
    type_code(client, "000000")
    code = code_at(current.now())
    type_code(client, code)
    submit(client, "/account/wachtwoord", current=PASSWORD, password=NEW, again=NEW)
    with client.session_transaction() as cookie:
        tokens.append(cookie["token"])
    client.post("/account/wachtwoord", data={"current": PASSWORD})
    for _ in range(7):
        type_password(app.test_client(), password="een verkeerd wachtwoord")
    for token in tokens[:2]:
        submit(client, f"/inloggen/link/{token}", password=NEW, again=NEW)
    # A fault of ours, with all of it at hand.
    monkeypatch.setattr(sign_in_page, "_link", lambda token: int(f"no {token} {EMAIL}"))
    assert client.get(f"/inloggen/link/{tokens[0]}").status_code == 500
    assert "GET /inloggen/link/<token>" in caplog.text
    assert "refused to a visitor (429)" in caplog.text
    spoken = "\n".join([caplog.text, *(str(record.args) for record in caplog.records)])
    secrets = [
        EMAIL,
        PASSWORD,
        NEW,
        SECRET,
        ADDRESS,
        code,
        "een verkeerd wachtwoord",
        *tokens,
        *codes,
    ]
    assert [word for word in secrets if word in spoken or quote(word) in spoken] == []


def test_each_decision_about_signing_in_is_in_the_log(
    app: Flask, owner: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "vlekkenplan.sign_in")
    with owner.begin() as connection:
        account_id = add_person(connection)
        add_second_step(connection, account_id, current.now())
    client = app.test_client()
    type_password(client, password="een verkeerd wachtwoord")
    type_password(client)
    type_code(client, "000000")
    type_code(client, code_at(current.now()))
    client.get("/inloggen/link/onbekend")
    assert [record.getMessage() for record in caplog.records] == [
        "POST /inloggen: refused to a visitor (422)",
        f"account {account_id} passed the first step (wachtwoord)",
        "POST /inloggen/tweede-stap: refused to a visitor (422)",
        f"account {account_id} signed in (wachtwoord)",
        "GET /inloggen/link/<token>: refused to a visitor (404)",
    ]


def test_no_page_sets_a_cookie_but_those_with_a_form(app: Flask) -> None:
    for rule in rules(app):
        address = usual(rule)
        answer = app.test_client().get(address)
        answer.close()
        has_cookie = "Set-Cookie" in answer.headers
        assert not has_cookie or address in FORM_PAGES, address
    assert "Set-Cookie" in app.test_client().get("/inloggen").headers


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(app: Flask) -> None:
    cookie = app.test_client().get("/inloggen").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie


def test_the_pages_of_signing_in_are_kept_nowhere(app: Flask, owner: Engine) -> None:
    client: FlaskClient = app.test_client()
    with owner.begin() as connection:
        token = make_link(connection, add_person(connection), SIGN_IN, current.now())
    for address in ("/inloggen", f"/inloggen/link/{token}", "/inloggen/link/onbekend"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
    link = client.get(f"/inloggen/link/{token}")
    assert link.headers["Referrer-Policy"] == "same-origin"
