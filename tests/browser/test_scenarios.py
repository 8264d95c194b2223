"""Scenarios as people use them: by keyboard, on the map, on a telephone, and by a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from tests.app.scenario_steps import plant
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

READY = "#kaart[data-ready]"
PLANNER = ("planner", "GM0392")
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}


@pytest.fixture
def planted(site_engine: Engine) -> Iterator[tuple[int, int]]:
    """Two scenarios of Haarlem with an item of every kind, gone after the test."""
    with site_engine.begin() as connection:
        used, plan = (
            connection.scalars(
                text(
                    "SELECT s.id FROM site s JOIN site_state t ON t.site_id = s.id WHERE s.type = "
                    "'beschut_wonen' AND s.publication = 'openbaar' AND t.status = :status AND "
                    "NOT EXISTS (SELECT 1 FROM site_state u WHERE u.site_id = s.id AND "
                    "u.from_date > t.from_date) ORDER BY s.id"
                ),
                {"status": status},
            ).all()
            for status in ("in_gebruik", "planvorming")
        )
        items: list[dict[str, object]] = [
            {"kind": "off", "site_id": used[0], "cost_eur": 25_000},
            {"kind": "moved", "site_id": used[1], "geom": "SRID=28992;POINT(103800 489200)"},
            {
                "kind": "new",
                "name": "Hoek Dorpsstraat",
                "place_count": 6,
                "geom": "SRID=28992;POINT(98000 488000)",
                "note": "Grond van de gemeente",
            },
            *({"kind": "on", "site_id": key, "place_count": 9} for key in plan[:1]),
        ]
        numbers = (
            plant(connection, "GM0392", items, name="Verdeeld", target_place_count=250),
            plant(connection, "GM0392", items[:1], name="Alleen eraf"),
        )
    yield numbers
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM scenario_item"))
        connection.execute(text("DELETE FROM scenario"))


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def is_as_wide_as_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_scenario_is_made_and_measured_by_keyboard_alone(
    signed_in_page: SignedInPage, site_engine: Engine
) -> None:
    with signed_in_page("/scenarios", *PLANNER) as page:
        page.get_by_role("link", name="Nieuw scenario").focus()
        page.keyboard.press("Enter")
        page.locator("#naam").focus()
        page.keyboard.type("Met de hand")
        page.keyboard.press("Tab")
        page.keyboard.type("Skaeve")
        page.keyboard.press("Tab")
        page.keyboard.type("Haarlem")
        page.locator("#doel").focus()
        page.keyboard.type("24")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/scenario/\d+$"))
        address = urlsplit(page.url).path
        page.get_by_role("link", name="Nieuwe plek").first.focus()
        page.keyboard.press("Enter")
        ready(page)
        page.locator("#naam").focus()
        page.keyboard.type("Hoek Dorpsstraat")
        page.keyboard.press("Tab")
        page.keyboard.type("6")
        page.locator("#kaart").focus()
        page.keyboard.press("Enter")
        assert page.locator("#plek").input_value()
        page.locator("#plek").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("104500, 490500")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(rf"{address}$"))
        lead = page.locator(".utrecht-paragraph--lead")
        expect(lead).to_contain_text("6 woningen in Skaeve Huse")
        expect(lead).to_contain_text("18 minder dan het doel van 24")
        expect(page.get_by_text("Het onderdeel is opgeslagen.")).to_be_visible()
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM scenario_item"))
        connection.execute(text("DELETE FROM scenario"))


def test_on_the_map_a_site_is_turned_off_and_a_new_place_is_chosen(
    signed_in_page: SignedInPage, planted: tuple[int, int]
) -> None:
    with signed_in_page(f"/scenario/{planted[1]}", *PLANNER) as page:
        ready(page)
        page.locator("#kaart").scroll_into_view_if_needed()
        markers = page.locator(".vp-marker:not(.vp-marker--many)")
        staying = markers.filter(has=page.locator(".vp-symbol--blijft"))
        for _ in range(6):
            if staying.count():
                break
            page.locator(".leaflet-control-zoom-in").click()
            page.wait_for_timeout(400)
        staying.first.dispatch_event("click")
        told = page.locator("#kaart-keuze")
        expect(told).to_be_focused()
        name = (told.text_content() or "").partition(":")[0]
        told.get_by_role("link", name="Zet uit").click()
        page.wait_for_url(re.compile(r"wat=off"))
        chosen = page.locator("#locatie option:checked").text_content() or ""
        assert chosen.startswith(name)
        page.get_by_role("button", name="Opslaan").last.click()
        ready(page)
        expect(page.locator(".vp-items__item").filter(has_text=name)).to_contain_text("Uit")
        page.locator("#kaart").focus()
        page.keyboard.press("Enter")
        expect(told).to_contain_text("(RD)")
        told.get_by_role("link", name="Nieuwe plek hier").click()
        ready(page)
        assert re.fullmatch(r"\d{5,6}, \d{6}", page.locator("#plek").input_value())


def test_an_arrow_goes_from_one_site_to_the_next(
    signed_in_page: SignedInPage, planted: tuple[int, int]
) -> None:
    with signed_in_page(f"/scenario/{planted[0]}", *PLANNER) as page:
        ready(page)
        page.locator(".vp-marker[tabindex='0']").focus()
        first = page.evaluate("document.activeElement.dataset.ids")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.dataset.ids") != first
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_of_scenarios_fit_and_have_no_faults(
    signed_in_page: SignedInPage, planted: tuple[int, int], axe_faults: AxeFaults, view: str
) -> None:
    one, two = planted
    addresses = [
        "/scenarios",
        "/scenarios/nieuw",
        f"/scenario/{one}",
        f"/scenario/{one}/wijzigen",
        f"/scenario/{one}/kopie",
        f"/scenario/{one}/delen",
        f"/scenario/{one}/geschiedenis",
        f"/scenario/{one}/overnemen",
        f"/scenario/{one}/onderdelen/nieuw?wat=new",
        f"/scenario/{one}/onderdelen/nieuw?wat=off",
        f"/scenarios/vergelijk?a={one}&b={two}",
    ]
    options = {**VIEWS[view], "bypass_csp": True}
    with signed_in_page("/scenarios", "regiocoordinator", **options) as page:
        start = urlsplit(page.url)
        faults = []
        for address in addresses:
            page.goto(f"{start.scheme}://{start.netloc}{address}")
            if page.locator("#kaart").count():
                ready(page)
            if not is_as_wide_as_the_screen(page):
                faults.append(f"{address} is wider than the screen")
            faults += [f"{address}: {fault}" for fault in axe_faults(page)]
    assert faults == []


def test_a_form_with_faults_says_them_and_has_no_others(
    signed_in_page: SignedInPage, planted: tuple[int, int], axe_faults: AxeFaults
) -> None:
    address = f"/scenario/{planted[0]}/onderdelen/nieuw?wat=new"
    with signed_in_page(address, *PLANNER, bypass_csp=True) as page:
        ready(page)
        page.locator("#toelichting").fill("Blijft staan")
        page.get_by_role("button", name="Opslaan").last.click()
        ready(page)
        expect(page.locator("#fouten")).to_be_focused()
        expect(page.locator("#fouten")).to_contain_text("Geef de plek een naam.")
        expect(page.locator("#toelichting")).to_have_value("Blijft staan")
        assert axe_faults(page) == []


@pytest.fixture
def shared(signed_in_page: SignedInPage, planted: tuple[int, int]) -> str:
    """The path of a link."""
    with signed_in_page(f"/scenario/{planted[0]}/delen", *PLANNER) as page:
        page.get_by_role("button", name="Maak een link").click()
        address = page.locator("#link").text_content() or ""
    return urlsplit(address).path


@pytest.mark.parametrize("view", VIEWS)
def test_who_has_the_link_reads_it_all(
    open_page: OpenPage, shared: str, axe_faults: AxeFaults, view: str
) -> None:
    with open_page(shared, **{**VIEWS[view], "bypass_csp": True}) as page:
        ready(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Verdeeld")
        expect(page.get_by_text("Er is niets besloten.")).to_be_visible()
        assert page.locator(".vp-four__card").count() == 4
        assert page.locator("form").count() == 0
        assert is_as_wide_as_the_screen(page)
        assert axe_faults(page) == []


def test_a_shared_scenario_asks_nothing_of_others(
    guarded_page: Page, live_site: str, shared: str
) -> None:
    guarded_page.goto(f"{live_site}{shared}")
    ready(guarded_page)
    kinds = guarded_page.locator("#kaart-vak").get_attribute("data-punten") or ""
    assert "Hoek Dorpsstraat" in kinds
    assert guarded_page.locator("path.vp-move").count() >= 1


def test_a_shared_scenario_is_whole_without_scripts(
    browser: Browser, live_site: str, shared: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    try:
        page = context.new_page()
        page.goto(f"{live_site}{shared}")
        assert page.locator(".vp-items__item").count() >= 3
        expect(page.get_by_text("Hoek Dorpsstraat")).to_be_visible()
        assert not page.locator("#kaart").is_visible()
    finally:
        context.close()


def test_a_new_place_can_be_added_without_scripts(
    signed_in_page: SignedInPage, planted: tuple[int, int]
) -> None:
    address = f"/scenario/{planted[1]}/onderdelen/nieuw?wat=new"
    with signed_in_page(address, *PLANNER, java_script_enabled=False) as page:
        page.locator("#naam").fill("Zonder scripts")
        page.locator("#plek").fill("52,38 4,63")
        page.locator("#aantal").fill("3")
        page.get_by_role("button", name="Opslaan").last.click()
        page.wait_for_url(re.compile(rf"/scenario/{planted[1]}$"))
        expect(page.locator(".vp-items__item").filter(has_text="Zonder scripts")).to_be_visible()
