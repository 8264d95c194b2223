"""What was changed, in words: each field of a row with what stood there and what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import shape

from analysis.choice_stages import CHOICE_STAGES, ORIGINS
from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    CONTRIBUTION_STATUSES,
    ENTRY_WAYS,
    MODERATION_STATES,
)
from analysis.dialogue.house_rules import HOUSE_RULES
from analysis.dialogue.participation import PARTICIPATION_LEVELS, TRACK_STATES
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from analysis.registry import Registry
from analysis.scenario import ITEM_KINDS
from app.auth.roles import ROLES
from app.numbers import to_dutch, to_dutch_date, to_dutch_moment
from app.services.track_words import (
    TRACK_DATES,
    TRACK_LABELS,
    TRACK_MOMENTS,
    TRACK_UNTOLD,
    track_heading,
)
from data.publication import PUBLICATION_LEVELS
from data.queries.history import ChangeRecord

Row = Mapping[str, Any]
NOTHING = "niet ingevuld"


@dataclass(frozen=True)
class Line:
    """One field that changed: ``old`` and ``new`` are None where there is no such side.

    ``told`` says it in one go, where two values say nothing to people (a place, an outline).
    """

    label: str
    old: str | None = None
    new: str | None = None
    told: str | None = None

    @property
    def sentence(self) -> str:
        """The line as plain text, for a file."""
        if self.told is not None:
            return f"{self.label}: {self.told}"
        sides = [side for side in (self.old, self.new) if side is not None]
        return f"{self.label}: {' → '.join(sides)}"


@dataclass(frozen=True)
class Words:
    """The words for the things that columns hold; gemeenten come from the database."""

    gemeenten: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[int, str] = field(default_factory=dict)


def heading(change: ChangeRecord, words: Words | None = None) -> str:
    """What happened, in a few words: ``Vraag over eigendom beantwoord``."""
    row = change.after or change.before or {}
    done = {"added": "toegevoegd", "changed": "gewijzigd", "removed": "verwijderd"}[change.action]
    match change.table_name:
        case "site_answer":
            return f"Vraag ‘{_label(QUESTIONS, row.get('question'))}’ {_ANSWERED[change.action]}"
        case "site_state":
            return f"Fase ‘{_label(SITE_STATUSES, row.get('status'))}’ {done}"
        case "site_document":
            return f"Bestand ‘{row.get('title', '')}’ {done}"
        case "site":
            return f"Locatie {done}"
        case "site_cost":
            return f"Kosten {done}"
        case "choice":
            return f"Keuze {'gemaakt' if change.action == 'added' else done}"
        case "choice_rules":
            return f"Versie {row.get('version', '')} van de regels {done}"
        case "dossier":
            return _dossier_heading(change, done)
        case "choice_candidate":
            return _candidate_heading(change, words or Words())
        case "scenario":
            is_adopted = change.action == "changed" and _became(change, "adopted_at")
            return "Scenario overgenomen in de locaties" if is_adopted else f"Scenario {done}"
        case "scenario_item":
            return f"Onderdeel ‘{_label(ITEM_KINDS, row.get('kind'))}’ {done}"
        case "scenario_link":
            return "Link ingetrokken" if _became(change, "withdrawn_at") else f"Link {done}"
        case other:
            told = track_heading(change, done, (words or Words()).sites)
            return told or f"{other} {done}"


def _dossier_heading(change: ChangeRecord, done: str) -> str:
    """A dossier is made once, and after that only published or withdrawn."""
    row = change.after or change.before or {}
    name = f"Dossier ‘{row.get('title', '')}’"
    if change.action == "changed":
        return f"{name} {'openbaar gemaakt' if row.get('published_at') else 'ingetrokken'}"
    return f"{name} {'gemaakt' if change.action == 'added' else done}"


def _candidate_heading(change: ChangeRecord, words: Words) -> str:
    """What happened to a candidate, with the name of its site where that is known."""
    row = change.after or change.before or {}
    name = words.sites.get(int(row.get("site_id") or 0), f"Kandidaat {row.get('site_id', '')}")
    if change.before is None:
        return f"{name} toegevoegd als kandidaat"
    if change.after is None:
        return f"{name} verwijderd als kandidaat"
    fell, falls = change.before.get("dropped_on"), change.after.get("dropped_on")
    if falls and not fell:
        return f"{name} afgevallen"
    if fell and not falls:
        return f"{name} teruggehaald"
    return f"{name} naar fase ‘{_label(CHOICE_STAGES, row.get('stage'))}’"


def _became(change: ChangeRecord, name: str) -> bool:
    """Whether this column was filled in by the change."""
    before, after = (row or {} for row in (change.before, change.after))
    return before.get(name) is None and after.get(name) is not None


def lines(change: ChangeRecord, words: Words) -> tuple[Line, ...]:
    """The fields that differ, in the order in which they stand on the forms."""
    return compared(change.table_name, change.before, change.after, words)


def compared(
    table_name: str, before: Row | None, after: Row | None, words: Words
) -> tuple[Line, ...]:
    """The fields of two versions of a row that differ; None is a row that is not there."""
    found = []
    for name in _fields(table_name, before, after):
        old, new = (None if row is None else row.get(name) for row in (before, after))
        if old == new:
            continue
        tell = _TOLD.get(name)
        label = _LABELS.get(table_name, {}).get(name, name)
        if tell is not None:
            found.append(Line(label, told=tell(old, new)))
        else:
            found.append(
                Line(
                    label,
                    None if before is None else _value(name, old, words, table_name),
                    None if after is None else _value(name, new, words, table_name),
                )
            )
    return tuple(found)


def _fields(table_name: str, before: Row | None, after: Row | None) -> list[str]:
    known = _LABELS.get(table_name, {})
    present = {*(before or {}), *(after or {})} - _UNTOLD
    return [*(name for name in known if name in present), *sorted(present - set(known))]


def _value(name: str, value: Any, words: Words, table_name: str) -> str:
    if value is None or value == "":
        return "niet bekend" if name == "capacity_count" else NOTHING
    if (table_name, name) in _REGISTRIES_OF:
        return _label(_REGISTRIES_OF[table_name, name], value)
    if name in TRACK_MOMENTS:
        return _moment(str(value))
    if name in _REGISTRIES:
        return _label(_REGISTRIES[name], value)
    if name == "publication":
        return next((level.label for level in PUBLICATION_LEVELS if level.key == value), str(value))
    if name == "gemeente_code":
        return words.gemeenten.get(str(value), str(value))
    if name == "cost_eur":
        return f"€ {to_dutch(value)}"
    if name in _DATES:
        return _date(str(value))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int | float):
        return to_dutch(value, 2)
    return str(value)


def _date(text: str) -> str:
    try:
        return to_dutch_date(dt.date.fromisoformat(text[:10]))
    except ValueError:
        return text


def _moment(text: str) -> str:
    try:
        return to_dutch_moment(dt.datetime.fromisoformat(text))
    except ValueError:
        return text


def _label(registry: Registry[Any], key: object) -> str:
    return str(registry[str(key)].label) if key in registry else str(key)


def to_shape(geojson: Any) -> Any:
    """The geometry in RD of a column in the history; None when there is none."""
    return None if geojson is None else shape(geojson)


def _place(old: Any, new: Any) -> str:
    if old is None or new is None:
        there = to_shape(new if old is None else old)
        at = f"{round(there.x)}, {round(there.y)} (RD)"
        return f"geplaatst op {at}" if old is None else f"lag op {at}"
    distance_m = to_shape(old).distance(to_shape(new))
    far = "minder dan 1 m" if distance_m < 1 else f"{to_dutch(round(distance_m))} m"
    return f"verplaatst over {far}"


def _outline(old: Any, new: Any) -> str:
    if new is None:
        return f"weggehaald (was {_size(to_shape(old))})"
    if old is None:
        return f"getekend, {_size(to_shape(new))}"
    return f"anders getekend: van {_size(to_shape(old))} naar {_size(to_shape(new))}"


def _size(outline: shapely.Polygon) -> str:
    return f"{to_dutch(round(outline.area))} m²"


_ANSWERED = {"added": "beantwoord", "changed": "gewijzigd", "removed": "verwijderd"}
_TOLD: Mapping[str, Callable[[Any, Any], str]] = {"geom": _place, "outline": _outline}
_REGISTRIES: Mapping[str, Registry[Any]] = {
    "type": FACILITY_TYPES,
    "status": SITE_STATUSES,
    "finding": FINDINGS,
    "question": QUESTIONS,
    "stage": CHOICE_STAGES,
    "origin": ORIGINS,
    "dropped_role": ROLES,
    "kind": ITEM_KINDS,
}
#: The same name means something else in these tables.
_REGISTRIES_OF: Mapping[tuple[str, str], Registry[Any]] = {
    ("track", "state"): TRACK_STATES,
    ("track_phase", "level"): PARTICIPATION_LEVELS,
    ("theme", "status"): CONTRIBUTION_STATUSES,
    ("contribution", "status"): CONTRIBUTION_STATUSES,
    ("contribution", "kind"): CONTRIBUTION_KINDS,
    ("contribution", "entry"): ENTRY_WAYS,
    ("contribution", "moderation"): MODERATION_STATES,
    ("contribution", "refusal_key"): HOUSE_RULES,
}
_DATES = frozenset(
    {
        *TRACK_DATES,
        *("valid_from", "valid_to", "from_date", "found_on", "added_at"),
        *("added_on", "dropped_on", "on_date", "published_at"),
    }
)
#: What says nothing to people, or stands beside it already.
_UNTOLD = frozenset(
    {
        *("id", "site_id", "site_code", "release_id", "question", "account_id"),
        *("sha256", "byte_count", "media_type", "added_at", "content", "version", "updated_at"),
        *("choice_id", "made_at", "added_by", "dropped_by", "assessment_id"),
        *TRACK_UNTOLD,
        *("scenario_id", "copied_from", "made_at", "adopted_at", "adopted_by", "withdrawn_at"),
    }
)
_LABELS: Mapping[str, Mapping[str, str]] = {
    "site": {
        "name": "Naam",
        "type": "Soort",
        "provider": "Aanbieder",
        "address": "Adres",
        "description": "Omschrijving",
        "publication": "Wie mag dit zien",
        "valid_from": "Bestaat vanaf",
        "valid_to": "Bestaat tot en met",
        "geom": "Plek op de kaart",
        "outline": "Omtrek",
        "gemeente_code": "Gemeente",
    },
    "site_state": {
        "status": "Fase",
        "from_date": "Vanaf",
        "capacity_count": "Aantal plekken",
        "reason": "Reden",
    },
    "site_answer": {
        "finding": "Bevinding",
        "evidence": "Waar blijkt dat uit",
        "source": "Bron",
        "found_on": "Datum",
    },
    "site_document": {"title": "Titel"},
    "site_cost": {"cost_eur": "Eenmalige kosten", "source": "Bron", "found_on": "Datum"},
    "choice": {
        "name": "Naam",
        "type": "Soort",
        "gemeente_code": "Van",
        "target_place_count": "Gezocht aantal plekken",
        "explanation": "Toelichting",
    },
    "choice_rules": {"reason": "Reden"},
    "dossier": {"code": "Kenmerk", "published_at": "Openbaar sinds"},
    "choice_candidate": {
        "origin": "Herkomst",
        "origin_note": "Toelichting bij de herkomst",
        "stage": "Fase in de keuze",
        "added_on": "Toegevoegd op",
        "dropped_on": "Afgevallen op",
        "dropped_role": "Afgevallen door",
        "dropped_reason": "Reden van afvallen",
    },
    "scenario": {
        "name": "Naam",
        "type": "Soort",
        "gemeente_code": "Voor",
        "on_date": "Datum",
        "target_place_count": "Doel",
        "explanation": "Toelichting",
        "adopted_reason": "Reden van overnemen",
    },
    "scenario_item": {
        "kind": "Wat",
        "name": "Naam",
        "place_count": "Aantal plekken",
        "cost_eur": "Eenmalige kosten",
        "note": "Toelichting",
        "geom": "Plek op de kaart",
    },
    **TRACK_LABELS,
}
