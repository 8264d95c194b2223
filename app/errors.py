"""From errors that know no HTTP to pages and problem+json (RFC 9457), by one table."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.services.spreading import QuestionError
from data.errors import NotFound

log = logging.getLogger("vlekkenplan")


class BadRequest(Exception):
    """A parameter of the request can't be used; ``field`` is its name in the address."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


#: First match counts. What is not here is a fault of ours: 500, and nothing of it is shown.
STATUS_OF_ERROR: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (BadRequest, HTTPStatus.BAD_REQUEST),
    (NotFound, HTTPStatus.NOT_FOUND),
    (QuestionError, HTTPStatus.BAD_REQUEST),
)

TITLES = {
    400: "Dit adres klopt niet",
    401: "U bent niet ingelogd",
    403: "Dit mag u niet",
    404: "Deze pagina is er niet",
    405: "Dit kan hier niet",
    413: "Dit bestand is te groot",
    500: "Er ging iets mis",
}
DETAILS = {
    401: "Log in en probeer het opnieuw.",
    403: "Uw rol geeft geen toegang tot deze pagina. Bij ‘Wie mag wat?’ staat wie dat wel mag.",
    413: "Stuur hoogstens 10 megabyte tegelijk.",
    404: "Misschien is de pagina verplaatst, of zit er een typefout in het adres.",
    405: "Deze pagina kan alleen worden bekeken.",
    500: "De fout ligt bij ons en is vastgelegd. Probeer het later opnieuw.",
}


_OLD_FORM = (
    "Dit formulier is verlopen, of het kwam niet van deze site. Er is niets opgeslagen. Ga een "
    "pagina terug, laad die opnieuw en verstuur het formulier nog eens."
)


def init_app(app: Flask) -> None:
    """Answer every error in the reader's language, without a traceback."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    status, detail, field = _read(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _note(error)
    title = TITLES.get(status, HTTPStatus(status).phrase)
    answer = _problem if _wants_json() else _page
    made = answer(status, title, detail, field)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        made.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return made


def _page(status: int, title: str, detail: str, field: str | None) -> Response:
    try:
        page = render_template(
            "errors.html", status=status, title=title, detail=detail, field=field
        )
    except Exception as error:  # every page asks the database something, and it may be away
        _note(error)
        page = (
            f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<h1>{escape(title)}</h1><p>{escape(detail)}</p></html>"
        )
    return make_response(page, status)


def _note(error: Exception) -> None:
    log.error("%s %s\n%s", request.method, request.path, _without_rows(error))


def _without_rows(error: BaseException) -> str:
    """Where a fault came from. What a database says of it is left out: that repeats the row."""
    chain = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(before)
    if not any(isinstance(link, DBAPIError) for link in chain):
        return "".join(traceback.format_exception(error))
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{' after '.join(type(link).__qualname__ for link in chain)}"


def _read(error: Exception) -> tuple[int, str, str | None]:
    if isinstance(error, CSRFError):
        return 400, _OLD_FORM, None
    if isinstance(error, HTTPException):
        code = error.code or 500
        return code, DETAILS.get(code, ""), None
    for kind, status in STATUS_OF_ERROR:
        if isinstance(error, kind):
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
