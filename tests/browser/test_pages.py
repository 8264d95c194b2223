"""Every page of text and tables, looked at by a browser: accessible, not too wide, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage

PAGES = [
    "/lijst",
    "/lijst/gebieden",
    "/lijst/gebieden?niveau=buurt&gemeente=GM0392&sorteer=inwoners&richting=af",
    "/lijst/locaties",
    "/lijst/locaties?soort=respijt&status=plan",
    "/lijst/locaties?q=bestaatniet",
    "/gebied/GM0392",
    "/gebied/WK039201",
    "/gebied/BU03920101",
    "/locatie/1",
    "/soorten",
    "/soorten/skaeve_huse",
    "/soorten/vrouwenopvang",
    "/spreiding",
    "/spreiding?niveau=wijk&soort=beschut_wonen",
    "/spreiding?basis=opgave",
    "/spreiding?basis=opgave&niveau=wijk",
    "/methode",
    "/methode/hooverindex",
    "/methode/toegangsscore",
    "/methode/plekken-binnen-bereik",
    "/methode/inwoners",
    "/bronnen",
    "/over",
    "/toegankelijkheid",
    "/privacy",
    "/zoeken?q=haarlem",
    "/bereikbaarheid",
    "/bereikbaarheid?q=centrum",
    "/bereikbaarheid?punt=103900,488500&soort=skaeve_huse",
    "/bereikbaarheid?punt=103900,488500&met=97000,488000&soort=beschut_wonen",
    "/bestaat-niet",
]
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
}


@pytest.fixture(scope="module", params=LOOKS)
def looking(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """One browser window for all pages in one look; it fetches nothing from elsewhere."""
    context = browser.new_context(locale="nl-NL", bypass_csp=True, **LOOKS[request.param])
    context.route("**/*", _only_here)
    page = context.new_page()
    yield page
    context.close()


def _only_here(route: Route) -> None:
    if "//127.0.0.1" in route.request.url or route.request.url.startswith("data:"):
        route.continue_()
    else:
        raise AssertionError(f"a page asked for {route.request.url}")


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    looking: Page, live_site: str, axe_faults: AxeFaults, address: str
) -> None:
    looking.goto(f"{live_site}{address}")
    assert axe_faults(looking) == []
    width = looking.evaluate("document.documentElement.clientWidth")
    assert looking.evaluate("document.documentElement.scrollWidth") <= width


def test_no_page_breaks_a_rule_of_its_own_policy(open_page: OpenPage, live_site: str) -> None:
    faults: list[str] = []
    with open_page("/lijst") as page:
        page.on("console", lambda message: faults.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        for address in PAGES:
            page.goto(f"{live_site}{address}")
    # The browser also writes in its console that a page is not there, or can't be made as asked.
    expected = {"/bestaat-niet": "404", "basis=opgave&niveau=wijk": "400"}
    assert [
        fault
        for fault in faults
        if not any(end in fault and f"status of {code}" in fault for end, code in expected.items())
    ] == []


@pytest.mark.parametrize("address", ["/lijst/gebieden?niveau=wijk", "/spreiding", "/gebied/GM0392"])
def test_at_four_hundred_percent_nothing_sticks_out(open_page: OpenPage, address: str) -> None:
    with open_page(address, viewport={"width": 320, "height": 256}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_answer_stands_in_the_first_screen_of_a_telephone(
    open_page: OpenPage, live_site: str
) -> None:
    with open_page("/lijst", viewport=NARROW) as page:
        for address in PAGES:
            page.goto(f"{live_site}{address}")
            lead = page.locator(".utrecht-paragraph--lead").bounding_box()
            assert lead is not None
            assert lead["y"] + lead["height"] <= NARROW["height"], address


def test_a_list_is_filtered_sorted_and_reached_by_keyboard_alone(open_page: OpenPage) -> None:
    with open_page("/lijst/locaties", java_script_enabled=False) as page:
        page.get_by_label("Naam, adres of aanbieder").focus()
        page.keyboard.type("haarlem")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=haarlem**")
        page.get_by_role("link", name=re.compile("^Plekken.*sorteer")).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**sorteer=plekken**")
        assert "q=haarlem" in page.url
        page.get_by_role("region", name="Lijst van locaties").focus()
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate("element => element.closest('table') !== null")


def test_the_skip_link_leads_to_the_content(open_page: OpenPage) -> None:
    with open_page("/gebied/GM0392") as page:
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Naar de inhoud"
        page.keyboard.press("Enter")
        assert page.locator(":focus").get_attribute("id") == "inhoud"


def test_the_spreading_prints_as_a_document(open_page: OpenPage) -> None:
    with open_page("/spreiding") as page:
        page.emulate_media(media="print")
        assert not page.locator("form").first.is_visible()
        assert not page.locator(".vp-nav").is_visible()
        assert page.locator("table").first.is_visible()
        assert page.locator("h1").is_visible()


def test_a_download_arrives_as_a_file(open_page: OpenPage) -> None:
    with open_page("/lijst/gebieden?niveau=wijk") as page:
        with page.expect_download() as arriving:
            page.get_by_role("link", name="Excel (XLSX)").click()
        assert arriving.value.suggested_filename == "vlekkenplan-wijken.xlsx"
