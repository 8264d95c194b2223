"""A planner's path with the keyboard alone: from a new candidate to its history."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import Engine

from analysis.closer_look import QUESTIONS
from tests.browser.staff import sign_in
from tests.browser.views import NARROW, WIDE, AxeFaults

#: In Haarlem, where no other site of the example region stands.
PLACE = "104100, 488900"
MOST_TABS = 160
OpenAsPlanner = Callable[..., Page]


@pytest.fixture
def open_as_planner(
    browser: Browser, live_site: str, site_app: Flask, site_engine: Engine
) -> Iterator[OpenAsPlanner]:
    """Opens a page as a planner of Haarlem who has signed in."""
    contexts = []

    def opening(path: str, viewport: ViewportSize = WIDE) -> Page:
        context = browser.new_context(viewport=viewport, locale="nl-NL", bypass_csp=True)
        contexts.append(context)
        sign_in(context, site_app, site_engine, live_site, "planner", "GM0392")
        page = context.new_page()
        page.goto(f"{live_site}{path}")
        return page

    yield opening
    for context in contexts:
        context.close()


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there, as someone without a mouse does."""
    for _ in range(MOST_TABS):
        if page.evaluate("css => document.activeElement?.matches(css) ?? false", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def type_in(page: Page, selector: str, text: str) -> None:
    """Go to a field and type; what stood there goes."""
    tab_to(page, selector)
    if page.evaluate("document.activeElement.tagName") != "SELECT":
        page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page: Page, selector: str) -> None:
    """Go to a button or link and press Enter, and wait for the page that follows."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def add_candidate(page: Page) -> str:
    """Fill in the form for a new site; returns the address of the site."""
    type_in(page, "#naam", "Hoek van de proef (voorbeeld)")
    type_in(page, "#soort", "Respijt")
    type_in(page, "#plek", PLACE)
    tab_to(page, "input[name=fase]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "verkend"
    tab_to(page, "#fase_datum")
    page.keyboard.type("05052025")
    type_in(page, "#reden", "Genoemd door de wijkraad")
    press(page, "main button[value=opslaan]:not([tabindex='-1'])")
    return page.url


def answer_questions(page: Page) -> None:
    for question in QUESTIONS:
        type_in(page, f"#{question.key}-bevinding", "Aandachtspunt")
        type_in(page, f"#{question.key}-onderbouwing", f"Gevonden over {question.label}.")
        type_in(page, f"#{question.key}-bron", "Afdeling ruimte")
        tab_to(page, f"#{question.key}-datum")
        page.keyboard.type("05052025")
    tab_to(page, "#reden")
    press(page, "button[value=alles]")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_candidate_to_closer_look_with_the_keyboard_alone(
    open_as_planner: OpenAsPlanner, axe_faults: AxeFaults, viewport: ViewportSize
) -> None:
    page = open_as_planner("/werkbank", viewport)
    press(page, "main a[href$='/werkbank/locaties/nieuw']")
    add_candidate(page)
    expect(page.locator("h1")).to_have_text("Hoek van de proef (voorbeeld)")
    expect(page.locator("main")).to_contain_text("Nog geen van de vragen is beantwoord.")
    assert axe_faults(page) == []
    press(page, "main a[href$='/vragen']")
    assert axe_faults(page) == []
    look_at(page, "vragen", viewport)
    answer_questions(page)
    expect(page.locator(".utrecht-alert--ok")).to_contain_text("Bewaard: Eigendom")
    assert axe_faults(page) == []
    press(page, "main form .vp-actions a[href^='/werkbank/locaties/']")
    expect(page.locator("main")).to_contain_text("Alle vragen zijn beantwoord.")
    look_at(page, "locatie", viewport)
    press(page, "main a[href$='/fase']")
    tab_to(page, "#fase")
    assert page.evaluate("document.activeElement.value") == "nader_onderzoek"
    type_in(page, "#plekken", "4")
    type_in(page, "#waarom", "Het college wil verder kijken")
    look_at(page, "fase", viewport)
    press(page, "main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Nu: ‘Nader onderzoek’")
    assert axe_faults(page) == []
    press(page, "main nav a[href^='/werkbank/locaties/']")
    press(page, "main a[href$='/geschiedenis']")
    expect(page.locator("h1")).to_contain_text("Geschiedenis van Hoek van de proef")
    told = page.locator("main")
    for words in (
        "Planner GM0392",
        "Locatie toegevoegd",
        "Vraag ‘Acceptatie in de buurt’ beantwoord",
        "Fase ‘Nader onderzoek’ toegevoegd",
        "Het college wil verder kijken",
        "4",
    ):
        expect(told).to_contain_text(words)
    assert axe_faults(page) == []
    look_at(page, "geschiedenis", viewport)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_fault_and_a_conflict_are_found_by_keyboard_as_well(
    open_as_planner: OpenAsPlanner, axe_faults: AxeFaults, viewport: ViewportSize
) -> None:
    page = open_as_planner("/werkbank/locaties/nieuw", viewport)
    site = add_candidate(page)
    page.goto(f"{site}/vragen")
    other = open_as_planner("/werkbank", viewport)
    other.goto(f"{site}/vragen")
    type_in(page, "#eigendom-bevinding", "Bezwaar")
    press(page, "button[value=eigendom]")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf op waaruit dit blijkt.")
    assert axe_faults(page) == []
    press_in_page(page, "[role=alert] a[href='#eigendom-bron']")
    assert page.evaluate("document.activeElement.id") == "eigendom-bron"
    for tab, text in ((page, "Van mij"), (other, "Van de ander")):
        type_in(tab, "#eigendom-bevinding", "Bezwaar")
        type_in(tab, "#eigendom-onderbouwing", text)
        type_in(tab, "#eigendom-bron", "Kadaster")
        tab_to(tab, "#eigendom-datum")
        tab.keyboard.type("05052025")
        press(tab, "button[value=eigendom]")
    expect(other.locator("main")).to_contain_text("Van mij")
    assert other.locator("#eigendom-onderbouwing").input_value() == "Van de ander"
    assert axe_faults(other) == []
    look_at(other, "botsing", viewport)
    type_in(other, "#eigendom-keuze", "Wat ik typte")
    press(other, "button[value=eigendom]")
    expect(other.locator(".utrecht-alert--ok")).to_contain_text("Bewaard: Eigendom")
    other.goto(f"{site}/geschiedenis")
    press(other, "main a[href$='/na']")
    expect(other.locator("main")).to_contain_text("Wat verandert er?")
    assert axe_faults(other) == []
    look_at(other, "terugzetten", viewport)
    type_in(other, "#reden", "De eerste tekst was beter")
    press(other, "main form button[type=submit]")
    expect(other.locator("main")).to_contain_text("De versie is teruggezet.")
    other.goto(site.partition("/locaties")[0] + "/geschiedenis")
    expect(other.locator("main")).to_contain_text("Teruggezet naar de versie van")
    assert axe_faults(other) == []
    look_at(other, "wijzigingen", viewport)


def press_in_page(page: Page, selector: str) -> None:
    """Follow a link to another place on the same page."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def look_at(page: Page, name: str, viewport: ViewportSize) -> None:
    """Keep a picture where VLEKKENPLAN_PICTURES says, to look at."""
    folder = os.environ.get("VLEKKENPLAN_PICTURES")
    if folder:
        path = Path(folder) / f"{name}-{viewport['width']}.png"
        page.screenshot(path=path, full_page=True)
