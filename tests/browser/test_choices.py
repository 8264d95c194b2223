"""A choice as planners make it: by keyboard alone, narrow, and with a map like its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.views import NARROW, WIDE, AxeFaults, SignedInPage

READY = "#kaart[data-ready]"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}
PLANNER = ("planner", "GM0392")
PLACES = (("Bij het kanaal", "106200,489900"), ("Bij de tuinen", "105300,485600"))


@pytest.fixture(autouse=True)
def _no_choices_left(site_engine: Engine) -> Iterator[None]:
    yield
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM choice"))
        connection.execute(text("DELETE FROM site WHERE name LIKE 'Bij de tuinen%'"))
        connection.execute(text("DELETE FROM site WHERE name LIKE 'Bij het kanaal%'"))


def press_until(page: Page, name: str, key: str = "Tab", most: int = 120) -> None:
    """Press a key until the element with this accessible name has the focus."""
    for _ in range(most):
        told = page.evaluate(
            "() => { const e = document.activeElement;"
            " const l = e.labels && e.labels[0];"
            " return (l ? l.innerText : e.innerText || e.value || '').trim(); }"
        )
        if told.startswith(name):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the focus never came at {name}")


def make_choice(page: Page, live_site: str) -> str:
    """The path of a new choice with two places, one of them fallen."""
    page.goto(f"{live_site}/keuzes/nieuw")
    page.locator("#naam").fill("Huisjes in Haarlem")
    page.locator("#soort").select_option("skaeve_huse")
    page.locator("#plekken").fill("12")
    page.locator("#reden").fill("Besluit van de raad")
    page.get_by_role("button", name="Opslaan").click()
    path = urlsplit(page.url).path
    for name, point in PLACES:
        page.goto(f"{live_site}{path}/kandidaten?punt={point}&naam={name}")
        page.locator("#plek-reden").fill("Past bij het profiel")
        page.get_by_role("button", name="Plek toevoegen").click()
    page.get_by_role("link", name=re.compile("Verder of laten vallen.*Bij de tuinen")).click()
    page.locator("#reden").fill("Geen riool.")
    page.get_by_role("button", name="Laten vallen").click()
    expect(page.locator(".utrecht-paragraph--lead")).to_have_text(
        "2 plekken bekeken, 1 op de groslijst, 1 afgevallen. Gezocht: 12 woningen."
    )
    return path


def test_the_map_says_what_the_tables_say(signed_in_page: SignedInPage, live_site: str) -> None:
    with signed_in_page("/keuzes", *PLANNER) as page:
        make_choice(page, live_site)
        page.wait_for_selector(READY)
        labels = page.locator(".vp-marker").evaluate_all(
            "all => all.map(one => one.getAttribute('aria-label')).sort()"
        )
        assert labels == [
            "Bij de tuinen: Skaeve Huse, afgevallen",
            "Bij het kanaal: Skaeve Huse, groslijst",
        ]
        rows = page.locator("tr[data-plek]").evaluate_all(
            "all => all.map(r => `${r.dataset.naam}: ${r.dataset.soort}, ${r.dataset.fase}`).sort()"
        )
        assert rows == labels


def test_a_candidate_on_the_map_leads_to_its_row_by_keyboard(
    signed_in_page: SignedInPage, live_site: str
) -> None:
    with signed_in_page("/keuzes", *PLANNER) as page:
        make_choice(page, live_site)
        page.wait_for_selector(READY)
        page.locator('.vp-marker[tabindex="0"]').focus()
        page.keyboard.press("ArrowRight")
        told = page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("Enter")
        page.wait_for_function("location.hash.startsWith('#plek-')")
        row = page.locator(f"tr{urlsplit(page.url).fragment.join(['#', ''])}")
        expect(row).to_contain_text(told.partition(":")[0])
        expect(page.locator(".vp-marker--chosen")).to_have_attribute("aria-label", told)


def test_from_nothing_to_a_candidate_that_goes_on_by_keyboard_alone(
    signed_in_page: SignedInPage,
) -> None:
    with signed_in_page("/keuzes", *PLANNER, viewport=NARROW) as page:
        press_until(page, "Nieuwe keuze")
        page.keyboard.press("Enter")
        page.wait_for_url("**/keuzes/nieuw")
        press_until(page, "Naam")
        page.keyboard.type("Met het toetsenbord")
        press_until(page, "Soort plek")
        page.keyboard.type("Skaeve")
        press_until(page, "Waarom?")
        page.keyboard.type("Een proef")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/keuzes/\d+$"))
        press_until(page, "Kandidaten toevoegen")
        page.keyboard.press("Enter")
        page.wait_for_url("**/kandidaten")
        press_until(page, "Naam van de plek")
        page.keyboard.type("Bij het kanaal")
        press_until(page, "Plek")
        page.keyboard.type("106200, 489900")
        press_until(page, "Waarom deze plek?")
        page.keyboard.type("Een proef")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/keuzes/\d+$"))
        press_until(page, "Verder of laten vallen")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/kandidaten/\d+$"))
        press_until(page, "Toelichting")
        page.keyboard.type("De raad wil verder")
        page.keyboard.press("Enter")
        expect(page.get_by_text("De locatie is nog niet verkend.")).to_be_visible()
        assert page.locator("#waarom").input_value() == "De raad wil verder"
        press_until(page, "Toch opslaan")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/keuzes/\d+$"))
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("1 in nader onderzoek")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_every_page_of_a_choice_is_whole_and_without_faults(
    signed_in_page: SignedInPage, live_site: str, axe_faults: AxeFaults, view: dict[str, Any]
) -> None:
    with signed_in_page("/keuzes", *PLANNER, bypass_csp=True, **view) as page:
        path = make_choice(page, live_site)
        candidate = page.get_by_role("link", name=re.compile("Verder of laten")).get_attribute(
            "href"
        )
        fallen = page.get_by_role("link", name=re.compile("Terughalen")).get_attribute("href")
        for address in (
            "/keuzes",
            "/keuzes?punt=106200,489900&naam=Hier",
            "/keuzes/nieuw",
            path,
            f"{path}/wijzigen",
            f"{path}/kandidaten",
            candidate,
            fallen,
            f"{path}/regels",
            f"{path}/regels/nieuw",
            f"{path}/geschiedenis",
        ):
            page.goto(f"{live_site}{address}")
            if address == path:
                page.wait_for_selector(READY)
            assert axe_faults(page) == [], address
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ), address


def test_the_costs_of_a_site_are_typed_as_the_dutch_write_them(
    signed_in_page: SignedInPage, live_site: str, axe_faults: AxeFaults
) -> None:
    with signed_in_page("/keuzes", *PLANNER, bypass_csp=True, viewport=NARROW) as page:
        make_choice(page, live_site)
        page.get_by_role("link", name="Bij het kanaal", exact=True).click()
        expect(page.get_by_text("Huisjes in Haarlem: groslijst")).to_be_visible()
        page.get_by_role("link", name="Kosten invullen").click()
        assert axe_faults(page) == []
        page.locator("#bedrag").fill("€ 12,50")
        page.locator("#bron").fill("Raming van de gemeente")
        page.locator("#datum").fill("2026-01-01")
        page.get_by_role("button", name="Opslaan").click()
        expect(page.locator("#fouten")).to_contain_text("Schrijf hele euro's")
        assert axe_faults(page) == []
        page.locator("#bedrag").fill("€ 1.250.000")
        page.get_by_role("button", name="Opslaan").click()
        expect(page.get_by_text("Eenmalig € 1.250.000.")).to_be_visible()
