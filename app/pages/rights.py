"""The page of the table of permissions: who may do what."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.auth.permissions import PERMISSIONS
from app.auth.roles import ROLES

page = Blueprint("rights", __name__)


@page.get("/rechten")
def show() -> str:
    """Every permission with the roles that hold it."""
    return render_template("rechten.html", permissions=PERMISSIONS, roles=ROLES)
