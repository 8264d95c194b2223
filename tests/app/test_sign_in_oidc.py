"""Signing in at a real provider of OpenID Connect, each step as a browser takes it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text, update
from werkzeug.test import TestResponse

from app.auth.guard import TOKEN
from app.config import DEFAULT_OIDC_LABEL, OidcSettings
from app.services import oidc_discovery
from app.services.sessions import BY_OIDC, find_person, to_checksum
from data.changes.accounts import add_account, link_account, set_roles
from data.queries.accounts import account, account_by_email, all_accounts, find_session
from data.tables import Account
from tests.app.oidc_browser import (
    EMAIL,
    HERE,
    PLANNER,
    assert_stopped,
    come_back,
    leave,
    settings_of,
    sign_in,
    sign_in_at,
    token_of,
)
from tests.app.signed_in import signed_in
from tests.database_server import temporary_folder
from tests.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    WAY_BACK,
    OidcProvider,
    oidc_provider,
    visit,
)
from tests.own_app import own_app

NO_ROLE = "Voor dit account is hier nog geen rol. Vraag de beheerder."


@pytest.fixture
def app(planner_engine: Engine, provider: OidcProvider, tmp_path: Path) -> Iterator[Flask]:
    with own_app(settings_of(provider.settings, tmp_path), planner_engine) as made:
        yield made


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def test_someone_with_an_account_comes_in_by_their_own_organisation(
    browser: FlaskClient, planner_engine: Engine, provider: OidcProvider
) -> None:
    answer = sign_in(browser, "planner", "?verder=/lijst%3Fq%3Da")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lijst?q=a")
    token = token_of(browser)
    assert token
    with planner_engine.connect() as connection:
        person = find_person(connection, token, dt.datetime.now(dt.UTC))
        found = find_session(connection, to_checksum(token))
        linked = connection.execute(
            select(Account.oidc_issuer, Account.oidc_subject, Account.last_sign_in_at).where(
                Account.email == EMAIL
            )
        ).one()
    assert person is not None
    assert person.email == EMAIL
    assert person.scope_of("locaties_bewerken") == {"GM9001"}
    assert found is not None
    assert (found.way, found.is_complete) == (BY_OIDC, True)
    assert (linked.oidc_issuer, linked.oidc_subject) == (provider.settings.issuer, "planner")
    assert linked.last_sign_in_at is not None


def test_the_history_tells_when_and_why_an_account_was_linked(
    browser: FlaskClient, planner_engine: Engine
) -> None:
    sign_in(browser, "planner")
    sign_in(browser, "planner")
    rows = text(
        "SELECT account_id, reason, after ->> 'oidc_subject' AS subject FROM change "
        "WHERE table_name = 'account' AND action = 'changed' AND (after ->> 'id')::int = :id"
    )
    with planner_engine.connect() as connection:
        found = account_by_email(connection, EMAIL)
        assert found is not None
        (row,) = connection.execute(rows, {"id": found.id})
    assert (row.account_id, row.subject) == (found.id, "planner")
    assert row.reason.startswith("Gekoppeld")


def test_once_linked_an_account_is_known_by_its_subject_not_by_an_address(
    browser: FlaskClient, planner_engine: Engine
) -> None:
    sign_in(browser, "planner")
    with planner_engine.begin() as connection:
        connection.execute(
            update(Account).where(Account.email == EMAIL).values(email="nieuw@test.example")
        )
    assert sign_in(browser, "planner").status_code == 303
    assert_stopped(sign_in(browser, "naamgenoot"), 403, NO_ROLE)


def test_an_account_of_someone_else_is_not_taken_over_by_its_address(
    browser: FlaskClient, planner_engine: Engine
) -> None:
    sign_in(browser, "planner")
    other = browser.application.test_client()
    assert_stopped(sign_in(other, "naamgenoot"), 403, NO_ROLE)
    assert token_of(other) is None


@pytest.mark.parametrize("name", ["onbekend", "ongecontroleerd", "zonder-adres", "zonder-rol"])
def test_who_has_no_role_here_is_told_so_and_no_account_is_made(
    browser: FlaskClient, planner_engine: Engine, name: str
) -> None:
    with planner_engine.begin() as connection:
        account_id = add_account(connection, "ongecontroleerd@test.example", "Iemand")
        set_roles(connection, account_id, [("raadslid", "")])
        add_account(connection, "zonder-rol@test.example", "Iemand")
        before = all_accounts(connection)
    assert_stopped(sign_in(browser, name), 403, NO_ROLE)
    assert token_of(browser) is None
    with planner_engine.connect() as connection:
        assert all_accounts(connection) == before


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_closed_account_stays_closed(
    browser: FlaskClient, planner_engine: Engine, provider: OidcProvider, is_linked: bool
) -> None:
    with planner_engine.begin() as connection:
        account_id = add_account(connection, "gesloten@test.example", "Wie weg is")
        set_roles(connection, account_id, [PLANNER])
        if is_linked:
            assert link_account(connection, account_id, provider.settings.issuer, "gesloten")
        connection.execute(update(Account).where(Account.id == account_id).values(is_active=False))
    assert_stopped(sign_in(browser, "gesloten"), 403, "Dit account is gesloten.")
    assert token_of(browser) is None
    with planner_engine.connect() as connection:
        assert account(connection, account_id).has_oidc == is_linked


def test_an_account_is_linked_once(planner_engine: Engine, provider: OidcProvider) -> None:
    with planner_engine.begin() as connection:
        found = account_by_email(connection, EMAIL)
        assert found is not None
        assert link_account(connection, found.id, provider.settings.issuer, "planner")
        assert not link_account(connection, found.id, provider.settings.issuer, "naamgenoot")


def test_who_gives_up_can_begin_again(browser: FlaskClient) -> None:
    answer = sign_in(browser, None, "?verder=/bronnen")
    assert_stopped(answer, 400, "niet afgemaakt")
    assert 'href="/inloggen/oidc?verder=/bronnen"' in answer.get_data(as_text=True)
    assert sign_in(browser, "planner").status_code == 303


def test_who_is_refused_can_choose_another_account(browser: FlaskClient) -> None:
    page = sign_in(browser, "onbekend").get_data(as_text=True)
    assert 'href="/inloggen/oidc?ander=1' in page
    assert parse_qs(urlsplit(leave(browser, "?ander=1")).query)["prompt"] == ["login"]
    assert "prompt" not in parse_qs(urlsplit(leave(browser)).query)


def test_an_answer_works_once(browser: FlaskClient, app: Flask) -> None:
    address = leave(browser)
    with browser.session_transaction(base_url=HERE) as cookie:
        before = dict(cookie)
    back = visit(address, "planner")
    assert come_back(browser, back).status_code == 303
    assert_stopped(come_back(browser, back), 400, "Begin opnieuw.")
    thief = app.test_client()
    with thief.session_transaction(base_url=HERE) as cookie:
        cookie.update(before)
    assert_stopped(come_back(thief, back), 400, "al gebruikt")
    assert token_of(thief) is None


def test_an_answer_works_only_in_the_browser_that_began(browser: FlaskClient, app: Flask) -> None:
    back = visit(leave(browser), "planner")
    victim = app.test_client()
    assert_stopped(come_back(victim, back), 400, "in een andere browser")
    leave(victim)
    assert_stopped(come_back(victim, back), 400, "in een andere browser")
    assert token_of(victim) is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=", "?error=access_denied", "?state=%00"])
def test_an_answer_to_nothing_is_no_way_in(browser: FlaskClient, query: str) -> None:
    leave(browser)
    assert_stopped(browser.get(f"{WAY_BACK}{query}", base_url=HERE), 400, "Begin opnieuw.")


def test_an_answer_that_comes_too_late_is_no_way_in(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = visit(leave(browser), "planner")
    monkeypatch.setattr("app.services.oidc.LONGEST_ATTEMPT", dt.timedelta(seconds=-1))
    assert_stopped(come_back(browser, back), 400, "duurde te lang")
    assert token_of(browser) is None


def test_two_windows_may_sign_in_at_once(browser: FlaskClient) -> None:
    first, second = leave(browser, "?verder=/lijst"), leave(browser, "?verder=/soorten")
    assert sign_in_at(browser, first) == "/lijst"
    for _ in range(9):
        third = leave(browser, "?verder=/bronnen")
    assert sign_in_at(browser, third) == "/bronnen"
    with browser.session_transaction(base_url=HERE) as cookie:
        assert list(cookie) == [TOKEN]
    assert second != first


def test_a_code_is_worth_nothing_without_the_verifier(browser: FlaskClient) -> None:
    address = leave(browser)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    with browser.session_transaction(base_url=HERE) as cookie:
        (attempt,) = cookie["oidc"]
        assert attempt["verifier"] not in address
        cookie["oidc"] = [{**attempt, "verifier": "x" * 43}]
    assert_stopped(come_back(browser, visit(address, "planner")), 400, "Begin opnieuw.")


def test_the_nonce_of_another_attempt_is_no_way_in(browser: FlaskClient) -> None:
    address = leave(browser)
    with browser.session_transaction(base_url=HERE) as cookie:
        (attempt,) = cookie["oidc"]
        cookie["oidc"] = [{**attempt, "nonce": "van een ander"}]
    assert_stopped(come_back(browser, visit(address, "planner")), 400, "klopt niet")


def test_what_was_in_the_cookie_before_is_worth_nothing_after(
    app: Flask, planner_engine: Engine
) -> None:
    browser = signed_in(app, planner_engine, "beheerder")
    old = token_of_default(browser)
    visitor = app.test_client()
    with visitor.session_transaction(base_url=HERE) as cookie:
        cookie.update({TOKEN: old, "halverwege": "x", "csrf_token": "vooraf bekend"})
    sign_in(visitor, "planner")
    new = token_of(visitor)
    with visitor.session_transaction(base_url=HERE) as cookie:
        assert dict(cookie) == {TOKEN: new}
    assert new != old
    with planner_engine.connect() as connection:
        assert find_person(connection, old, dt.datetime.now(dt.UTC)) is None


def token_of_default(browser: FlaskClient) -> str:
    with browser.session_transaction() as cookie:
        return str(cookie[TOKEN])


def test_a_provider_may_change_its_keys(planner_engine: Engine, tmp_path: Path) -> None:
    with temporary_folder() as folder, ExitStack() as stack:
        with oidc_provider(folder) as first:
            app = stack.enter_context(
                own_app(settings_of(first.settings, tmp_path), planner_engine)
            )
            assert sign_in(app.test_client(), "planner").status_code == 303
        with oidc_provider(folder, first.port):
            assert sign_in(app.test_client(), "planner").status_code == 303


def test_a_provider_that_is_away_is_told_in_words_until_it_is_back(
    planner_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_discovery, "KEPT_S", 0)
    monkeypatch.setattr(oidc_discovery, "PAUSE_S", 0)
    with temporary_folder() as folder, ExitStack() as stack:
        with oidc_provider(folder) as first:
            app = stack.enter_context(
                own_app(settings_of(first.settings, tmp_path), planner_engine)
            )
            browser = app.test_client()
            back = visit(leave(browser), "planner")
        for answer in (
            come_back(browser, back),
            browser.get("/inloggen/oidc", base_url=HERE),
        ):
            assert_stopped(answer, 503, "geeft nu geen antwoord")
        with oidc_provider(folder, first.port):
            assert sign_in(browser, "planner").status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "vlekkenplan.example.evil.example"])
def test_the_way_back_is_never_what_a_request_says(
    browser: FlaskClient, planner_engine: Engine, provider: OidcProvider, tmp_path: Path, host: str
) -> None:
    own = way_back_of(browser.get("/inloggen/oidc", base_url=HERE, headers={"Host": host}))
    assert own == f"{HERE}{WAY_BACK}"
    away = browser.get("/inloggen/oidc", base_url=f"http://{host}:5001")
    assert way_back_of(away) == f"http://127.0.0.1:5001{WAY_BACK}"
    public = settings_of(provider.settings, tmp_path, "https://vlekkenplan.example")
    with own_app(public, planner_engine) as app:
        there = app.test_client()
        assert there.get("/inloggen/oidc", headers={"Host": host}).status_code == 400
        answer = there.get("/inloggen/oidc", base_url="https://vlekkenplan.example")
        assert way_back_of(answer) == f"https://vlekkenplan.example{WAY_BACK}"
        assert "__Host-vlekkenplan" in answer.headers["Set-Cookie"]


def way_back_of(answer: TestResponse) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["redirect_uri"][0]


@pytest.mark.parametrize(
    "verder",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\tevil.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "",
        "/inloggen/oidc?verder=/",
        "/" + "x" * 600,
    ],
)
def test_nobody_is_sent_on_to_another_site(browser: FlaskClient, verder: str) -> None:
    address = browser.get("/inloggen/oidc", base_url=HERE, query_string={"verder": verder})
    assert sign_in_at(browser, address.headers["Location"]) == "/inloggen"


def test_a_secret_that_the_provider_does_not_know_is_no_traceback(
    planner_engine: Engine, provider: OidcProvider, tmp_path: Path
) -> None:
    wrong = OidcSettings(provider.settings.issuer, CLIENT_ID, "niet het geheim van deze website")
    with own_app(settings_of(wrong, tmp_path), planner_engine) as app:
        assert_stopped(sign_in(app.test_client(), "planner"), 400, "klopt niet")


def test_without_a_provider_the_way_leads_to_the_page_to_sign_in(
    world_site: tuple[Flask, Engine],
) -> None:
    for address in ("/inloggen/oidc", WAY_BACK, f"{WAY_BACK}?code=x&state=y"):
        answer = world_site[0].test_client().get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/inloggen")


def test_the_log_tells_why_and_holds_no_secret(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("planner", "onbekend", None):
        address = leave(browser)
        with browser.session_transaction(base_url=HERE) as cookie:
            kept = [value for attempt in cookie["oidc"] for value in attempt.values()]
        back = visit(address, name)
        come_back(browser, back)
        come_back(browser, back)
        secrets = [*kept, *parse_qs(urlsplit(back).query).get("code", []), token_of(browser)]
        for secret in secrets:
            assert not secret or len(str(secret)) < 20 or str(secret) not in caplog.text
    assert "no account with a role" in caplog.text
    assert "access_denied" in caplog.text
    assert CLIENT_SECRET not in caplog.text
    assert "onbekend" not in caplog.text
    assert "Traceback" not in caplog.text


def test_the_page_to_sign_in_leads_to_the_provider_that_is_set(
    browser: FlaskClient, planner_engine: Engine, world_site: tuple[Flask, Engine]
) -> None:
    page = browser.get("/inloggen?verder=/lijst", base_url=HERE).get_data(as_text=True)
    assert 'href="/inloggen/oidc?verder=/lijst"' in page
    assert DEFAULT_OIDC_LABEL in page
    without = world_site[0].test_client().get("/inloggen").get_data(as_text=True)
    assert "/inloggen/oidc" not in without
    assert DEFAULT_OIDC_LABEL not in without


def test_who_is_signed_in_lands_where_the_work_is(browser: FlaskClient) -> None:
    landed = sign_in(browser, "planner")
    assert landed.headers["Location"] == "/inloggen"
    first = browser.get("/inloggen", base_url=HERE)
    assert (first.status_code, first.headers["Location"]) == (303, "/werkbank")
    assert "Planner (test)" in browser.get("/werkbank", base_url=HERE).get_data(as_text=True)


def test_the_page_on_privacy_tells_what_the_organisation_gets_to_know(
    browser: FlaskClient, world: FlaskClient
) -> None:
    words = "krijgt uw organisatie te weten"
    assert words in browser.get("/privacy", base_url=HERE).get_data(as_text=True)
    assert words not in world.get("/privacy").get_data(as_text=True)
