"""The words for changes of a conversation and of what hangs under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries.history import ChangeRecord

Row = Mapping[str, Any]
TRACK_LABELS: Mapping[str, Mapping[str, str]] = {
    "track": {
        "title": "Titel",
        "state": "Stand",
        "gemeente_code": "Van",
        "wijk_code": "Wijk",
        "type": "Soort",
        "summary": "Samenvatting",
        "why_here": "Waarom hier",
        "not_this": "Wat het niet is",
        "street_text": "Voor de straat",
        "open_text": "Nog open",
        "fixed_text": "Staat vast",
        "contact_name": "Contact",
        "contact_email": "E-mailadres",
        "contact_phone": "Telefoonnummer",
        "answer_days": "Antwoord binnen (dagen)",
        "moderation_days": "Controle binnen (dagen)",
        "code": "Adres",
        "published_at": "Openbaar sinds",
    },
    "track_phase": {
        "name": "Naam",
        "level": "Niveau",
        "goal": "Waarvoor",
        "open_text": "Nog open",
        "fixed_text": "Staat vast",
        "starts_on": "Eerste dag",
        "ends_on": "Laatste dag",
        "takes_contributions": "Inwoners kunnen reageren",
        "takes_importance": "Inwoners zeggen wat zij belangrijk vinden",
        "outcome": "Uitkomst",
        "closed_at": "Gesloten op",
        "position": "Plaats in de volgorde",
    },
    "track_party": {
        "name": "Wie",
        "role": "Rol",
        "moment": "Wanneer",
        "position": "Plaats in de volgorde",
    },
    "track_meeting": {
        "name": "Naam",
        "starts_at": "Begin",
        "ends_at": "Einde",
        "place": "Waar",
        "explanation": "Wat er gebeurt",
        "is_cancelled": "Gaat niet door",
        "report": "Verslag",
        "visitor_count": "Aantal mensen",
    },
    "track_document": {"title": "Titel"},
    "track_news": {"title": "Titel", "body": "Bericht", "published_at": "Geplaatst op"},
    "track_site": {"part": "Wat het is", "note": "Toelichting"},
    "theme": {
        "name": "Naam",
        "status": "Wat ermee is gedaan",
        "answer": "Antwoord",
        "answered_at": "Beantwoord op",
        "position": "Plaats in de volgorde",
    },
    "contribution": {
        "kind": "Soort reactie",
        "entry": "Hoe binnengekomen",
        "moderation": "Plaatsing",
        "refusal_key": "Huisregel",
        "status": "Wat ermee is gedaan",
        "answer": "Antwoord",
        "answered_at": "Beantwoord op",
        "moderated_at": "Beoordeeld op",
        "second_at": "Tweede keer beoordeeld op",
        "appealed_at": "Bezwaar gemaakt op",
        "appeal_at": "Bezwaar beoordeeld op",
        "appeal_outcome": "Uitkomst van het bezwaar",
    },
    "agreement": {
        "title": "Afspraak",
        "kind": "Soort afspraak",
        "explanation": "Toelichting",
        "who": "Wie",
        "agreed_on": "Afgesproken op",
        "from_on": "Vanaf",
        "until_on": "Tot en met",
        "evaluate_on": "Samen kijken op",
        "done_on": "Gedaan op",
        "done_note": "Hoe het ging",
        "is_public": "Openbaar",
    },
    "support_measurement": {
        "measured_on": "Gemeten op",
        "question": "Vraag",
        "method": "Manier",
        "source": "Bron",
        "invited_count": "Gevraagd",
        "positive_count": "Positief",
        "neutral_count": "Neutraal",
        "negative_count": "Negatief",
    },
}
#: Columns that hold a day, or a moment of which the day is told.
TRACK_DATES = frozenset(
    {
        *("starts_on", "ends_on", "agreed_on", "from_on", "until_on", "evaluate_on", "done_on"),
        *("measured_on", "closed_at", "answered_at", "moderated_at", "second_at", "appealed_at"),
        "appeal_at",
    }
)
#: Columns that hold a moment of which the time matters.
TRACK_MOMENTS = frozenset({"starts_at", "ends_at"})
#: What says nothing to people.
TRACK_UNTOLD = frozenset(
    {
        *("track_id", "phase_id", "meeting_id", "theme_id", "parent_id", "closed_by"),
        *("entered_by", "moderated_by", "second_by", "appeal_by", "answered_by"),
    }
)
_NAMED = {
    "track_phase": ("Fase", "name"),
    "track_party": ("Deelnemer", "name"),
    "track_meeting": ("Bijeenkomst", "name"),
    "track_document": ("Document", "title"),
    "track_news": ("Bericht", "title"),
    "theme": ("Thema", "name"),
    "agreement": ("Afspraak", "title"),
    "support_measurement": ("Draagvlakmeting", "question"),
}


def track_heading(change: ChangeRecord, done: str, sites: Mapping[int, str]) -> str | None:
    """What happened, in a few words; None when it was nothing of a conversation."""
    row = change.after or change.before or {}
    if change.table_name == "track":
        return _of_track(change, done)
    if change.table_name == "track_site":
        name = sites.get(int(row.get("site_id") or 0), f"Locatie {row.get('site_id', '')}")
        return f"{name} {_IN_TRACK[change.action]}"
    if change.table_name == "contribution":
        return f"Reactie {row.get('code', '')} {done}"
    if change.table_name not in _NAMED:
        return None
    noun, column = _NAMED[change.table_name]
    if change.table_name == "track_phase" and _became(change, "closed_at"):
        done = "gesloten"
    return f"{noun} ‘{row.get(column, '')}’ {done}"


_IN_TRACK = {
    "added": "in het gesprek gezet",
    "changed": "in het gesprek gewijzigd",
    "removed": "uit het gesprek gehaald",
}


def _of_track(change: ChangeRecord, done: str) -> str:
    before, after = change.before or {}, change.after or {}
    if not before:
        return "Gesprek gemaakt"
    if before.get("state") != after.get("state"):
        return {"open": "Gesprek openbaar gemaakt", "afgerond": "Gesprek afgerond"}.get(
            str(after.get("state")), f"Gesprek {done}"
        )
    return f"Gesprek {done}"


def _became(change: ChangeRecord, name: str) -> bool:
    before, after = (row or {} for row in (change.before, change.after))
    return before.get(name) is None and after.get(name) is not None
