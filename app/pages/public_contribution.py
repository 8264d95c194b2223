"""One contribution under an address of its own, with what was done with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import Connection

from app.database import connection
from app.pages.stored_files import file_name, send_stored
from app.pages.track_question import around
from app.services.shown_contributions import ShownContribution, shown
from data.queries.contributions import (
    contribution_photo,
    photo_description,
    public_contribution,
)
from data.queries.places import areas_at
from data.queries.releases import area_release
from data.queries.tracks import public_track_of_id, track_phases

page = Blueprint("public_contribution", __name__, url_prefix="/reactie/<code>")


@dataclass(frozen=True)
class ShownSpot:
    """Where a contribution is about: in words, and on the map of its conversation."""

    text: str
    url: str


@page.get("")
def show(code: str) -> str:
    """What was brought in, in which conversation, and the answer."""
    with connection() as opened:
        one = shown(public_contribution(opened, code))
        track = public_track_of_id(opened, one.record.track_id)
        phases = {phase.id: phase for phase in track_phases(opened, track.id)}
        spot = _spot(opened, one, track.code)
        photo_text = photo_description(opened, code) if one.record.has_photo else None
    return render_template(
        "in_gesprek/reactie.html",
        one=one,
        track=track,
        phase=phases.get(one.record.phase_id or 0),
        place=spot,
        photo_text=photo_text,
    )


@page.get("/foto")
def photo(code: str) -> Response:
    """The photo that came with it, once a moderator let it through."""
    with connection() as opened:
        found = contribution_photo(opened, code)
    name = file_name(f"foto-{code}", found.media_type, "foto")
    answer = send_stored(found.content, found.media_type, name)
    answer.set_etag(hashlib.sha256(found.content).hexdigest()[:32])
    return cast(Response, answer.make_conditional(request))


def _spot(opened: Connection, one: ShownContribution, track_code: str) -> ShownSpot | None:
    geom = one.record.geom
    if geom is None:
        return None
    point = geom.representative_point()
    areas = areas_at(opened, area_release(opened).id, point.x, point.y)
    names = ", ".join(dict.fromkeys(area.name for area in areas.values()))
    what = "Een gebied" if geom.area else "Een punt"
    address = url_for(
        "public_track.show", code=track_code, waar=around(geom.bounds), _anchor="reacties"
    )
    return ShownSpot(f"{what} in {names}." if names else f"{what} buiten de regio.", address)
