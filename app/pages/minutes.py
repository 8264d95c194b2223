"""Minutes to daily life by area, on a map with its table; and who has a respijt place in reach."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
from flask import Blueprint, Response, render_template, request
from sqlalchemy import Connection

from analysis.access.availability import SHARE, TYPICAL
from analysis.access.modes import TRAVEL_MODES
from analysis.access.two_step import MEASURE as PLACES
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES
from app.database import connection
from app.pages import parameters
from app.pages.lists import DIRECTIONS, file_answer
from app.pages.map import tiles
from app.pages.map_data import borders_url
from app.pages.parameters import short_address
from app.services import current
from app.services.area_minutes import (
    BASES,
    TOO_FAR,
    AreaMinutes,
    fallback_figure,
    minutes_of_areas,
    warning_sentences,
)
from app.services.availability import LEAST_DIFFERENCE, FacilityReach, reach_of_facilities
from app.services.downloads import FORMATS, GEOJSON
from app.services.list_downloads import LEVEL_NOUNS
from app.services.minutes_table import (
    COLUMNS,
    minutes_download,
    minutes_layer,
    minutes_rows,
    minutes_text,
    reading_notes,
)
from app.services.reach_table import (
    headline,
    places_number,
    protected_note,
    reach_download,
    reach_rows,
    share_text,
)
from data.errors import NotFound
from data.queries.releases import area_release
from geo.frames import LEVELS

page = Blueprint("minutes", __name__, url_prefix="/bereikbaarheid")
Words = dict[str, Any]
#: What the bare addresses ask.
MINUTES = {
    "categorie": "huisarts",
    "niveau": "buurt",
    "wijze": "lopend",
    "sorteer": "naam",
    "richting": "op",
}
REACH = {"soort": "respijt,time_out", "niveau": "gemeente", "plannen": "bestaand"}
REACH_LEVELS = ("gemeente", "wijk")
MODE_OF_SLUG = {mode.slug: mode for mode in TRAVEL_MODES}
#: The two kinds of short stay together, as the policy asks for them.
BOTH_LABEL = "Respijt en time-out"


@page.get("/minuten")
def show() -> str:
    """How far something is for the residents of each area: a sentence, the map and its table."""
    words = _minutes_words()
    with connection() as opened:
        answer = _minutes(opened, words)
        rows = minutes_rows(answer, words["sorteer"], words["richting"] == "af")
        layer = minutes_layer(opened, answer, rows)
    question, listed = answer.question, rows.to_dict("records")
    return render_template(
        "minuten.html",
        answer=answer,
        question=question,
        rows=listed,
        columns=COLUMNS,
        layer=layer,
        notes=reading_notes(answer),
        nouns=LEVEL_NOUNS[question.level],
        fallback=fallback_figure(question.target),
        minutes_text=minutes_text,
        categories=AMENITY_CATEGORIES,
        modes=TRAVEL_MODES,
        borders={level: borders_url(answer.release, level) for level in LEVELS},
        tiles=tiles(),
        words=words,
        hidden=[name for name in ("niveau", "wijze") if words[name] != MINUTES[name]],
        sort=(words["sorteer"], words["richting"]),
        sort_url=lambda sort, direction: short_address(
            "minutes.show", MINUTES, {**words, "sorteer": sort, "richting": direction}
        ),
        map_values={area.code: area for area in layer.values},
        warnings=warning_sentences(rows["let_op"]),
        url_with=lambda **changes: short_address("minutes.show", MINUTES, {**words, **changes}),
        files=[
            (
                short_address("minutes.file", MINUTES, words, extension=form.extension),
                form.label,
            )
            for form in (*FORMATS.values(), GEOJSON)
        ],
        measure=TYPICAL,
        area_release=answer.release,
    )


@page.get("/minuten.<any(csv, xlsx, gpkg, geojson):extension>")
def file(extension: str) -> Response:
    """The same table as a file; with borders where the format has room for them."""
    words = _minutes_words()
    with connection() as opened:
        answer = _minutes(opened, words)
        rows = minutes_rows(answer, words["sorteer"], words["richting"] == "af")
        download = minutes_download(opened, answer, rows, extension in ("gpkg", "geojson"))
    return file_answer(download, extension)


def _minutes(opened: Connection, words: Words) -> AreaMinutes:
    return minutes_of_areas(
        opened,
        current.home(),
        words["categorie"],
        words["niveau"],
        words["wijze"],
        current.today(),
    )


def _minutes_words() -> Words:
    args = request.args
    choices = {
        "categorie": AMENITY_CATEGORIES.keys,
        "niveau": LEVELS,
        "wijze": tuple(MODE_OF_SLUG),
        "sorteer": tuple(column.key for column in COLUMNS),
        "richting": DIRECTIONS,
    }
    return {
        name: parameters.one_of(args, name, choices[name], default)
        for name, default in MINUTES.items()
    }


@page.get("/respijt")
def reach() -> str:
    """Who can reach a respijt place in time: a sentence, and a row for every gemeente."""
    words = _reach_words()
    with connection() as opened:
        release = area_release(opened)
        try:
            answer = _reach(opened, words)
        except NotFound as missing:
            return render_template(
                "respijt.html", answer=None, reason=str(missing), area_release=release
            )
    rows = reach_rows(answer)
    return render_template(
        "respijt.html",
        answer=answer,
        question=answer.question,
        headline=headline(answer),
        protected=protected_note(answer),
        rows=rows.to_dict("records"),
        nouns=LEVEL_NOUNS[answer.question.level],
        basis=BASES[answer.population_basis],
        share_text=share_text,
        places_number=places_number,
        least_difference=LEAST_DIFFERENCE * 100,
        too_far=TOO_FAR,
        sites=_listed(answer.sites),
        left_out=_listed(answer.left_out),
        type_choices=_type_choices(answer, words["soort"]),
        plan_choices=[(scope.key, scope.label) for scope in PLAN_SCOPES],
        words=words,
        level_url=lambda level: short_address("minutes.reach", REACH, {**words, "niveau": level}),
        files=[
            (
                short_address("minutes.reach_file", REACH, words, extension=key),
                FORMATS[key].label,
            )
            for key in ("csv", "xlsx")
        ],
        warnings=warning_sentences(rows["let_op"]),
        share=SHARE,
        places=PLACES,
        area_release=release,
    )


@page.get("/respijt.<any(csv, xlsx):extension>")
def reach_file(extension: str) -> Response:
    """The same table as a file."""
    with connection() as opened:
        answer = _reach(opened, _reach_words())
    return file_answer(reach_download(answer, reach_rows(answer)), extension)


def _type_choices(answer: FacilityReach, chosen: str) -> list[tuple[str, str]]:
    """The words and labels to choose from, with the choice itself when it is another one."""
    on_map = [(entry.key, entry.label) for entry in FACILITY_TYPES if entry.recorded.on_map]
    usual = [(REACH["soort"], BOTH_LABEL), *on_map]
    if chosen in dict(usual):
        return usual
    return [(chosen, ", ".join(entry.label for entry in answer.question.types)), *usual]


def _listed(sites: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Sites for a list, each with its type."""
    rows = sites.reset_index().to_dict("records")
    return [{**row, "type": FACILITY_TYPES[row["type"]]} for row in rows]


def _reach(opened: Connection, words: Words) -> FacilityReach:
    return reach_of_facilities(
        opened,
        current.home(),
        words["soort"].split(","),
        parameters.day(request.args),
        level=words["niveau"],
        plan_scope=words["plannen"],
    )


def _reach_words() -> Words:
    """What the address asks of the table; the date only when it is not today."""
    args = request.args
    on = parameters.day(args)
    asked = parameters.listed(args, "soort")
    return {
        "soort": ",".join(asked) or REACH["soort"],
        "niveau": parameters.one_of(args, "niveau", REACH_LEVELS, REACH["niveau"]),
        "plannen": parameters.one_of(args, "plannen", PLAN_SCOPES.keys, REACH["plannen"]),
    } | ({} if on == current.today() else {"datum": on.isoformat()})
