"""News and meetings for programs that look for what is new: Atom, RSS and iCalendar."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, request, url_for
from sqlalchemy import Connection

from app.database import connection
from app.errors import BadRequest
from app.pages.sender import site_address
from app.services.agenda import ICS_TYPE, to_calendar
from app.services.event_words import to_words
from app.services.feeds import ATOM_TYPE, MOST_ENTRIES, RSS_TYPE, Feed, to_atom, to_rss
from app.services.following import RADII_M as RADII
from app.services.following import Followed, follow_area, follow_place
from app.services.typed_points import TypedPointError, typed_point
from data.errors import NotFound
from data.queries.events import Reach, events_in
from data.queries.releases import area_release
from data.queries.tracks import meetings_of_tracks, public_track, public_tracks

page = Blueprint("feeds", __name__)
#: A feed in which nothing stands yet says that it changed last at this moment.
BEGUN_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ALL_NEWS, ALL_MEETINGS = "Gesprekken met de wijk", "Bijeenkomsten van gesprekken met de wijk"


@page.get("/in-gesprek/nieuws.atom", defaults={"form": "atom"})
@page.get("/in-gesprek/nieuws.rss", defaults={"form": "rss"}, endpoint="all_rss")
def all_news(form: str) -> Response:
    """What is new in all conversations."""
    with connection() as opened:
        return _feed(opened, form, ALL_NEWS, "/in-gesprek", Reach())


@page.get("/in-gesprek/<code>/nieuws.atom", defaults={"form": "atom"})
@page.get("/in-gesprek/<code>/nieuws.rss", defaults={"form": "rss"}, endpoint="track_rss")
def track_news(code: str, form: str) -> Response:
    """What is new in one conversation."""
    with connection() as opened:
        track = public_track(opened, code)
        reach = Reach(track_id=track.id)
        return _feed(opened, form, track.title, f"/in-gesprek/{track.code}", reach)


@page.get("/volgen/nieuws.atom", defaults={"form": "atom"})
@page.get("/volgen/nieuws.rss", defaults={"form": "rss"}, endpoint="place_rss")
def place_news(form: str) -> Response:
    """What is new around a place (``x`` and ``y``, or ``lat`` and ``lon``), or in an area.

    Without any of these: in all conversations.
    """
    with connection() as opened:
        if not request.args:
            return _feed(opened, form, ALL_NEWS, "/in-gesprek", Reach())
        followed = _followed(opened)
        title = f"{followed.label[:1].upper()}{followed.label[1:]}"
        return _feed(opened, form, title, url_for("following.show"), followed.reach)


@page.get("/in-gesprek/agenda.ics")
def all_meetings() -> Response:
    """The meetings of all conversations."""
    with connection() as opened:
        tracks = {track.id: track for track in public_tracks(opened)}
        found = meetings_of_tracks(opened, tracks)
    meetings = [meeting for of_track in found.values() for meeting in of_track]
    return _answer(to_calendar(ALL_MEETINGS, site_address(), meetings, tracks), ICS_TYPE)


@page.get("/in-gesprek/<code>/agenda.ics")
def track_meetings(code: str) -> Response:
    """The meetings of one conversation."""
    with connection() as opened:
        track = public_track(opened, code)
        meetings = meetings_of_tracks(opened, [track.id]).get(track.id, ())
    content = to_calendar(track.title, site_address(), meetings, {track.id: track})
    return _answer(content, ICS_TYPE)


def _feed(opened: Connection, form: str, title: str, page_path: str, reach: Reach) -> Response:
    try:
        release_id = area_release(opened).id
    except NotFound:
        release_id = None
    found = events_in(opened, reach, release_id=release_id, most=MOST_ENTRIES)
    own_path = request.full_path.rstrip("?")
    entries = [to_words(event) for event in found]
    feed = Feed(site_address(), title, page_path, own_path, entries, BEGUN_AT)
    if form == "rss":
        return _answer(to_rss(feed), RSS_TYPE)
    return _answer(to_atom(feed), ATOM_TYPE)


def _answer(content: bytes, media_type: str) -> Response:
    """The file; who has it already is told only that nothing changed."""
    answer = Response(content, content_type=f"{media_type}; charset=utf-8")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _followed(opened: Connection) -> Followed:
    if code := request.args.get("gebied", ""):
        return follow_area(opened, code)
    names = ("lat", "lon") if "lat" in request.args else ("x", "y")
    typed = ";".join(request.args.get(name, "").strip()[:20] for name in names)
    try:
        point = typed_point(typed)
    except TypedPointError as error:
        raise BadRequest(names[0], str(error)) from None
    if point is None:
        raise BadRequest(names[0], "Geef een plek met x en y, met lat en lon, of een gebied.")
    radius = request.args.get("radius", "750")
    if radius not in {str(metres) for metres in RADII}:
        known = ", ".join(str(metres) for metres in RADII)
        raise BadRequest("radius", f"Kies een afstand in meters uit: {known}.")
    return follow_place(f"het punt {point[0]}, {point[1]}", *point, int(radius))
