"""A secret address is recognised in any spelling, and other words are left in peace."""

from __future__ import annotations

import pytest

from app.services.imports import secret_words


@pytest.mark.parametrize(
    "text",
    [
        "Vrouwenopvang",
        "VROUWENOPVANG",
        "vrouwen-opvang",
        "Vrouwen  Opvang Zuid",
        "vrouwenopvanghuis",
        "vrouwenopvnag",
        "vrouwopvang",
        "Vr0uwen0pv@ng",
        "vröuwenopvang",
        "v r o u w e n o p v a n g",
        "vrouwenopv.",
        "Opvang voor vrouwen",
        "Vrouwen- en kinderopvang",
        "Blijf-van-mijn-lijfhuis",
        "Blijf Groep",
        "Opvanghuis voor vrouwen",
        "Crisisopvang vrouwen en kinderen",
        "opvang (huiselijk geweld)",
        "Vluchthuis",
        "een pand naast de vrouwenopvang, met tuin",
    ],
)
def test_a_secret_place_is_recognised(text: str) -> None:
    assert secret_words().are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Maatschappelijke opvang",
        "Opvang voor mannen en vrouwen",
        "kinderopvang De Hof",
        "Vrouwenhof",
        "Beschut wonen",
        "blijfplaats",
        "Crisisopvang",
        "Vluchtheuvel",
        "VO-school",
        "",
    ],
)
def test_other_places_are_left_in_peace(text: str) -> None:
    assert not secret_words().are_in(text)


@pytest.mark.parametrize("text", ["VO", "v.o.", "Vrouwenopvang", "vrouwenopvang"])
def test_as_a_type_the_abbreviation_counts_too(text: str) -> None:
    assert secret_words().are_type(text)
