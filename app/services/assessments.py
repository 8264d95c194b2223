"""Assessments: what was found for the candidates of a choice, stored so that it can be repeated.

The content is plain JSON with all that the results need: facts, scales, weights, terms, draws.
Results are computed from the content itself, never from the database again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection

from analysis.choice_rules import ChoiceRules, rules_to_json, told_rules
from analysis.choice_stages import CHOICE_STAGES
from analysis.comparing.draws import DRAW_COUNT, SEED
from analysis.comparing.facts import CandidateFacts
from analysis.domain import SPREADING_BASES
from analysis.facility_types import FACILITY_TYPES
from app.services.candidate_facts import MeasuredCandidates, Setting, measure_settings
from app.services.candidate_places import CandidatePlace, candidate_places
from app.services.candidate_terms import MeasuringTerms
from app.services.canonical_json import canonical, canonical_bytes, sha256_of
from app.services.choices import Candidate, ChoiceView, choice_view
from app.services.comparison import RADII_M, setting_words
from app.services.dossier_need import need_in_figures
from app.services.lists import SourceLine
from app.services.spreading import LEVELS
from app.services.stored_facts import Json, results_of, store_cells, store_criterion
from app.services.told_candidates import (
    Redaction,
    redaction_of,
    tellable_cells,
    told_candidate,
)
from data.changes.assessments import add_assessment
from data.errors import DataError
from data.queries.assessments import AssessmentRecord
from data.queries.choices import rules_versions
from geo.frames import Level

FORMAT = "vlekkenplan-afweging-1"
#: From this stage on candidates are compared; before it only when none came so far.
COMPARED_FROM = CHOICE_STAGES["vergelijking"].order
NOBODY = "Er zijn nog geen plekken om te vergelijken. Zet eerst een plek in de keuze."


class AssessmentFault(DataError):
    """An assessment can't be made; the message says why, in Dutch."""


@dataclass(frozen=True)
class Repetition:
    """An assessment computed again: the results that came out, and which parts are otherwise."""

    results: Json
    differing: tuple[str, ...]
    checksum_holds: bool

    @property
    def is_same(self) -> bool:
        """Whether the stored content is whole, and everything came out as it was stored."""
        return self.checksum_holds and not self.differing


def measuring_terms(rules: ChoiceRules, on: dt.date) -> MeasuringTerms:
    """The terms of the rules of a choice, on a date."""
    terms = rules.terms
    level: Level = "wijk" if terms.level == "wijk" else "gemeente"
    return MeasuringTerms(
        FACILITY_TYPES[rules.type],
        on,
        tuple(FACILITY_TYPES[key] for key in terms.counted_types),
        terms.plan_scope,
        terms.radius_m,
        level,
        terms.base,
    )


def assess_choice(
    connection: Connection, home: Path, choice_id: int, on: dt.date, account_id: int | None
) -> int:
    """Measure and compare the candidates of a choice, store it all, and return its id.

    AssessmentFault when no candidate is left; OutsideScope when the choice is of others.
    """
    content = assessment_content(connection, home, choice_view(connection, choice_id, on), on)
    return add_assessment(
        connection,
        choice_id,
        int(content["rules"]["version"]),
        content,
        sha256_of(content),
        account_id,
    )


def repeat(record: AssessmentRecord) -> Repetition:
    """Compute the results of a stored assessment again, and compare them with those stored."""
    stored = record.content
    made = canonical(results_of(stored))
    differing = [key for key, part in made.items() if _differs(part, stored["results"].get(key))]
    return Repetition(made, tuple(differing), sha256_of(stored) == record.sha256)


def _differs(one: object, other: object) -> bool:
    return canonical_bytes(one) != canonical_bytes(other)


def assessment_content(connection: Connection, home: Path, view: ChoiceView, on: dt.date) -> Json:
    """All that is stored of a choice as it is now; it names no place that is not public."""
    known = [one.record.site_id for one in view.candidates if one.site is not None]
    places = {int(place.key): place for place in candidate_places(connection, known, on)}
    compared = compared_candidates(view, places)
    if not compared:
        raise AssessmentFault(NOBODY)
    told = _told(view, places)
    terms = measuring_terms(view.rules, on)
    settings = other_settings(terms)
    found = measure_settings(connection, home, terms, told.chosen(compared), settings)
    need, of_need = need_in_figures(connection, view.record.gemeente_code, view.type, on)
    content: Json = {
        "format": FORMAT,
        "code_version": code_version(),
        "made_on": on.isoformat(),
        "choice": _choice(view, told.redaction),
        "rules": _rules(connection, view, told.redaction),
        "points": dict(view.rules.points),
        "criteria": [store_criterion(entry) for entry in view.rules.comparing],
        "draw_count": DRAW_COUNT,
        "seed": SEED,
        "alternatives": told.entries,
        "candidates": _measured(found.measured, told),
        "setting_label": setting_words(Setting(terms.radius_m, terms.level)),
        "settings": [
            _setting(setting_words(setting), found.facts[setting], compared, told)
            for setting in settings
        ],
        "need": need,
        "sources": _sources((*of_need, *found.measured.sources)),
        "is_example": found.measured.is_example,
    }
    whole: Json = canonical({**content, "results": results_of(canonical(content))})
    return whole


def compared_candidates(
    view: ChoiceView, places: Mapping[int, CandidatePlace]
) -> tuple[Candidate, ...]:
    """The candidates that are compared: those in that stage or beyond, else all that are left."""
    left = [one for one in view.candidates if not one.is_dropped and one.record.site_id in places]
    so_far = [one for one in left if one.stage.order >= COMPARED_FROM]
    return tuple(so_far or left)


def other_settings(terms: MeasuringTerms) -> tuple[Setting, ...]:
    """Every other radius and level, where the base is known on that level."""
    own, only = Setting(terms.radius_m, terms.level), SPREADING_BASES[terms.base].only_level
    every = [
        Setting(radius_m, level.key)
        for level in LEVELS
        for radius_m in RADII_M
        if only in (None, level.key)
    ]
    return tuple(setting for setting in every if setting != own)


def code_version() -> str:
    """The version of the program that measured."""
    try:
        return version("vlekkenplan")
    except PackageNotFoundError:
        return "onbekend"


@dataclass(frozen=True)
class _Told:
    """The candidates as they may be told of, and what may be said nowhere."""

    view: ChoiceView
    places: Mapping[int, CandidatePlace]
    entries: list[Json]
    redaction: Redaction

    def chosen(self, candidates: Iterable[Candidate]) -> list[CandidatePlace]:
        """The places of some candidates."""
        return [self.places[one.record.site_id] for one in candidates]

    def entry(self, site_id: int) -> Json:
        """What is told of one candidate."""
        return next(entry for entry in self.entries if entry["site_id"] == site_id)

    def cells(self, facts: CandidateFacts, site_id: int) -> dict[str, Json]:
        """What is known of one candidate by the criteria of the rules, as far as told."""
        stored = store_cells(facts, site_id)
        kept = {entry.key: stored[entry.key] for entry in self.view.rules.comparing}
        return tellable_cells(kept, self.entry(site_id)["publication"], self.redaction)


def _told(view: ChoiceView, places: Mapping[int, CandidatePlace]) -> _Told:
    redaction = redaction_of(view.candidates, places)
    entries = [
        told_candidate(number, one, places, redaction)
        for number, one in enumerate(view.candidates, start=1)
    ]
    return _Told(view, places, entries, redaction)


def _measured(measured: MeasuredCandidates, told: _Told) -> list[Json]:
    return [
        {
            **{name: told.entry(int(place.key))[name] for name in ("number", "site_id", "name")},
            "cells": told.cells(measured.facts, int(place.key)),
        }
        for place in measured.places
    ]


def _setting(label: str, facts: CandidateFacts, compared: Iterable[Candidate], told: _Told) -> Json:
    """The figures by number in another setting; their sources are the same."""
    return {
        "label": label,
        "cells": {
            str(told.entry(one.record.site_id)["number"]): {
                key: {"raw": cell["raw"], "reason": cell["reason"]}
                for key, cell in told.cells(facts, one.record.site_id).items()
            }
            for one in compared
        },
    }


def _choice(view: ChoiceView, redaction: Redaction) -> Json:
    record = view.record
    return {
        "id": record.id,
        "gemeente_code": record.gemeente_code,
        "scope_name": view.scope_name,
        "type": view.type.key,
        "type_label": view.type.label,
        "name": redaction.told(record.name),
        "explanation": redaction.told(record.explanation),
        "target_place_count": record.target_place_count,
        "sentence": view.sentence,
    }


def _rules(connection: Connection, view: ChoiceView, redaction: Redaction) -> Json:
    versions = rules_versions(connection, view.record.id)
    return {
        "version": view.rules_record.version,
        "content": rules_to_json(view.rules),
        "told": [{"label": label, "text": text} for label, text in told_rules(view.rules).items()],
        "versions": [
            {
                "version": entry.version,
                "made_on": entry.made_at.date().isoformat(),
                "reason": redaction.told(entry.reason),
            }
            for entry in sorted(versions, key=lambda entry: entry.version)
        ],
    }


def _sources(lines: Sequence[SourceLine]) -> list[Json]:
    """Every delivery once, with what was taken of it."""
    labels: dict[int, list[str]] = {}
    for line in lines:
        told = labels.setdefault(line.release.id, [])
        if line.label not in told:
            told.append(line.label)
    releases = {line.release.id: line.release for line in lines}
    return [
        {
            "parts": labels[key],
            "publisher": entry.publisher,
            "title": entry.title,
            "year": entry.year,
            "version": entry.version,
            "licence": entry.licence,
            "attribution": entry.attribution,
            "address": entry.address,
            "retrieved_on": entry.retrieved_on.isoformat(),
            "sha256": entry.sha256,
            "is_example": entry.is_example,
        }
        for key, entry in releases.items()
    ]
