"""Where to report a fault in the security of this website: security.txt, by RFC 9116."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, current_app, url_for

from app.config import Settings
from app.services import current
from data.errors import NotFound

page = Blueprint("security_contact", __name__)
#: The file says until when it holds; it is made anew at each request, so well within a year.
HOLDS_FOR = dt.timedelta(days=180)


@page.get("/.well-known/security.txt")
def show() -> Response:
    """Who keeps this website, as far as they said so; without that there is no such file."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.security_contact is None:
        raise NotFound("Wie deze website beheert, heeft geen adres voor beveiliging opgegeven.")
    lines = {
        "Contact": settings.security_contact,
        "Expires": f"{current.today() + HOLDS_FOR:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages": "nl, en",
    }
    if settings.public_url:
        lines["Canonical"] = settings.public_url + url_for("security_contact.show")
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return Response(text, mimetype="text/plain")
