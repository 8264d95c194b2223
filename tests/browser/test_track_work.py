"""A planner begins a conversation from a template and makes it public, with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.views import NARROW, WIDE, AxeFaults, SignedInPage

MOST_STEPS = 60
#: The page of one conversation; what changed may be named behind it.
ONE = re.compile(r"/gesprekken/\d+(#\w+)?$")


def tab_to(page: Page, name: str) -> None:
    """Go with the Tab key to what is called so; it must be there within a few dozen steps."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const here = document.activeElement;"
            " const label = here.labels && here.labels[0];"
            " return (label || here).textContent.replace(/\\s+/g, ' ').trim(); }"
        )
        if told.startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_a_template_to_public_by_keyboard(
    signed_in_page: SignedInPage, axe_faults: AxeFaults, size: ViewportSize
) -> None:
    options = {"viewport": size, "bypass_csp": True}
    with signed_in_page("/gesprekken", "planner", "GM0397", **options) as page:
        assert axe_faults(page) == []
        tab_to(page, "Nieuw gesprek")
        page.keyboard.press("Enter")
        page.wait_for_url("**/gesprekken/nieuw")
        assert axe_faults(page) == []
        tab_to(page, "Waar gaat het gesprek over?")
        page.keyboard.type("Heel Heemstede")
        tab_to(page, "Soort plek")
        page.keyboard.type("Respijtplek")
        tab_to(page, "Gesprek maken")
        page.keyboard.press("Enter")
        page.wait_for_url(ONE)
        assert page.locator("h1").inner_text() == "Respijtplek in Heemstede"
        assert "Concept" in page.locator(".utrecht-paragraph--lead").inner_text()
        assert fits(page)
        assert axe_faults(page) == []
        tab_to(page, "Openbaar maken")
        page.keyboard.press("Enter")
        page.wait_for_url("**/publiceren")
        assert "kan nog niet openbaar" in page.locator(".utrecht-paragraph--lead").inner_text()
        assert axe_faults(page) == []
        tab_to(page, "Aanvullen: Er staat niet bij wie")
        page.keyboard.press("Enter")
        page.wait_for_url("**/wijzigen")
        assert fits(page)
        assert axe_faults(page) == []
        tab_to(page, "Bij wie kunnen mensen terecht?")
        page.keyboard.type("Afdeling Wonen")
        tab_to(page, "Telefoonnummer")
        page.keyboard.type("14 023")
        tab_to(page, "Opslaan")
        page.keyboard.press("Enter")
        page.wait_for_url(ONE)
        tab_to(page, "Openbaar maken")
        page.keyboard.press("Enter")
        page.wait_for_url("**/publiceren")
        tab_to(page, "Toch openbaar maken")
        page.keyboard.press("Enter")
        page.wait_for_url(ONE)
        assert page.locator(".utrecht-paragraph--lead").inner_text().startswith("Loopt.")
        assert axe_faults(page) == []
        tab_to(page, "Wijzigen: Uitleg en vragen")
        page.keyboard.press("Enter")
        page.wait_for_url("**/fasen/*")
        assert fits(page)
        assert axe_faults(page) == []
