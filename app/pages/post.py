"""How the post is doing; and in a demo, whose post goes to a folder, the post itself."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.auth import guard
from app.database import reading_as
from app.pages.sender import settings
from app.services import current
from app.services.post_reading import newest_messages
from app.services.post_sending import FOLDER
from data.queries.outbox import waiting_post

page = Blueprint("post", __name__)


@page.get("/post")
def show() -> str:
    """How much waits and what went wrong, without addresses."""
    with reading_as(guard.hands()) as opened:
        waiting = waiting_post(opened)
    is_folder = settings().smtp is None
    # The post of real people is nobody's to read, wherever it goes.
    is_shown = is_folder and current.uses_example_data()
    messages = newest_messages(current.home() / FOLDER) if is_shown else []
    return render_template(
        "post.html", waiting=waiting, is_folder=is_folder, is_shown=is_shown, messages=messages
    )
