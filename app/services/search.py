"""Finding a gemeente, wijk, buurt or public site by what someone types, faults forgiven."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services import current
from app.services.area_list import SHOWN_TYPES
from app.services.lists import plain
from data.queries.areas import areas
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.tracks import TrackRecord, public_tracks

#: From this likeness on, another spelling counts as the same word.
ENOUGH_ALIKE = 0.75
#: Words shorter than this, and codes, must be right: nearly everything is like them.
FORGIVING_FROM = 4
#: With equal likeness the larger area comes first.
_SITE_TEXTS = (
    "site_code",
    "name",
    "type",
    "address",
    "provider",
    "gemeente_name",
    "wijk_name",
    "buurt_name",
)
KINDS = ("gemeente", "wijk", "buurt", "locatie")


@dataclass(frozen=True)
class SearchHit:
    """Something found: what kind it is, its name, where it lies, and its page."""

    kind: str
    label: str
    context: str
    url: str
    lon: float
    lat: float


@dataclass(frozen=True)
class _Candidate:
    """A hit that is not chosen yet, with the words by which it may be found."""

    hit: SearchHit
    name: str
    other_words: str


def search(connection: Connection, query: str, limit: int = 20) -> list[SearchHit]:
    """The best hits for ``query``, best first; nothing when it holds no letter or digit."""
    wanted = plain(query)
    if not wanted:
        return []
    scored = []
    for candidate in _candidates(connection):
        likeness = _likeness(wanted, candidate)
        if likeness > 0:
            order = KINDS.index(candidate.hit.kind)
            scored.append((-likeness, order, plain(candidate.hit.label), candidate.hit))
    return [entry[3] for entry in sorted(scored, key=lambda entry: entry[:3])[:limit]]


def types_named(query: str) -> tuple[FacilityType, ...]:
    """The facility types whose name or other name holds all words of ``query``."""
    words = plain(query).split()
    if not words:
        return ()
    return tuple(
        entry
        for entry in FACILITY_TYPES
        if all(word in plain(" ".join((entry.label, *entry.aliases))) for word in words)
    )


def tracks_named(connection: Connection, query: str) -> tuple[TrackRecord, ...]:
    """The public conversations with these words in their title, type or area, best first.

    The area of a conversation has the names of all that lies in it: who types the own buurt finds
    what is talked about in the wijk and in the whole gemeente.
    """
    wanted = plain(query)
    tracks = public_tracks(connection) if wanted else ()
    if not tracks:
        return ()
    places = areas(connection, area_release(connection).id)
    scored = [(_likeness(wanted, _track_candidate(track, places)), track) for track in tracks]
    found = [(-likeness, number) for number, (likeness, _) in enumerate(scored) if likeness > 0]
    return tuple(tracks[number] for _, number in sorted(found))


def _track_candidate(track: TrackRecord, places: pd.DataFrame) -> _Candidate:
    column, code = "wijk_code", track.wijk_code
    if code is None:
        column, code = "gemeente_code", track.gemeente_code
    inside = places[(places[column] == code) | (places.index == code)]
    label = FACILITY_TYPES[track.type].label if track.type else ""
    words = " ".join(("gesprek", label, *inside["name"], *inside["gemeente_name"].unique()))
    hit = SearchHit("gesprek", track.title, "", f"/in-gesprek/{track.code}", math.nan, math.nan)
    return _Candidate(hit, plain(track.title), plain(words))


def _candidates(connection: Connection) -> Iterator[_Candidate]:
    release = area_release(connection)
    places = areas(connection, release.id)
    yield from _area_candidates(places)
    sites = sites_on(connection, release.id, current.today(), types=SHOWN_TYPES)
    yield from _site_candidates(sites)


def _area_candidates(places: pd.DataFrame) -> Iterator[_Candidate]:
    names = places["name"].to_dict()
    for code, row in places.to_dict("index").items():
        level = row["level"]
        wijk = names.get(row["wijk_code"]) if level == "buurt" else None
        above = [] if level == "gemeente" else [wijk, row["gemeente_name"]]
        context = ", ".join(str(name) for name in above if name)
        url = f"/gebied/{code}"
        hit = SearchHit(level, row["name"], context, url, row["lon"], row["lat"])
        yield _Candidate(hit, plain(row["name"]), f"{plain(context)} {level} {plain(str(code))}")


def _site_candidates(sites: pd.DataFrame) -> Iterator[_Candidate]:
    places = dict(zip(sites.index, zip(sites["lon"], sites["lat"], strict=True), strict=True))
    texts = sites[list(_SITE_TEXTS)].fillna("").to_dict("index")
    for site_id, row in texts.items():
        label = FACILITY_TYPES[row["type"]].label
        place = ", ".join(name for name in (row["wijk_name"], row["gemeente_name"]) if name)
        context = f"{label}, {place}" if place else label
        lon, lat = places[site_id]
        hit = SearchHit("locatie", row["name"], context, f"/locatie/{site_id}", lon, lat)
        words = " ".join((label, "locatie", *row.values()))
        yield _Candidate(hit, plain(row["name"]), plain(words))


def _likeness(wanted: str, candidate: _Candidate) -> float:
    """From 0 (no hit) to 4 (the very name), every word of ``wanted`` counted."""
    if wanted == candidate.name:
        return 4.0
    name_words, other_words = candidate.name.split(), candidate.other_words.split()
    each = [_word_likeness(word, name_words, other_words) for word in wanted.split()]
    if min(each) == 0:
        return 0.0
    starts = 0.5 if candidate.name.startswith(wanted) else 0.0
    return sum(each) / len(each) + starts


def _word_likeness(word: str, name_words: list[str], other_words: list[str]) -> float:
    if word in name_words:
        return 3.0
    if any(known.startswith(word) for known in name_words):
        return 2.0
    if any(known.startswith(word) for known in other_words):
        return 1.5
    if any(word in known for known in name_words):
        return 1.0
    if len(word) < FORGIVING_FROM or any(letter.isdigit() for letter in word):
        return 0.0
    close = difflib.get_close_matches(word, [*name_words, *other_words], 1, ENOUGH_ALIKE)
    return 0.5 if close else 0.0
