"""How far a conversation reached, as its page tells it: beside the residents of the wijk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.dialogue.reach import FEWEST_SHOWN, WijkReach, hide_few
from app.numbers import to_dutch
from app.services.shelf import Shelf, content_key
from app.words import listed_names
from data.figures import missing_reason
from data.queries.areas import area_names, figures
from data.queries.reach import entry_counts, importance_count, wijk_counts
from data.queries.releases import Release, area_release
from data.queries.tracks import MeetingRecord, TrackRecord, track_meetings
from geo.frames import REGION_CODE

_RESIDENTS = "inwoners"
#: Of many conversations the residents of their wijken, which change only with a delivery.
_shelf = Shelf(most=128)
_REFUSED = ("weigeren", "geweigerd")
_BY_WAY = {
    "website": "op de website",
    "bijeenkomst": "op een bijeenkomst",
    "papier": "op papier of aan de telefoon",
    "overgenomen": "uit een ander systeem",
}
#: This one has a sentence of its own: with all of them in one, it is too long to read.
_TOLD_APART = "overgenomen"


@dataclass(frozen=True)
class AreaResidents:
    """How many people live in an area; None with the reason in Dutch."""

    area_code: str
    name: str
    resident_count: float | None
    reason: str | None


@dataclass(frozen=True)
class _ReachOf:
    """The conversation, and where it is about."""

    id: int
    wijk_code: str | None
    gemeente_code: str

    @property
    def home_code(self) -> str | None:
        """Its own wijk, or else its gemeente; None of all gemeenten together."""
        whole = None if self.gemeente_code == REGION_CODE else self.gemeente_code
        return self.wijk_code or whole


@dataclass(frozen=True)
class WijkLine:
    """A wijk that is shown: how many contributions, beside how many residents."""

    residents: AreaResidents
    contribution_count: int


@dataclass(frozen=True)
class Reach:
    """How far a conversation reached. ``home`` is its own wijk, or else its gemeente."""

    by_entry: Mapping[str, int]
    waiting_count: int
    refused_count: int
    wijken: tuple[WijkLine, ...]
    rest_count: int
    importance_count: int
    meetings: tuple[MeetingRecord, ...]
    home: AreaResidents | None
    release: Release

    @property
    def total(self) -> int:
        """All contributions that count."""
        return sum(self.by_entry.values())

    @property
    def sentence(self) -> str:
        """How many came in, and by which way."""
        if not self.total:
            return "Er kwamen nog geen reacties binnen."
        ways = {key: told for key, told in _BY_WAY.items() if self.by_entry.get(key)}
        if len(ways) == 1:
            return _by_one_way(self.total, *ways.values())
        last = ways.pop(_TOLD_APART, None)
        parts = [f"{to_dutch(self.by_entry[key])} {told}" for key, told in ways.items()]
        came = "kwam" if self.by_entry[next(iter(ways))] == 1 else "kwamen"
        told = (
            f"Er kwamen {to_dutch(self.total)} reacties binnen. "
            f"Daarvan {came} er {listed_names(parts)}."
        )
        return f"{told} {_apart(last, self.by_entry[_TOLD_APART])}" if last else told

    @property
    def home_sentence(self) -> str | None:
        """How many people live where the conversation is about."""
        home = self.home
        if home is None:
            return None
        if home.resident_count is None:
            return f"Hoeveel mensen er wonen in {home.name}, is niet bekend: {home.reason}."
        return f"In {home.name} wonen {to_dutch(home.resident_count)} mensen."

    @property
    def importance_words(self) -> str | None:
        """How many told what they find important; None when nobody did."""
        count = self.importance_count
        if not count:
            return None
        told = f"Minder dan {FEWEST_SHOWN}" if count < FEWEST_SHOWN else to_dutch(count)
        return f"{told} keer vulde iemand in wat belangrijk is."


def _by_one_way(count: int, way: str) -> str:
    if count == 1:
        return f"Er kwam 1 reactie binnen, {way}."
    return f"Er kwamen {to_dutch(count)} reacties binnen, allemaal {way}."


def _apart(way: str, count: int) -> str:
    return f"{way.capitalize()} {'kwam' if count == 1 else 'kwamen'} er {to_dutch(count)}."


def dialogue_reach(
    connection: Connection, track_id: int, wijk_code: str | None, gemeente_code: str
) -> Reach:
    """How far a public conversation reached; readable for visitors and staff alike."""
    track = _ReachOf(track_id, wijk_code, gemeente_code)
    meetings = track_meetings(connection, track_id)
    return _reach(connection, track, meetings, area_release(connection))


def reach_of(
    connection: Connection,
    track: TrackRecord,
    meetings: Sequence[MeetingRecord],
    release: Release,
) -> Reach:
    """The same of a conversation of which the page read the meetings and the areas already."""
    about = _ReachOf(track.id, track.wijk_code, track.gemeente_code)
    return _reach(connection, about, meetings, release)


def _reach(
    connection: Connection, track: _ReachOf, meetings: Sequence[MeetingRecord], release: Release
) -> Reach:
    by_entry: Counter[str] = Counter()
    by_state: Counter[str] = Counter()
    for entry, moderation, count in entry_counts(connection, track.id):
        by_state[moderation] += count
        if moderation not in _REFUSED:
            by_entry[entry] += count
    found = hide_few(wijk_counts(connection, track.id))
    home_code = track.home_code
    codes = [*found.shown, *([home_code] if home_code else [])]
    key = content_key(connection, release, *codes)
    known = _shelf.keep(key, lambda: _residents(connection, release, codes))
    return Reach(
        by_entry=dict(by_entry),
        waiting_count=by_state["wacht"],
        refused_count=sum(by_state[state] for state in _REFUSED),
        wijken=_lines(found, known),
        rest_count=found.rest,
        importance_count=importance_count(connection, track.id),
        meetings=tuple(one for one in meetings if _is_told(one)),
        home=known.get(home_code) if home_code else None,
        release=release,
    )


def _is_told(meeting: MeetingRecord) -> bool:
    return meeting.visitor_count is not None and not meeting.is_cancelled


def _lines(found: WijkReach, known: Mapping[str, AreaResidents]) -> tuple[WijkLine, ...]:
    """By name: no wijk comes before another for how much was written there."""
    lines = [WijkLine(known[code], count) for code, count in found.shown.items()]
    return tuple(sorted(lines, key=lambda line: line.residents.name))


def _residents(
    connection: Connection, release: Release, codes: Sequence[str]
) -> dict[str, AreaResidents]:
    names = area_names(connection, release.id, codes)
    frame = figures(connection, release.id, codes=codes)
    known = frame[frame["figure"] == _RESIDENTS].set_index("area_code")[["value", "reason"]]
    facts = {str(code): (row["value"], row["reason"]) for code, row in known.iterrows()}
    return {
        code: _of_area(code, names.get(code, code), *facts.get(code, (None, "not_in_file")))
        for code in codes
    }


def _of_area(code: str, name: str, value: float | None, reason: str | None) -> AreaResidents:
    if value is None or pd.isna(value):
        return AreaResidents(code, name, None, missing_reason(reason or "not_in_file").label)
    return AreaResidents(code, name, float(value), None)
