"""The participation plan of a conversation: who takes part, in which role, and when."""

from __future__ import annotations

from flask import Blueprint, Response

from app.pages.track_fields import PartyForm
from app.pages.track_frame import read_own_track
from app.pages.track_part_form import PartPages
from data.changes.track_parts import PartyFields
from data.queries.workspace_tracks import find_party

page = Blueprint("track_parties", __name__, url_prefix="/gesprekken/<int:track_id>/plan")
_PAGES = PartPages(
    "plan",
    "Wie doet er mee?",
    "Regel van het plan wijzigen",
    "Het plan is opgeslagen.",
    PartyFields,
    PartyForm,
    find_party,
)


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form for a line of the plan."""
    return _PAGES.new_page(track_id)


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Add a line, or show what is wrong."""
    return _PAGES.save_new(track_id)


@page.get("/<int:party_id>")
def edit(track_id: int, party_id: int) -> str:
    """The form with what stands there."""
    return _PAGES.edit_page(track_id, party_id)


@page.post("/<int:party_id>")
def save(track_id: int, party_id: int) -> Response:
    """Store a line, or show what is wrong."""
    return _PAGES.save(track_id, party_id)


@page.post("/<int:party_id>/weghalen")
def remove(track_id: int, party_id: int) -> Response:
    """Take a line away."""
    return _PAGES.remove(track_id, party_id)


@page.post("/<int:party_id>/verplaatsen")
def move(track_id: int, party_id: int) -> Response:
    """Put a line one place earlier or later."""
    ids = [party.id for party in read_own_track(track_id).parties]
    return _PAGES.move(track_id, party_id, ids)
