"""The house rules of the dialogue, what happens with a contribution, and how long that takes."""

from __future__ import annotations

from flask import Blueprint, render_template

from analysis.dialogue.house_rules import HOUSE_RULES
from app.database import connection
from app.services.moderation_time import moderation_time

page = Blueprint("house_rules", __name__)


@page.get("/huisregels")
def show() -> str:
    """The rules, who looks, what you can do about it, and how soon it is done."""
    with connection() as opened:
        taken = moderation_time(opened)
    return render_template("huisregels.html", rules=HOUSE_RULES, taken=taken)
