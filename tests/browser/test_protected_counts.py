"""What may be counted, in a browser: protected sites on the map, internal ones for councillors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.app.signed_in import signed_in
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage

COOKIE = "vlekkenplan"


def keep_picture(name: str, picture: bytes) -> None:
    """Write the picture where VLEKKENPLAN_PICTURES says, to look at."""
    if folder := os.environ.get("VLEKKENPLAN_PICTURES"):
        (Path(folder) / name).write_bytes(picture)


def test_protected_sites_stand_on_the_map_as_the_number_in_the_list(
    open_page: OpenPage, axe_faults: AxeFaults
) -> None:
    with open_page("/", bypass_csp=True) as page:
        page.wait_for_selector("#kaart[data-ready]")
        markers = page.locator("#kaart .vp-marker--protected")
        listed = page.locator(".vp-protected li")
        assert markers.count() == listed.count() > 0
        numbers = [int(text) for text in markers.all_inner_texts()]
        told = page.locator("#afgeschermd summary").inner_text()
        assert str(sum(numbers)) in told
        page.locator("#afgeschermd summary").click()
        assert listed.first.is_visible()
        keep_picture("kaart.png", page.screenshot(full_page=True))
        assert axe_faults(page) == []


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=["1280", "390"])
def test_a_councillor_reads_the_internal_numbers(
    browser: Browser,
    live_site: str,
    site_app: Flask,
    site_engine: Engine,
    axe_faults: AxeFaults,
    view: dict[str, int],
) -> None:
    cookie = signed_in(site_app, site_engine, "raadslid").get_cookie(COOKIE)
    assert cookie is not None
    context = browser.new_context(viewport=view, locale="nl-NL", bypass_csp=True)  # type: ignore[arg-type]
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": live_site}])
    try:
        page = context.new_page()
        page.goto(f"{live_site}/raad/cijfers")
        assert page.locator("h1").inner_text() == "Aantallen met interne locaties"
        assert "openbaar meetellen" in page.locator(".utrecht-paragraph--lead").inner_text()
        too_wide = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(too_wide)
        keep_picture(f"raad-{view['width']}.png", page.screenshot(full_page=True))
        assert axe_faults(page) == []
    finally:
        context.close()


@pytest.mark.parametrize("address", ["/soorten/omklapwoning", "/methode/kleine-aantallen"])
def test_homes_are_told_by_number_or_by_why_there_is_none(
    open_page: OpenPage, axe_faults: AxeFaults, address: str
) -> None:
    with open_page(address, bypass_csp=True, viewport=NARROW) as page:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        keep_picture(f"{address.rpartition('/')[2]}.png", page.screenshot(full_page=True))
        assert axe_faults(page) == []
