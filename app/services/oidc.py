"""Sign-in by OpenID Connect: the authorization code flow with PKCE, at one provider.

The provider says who someone is; what that person may do here is ours alone. Which account
belongs to an identity is told by ``app.services.oidc_accounts``.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote_plus

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from app.config import OidcSettings, is_private_line
from app.services.oidc_discovery import TIMEOUT_S, Discovery, ProviderAway, SignInFault, read_json

log = logging.getLogger("vlekkenplan")

SCOPE = "openid email"
#: Between leaving for the provider and coming back; then one begins anew.
LONGEST_ATTEMPT = dt.timedelta(minutes=15)
#: Only signatures that the provider alone can make: no ``none``, no shared secret.
ALGORITHMS = tuple(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512))
#: How much the clocks of the provider and of this machine may differ.
LEEWAY_S = 60
_AWAY = {"server_error", "temporarily_unavailable"}


class BrokenAttempt(SignInFault):
    """The provider's answer belongs to nothing that this browser began, or comes too late."""

    def __init__(self) -> None:
        super().__init__(
            "Het inloggen duurde te lang, of het begon in een andere browser. Begin opnieuw."
        )


class Cancelled(SignInFault):
    """The person, or the provider, did not go through with it."""

    def __init__(self) -> None:
        super().__init__("U hebt het inloggen bij uw organisatie niet afgemaakt.")


class BadAnswer(SignInFault):
    """Something in the answer is not as it must be; ``reason`` is for the log, without secrets."""

    def __init__(self, reason: str) -> None:
        log.warning("Sign-in by OpenID Connect refused: %s", reason)
        super().__init__(
            "Het antwoord van de inlogdienst van uw organisatie klopt niet, of is al gebruikt. "
            "Begin opnieuw."
        )


@dataclass(frozen=True)
class Attempt:
    """What a browser keeps while its person is away at the provider."""

    state: str
    nonce: str
    verifier: str
    began_at: int
    way_on: str

    def is_over(self, now: dt.datetime) -> bool:
        """Whether it took too long."""
        return now.timestamp() - self.began_at > LONGEST_ATTEMPT.total_seconds()


@dataclass(frozen=True)
class Identity:
    """Who someone is at the provider. ``email`` is None unless the provider verified it."""

    issuer: str
    subject: str
    email: str | None


def new_attempt(way_on: str, now: dt.datetime) -> Attempt:
    """Begin to sign in; afterwards the browser goes to ``way_on``, if that is anywhere."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, int(now.timestamp()), way_on)


class Provider:
    """One provider of OpenID Connect. Nothing is asked of it before someone signs in."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._discovery = Discovery(settings.issuer)

    def leave_for(self, attempt: Attempt, back: str, *, other_account: bool = False) -> str:
        """The address at the provider to sign in at; it sends people on to ``back``."""
        endpoint = self._discovery.metadata()["authorization_endpoint"]
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                endpoint,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                prompt="login" if other_account else None,
            )
        return cast(str, address)

    def leave_at(self) -> str | None:
        """The address to sign out at the provider itself; None when it has none."""
        address = str(self._discovery.metadata().get("end_session_endpoint", ""))
        if not is_private_line(address):
            return None
        return cast(str, add_params_to_uri(address, [("client_id", self._settings.client_id)]))

    def identify(self, answer: Mapping[str, str], attempt: Attempt, back: str) -> Identity:
        """Who came back with this answer to ``attempt``. Raises SignInFault."""
        self._check_sender(answer)
        token = self._exchange(_code(answer), attempt, back)
        claims = self._claims(token, attempt.nonce)
        about = claims if "email" in claims else self._userinfo(token, claims["sub"])
        return Identity(self._settings.issuer, claims["sub"], _verified_email(about))

    def _client(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",
            default_timeout=TIMEOUT_S,
        )

    def _check_sender(self, answer: Mapping[str, str]) -> None:
        """Whether the answer is of our provider, as far as it says so (RFC 9207)."""
        metadata = self._discovery.metadata()
        is_told = metadata.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if is_told else self._settings.issuer) != self._settings.issuer:
            raise BadAnswer("the answer is of another issuer")

    def _exchange(self, code: str, attempt: Attempt, back: str) -> dict[str, Any]:
        """Trade the code for tokens; only who knows the verifier and the secret can."""
        metadata = self._discovery.metadata()
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        known = (quote_plus(self._settings.client_id), quote_plus(self._settings.client_secret))
        try:
            with self._client(back) as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    code=code,
                    code_verifier=attempt.verifier,
                    auth=known if "client_secret_basic" in ways else None,
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise BadAnswer(f"the code was not accepted ({_word(error.error)})") from None
        except (requests.RequestException, OSError, ValueError, RecursionError) as error:
            raise ProviderAway(f"no tokens: {type(error).__name__}") from None
        return dict(token)

    def _claims(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, when all of it is in order."""
        ours = {"essential": True, "value": self._settings.client_id}
        try:
            decoded = self._decode(str(token.get("id_token", "")))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {"iss": {"essential": True, "value": self._settings.issuer}, "aud": ours},
                {
                    "nonce": nonce,
                    "client_id": self._settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY_S)
        except JoseError as error:
            raise BadAnswer(f"ID token: {error.error} {getattr(error, 'claim', '')}") from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadAnswer(f"ID token: {type(error).__name__}") from None
        if not claims["sub"] or not claims["sub"].isprintable():
            raise BadAnswer("ID token: no subject")
        return dict(claims)

    def _decode(self, token: str) -> jwt.Token:
        """The token with its signature checked; keys may have changed since we asked."""
        try:
            return _with_keys(token, self._discovery.keys())
        except (InvalidKeyIdError, BadSignatureError):
            return _with_keys(token, self._discovery.keys(anew=True))

    def _userinfo(self, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider tells beside the ID token; it must be about the same person."""
        address = str(self._discovery.metadata().get("userinfo_endpoint", ""))
        if not is_private_line(address):
            return {}
        about = read_json(address, Authorization=f"Bearer {token.get('access_token')}")
        if about.get("sub") != subject:
            raise BadAnswer("userinfo is about someone else")
        return about


def _code(answer: Mapping[str, str]) -> str:
    if error := answer.get("error"):
        log.warning("Sign-in by OpenID Connect: the provider answers %s", _word(error))
        raise ProviderAway(_word(error)) if error in _AWAY else Cancelled()
    if not answer.get("code"):
        raise BadAnswer("no code")
    return answer["code"]


def _verified_email(about: Mapping[str, Any]) -> str | None:
    email = about.get("email")
    is_usable = isinstance(email, str) and email.isprintable() and "@" in email
    return email if is_usable and about.get("email_verified") is True else None


def _with_keys(token: str, keys: dict[str, Any]) -> jwt.Token:
    key_set = KeySet.import_key_set(cast(KeySetSerialization, keys))
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    return jwt.decode(token, key_set, registry=registry)


def _word(error: object) -> str:
    """The code of an error, fit for one line of a log."""
    return "".join(c for c in str(error) if c.isascii() and c.isprintable())[:40]
