"""The test of a proposed place in sentences for residents, as it is kept with a contribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.access.sentence import NOUNS
from analysis.closer_look import QUESTIONS
from analysis.land_uses import LAND_USES
from analysis.search_areas.assessment import OUTCOMES
from analysis.search_areas.conditions import CONDITIONS
from app.numbers import is_unknown, to_dutch
from app.services.candidate_access import PARTS
from app.services.comparison_table import raw_text
from data.queries.streets import NO_STREETS
from geo.network.snap import SNAP_LIMIT_M

if TYPE_CHECKING:
    from analysis.comparing.criterion import Criterion
    from app.services.place_test import TestedPlace

Json = dict[str, Any]
FIRST_TEST = "Dit is een eerste toets door de computer. Mensen kijken verder en beslissen."
#: What stands here when the test could not be made at once.
FOLLOWS = (
    "De toets van deze plek lukt nu niet. Hij volgt later. U kunt uw reactie gewoon versturen."
)
OUTSIDE = "Deze plek ligt niet in een gemeente van deze regio. Wij kunnen haar niet toetsen."
NO_TYPE = "Dit gesprek gaat nog niet over één soort plek. Daarom toetsten wij alleen de grond."
MIDDLE = "Wij toetsten het midden van het gebied dat u aangaf."
NOT_LOOKED_INTO = (
    "Van wie de grond is, wat er mag, het milieu, riool, stroom en water, en de kosten: dat weten "
    "wij van deze plek nog niet. De gemeente zoekt het uit als de plek een kandidaat wordt."
)
#: A score as people read it.
POINTS = "{} van 100 punten"
TOO_FAR = (
    f"De plek ligt meer dan {to_dutch(SNAP_LIMIT_M)} meter van een straat. Dan kunnen wij de weg "
    "niet meten."
)
#: In place of the command for who runs the site.
NO_STREETS_YET = "Op deze website staan nog geen straten. Daarom is de weg niet gemeten."
_ASKED_LATER = (*QUESTIONS.keys, "kosten")
_HEADS: Mapping[str, str] = {
    "past": "Deze plek voldoet aan de voorwaarden van een zoekgebied.",
    "onbekend": "Wij kunnen deze plek niet helemaal toetsen. Dat is geen nee.",
    "bereikbaarheid": "Voor deze soort plek is hier te weinig dichtbij.",
    "afstand": "Voor deze soort plek is hier te weinig afstand.",
    "plekken": "Dicht bij deze plek zijn al veel plekken.",
    "aandeel": OUTCOMES["aandeel"].explanation,
}


def told_test(found: TestedPlace) -> Json:
    """All that was found: a headline, the ground, each condition, and what was measured."""
    return {
        "on": found.on.isoformat(),
        "type": found.type.key if found.type else None,
        "x_m": round(found.x_m),
        "y_m": round(found.y_m),
        "where": found.where,
        "outcome": _outcome(found),
        "headline": _headline(found),
        "notes": _notes(found),
        "ground": _ground(found),
        "conditions": _conditions(found),
        "criteria": _criteria(found),
        "sources": _sources(found),
        "is_example": any(line.release.is_example for line in found.sources),
    }


def _outcome(found: TestedPlace) -> str:
    if found.ground is None:
        return "buiten"
    if found.cell is not None:
        return str(found.cell["outcome"])
    return "grond" if _is_barred(found) else "alleen_grond"


def _is_barred(found: TestedPlace) -> bool:
    assert found.ground is not None
    cell = found.ground.cells.iloc[0]
    share = 100 * float(cell["excluded_share"])
    return bool(cell["is_middle_excluded"]) or share > found.conditions.grond + 1e-9


def _headline(found: TestedPlace) -> str:
    outcome = _outcome(found)
    if outcome == "buiten":
        return OUTSIDE
    if outcome == "alleen_grond":
        return "De grond sluit deze plek niet uit."
    if outcome != "grond":
        return _HEADS[outcome]
    by = [LAND_USES[kind].ground for kind in found.uses if LAND_USES[kind].excludes]
    return f"Hier kan niets komen. {by[0]}" if by else _crowded(found)


def _crowded(found: TestedPlace) -> str:
    """The place itself is free, but too much of its square is not."""
    assert found.ground is not None
    cell = found.ground.cells.iloc[0]
    kind = cell["excluded_by"]
    label = LAND_USES[kind].label.lower() if kind in LAND_USES else "grond buiten de regio"
    return (
        f"Rond deze plek is weinig ruimte: {to_dutch(100 * cell['excluded_share'])}% van het vakje "
        f"van 1 hectare is grond waar niets kan ({label})."
    )


def _notes(found: TestedPlace) -> list[str]:
    notes = [MIDDLE] if found.is_area else []
    if found.type is None and found.ground is not None:
        notes.append(NO_TYPE)
    if found.counted_as is not None:
        count = to_dutch(found.counted_as.place_count)
        notes.append(f"Wij rekenden met {count} plekken, net als bij {found.counted_as.name}.")
    if found.measured is not None:
        notes.append(NOT_LOOKED_INTO)
    return [*notes, FIRST_TEST]


def _ground(found: TestedPlace) -> list[str]:
    """What the ground at the place is, with the law or fact that rules it out."""
    if found.ground is None:
        return []
    if not found.uses:
        return ["Op deze plek kennen wij geen gebruik van de grond dat iets uitsluit."]
    return [f"{LAND_USES[kind].label}: {LAND_USES[kind].ground}" for kind in found.uses]


def _conditions(found: TestedPlace) -> list[Json]:
    if found.cell is None or found.ground is None:
        return []
    cell, asked = found.cell, found.conditions
    share = 100 * float(found.ground.cells["excluded_share"].iloc[0])
    rows = [
        _condition("grond", share, asked.grond, "{}%", not _is_barred(found)),
        _condition("bereikbaarheid", cell["access_score"], asked.bereikbaarheid, POINTS),
    ]
    if found.measured is not None and found.measured.distance is not None:
        rows.append(_condition("afstand", cell["distance_score"], asked.afstand, POINTS))
    if asked.plekken is not None:
        rows.append(_condition("plekken", cell["place_count"], asked.plekken, "{} plekken"))
    return rows


def _condition(key: str, value: float, limit: float, words: str, meets: bool | None = None) -> Json:
    """One condition: what is asked, what was found, and whether that is enough (None: unknown)."""
    condition = CONDITIONS[key]
    is_known = not is_unknown(value)
    if meets is None and is_known:
        meets = value <= limit + 1e-9 if condition.is_most else value >= limit - 1e-9
    bound = "hoogstens" if condition.is_most else "minstens"
    return {
        "key": key,
        "label": condition.label.partition(",")[0],
        "asked": f"{bound} {words.format(to_dutch(limit))}",
        "found": words.format(to_dutch(value)) if is_known else None,
        "meets": None if meets is None else bool(meets),
    }


def _criteria(found: TestedPlace) -> list[Json]:
    """What was measured, beside the sites of the track; what nobody looked into is told once."""
    if found.measured is None:
        return []
    return [
        _criterion(found, criterion)
        for criterion in found.measured.facts.criteria
        if criterion.key not in _ASKED_LATER
    ]


def _criterion(found: TestedPlace, criterion: Criterion) -> Json:
    assert found.measured is not None
    facts, (own, *beside) = found.measured.facts, found.measured.places
    raw: Any = facts.raw.at[own.key, criterion.key]
    reason: Any = facts.reasons.at[own.key, criterion.key]
    note: Any = facts.notes.at[own.key, criterion.key]
    evidence = facts.evidence[own.key, criterion.key]
    return {
        "key": criterion.key,
        "label": criterion.label,
        "unit": criterion.unit,
        "explanation": criterion.explanation,
        "text": None if is_unknown(raw) else raw_text(criterion, float(raw)),
        "reason": None if pd.isna(reason) else _reason(found, criterion, str(reason)),
        "note": None if pd.isna(note) else str(note),
        "beside": [
            {"name": place.name, "text": _raw(facts.raw.at[place.key, criterion.key], criterion)}
            for place in beside
        ],
        "source": evidence.source,
        "year": evidence.year,
        "method": evidence.method_slug,
    }


def _reason(found: TestedPlace, criterion: Criterion, whole: str) -> str:
    """Why something is not known, shorter than for who compares candidates."""
    if found.is_far:
        return TOO_FAR
    if whole == NO_STREETS:
        return NO_STREETS_YET
    if criterion.key not in PARTS or not found.unknown_ways:
        return whole
    ways = [NOUNS.get(key, "woningen") for key in found.unknown_ways]
    listed = ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} en {ways[-1]}"
    return f"Wij konden de weg niet meten naar {listed}."


def _raw(value: Any, criterion: Criterion) -> str | None:
    return None if is_unknown(value) else raw_text(criterion, float(value))


def _sources(found: TestedPlace) -> list[Json]:
    releases = [line.release for line in found.sources]
    seen = dict.fromkeys((entry.title, entry.publisher, str(entry.year)) for entry in releases)
    return [dict(zip(("title", "publisher", "year"), entry, strict=True)) for entry in seen]


def criterion_sentence(entry: Mapping[str, Any]) -> str:
    """One measured criterion of a kept test in a sentence, with the sites beside it."""
    if entry["text"] is None:
        return f"{entry['label']}: dat weten wij niet. {entry['reason'] or ''}".strip()
    told = f"{entry['label']}: {entry['text']} ({entry['unit']})."
    known = [f"bij {one['name']} {one['text']}" for one in entry["beside"] if one["text"]]
    if not known:
        return told
    listed = known[0] if len(known) == 1 else f"{', '.join(known[:-1])} en {known[-1]}"
    return f"{told} {listed[:1].upper()}{listed[1:]}."
