"""What we tell a browser that it may do, and how much of a request we believe and read."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import LengthRequired, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.errors import ForeignRequest

#: Half a year would do; a browser then asks for this host by https alone.
HSTS = "max-age=31536000; includeSubDomains"
#: Fixed headers, for as far as an answer does not set them itself.
FIXED: Mapping[str, str] = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": (
        "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
#: Methods that change nothing.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_WITH_FILES = "multipart/form-data"
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", FORM_WITH_FILES})
#: Where a script of ours sends JSON. Elsewhere it is refused: a form would take it for its fields.
JSON_ENDPOINTS = frozenset({"workspace_drafts.keep"})
#: Where a mail program, of whatever website, may send "stop" (RFC 8058). It knows no form of ours
#: and brings no cookie: the secret link itself is the proof.
ONE_CLICK_ENDPOINTS = frozenset({"following.stop"})
#: Pages that other websites may show in a frame, when the settings name those websites.
FRAMED_ENDPOINTS = frozenset({"embed.overview", "embed.show"})
_NOBODY = "frame-ancestors 'none'"
#: Where a browser says that a request comes from: our own pages, or typed by hand.
OWN_SITES = frozenset({"same-origin", "none"})


def init_app(app: Flask, settings: Settings) -> None:
    """Harden every answer, and refuse requests that come from another website."""
    app.config["TRUSTED_HOSTS"] = settings.trusted_hosts
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    policy = _policy(settings)
    framed = policy.replace(_NOBODY, f"frame-ancestors {' '.join(settings.frame_ancestors)}")

    @app.before_request
    def _refuse_foreign() -> None:
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.endpoint in ONE_CLICK_ENDPOINTS:
            return
        if request.method not in READING and site not in OWN_SITES:
            raise ForeignRequest

    @app.before_request
    def _read_what_is_known() -> None:
        # Werkzeug would take as much as may come for the whole, and read a form cut off halfway.
        if request.content_length is None and "Transfer-Encoding" in request.headers:
            raise LengthRequired
        if request.method not in READING and request.content_length and not _is_readable():
            raise UnsupportedMediaType
        # Werkzeug would read a form without files as a whole, however many fields it has.
        if request.mimetype != FORM_WITH_FILES:
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]

    @app.after_request
    def _harden(answer: Response) -> Response:
        may_be_framed = bool(settings.frame_ancestors) and request.endpoint in FRAMED_ENDPOINTS
        answer.headers.setdefault("Content-Security-Policy", framed if may_be_framed else policy)
        for name, value in FIXED.items():
            if not (may_be_framed and name == "X-Frame-Options"):
                answer.headers.setdefault(name, value)
        if settings.is_https:
            answer.headers["Strict-Transport-Security"] = HSTS
        return answer


def _is_readable() -> bool:
    if request.endpoint in JSON_ENDPOINTS:
        return request.mimetype == "application/json"
    return request.mimetype in FORM_TYPES


def _policy(settings: Settings) -> str:
    """The content security policy: nothing, but what is named here. No inline script or style."""
    tiles = f" {_origin(settings.tile_url)}" if settings.tile_url else ""
    sources = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        # The style sheets hold a few pictures of their own as data.
        "img-src": f"'self' data:{tiles}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".replace("{s}", "*")
