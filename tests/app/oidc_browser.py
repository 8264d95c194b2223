"""A browser of someone who signs in at their own organisation, and the website it does so for."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth.guard import TOKEN
from app.config import OidcSettings, Settings
from tests.oidc_provider import visit

HERE = "http://127.0.0.1:5001"
#: Of the one planner whom the fixture ``planner_engine`` knows; the provider writes it otherwise.
EMAIL = "planner.oidc@test.example"
PLANNER = ("planner", "GM9001")


def settings_of(oidc: OidcSettings, home: Path, public_url: str | None = None) -> Settings:
    """Of a website where people sign in at this provider."""
    return Settings(home, secret_key="test", tile_url=None, public_url=public_url, oidc=oidc)


def leave(browser: FlaskClient, query: str = "") -> str:
    """Follow the link to the provider; its address."""
    answer = browser.get(f"/inloggen/oidc{query}", base_url=HERE)
    assert answer.status_code == 303
    return answer.headers["Location"]


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    """Go where the provider sends us to."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}")


def sign_in(browser: FlaskClient, name: str | None, query: str = "") -> TestResponse:
    """All the way, as ``name`` at the provider, or giving up there when None."""
    return come_back(browser, visit(leave(browser, query), name))


def sign_in_at(browser: FlaskClient, address: str) -> str:
    """Finish signing in that began with ``address``; where one ends up."""
    return come_back(browser, visit(address, "planner")).headers["Location"]


def token_of(browser: FlaskClient) -> str | None:
    """The token of who is signed in."""
    with browser.session_transaction(base_url=HERE) as cookie:
        return cookie.get(TOKEN)


def assert_stopped(answer: TestResponse, status: int, words: str) -> None:
    """A readable page that says why, and how to go on."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, page
    assert words in page
    assert "Traceback" not in page
    assert 'href="/inloggen/oidc' in page
    assert re.search(r'href="/inloggen(\?verder=[^"]*)?"', page)
    assert answer.headers["Cache-Control"] == "no-store"
