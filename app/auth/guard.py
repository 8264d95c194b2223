"""The guard of every request: who asks, what the page asks of them, and no other way in."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, g, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized

from app import database
from app.auth.permissions import PERMISSIONS, Permission
from app.auth.person import VISITOR, Person
from app.auth.routes import ROUTES
from app.services import current
from app.services.sessions import IDLE, find_person
from data.database_roles import Hands

#: The name under which the signed cookie holds the token of who is signed in.
TOKEN = "token"
#: And the token of who still has to take the second step, which opens nothing else.
HALFWAY = "halverwege"


def init_app(app: Flask) -> None:
    """Let no request reach a page that its sender may not see."""
    app.before_request(_guard)
    app.after_request(_keep_to_oneself)
    app.context_processor(_template_context)


def person() -> Person:
    """Who asks this request."""
    return cast(Person, g.get("person", VISITOR))


def permission() -> Permission:
    """What the page of this request asks; Forbidden when it is in no table."""
    key = ROUTES.get(request.endpoint or "")
    if key is None or PERMISSIONS[key].database_role is None:
        raise Forbidden
    return PERMISSIONS[key]


def hands(reason: str | None = None, token_sha256: str | None = None) -> Hands:
    """How far this request may reach in the database, and in whose name.

    ``token_sha256`` is the checksum of the secret link that a resident came by.
    """
    asked = permission()
    assert asked.database_role is not None
    return Hands(
        asked.database_role,
        person().scope_of(asked.key),
        person().account_id,
        reason,
        token_sha256=token_sha256,
    )


def let_in(token: str) -> None:
    """Put the token of a session in the cookie, and nothing that was in it before."""
    session.clear()
    session[TOKEN] = token


def let_halfway(token: str) -> None:
    """Put the token of a session that waits for its second step in the cookie, and no more."""
    session.clear()
    session[HALFWAY] = token


def tokens() -> list[str]:
    """The tokens in the cookie of this request, of whatever kind."""
    return [token for key in (TOKEN, HALFWAY) if isinstance(token := session.get(key), str)]


def _guard() -> Response | None:
    if request.endpoint == "static":
        return None
    g.person = _signed_in() or VISITOR
    if request.endpoint is None:
        return None
    asked = permission()
    if person().may(asked.key):
        return None
    is_reading = request.method in ("GET", "HEAD") and request.accept_mimetypes.accept_html
    if person().lacks_second_step and is_reading:
        return cast(Response, redirect(url_for("own_account.second_step"), 303))
    if person().is_signed_in:
        raise Forbidden
    if is_reading:
        here = request.full_path.rstrip("?")
        return cast(Response, redirect(url_for("sign_in.show", verder=here), 303))
    raise Unauthorized


def _signed_in() -> Person | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    with database.accounts_connection() as opened:
        found = find_person(opened, token, current.now())
    if found is None:
        session.pop(TOKEN)
    return found


def _keep_to_oneself(answer: Response) -> Response:
    """No page of someone who is signed in, or signs in, is kept by a browser or in between."""
    signs_in = ROUTES.get(request.endpoint or "") == "inloggen"
    if person().is_signed_in or signs_in:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _template_context() -> dict[str, object]:
    rest = int(IDLE.total_seconds())
    return {"person": person(), "staff_menu": _staff_menu(), "session_rest_s": rest}


#: Pages for who is signed in, in the order of the menu: endpoint and label.
STAFF_MENU: tuple[tuple[str, str], ...] = (
    ("workspace.show", "Werkbank"),
    ("track_work.overview", "Gesprekken"),
    ("moderation.show", "Moderatie"),
    ("choices.overview", "Keuzes"),
    ("compare.show", "Vergelijken"),
    ("scenarios.show", "Scenario's"),
    ("siting.show", "Samen kiezen"),
    ("workspace_history.overview", "Wijzigingen"),
    ("internal_counts.show", "Interne aantallen"),
    ("import_history.show", "Ingelezen"),
    ("post.show", "Post"),
    ("accounts.show", "Accounts"),
    ("own_account.show", "Mijn account"),
)


def first_page() -> str:
    """Where work begins for who asks: the first page of their menu."""
    return next((address for address, _ in _staff_menu()), "/")


def _staff_menu() -> list[tuple[str, str]]:
    who = person()
    if not who.is_signed_in:
        return []
    return [
        (url_for(endpoint), label) for endpoint, label in STAFF_MENU if who.may(ROUTES[endpoint])
    ]
