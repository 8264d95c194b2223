"""Every source tells whose data it has, on what terms, what it reads and what its limits are."""

from __future__ import annotations

import dataclasses
import re

import pytest

from data.sources import SOURCES, source
from data.sources.source import Source


@pytest.fixture(params=SOURCES, ids=lambda entry: str(entry.key))
def entry(request: pytest.FixtureRequest) -> Source:
    found: Source = request.param
    return found


def test_the_keys_are_these() -> None:
    assert [entry.key for entry in SOURCES] == [
        "cbs_wijken_buurten",
        "locatieregister",
        "opgave",
        "woningen",
        "voorzieningen",
        "openstreetmap",
        "grondgebruik",
        "voorbeeldregio",
    ]


def test_a_source_is_found_by_its_key(entry: Source) -> None:
    assert source(entry.key) is entry


def test_no_field_of_a_source_is_empty(entry: Source) -> None:
    values = dataclasses.asdict(entry)
    assert not [name for name, value in values.items() if value in ("", ())]


def test_every_address_is_a_safe_web_address(entry: Source) -> None:
    assert re.fullmatch(r"https://\S+", entry.address)
    assert re.fullmatch(r"https://\S+", entry.licence_address)


def test_the_credit_line_names_the_year(entry: Source) -> None:
    assert "2024" in entry.attribution_of(2024)
    assert "{" not in entry.attribution_of(2024)


def test_texts_end_as_sentences(entry: Source) -> None:
    assert all(text.endswith(".") for text in (entry.delivers, *entry.limits))


def test_no_source_reads_origin(entry: Source) -> None:
    words = " ".join(name for pair in entry.columns for name in pair).lower()
    assert not re.search(r"herkomst|migratie|westers|nationaliteit|geboorteland", words)


def test_only_the_demo_region_is_an_example() -> None:
    assert [entry.key for entry in SOURCES if entry.is_example] == ["voorbeeldregio"]
