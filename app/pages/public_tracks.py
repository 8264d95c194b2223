"""Where is the conversation, and what happens near me? All of them on a map and as a list."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.database import connection
from app.errors import BadRequest
from app.pages import parameters
from app.pages.access import NOTHING_FOUND, geocoder
from app.pages.access_question import read_point
from app.pages.map import tiles
from app.pages.map_data import borders_url
from app.services.place_search import WITHOUT_ADDRESSES, FoundPlace, find_places
from app.services.public_tracks import TrackOverview, track_overview
from app.services.tracks_near import TracksNear, tracks_near
from app.services.typed_points import TypedPointError
from geo.crs import RD_BOUNDS
from geo.frames import LEVELS

page = Blueprint("public_tracks", __name__)
WITH_ADDRESSES = (
    "Typ een adres of de naam van uw buurt. Een adres zoeken wij op bij een andere dienst. Wij "
    "bewaren niet wat u typt."
)


@dataclass(frozen=True)
class NearField:
    """The field for a place: what was typed, what is wrong with it, and what may be meant."""

    text: str = ""
    error: str | None = None
    choices: tuple[FoundPlace, ...] = ()
    status: HTTPStatus = HTTPStatus.OK


@page.get("/in-gesprek")
def show() -> Response:
    """A sentence, a field, the list and the map; with a place, what is near it."""
    with connection() as opened:
        field, near_words = _typed_place(opened)
        if near_words is not None:
            return redirect(url_for("public_tracks.show", punt=near_words))
        overview = track_overview(opened)
        near = None if field.error else _near(opened, overview)
    content = render_template(
        "in_gesprek/lijst.html",
        overview=overview,
        near=near,
        field=field,
        field_help=WITH_ADDRESSES if geocoder() else WITHOUT_ADDRESSES_HERE,
        url_of=lambda place: url_for("public_tracks.show", punt=f"{place.x_m},{place.y_m}"),
        borders={level: borders_url(overview.release, level) for level in LEVELS},
        tiles=tiles(),
        type_by_key=FACILITY_TYPES,
        status_by_key=SITE_STATUSES,
        area_release=overview.release,
    )
    return make_response(content, field.status)


#: Where no address is looked up.
WITHOUT_ADDRESSES_HERE = WITHOUT_ADDRESSES.replace("Klik op de kaart, of typ", "Typ")


def _typed_place(opened: Connection) -> tuple[NearField, str | None]:
    """What somebody typed: the point that is meant, or what must be chosen or typed again."""
    text = parameters.words(request.args)
    if not text:
        return NearField(), None
    try:
        found = find_places(opened, text, geocoder())
    except TypedPointError as fault:
        return NearField(text, str(fault), status=HTTPStatus.BAD_REQUEST), None
    if found.certain is not None:
        return NearField(text), f"{found.certain.x_m},{found.certain.y_m}"
    if found.places:
        return NearField(text, found.trouble, found.places), None
    nothing = NOTHING_FOUND.format(text=parameters.quoted(text))
    error = " ".join(part for part in (found.trouble, nothing) if part)
    return NearField(text, error, status=HTTPStatus.BAD_REQUEST), None


def _near(opened: Connection, overview: TrackOverview) -> TracksNear | None:
    point = read_point(request.args, "punt")
    if point is None:
        return None
    if not RD_BOUNDS.holds(*point):
        raise BadRequest("punt", "Dit punt ligt niet in Nederland.")
    return tracks_near(opened, overview, *point)
