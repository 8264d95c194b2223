"""The conversations of who works here: all of them, one with its parts, and what happened to it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from analysis.dialogue.participation import PARTICIPATION_LEVELS
from app.auth import guard
from app.database import reading_as
from app.pages import parameters
from app.pages.track_frame import read_track
from app.services import current
from app.services.dialogue_reach import Reach, dialogue_reach
from app.services.track_check import lacks
from app.services.track_history import track_history
from app.services.track_list import next_date, track_list
from app.services.workspace_track import TrackView

page = Blueprint("track_work", __name__, url_prefix="/gesprekken")


@page.get("")
def overview() -> str:
    """Every conversation within reach: how far it is, what comes next, and what waits."""
    with reading_as(guard.hands()) as opened:
        lines = track_list(opened, current.today())
    return render_template("gesprekken/lijst.html", lines=lines)


@page.get("/<int:track_id>")
def show(track_id: int) -> str:
    """One conversation with its plan, phases, meetings, documents, news and sites."""
    view = read_track(track_id)
    return render_template(
        "gesprekken/gesprek.html",
        view=view,
        reach=_reach(view),
        lacks=lacks(view),
        levels=PARTICIPATION_LEVELS,
        phases_now=view.phases_now(current.today()),
        next_date=next_date(view.phases, view.meetings, current.today()),
        now=current.now(),
    )


@page.get("/<int:track_id>/geschiedenis")
def history(track_id: int) -> str:
    """What happened to a conversation, the latest first."""
    number = parameters.page_number(request.args)
    view = read_track(track_id)
    with reading_as(guard.hands()) as opened:
        found = track_history(opened, view, number)
    return render_template(
        "gesprekken/geschiedenis.html",
        view=view,
        history=found,
        page_url=lambda number: url_for("track_work.history", track_id=track_id, pagina=number),
    )


def _reach(view: TrackView) -> Reach | None:
    """How far a conversation reached that is or was public."""
    record = view.record
    if record.state == "concept":
        return None
    with reading_as(guard.hands()) as opened:
        return dialogue_reach(opened, record.id, record.wijk_code, record.gemeente_code)
