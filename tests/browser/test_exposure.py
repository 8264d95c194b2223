"""Places near homes as people use the page: wide, narrow, dark, by keyboard, without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.database import connection
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage

NEAR = "/spreiding/nabij"
READY = "#kaart[data-ready]"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
}


@pytest.fixture(scope="session")
def candidate(site_app: Flask) -> str:
    """The address with one of the real candidates of 2017, with 12 places."""
    with site_app.app_context(), connection() as opened:
        number = opened.scalar(
            text("SELECT id FROM public_site WHERE name LIKE '%2017%' ORDER BY name LIMIT 1")
        )
    return f"{NEAR}?kandidaat={number}&plekken=12&niveau=gemeente"


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("has_candidate", [False, True])
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe_faults: AxeFaults, candidate: str, view: str, has_candidate: bool
) -> None:
    path = candidate if has_candidate else f"{NEAR}?niveau=wijk"
    with open_page(path, bypass_csp=True, **VIEWS[view]) as page:
        ready(page)
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_answer_stands_in_the_first_screen_of_a_telephone(open_page: OpenPage) -> None:
    with open_page(NEAR, viewport=NARROW) as page:
        lead = page.locator(".utrecht-paragraph--lead").bounding_box()
        assert lead is not None
        assert lead["y"] + lead["height"] <= NARROW["height"]


def test_at_four_hundred_percent_nothing_sticks_out(open_page: OpenPage, candidate: str) -> None:
    with open_page(candidate, viewport={"width": 320, "height": 256}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_both_sides_have_the_same_weight(open_page: OpenPage, candidate: str) -> None:
    with open_page(candidate, viewport=WIDE) as page:
        sides = [side.bounding_box() for side in page.locator(".vp-exposure__side").all()]
        assert len(sides) == 2
        first, second = sides
        assert first is not None
        assert second is not None
        assert first["y"] == second["y"]
        assert abs(first["width"] - second["width"]) <= 1
        assert abs(first["height"] - second["height"]) <= 1


def test_the_page_asks_nothing_of_another_host_and_breaks_none_of_its_own_rules(
    guarded_page: Page, live_site: str, candidate: str
) -> None:
    for path in (NEAR, candidate):
        guarded_page.goto(f"{live_site}{path}")
        ready(guarded_page)


def test_the_map_has_the_colours_of_the_table(open_page: OpenPage) -> None:
    with open_page(f"{NEAR}?afstand=800&maat=gemiddelde") as page:
        ready(page)
        classes = page.eval_on_selector_all(
            "path.map-area", "paths => paths.map(path => path.getAttribute('class'))"
        )
        on_map = sorted(re.findall(r"\bk(?:\d|-none)", " ".join(classes)))
        rows = page.eval_on_selector_all(
            "#tabel tr[data-klasse]", "rows => rows.map(row => row.dataset.klasse)"
        )
        assert len(on_map) == 400
        assert on_map == sorted("k-none" if row == "0" else f"k{row}" for row in rows)
        assert page.locator("path.is-border").count() == 8


def test_a_click_on_the_map_leads_to_the_row_of_the_area(open_page: OpenPage) -> None:
    with open_page(f"{NEAR}?niveau=gemeente") as page:
        ready(page)
        page.locator("#kaart").scroll_into_view_if_needed()
        box = page.locator("path.map-area").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function("location.hash.startsWith('#GM')")
        code = page.evaluate("location.hash.slice(1)")
        expect(page.locator(f"#{code}")).to_be_in_viewport()
        expect(page.locator("path.is-chosen")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_everything_can_be_chosen_by_keyboard(open_page: OpenPage, script: bool) -> None:
    with open_page(NEAR, java_script_enabled=script) as page:
        page.get_by_label("Soort", exact=True).focus()
        page.keyboard.type("Besc")
        page.get_by_label("Vergelijk een locatie").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="Toon").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**kandidaat=**")
        page.get_by_role("link", name="1.200 meter").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**afstand=1200**")
        page.get_by_role("link", name="Wijken").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**niveau=wijk**")
        page.get_by_role("link", name="Gemiddelde", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**maat=gemiddelde**")
        assert "afstand=1200" in page.url
        assert "niveau=wijk" in page.url


def test_the_keyboard_can_pass_the_map(open_page: OpenPage) -> None:
    with open_page(f"{NEAR}?niveau=gemeente") as page:
        ready(page)
        page.get_by_role("link", name="Sla de kaart over").focus()
        page.keyboard.press("Enter")
        assert page.locator(":focus").get_attribute("id") == "tabel"


def test_without_scripts_the_tables_say_it_all(open_page: OpenPage, candidate: str) -> None:
    with open_page(candidate, java_script_enabled=False) as page:
        assert not page.locator("#kaart").is_visible()
        assert not page.locator("#legenda").is_visible()
        assert page.locator("#tabel tbody tr").count() == 8
        assert page.locator(".vp-exposure__side table").count() == 2


def test_the_page_prints_as_a_document(open_page: OpenPage, candidate: str) -> None:
    with open_page(candidate) as page:
        page.emulate_media(media="print")
        assert not page.locator("form").first.is_visible()
        assert page.locator("h1").is_visible()
        assert page.locator(".vp-exposure__side").first.is_visible()
        assert page.locator("#tabel table").is_visible()


def test_the_table_arrives_as_a_file(open_page: OpenPage) -> None:
    with open_page(f"{NEAR}?niveau=gemeente") as page:
        with page.expect_download() as arriving:
            page.get_by_role("link", name="CSV").click()
        assert arriving.value.suggested_filename == "vlekkenplan-dicht-bij-huis-gemeenten.csv"
