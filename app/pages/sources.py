"""Whose data these are, and how old."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.database import connection
from data.queries.releases import all_releases
from data.sources import SOURCES

page = Blueprint("sources", __name__)


@page.get("/bronnen")
def show() -> str:
    """The deliveries in the database and the sources that we know."""
    with connection() as opened:
        releases = all_releases(opened)
    return render_template(
        "bronnen.html",
        releases=releases,
        sources=SOURCES,
        titles={entry.key: entry.title for entry in SOURCES},
    )
