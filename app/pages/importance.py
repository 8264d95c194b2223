"""What a resident finds important: own weights, the order that follows, and sending them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import Connection

from analysis.comparing.model import MEASURE as TOTAL
from analysis.comparing.order import MEASURE as HOW_SURE
from analysis.dialogue.importance import LEAST_ANSWERS
from analysis.dialogue.subjects import STEPS
from app.auth import guard
from app.database import changing_as, connection
from app.pages.sender import settings
from app.services import current
from app.services.importance_order import told_order
from app.services.importance_sending import (
    read_steps,
    read_wijk,
    send_importance,
    starts,
    wijken_of,
)
from app.services.resident_limits import count_sending
from app.services.spreading import QuestionError
from app.services.weighed_track import WeighedTrack, track_values, weighed_track
from data.changes.sites import OutsideScope
from data.queries.releases import area_release

page = Blueprint("importance", __name__, url_prefix="/in-gesprek/<code>/belangrijk")
DONE = "belangrijk"


@page.get("")
def show(code: str) -> str:
    """The subjects with their weights, the order that follows, and the form to send them."""
    with connection() as opened:
        track = weighed_track(opened, code, current.today())
        return _page(opened, track, read_steps(track.subjects, request.args))


@page.get("/volgorde")
def order(code: str) -> str:
    """Only the order that follows from the weights in the address, for the script."""
    with connection() as opened:
        track = weighed_track(opened, code, current.today())
        steps = read_steps(track.subjects, request.args)
        return render_template("in_gesprek/_volgorde_nieuw.html", **_order(opened, track, steps))


@page.post("")
def send(code: str) -> Response:
    """Keep the weights that were sent, without anything that tells whose they are."""
    with connection() as opened:
        track = weighed_track(opened, code, current.today())
        wijken = wijken_of(opened, track)
        try:
            steps = read_steps(track.subjects, request.form)
            wijk = read_wijk(wijken, request.form.get("wijk", ""))
            _keep(track, steps, wijk)
        except QuestionError as fault:
            body = _page(opened, track, _readable(track), fault)
            return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY)
        except OutsideScope as closed:
            body = _page(opened, track, _readable(track), QuestionError("stap", str(closed)))
            return make_response(body, HTTPStatus.FORBIDDEN)
    flash("Dank u wel. Uw afweging telt mee.", DONE)
    address = _address(code, steps, "meegestuurd")
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _keep(track: WeighedTrack, steps: Mapping[str, int], wijk: str | None) -> None:
    hands = guard.hands()
    with changing_as(hands) as opened:
        count_sending(opened, "belang", settings().secret_key, request.remote_addr, current.now())
    with changing_as(hands) as opened:
        send_importance(opened, track, steps, wijk)


def _readable(track: WeighedTrack) -> dict[str, int]:
    """The weights as far as they can be read: the rest of the form stays."""
    found: dict[str, int] = {}
    for subject in track.subjects:
        try:
            found |= read_steps([subject], request.form)
        except QuestionError:
            found |= read_steps([subject], {})
    return found


def _page(
    opened: Connection,
    track: WeighedTrack,
    steps: Mapping[str, int],
    fault: QuestionError | None = None,
) -> str:
    code, values = track.record.code, track_values(opened, current.home(), track)
    return render_template(
        "in_gesprek/belangrijk.html",
        **_order(opened, track, steps),
        step_choices=STEPS,
        starts=[
            (
                _address(code, entry.steps, "wegen"),
                entry.label,
                dict(entry.steps) == dict(steps),
            )
            for entry in starts(track.subjects)
        ],
        wijken=wijken_of(opened, track),
        chosen_wijk=request.form.get("wijk", ""),
        fault=fault,
        lines=() if values is None else values.sources,
        least=LEAST_ANSWERS,
        area_release=area_release(opened),
    )


def _address(code: str, steps: Mapping[str, Any], anchor: str) -> str:
    """The address of these weights."""
    return url_for("importance.show", code=code, _anchor=anchor, **steps)


def _order(opened: Connection, track: WeighedTrack, steps: Mapping[str, int]) -> dict[str, Any]:
    """What the order reads."""
    return {
        "track": track,
        "steps": steps,
        "subjects": {subject.key: subject for subject in track.subjects},
        "order": told_order(opened, current.home(), track, steps),
        "measures": {"sure": HOW_SURE, "total": TOTAL},
    }
