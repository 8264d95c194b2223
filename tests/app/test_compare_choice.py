"""From a choice to the comparison of its candidates, by the rules of the choice."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.signed_in import signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """The world, with two sites of Skaeve Huse in Noorderzand."""

    def make(engine: Engine) -> None:
        fill(engine)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE site SET type = 'skaeve_huse' WHERE site_code = 'TINY-7'")
            )
            connection.execute(
                text(
                    "UPDATE site_state SET status = 'verkend' WHERE site_id ="
                    " (SELECT id FROM site WHERE site_code = 'TINY-7')"
                )
            )

    return make_site(make)


@pytest.fixture
def planner(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "planner", "GM9003")


def link_of(client: FlaskClient, choice: str) -> str | None:
    page = unescape(client.get(choice).get_data(as_text=True))
    found = re.search(r'href="(/vergelijk\?[^"]+)"', page)
    return found[1] if found else None


def test_a_choice_leads_to_the_comparison_by_its_rules(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    made = submit(
        planner,
        "/keuzes/nieuw",
        naam="Huisjes",
        soort="skaeve_huse",
        van="GM9003",
        plekken="12",
        reden="Besluit",
    )
    choice = made.headers["Location"]
    for code in ("TINY-5", "TINY-7"):
        assert link_of(planner, choice) is None
        number = str(site_id(site[1], code))
        joined = submit(planner, f"{choice}/kandidaten", **{"register-locatie": number})
        assert joined.status_code == 303
    link = link_of(planner, choice)
    assert link is not None
    page = unescape(planner.get(link).get_data(as_text=True))
    assert "Skaeve Huse, 2 kandidaten" in page
    assert "de weging ‘Startwaarden’" in page
    for code in ("TINY-5", "TINY-7"):
        assert f'/werkbank/locaties/{site_id(site[1], code)}"' in page
