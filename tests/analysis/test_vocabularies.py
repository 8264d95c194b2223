"""Every closed vocabulary explains itself, in words that fit on a public page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, fields, is_dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from analysis import domain
from analysis.access.modes import PACES, TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.residents import REASONS as ACCESS_REASONS
from analysis.access.residents import WARNINGS
from analysis.access.score import BASES
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.classes import CLASSINGS
from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.domain import PLAN_SCOPES, SITE_STATUSES, STATUS_GROUPS
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS, FacilityType, select_types
from analysis.land_uses import LAND_USES, LandUse
from analysis.measures import MEASURES
from analysis.method import MEASURE_GROUPS
from analysis.policy import POLICY_DOCUMENTS
from analysis.registry import Registry
from analysis.spreading.local_moran import LOCAL_KEYS
from analysis.spreading.outcome import REASONS
from analysis.spreading.verdict import VERDICTS

SYMBOLS = Path(__file__).parents[2] / "static" / "symbols"
SVG = "{http://www.w3.org/2000/svg}"

ALL_REGISTRIES: tuple[Registry[Any], ...] = (
    FACILITY_TYPES,
    TYPE_GROUPS,
    AMENITY_CATEGORIES,
    LAND_USES,
    MEASURES,
    VERDICTS,
    LOCAL_KEYS,
    REASONS,
    CLASSINGS,
    POLICY_DOCUMENTS,
    TRAVEL_MODES,
    PACES,
    ACCESS_PROFILES,
    BASES,
    ACCESS_REASONS,
    WARNINGS,
    MEASURE_GROUPS,
    QUESTIONS,
    FINDINGS,
    *(value for value in vars(domain).values() if isinstance(value, Registry)),
)
REGISTRIES = {registry.noun: registry for registry in ALL_REGISTRIES}
ENTRIES = [
    pytest.param(entry, id=f"{noun}: {entry.key}")
    for noun, registry in REGISTRIES.items()
    for entry in registry
]

#: Words that hurt people or judge a neighbourhood, and words no plain page needs.
FORBIDDEN = (
    r"verward\w*",
    r"wooncontainer\w*",
    r"container\w*",
    r"zwerver\w*",
    r"junk\w*",
    r"gevallen",
    r"probleemwijk\w*",
    r"achterstands?\w*",
    r"zwakke wijk\w*",
    r"overlast\w*",
    r"doelgroep\w*",
    r"cliënt\w*",
    r"patiënt\w*",
    r"psychiatrische patiënt\w*",
    r"gestoord\w*",
    r"intramura\w*",
    r"extramura\w*",
    r"ambulant\w*",
    r"problematiek",
    r"dient te",
    r"middels",
)
LONGEST_SENTENCE_WORD_COUNT = 32


def _texts(value: object) -> Iterable[str]:
    """Every text a reader can see in an entry, keys and code names left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from chain.from_iterable(_texts(item) for item in value)
    elif is_dataclass(value):
        hidden = {"key", "osm_tags", "cbs_column", "sources", "source", "formula", "aliases"}
        for field in fields(value):
            if field.name not in hidden:
                yield from _texts(getattr(value, field.name))


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_has_a_key_for_code_and_a_label_for_people(entry: Any) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.key)
    assert entry.label.strip() == entry.label != ""
    assert entry.label != entry.key


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_changes_after_it_is_made(entry: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        entry.key = "iets_anders"


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_explanation_is_a_whole_sentence(entry: Any) -> None:
    if hasattr(entry, "explanation"):
        assert re.fullmatch(r"[A-Z0-9'].*[.!?]", entry.explanation, flags=re.DOTALL)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_text_uses_a_word_that_hurts_or_that_nobody_says(entry: Any) -> None:
    for text in _texts(entry):
        found = [word for word in FORBIDDEN if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        assert not found, f"{found} in {text!r}"


@pytest.mark.parametrize("entry", ENTRIES)
def test_sentences_are_short(entry: Any) -> None:
    for text in _texts(entry):
        for sentence in re.split(r"(?<=[.!?:;])\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE_WORD_COUNT, sentence


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES.keys())
def test_an_entry_is_found_by_key_and_label_whatever_the_capitals(registry: Registry[Any]) -> None:
    for entry in registry:
        assert registry[entry.key] is entry
        assert registry.find(entry.key.upper()) is entry
        assert registry.find(f"  {entry.label.swapcase()} ").label == entry.label
        assert entry.key in registry


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES.keys())
def test_no_word_means_two_entries(registry: Registry[Any]) -> None:
    words = [
        word.casefold()
        for entry in registry
        for word in {entry.key, entry.label.casefold(), *getattr(entry, "aliases", ())}
    ]
    assert len({*words}) == len(words)


def test_an_unknown_word_names_what_was_perhaps_meant() -> None:
    with pytest.raises(UnknownEntryError, match="perhaps beschut_wonen") as caught:
        FACILITY_TYPES.find("beschut_wone")
    assert "beschut_wonen" in caught.value.close
    assert caught.value.choices == FACILITY_TYPES.keys


def test_two_entries_may_not_share_a_key() -> None:
    entry = next(iter(VERDICTS))
    with pytest.raises(ValueError, match="share a key"):
        Registry("verdict", (entry, entry))


# A site's life


def test_the_stages_of_a_site_are_in_the_order_of_its_life() -> None:
    assert [status.order for status in SITE_STATUSES] == list(range(1, 11))
    assert SITE_STATUSES.keys == (
        "idee",
        "verkend",
        "nader_onderzoek",
        "planvorming",
        "besluit",
        "realisatie",
        "in_gebruik",
        "omgeklapt",
        "afgebouwd",
        "afgevallen",
    )


def test_every_group_of_stages_holds_a_stage() -> None:
    assert {status.group for status in SITE_STATUSES} == set(STATUS_GROUPS)


def test_only_a_dropped_plan_asks_for_a_reason() -> None:
    assert [status.key for status in SITE_STATUSES if status.asks_reason] == ["afgevallen"]


def test_wider_plan_scopes_count_more_stages_and_never_what_has_ended() -> None:
    existing, decided, planned = (set(scope.statuses) for scope in PLAN_SCOPES)
    ended = {status.key for status in SITE_STATUSES if status.group.key == "ended"}
    assert existing == {"in_gebruik"}
    assert decided == existing | {"besluit", "realisatie"}
    assert planned == decided | {"idee", "verkend", "nader_onderzoek", "planvorming"}
    assert not planned & ended


# Facility types


@pytest.fixture(params=FACILITY_TYPES, ids=lambda entry: entry.key)
def facility_type(request: pytest.FixtureRequest) -> FacilityType:
    chosen: FacilityType = request.param
    return chosen


def test_every_facility_type_answers_the_five_questions_of_its_page(
    facility_type: FacilityType,
) -> None:
    for answer in ("what_it_is", "for_whom", "size", "supervision", "asks_of_place"):
        assert re.fullmatch(r"[A-Z].*\.", getattr(facility_type, answer), flags=re.DOTALL)


def test_every_facility_type_names_its_policy_source(facility_type: FacilityType) -> None:
    assert facility_type.sources
    for source in facility_type.sources:
        assert source.document in POLICY_DOCUMENTS.entries
        assert 2015 <= source.document.year <= 2027
        assert str(source.document.year) in source.text


def test_every_facility_type_has_a_symbol_that_any_page_can_colour(
    facility_type: FacilityType,
) -> None:
    path = SYMBOLS / f"{facility_type.symbol}.svg"
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == "0 0 24 24"
    assert "currentColor" in text
    assert not re.search(r"#[0-9a-fA-F]{3}|rgb\(|href|<script|<text|<style|<image", text)
    painted = {root_or_child.get(kind) for root_or_child in root.iter() for kind in PAINT}
    assert painted <= {"currentColor", "none", None}


PAINT = ("fill", "stroke")


def test_no_two_facility_types_share_a_symbol() -> None:
    drawings = [(SYMBOLS / f"{entry.symbol}.svg").read_text() for entry in FACILITY_TYPES]
    assert len(set(drawings)) == len(FACILITY_TYPES)


def test_there_is_no_symbol_without_a_facility_type() -> None:
    assert {path.stem for path in SYMBOLS.glob("*.svg")} == set(FACILITY_TYPES.keys)


def test_a_unit_size_runs_from_few_to_many(facility_type: FacilityType) -> None:
    size = facility_type.unit_size
    assert size is None or 1 <= size.least_count <= size.most_count


def test_skaeve_huse_stand_in_groups_of_five_or_six() -> None:
    size = FACILITY_TYPES["skaeve_huse"].unit_size
    assert size is not None
    assert (size.least_count, size.most_count) == (5, 6)


def test_a_shelter_for_women_is_never_located() -> None:
    located_never = [entry.key for entry in FACILITY_TYPES if entry.recorded.key == "never_located"]
    assert located_never == ["vrouwenopvang"]
    assert not FACILITY_TYPES["vrouwenopvang"].recorded.on_map


def test_the_homes_of_single_people_are_only_counted_per_area() -> None:
    counted = {entry.key for entry in FACILITY_TYPES if entry.recorded.key == "area_count"}
    assert counted == {"omklapwoning", "contingentwoning", "kanscontractwoning"}


def test_no_group_of_types_mixes_places_on_the_map_with_private_homes() -> None:
    for group in TYPE_GROUPS:
        assert len({entry.recorded.key for entry in group.types}) == 1
        assert all(entry.recorded.key != "never_located" for entry in group.types)


def test_a_selection_takes_keys_labels_and_groups_and_names_each_type_once() -> None:
    chosen = select_types(["Kort verblijf", "BW", "respijt", "skæve huse"])
    assert [entry.key for entry in chosen] == [
        "beschermd_wonen",
        "skaeve_huse",
        "respijt",
        "time_out",
        "tussenvoorziening",
    ]


def test_a_selection_refuses_a_word_it_does_not_know() -> None:
    with pytest.raises(UnknownEntryError, match="facility type or type group"):
        select_types(["beschut_wonen", "kasteel"])


# Amenity categories


def test_every_amenity_category_can_be_recognised_in_openstreetmap() -> None:
    for category in AMENITY_CATEGORIES:
        assert category.osm_tags
        for tags in category.osm_tags:
            assert category.matches({**dict(tags), "name": "De Linde"})
    assert not any(category.matches({"name": "De Linde"}) for category in AMENITY_CATEGORIES)


def test_a_school_counts_as_a_basisschool_only_when_it_is_tagged_as_one() -> None:
    basisschool = AMENITY_CATEGORIES["basisschool"]
    assert basisschool.matches({"amenity": "school", "school": "primary"})
    assert not basisschool.matches({"amenity": "school"})


def test_no_feature_belongs_to_two_categories_by_one_tag_set() -> None:
    for category in AMENITY_CATEGORIES:
        for tags in category.osm_tags:
            claimed = [other.key for other in AMENITY_CATEGORIES if other.matches(dict(tags))]
            assert claimed == [category.key]


def test_a_distance_of_cbs_is_used_by_one_category_only() -> None:
    columns = [entry.cbs_column for entry in AMENITY_CATEGORIES if entry.cbs_column]
    assert len(columns) == len(set(columns)) == 8
    assert all("afst" in column for column in columns)


# Uses of the ground


def test_no_surface_is_of_two_uses_by_one_tag_set() -> None:
    for entry in LAND_USES:
        for tags in entry.osm_tags:
            assert [other.key for other in LAND_USES if other.matches(dict(tags))] == [entry.key]
    assert not any(entry.matches({"name": "De Linde"}) for entry in LAND_USES)


@pytest.mark.parametrize("entry", LAND_USES, ids=lambda entry: entry.key)
def test_a_use_of_the_ground_says_by_which_law_or_fact(entry: LandUse) -> None:
    assert re.fullmatch(r"[A-Z].*\.", entry.ground)
    assert entry.sources
    assert entry.ground.startswith("Let op: ") == (not entry.excludes)


def test_a_distance_between_sites_is_no_use_of_the_ground() -> None:
    words = " ".join(f"{entry.key} {entry.label} {entry.ground}" for entry in LAND_USES).lower()
    assert not re.search(r"afstand|meter|locatie", words)


def test_water_runways_and_beaches_rule_a_place_out() -> None:
    ruled_out = {entry.key for entry in LAND_USES if entry.excludes}
    assert {"water", "strand", "startbaan", "luchthaven", "geluidscontour"} <= ruled_out
    assert not {"natuur", "waterkering", "geluid_afwegen", "bedrijventerrein"} & ruled_out
