"""A browser of someone who works here, signed in without the pages for it."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext
from sqlalchemy import Engine

from app.auth.guard import TOKEN
from app.services.sessions import start_session
from tests.app.signed_in import make_account


def sign_in(
    context: BrowserContext, app: Flask, engine: Engine, address: str, role: str, gemeente: str = ""
) -> None:
    """Give the browser the cookie of a new session of someone with this role."""
    account_id = make_account(engine, role, gemeente)
    with engine.begin() as connection:
        token = start_session(connection, account_id, "test", dt.datetime.now(dt.UTC))
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies(
        [{"name": name, "value": str(signer.dumps({TOKEN: token})), "url": address}]
    )
