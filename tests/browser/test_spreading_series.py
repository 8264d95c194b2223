"""The spreading through the years as people use it: wide, narrow, dark, by keyboard, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import NARROW, AxeFaults, OpenPage

PATH = "/spreiding/verloop"
WIJKEN = f"{PATH}?niveau=wijk&soort=beschut_wonen&plannen=gepland&van=2021"
WITHOUT_BASE = f"{PATH}?basis=woningvoorraad"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
}
PNG_START = b"\x89PNG\r\n\x1a\n"


def unfold(page: Page) -> None:
    """Open every table that is folded away."""
    for summary in page.locator("details > summary").all():
        summary.click()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", [PATH, WIJKEN, WITHOUT_BASE])
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe_faults: AxeFaults, view: str, path: str
) -> None:
    with open_page(path, bypass_csp=True, **VIEWS[view]) as page:
        unfold(page)
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_answer_stands_in_the_first_screen_of_a_telephone(open_page: OpenPage) -> None:
    with open_page(f"{PATH}?van=2021", viewport=NARROW) as page:
        lead = page.locator(".utrecht-paragraph--lead").bounding_box()
        assert lead is not None
        assert lead["y"] + lead["height"] <= NARROW["height"]


@pytest.mark.parametrize("path", [PATH, WIJKEN])
def test_at_four_hundred_percent_nothing_sticks_out(open_page: OpenPage, path: str) -> None:
    with open_page(path, viewport={"width": 320, "height": 256}) as page:
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_asks_nothing_of_another_host_and_breaks_none_of_its_own_rules(
    guarded_page: Page, live_site: str
) -> None:
    for path in (PATH, WIJKEN):
        guarded_page.goto(f"{live_site}{path}")
        guarded_page.wait_for_load_state("networkidle")


def test_the_maps_have_the_tones_of_the_table(open_page: OpenPage) -> None:
    with open_page(PATH) as page:
        unfold(page)
        drawn = page.locator("#kaarten > svg")
        tones = {
            verdict: drawn.locator(f"use.vp-chart__{verdict}").count()
            for verdict in ("onder_aandeel", "geen_duidelijk_verschil", "boven_aandeel")
        }
        words = page.locator("#kaarten tbody td").all_inner_texts()
        assert tones["boven_aandeel"] == sum("boven" in word for word in words)
        assert tones["onder_aandeel"] == sum("onder" in word for word in words)
        assert sum(tones.values()) == len(words)
        titles = page.locator("#kaarten thead th").all_inner_texts()[1:]
        assert drawn.locator("text").all_text_contents()[: 2 * len(titles) : 2] == titles


@pytest.mark.parametrize("script", [True, False])
def test_everything_can_be_chosen_by_keyboard(open_page: OpenPage, script: bool) -> None:
    with open_page(PATH, java_script_enabled=script) as page:
        page.get_by_label("Vergelijk met", exact=True).focus()
        page.keyboard.type("1 januari 2021")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Toon"
        page.keyboard.press("Enter")
        page.wait_for_url("**van=2021**")
        expect(page.get_by_role("heading", name="Waardoor veranderde het")).to_contain_text("2021")
        summary = page.locator("#kaarten summary")
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#kaarten table")).to_be_visible()
        page.get_by_role("link", name="Verdeling", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/spreiding")


def test_without_scripts_everything_is_there_but_the_pictures(open_page: OpenPage) -> None:
    with open_page(PATH, java_script_enabled=False) as page:
        assert page.locator(".vp-chart > svg").count() == 3
        assert page.locator("#oorzaak").is_visible()
        assert page.get_by_role("link", name="SVG").count() == 3


def test_the_page_prints_as_a_document(open_page: OpenPage) -> None:
    with open_page(PATH) as page:
        page.emulate_media(media="print")
        assert not page.locator("form").first.is_visible()
        assert page.locator(".vp-chart > svg").first.is_visible()
        assert page.locator("h1").is_visible()
        assert page.get_by_role("link", name="SVG").count() == 0


@pytest.mark.parametrize("key", ["plekken", "verdeling", "kaarten"])
def test_every_chart_can_be_kept_as_a_drawing_and_as_a_picture(
    open_page: OpenPage, tmp_path: Path, key: str
) -> None:
    with open_page(f"{PATH}?soort=beschut_wonen") as page:
        for label in ("SVG", "PNG"):
            with page.expect_download() as arriving:
                page.locator(f"#{key}").get_by_role("link", name=label).click()
            arriving.value.save_as(tmp_path / f"{key}.{label.lower()}")
    root = ElementTree.parse(tmp_path / f"{key}.svg").getroot()
    assert "Bron: " in " ".join(part.text or "" for part in root.iter())
    picture = (tmp_path / f"{key}.png").read_bytes()
    assert picture.startswith(PNG_START)
    assert len(picture) > 20_000
