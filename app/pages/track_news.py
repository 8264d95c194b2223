"""The news of a conversation."""

from __future__ import annotations

from flask import Blueprint, Response

from app.pages.track_fields import NewsForm
from app.pages.track_part_form import PartPages
from data.changes.track_parts import NewsFields
from data.queries.workspace_tracks import find_news

page = Blueprint("track_news", __name__, url_prefix="/gesprekken/<int:track_id>/nieuws")
_PAGES = PartPages(
    "nieuws",
    "Nieuw bericht",
    "Bericht wijzigen",
    "Het bericht is opgeslagen.",
    NewsFields,
    NewsForm,
    find_news,
    "Loopt het gesprek, dan kan iedereen het bericht meteen lezen.",
)


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form for a message."""
    return _PAGES.new_page(track_id)


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Add a message, or show what is wrong."""
    return _PAGES.save_new(track_id)


@page.get("/<int:news_id>")
def edit(track_id: int, news_id: int) -> str:
    """The form with what stands there."""
    return _PAGES.edit_page(track_id, news_id)


@page.post("/<int:news_id>")
def save(track_id: int, news_id: int) -> Response:
    """Store a message, or show what is wrong."""
    return _PAGES.save(track_id, news_id)


@page.post("/<int:news_id>/weghalen")
def remove(track_id: int, news_id: int) -> Response:
    """Take a message away."""
    return _PAGES.remove(track_id, news_id)
