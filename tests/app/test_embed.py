"""A map for other websites: only those that are named may show it, and it needs no cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.config import Settings, SettingsError, settings_from_environment
from app.headers import FRAMED_ENDPOINTS
from tests.app.answered import planted
from tests.app.signed_in import signed_in
from tests.app.test_hostile_requests import rules, usual
from tests.dialogue import PlantedTrack
from tests.own_app import own_app

ORIGINS = ("https://www.gemeente.example", "https://denkmee.example:8443")
ADDRESSES = ("/inbed", "/inbed/inbed")


@pytest.fixture
def track(app: Flask, owner: Engine) -> Iterator[PlantedTrack]:
    assert app
    with planted(owner, "inbed") as found:
        yield found


@pytest.fixture
def framed(world_site: tuple[Flask, Engine], tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(tmp_path, secret_key="test", tile_url=None)
    with own_app(replace(settings, frame_ancestors=ORIGINS), world_site[1]) as app:
        yield app


def ancestors(client: FlaskClient, address: str) -> tuple[str, str | None]:
    answer = client.get(address)
    answer.close()
    policy = answer.headers["Content-Security-Policy"]
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found is not None
    assert policy.count("frame-ancestors") == 1
    return found[1], answer.headers.get("X-Frame-Options")


def test_nobody_may_frame_anything_unless_the_settings_say_so(
    app: Flask, track: PlantedTrack
) -> None:
    assert track
    for address in (*ADDRESSES, "/"):
        assert ancestors(app.test_client(), address) == ("'none'", "DENY"), address


def test_only_the_pages_for_a_frame_may_be_framed_and_only_by_who_is_named(
    framed: Flask, track: PlantedTrack
) -> None:
    assert track
    client = framed.test_client()
    for address in ADDRESSES:
        assert ancestors(client, address) == (" ".join(ORIGINS), None), address
    others = [
        usual(rule)
        for rule in rules(framed)
        if "GET" in (rule.methods or ()) and rule.endpoint not in FRAMED_ENDPOINTS
    ]
    assert len(others) > 60
    for address in [*others[::6], "/gesprekken/1/inbed", "/inbed/niets/meer", "/inlogge"]:
        assert ancestors(client, address) == ("'none'", "DENY"), address


def test_a_frame_gets_no_cookie_and_has_no_form_menu_or_script_of_others(
    framed: Flask, track: PlantedTrack
) -> None:
    assert track
    for address in ADDRESSES:
        answer = framed.test_client().get(address)
        body = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        for word in ("<form", "<nav", "http://", "https://", "style="):
            assert word not in body.replace("http://www.w3.org", ""), (address, word)
        for link in re.findall(r"<a [^>]*>", body):
            is_inside = 'href="#' in link
            assert is_inside or 'target="_blank" rel="noopener"' in link, link


def test_the_list_says_what_is_on_the_map_and_leads_to_reacting(
    app: Flask, track: PlantedTrack
) -> None:
    body = app.test_client().get("/inbed/inbed").get_data(as_text=True)
    assert track.sites
    assert "/in-gesprek/inbed/reageren" in body
    assert "3 reacties" in body
    assert body.count("data-reactie=") == 1
    for site_id in track.sites.values():
        assert f'href="/locatie/{site_id}"' in body
        assert f'id="plek-{site_id}"' in body
    for hidden in ("Nog niemand las dit", "Dit is geweigerd"):
        assert hidden not in body
    assert "/in-gesprek/inbed" in app.test_client().get("/inbed").get_data(as_text=True)
    assert app.test_client().get("/inbed/elders").status_code == 404


def test_staff_find_the_code_to_paste_and_who_may_show_it(
    framed: Flask, owner: Engine, track: PlantedTrack
) -> None:
    client = signed_in(framed, owner, "planner", "GM9002")
    body = client.get(f"/gesprekken/{track.id}/inbed").get_data(as_text=True)
    assert "&lt;iframe src=&#34;" in body or '&lt;iframe src="' in body
    assert "/inbed/inbed" in body
    for origin in ORIGINS:
        assert origin in body


def test_the_websites_that_may_frame_us_come_from_the_settings(tmp_path: Path) -> None:
    def read(value: str) -> tuple[str, ...]:
        environ = {"VLEKKENPLAN_HOME": str(tmp_path), "VLEKKENPLAN_FRAME_ANCESTORS": value}
        return settings_from_environment(environ).frame_ancestors

    assert read("") == ()
    assert read("https://www.Gemeente.example/, https://denkmee.example:8443") == ORIGINS
    assert read("https://a.example https://a.example:443") == ("https://a.example",)
    for wrong in (
        "*",
        "http://www.gemeente.example",
        "https://*.gemeente.example",
        "https://gemeente.example/kaart",
        "https://gemeente.example; script-src *",
        "https://gebruiker@gemeente.example",
        "https://gemeente.example:0",
        "https://gemeente.example:99999",
        "https://gemeente.example?x",
        "'self'",
        "https://",
    ):
        with pytest.raises(SettingsError, match="VLEKKENPLAN_FRAME_ANCESTORS"):
            read(wrong)
