"""Where could it at all? The search areas of a type on a map and as a list, with their reasons."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from analysis.access.profiles import ACCESS_PROFILES
from analysis.domain import PLAN_SCOPES
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.search_areas.assessment import MEASURE
from analysis.search_areas.conditions import (
    CONDITIONS,
    GEMEENTE_CHOICES,
    STARTING_VALUES,
    Conditions,
    conditions_of,
)
from app.auth import guard
from app.database import connection
from app.pages import parameters
from app.pages.lists import file_answer
from app.pages.map import tiles
from app.pages.map_data import borders_url
from app.services import current
from app.services.area_list import SHOWN_TYPES
from app.services.downloads import FORMATS, GEOJSON
from app.services.search_areas import (
    PLAN_SCOPE,
    SearchAnswer,
    SearchQuestion,
    read_search_question,
    search_areas,
)
from app.services.search_files import search_download
from app.services.search_list import (
    AreaEntry,
    ShownAreas,
    attention_ground,
    by_gemeente,
    conditions_sentence,
    excluded_ground,
    headline,
    hectares,
    outcomes,
    shown_areas,
    silent_uses,
    unknown_reasons,
)
from app.services.search_map import search_map
from app.services.search_needs import STAGE_KEYS, need_overview, need_sentence, type_needs
from data.database_roles import WHOLE_REGION
from data.errors import NotFound
from data.queries.releases import Release, area_release
from data.queries.streets import NoStreets
from geo.frames import LEVELS

page = Blueprint("search_areas", __name__, url_prefix="/zoekgebieden")
Words = dict[str, Any]
_START = Conditions()
#: What the bare address asks.
DEFAULTS: Words = {
    **{entry.key: str(getattr(_START, entry.key)) for entry in CONDITIONS},
    "aandeel": _START.aandeel,
    "plannen": PLAN_SCOPE,
    "gemeente": "",
}
#: Who may make a site of a point in a search area.
MAKES_SITES = "locaties_bewerken"


@page.get("")
def overview() -> str:
    """Every type with what is needed, there and planned; choose one to see where it could."""
    with connection() as opened:
        found = need_overview(opened, current.today())
    return render_template(
        "zoekgebieden.html",
        found=found,
        profiles=ACCESS_PROFILES,
        measure=MEASURE,
        area_release=found.release,
    )


@page.get("/<word>")
def show(word: str) -> AnyResponse | str:
    """The search areas of a type: a sentence, the map and its list, and what is not known."""
    kind = _type_named(word)
    if kind.key != word:
        return redirect(url_for("search_areas.show", word=kind.key), 301)
    words = _words()
    question = _question(kind, words)
    with connection() as opened:
        release = area_release(opened)
        needs = type_needs(opened, kind, question.on)
        try:
            answer, shown = _answer(opened, question, words)
        except NoStreets as missing:
            return _without_streets(kind, str(missing), release)
    return render_template(
        "zoekgebied.html",
        answer=answer,
        question=question,
        type=kind,
        lead=headline(answer, shown.entries, shown.gemeente),
        needs=needs,
        need_told=need_sentence(kind, needs.region),
        stage_keys=STAGE_KEYS,
        groups=by_gemeente(shown.entries),
        gemeenten=shown.gemeenten,
        conditions=conditions_of(kind),
        told_conditions=conditions_sentence(answer),
        gemeente_choices=GEMEENTE_CHOICES,
        plan_choices=[(scope.key, scope.label) for scope in PLAN_SCOPES],
        excluded=excluded_ground(answer),
        attention=attention_ground(answer),
        silent=silent_uses(answer),
        unknown=unknown_reasons(answer),
        outcomes=outcomes(answer),
        hectares=hectares,
        starting_values=STARTING_VALUES,
        measure=MEASURE,
        words=words,
        layers_url=_url(kind, words, "search_areas.layers"),
        bare_url=url_for("search_areas.show", word=kind.key),
        files=[
            (_url(kind, words, "search_areas.file", extension=form.extension), form.label)
            for form in (*FORMATS.values(), GEOJSON)
        ],
        others=[FACILITY_TYPES[key] for key in SHOWN_TYPES],
        candidate_url=_candidate_url(kind),
        borders={level: borders_url(release, level) for level in LEVELS},
        tiles=tiles(),
        area_release=release,
    )


@page.get("/<word>/kaart.json")
def layers(word: str) -> Response:
    """The shapes of the map: search areas, ground that rules out, and what is not known."""
    kind, words = _type_named(word), _words()
    with connection() as opened:
        answer, shown = _answer(opened, _question(kind, words), words)
        body = search_map(answer, [entry.number for entry in shown.entries])
    content = Response(body, mimetype="application/json")
    content.headers["Cache-Control"] = "no-cache"
    content.add_etag()
    return cast(Response, content.make_conditional(request))


@page.get("/<word>/gebieden.<any(csv, xlsx, gpkg, geojson):extension>")
def file(word: str, extension: str) -> Response:
    """The same areas as a file."""
    kind, words = _type_named(word), _words()
    with connection() as opened:
        answer, shown = _answer(opened, _question(kind, words), words)
    return file_answer(search_download(answer, shown.entries, shown.gemeente), extension)


def _answer(
    opened: Connection, question: SearchQuestion, words: Words
) -> tuple[SearchAnswer, ShownAreas]:
    answer = search_areas(opened, current.home(), question)
    return answer, shown_areas(answer, words["gemeente"])


def _without_streets(kind: FacilityType, reason: str, release: Release) -> str:
    return render_template(
        "zoekgebied.html", answer=None, type=kind, reason=reason, area_release=release
    )


def _candidate_url(kind: FacilityType) -> Any:
    """The address of the form for a site in an area, for who may make one there; else None."""
    scope = guard.person().scope_of(MAKES_SITES)

    def address(area: AreaEntry) -> str | None:
        if not scope & {area.gemeente_code, WHOLE_REGION}:
            return None
        point = f"{area.x_m:.0f}, {area.y_m:.0f}"
        return url_for("workspace_form.add", soort=kind.key, plek=point)

    return address


def _type_named(word: str) -> FacilityType:
    try:
        kind = FACILITY_TYPES.find(word)
    except UnknownEntryError as error:
        meant = [FACILITY_TYPES[key].label for key in error.close]
        hint = f" Bedoelt u {' of '.join(meant)}?" if meant else ""
        raise NotFound(f"Deze soort plek kennen wij niet.{hint}") from None
    if not kind.recorded.on_map:
        raise NotFound(f"{kind.label}: {kind.recorded.explanation}")
    return kind


def _question(kind: FacilityType, words: Words) -> SearchQuestion:
    asked = {name: words[name] for name in (*CONDITIONS.keys, "aandeel")}
    return read_search_question(kind.key, parameters.day(request.args), asked, words["plannen"])


def _words() -> Words:
    """What the address asks; the date only when it is not today."""
    args = request.args
    on = parameters.day(args)
    numbers = {
        entry.key: args.get(entry.key, DEFAULTS[entry.key]).strip()
        if entry.is_optional
        else args.get(entry.key, "").strip() or DEFAULTS[entry.key]
        for entry in CONDITIONS
    }
    choices = {"aandeel": GEMEENTE_CHOICES.keys, "plannen": PLAN_SCOPES.keys}
    return {
        **numbers,
        **{name: parameters.one_of(args, name, choices[name], DEFAULTS[name]) for name in choices},
        "gemeente": args.get("gemeente", "").strip(),
    } | ({} if on == current.today() else {"datum": on.isoformat()})


def _url(kind: FacilityType, words: Words, endpoint: str, **values: Any) -> str:
    return parameters.short_address(endpoint, DEFAULTS, words, word=kind.key, **values)
