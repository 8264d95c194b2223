"""The address of a conversation: which contributions are asked, and the shortest way to say it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, CONTRIBUTION_STATUSES
from app.errors import BadRequest
from app.pages import parameters
from app.services.track_view import ShownPlace
from data.queries.contributions import EVERY_ONE, AskedContributions, Box
from geo.crs import RD_BOUNDS

#: Around a place, to each side.
AROUND_M = 500
_BOX = re.compile(r"(-?\d{1,7}),(-?\d{1,7}),(-?\d{1,7}),(-?\d{1,7})", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)


@dataclass(frozen=True)
class TrackQuestion:
    """What is asked of the contributions of a conversation, and which page of them."""

    asked: AskedContributions = EVERY_ONE
    number: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return self.asked != EVERY_ONE

    @property
    def words(self) -> dict[str, Any]:
        """The question in the words of the address; what goes without saying is left out."""
        asked = self.asked
        said = {
            "soort": asked.kind,
            "status": asked.status,
            "fase": asked.phase_id,
            "thema": asked.theme_id,
            "waar": None if asked.box is None else box_word(asked.box),
            "pagina": None if self.number == 1 else self.number,
        }
        return {name: word for name, word in said.items() if word is not None}

    def url(self, code: str, number: int = 1) -> str:
        """The address of another page of the same."""
        words = replace(self, number=number).words
        return url_for("public_track.show", code=code, _anchor="reacties", **words)


def track_question(args: parameters.Arguments) -> TrackQuestion:
    """What the address asks; BadRequest names the part that is wrong."""
    return TrackQuestion(
        AskedContributions(
            kind=_key(args, "soort", CONTRIBUTION_KINDS.keys),
            status=_key(args, "status", CONTRIBUTION_STATUSES.keys),
            phase_id=_number(args, "fase"),
            theme_id=_number(args, "thema"),
            box=_box(args, "waar"),
        ),
        parameters.page_number(args),
    )


def box_word(box: Box) -> str:
    """A box as the address has it."""
    return ",".join(str(round(edge)) for edge in box)


def around(box: Box) -> str:
    """The word for a box with some room around it."""
    west, south, east, north = box
    return box_word((west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M))


def around_place(place: ShownPlace) -> str:
    """The word for what is around a site."""
    x_m, y_m = place.record.x_m, place.record.y_m
    return around((x_m, y_m, x_m, y_m))


def _key(args: parameters.Arguments, name: str, keys: Collection[str]) -> str | None:
    return parameters.one_of(args, name, keys, "") or None


def _number(args: parameters.Arguments, name: str) -> int | None:
    word = args.get(name, "").strip()
    if not word:
        return None
    if _NUMBER.fullmatch(word) is None:
        raise BadRequest(name, f"{parameters.quoted(word)} kennen wij niet.")
    return int(word)


def _box(args: parameters.Arguments, name: str) -> Box | None:
    word = args.get(name, "").strip()
    if not word:
        return None
    found = _BOX.fullmatch(word)
    west, south, east, north = map(int, found.groups()) if found else (0, 0, 0, 0)
    inside = RD_BOUNDS.holds(west, south) and RD_BOUNDS.holds(east, north)
    if not (found and west < east and south < north and inside):
        raise BadRequest(
            name,
            f"{parameters.quoted(word)} is geen gebied. Schrijf west, zuid, oost en noord in hele "
            "RD-meters, bijvoorbeeld 103000,488000,104000,489000.",
        )
    return west, south, east, north
