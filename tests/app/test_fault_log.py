"""The log helps to mend a fault, and tells nothing of a person or of what was typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from gunicorn.config import Config
from sqlalchemy import Engine, text

from app import database, fault_log
from app.auth.routes import ROUTES
from app.config import Settings
from tests.app.signed_in import signed_in
from tests.own_app import own_app

SECRETS = ("geheim-token", "zoekwoord", "Verborgenlaan", "iemand@test.example", "wachtwoord1")


@pytest.fixture
def faulty(
    world_site: tuple[Flask, Engine],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """An app with pages that break down over what was typed."""
    settings = Settings(tmp_path_factory.mktemp("home"), secret_key="test", tile_url=None)
    with own_app(settings, world_site[1]) as app:
        app.config["WTF_CSRF_ENABLED"] = False

        def break_down(token: str) -> str:
            try:
                raise ValueError(token, SECRETS)
            except ValueError as error:
                raise KeyError(SECRETS) from error

        def break_the_database(token: str) -> str:
            with database.connection() as opened:
                found = opened.execute(text("SELECT CAST(:value AS integer)"), {"value": token})
                return str(found.scalar())

        for name, page in (("down", break_down), ("query", break_the_database)):
            app.add_url_rule(f"/{name}/<token>", name, page, methods=["GET", "POST"])
        monkeypatch.setattr(
            "app.auth.guard.ROUTES", {**ROUTES, "down": "lezen", "query": "accounts_beheren"}
        )
        yield app


def test_a_fault_is_told_by_rule_kind_and_place(
    faulty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.test_client().post(
        "/down/geheim-token?q=zoekwoord", data={"adres": "Verborgenlaan 1"}
    )
    assert answer.status_code == 500
    assert "POST /down/<token>: builtins.KeyError" in caplog.text
    assert "caused by builtins.ValueError" in caplog.text
    assert "in break_down" in caplog.text
    assert not [word for word in SECRETS if word in caplog.text]
    page = answer.get_data(as_text=True)
    typed = re.findall(r'<blockquote class="vp-typed">(.*?)</blockquote>', page)
    address = re.findall(r'href="(/down/[^"]*)"', page)
    assert (typed, address) == (["Verborgenlaan 1"], ["/down/geheim-token?q=zoekwoord"])
    rest = page.replace(typed[0], "").replace(address[0], "")
    assert not [word for word in SECRETS if word in rest]


def test_a_fault_of_the_database_repeats_no_value(
    faulty: Flask, world_site: tuple[Flask, Engine], caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(faulty, world_site[1], "beheerder")
    assert client.get("/query/geheim-token").status_code == 500
    assert "InvalidTextRepresentation" in caplog.text
    assert not [word for word in SECRETS if word in caplog.text]


def test_a_refusal_is_told_with_the_number_of_the_account(
    faulty: Flask, world_site: tuple[Flask, Engine], caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(faulty, world_site[1], "raadslid")
    assert client.get("/query/geheim-token").status_code == 403
    assert re.search(r"GET /query/<token>: refused to account \d+ \(403\)", caplog.text)
    json = {"Accept": "application/json"}
    assert faulty.test_client().get("/query/geheim-token", headers=json).status_code == 401
    assert "GET /query/<token>: refused to a visitor (401)" in caplog.text
    assert not [word for word in (*SECRETS, "test.example") if word in caplog.text]


def test_a_page_that_is_not_there_leaves_no_trace(
    faulty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    assert faulty.test_client().get("/geheim-token?q=zoekwoord").status_code == 404
    assert caplog.text == ""


def test_a_fault_after_the_page_is_told_in_the_same_way(
    faulty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    faulty.log_exception((ValueError, ValueError(SECRETS), None))  # type: ignore[arg-type]
    with faulty.test_request_context("/down/geheim-token"):
        faulty.log_exception((ValueError, ValueError(SECRETS), None))  # type: ignore[arg-type]
    assert caplog.text.count("builtins.ValueError") == 2
    assert not [word for word in SECRETS if word in caplog.text]


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert fault_log.to_text(first).count("caused by") == 1


@pytest.fixture
def server_log(caplog: pytest.LogCaptureFixture) -> Iterator[fault_log.ServerLog]:
    """The log of gunicorn, heard by the test."""
    log = fault_log.ServerLog(Config())
    log.error_log.addHandler(caplog.handler)
    yield log
    log.error_log.removeHandler(caplog.handler)


def test_the_server_tells_nothing_of_who_asks_or_what(
    server_log: fault_log.ServerLog, caplog: pytest.LogCaptureFixture
) -> None:
    server_log.access(None, None, {"REMOTE_ADDR": "192.0.2.7"}, None)
    server_log.warning("Invalid request from ip=192.0.2.7: 'GET /geheim-token'")
    try:
        raise ValueError(SECRETS)
    except ValueError:
        server_log.exception("Error handling request %s %s", "GET", "/inloggen/link/geheim-token")
    server_log.warning("Worker %s is slow", 7)
    assert "192.0.2.7" not in caplog.text
    assert not [word for word in SECRETS if word in caplog.text]
    assert "A request could not be read." in caplog.text
    assert "Error handling request: builtins.ValueError" in caplog.text
    assert "Worker 7 is slow" in caplog.text


def test_each_line_has_its_moment_in_utc(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(logging, "basicConfig", lambda **given: handlers.extend(given["handlers"]))
    fault_log.write_with_time()
    handlers[0].handle(logging.LogRecord("x", logging.WARNING, "x.py", 1, "let op", (), None))
    shown = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING x: let op\n", shown)
