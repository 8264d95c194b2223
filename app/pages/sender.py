"""Who sends a request, as the services ask it, and where the answer leads."""

from __future__ import annotations

from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import cast

from flask import Response, current_app, redirect, request
from sqlalchemy import Connection

from app.auth import guard
from app.config import Settings
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
    if settings().public_url is not None:
        return str(settings().public_url)
    name, port = request.environ["SERVER_NAME"], request.environ["SERVER_PORT"]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def go_to(address: str) -> Response:
    """On to another page, which is read and not sent anew."""
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
