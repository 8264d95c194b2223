"""What a provider of OpenID Connect tells about itself: its addresses and its keys."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

from app.config import is_private_line

log = logging.getLogger("vlekkenplan")

#: A person waits for the provider, so it gets so long for each answer.
TIMEOUT_S = 10
#: How long an answer is used before it is asked again.
KEPT_S = 3600
#: After a question without an answer nobody is made to wait for so long.
PAUSE_S = 5
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SignInFault(Exception):
    """Signing in at the provider did not work; the message is for the person, in Dutch."""


class ProviderAway(SignInFault):
    """The provider gives no answer, or none that we understand."""

    def __init__(self, reason: str) -> None:
        log.warning("Sign-in by OpenID Connect: the provider is away: %s", reason)
        super().__init__(
            "De inlogdienst van uw organisatie geeft nu geen antwoord. Probeer het over een paar "
            "minuten opnieuw."
        )


@dataclass(frozen=True)
class _Kept:
    content: dict[str, Any]
    until: float


class Discovery:
    """Asks the provider when something is first needed, and keeps the answer for an hour."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._kept: dict[str, _Kept] = {}
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def metadata(self) -> dict[str, Any]:
        """The addresses of the provider and what it can do. Raises ProviderAway."""
        found = self._ask(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise ProviderAway(f"it calls itself {found.get('issuer')!r}, not {self._issuer!r}")
        open_lines = [name for name in _ADDRESSES if not is_private_line(str(found.get(name)))]
        if open_lines:
            raise ProviderAway(f"no safe address for {', '.join(open_lines)}")
        return found

    def keys(self, *, anew: bool = False) -> dict[str, Any]:
        """The keys with which the provider signs; ``anew`` when one is missing."""
        return self._ask(self.metadata()["jwks_uri"], anew=anew)

    def _ask(self, address: str, *, anew: bool = False) -> dict[str, Any]:
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(address)
            silent = now < self._silent_until
        if kept and now < kept.until and not anew:
            return kept.content
        if silent:
            raise ProviderAway("it gave no answer a moment ago")
        try:
            content = read_json(address)
        except ProviderAway:
            with self._lock:
                self._silent_until = time.monotonic() + PAUSE_S
            raise
        with self._lock:
            self._kept[address] = _Kept(content, now + KEPT_S)
        return content


def read_json(address: str, **headers: str) -> dict[str, Any]:
    """The JSON object at this address. Raises ProviderAway."""
    try:
        with requests.get(
            address,
            headers={"Accept": "application/json", "User-Agent": "vlekkenplan", **headers},
            timeout=TIMEOUT_S,
            allow_redirects=False,
        ) as answer:
            status, content = answer.status_code, answer.json()
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise ProviderAway(f"{address}: {type(error).__name__}") from None
    if status != requests.codes.ok or not isinstance(content, dict):
        raise ProviderAway(f"{address}: status {status}")
    return content
