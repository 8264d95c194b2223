"""How far is it from here? The access profile of any place, and two places side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from analysis.access.modes import BANDS_MIN, PACES, TRAVEL_MODES, Pace
from analysis.access.profiles import ACCESS_PROFILES
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.config import Settings
from app.database import connection
from app.errors import BadRequest
from app.numbers import to_dutch
from app.pages import parameters
from app.pages.access_question import (
    OTHER_POINT,
    POINT,
    AccessQuestion,
    Point,
    access_question,
    address_words,
    read_point,
    to_point,
)
from app.pages.lists import file_answer
from app.pages.map_data import FOREVER, borders_url, version_of
from app.services import current, symbols
from app.services.access_files import access_download, access_features, access_record
from app.services.access_view import AccessView, Comparison, access_view, minutes_text
from app.services.access_zones import zones_around
from app.services.geocoder import Geocoder
from app.services.isochrones import Zone
from app.services.place_search import (
    WITHOUT_ADDRESSES,
    FoundPlace,
    PlaceSearch,
    find_places,
    known_places,
)
from app.services.spreading import QuestionError
from app.services.typed_points import TypedPointError
from data.errors import DataError, NotFound
from data.queries.releases import area_release
from geo.frames import LEVELS

page = Blueprint("access", __name__)
page.add_app_template_filter(minutes_text, "minuten")
WITH_ADDRESSES = (
    "Typ een adres, de naam van een buurt of coördinaten, of klik op de kaart. Een adres zoeken "
    "wij op bij een andere dienst."
)
NOTHING_FOUND = (
    "Wij vinden geen plek met {text}. Typ de naam van een buurt, een locatie of een voorziening, "
    "of coördinaten zoals 103900, 488500 of 52,38 4,63."
)
#: The field for each place: what is typed in it becomes the point in the address.
FIELDS = {POINT: "q", OTHER_POINT: "qmet"}


@dataclass(frozen=True)
class PlaceField:
    """A field for a place: what was typed, what is wrong with it, and what may be meant."""

    text: str = ""
    error: str | None = None
    choices: tuple[FoundPlace, ...] = ()
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True)
class Place:
    """One of the two places: the field, and the answer when the place is known."""

    field: PlaceField = PlaceField()
    point: Point | None = None
    view: AccessView | None = None
    was_typed: bool = False


@page.get("/bereikbaarheid")
def show() -> AnyResponse:
    """A sentence, a field, the map and the profile; or what is wrong with the address.

    A name or coordinates that someone typed lead to the short address of that place.
    """
    question = access_question(request.args)
    with connection() as opened:
        first, second = (_place(opened, name, question) for name in FIELDS)
        if first == Place() and second.view:
            first, second = replace(second, was_typed=True), Place()
        question = replace(question, point=first.point, other=second.point)
        places = (first, second)
        if any(place.was_typed for place in places) and not _is_open(places):
            return redirect(url_for("access.show", **address_words(question)))
        content = _content(opened, question, first, second)
    return make_response(content, max(place.field.status for place in places))


def _place(opened: Connection, name: str, question: AccessQuestion) -> Place:
    """The place that the address names or that someone typed, with its answer."""
    typed = _typed(FIELDS[name])
    given = typed or request.args.get(name, "").strip()[: parameters.LONGEST_TEXT]
    try:
        point = read_point(request.args, name)
        if typed:
            found = find_places(opened, parameters.words(request.args, FIELDS[name]), geocoder())
            if found.certain is None:
                return Place(_open_field(found))
            point = found.certain.x_m, found.certain.y_m
        if point is None:
            return Place()
        view = access_view(opened, current.home(), point, question.mode, question.type_key)
    except (BadRequest, QuestionError, TypedPointError, DataError) as error:
        is_absent = isinstance(error, NotFound)
        status = HTTPStatus.NOT_FOUND if is_absent else HTTPStatus.BAD_REQUEST
        return Place(PlaceField(_printable(given), str(error), status=status))
    return Place(PlaceField(f"{point[0]}, {point[1]}"), point, view, was_typed=bool(typed))


def _typed(name: str) -> str:
    return request.args.get(name, "").strip()[: parameters.LONGEST_TEXT]


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _open_field(found: PlaceSearch) -> PlaceField:
    """What was typed may be several places, or none."""
    if found.places:
        return PlaceField(found.text, found.trouble, found.places)
    nothing = NOTHING_FOUND.format(text=parameters.quoted(found.text))
    error = " ".join(part for part in (found.trouble, nothing) if part)
    return PlaceField(found.text, error, status=HTTPStatus.BAD_REQUEST)


def _is_open(places: tuple[Place, ...]) -> bool:
    """Whether someone must choose or type again."""
    return any(place.field.error or place.field.choices for place in places)


def geocoder() -> Geocoder | None:
    """The geocoder of this installation, when there is one."""
    settings: Settings = current_app.config["SETTINGS"]
    return Geocoder(settings.geocoder_url) if settings.geocoder_url else None


def _content(opened: Connection, question: AccessQuestion, first: Place, second: Place) -> str:
    release = area_release(opened)
    compared = Comparison(first.view, second.view) if first.view and second.view else None
    settings: Settings = current_app.config["SETTINGS"]

    def url_of(name: str, place: FoundPlace) -> str:
        return _url(_with(question, name, (place.x_m, place.y_m)))

    return render_template(
        "bereikbaarheid.html",
        question=question,
        view=first.view,
        compared=compared,
        first=first.field,
        second=second.field,
        field_help=WITH_ADDRESSES if settings.geocoder_url else WITHOUT_ADDRESSES,
        modes=TRAVEL_MODES,
        paces=[(pace.key, _pace_words(pace, question)) for pace in PACES],
        pace_words=_pace_words(question.pace, question),
        profiles=ACCESS_PROFILES,
        categories=AMENITY_CATEGORIES,
        bands=BANDS_MIN,
        borders={level: borders_url(release, level) for level in LEVELS},
        tiles=(settings.tile_url, settings.tile_attribution) if settings.tile_url else None,
        area_release=release,
        kept_words=lambda name: address_words(_with(question, name, None)).items(),
        choice_url=lambda name: lambda place: url_of(name, place),
        map_url=_file_url("features", question),
        zones=_zones(opened, question, first.view) if first.view and not compared else (),
        zones_url=_file_url("zones", replace(question, type_key=None, with_zones=False)),
        files=[
            (_file_url(name, question), label)
            for name, label in (("table", "CSV"), ("features", "GeoJSON"), ("record", "JSON"))
        ],
        alone_urls=_alone_urls(question) if compared else (),
    )


def _pace_words(pace: Pace, question: AccessQuestion) -> str:
    """The pace with its speed for the way of travelling: rustig, 3,2 km per uur."""
    speed_km_per_h = question.mode.at_pace(pace).speed_km_per_h
    return f"{pace.label.lower()}, {to_dutch(speed_km_per_h, 1)} km per uur"


def _zones(opened: Connection, question: AccessQuestion, view: AccessView) -> tuple[Zone, ...]:
    """Where one gets in 5, 10 and 15 minutes, when that is asked and there is a street near."""
    if not question.with_zones or not view.has_minutes:
        return ()
    access = view.access
    return zones_around(opened, current.home(), access.x_m, access.y_m, access.mode).zones


def _with(question: AccessQuestion, name: str, point: Point | None) -> AccessQuestion:
    return replace(question, point=point) if name == POINT else replace(question, other=point)


def _url(question: AccessQuestion) -> str:
    return url_for("access.show", **address_words(question))


def _alone_urls(question: AccessQuestion) -> Iterator[tuple[str, str]]:
    yield "Alleen A", _url(replace(question, other=None))
    yield "Alleen B", _url(replace(question, point=question.other, other=None))
    yield "Wissel A en B", _url(replace(question, point=question.other, other=question.point))


def _file_url(name: str, question: AccessQuestion) -> str:
    """The address of a file about the place of the question; empty when there is no place."""
    words = address_words(question)
    point = words.pop(POINT, None)
    return url_for(f"access.{name}", punt=point, **words) if point else ""


@page.get("/bereikbaarheid/<punt>.csv")
def table(punt: str) -> Response:
    """The profile as a table for a spreadsheet."""
    with connection() as opened:
        views = _views(opened, punt)
    return file_answer(access_download(views), "csv")


@page.get("/bereikbaarheid/<punt>.json")
def record(punt: str) -> Response:
    """The profile as JSON."""
    with connection() as opened:
        views = _views(opened, punt)
    return _json(access_record(views), "application/json")


@page.get("/bereikbaarheid/<punt>.geojson")
def features(punt: str) -> Response:
    """The place, the nearest amenities and the ways to them: what the map draws."""
    with connection() as opened:
        views = _views(opened, punt)
        found = access_features(opened, current.home(), views)
    return _json(found, "application/geo+json")


@page.get("/bereikbaarheid/<punt>/zones.geojson")
def zones(punt: str) -> Response:
    """Where one gets from the place in 5, 10 and 15 minutes."""
    question, point = access_question(request.args), to_point(punt, POINT)
    with connection() as opened:
        try:
            found = zones_around(opened, current.home(), *point, question.mode)
        except QuestionError as error:
            raise BadRequest(POINT, str(error)) from error
    return _json(found.geojson, "application/geo+json")


def _views(opened: Connection, punt: str) -> list[AccessView]:
    """The place in the path, and the second one when the address names it."""
    question = access_question(request.args)
    points = {POINT: to_point(punt, POINT), OTHER_POINT: read_point(request.args, OTHER_POINT)}
    return [_view(opened, name, point, question) for name, point in points.items() if point]


def _view(opened: Connection, name: str, point: Point, question: AccessQuestion) -> AccessView:
    try:
        return access_view(opened, current.home(), point, question.mode, question.type_key)
    except QuestionError as error:
        raise BadRequest(name, str(error)) from error


@page.get("/bereikbaarheid/zoek.json")
def suggestions() -> Response:
    """The places of ours that someone may mean; nothing typed here goes to another service."""
    words = parameters.words(request.args)
    with connection() as opened:
        found = known_places(opened, words)
    return _json({"gevonden": [_suggestion(place) for place in found]}, "application/json")


def _suggestion(place: FoundPlace) -> dict[str, Any]:
    return {
        "soort": place.kind,
        "naam": place.label,
        "waar": place.context,
        "parameter": POINT,
        "waarde": f"{place.x_m},{place.y_m}",
    }


@page.app_template_global()
def amenity_symbol_url(name: str) -> str:
    """The address of one symbol of an amenity within the file of all of them."""
    version = version_of(_symbol_folder())
    return url_for("access.symbol_file", v=version, _anchor=name)


@page.get("/bereikbaarheid/symbolen.svg")
def symbol_file() -> Response:
    """The symbols of all kinds of amenities in one file."""
    folder = _symbol_folder()
    answer = Response(symbols.sprite(folder), mimetype="image/svg+xml")
    if request.args.get("v") == symbols.version(folder):
        answer.headers["Cache-Control"] = FOREVER
    return _conditional(answer)


def _symbol_folder() -> Path:
    return Path(cast(str, current_app.static_folder)) / "symbols" / "voorzieningen"


def _json(content: dict[str, Any], media_type: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return _conditional(Response(text, mimetype=media_type))


def _conditional(answer: Response) -> Response:
    answer.headers.setdefault("Cache-Control", "no-cache")
    answer.add_etag()
    return cast(Response, answer.make_conditional(request))
