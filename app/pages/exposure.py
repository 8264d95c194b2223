"""How many places are near home: residents by number, a map, and what a candidate changes."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import groupby
from typing import Any

import pandas as pd
from flask import Blueprint, Response, render_template, request
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS
from analysis.spreading.exposure import BY_AREA, LIMITS_M, PLACES
from analysis.spreading.exposure_change import MEASURE as CHANGE
from app.database import connection
from app.errors import BadRequest
from app.pages import parameters
from app.pages.lists import DIRECTIONS, file_answer
from app.pages.map import tiles
from app.pages.map_data import borders_url
from app.services import current
from app.services.area_minutes import warning_sentences
from app.services.downloads import FORMATS
from app.services.exposure import (
    Exposure,
    ExposureQuestion,
    NotMeasurable,
    candidate_sites,
    measure_exposure,
    read_exposure_question,
)
from app.services.exposure_candidate import CandidateQuestion
from app.services.exposure_table import (
    COLUMNS,
    SHOWN,
    area_layer,
    area_rows,
    class_rows,
    exposure_download,
    number_text,
)
from app.services.exposure_words import (
    change_intro,
    headline,
    help_sentences,
    highest,
    places_sentences,
    reading_notes,
    rim_sentence,
)
from app.services.list_downloads import LEVEL_NOUNS
from app.services.reach_table import share_text
from app.services.spreading import QuestionError
from data.queries.releases import area_release
from geo.frames import LEVELS

page = Blueprint("exposure", __name__, url_prefix="/spreiding")
Words = dict[str, Any]
#: What the bare address asks.
DEFAULTS = {
    "soort": "alle_locaties",
    "plannen": "bestaand",
    "niveau": "buurt",
    "afstand": "400",
    "maat": "hoogste",
    "sorteer": "naam",
    "richting": "op",
    "kandidaat": "",
    "plekken": "",
}
DISTANCES = tuple(f"{limit:g}" for limit in LIMITS_M)
#: What is wrong with the candidate is said on the page, beside the fields to mend it with.
OF_CANDIDATE = ("kandidaat", "plekken")


@page.get("/nabij")
def show() -> str:
    """How many places people have near home: a sentence, the residents, the map and its table."""
    words = _words()
    question = _question(words)
    with connection() as opened:
        release = area_release(opened)
        choices = candidate_sites(opened, release.id, question)
        try:
            answer, fault = _with_fault(opened, question, words)
        except NotMeasurable as missing:
            return render_template(
                "nabij.html", answer=None, reason=str(missing), area_release=release
            )
    limit = float(words["afstand"])
    rows = area_rows(answer, limit, words["maat"], words["sorteer"], words["richting"] == "af")
    layer = area_layer(answer, limit, words["maat"], rows)
    return render_template(
        "nabij.html",
        answer=answer,
        question=question,
        fault=fault,
        limit=limit,
        lead=headline(answer, limit),
        highest=highest(answer, limit),
        notes=reading_notes(answer),
        classes=class_rows(answer),
        rows=rows.to_dict("records"),
        columns=COLUMNS,
        layer=layer,
        map_values={area.code: area for area in layer.values},
        nouns=LEVEL_NOUNS[question.level],
        warnings=warning_sentences(rows["let_op"]),
        sites=_listed(answer.sites),
        left_out=_listed(answer.left_out),
        shown=SHOWN,
        number_text=number_text,
        share_text=share_text,
        types=[entry for entry in FACILITY_TYPES if entry.recorded.on_map],
        groups=[
            group for group in TYPE_GROUPS if all(entry.recorded.on_map for entry in group.types)
        ],
        plan_choices=[(scope.key, scope.label) for scope in PLAN_SCOPES],
        candidates=_by_gemeente(choices, answer),
        borders={level: borders_url(answer.release, level) for level in LEVELS},
        tiles=tiles(),
        words=words,
        hidden=[name for name in ("niveau", "afstand", "maat") if words[name] != DEFAULTS[name]],
        sort=(words["sorteer"], words["richting"]),
        sort_url=lambda sort, direction: _url({**words, "sorteer": sort, "richting": direction}),
        level_url=lambda level: _url({**words, "niveau": level}),
        url_with=lambda **changes: _url({**words, **changes}),
        files=[
            (_url(_for_file(words, fault), "exposure.file", extension=key), FORMATS[key].label)
            for key in ("csv", "xlsx")
        ],
        measures=(PLACES, BY_AREA, CHANGE),
        area_release=release,
        **_change(answer, limit),
    )


@page.get("/nabij.<any(csv, xlsx):extension>")
def file(extension: str) -> Response:
    """Every area with its numbers, as a file."""
    words = _words()
    with connection() as opened:
        answer = measure_exposure(opened, current.home(), _question(words), _candidate(words))
    return file_answer(exposure_download(answer, float(words["afstand"])), extension)


def _with_fault(
    opened: Connection, question: ExposureQuestion, words: Words
) -> tuple[Exposure, str | None]:
    """The answer; without the candidate when that one can't be compared, and why not."""
    try:
        return measure_exposure(opened, current.home(), question, _candidate(words)), None
    except QuestionError as fault:
        if fault.field not in OF_CANDIDATE:
            raise
        return measure_exposure(opened, current.home(), question), str(fault)


def _for_file(words: Words, fault: str | None) -> Words:
    """What a file of this view is asked by: without the candidate that can't be compared."""
    return {**words, "kandidaat": "", "plekken": ""} if fault else words


def _change(answer: Exposure, limit: float) -> Words:
    """What changes, in words and numbers; nothing without a candidate."""
    comparison = answer.comparison
    if comparison is None:
        return {"comparison": None}
    return {
        "comparison": comparison,
        "change": comparison.region,
        "change_intro": change_intro(comparison),
        "places_told": places_sentences(comparison.region, limit),
        "help_told": help_sentences(comparison.region),
        "rim_told": rim_sentence(comparison, limit),
    }


def _listed(sites: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Sites for a list, each with its type."""
    rows = sites.reset_index().to_dict("records")
    return [{**row, "type": FACILITY_TYPES[row["type"]]} for row in rows]


def _by_gemeente(
    choices: pd.DataFrame, answer: Exposure
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The candidates to choose from; the chosen one is among them, whatever its stage."""
    named = [
        (row["gemeente_name"] or "Elders", str(row["site_id"]), row["name"])
        for row in choices.reset_index().to_dict("records")
    ]
    chosen = answer.comparison and answer.comparison.candidate
    if chosen and str(chosen.site_id) not in {number for _, number, _ in named}:
        named.insert(0, ("Gekozen", str(chosen.site_id), chosen.name))
    return [
        (gemeente, [(number, name) for _, number, name in group])
        for gemeente, group in groupby(named, key=lambda entry: entry[0])
    ]


def _question(words: Words) -> ExposureQuestion:
    return read_exposure_question(
        words["soort"].split(","),
        parameters.day(request.args),
        words["plannen"],
        words["niveau"],
    )


def _candidate(words: Words) -> CandidateQuestion | None:
    if not words["kandidaat"]:
        return None
    count = int(words["plekken"]) if words["plekken"] else None
    return CandidateQuestion(words["kandidaat"], place_count=count)


def _words() -> Words:
    """What the address asks; the date only when it is not today."""
    args = request.args
    on = parameters.day(args)
    choices = {
        "plannen": PLAN_SCOPES.keys,
        "niveau": LEVELS,
        "afstand": DISTANCES,
        "maat": SHOWN.keys,
        "sorteer": tuple(column.key for column in COLUMNS),
        "richting": DIRECTIONS,
    }
    return {
        "soort": ",".join(parameters.listed(args, "soort")) or DEFAULTS["soort"],
        **{name: parameters.one_of(args, name, choices[name], DEFAULTS[name]) for name in choices},
        "kandidaat": args.get("kandidaat", "").strip(),
        "plekken": _places(args.get("plekken", "").strip()),
    } | ({} if on == current.today() else {"datum": on.isoformat()})


def _places(word: str) -> str:
    if word and not (word.isascii() and word.isdigit() and len(word) <= 6):
        raise BadRequest("plekken", "Het aantal plekken is een heel getal, bijvoorbeeld 12.")
    return word


def _url(words: Words, endpoint: str = "exposure.show", **values: Any) -> str:
    return parameters.short_address(endpoint, DEFAULTS, words, **values)
