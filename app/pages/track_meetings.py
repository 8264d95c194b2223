"""The meetings of a conversation: when and where, and afterwards what was said."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import Connection

from app.pages.track_fields import MeetingForm
from app.pages.track_part_form import PartPages
from app.services import current
from data.changes.track_parts import MeetingFields
from data.queries.workspace_tracks import find_meeting, find_track

page = Blueprint("track_meetings", __name__, url_prefix="/gesprekken/<int:track_id>/bijeenkomsten")


def _why_kept(connection: Connection, track_id: int, meeting_id: int) -> str | None:
    """People who know of a meeting must read that it is off; what was held stays to be read."""
    if find_track(connection, track_id).state == "concept":
        return None
    if find_meeting(connection, track_id, meeting_id).starts_at > current.now():
        return (
            "Mensen kunnen deze bijeenkomst al hebben gezien. Kies ‘Deze bijeenkomst gaat niet "
            "door’. Dan lezen zij dat ook."
        )
    return "Deze bijeenkomst is al geweest. Daarom blijft zij staan. Wijzigen kan wel."


_PAGES = PartPages(
    "bijeenkomsten",
    "Nieuwe bijeenkomst",
    "Bijeenkomst wijzigen",
    "De bijeenkomst is opgeslagen.",
    MeetingFields,
    MeetingForm,
    find_meeting,
    keeps=_why_kept,
)


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form for a meeting."""
    return _PAGES.new_page(track_id)


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Add a meeting, or show what is wrong."""
    return _PAGES.save_new(track_id)


@page.get("/<int:meeting_id>")
def edit(track_id: int, meeting_id: int) -> str:
    """The form with what stands there."""
    return _PAGES.edit_page(track_id, meeting_id)


@page.post("/<int:meeting_id>")
def save(track_id: int, meeting_id: int) -> Response:
    """Store a meeting, or show what is wrong."""
    return _PAGES.save(track_id, meeting_id)


@page.post("/<int:meeting_id>/weghalen")
def remove(track_id: int, meeting_id: int) -> Response:
    """Take away a meeting that nobody saw yet."""
    return _PAGES.remove(track_id, meeting_id)
