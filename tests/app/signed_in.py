"""Someone with a role, signed in: without the pages for it, which have tests of their own."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app.auth.guard import TOKEN
from app.auth.roles import ROLES
from app.services.sessions import start_session
from data.changes.accounts import add_account, set_roles
from data.queries.accounts import account_by_email


def make_account(engine: Engine, role: str, gemeente_code: str = "") -> int:
    """The id of an account with just this role, made when it is not there."""
    email = f"{role}{gemeente_code}@test.example".lower()
    with engine.begin() as connection:
        known = account_by_email(connection, email)
        if known is not None:
            return known.id
        account_id = add_account(connection, email, f"{ROLES[role].label} {gemeente_code}".strip())
        set_roles(connection, account_id, [(role, gemeente_code)])
        return account_id


def signed_in(app: Flask, engine: Engine, role: str, gemeente_code: str = "") -> FlaskClient:
    """A browser of someone with this role; ``engine`` is of the owner of the tables."""
    account_id = make_account(engine, role, gemeente_code)
    with engine.begin() as connection:
        token = start_session(connection, account_id, "test", dt.datetime.now(dt.UTC))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


class _Fields(HTMLParser):
    """The fields of the forms on a page that send to ``action``, with what stands in them."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.is_inside = False
        self.fields: dict[str, str] = {}
        self.select = ""
        self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("action", self.action) == self.action
        if not self.is_inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("file", "submit"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields[name] = given.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in given or self.select not in self.fields:
                self.fields[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] += data


def form_fields(client: FlaskClient, address: str, action: str | None = None) -> dict[str, str]:
    """What stands in the form of a page that sends to ``action`` (or to the page itself)."""
    page = client.get(address).get_data(as_text=True)
    return fields_on(page, action or address.partition("?")[0])


def fields_on(page: str, action: str = "") -> dict[str, str]:
    """What stands in the forms of this HTML that send to ``action``, or to no other page."""
    reader = _Fields(action)
    reader.feed(page)
    return reader.fields


def submit(
    client: FlaskClient, address: str, action: str | None = None, **values: Any
) -> TestResponse:
    """Open a page, fill in its form as a person would, and send it."""
    fields: dict[str, Any] = dict(form_fields(client, address, action))
    return client.post(action or address, data={**fields, **values})


def csrf_token(client: FlaskClient, address: str) -> str:
    """The proof that a form on this page came from the site."""
    found = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get(address).get_data(as_text=True)
    )
    assert found, f"no form on {address}"
    return unescape(found[1])
