"""Whatever an address says, the answer is in order: no fault of ours, nothing of the inside."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.auth.person import VISITOR
from app.auth.roles import ROLES
from app.auth.routes import ROUTES
from app.database import init_app
from tests.app.signed_in import signed_in

NASTY = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "9" * 30,
    "1e309",
    "nan",
    "\u0663\u0664",
    "\u00b2",
    "\x00",
    "BU03920101\x00",
    "gm0392",
    "GM0392",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    "2026-W01-1",
    "20260101T00",
    "' OR 1=1 --",
    "%s%(x)s{0}{{7*7}}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "..",
    "../../etc/passwd",
    "..\\..\\x",
    "a/b//c",
    "\r\nSet-Cookie: a=b",
    "\ud7ff\U0010ffff\u202e\u200b",
    "\u0130\u0149\u00df",
    "x" * 3000,
    ",".join(["beschut_wonen"] * 300),
)
RAW = ("%", "%ff%fe", "%c0%ae%c0%ae", "%2e%2e", "%2f%2f", "..;/", "%u0041")
#: What once went wrong is tried in every path.
ALWAYS = ("%00", "%0D%0AX%3A%20y", "gm0392%00", "99999999999", "%2e%2e")
JSON_TYPES = ("application/json", "application/geo+json", "application/problem+json")
SEED = 2026
#: The pages with a form that changes something, for who is not signed in.
FORM_PAGES = ("/inloggen", "/inloggen/tweede-stap", "/volgen")


class _Noting(ImmutableMultiDict[str, str]):
    """The parameters of a request that write down what they are asked for."""

    asked: ClassVar[set[str]] = set()

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *rest, **more)


class _NotingRequest(Request):
    parameter_storage_class = _Noting


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def addresses_of(rule: Rule, values: tuple[str, ...]) -> Iterator[str]:
    """The rule with each of the values in each of its places."""
    for value in values if rule.arguments else ("",):
        parts = []
        for is_dynamic, part in rule._trace:
            if not is_dynamic:
                parts.append(part)
                continue
            converter = rule._converters[part]
            known = getattr(converter, "items", None)
            parts.append(sorted(known)[0] if known else value)
        yield "".join(parts).partition("|")[2]


def usual(rule: Rule, **given: str) -> str:
    """An address of the rule that is answered with a page; ``given`` fills some of its places."""
    fills = {"code": "GM9001", "level": "wijk", "release_id": "1", "site_id": "1"}
    fills |= {"token": "geen-echte-link", "account_id": "1"}
    fills |= {"document_id": "1", "choice_id": "1", "job_id": "1", "weighting_id": "1"}
    fills |= {"scenario_id": "1", "item_id": "1"}
    fills |= {"agreement_id": "1", "measurement_id": "1"}
    fills |= {"track_id": "1", "phase_id": "1", "party_id": "1", "meeting_id": "1", "news_id": "1"}
    fills |= {"track_id": "1", "theme_id": "1", "phase_id": "1"}
    fills |= {"filename": "css/base.css", "version": "1", "name": "map", "punt": "100500,480500"}
    fills |= {"change_id": "1", "datum": "2015-01-01"}
    fills["form_key"] = "locatie-nieuw"
    of_types = rule.rule.startswith(("/soorten", "/zoekgebieden"))
    fills["word"] = "respijt" if of_types else "hooverindex"
    fills |= given
    parts = []
    for is_dynamic, part in rule._trace:
        known = getattr(rule._converters.get(part), "items", None) if is_dynamic else None
        parts.append(part if not is_dynamic else sorted(known)[0] if known else fills[part])
    return "".join(parts).partition("|")[2]


def has_form(address: str) -> bool:
    """Whether a visitor sends a form from here; only those pages need a cookie."""
    return address.partition("?")[0] in FORM_PAGES


def methods_of(app: Flask, address: str) -> set[str]:
    """The methods that some page at this address answers."""
    return set(app.url_map.bind("localhost").allowed_methods(address))


def fault_of(client: FlaskClient, address: str, **request: Any) -> str | None:
    """What is wrong with the answer, or None. Who is signed in has a cookie, others get none."""
    is_signed_in = client.get_cookie("vlekkenplan") is not None
    answer = client.open(address, **request)
    return fault_in(answer, address, may_set_cookie=is_signed_in)


def fault_in(answer: TestResponse, address: str, *, may_set_cookie: bool = False) -> str | None:
    """What is wrong with an answer that came from this address, or None."""
    body = answer.get_data()
    answer.close()
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if b"Traceback" in body or b"sqlalchemy" in body or b"psycopg" in body:
        found.append("tells about the inside")
    if answer.mimetype == "text/html" and (b"<script>alert" in body or b"<img src=x" in body):
        found.append("repeats markup")
    if "Content-Security-Policy" not in answer.headers:
        found.append("no policy")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("no nosniff")
    if "Cache-Control" not in answer.headers:
        found.append("no word about keeping it")
    if "immutable" in answer.headers.get("Cache-Control", "") and answer.status_code >= 400:
        found.append("an error that is kept")
    if "Set-Cookie" in answer.headers and not (may_set_cookie or has_form(address)):
        found.append("a cookie")
    if answer.headers.get("Location", "/")[:1] != "/" or answer.headers.get(
        "Location", "/"
    ).startswith("//"):
        found.append(f"leads away to {answer.headers['Location']}")
    path = address.partition("?")[0]
    if path.endswith(".json") and body and answer.mimetype not in JSON_TYPES:
        found.append(f"is {answer.mimetype}, not JSON")
    is_fault = answer.status_code >= 400 and bool(body)
    if path.endswith(".json") and is_fault and answer.mimetype != "application/problem+json":
        found.append("not problem+json")
    return f"{address[:120]!a}: {', '.join(found)}" if found else None


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "vlekkenplan")


def browser_of(site: tuple[Flask, Engine], role: str) -> FlaskClient:
    """A browser of a visitor (no role), or of someone who signed in."""
    app, engine = site
    if not role:
        return app.test_client()
    return signed_in(app, engine, role, "GM9001" if ROLES[role].is_local else "")


WHO = pytest.mark.parametrize("role", ["", "planner", "beheerder"])


@pytest.fixture
def asked_names(
    world_site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch, role: str
) -> dict[str, list[str]]:
    """The parameters that each page reads of someone with this role, by its usual address."""
    app, _ = world_site
    client = browser_of(world_site, role)
    names = {}
    with monkeypatch.context() as patched:
        patched.setattr(app, "request_class", _NotingRequest)
        for address in map(usual, rules(app)):
            _Noting.asked = set()
            client.get(address).close()
            names[address] = sorted(_Noting.asked)
    return names


@WHO
def test_nothing_in_a_path_breaks_a_page(world_site: tuple[Flask, Engine], role: str) -> None:
    app, _ = world_site
    client = browser_of(world_site, role)
    chance = random.Random(SEED)
    quoted = [quote(value, safe="") for value in NASTY]
    found = [
        fault_of(client, address)
        for rule in rules(app)
        if rule.arguments
        for address in addresses_of(rule, (*ALWAYS, *chance.sample([*quoted, *RAW], 16)))
    ]
    assert [fault for fault in found if fault] == []


@WHO
def test_nothing_in_a_parameter_breaks_a_page(
    world_site: tuple[Flask, Engine], asked_names: dict[str, list[str]], role: str
) -> None:
    client = browser_of(world_site, role)
    chance = random.Random(SEED)
    every_name = {name for names in asked_names.values() for name in names}
    assert {"datum", "q", "soort", "status", "locatie", "gebied", "sorteer", "van"} <= every_name
    found = []
    for address, names in asked_names.items():
        for name in [*names, "v"]:
            once, again, other = chance.sample(NASTY, 3)
            for query in ([(name, once)], [(name, again), (name, other)]):
                found.append(fault_of(client, f"{address}?{urlencode(query)}"))
    for name in sorted(every_name):
        for value in chance.sample(NASTY, 12):
            found.append(fault_of(client, f"/kaart/locaties.json?{urlencode({name: value})}"))
    assert [fault for fault in found if fault] == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_answered_cleanly(world_site: tuple[Flask, Engine], method: str) -> None:
    app, _ = world_site
    client = app.test_client()
    for rule in rules(app):
        address = usual(rule)
        assert fault_of(client, address, method=method) is None
        answer = client.open(address, method=method)
        answer.close()
        is_open = VISITOR.may(ROUTES[rule.endpoint])
        if method == "OPTIONS":
            assert ("Allow" in answer.headers) == is_open, address
        elif method not in methods_of(app, address):
            assert answer.status_code == 405, address
            assert method not in answer.headers["Allow"]
        elif method == "HEAD":
            not_there = (
                "/link/",
                "/dossier/",
                "/gedeeld/",
                "/in-gesprek/GM",
                "/mijn-reactie/",
                "/reactie/",
                "/inbed/",
                "/volgen/GM",
            )
            is_secret = any(word in address for word in not_there)
            expected = {401} if not is_open else {404} if is_secret else {200, 303}
            assert answer.status_code in expected, address
        else:
            assert answer.status_code in (303, 400, 401), address


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "a b", "<x>", "", "x/y"])
def test_the_host_that_a_request_names_is_repeated_nowhere(world: FlaskClient, host: str) -> None:
    for address in ("/", "/lijst/", "//lijst", "/gebied/gm9001", "/lijst/locaties", "/niets"):
        answer = world.get(address, headers={"Host": host})
        assert answer.status_code < 500
        assert "evil" not in answer.get_data(as_text=True)
        assert "evil" not in str(answer.headers)


def test_files_are_kept_for_long_only_under_an_address_that_changes_with_them(
    world: FlaskClient,
) -> None:
    for address in ("/symbolen.svg", "/symbolen.svg?v=1", "/kaart/grenzen/1/wijk.json?v=x"):
        assert world.get(address).headers["Cache-Control"] == "no-cache"
    plain = world.get("/static/css/base.css")
    known = world.get("/static/css/base.css?v=1")
    assert "max-age=3600" in plain.headers["Cache-Control"]
    assert "max-age=31536000" in known.headers["Cache-Control"]
    plain.close()
    known.close()
    assert world.get("/lijst").headers["Cache-Control"] == "no-cache"


def test_a_database_that_is_away_gives_a_clean_fault(
    world_site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = world_site
    monkeypatch.setitem(app.extensions, "vlekkenplan_engine", None)
    init_app(app, create_engine("postgresql+psycopg://me:geheim@127.0.0.1:1/none"))
    client = app.test_client()
    for address, mimetype in (
        ("/lijst", "text/html"),
        ("/kaart/laag.json", "application/problem+json"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (500, mimetype)
        assert "Content-Security-Policy" in answer.headers
        assert b"geheim" not in answer.data
        assert b"psycopg" not in answer.data
