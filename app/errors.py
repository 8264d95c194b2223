"""From errors that know no HTTP to pages and problem+json (RFC 9457), by one table."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from app.auth.guard import person
from app.fault_log import note_fault, note_refusal
from app.services.answering_changes import AnswerFault
from app.services.attempts import TooManyAttempts
from app.services.drafts import DraftTooLarge
from app.services.oidc_accounts import Refused
from app.services.oidc_discovery import ProviderAway, SignInFault
from app.services.siting_scenario import NoScenario
from app.services.spreading import QuestionError
from app.typed_text import typed_texts
from data.changes.refusals import SecretText
from data.changes.scenarios import AlreadyAdopted, OnlyRead
from data.changes.sites import Conflict, OutsideScope
from data.errors import NotFound


class BadRequest(Exception):
    """A parameter of the request can't be used; ``field`` is its name in the address."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class ForeignRequest(Exception):
    """A form was sent by a page of another website."""

    def __init__(self) -> None:
        super().__init__(
            "Dit formulier werd verstuurd vanaf een andere website. Er is niets opgeslagen."
        )


#: First match counts. What is not here is a fault of ours: 500, and nothing of it is shown.
STATUS_OF_ERROR: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (BadRequest, HTTPStatus.BAD_REQUEST),
    (NotFound, HTTPStatus.NOT_FOUND),
    (ForeignRequest, HTTPStatus.FORBIDDEN),
    (QuestionError, HTTPStatus.BAD_REQUEST),
    (TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
    (ProviderAway, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.FORBIDDEN),
    (SignInFault, HTTPStatus.BAD_REQUEST),
    (Conflict, HTTPStatus.CONFLICT),
    (AlreadyAdopted, HTTPStatus.CONFLICT),
    (OnlyRead, HTTPStatus.FORBIDDEN),
    (OutsideScope, HTTPStatus.FORBIDDEN),
    (SecretText, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NoScenario, HTTPStatus.UNPROCESSABLE_ENTITY),
    (AnswerFault, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DraftTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)

TITLES = {
    400: "Dit adres klopt niet",
    401: "U bent niet ingelogd",
    403: "Dit mag u niet",
    404: "Deze pagina is er niet",
    405: "Dit kan hier niet",
    409: "Iemand anders was u voor",
    411: "Dit verzoek is niet compleet",
    413: "Dit bestand is te groot",
    415: "Dit kunnen wij niet lezen",
    422: "Dit kan zo niet worden opgeslagen",
    429: "Even wachten",
    500: "Er ging iets mis",
}
DETAILS = {
    401: "Log in en probeer het opnieuw.",
    403: "Uw rol geeft geen toegang tot deze pagina. Bij ‘Wie mag wat?’ staat wie dat wel mag.",
    411: "Het verzoek zegt niet hoe lang het is. Er is niets opgeslagen.",
    413: "Stuur hoogstens 10 megabyte tegelijk. Ga één pagina terug: daar staat meestal nog wat u "
    "typte.",
    415: "Stuur een formulier zoals het op deze site staat.",
    404: "Misschien is de pagina verplaatst, of zit er een typefout in het adres.",
    405: "Deze pagina kan alleen worden bekeken.",
    500: "De fout ligt bij ons en is vastgelegd. Probeer het later opnieuw.",
}


#: Kept from something: written down, with the number of the account.
REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
#: Nothing of a page can be made when the request names another host than ours.
_OTHER_HOST = "Deze website heeft een ander adres."
_OLD_FORM_TITLE = "Dit formulier is verlopen"
_OLD_FORM = (
    "Het stond te lang open, uw browser bewaart geen cookies, of het kwam niet van deze site. Er "
    "is niets opgeslagen. Open het formulier opnieuw en verstuur het nog eens."
)


def status_of(error: Exception) -> HTTPStatus | None:
    """The status by the table; None for what does not stand there."""
    return next((status for kind, status in STATUS_OF_ERROR if isinstance(error, kind)), None)


def init_app(app: Flask) -> None:
    """Answer every error in the reader's language, without a traceback."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    status, detail, field = _read(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        note_fault(error)
    elif status in REFUSALS or isinstance(error, CSRFError):
        note_refusal(status, person().account_id)
    title = _title(error, status)
    if _wants_json():
        made = _problem(status, title, detail, field)
    else:
        # Another website may not let us say its words.
        typed = [] if isinstance(error, ForeignRequest) else typed_texts()
        made = _page(status, title, detail, field, typed)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        made.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, TooManyAttempts):
        made.headers["Retry-After"] = str(error.wait_s)
    return made


def _title(error: Exception, status: int) -> str:
    if isinstance(error, CSRFError):
        return _OLD_FORM_TITLE
    return TITLES.get(status, HTTPStatus(status).phrase)


def _form_address() -> str | None:
    """Where the form that was sent can be opened again; None when its address has no page."""
    adapter = current_app.create_url_adapter(request)
    if request.method != "POST" or adapter is None:
        return None
    has_page = adapter.test(request.path, "GET")
    return request.full_path.rstrip("?") if has_page else None


def _page(status: int, title: str, detail: str, field: str | None, typed: list[str]) -> Response:
    if isinstance(request.routing_exception, SecurityError):
        return make_response(_plain_page(title, _OTHER_HOST, []), status)
    try:
        page = render_template(
            "errors.html",
            status=status,
            title=title,
            detail=detail,
            field=field,
            typed=typed,
            form_address=_form_address(),
        )
    except Exception as error:  # every page asks the database something, and it may be away
        note_fault(error)
        page = _plain_page(title, detail, typed)
    return make_response(page, status)


def _plain_page(title: str, detail: str, typed: list[str]) -> str:
    again = "".join(f"<pre>{escape(text)}</pre>" for text in typed)
    return (
        f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(detail)}</p>{again}</html>"
    )


def _read(error: Exception) -> tuple[int, str, str | None]:
    if isinstance(error, CSRFError):
        return 400, _OLD_FORM, None
    if isinstance(error, HTTPException):
        code = error.code or 500
        return code, DETAILS.get(code, ""), None
    status = status_of(error)
    if status is not None:
        return int(status), str(error), getattr(error, "field", None)
    return 500, DETAILS[500], None


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    asks_json = accepted.best_match(["text/html", "application/json"]) == "application/json"
    return request.path.endswith((".json", ".geojson")) or asks_json


def _problem(status: int, title: str, detail: str, field: str | None) -> Response:
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if field:
        body["errors"] = [{"parameter": field, "detail": detail}]
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer
