"""A resident who reacts, step by step, as a browser without scripts does."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.services import current
from tests.app.signed_in import fields_on

ADDRESS = "/in-gesprek/middendorp/reageren"
WORDS = "Is er genoeg begeleiding in de avond?"


class Clock:
    """The moment it is for the website; it goes on when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = dt.datetime.now(dt.UTC)
        monkeypatch.setattr(current, "now", lambda: self.at)

    def go_on(self, **some: float) -> None:
        """Some time goes by."""
        self.at += dt.timedelta(**some)


def text_of(answer: TestResponse) -> str:
    """The page in the answer."""
    return answer.get_data(as_text=True)


def opened(client: FlaskClient, kind: str = "vraag") -> dict[str, Any]:
    """The fields of the empty form of this kind."""
    return dict(fields_on(text_of(client.get(f"{ADDRESS}?soort={kind}")), ADDRESS))


def hidden(page: str) -> MultiDict[str, Any]:
    """All that the form of a page carries, each field as often as it is there."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [
        (
            unescape(re.search(r'name="([^"]*)"', tag)[1]),  # type: ignore[index]
            unescape(re.search(r'value="([^"]*)"', tag)[1])  # type: ignore[index]
            if 'value="' in tag
            else "",
        )
        for tag in found
    ]
    return MultiDict(pairs)


def checked(client: FlaskClient, kind: str = "vraag", **typed: Any) -> TestResponse:
    """The form filled in and sent to be looked at."""
    fields = {**opened(client, kind), "tekst": WORDS, **typed, "actie": "nakijken"}
    return client.post(ADDRESS, data=fields, content_type="multipart/form-data")


def sent(client: FlaskClient, clock: Clock, kind: str = "vraag", **typed: Any) -> TestResponse:
    """The form filled in, looked at and sent."""
    page = checked(client, kind, **typed)
    assert page.status_code == 200, text_of(page)
    clock.go_on(seconds=30)
    return send(client, page)


def send(client: FlaskClient, page: TestResponse) -> TestResponse:
    """The button Versturen of the check."""
    carried = hidden(text_of(page))
    return client.post(ADDRESS, data=MultiDict([*carried.items(multi=True), ("actie", "verstuur")]))


def receipt_address(answer: TestResponse) -> str:
    """Where a contribution that was kept can be followed."""
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["Location"]
