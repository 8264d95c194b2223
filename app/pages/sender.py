"""Who sends a request, as the services ask it, and where the answer leads."""

from __future__ import annotations

from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import cast

from flask import Response, current_app, make_response, redirect, request
from sqlalchemy import Connection

from app.auth import guard
from app.config import Settings, is_loopback
from app.database import changing_as
from app.services import current
from app.services.sign_in import Sender


def settings() -> Settings:
    """The settings of this website."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def sender() -> Sender:
    """Who tries, from where, and when."""
    return Sender(settings().secret_key, request.remote_addr, current.now())


def transaction() -> AbstractContextManager[Connection]:
    """A transaction as far as this page reaches, in the name of who asks."""
    return changing_as(guard.hands())


def site_address() -> str:
    """The address that people type; never the host that a request names, which may be false."""
    return settings().public_url or _own_address()


def _own_address() -> str:
    """The address of this server on this machine itself."""
    name, port = request.environ["SERVER_NAME"], request.environ["SERVER_PORT"]
    host = name if is_loopback(name) else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def go_to(address: str) -> Response:
    """On to another page, which is read and not sent anew."""
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def refused(body: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> Response:
    """The page again, with what was typed and why it was not kept."""
    return make_response(body, status)
