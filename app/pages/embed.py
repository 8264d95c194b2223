"""Pages for in a frame on another website (no cookie, no form), and the code to put there."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from app.auth import guard
from app.database import connection, reading_as
from app.pages.map_frame import map_frame
from app.pages.sender import settings, site_address
from app.services import current
from app.services.embedding import embedded_track, embedded_tracks
from data.queries.answering import answered_track

page = Blueprint("embed", __name__)


@page.get("/inbed")
def overview() -> str:
    """Every conversation, on a map and as a list."""
    with connection() as opened:
        found = embedded_tracks(opened, current.today())
        frame = map_frame(opened)
    return render_template("inbed/alle.html", found=found, **frame)


@page.get("/inbed/<code>")
def show(code: str) -> str:
    """One conversation with its places and what people said, and the way to react."""
    with connection() as opened:
        found = embedded_track(opened, code, current.today())
        frame = map_frame(opened)
    return render_template("inbed/gesprek.html", found=found, **frame)


@page.get("/gesprekken/<int:track_id>/inbed")
def code(track_id: int) -> str:
    """What to paste in a page of another website, and which websites may show it."""
    with reading_as(guard.hands()) as opened:
        track = answered_track(opened, track_id)
    return render_template(
        "gesprekken/inbed.html",
        track=track,
        address=site_address() + url_for("embed.show", code=track.code),
        overview_address=site_address() + url_for("embed.overview"),
        ancestors=settings().frame_ancestors,
    )
