"""Signing in at the provider of someone's own organisation, by OpenID Connect.

It starts with a link, not with a form: our policy lets no form lead to another site. What
protects it is ``state``, which only the browser that began holds in its signed cookie.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from app import database, errors
from app.auth import guard
from app.pages.sender import settings, site_address
from app.pages.sign_in import is_local
from app.services import current
from app.services.oidc import Attempt, BrokenAttempt, Provider, new_attempt
from app.services.oidc_accounts import Refused, account_of
from app.services.oidc_discovery import SignInFault
from app.services.sessions import BY_OIDC, end_session, start_session

page = Blueprint("sign_in_oidc", __name__)

#: The name under which the signed cookie holds what was begun, in so many windows at once.
ATTEMPTS = "oidc"
MOST_ATTEMPTS = 3
#: A browser drops a cookie of more than 4 kB.
LONGEST_WAY_ON = 500
_EXTENSION = "vlekkenplan_oidc"


@page.get("/inloggen/oidc")
def start() -> BaseResponse:
    """Send the browser to the provider."""
    provider = _provider()
    if provider is None:
        return redirect(url_for("sign_in.show"), 303)
    asked = request.args.get("verder", "")
    g.verder = asked if is_local(asked) and len(asked) <= LONGEST_WAY_ON else ""
    attempt = new_attempt(g.verder, current.now())
    address = provider.leave_for(attempt, _way_back(), other_account="ander" in request.args)
    session[ATTEMPTS] = [*_attempts(), asdict(attempt)][-MOST_ATTEMPTS:]
    return _for_once(redirect(address, 303))


@page.get("/inloggen/oidc/terug")
def finish() -> BaseResponse:
    """Let in who comes back from the provider, under a session that is new."""
    provider = _provider()
    if provider is None:
        return redirect(url_for("sign_in.show"), 303)
    now = current.now()
    attempt = _taken(request.args.get("state", ""), now)
    g.verder = attempt.way_on
    identity = provider.identify(request.args, attempt, _way_back())
    with database.accounts_connection() as opened:
        account_id = account_of(opened, identity, now)
        for old in guard.tokens():
            end_session(opened, old)
        token = start_session(opened, account_id, BY_OIDC, now)
    guard.let_in(token)
    return _for_once(redirect(attempt.way_on or url_for("sign_in.show"), 303))


@page.get("/inloggen/oidc/uit")
def leave() -> BaseResponse:
    """Send who signed out here on to the provider, to sign out there as well if they wish."""
    provider = _provider()
    address = provider.leave_at() if provider else None
    return _for_once(redirect(address or url_for("sign_in.show"), 303))


@page.errorhandler(SignInFault)
def say(fault: SignInFault) -> Response:
    """Why it did not work, and how to go on."""
    shown = render_template(
        "sign_in/oidc_mislukt.html",
        message=str(fault),
        is_leaving=request.endpoint == "sign_in_oidc.leave",
        is_refused=isinstance(fault, Refused),
        verder=g.get("verder"),
    )
    return cast(Response, _for_once(make_response(shown, errors.status_of(fault))))


def _provider() -> Provider | None:
    oidc = settings().oidc
    if oidc is None:
        return None
    made = current_app.extensions.setdefault(_EXTENSION, Provider(oidc))
    return cast(Provider, made)


def _way_back() -> str:
    """Where the provider sends people to: never an address that a request names."""
    return f"{site_address()}{url_for('sign_in_oidc.finish')}"


def _attempts() -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], session.get(ATTEMPTS, []))


def _taken(state: str, now: dt.datetime) -> Attempt:
    """What this browser began under ``state``, which works once. Raises BrokenAttempt."""
    kept = _attempts()
    found = [attempt for attempt in kept if attempt["state"] == state]
    if not found:
        raise BrokenAttempt
    session[ATTEMPTS] = [attempt for attempt in kept if attempt["state"] != state]
    attempt = Attempt(**found[0])
    if attempt.is_over(now):
        raise BrokenAttempt
    return attempt


def _for_once(answer: BaseResponse) -> BaseResponse:
    """No browser tells the address of this answer to anyone; the guard lets none keep it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
