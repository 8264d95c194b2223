"""Searching forgives: accents, capitals, the order of words, a typing error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.services.search import SearchHit, search, types_named
from tests.app.page_reader import read_page

Find = Callable[..., list[SearchHit]]


@pytest.fixture
def find(demo_site: tuple[Flask, Engine]) -> Find:
    def finding(words: str, limit: int = 20) -> list[SearchHit]:
        with demo_site[1].connect() as connection:
            return search(connection, words, limit)

    return finding


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Haarlem", ("gemeente", "Haarlem")),
        ("HAARLEM", ("gemeente", "Haarlem")),
        ("hàarlém", ("gemeente", "Haarlem")),
        ("haarlm", ("gemeente", "Haarlem")),
        ("Heemstde", ("gemeente", "Heemstede")),
        ("zandvoort", ("gemeente", "Zandvoort")),
        ("hoofddorp", ("wijk", "Hoofddorp")),
        ("GM0394", ("gemeente", "Haarlemmermeer")),
    ],
)
def test_the_first_hit_is_what_was_meant(find: Find, words: str, first: tuple[str, str]) -> None:
    hit = find(words)[0]
    assert (hit.kind, hit.label) == first


def test_a_hit_says_where_it_is(find: Find) -> None:
    hit = next(hit for hit in find("meerplein beverwijk") if hit.kind == "buurt")
    assert (hit.label, hit.url) == ("Meerplein", "/gebied/BU03750001")
    assert hit.context == "Centrum, Beverwijk"
    assert 4.5 < hit.lon < 4.8
    assert 52.4 < hit.lat < 52.6


def test_the_gemeente_tells_wijken_of_the_same_name_apart(find: Find) -> None:
    first = find("centrum beverwijk")[0]
    assert (first.label, first.context) == ("Centrum", "Beverwijk")


def test_a_site_is_found_by_its_type_and_place(find: Find) -> None:
    hits = find("beschut haarlem", 50)
    assert any(hit.kind == "locatie" for hit in hits)


@pytest.mark.parametrize("words", ["", "   ", "!!!", "'", "qqqqqqqq"])
def test_nothing_is_found_for_nothing(find: Find, words: str) -> None:
    assert find(words) == []


def test_no_more_hits_than_asked(find: Find) -> None:
    assert len(find("a", 5)) == 5


def test_types_are_found_by_label_and_other_name() -> None:
    assert [entry.key for entry in types_named("beschut")] == ["beschut_wonen"]
    assert [entry.key for entry in types_named("bw")] == ["beschermd_wonen"]
    assert types_named("") == ()


def test_the_page_shows_hits_and_types(client: FlaskClient) -> None:
    page = read_page(client, "/zoeken?q=skaeve")
    assert "/soorten/skaeve_huse" in page.links
    assert any(link.startswith("/locatie/") for link in page.links)
    assert "resultaten voor ‘skaeve’" in page.lead


def test_what_someone_types_is_never_html(client: FlaskClient) -> None:
    html = client.get("/zoeken?q=<script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_a_code_finds_that_area_and_no_code_that_looks_like_it(find: Find) -> None:
    assert [hit.url for hit in find("BU03920101", 50)] == ["/gebied/BU03920101"]
