"""The map of minutes and the table of reach as people use them: wide, narrow, dark, by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import NARROW, AxeFaults, OpenPage

MINUTES, REACH = "/bereikbaarheid/minuten", "/bereikbaarheid/respijt"
READY = "#kaart[data-ready]"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
}


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", [MINUTES, f"{MINUTES}?niveau=wijk&categorie=ziekenhuis", REACH])
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe_faults: AxeFaults, view: str, path: str
) -> None:
    with open_page(path, bypass_csp=True, **VIEWS[view]) as page:
        if path != REACH:
            ready(page)
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [MINUTES, REACH])
def test_the_answer_stands_in_the_first_screen_of_a_telephone(
    open_page: OpenPage, path: str
) -> None:
    with open_page(path, viewport=NARROW) as page:
        lead = page.locator(".utrecht-paragraph--lead").bounding_box()
        assert lead is not None
        assert lead["y"] + lead["height"] <= NARROW["height"]


@pytest.mark.parametrize("path", [f"{MINUTES}?niveau=wijk", REACH])
def test_at_four_hundred_percent_nothing_sticks_out(open_page: OpenPage, path: str) -> None:
    with open_page(path, viewport={"width": 320, "height": 256}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_asks_nothing_of_another_host_and_breaks_none_of_its_own_rules(
    guarded_page: Page, live_site: str
) -> None:
    page = guarded_page
    for path in (MINUTES, f"{MINUTES}?niveau=gemeente&wijze=fietsend"):
        page.goto(f"{live_site}{path}")
        ready(page)
    page.goto(f"{live_site}{REACH}")


def test_the_map_has_the_colours_of_the_table(open_page: OpenPage) -> None:
    with open_page(MINUTES) as page:
        ready(page)
        classes = page.eval_on_selector_all(
            "path.map-area", "paths => paths.map(path => path.getAttribute('class'))"
        )
        on_map = sorted(re.findall(r"\bk(?:\d|-none)", " ".join(classes)))
        rows = page.eval_on_selector_all(
            "#tabel tr[data-klasse]", "rows => rows.map(row => row.dataset.klasse)"
        )
        in_table = sorted("k-none" if number == "0" else f"k{number}" for number in rows)
        assert len(on_map) == 400
        assert on_map == in_table
        legend = page.locator("#legenda .vp-legend__count").all_inner_texts()
        counts = [int(text.split()[0]) for text in legend]
        keys = ["k1", "k2", "k3", "k4", "k5", "k-none"]
        assert counts == [on_map.count(key) for key in keys]
        assert page.locator("path.is-border").count() == 8


def test_a_click_on_the_map_leads_to_the_row_of_the_area(open_page: OpenPage) -> None:
    with open_page(f"{MINUTES}?niveau=gemeente&wijze=fietsend") as page:
        ready(page)
        box = page.locator("path.map-area").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function("location.hash.startsWith('#GM')")
        code = page.evaluate("location.hash.slice(1)")
        expect(page.locator(f"#{code}")).to_be_in_viewport()
        expect(page.locator("path.is-chosen")).to_have_count(1)
        page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
        expect(page.locator(".vp-map .leaflet-tooltip")).to_contain_text("minuten fietsen")
        page.go_back()
        page.wait_for_function("location.hash === ''")
        expect(page.locator("path.is-chosen")).to_have_count(0)


def test_an_address_with_an_area_shows_it_on_the_map(open_page: OpenPage) -> None:
    with open_page(f"{MINUTES}?niveau=wijk#WK039201") as page:
        ready(page)
        expect(page.locator("path.is-chosen")).to_have_count(1)
        expect(page.locator("#WK039201")).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False])
def test_everything_can_be_chosen_by_keyboard(open_page: OpenPage, script: bool) -> None:
    with open_page(MINUTES, java_script_enabled=script) as page:
        page.get_by_label("Waarheen", exact=True).focus()
        page.keyboard.type("Apo")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Toon"
        page.keyboard.press("Enter")
        page.wait_for_url("**categorie=apotheek**")
        page.get_by_role("link", name="Met de fiets").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**wijze=fietsend**")
        page.get_by_role("link", name="Wijken").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**niveau=wijk**")
        page.get_by_role("link", name=re.compile("^Helft van de inwoners.*sorteer")).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**sorteer=helft_min**")
        assert "categorie=apotheek" in page.url
        assert "wijze=fietsend" in page.url
        heading = page.get_by_role("heading", level=1).inner_text()
        assert heading == "Hoe ver is de apotheek?"


def test_the_keyboard_can_pass_the_map(open_page: OpenPage) -> None:
    with open_page(f"{MINUTES}?niveau=gemeente") as page:
        ready(page)
        page.get_by_role("link", name="Sla de kaart over").focus()
        page.keyboard.press("Enter")
        assert page.locator(":focus").get_attribute("id") == "tabel"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#tabel') !== null")


def test_without_scripts_the_table_says_it_all(open_page: OpenPage) -> None:
    with open_page(f"{MINUTES}?niveau=gemeente", java_script_enabled=False) as page:
        assert not page.locator("#kaart").is_visible()
        assert not page.locator("#legenda").is_visible()
        assert page.locator("#tabel tbody tr").count() == 8


def test_the_borders_can_be_lost_without_losing_the_answer(open_page: OpenPage) -> None:
    with open_page("/lijst") as page:
        page.route("**/kaart/grenzen/**", lambda route: route.abort())
        page.goto(page.url.replace("/lijst", f"{MINUTES}?niveau=gemeente"))
        ready(page)
        expect(page.locator("#kaart-fout")).to_contain_text("De tabel heeft dezelfde cijfers")
        assert page.locator("#tabel tbody tr").count() == 8


def test_both_pages_print_as_documents(open_page: OpenPage) -> None:
    for path in (f"{MINUTES}?niveau=gemeente", REACH):
        with open_page(path) as page:
            page.emulate_media(media="print")
            assert not page.locator("form").first.is_visible()
            assert page.locator("table").first.is_visible()
            assert page.locator("h1").is_visible()


def test_geojson_arrives_as_a_file(open_page: OpenPage) -> None:
    with open_page(f"{MINUTES}?niveau=gemeente") as page:
        with page.expect_download() as arriving:
            page.get_by_role("link", name="GeoJSON").click()
        name = arriving.value.suggested_filename
        assert name == "vlekkenplan-minuten-lopend-huisarts-gemeenten.geojson"
