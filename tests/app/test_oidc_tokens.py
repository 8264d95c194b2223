"""Whatever a provider answers, only a good ID token is a way in; the rest ends on a page."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app.services import oidc_discovery
from tests.app.oidc_browser import HERE, assert_stopped, leave, settings_of, token_of
from tests.app.signed_in import csrf_token
from tests.app.unruly_provider import (
    METADATA,
    Told,
    UnrulyProvider,
    new_key,
    signed,
    unruly_provider,
)
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, WAY_BACK
from tests.own_app import own_app

WRONG = "klopt niet"
AWAY = "geeft nu geen antwoord"
MakeToken = Callable[[UnrulyProvider, str], str | None]


@pytest.fixture
def unruly() -> Iterator[UnrulyProvider]:
    with unruly_provider() as running:
        yield running


@pytest.fixture
def app(unruly: UnrulyProvider, planner_engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    with own_app(settings_of(unruly.settings, tmp_path), planner_engine) as made:
        yield made


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def asked(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]


def answer_with(
    browser: FlaskClient, unruly: UnrulyProvider, make: MakeToken, **answer: str
) -> TestResponse:
    """Sign in at a provider that answers with the token of ``make``."""
    address = leave(browser)
    unruly.give(make(unruly, asked(address, "nonce")))
    return come_back_with(browser, address, iss=unruly.issuer, **answer)


def come_back_with(browser: FlaskClient, address: str, **answer: str) -> TestResponse:
    query = urlencode({"code": "eenmalig", "state": asked(address, "state"), **answer})
    return browser.get(f"{WAY_BACK}?{query}", base_url=HERE)


def good(provider: UnrulyProvider, nonce: str) -> str:
    return signed(provider.claims(nonce), provider.key)


def saying(**other: Any) -> MakeToken:
    """A token that says something else than it should, or not at all: None."""

    def make(provider: UnrulyProvider, nonce: str) -> str:
        said = {**provider.claims(nonce), **other}
        return signed({name: said[name] for name in said if said[name] is not None}, provider.key)

    return make


def unsigned(provider: UnrulyProvider, nonce: str) -> str:
    parts = ({"alg": "none", "kid": provider.key.kid}, provider.claims(nonce))
    return ".".join((*map(encoded, parts), ""))


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def by_public_key_as_secret(provider: UnrulyProvider, nonce: str) -> str:
    return by_secret(provider, nonce, provider.key.as_pem(private=False))


def by_our_secret(provider: UnrulyProvider, nonce: str) -> str:
    return by_secret(provider, nonce, CLIENT_SECRET.encode())


def by_secret(provider: UnrulyProvider, nonce: str, secret: bytes) -> str:
    head = encoded({"alg": "HS256", "kid": provider.key.kid})
    text = f"{head}.{encoded(provider.claims(nonce))}"
    seal = hmac.new(secret, text.encode(), "sha256").digest()
    return f"{text}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def changed_after_signing(provider: UnrulyProvider, nonce: str) -> str:
    head, _, seal = good(provider, nonce).split(".")
    return f"{head}.{encoded({**provider.claims(nonce), 'sub': 'iemand anders'})}.{seal}"


def by_key_in_token(provider: UnrulyProvider, nonce: str) -> str:
    own = new_key("van mij")
    return signed(provider.claims(nonce), own, jwk=own.as_dict(private=False))


def test_a_good_token_is_a_way_in(browser: FlaskClient, unruly: UnrulyProvider) -> None:
    answer = answer_with(browser, unruly, good)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/inloggen")
    assert token_of(browser)
    assert unruly.asked["/me"] == 0


PAST = int(time.time()) - 1000
BAD: dict[str, MakeToken] = {
    "the nonce of another": saying(nonce="van een ander"),
    "no nonce": saying(nonce=None),
    "an empty nonce": saying(nonce=""),
    "a nonce that is a list": lambda provider, nonce: saying(nonce=[nonce])(provider, nonce),
    "for another website": saying(aud="een-andere-website"),
    "for another website, asked by us": saying(aud="een-andere-website", azp=CLIENT_ID),
    "for us and another who asked": saying(aud=[CLIENT_ID, "ander"], azp="ander"),
    "for us and another": saying(aud=[CLIENT_ID, "ander"]),
    "for nobody": saying(aud=None),
    "for an empty list": saying(aud=[]),
    "of another issuer": saying(iss="https://evil.example"),
    "of no issuer": saying(iss=None),
    "expired": saying(exp=PAST),
    "never expires": saying(exp=None),
    "expires at a word": saying(exp="morgen"),
    "expires at true": saying(exp=True),
    "of the future": saying(iat=int(time.time()) + 1000),
    "not yet valid": saying(nbf=int(time.time()) + 1000),
    "of no moment": saying(iat=None),
    "about nobody": saying(sub=None),
    "about an empty name": saying(sub=""),
    "about a number": saying(sub=7),
    "about a list": saying(sub=["planner"]),
    "about a name with a zero byte": saying(sub="planner\x00"),
    "with another access token": saying(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "not signed": unsigned,
    "signed with the public key as a secret": by_public_key_as_secret,
    "signed with our own secret": by_our_secret,
    "signed by someone else under the same name": lambda provider, nonce: signed(
        provider.claims(nonce), new_key("eerste")
    ),
    "signed by an unknown key": lambda provider, nonce: signed(
        provider.claims(nonce), new_key("tweede")
    ),
    "signed by a key that it brings along": by_key_in_token,
    "signed by another kind of key": lambda provider, nonce: signed(
        provider.claims(nonce), ECKey.generate_key("P-256", {"kid": "eerste"}), "ES256"
    ),
    "changed after signing": changed_after_signing,
    "without a seal": lambda provider, nonce: good(provider, nonce).rpartition(".")[0] + ".",
    "cut off": lambda provider, nonce: good(provider, nonce)[:-30],
    "no token": lambda *_: None,
    "an empty token": lambda *_: "",
    "a word": lambda *_: "x",
    "dots": lambda *_: "..",
    "not of base64": lambda *_: "\u20ac.\u20ac.\u20ac",
    "not of JSON": lambda *_: "eHg.eHg.eHg",
}


@pytest.mark.parametrize("make", BAD.values(), ids=list(BAD))
def test_a_bad_token_is_no_way_in(
    browser: FlaskClient, unruly: UnrulyProvider, make: MakeToken
) -> None:
    assert_stopped(answer_with(browser, unruly, make), 400, WRONG)
    assert token_of(browser) is None
    assert answer_with(browser, unruly, good).status_code == 303


def test_a_small_difference_between_clocks_is_no_fault(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    now = int(time.time())
    late = saying(exp=now - 20, iat=now + 20)
    assert answer_with(browser, unruly, late).status_code == 303


@pytest.mark.parametrize("told", [True, "true", 1, None, False])
def test_only_an_address_that_the_provider_verified_leads_to_an_account(
    browser: FlaskClient, unruly: UnrulyProvider, told: object
) -> None:
    status = answer_with(browser, unruly, saying(email_verified=told)).status_code
    assert status == (303 if told is True else 403)


@pytest.mark.parametrize("email", [None, "", 7, ["planner.oidc@test.example"], "a\x00@b", "x"])
def test_an_address_that_is_none_leads_to_no_account(
    browser: FlaskClient, unruly: UnrulyProvider, email: object
) -> None:
    unruly.answers["/me"] = Told({"sub": "planner"})
    assert answer_with(browser, unruly, saying(email=email)).status_code == 403


def test_what_is_told_beside_the_token_must_be_about_the_same_person(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    about = {"email": "planner.oidc@test.example", "email_verified": True}
    for wrong in ({"sub": "iemand anders", **about}, about):
        unruly.answers["/me"] = Told(wrong)
        assert_stopped(answer_with(browser, unruly, saying(email=None)), 400, WRONG)
    unruly.answers["/me"] = Told({"sub": "planner", **about})
    assert answer_with(browser, unruly, saying(email=None)).status_code == 303


def test_new_keys_are_asked_when_one_is_missing_and_old_ones_are_dropped(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    assert answer_with(browser, unruly, good).status_code == 303
    assert answer_with(browser, unruly, good).status_code == 303
    assert unruly.asked["/jwks"] == 1
    old, unruly.key = unruly.key, new_key("tweede")
    unruly.publish(unruly.key)
    assert answer_with(browser, unruly, good).status_code == 303
    assert unruly.asked["/jwks"] == 2
    by_old = answer_with(
        browser, unruly, lambda provider, nonce: signed(provider.claims(nonce), old)
    )
    assert_stopped(by_old, 400, WRONG)


def test_a_key_that_changed_under_its_old_name_is_asked_anew(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    assert answer_with(browser, unruly, good).status_code == 303
    unruly.key = new_key("eerste")
    unruly.publish(unruly.key)
    assert answer_with(browser, unruly, good).status_code == 303


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{}]}, {"keys": [7]}, {"keys": 7}])
def test_keys_that_are_none_are_no_way_in(
    browser: FlaskClient, unruly: UnrulyProvider, keys: dict[str, Any]
) -> None:
    unruly.answers["/jwks"] = Told(keys)
    assert_stopped(answer_with(browser, unruly, good), 400, WRONG)


@pytest.mark.parametrize("iss", ["https://evil.example", "", None])
def test_an_answer_of_another_provider_is_no_way_in(
    browser: FlaskClient, unruly: UnrulyProvider, iss: str | None
) -> None:
    address = leave(browser)
    unruly.give(good(unruly, asked(address, "nonce")))
    answer = {} if iss is None else {"iss": iss}
    assert_stopped(come_back_with(browser, address, **answer), 400, WRONG)
    assert unruly.asked["/token"] == 0


def test_a_provider_that_never_names_itself_in_its_answer_works(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    other = unruly.metadata(authorization_response_iss_parameter_supported=False)
    unruly.answers[METADATA] = Told(other)
    address = leave(browser)
    unruly.give(good(unruly, asked(address, "nonce")))
    assert come_back_with(browser, address).status_code == 303


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 400, "niet afgemaakt"),
        ("login_required", 400, "niet afgemaakt"),
        ("<script>alert(1)</script>", 400, "niet afgemaakt"),
        ("server_error", 503, AWAY),
        ("temporarily_unavailable", 503, AWAY),
    ],
)
def test_what_the_provider_says_went_wrong_is_told_in_our_words(
    browser: FlaskClient, unruly: UnrulyProvider, error: str, status: int, words: str
) -> None:
    address = leave(browser)
    said = {"error": error, "error_description": "<b>Kom binnen</b>"}
    answer = come_back_with(browser, address, iss=unruly.issuer, **said)
    assert_stopped(answer, status, words)
    assert "Kom binnen" not in answer.get_data(as_text=True)
    assert "alert(1)" not in answer.get_data(as_text=True)
    assert unruly.asked["/token"] == 0


SILENCE = {
    "a fault": Told(b"<h1>Bad gateway</h1>", 502),
    "a page": Told(b"<html>"),
    "nothing": Told(b""),
    "a list": Told([]),
    "a very deep list": Told(b"[" * 100_000),
    "elsewhere": Told({}, 302, (("Location", "https://evil.example/"),)),
    "not there": Told({"error": "x"}, 404),
}


@pytest.mark.parametrize("told", SILENCE.values(), ids=list(SILENCE))
def test_a_provider_that_tells_nothing_about_itself_is_away(
    browser: FlaskClient, unruly: UnrulyProvider, told: Told
) -> None:
    unruly.answers[METADATA] = told
    assert_stopped(browser.get("/inloggen/oidc", base_url=HERE), 503, AWAY)


@pytest.mark.parametrize("path", ["/jwks", "/me", "/token"])
@pytest.mark.parametrize("told", SILENCE.values(), ids=list(SILENCE))
def test_a_provider_that_falls_silent_halfway_is_away(
    browser: FlaskClient, unruly: UnrulyProvider, path: str, told: Told
) -> None:
    address = leave(browser)
    unruly.give(saying(email=None)(unruly, asked(address, "nonce")))
    unruly.answers[path] = told
    answer = come_back_with(browser, address, iss=unruly.issuer)
    refused = path == "/token" and told.status in (302, 404)
    assert_stopped(answer, 400 if refused else 503, WRONG if refused else AWAY)


@pytest.mark.parametrize(
    "other",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://evil.example/auth"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/jwks"},
        {"jwks_uri": None},
        {"token_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": 7},
    ],
)
def test_a_provider_that_leads_elsewhere_or_nowhere_is_not_followed(
    browser: FlaskClient, unruly: UnrulyProvider, other: dict[str, Any]
) -> None:
    unruly.answers[METADATA] = Told(unruly.metadata(**other))
    assert_stopped(browser.get("/inloggen/oidc", base_url=HERE), 503, AWAY)


def test_a_silent_provider_is_left_alone_for_a_moment(
    browser: FlaskClient, unruly: UnrulyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    unruly.answers[METADATA] = SILENCE["a fault"]
    for _ in range(3):
        assert browser.get("/inloggen/oidc", base_url=HERE).status_code == 503
    assert unruly.asked[METADATA] == 1
    monkeypatch.setattr(oidc_discovery, "PAUSE_S", 0)
    again = browser.application.extensions.pop("vlekkenplan_oidc")
    assert again is not None
    for _ in range(3):
        assert browser.get("/inloggen/oidc", base_url=HERE).status_code == 503
    assert unruly.asked[METADATA] == 4


def test_a_provider_that_never_answers_is_not_waited_for(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert oidc_discovery.TIMEOUT_S == 10
    waited: list[object] = []

    def never(*_: object, timeout: object, **__: object) -> None:
        waited.append(timeout)
        raise requests.Timeout

    monkeypatch.setattr("app.services.oidc_discovery.requests.get", never)
    assert_stopped(browser.get("/inloggen/oidc", base_url=HERE), 503, AWAY)
    assert waited == [10]


def test_signing_out_at_the_provider_leads_there_alone(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    without = browser.get("/inloggen/oidc/uit", base_url=HERE)
    assert (without.status_code, without.headers["Location"]) == (303, "/inloggen")
    browser.application.extensions.pop("vlekkenplan_oidc")
    for address, expected in (
        ("http://evil.example/uit", "/inloggen"),
        (f"{unruly.issuer}/uit", f"{unruly.issuer}/uit?client_id={CLIENT_ID}"),
    ):
        unruly.answers[METADATA] = Told(unruly.metadata(end_session_endpoint=address))
        browser.application.extensions.pop("vlekkenplan_oidc", None)
        answer = browser.get("/inloggen/oidc/uit", base_url=HERE)
        assert (answer.status_code, answer.headers["Location"]) == (303, expected)


def test_a_provider_that_is_away_keeps_nobody_signed_in_here(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    unruly.answers[METADATA] = SILENCE["a fault"]
    answer = browser.get("/inloggen/oidc/uit", base_url=HERE)
    assert_stopped(answer, 503, "Hier bent u wel uitgelogd.")
    assert "Uitloggen bij uw organisatie is niet gelukt" in answer.get_data(as_text=True)


def test_signing_out_says_where_someone_is_still_signed_in(
    browser: FlaskClient, unruly: UnrulyProvider
) -> None:
    assert answer_with(browser, unruly, good).status_code == 303
    token = csrf_token(browser, f"{HERE}/werkbank")
    answer = browser.post("/uitloggen", base_url=HERE, data={"csrf_token": token})
    assert answer.headers["Location"] == "/inloggen?bericht=ook-daar"
    assert token_of(browser) is None
    page = browser.get(answer.headers["Location"], base_url=HERE).get_data(as_text=True)
    assert 'href="/inloggen/oidc/uit"' in page
