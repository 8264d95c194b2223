"""What the rules of a choice hold, kept as JSON and told in words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.choice_rules import (
    ChoiceRules,
    RuleTerms,
    rule_differences,
    rules_from_json,
    rules_of_points,
    rules_to_json,
    told_rules,
    usual_rules,
)
from analysis.choice_stages import CHOICE_STAGES, DEMANDS, ORIGINS, USUAL_DEMANDS
from analysis.comparing.criteria import PRESETS, criteria_of
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES

SITE_TYPES = [entry for entry in FACILITY_TYPES if entry.recorded.key == "site"]
SKAEVE_HUSE = FACILITY_TYPES["skaeve_huse"]


@pytest.mark.parametrize("kind", SITE_TYPES, ids=lambda kind: kind.key)
def test_the_usual_rules_of_every_type_survive_json(kind: object) -> None:
    rules = usual_rules(kind)  # type: ignore[arg-type]
    assert rules_from_json(json.loads(json.dumps(rules_to_json(rules)))) == rules
    assert rules.points == PRESETS["start"].points_of(kind)  # type: ignore[arg-type]
    assert rules.comparing == criteria_of(kind)  # type: ignore[arg-type]


def test_an_old_version_keeps_its_own_scale() -> None:
    content = json.loads(json.dumps(rules_to_json(usual_rules(SKAEVE_HUSE))))
    cost = next(entry for entry in content["criteria"] if entry["key"] == "kosten")
    cost["bad"] = 150_000
    rules = rules_from_json(content)
    assert {entry.key: entry.bad for entry in rules.comparing}["kosten"] == 150_000
    told = rule_differences(rules, usual_rules(SKAEVE_HUSE))
    assert [(one.label, one.before, one.after) for one in told] == [
        (
            "Schaal: Eenmalige kosten per plek",
            "0 telt voor 1, 150.000 voor 0 (euro per plek)",
            "0 telt voor 1, 200.000 voor 0 (euro per plek)",
        )
    ]


def test_a_criterion_that_the_program_no_longer_knows_is_told_and_not_compared_by() -> None:
    content = rules_to_json(usual_rules(SKAEVE_HUSE))
    content["criteria"].append(
        {"key": "uitzicht", "label": "Uitzicht", "unit": "m", "good": 1, "bad": 0, "points": 5}
    )
    rules = rules_from_json(content)
    assert told_rules(rules)["Punten: Uitzicht"] == "5"
    assert "uitzicht" not in rules.points
    assert "uitzicht" not in {entry.key for entry in rules.comparing}


def test_only_what_changed_is_told() -> None:
    before = usual_rules(SKAEVE_HUSE)
    points = {**before.points, "kosten": 25}
    after = replace(
        before,
        criteria=rules_of_points(SKAEVE_HUSE, points),
        demands={**before.demands, "vergelijking": ("vergeleken", "kosten")},
        terms=replace(before.terms, radius_m=1200.0, counted_types=("skaeve_huse",)),
    )
    assert rule_differences(before, before) == ()
    assert [(one.label, one.before, one.after) for one in rule_differences(before, after)] == [
        (
            "Na ‘vergelijking’ gaat een plek verder als",
            "vergeleken met de regels van nu",
            "vergeleken met de regels van nu, kosten geschat",
        ),
        ("Punten: Eenmalige kosten per plek", "10", "25"),
        ("Soorten die meetellen", "alle soorten op de kaart", "Skaeve Huse"),
        ("Dicht bij huis is", "400 meter lopen", "1.200 meter lopen"),
    ]


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"type": "kasteel"}, "unknown type kasteel"),
        ({"demands": {}}, "the demands are not of all stages"),
        ({"demands": {**USUAL_DEMANDS, "keuze": ("zon",)}}, "unknown demand zon"),
        ({"criteria": ()}, "no criterion has points"),
        ({"terms": RuleTerms(())}, "no type is counted"),
        ({"terms": RuleTerms(("kasteel",))}, "unknown type kasteel"),
        ({"terms": RuleTerms(("respijt",), plan_scope="ooit")}, "unknown plan scope ooit"),
        ({"terms": RuleTerms(("respijt",), radius_m=float("nan"))}, "the radius is no distance"),
        ({"terms": RuleTerms(("respijt",), level="land")}, "unknown level land"),
        ({"terms": RuleTerms(("respijt",), base="bomen")}, "unknown base bomen"),
        (
            {"terms": RuleTerms(("respijt",), level="wijk", base="opgave")},
            "opgave is not known by wijk",
        ),
    ],
)
def test_rules_that_can_not_be_are_refused(change: dict[str, object], breach: str) -> None:
    with pytest.raises(InputError, match=breach):
        replace(usual_rules(SKAEVE_HUSE), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("points", [-1, 101, 2.5, "10"])
def test_points_are_whole_numbers_up_to_a_hundred(points: object) -> None:
    rules = usual_rules(SKAEVE_HUSE)
    wrong = (replace(rules.criteria[0], points=points), *rules.criteria[1:])  # type: ignore[arg-type]
    with pytest.raises((InputError, TypeError)):
        replace(rules, criteria=wrong)


@pytest.mark.parametrize("content", [{}, {"type": "respijt"}, {"stages": 1}, []])
def test_json_that_we_did_not_write_is_refused(content: object) -> None:
    with pytest.raises(InputError, match="not as we write them"):
        rules_from_json(content)  # type: ignore[arg-type]


def test_every_entry_explains_itself() -> None:
    for entry in (*CHOICE_STAGES, *ORIGINS, *DEMANDS):
        assert entry.label
        assert entry.explanation.endswith(".")
    assert set(USUAL_DEMANDS) == set(CHOICE_STAGES.keys)
    assert isinstance(usual_rules(SKAEVE_HUSE), ChoiceRules)
