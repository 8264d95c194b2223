"""Signing in through the pages, step by step, on a database with one account."""

from __future__ import annotations

import datetime as dt

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, delete
from werkzeug.test import TestResponse

from app.services import passwords, second_step
from data.changes.accounts import add_account, set_roles
from data.changes.credentials import set_password
from data.tables import Account, Attempt
from tests.app.signed_in import submit

EMAIL = "planner.haarlem@test.example"
PASSWORD = "vier natte wollen sokken"
SECRET_KEY = "test"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def remove_everyone(engine: Engine) -> None:
    """Begin with no account and no attempt."""
    with engine.begin() as connection:
        connection.execute(delete(Account))
        connection.execute(delete(Attempt))


def add_person(
    connection: Connection,
    email: str = EMAIL,
    role: tuple[str, str] = ("planner", "GM9001"),
    password: str | None = PASSWORD,
    now: dt.datetime | None = None,
) -> int:
    """An account with this role and password."""
    account_id = add_account(connection, email, "Proefpersoon (voorbeeld)")
    set_roles(connection, account_id, [role])
    if password is not None:
        moment = now or dt.datetime.now(dt.UTC)
        set_password(connection, account_id, passwords.to_hash(password), moment)
    return account_id


def add_second_step(connection: Connection, account_id: int, now: dt.datetime) -> list[str]:
    """Turn the second step on, some minutes ago, and give the recovery codes."""
    before = now - dt.timedelta(minutes=5)
    codes = second_step.turn_on(connection, SECRET_KEY, account_id, SECRET, code_at(before), before)
    assert codes is not None
    return codes


def code_at(moment: dt.datetime) -> str:
    """What a telephone shows at this moment."""
    return str(pyotp.TOTP(SECRET).at(moment))


def type_password(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, verder: str = ""
) -> TestResponse:
    """Fill in the form of signing in."""
    address = f"/inloggen?verder={verder}" if verder else "/inloggen"
    return submit(client, address, "/inloggen", email=email, password=password)


def type_code(client: FlaskClient, code: str) -> TestResponse:
    """Fill in the form of the second step."""
    return submit(client, "/inloggen/tweede-stap", code=code)
