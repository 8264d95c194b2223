"""Every public page for residents is within the limits for B1, sentence by sentence."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from analysis.dialogue.readability import is_too_long, measure_readability, over_limits
from analysis.facility_types import FACILITY_TYPES
from tests.app.running_text import blocks_of, running_text

#: Pages of the example region; what a page shows of its own data is measured with it.
PAGES = (
    "/",
    "/bereikbaarheid",
    "/gebied/GM0392",
    "/gebied/WK039221",
    "/lijst",
    "/locatie/1",
    "/locatie/5",
    "/locatie/12",
    "/over",
    "/privacy",
    "/privacy/register",
    "/rechten",
    "/soorten",
    "/toegankelijkheid",
    "/zoeken",
    "/zoekgebieden",
    *(f"/soorten/{entry.key}" for entry in FACILITY_TYPES),
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_for_residents_is_within_the_limits(client: FlaskClient, address: str) -> None:
    found = measure_readability(running_text(client, address))
    assert found is not None, f"{address} has no sentence"
    too_long = [f"{one.word_count}: {one.text}" for one in found.sentences if is_too_long(one)]
    long_words = sorted({word for one in found.sentences for word in one.long_words})
    assert not over_limits(found), [address, *over_limits(found), *too_long, long_words]


def test_tables_forms_and_sources_are_no_running_text() -> None:
    page = """<main><h1>Kop</h1><p>Wat u <a href="/">hier</a> leest.<br>Nog iets.</p>
      <ul><li>Punt een.<p>Diep.</p></li></ul><table><tr><td><p>Cel.</p></td></tr></table>
      <form><p>Veld.</p></form><p class="vp-source">Bron: CBS.</p>
      <nav><ul><li>Pad.</li></ul></nav></main><p>Onderaan.</p>"""
    assert blocks_of(page) == ("Wat u hier leest. Nog iets.", "Punt een.", "Diep.")
