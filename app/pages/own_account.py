"""The own account: name and roles, password, second step, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, render_template

page = Blueprint("own_account", __name__)


@page.get("/account")
def show() -> str:
    """Who I am here."""
    return render_template("account/account.html")
