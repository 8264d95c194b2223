"""What a conversation says of its surroundings: how far daily life is, and who carries what.

The figures are those of the pages of a site and of an area. They are kept as long as no delivery,
site or state differs and the day is the same: many people read the same conversation at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES
from analysis.access.sentence import NOUNS
from app.numbers import to_dutch_significant
from app.services.access_view import access_view, with_unit
from app.services.area_nearby import area_nearby
from app.services.area_profile import AreaProfile, area_profile
from app.services.area_share import area_share
from app.services.lists import SourceLine
from app.services.public_tracks import REGION, TrackLine
from app.services.shelf import Shelf, content_key
from app.services.spreading import QuestionError
from data.errors import DataError, NotFound
from data.queries.releases import Release

WALKING = TRAVEL_MODES["walk"]
#: Of so many sites at most; the page of each tells more.
_MOST_SITES = 3
#: What one sentence on an area names.
_OF_AREA = ("supermarkt", "huisarts", "ov_halte")
_MOST_KEPT = 64
_shelf = Shelf(_MOST_KEPT)


@dataclass(frozen=True)
class FigureSentence:
    """A figure in a sentence, with whose data it rests on and how it is made."""

    text: str
    sources: tuple[Release, ...]
    method_url: str
    more: tuple[str, str] | None = None


def surroundings(
    connection: Connection, home: Path, release: Release, line: TrackLine, on: dt.date, mark: str
) -> tuple[FigureSentence, ...]:
    """The sentences for a conversation: for its sites, or else for its wijk or gemeente.

    ``mark`` is that of everything public (see ``public_mark``).
    """
    places = [(place.site_id, place.x_m, place.y_m) for place in line.subjects]
    code = line.record.wijk_code or line.record.gemeente_code
    key = content_key(connection, release, str(home), on, mark, line.record.type, code, *places)
    return _shelf.keep(key, lambda: tuple(_sentences(connection, home, line, code, on)))


def _sentences(
    connection: Connection, home: Path, line: TrackLine, code: str, on: dt.date
) -> Iterator[FigureSentence]:
    for place in line.subjects[:_MOST_SITES]:
        name = place.name if len(line.subjects) > 1 else None
        yield _of_site(connection, home, (place.x_m, place.y_m), name, line.record.type)
    if code == REGION:
        return
    try:
        profile = area_profile(connection, code, on)
    except NotFound:
        return
    if not line.subjects:
        yield from _of_area(connection, home, profile)
    yield from _share(connection, profile)


def _of_site(
    connection: Connection,
    home: Path,
    point: tuple[float, float],
    name: str | None,
    type_key: str | None,
) -> FigureSentence:
    address = f"/bereikbaarheid?punt={round(point[0])},{round(point[1])}"
    more = (f"{address}&soort={type_key}" if type_key else address, "Alle reistijden van deze plek")
    begin = f"Zo ver is het vanaf {name}. " if name else ""
    try:
        view = access_view(connection, home, (round(point[0]), round(point[1])), WALKING)
    except (DataError, QuestionError) as fault:
        return FigureSentence(f"{begin}{fault}", (), "/methode/reistijd")
    sources = _releases(view.access.sources)
    return FigureSentence(f"{begin}{view.sentence}", sources, "/methode/reistijd", more)


def _of_area(connection: Connection, home: Path, profile: AreaProfile) -> Iterator[FigureSentence]:
    nearby = area_nearby(connection, home, profile.release, profile.area)
    if nearby is None or not nearby.minutes:
        return
    told = [
        f"naar {NOUNS[one.key]} {with_unit(minutes)}"
        for one, minutes in nearby.minutes
        if one.key in _OF_AREA
    ]
    if not told:
        return
    text = (
        f"Zo lang is het {nearby.mode.verb} voor de helft van de inwoners van "
        f"{profile.area.name}, of korter. {'; '.join(told).capitalize()}."
    )
    if nearby.warning:
        text = f"{text} Let op: {nearby.warning[0].lower()}{nearby.warning[1:]}"
    address = f"/gebied/{profile.area.area_code}#afstand"
    more = (address, f"Meer over {profile.area.name}")
    yield FigureSentence(text, _releases(nearby.sources), "/methode/reistijd", more)


def _share(connection: Connection, profile: AreaProfile) -> Iterator[FigureSentence]:
    try:
        share = area_share(connection, profile)
    except (DataError, QuestionError):
        return
    if share is None:
        return
    places, residents = (
        to_dutch_significant(part * 100, 2) for part in (share.capacity_share, share.resident_share)
    )
    text = (
        f"{profile.area.name} heeft {places}% van de plekken die in gebruik zijn in de regio. Hier "
        f"woont {residents}% van de inwoners. {share.verdict.explanation}"
    )
    address = f"/gebied/{profile.area.area_code}#aandeel"
    more = (address, f"Meer over {profile.area.name}")
    yield FigureSentence(text, _releases(profile.sources), "/methode/oordeel", more)


def _releases(lines: tuple[SourceLine, ...]) -> tuple[Release, ...]:
    return tuple(dict.fromkeys(line.release for line in lines))
