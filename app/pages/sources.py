"""Whose data these are, and how old."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.database import connection
from data.queries.releases import all_releases
from data.sources import SOURCES, locatieregister

page = Blueprint("sources", __name__)
WITH_INTERNAL_SITES = (locatieregister.SOURCE.key,)


@page.get("/bronnen")
def show() -> str:
    """The deliveries in the database and the sources that we know."""
    with connection() as opened:
        releases = all_releases(opened)
    return render_template(
        "bronnen.html",
        releases=releases,
        # The rows of a register count internal sites too: their number tells that they are there.
        counted={entry.id for entry in releases if entry.source_key not in WITH_INTERNAL_SITES},
        sources=SOURCES,
        titles={entry.key: entry.title for entry in SOURCES},
    )
