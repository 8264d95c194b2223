"""Search areas in a browser: by mouse, by keyboard, narrow and wide, and with nothing for axe."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.views import AxeFaults, OpenPage, SignedInPage

PAGE = "/zoekgebieden/skaeve_huse?gemeente=GM0392"
SPOT = """(kind) => {
  const box = document.getElementById('kaart').getBoundingClientRect();
  for (let y = box.top + 30; y < Math.min(box.bottom, innerHeight) - 30; y += 2)
    for (let x = box.left + 30; x < box.right - 70; x += 2)
      if (document.elementFromPoint(x, y)?.classList.contains(kind)) return [x, y];
  return null;
}"""


@pytest.fixture(scope="module", autouse=True)
def _computed_before(site_app: Flask) -> None:
    """The first answer makes the streets ready, which takes longer than a browser waits."""
    visitor = site_app.test_client()
    for query in ("skaeve_huse", "skaeve_huse?bereikbaarheid=85", "respijt"):
        assert visitor.get(f"/zoekgebieden/{query}").status_code == 200


def ready(page: Page) -> Page:
    page.wait_for_selector("#kaart[data-ready]")
    page.evaluate("document.getElementById('kaart').scrollIntoView({block: 'center'})")
    return page


def click_on(page: Page, kind: str) -> None:
    spot = page.evaluate(SPOT, kind)
    assert spot is not None
    page.mouse.click(*spot)


def at_rest(page: Page) -> None:
    """A map that still glides moves a link away from under the pointer."""
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)


def test_a_click_on_an_area_tells_why_and_opens_it_in_the_list(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        click_on(page, "map-found")
        popup = page.locator(".leaflet-popup-content")
        expect(popup).to_contain_text("Hier wel, omdat")
        chosen = page.locator("[data-gekozen]")
        expect(chosen).to_have_count(1)
        assert chosen.locator("details").evaluate("(part) => part.open")
        because = chosen.locator(".vp-area__because").inner_text()
        assert because in popup.inner_text()
        assert page.url.endswith(f"#{chosen.get_attribute('id')}")
        expect(page.locator("path.is-chosen")).to_have_count(1)
        at_rest(page)
        popup.get_by_role("link", name="Lees alles in de lijst").click()
        expect(chosen.locator("summary")).to_be_focused()


def test_a_click_on_excluded_ground_tells_its_ground(open_page: OpenPage) -> None:
    with open_page("/zoekgebieden/skaeve_huse?gemeente=GM0394") as page:
        ready(page)
        click_on(page, "map-excluded")
        told = page.locator(".leaflet-popup-content").inner_text()
        grounds = page.locator("[id^=grond-] dd").all_inner_texts()
        assert any(ground in told for ground in grounds)


def test_a_click_on_what_is_unknown_says_that_it_is_not_refused(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        click_on(page, "map-unknown")
        told = page.locator(".leaflet-popup-content").inner_text()
        assert told.startswith("Niet te berekenen")
        assert "van een straat" in told


def test_the_list_leads_to_the_map_by_keyboard_alone(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        first = page.locator(".vp-area summary").first
        first.focus()
        page.keyboard.press("Enter")
        link = page.locator(".vp-area__show").first
        expect(link).to_be_visible()
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("path.is-chosen")).to_have_count(1)
        expect(page.locator("[data-gekozen]")).to_have_count(1)
        assert "#gebied-" in page.url


def test_an_address_with_an_area_opens_it(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        anchor = page.locator(".vp-area").nth(2).get_attribute("id")
        page.goto(f"{page.url.partition('#')[0]}#{anchor}")
        page.reload()
        ready(page)
        expect(page.locator("[data-gekozen]")).to_have_id(str(anchor))
        expect(page.locator("path.is-chosen")).to_have_count(1)


def test_conditions_change_by_the_form_and_stay_in_the_address(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        page.get_by_text("Voorwaarden veranderen").click()
        page.get_by_label("Dagelijks leven dichtbij, minstens").fill("85")
        page.get_by_role("button", name="Toon met deze voorwaarden").click()
        page.wait_for_url("**bereikbaarheid=85**")
        assert "gemeente=GM0392" in page.url
        expect(page.locator(".vp-areas__now")).to_contain_text("minstens 85 van 100")


def test_a_planner_goes_from_an_area_to_a_filled_in_form(signed_in_page: SignedInPage) -> None:
    with signed_in_page(PAGE, "planner", "GM0392") as page:
        page.locator(".vp-area summary").first.click()
        page.get_by_role("link", name="Maak hier een kandidaat").first.click()
        page.get_by_role("link", name="alleen als locatie bewaren").click()
        expect(page.get_by_label("Soort plek")).to_have_value("skaeve_huse")
        expect(page.get_by_label("Plek op de kaart", exact=False).first).not_to_have_value("")


def test_when_the_shapes_do_not_come_the_list_is_still_there(open_page: OpenPage) -> None:
    with open_page("/zoekgebieden") as page:
        page.route("**/kaart.json*", lambda route: route.abort())
        page.goto(f"{page.url}/skaeve_huse?gemeente=GM0392")
        page.wait_for_selector("#kaart[data-ready]")
        expect(page.locator("#kaart-fout")).to_contain_text("De lijst heeft dezelfde gebieden")
        expect(page.locator(".vp-area").first).to_be_attached()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/zoekgebieden", PAGE, "/zoekgebieden/respijt"])
def test_the_pages_fit_and_axe_finds_nothing(
    open_page: OpenPage, axe_faults: AxeFaults, path: str, width: int
) -> None:
    with open_page(path, bypass_csp=True, viewport={"width": width, "height": 844}) as page:
        if path != "/zoekgebieden":
            page.wait_for_selector("#kaart[data-ready]")
            page.locator("details").evaluate_all(
                "(all) => all.slice(0, 6).forEach((one) => one.open = true)"
            )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_faults(page) == []
