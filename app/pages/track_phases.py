"""The phases of a conversation: adding, changing, ordering and taking away."""

from __future__ import annotations

from flask import Blueprint, Response, flash
from sqlalchemy import Connection

from app.pages.track_fields import PhaseForm
from app.pages.track_frame import read_own_track
from app.pages.track_part_form import PartPages
from data.changes.track_parts import PhaseFields
from data.queries.workspace_tracks import contribution_counts_by_phase, find_phase

page = Blueprint("track_phases", __name__, url_prefix="/gesprekken/<int:track_id>/fasen")


def _why_kept(connection: Connection, track_id: int, phase_id: int) -> str | None:
    """Contributions say in which phase they came: that phase stays."""
    count = contribution_counts_by_phase(connection, track_id).get(phase_id, 0)
    if not count:
        return None
    belongs = "hoort al 1 reactie" if count == 1 else f"horen al {count} reacties"
    return f"Bij deze fase {belongs}. Daarom kan zij niet weg. Wijzigen kan wel."


_PAGES = PartPages(
    "fasen",
    "Nieuwe fase",
    "Fase wijzigen",
    "De fase is opgeslagen.",
    PhaseFields,
    PhaseForm,
    find_phase,
    "Een fase zegt wat mensen kunnen verwachten: wanneer, waarover zij meepraten en waarover niet.",
    _why_kept,
)


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form for a phase."""
    return _PAGES.new_page(track_id)


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Add a phase at the end, or show what is wrong."""
    return _warned(track_id, _PAGES.save_new(track_id))


@page.get("/<int:phase_id>")
def edit(track_id: int, phase_id: int) -> str:
    """The form with what stands there."""
    return _PAGES.edit_page(track_id, phase_id)


@page.post("/<int:phase_id>")
def save(track_id: int, phase_id: int) -> Response:
    """Store a phase, or show what is wrong."""
    return _warned(track_id, _PAGES.save(track_id, phase_id))


@page.post("/<int:phase_id>/weghalen")
def remove(track_id: int, phase_id: int) -> Response:
    """Take a phase away that nobody reacted in."""
    return _PAGES.remove(track_id, phase_id)


@page.post("/<int:phase_id>/verplaatsen")
def move(track_id: int, phase_id: int) -> Response:
    """Put a phase one place earlier or later."""
    ids = [phase.id for phase in read_own_track(track_id).phases]
    return _PAGES.move(track_id, phase_id, ids)


def _warned(track_id: int, answer: Response) -> Response:
    """After storing, tell what is odd about the dates: it is stored all the same."""
    if answer.status_code == 303:
        for warning in read_own_track(track_id).warnings:
            flash(f"Let op: {warning}")
    return answer
