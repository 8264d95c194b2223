"""Every page of a conversation that residents read is within the limits for B1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from analysis.dialogue.readability import is_too_long, measure_readability, over_limits
from app.services.demo import load_demo_region
from app.services.demo_dialogue import load_demo_dialogue
from tests.app.running_text import running_text

TALK = "/in-gesprek/beschut-wonen-heemskerk-voorbeeld"
PAGES = (
    "/in-gesprek",
    TALK,
    "/in-gesprek/skaeve-huse-haarlem-voorbeeld",
    "/in-gesprek/zandvoort-noord-voorbeeld",
    f"{TALK}/reageren",
    f"{TALK}/belangrijk",
    "/huisregels",
    "/volgen",
)


@pytest.fixture(scope="module")
def talks(make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]) -> FlaskClient:
    """A visitor of the example region with its conversations."""

    def fill(engine: Engine) -> None:
        load_demo_region(engine)
        load_demo_dialogue(engine)

    return make_site(fill)[0].test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_a_conversation_is_within_the_limits(talks: FlaskClient, address: str) -> None:
    found = measure_readability(running_text(talks, address))
    assert found is not None, f"{address} has no sentence"
    too_long = [f"{one.word_count}: {one.text}" for one in found.sentences if is_too_long(one)]
    long_words = sorted({word for one in found.sentences for word in one.long_words})
    assert not over_limits(found), [address, *over_limits(found), *too_long, long_words]
