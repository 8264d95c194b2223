"""What axe does not measure: small screens, wide text, targets, and a focus that is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import Engine, delete

from app.services.demo_dialogue import load_demo_dialogue
from data.dialogue_tables import Track
from data.tables import Attempt
from tests.browser.views import OpenPage, point_at_tip

TRACK = "/in-gesprek/skaeve-huse-haarlem-voorbeeld"
PAGES = (
    "/in-gesprek",
    TRACK,
    "/in-gesprek/beschut-wonen-heemskerk-voorbeeld",
    f"{TRACK}/reageren",
    f"{TRACK}/reageren?soort=plek",
    f"{TRACK}/belangrijk",
    f"{TRACK}/nota",
    "/volgen",
    "/huisregels",
    "/privacy/register",
    f"/inbed{TRACK.removeprefix('/in-gesprek')}",
)
SMALLEST = {"width": 320, "height": 640}
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-block-end: 2em !important }"
)
IS_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
#: Buttons and fields; links in a line of text may be as low as that line.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "main button, main input:not([type=hidden], [type=radio], [type=checkbox]), main select, "
    + "main textarea, main summary, main [role=button], .vp-nav a")]
  .filter((one) => one.checkVisibility() && !one.matches(".vp-hidden"))
  .filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width < 24 || height < 24;
  })
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module", autouse=True)
def _conversations(site_app: Flask, site_engine: Engine) -> Iterator[None]:
    """The conversations of the example region; what takes a first time is done before."""
    assert load_demo_dialogue(site_engine)
    for address in ("/in-gesprek", TRACK):
        assert site_app.test_client().get(address).status_code == 200
    yield
    with site_engine.begin() as connection:
        connection.execute(delete(Track))
        connection.execute(delete(Attempt))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_bears_a_small_screen_and_wide_text(open_page: OpenPage, address: str) -> None:
    with open_page(address, viewport=SMALLEST, bypass_csp=True) as page:
        page.evaluate(UNFOLD)
        assert page.evaluate(IS_TOO_WIDE) <= 0
        assert page.evaluate(SMALL_TARGETS) == []
        page.add_style_tag(content=SPACING)
        assert page.evaluate(IS_TOO_WIDE) <= 0


def test_each_page_has_a_title_of_its_own(site_app: Flask) -> None:
    client = site_app.test_client()
    pages = [
        client.get(address).get_data(as_text=True) for address in PAGES if "inbed" not in address
    ]
    titles = [page.partition("<title>")[2].partition("</title>")[0] for page in pages]
    assert all(title.endswith("Vlekkenplan") for title in titles)
    assert len(set(titles)) == len(titles)


def test_the_focus_on_a_mark_of_the_map_is_seen(open_page: OpenPage) -> None:
    with open_page(TRACK) as page:
        page.wait_for_selector("#kaart[data-ready]")
        page.locator("#kaart .vp-marker").first.focus()
        page.keyboard.press("ArrowRight")
        focused = page.locator(".vp-marker:focus")
        expect(focused).to_have_css("outline-style", "solid")
        expect(focused).to_have_css("outline-width", "3px")
        expect(page.locator(".leaflet-tooltip")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-tooltip")).to_have_count(0)
        expect(focused).to_be_focused()


def test_the_tip_of_an_area_can_be_pointed_at(open_page: OpenPage) -> None:
    with open_page("/spreiding") as page:
        page.wait_for_selector("#kaart[data-ready]")
        page.locator("#kaart").scroll_into_view_if_needed()
        box = page.locator("path.map-area").last.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tip = page.locator(".vp-map .leaflet-tooltip")
        told = tip.inner_text()
        place = tip.bounding_box()
        assert place is not None
        x = place["x"] + place["width"] / 2
        page.mouse.move(x, place["y"] + place["height"] / 2, steps=12)
        page.wait_for_timeout(600)
        assert tip.inner_text() == told
        assert tip.bounding_box() == place
        page.mouse.move(2, 2)
        expect(tip).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        (TRACK, ".vp-marker:not(.vp-marker--many)"),
        ("/?niveau=wijk", ".vp-marker--protected"),
        ("/bereikbaarheid?punt=103900,488500", ".vp-amenity-marker"),
    ],
)
def test_the_tip_of_a_mark_can_be_pointed_at(open_page: OpenPage, address: str, mark: str) -> None:
    with open_page(address) as page:
        page.wait_for_selector("#kaart[data-ready]")
        page.locator("#kaart").scroll_into_view_if_needed()
        point_at_tip(page, page.locator(f"#kaart {mark}"))


def test_how_many_signs_are_left_is_heard(open_page: OpenPage) -> None:
    with open_page(f"{TRACK}/reageren?soort=zorg") as page:
        told = page.locator("[data-teller]")
        expect(told).to_have_text("")
        most = int(page.locator("#tekst").get_attribute("data-meest") or 0)
        page.fill("#tekst", "x" * (most - 7))
        expect(page.get_by_role("status").filter(has_text="Nog 7 tekens.")).to_be_visible()
