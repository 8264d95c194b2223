"""Choosing several sites at once as planners do: by mouse, by keyboard, and on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine, text

from app.services import siting_jobs
from tests.app.running_jobs import noting_processes, stand_in
from tests.browser.views import NARROW, WIDE, AxeFaults, SignedInPage

READY = "#kaart[data-ready]"
ROLE = "regiocoordinator"
VIEWS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (WIDE, "light"),
    (NARROW, "light"),
    (NARROW, "dark"),
)
#: On a busy machine the streets alone, made ready once, may take a minute.
LONGEST_MS = 240_000


@pytest.fixture(autouse=True)
def processes(site_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """No computation of an earlier test; those of this one are ended after it."""
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM siting_job"))
    with noting_processes(monkeypatch) as pids:
        yield pids


def fill_in(page: Page, least: str = "8", kind: str = "beschut_wonen") -> None:
    page.get_by_label("Naam van deze berekening").fill("Een proef")
    page.locator("#doel1-soort").select_option(kind)
    page.locator("#doel1-minstens").fill(least)


def compute(page: Page) -> None:
    """Send the form, and wait for what comes of it."""
    page.get_by_role("button", name="Reken uit").click()
    page.wait_for_url(re.compile(r"/kiezen/\d+$"))
    expect(page.locator("#uitkomst")).to_be_visible(timeout=LONGEST_MS)


def test_with_the_mouse_from_the_question_to_the_answer(signed_in_page: SignedInPage) -> None:
    with signed_in_page("/werkbank", ROLE) as page:
        page.get_by_role("link", name="Samen kiezen").click()
        fill_in(page)
        compute(page)
        expect(page.locator("#uitkomst")).to_contain_text("gekozen, samen")
        expect(page.locator("#uitkomst")).to_contain_text("bewezen")
        page.wait_for_selector(READY)
        chosen = page.locator("tr[data-groep=in_use]").first
        name = chosen.get_attribute("data-naam")
        marker = page.locator(f'.vp-marker[aria-label^="{name}:"]')
        expect(marker).to_have_attribute("aria-label", re.compile("gekozen$"))
        marker.click()
        expect(chosen).to_be_focused()
        expect(marker).to_have_class(re.compile("vp-marker--chosen"))
        with page.expect_download() as taken:
            page.get_by_role("link", name="JSON").click()
        assert taken.value.suggested_filename.startswith("berekening-")


def test_by_keyboard_alone(signed_in_page: SignedInPage) -> None:
    with signed_in_page("/kiezen", ROLE) as page:
        page.get_by_label("Naam van deze berekening").focus()
        page.keyboard.type("Met het toetsenbord")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "doel1-soort"
        page.keyboard.type("Beschut")
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.type("8")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/kiezen/\d+$"))
        expect(page.locator("#uitkomst")).to_be_visible(timeout=LONGEST_MS)
        page.wait_for_selector(READY)
        page.locator(".vp-marker[tabindex='0']").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        focused = page.evaluate("document.activeElement.id || document.activeElement.className")
        assert focused.startswith("kandidaat-") or "vp-marker" in focused


def test_progress_is_told_until_it_is_stopped(
    signed_in_page: SignedInPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siting_jobs, "PROGRAM", stand_in("wait_empty_handed"))
    with signed_in_page("/kiezen", ROLE, viewport=NARROW) as page:
        fill_in(page)
        page.get_by_role("button", name="Reken uit").click()
        heading = page.locator("#voortgang-kop")
        expect(heading).to_contain_text("Stap 1 van 4", timeout=LONGEST_MS)
        page.evaluate("window.isSamePage = true")
        expect(heading).to_contain_text("Stap 3 van 4", timeout=LONGEST_MS)
        expect(heading).to_have_attribute("aria-live", "polite")
        expect(page.locator("#voortgang-gevonden")).to_contain_text("Tot nu toe gevonden: 3,5")
        assert page.evaluate("window.isSamePage")
        assert page.locator("#voortgang-deel").evaluate("part => part.value") == 0.5
        page.get_by_role("button", name="Stop de berekening").click()
        expect(page.locator("#uitkomst")).to_contain_text(
            "gestopt voordat er iets was gevonden", timeout=LONGEST_MS
        )


def test_without_scripts_the_page_is_loaded_again_by_hand(
    signed_in_page: SignedInPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siting_jobs, "PROGRAM", stand_in("wait_empty_handed"))
    with signed_in_page("/kiezen", ROLE, java_script_enabled=False) as page:
        fill_in(page)
        page.get_by_role("button", name="Reken uit").click()
        again = page.get_by_role("link", name="Kijk opnieuw hoe ver het is")
        expect(again).to_be_visible()
        for _ in range(100):
            if "Stap 3 van 4" in page.locator("#voortgang-kop").inner_text():
                break
            page.wait_for_timeout(300)
            again.click()
        expect(page.locator("#voortgang-kop")).to_contain_text("Stap 3 van 4")
        page.get_by_role("button", name="Stop de berekening").click()
        for _ in range(100):
            if page.locator("#uitkomst").count():
                break
            page.wait_for_timeout(300)
            page.reload()
        expect(page.locator("#uitkomst")).to_contain_text("gestopt")


def test_what_can_not_be_is_told_and_asked_again_with_a_change(
    signed_in_page: SignedInPage,
) -> None:
    with signed_in_page("/kiezen", ROLE) as page:
        fill_in(page, least="5000")
        compute(page)
        expect(page.locator("#uitkomst")).to_contain_text("Dit kan niet")
        expect(page.locator("main")).to_contain_text("Er komen minstens 5000 plekken")
        page.get_by_role("link", name="Vraag opnieuw, met een wijziging").click()
        expect(page.locator("#doel1-minstens")).to_have_value("5000")
        page.locator("#doel1-minstens").fill("8")
        compute(page)
        expect(page.locator("#uitkomst")).to_contain_text("gekozen, samen")


def show_faults(page: Page) -> None:
    page.get_by_role("button", name="Reken uit").click()
    expect(page.locator("#fouten")).to_be_visible()


def show_whole_form(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


def show_running(page: Page) -> None:
    fill_in(page)
    page.get_by_role("button", name="Reken uit").click()
    expect(page.locator("#voortgang-kop")).to_contain_text("Stap", timeout=LONGEST_MS)


def show_answer(page: Page) -> None:
    fill_in(page)
    page.locator("#afweging").check()
    page.locator("#daarna").select_option("bereikbaarheid")
    page.locator("#ten_slotte").select_option("")
    compute(page)
    page.wait_for_selector(READY)


def show_clash(page: Page) -> None:
    fill_in(page, least="5000")
    compute(page)


SHOW = {
    "form": lambda _page: None,
    "whole form": show_whole_form,
    "faults": show_faults,
    "running": show_running,
    "answer": show_answer,
    "clash": show_clash,
}


@pytest.mark.parametrize("state", SHOW)
def test_axe_finds_nothing_and_nothing_sticks_out(
    signed_in_page: SignedInPage, axe_faults: AxeFaults, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    if state == "running":
        monkeypatch.setattr(siting_jobs, "PROGRAM", stand_in("wait_empty_handed"))
    with signed_in_page("/kiezen", ROLE, bypass_csp=True) as page:
        SHOW[state](page)
        for size, colours in VIEWS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            assert axe_faults(page) == [], (size, colours)
            width = page.evaluate("document.documentElement.clientWidth")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, size
