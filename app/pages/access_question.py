"""The address of travel access: read into a question, and written from one, defaults left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from analysis.access.modes import PACES, TRAVEL_MODES, Pace, TravelMode
from analysis.access.profiles import ACCESS_PROFILES
from app.errors import BadRequest
from app.pages import parameters

#: A place in RD, whole metres.
Point = tuple[int, int]
POINT, OTHER_POINT = "punt", "met"
DEFAULT_MODE = TRAVEL_MODES["walk"]
DEFAULT_PACE = PACES["gewoon"]
WITH_ZONES = "ja"
_POINT = re.compile(r"(-?[0-9]{1,7}),\s*(-?[0-9]{1,7})")


@dataclass(frozen=True)
class AccessQuestion:
    """What is asked: from which place, how one travels, and beside which other place.

    ``mode`` has the speed of ``pace``.
    """

    mode: TravelMode
    point: Point | None = None
    other: Point | None = None
    type_key: str | None = None
    with_zones: bool = False
    pace: Pace = DEFAULT_PACE


def access_question(args: MultiDict[str, str]) -> AccessQuestion:
    """What the address asks, but for the places; BadRequest names the part that is wrong."""
    pace = PACES[parameters.one_of(args, "tempo", PACES.keys, DEFAULT_PACE.key)]
    return AccessQuestion(
        mode=travel_mode(args).at_pace(pace),
        type_key=_type_key(args),
        with_zones=parameters.one_of(args, "zones", (WITH_ZONES, "nee"), "nee") == WITH_ZONES,
        pace=pace,
    )


def travel_mode(args: MultiDict[str, str]) -> TravelMode:
    """How one travels, by the word for addresses; walking when nothing is said."""
    slugs = [mode.slug for mode in TRAVEL_MODES]
    slug = parameters.one_of(args, "wijze", slugs, DEFAULT_MODE.slug)
    return next(mode for mode in TRAVEL_MODES if mode.slug == slug)


def read_point(args: MultiDict[str, str], name: str) -> Point | None:
    """The place in the address; None when it is absent or empty."""
    word = args.get(name, "").strip()
    return to_point(word, name) if word else None


def to_point(word: str, name: str) -> Point:
    """The place that a word of the address stands for; BadRequest when it is none."""
    found = _POINT.fullmatch(word)
    if found is None:
        raise BadRequest(
            name,
            f"{parameters.quoted(word)} is geen punt. Schrijf x en y in hele RD-meters, "
            "bijvoorbeeld 103900,488500.",
        )
    return int(found[1]), int(found[2])


def _type_key(args: MultiDict[str, str]) -> str | None:
    keys = ("", *(profile.key for profile in ACCESS_PROFILES))
    return parameters.one_of(args, "soort", keys, "") or None


def address_words(question: AccessQuestion) -> dict[str, Any]:
    """The parameters of this question, those left out that say what goes without saying."""
    words: dict[str, Any] = {}
    for name, point in ((POINT, question.point), (OTHER_POINT, question.other)):
        if point is not None:
            words[name] = f"{point[0]},{point[1]}"
    if question.mode.key != DEFAULT_MODE.key:
        words["wijze"] = question.mode.slug
    if question.pace != DEFAULT_PACE:
        words["tempo"] = question.pace.key
    if question.type_key:
        words["soort"] = question.type_key
    if question.with_zones:
        words["zones"] = WITH_ZONES
    return words
