"""The address of the map: read into a question, and written from one, defaults left out."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from analysis.classes import CLASSINGS, ClassingKey
from analysis.domain import SITE_STATUSES
from app.errors import BadRequest
from app.pages import parameters
from app.services import current
from app.services.map_layers import (
    DEFAULT_CLASSING,
    DEFAULT_FIGURE,
    DEFAULT_LEVEL,
    LIVING_STATUSES,
    MapQuestion,
)
from data.figures import FIGURES
from geo.frames import LEVELS

#: The word in the address for each way to make classes.
CLASSING_WORDS: dict[str, ClassingKey] = {"kwantiel": "quantile", "gelijk": "equal_interval"}
NO_FIGURE = "geen"
LONGEST_CODE = 20


def map_question(args: MultiDict[str, str]) -> MapQuestion:
    """What the address asks of the map; BadRequest names the part that can't be used."""
    keys = (NO_FIGURE, *(entry.key for entry in FIGURES))
    figure_key = parameters.one_of(args, "cijfer", keys, DEFAULT_FIGURE)
    word = parameters.one_of(args, "indeling", tuple(CLASSING_WORDS), _word(DEFAULT_CLASSING))
    statuses = parameters.statuses(args)
    return MapQuestion(
        on=parameters.day(args),
        level=parameters.one_of(args, "niveau", LEVELS, DEFAULT_LEVEL),
        figure_key=None if figure_key == NO_FIGURE else figure_key,
        classing=CLASSING_WORDS[word],
        types=parameters.types(args),
        statuses=() if statuses == LIVING_STATUSES else statuses,
        area_code=args.get("gebied", "").strip()[:LONGEST_CODE] or None,
        site_id=_site_id(args),
    )


def _site_id(args: MultiDict[str, str]) -> int | None:
    word = args.get("locatie", "").strip()
    if not word:
        return None
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise BadRequest("locatie", f"{parameters.quoted(word)} is geen nummer van een locatie.")
    return int(word)


def map_url(question: MapQuestion) -> str:
    """The shortest address of this view."""
    return url_for("map.index", **address_words(question))


def address_words(question: MapQuestion) -> dict[str, Any]:
    """The parameters of this view, those left out that say what goes without saying."""
    words: dict[str, Any] = {}
    if question.level != DEFAULT_LEVEL:
        words["niveau"] = question.level
    if question.figure_key != DEFAULT_FIGURE:
        words["cijfer"] = question.figure_key or NO_FIGURE
    if question.classing != DEFAULT_CLASSING:
        words["indeling"] = _word(question.classing)
    words |= site_words(question)
    if question.area_code:
        words["gebied"] = question.area_code
    if question.site_id is not None:
        words["locatie"] = question.site_id
    return words


def site_words(question: MapQuestion) -> dict[str, Any]:
    """The parameters that choose sites; the list of sites knows the same ones."""
    words: dict[str, Any] = {}
    if question.types:
        words["soort"] = list(question.types)
    if question.statuses:
        words["status"] = list(question.statuses)
    if question.on != current.today():
        words["datum"] = question.on.isoformat()
    return words


def form_defaults() -> dict[str, str | list[str]]:
    """What every field of the form says when the address says nothing."""
    living = dict.fromkeys(SITE_STATUSES[key].group.key for key in LIVING_STATUSES)
    return {
        "niveau": DEFAULT_LEVEL,
        "cijfer": DEFAULT_FIGURE,
        "indeling": _word(DEFAULT_CLASSING),
        "soort": [],
        "status": list(living),
        "datum": current.today().isoformat(),
    }


def classing_choices() -> list[tuple[str, str]]:
    """Word and label of the ways to make classes."""
    return [(word, CLASSINGS[key].label) for word, key in CLASSING_WORDS.items()]


def _word(key: ClassingKey) -> str:
    return next(word for word, known in CLASSING_WORDS.items() if known == key)
