"""The templates of conversations: one for every type on the map, complete, and truly different."""

from __future__ import annotations

import itertools

import pytest

from analysis.dialogue.participation import PARTICIPATION_LEVELS
from analysis.dialogue.template_parts import WHERE, TrackTemplate
from analysis.dialogue.track_templates import TRACK_TEMPLATES, template_of
from analysis.facility_types import FACILITY_TYPES

EVERY = pytest.mark.parametrize("template", TRACK_TEMPLATES, ids=lambda one: one.key)


def test_every_type_on_the_map_has_one_and_a_wijk_without_a_type() -> None:
    mapped = {entry.key for entry in FACILITY_TYPES if entry.recorded.key == "site"}
    assert set(TRACK_TEMPLATES.keys) == mapped | {"wijk"}


def test_a_secret_type_gets_the_one_of_a_wijk() -> None:
    assert template_of("vrouwenopvang").key == "wijk"
    assert template_of(None).key == "wijk"
    assert template_of("respijt").key == "respijt"


@EVERY
def test_it_is_called_as_its_type_is(template: TrackTemplate) -> None:
    if template.key != "wijk":
        assert template.label == FACILITY_TYPES[template.key].label


@EVERY
def test_all_its_texts_are_there_and_end_as_sentences_do(template: TrackTemplate) -> None:
    texts = [template.summary_in("in Parkwijk"), template.not_this, template.street_text]
    texts += [template.open_text, template.fixed_text]
    for step in template.phases:
        texts += [step.goal, step.open_text, step.fixed_text]
    texts += [party.role for party in template.parties]
    assert all(text.endswith((".", "?")) for text in texts)
    assert not any(WHERE in text for text in texts)


@EVERY
def test_its_sentences_are_short(template: TrackTemplate) -> None:
    texts = [template.summary, template.not_this, template.street_text, template.open_text]
    for step in template.phases:
        texts += [step.goal, step.open_text, step.fixed_text]
    for sentence in itertools.chain.from_iterable(text.split(". ") for text in texts):
        assert len(sentence.split()) <= 22, sentence


@EVERY
def test_its_phases_have_a_level_a_length_and_a_name_of_their_own(template: TrackTemplate) -> None:
    names = [step.name for step in template.phases]
    assert len(set(names)) == len(names) >= 4
    assert all(step.level in PARTICIPATION_LEVELS for step in template.phases)
    assert all(2 <= step.weeks <= 104 for step in template.phases)
    assert any(step.takes_contributions for step in template.phases)
    assert any(step.takes_importance for step in template.phases)
    assert len({party.name for party in template.parties}) == len(template.parties) >= 4


def test_no_two_say_the_same() -> None:
    for one, other in itertools.combinations(TRACK_TEMPLATES, 2):
        for name in ("title", "summary", "not_this", "street_text", "open_text", "fixed_text"):
            assert getattr(one, name) != getattr(other, name), (one.key, other.key, name)
        assert one.phases[0].name != other.phases[0].name
        assert one.phases != other.phases


def test_what_is_for_the_whole_region_says_so() -> None:
    regional = {"skaeve_huse", "domus_plus", "maatschappelijke_opvang", "beschermd_wonen"}
    for key in regional:
        names = {party.name for party in TRACK_TEMPLATES[key].parties}
        assert "De acht gemeenten samen" in names
    assert "rand" in TRACK_TEMPLATES["skaeve_huse"].summary
    local = {"beschut_wonen", "respijt"}
    assert all("Elke gemeente" in TRACK_TEMPLATES[key].fixed_text for key in local)
