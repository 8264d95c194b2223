"""A provider of OpenID Connect that answers whatever a test wants, also what no provider should."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import Key, RSAKey

from app.config import OidcSettings
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET

METADATA = "/.well-known/openid-configuration"
SUBJECT = "planner"


@dataclass(frozen=True)
class Told:
    """One answer, as it is sent."""

    body: Any
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """The body: bytes as they are, anything else as JSON."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class UnrulyProvider:
    """Its ``answers`` by path may be changed at any time; ``asked`` counts the questions."""

    issuer: str
    key: RSAKey = field(default_factory=lambda: new_key("eerste"))
    answers: dict[str, Told] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.answers[METADATA] = Told(self.metadata())
        self.publish(self.key)

    @property
    def settings(self) -> OidcSettings:
        """Of the website that sends people here."""
        return OidcSettings(self.issuer, CLIENT_ID, CLIENT_SECRET)

    def metadata(self, **other: Any) -> dict[str, Any]:
        """What a provider tells about itself, but for ``other``."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
            **other,
        }

    def publish(self, *keys: Key) -> None:
        """Tell that these are the keys to check signatures with."""
        self.answers["/jwks"] = Told({"keys": [key.as_dict(private=False) for key in keys]})

    def claims(self, nonce: str) -> dict[str, Any]:
        """What a good ID token says."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "planner.oidc@test.example",
            "email_verified": True,
        }

    def give(self, id_token: str | None, **other: Any) -> None:
        """Answer the next code with this ID token."""
        tokens = {"access_token": "toegang", "token_type": "Bearer", "id_token": id_token, **other}
        self.answers["/token"] = Told(
            {name: value for name, value in tokens.items() if value is not None}
        )


def new_key(kid: str) -> RSAKey:
    """A key to sign with."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def signed(claims: dict[str, Any], key: Key, alg: str = "RS256", **header: Any) -> str:
    """An ID token."""
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, [alg])


@contextmanager
def unruly_provider() -> Iterator[UnrulyProvider]:
    """Start it on this machine, for as long as this lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.asked[path] += 1
            told = made.answers.get(path, Told({"error": "not_found"}, 404))
            self.send_response(told.status)
            for name, value in (("Content-Type", "application/json"), *told.headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.to_bytes())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = UnrulyProvider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()
