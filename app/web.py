"""The web application: pages, filters, headers and errors put together."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from flask_compress import Compress
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from app import database, errors, headers, numbers
from app.auth import guard
from app.charts.styles import part
from app.config import Settings, SettingsError, settings_from_environment
from app.fault_log import note_fault
from app.services import current
from data import schema
from data.database_roles import VISITOR

STATIC_FOLDER = Path(__file__).resolve().parent.parent / "static"
#: Static files change only with a release; their address carries the time they changed.
STATIC_MAX_AGE_S = 365 * 24 * 3600
#: Somewhat more than the largest file that may be sent.
LARGEST_REQUEST_BYTES = 12 * 1024 * 1024
#: What the fields of a form may hold together, without its files, and how many there may be.
LARGEST_FORM_BYTES = 500_000
MOST_FORM_PARTS = 1_000
#: Under an address without that time a browser asks again the same day.
UNVERSIONED_MAX_AGE_S = 3600
COMPRESSED = [
    "text/html",
    "text/css",
    "text/csv",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "application/atom+xml",
    "application/rss+xml",
    "text/calendar",
    "image/svg+xml",
]


class Website(Flask):
    """Flask, with files kept for long only where their address changes with them."""

    def get_send_file_max_age(self, filename: str | None) -> int:
        """Fonts are named in style sheets, without the time; they change with their package."""
        is_font = filename is not None and filename.endswith(".woff2")
        return STATIC_MAX_AGE_S if is_font or request.args.get("v") else UNVERSIONED_MAX_AGE_S

    def log_exception(self, exc_info: Any) -> None:
        """Write down a fault that no error page could be made for, as every other fault."""
        note_fault(exc_info[1])


def make_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """See ``app.create_app``."""
    settings = settings or settings_from_environment(os.environ)
    app = Website("app", static_folder=str(STATIC_FOLDER), static_url_path="/static")
    app.config["SETTINGS"] = settings
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    _set_cookies(app, settings)
    app.url_map.strict_slashes = False
    # No redirect of the router: it would repeat whatever host the request names.
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    database.init_app(app, _engine_of_visitors(settings, engine))
    errors.init_app(app)
    headers.init_app(app, settings)
    guard.init_app(app)
    proof = CSRFProtect(app)
    _add_filters(app)
    _add_pages(app)
    for endpoint in headers.ONE_CLICK_ENDPOINTS:
        proof.exempt(app.view_functions[endpoint])
    Compress(app)
    # Runs before Compress, which reads a file into memory and leaves it open.
    app.after_request(_close_with_answer)
    return app


def _engine_of_visitors(settings: Settings, owner: Engine | None) -> Engine:
    """An engine whose connections begin as a visitor, on a database that is in order."""
    checked = owner or schema.connect(_database_url(settings))
    schema.check(checked)
    if owner is None:
        checked.dispose()
    return schema.connect(checked.url.render_as_string(hide_password=False), VISITOR)


def _set_cookies(app: Flask, settings: Settings) -> None:
    """One signed cookie, set only for who signs in or fills in a form."""
    app.secret_key = settings.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-vlekkenplan" if settings.is_https else "vlekkenplan",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        # As long as a session: its own token ends with it.
        WTF_CSRF_TIME_LIMIT=None,
        # The page behind a secret link sends no referrer. ``headers`` refuses what another website
        # sends, and the cookie, with its __Host- name, can't come from elsewhere.
        WTF_CSRF_SSL_STRICT=False,
    )


def _close_with_answer(answer: Response) -> Response:
    """Close the file behind an answer when the answer has been sent."""
    close = getattr(answer.response, "close", None)
    if close is not None:
        answer.call_on_close(close)
    return answer


def _database_url(settings: Settings) -> str:
    if settings.database_url is None:
        raise SettingsError(
            "Er is geen database opgegeven. Start de website met: vlekkenplan serve, "
            "of zet het adres van een PostGIS-database in DATABASE_URL."
        )
    return settings.database_url


def _add_pages(app: Flask) -> None:
    from app.pages import PAGES

    for name in PAGES:
        app.register_blueprint(import_module(f"app.pages.{name}").page)


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(numbers.FILTERS)
    app.add_template_test(numbers.is_unknown, "unknown")
    app.add_template_global(static_url)
    app.add_template_global(part)
    app.context_processor(current.template_context)


def static_url(filename: str) -> str:
    """The address of a static file, changing when the file does, so it can be kept for long."""
    changed = (STATIC_FOLDER / filename).stat().st_mtime_ns
    return url_for("static", filename=filename, v=f"{changed:x}"[-10:])
