"""The rules of a choice: what its stages ask, by which criteria, and how it is measured.

Rules are kept as plain JSON beside the choice. They hold the scale of each criterion too, so
that an old version still says what it said when the code has moved on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from analysis.choice_stages import CHOICE_STAGES, DEMANDS, USUAL_DEMANDS
from analysis.comparing.criteria import CRITERIA, NEAR_HOME_M, PRESETS, criteria_of
from analysis.comparing.criterion import Criterion
from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.spreading.exposure import LIMITS_M

MOST_POINTS = 100
#: The radius that can be chosen, in metres on foot.
RADII_M = LIMITS_M
#: The levels of areas on which spreading can be measured, with their Dutch names.
RULE_LEVELS: Mapping[str, str] = {"gemeente": "Gemeenten", "wijk": "Wijken"}
_USUAL_PRESET = "start"


@dataclass(frozen=True)
class RuleTerms:
    """How candidates are measured: which places count beside them, how near and for whom."""

    counted_types: tuple[str, ...]
    plan_scope: str = "besloten"
    radius_m: float = NEAR_HOME_M
    level: str = "gemeente"
    base: str = "inwoners"

    def breaches(self) -> list[str]:
        """What is wrong with these terms."""
        unknown = [key for key in self.counted_types if key not in FACILITY_TYPES]
        found = [f"unknown type {key}" for key in unknown]
        if not self.counted_types:
            found.append("no type is counted")
        if self.plan_scope not in PLAN_SCOPES:
            found.append(f"unknown plan scope {self.plan_scope}")
        if not (isfinite(self.radius_m) and self.radius_m > 0):
            found.append("the radius is no distance")
        if self.level not in RULE_LEVELS:
            found.append(f"unknown level {self.level}")
        if self.base not in SPREADING_BASES:
            found.append(f"unknown base {self.base}")
        elif SPREADING_BASES[self.base].only_level not in (None, self.level):
            found.append(f"{self.base} is not known by {self.level}")
        return found


@dataclass(frozen=True)
class CriterionRule:
    """A criterion as it held in a version: its scale and how many points it has."""

    key: str
    label: str
    unit: str
    good: float
    bad: float
    points: int

    @property
    def scale(self) -> str:
        """Its scale in words."""
        return f"{_number(self.good)} telt voor 1, {_number(self.bad)} voor 0 ({self.unit})"


@dataclass(frozen=True)
class ChoiceRules:
    """One version of the rules of a choice. ``demands`` are keys of DEMANDS by stage."""

    type: str
    demands: Mapping[str, tuple[str, ...]]
    criteria: tuple[CriterionRule, ...]
    terms: RuleTerms

    def __post_init__(self) -> None:
        """InputError with everything that is wrong at once."""
        found = [] if self.type in FACILITY_TYPES else [f"unknown type {self.type}"]
        if set(self.demands) != set(CHOICE_STAGES.keys):
            found.append("the demands are not of all stages")
        asked = {key for keys in self.demands.values() for key in keys}
        found += [f"unknown demand {key}" for key in sorted(asked) if key not in DEMANDS]
        found += _criteria_breaches(self.criteria) + self.terms.breaches()
        if found:
            raise InputError("rules of a choice", found)

    @property
    def points(self) -> dict[str, int]:
        """The points of each criterion that this version of the program still knows."""
        return {rule.key: rule.points for rule in self.criteria if rule.key in CRITERIA}

    @property
    def comparing(self) -> tuple[Criterion, ...]:
        """The criteria to compare by, on the scales of these rules."""
        return tuple(
            replace(CRITERIA[rule.key], good=rule.good, bad=rule.bad)
            for rule in self.criteria
            if rule.key in CRITERIA
        )


@dataclass(frozen=True)
class RuleDifference:
    """One thing that two versions of the rules have otherwise; None where it is not there."""

    label: str
    before: str | None
    after: str | None


def usual_rules(kind: FacilityType) -> ChoiceRules:
    """The rules with which a choice for this type begins."""
    on_map = tuple(entry.key for entry in FACILITY_TYPES if entry.recorded.on_map)
    return ChoiceRules(
        type=kind.key,
        demands=USUAL_DEMANDS,
        criteria=rules_of_points(kind, PRESETS[_USUAL_PRESET].points_of(kind)),
        terms=RuleTerms(on_map),
    )


def rules_of_points(kind: FacilityType, points: Mapping[str, int]) -> tuple[CriterionRule, ...]:
    """The criteria of a type on the scales of now, with these points."""
    return tuple(
        CriterionRule(
            entry.key, entry.label, entry.unit, entry.good, entry.bad, points.get(entry.key, 0)
        )
        for entry in criteria_of(kind)
    )


def rules_to_json(rules: ChoiceRules) -> dict[str, Any]:
    """The rules as ``choice_rules.content`` holds them."""
    return {
        "type": rules.type,
        "stages": {stage.key: list(rules.demands[stage.key]) for stage in CHOICE_STAGES},
        "criteria": [dict(vars(rule)) for rule in rules.criteria],
        "terms": {**vars(rules.terms), "counted_types": list(rules.terms.counted_types)},
    }


def rules_from_json(content: Mapping[str, Any]) -> ChoiceRules:
    """The rules that ``rules_to_json`` wrote. Raises InputError for anything else."""
    try:
        terms = {**content["terms"], "counted_types": tuple(content["terms"]["counted_types"])}
        return ChoiceRules(
            type=content["type"],
            demands={stage: tuple(keys) for stage, keys in content["stages"].items()},
            criteria=tuple(CriterionRule(**rule) for rule in content["criteria"]),
            terms=RuleTerms(**terms),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError("rules of a choice", [f"not as we write them: {error!r}"]) from error


def rule_differences(before: ChoiceRules, after: ChoiceRules) -> tuple[RuleDifference, ...]:
    """What changed between two versions, in words, in the order of the form."""
    old, new = told_rules(before), told_rules(after)
    return tuple(
        RuleDifference(label, old.get(label), new.get(label))
        for label in dict.fromkeys((*old, *new))
        if old.get(label) != new.get(label)
    )


def told_rules(rules: ChoiceRules) -> dict[str, str]:
    """Everything that the rules say, in words by its label."""
    told = {}
    for stage in CHOICE_STAGES:
        labels = ", ".join(DEMANDS[key].label.lower() for key in rules.demands[stage.key])
        told[f"Na ‘{stage.label.lower()}’ gaat een plek verder als"] = labels or "niets gevraagd"
    for rule in rules.criteria:
        told[f"Punten: {rule.label}"] = str(rule.points)
    for rule in rules.criteria:
        told[f"Schaal: {rule.label}"] = rule.scale
    terms = rules.terms
    base = SPREADING_BASES[terms.base]
    return told | {
        "Wat meetelt": PLAN_SCOPES[terms.plan_scope].label,
        "Soorten die meetellen": counted_types_told(terms.counted_types),
        "Dicht bij huis is": f"{_number(terms.radius_m)} meter lopen",
        "Verdeling over": RULE_LEVELS[terms.level].lower(),
        "Verdeling naar": base.label.lower(),
    }


def counted_types_told(keys: Sequence[str]) -> str:
    """Which types count beside the candidates."""
    on_map = {entry.key for entry in FACILITY_TYPES if entry.recorded.on_map}
    if set(keys) == on_map:
        return "alle soorten op de kaart"
    return ", ".join(FACILITY_TYPES[key].label for key in keys)


def _criteria_breaches(criteria: Sequence[CriterionRule]) -> list[str]:
    keys = [rule.key for rule in criteria]
    found = [] if len(set(keys)) == len(keys) else ["a criterion occurs twice"]
    for rule in criteria:
        if not (isinstance(rule.points, int) and 0 <= rule.points <= MOST_POINTS):
            found.append(f"the points of {rule.key} are not from 0 to {MOST_POINTS}")
        if not (isfinite(rule.good) and isfinite(rule.bad)) or rule.good == rule.bad:
            found.append(f"the scale of {rule.key} has no two ends")
    if not any(rule.points for rule in criteria):
        found.append("no criterion has points")
    return found


def _number(value: float) -> str:
    """Whole numbers with points for thousands, others with a comma."""
    if value == int(value):
        return f"{int(value):,}".replace(",", ".")
    return f"{value:g}".replace(".", ",")
