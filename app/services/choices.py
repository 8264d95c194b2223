"""A choice as people read it: its sentence, its candidates by stage, and what each still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.choice_rules import ChoiceRules, rules_from_json
from analysis.choice_stages import (
    CHOICE_STAGES,
    ORIGINS,
    CandidateKnown,
    ChoiceStage,
    Origin,
    missing,
    next_stage,
    older_version,
)
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.site_life import Caution
from app.auth.roles import ROLES
from app.numbers import to_dutch
from app.services.choice_neighbours import Neighbours, neighbours_of
from app.services.choice_sites import ChoiceSite, choice_sites
from app.services.worklist import gemeente_names
from data.errors import NotFound
from data.queries.choices import (
    NO_CANDIDATE,
    CandidateRecord,
    ChoiceRecord,
    RulesRecord,
    candidate_counts,
    candidates,
    choices,
    choices_of_site,
    compared_versions,
    find_choice,
    rules_versions,
)
from data.queries.workspace import WorkspaceSite
from geo.frames import REGION_CODE

REGION_NAME = "de regio"
#: What a candidate is called whose site may not be known by who reads.
UNKNOWN_SITE = "Een plek in een andere gemeente, nog niet openbaar"


@dataclass(frozen=True)
class Candidate:
    """A candidate of a choice; ``site`` is None when who reads may not know it.

    ``compared_version`` is the version of the rules under which it was last compared.
    """

    record: CandidateRecord
    site: ChoiceSite | None
    stage: ChoiceStage
    origin: Origin
    missing: tuple[Caution, ...]
    compared_version: int | None
    rules_version: int
    neighbours: Neighbours | None
    dropped_by: str | None

    @property
    def name(self) -> str:
        """The name of its site."""
        return self.site.name if self.site else UNKNOWN_SITE

    @property
    def is_dropped(self) -> bool:
        """Whether it fell."""
        return self.record.dropped_on is not None

    @property
    def known(self) -> CandidateKnown | None:
        """What a stage can ask of it; None when who reads may not know."""
        return _known(self.site, self.compared_version, self.rules_version)

    @property
    def older_version(self) -> str | None:
        """That it was compared under rules that no longer hold."""
        if self.compared_version in (None, self.rules_version):
            return None
        assert self.compared_version is not None
        return older_version(self.compared_version, self.rules_version)


@dataclass(frozen=True)
class ChoiceView:
    """A choice with all that belongs to it; ``rules`` are the newest, as ``rules_record``."""

    record: ChoiceRecord
    type: FacilityType
    scope_name: str
    rules: ChoiceRules
    rules_record: RulesRecord
    candidates: tuple[Candidate, ...]

    @property
    def dropped(self) -> tuple[Candidate, ...]:
        """The candidates that fell, the last one first."""
        fell = [one for one in self.candidates if one.is_dropped]
        return tuple(sorted(fell, key=lambda one: (one.record.dropped_on, one.name), reverse=True))

    @property
    def by_stage(self) -> tuple[tuple[ChoiceStage, tuple[Candidate, ...]], ...]:
        """The candidates that are still there by stage, the farthest first."""
        there = [one for one in self.candidates if not one.is_dropped]
        pairs = [
            (stage, tuple(one for one in there if one.stage == stage))
            for stage in reversed(CHOICE_STAGES.entries)
        ]
        return tuple((stage, found) for stage, found in pairs if found)

    @property
    def sentence(self) -> str:
        """How far the choice is, in the sentence that stands first."""
        counts = {stage.key: len(found) for stage, found in self.by_stage}
        return choice_sentence(counts, len(self.dropped))

    def of(self, site_id: int) -> Candidate:
        """One candidate; NotFound when the choice does not have it."""
        found = [one for one in self.candidates if one.record.site_id == site_id]
        if not found:
            raise NotFound(NO_CANDIDATE)
        return found[0]


@dataclass(frozen=True)
class ChoiceLine:
    """A choice in the list of all."""

    record: ChoiceRecord
    type: FacilityType
    scope_name: str
    sentence: str


def choice_list(connection: Connection) -> tuple[ChoiceLine, ...]:
    """Every choice within reach, with how far it is."""
    counts, dropped = _counts(connection)
    names = gemeente_names(connection)
    return tuple(
        ChoiceLine(
            record,
            FACILITY_TYPES[record.type],
            scope_name(record.gemeente_code, names),
            choice_sentence(counts.get(record.id, {}), dropped.get(record.id, 0)),
        )
        for record in choices(connection)
    )


def choice_view(connection: Connection, choice_id: int, on: dt.date) -> ChoiceView:
    """One choice with its candidates as they are on a date; NotFound out of reach."""
    record = find_choice(connection, choice_id)
    names = gemeente_names(connection)
    rules_record = rules_versions(connection, choice_id)[0]
    rules = rules_from_json(rules_record.content)
    found = candidates(connection, choice_id)
    sites = choice_sites(connection, [one.site_id for one in found], on)
    compared = compared_versions(connection, choice_id)
    near = neighbours_of(connection, {key: (site.x_m, site.y_m) for key, site in sites.items()})
    return ChoiceView(
        record,
        FACILITY_TYPES[record.type],
        scope_name(record.gemeente_code, names),
        rules,
        rules_record,
        tuple(
            _candidate(
                one,
                sites.get(one.site_id),
                rules,
                rules_record.version,
                compared.get(one.site_id),
                near.get(one.site_id),
                scope_name(record.gemeente_code, names),
            )
            for one in found
        ),
    )


def choices_section(connection: Connection, site: WorkspaceSite) -> dict[str, object]:
    """What ``werkbank/_keuzes.html`` shows: in which choices a site stands, and how far."""
    return {
        "site_choices": [
            (record, CHOICE_STAGES[candidate.stage], candidate)
            for record, candidate in choices_of_site(connection, site.id)
        ]
    }


def scope_name(gemeente_code: str, names: Mapping[str, str]) -> str:
    """Whose choice it is."""
    return REGION_NAME if gemeente_code == REGION_CODE else names.get(gemeente_code, gemeente_code)


def role_told(role: str | None, whose: str) -> str | None:
    """Who did something, as a role and a gemeente: no names, for a dossier is read by all."""
    if role is None:
        return None
    label = ROLES[role].label if role in ROLES else role
    is_local = role in ROLES and ROLES[role].is_local
    return f"{label} van {whose}" if is_local else label


def choice_sentence(counts: Mapping[str, int], dropped: int) -> str:
    """How far it is, like ``11 plekken bekeken, 4 in nader onderzoek, 7 afgevallen``."""
    total = sum(counts.values()) + dropped
    if not total:
        return "Er zijn nog geen plekken bekeken."
    parts = [f"{to_dutch(total)} {'plek' if total == 1 else 'plekken'} bekeken"]
    parts += [
        f"{to_dutch(counts[stage.key])} {stage.counted}"
        for stage in CHOICE_STAGES
        if counts.get(stage.key)
    ]
    parts += [f"{to_dutch(dropped)} afgevallen"] if dropped else []
    return ", ".join(parts) + "."


def _counts(connection: Connection) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    counts: dict[int, dict[str, int]] = {}
    dropped: dict[int, int] = {}
    for entry in candidate_counts(connection):
        if entry.is_dropped:
            dropped[entry.choice_id] = dropped.get(entry.choice_id, 0) + entry.count
        else:
            counts.setdefault(entry.choice_id, {})[entry.stage] = entry.count
    return counts, dropped


def _candidate(
    record: CandidateRecord,
    site: ChoiceSite | None,
    rules: ChoiceRules,
    rules_version: int,
    compared_version: int | None,
    neighbours: Neighbours | None,
    whose: str,
) -> Candidate:
    stage = CHOICE_STAGES[record.stage]
    known = _known(site, compared_version, rules_version)
    asks = record.dropped_on is None and next_stage(stage) is not None
    return Candidate(
        record,
        site,
        stage,
        ORIGINS[record.origin],
        missing(rules.demands[stage.key], known) if known and asks else (),
        compared_version,
        rules_version,
        neighbours,
        role_told(record.dropped_role, whose),
    )


def _known(
    site: ChoiceSite | None, compared_version: int | None, rules_version: int
) -> CandidateKnown | None:
    if site is None or site.open_questions is None:
        return None
    return CandidateKnown(
        site.status,
        site.open_questions,
        site.place_count,
        site.cost is not None,
        compared_version,
        rules_version,
    )
