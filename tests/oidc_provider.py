"""A real provider of OpenID Connect in a process of its own, gone afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from app.config import OidcSettings
from tests.database_server import CHECKOUT

CLIENT_ID = "vlekkenplan"
#: Signs that a careless client would send in another way than they are.
CLIENT_SECRET = "geheim+van/de%25 tests: 0123456789abcdef"
WAY_BACK = "/inloggen/oidc/terug"
#: Whom the provider knows, by what they type there.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "planner": {"email": "Planner.Oidc@Test.example", "email_verified": True},
    "ongecontroleerd": {"email": "ongecontroleerd@test.example", "email_verified": False},
    "onbekend": {"email": "onbekend@test.example", "email_verified": True},
    "gesloten": {"email": "gesloten@test.example", "email_verified": True},
    "zonder-rol": {"email": "zonder-rol@test.example", "email_verified": True},
    "naamgenoot": {"email": "planner.oidc@test.example", "email_verified": True},
    "zonder-adres": {},
}
MOST_STEPS = 12


@dataclass(frozen=True)
class OidcProvider:
    """A provider that runs; ``settings`` are of the website that may send people to it."""

    settings: OidcSettings

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.settings.issuer).port or 0


@contextmanager
def oidc_provider(folder: Path, port: int = 0) -> Iterator[OidcProvider]:
    """Start a provider with a key of its own; ``folder`` is one of ``temporary_folder``."""
    if not (CHECKOUT / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("oidc-provider is not installed (make setup)")
    given = {
        "port": port,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "way_back": WAY_BACK,
        "accounts": ACCOUNTS,
    }
    with (folder / "oidc-provider.log").open("a") as log:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "node", "tests/oidc_provider.mjs", json.dumps(given)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    note = folder / f"{process.pid}.group"
    note.touch()
    with process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            assert issuer, (folder / "oidc-provider.log").read_text()
            yield OidcProvider(OidcSettings(issuer, CLIENT_ID, CLIENT_SECRET))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=10)
            note.unlink()


def visit(address: str, name: str | None) -> str:
    """Sign in at the provider as ``name``, or give up when None; where it sends us back to."""
    with requests.Session() as browser:
        for _ in range(MOST_STEPS):
            answer = browser.get(address, allow_redirects=False, timeout=10)
            if answer.status_code == requests.codes.ok:
                answer = _fill_in(browser, answer, name)
            assert 300 <= answer.status_code < 400, answer.text
            address = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(address).path == WAY_BACK:
                return address
    raise AssertionError(f"the provider does not come to an end: {address}")


def _fill_in(
    browser: requests.Session, shown: requests.Response, name: str | None
) -> requests.Response:
    """Send the form that the provider shows: who we are, or that this website may know it."""
    if name is None:
        abort = re.search(r'href="([^"]+/abort)"', shown.text)
        assert abort, shown.text
        return browser.get(unescape(abort[1]), allow_redirects=False, timeout=10)
    form = re.search(r'action="([^"]+)"', shown.text)
    prompt = re.search(r'name="prompt" value="([^"]+)"', shown.text)
    assert form, shown.text
    assert prompt, shown.text
    filled = {"prompt": prompt[1], "login": name, "password": "maakt niet uit"}
    return browser.post(unescape(form[1]), data=filled, allow_redirects=False, timeout=10)
