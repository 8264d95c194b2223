"""Finding an area, a site, a conversation or a kind of place by name."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.database import connection
from app.pages import parameters
from app.services.search import search, tracks_named, types_named

page = Blueprint("search", __name__)
MOST_HITS = 50


@page.get("/zoeken")
def show() -> str:
    """The hits for what someone typed, or an empty form."""
    words = parameters.words(request.args)
    with connection() as opened:
        hits = search(opened, words, MOST_HITS) if words else []
        talks = tracks_named(opened, words)
    return render_template(
        "zoeken.html",
        words=words,
        hits=hits,
        talks=talks,
        types=types_named(words),
        may_be_more=len(hits) == MOST_HITS,
    )
