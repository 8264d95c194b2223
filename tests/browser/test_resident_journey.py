"""A resident finds what happens near home, reacts and follows, within two minutes of doing.

The journey goes three ways: wide, narrow, and by keyboard alone. Then the pages of it are read as
a screen reader does: in the order of the accessibility tree.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, delete, select

from app.services.demo_dialogue import load_demo_dialogue
from data.dialogue_tables import Contribution, Track
from data.tables import Attempt
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage

TRACK = "/in-gesprek/skaeve-huse-haarlem-voorbeeld"
WORDS = "Is er 's avonds licht op het pad naar de halte?"
#: What somebody who types and reads takes: so many seconds a key and a step, and a page.
KEY_S, STEP_S, PAGE_S = 0.25, 1.5, 6.0
LIMIT_S = 120.0


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


class Doing:
    """What a person does, one thing after the other, and how long people take for it."""

    def __init__(self, page: Page, *, by_keyboard: bool) -> None:
        self.page = page
        self.by_keyboard = by_keyboard
        self.taken_s = PAGE_S

    def go(self, selector: str) -> None:
        """Activate a link, button or choice."""
        if self.by_keyboard:
            self._reach(selector)
            is_choice = self.page.locator(selector).first.get_attribute("type") in (
                "radio",
                "checkbox",
            )
            self.page.keyboard.press("Space" if is_choice else "Enter")
        else:
            self.page.locator(selector).first.click()
        self.taken_s += STEP_S

    def type(self, selector: str, words: str) -> None:
        """Type words in a field."""
        if self.by_keyboard:
            self._reach(selector)
        else:
            self.page.locator(selector).click()
        self.page.keyboard.type(words)
        self.taken_s += STEP_S + KEY_S * len(words)

    def see(self, heading: str) -> None:
        """Wait for a page and read what it is."""
        expect(self.page.locator("h1")).to_contain_text(heading, timeout=60_000)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        self.taken_s += PAGE_S

    def _reach(self, selector: str) -> None:
        for _ in range(150):
            if self.page.evaluate("(one) => document.activeElement.matches(one)", selector):
                return
            self.page.keyboard.press("Tab")
            self.taken_s += KEY_S
        raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize(
    ("view", "by_keyboard"),
    [(WIDE, False), (NARROW, False), (NARROW, True)],
    ids=["wide", "narrow", "keyboard"],
)
def test_a_resident_finds_what_happens_near_home_and_reacts_within_two_minutes(
    open_page: OpenPage, site_engine: Engine, view: object, by_keyboard: bool
) -> None:
    started = time.monotonic()
    with open_page("/in-gesprek", viewport=view) as page:
        doing = Doing(page, by_keyboard=by_keyboard)
        doing.type("#q", "Haarlem")
        page.keyboard.press("Enter")
        page.wait_for_url("**/in-gesprek?*")
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("Bij u in de buurt")
        doing.go(f"a[href='{TRACK}']")
        doing.see("Skaeve Huse in Haarlem")
        doing.go(f"a[href='{TRACK}/reageren']")
        doing.see("Wat wilt u laten weten?")
        doing.go("a[href*='soort=vraag']")
        doing.see("Een vraag")
        doing.type("#tekst", WORDS)
        doing.go("button.utrecht-button[value='nakijken']")
        doing.see("Kijk na")
        expect(page.locator("main")).to_contain_text(WORDS)
        page.wait_for_timeout(max(0.0, 8 - (time.monotonic() - started)) * 1000)
        doing.go("button[value='verstuur']")
        doing.see("Bedankt voor uw reactie")
    assert doing.taken_s < LIMIT_S, doing.taken_s
    with site_engine.begin() as connection:
        kept = connection.execute(
            select(Contribution.moderation, Contribution.entry).where(Contribution.body == WORDS)
        ).one()
        assert tuple(kept) == ("wacht", "website")
        connection.execute(delete(Contribution).where(Contribution.body == WORDS))


@pytest.mark.parametrize(
    ("address", "order"),
    [
        (
            "/in-gesprek",
            ("Waar is het gesprek", "Er lopen", "Uw adres, buurt of wijk", "Kaart", "Heemskerk"),
        ),
        (
            TRACK,
            (
                "Skaeve Huse in Haarlem",
                "Fase 3 van 6",
                "Reageer",
                "Wat vindt u belangrijk?",
                "Hoe ver is het gesprek?",
                "Wat kan nog veranderen?",
                "Wat is het, en wat is het niet?",
                "Wat betekent het voor de straat?",
                "Waarom hier?",
                "Wat zeggen de cijfers?",
                "Bijeenkomsten",
                "Vragen?",
                "Wat brachten mensen in?",
                "Wie deden er mee?",
            ),
        ),
        (
            f"{TRACK}/reageren?soort=zorg",
            ("Een zorg", "Waar gaat uw zorg over?", "Vertel meer", "In welke wijk woont u?"),
        ),
        (f"{TRACK}/belangrijk", ("Wat vindt u belangrijk?",)),
        ("/volgen", ("Uw buurt volgen", "Stoppen kan altijd", "mailadres")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_screen_reader_meets_things_in_a_sensible_order(
    open_page: OpenPage, axe_faults: AxeFaults, address: str, order: tuple[str, ...]
) -> None:
    with open_page(address, viewport=NARROW, bypass_csp=True) as page:
        page.wait_for_load_state("networkidle")
        tree = page.locator("body").aria_snapshot()
        lines = [line.strip().removeprefix("- ") for line in tree.splitlines()]
        main = lines[next(i for i, line in enumerate(lines) if line.startswith("main")) :]
        assert [
            name for name in ("banner", "main", "contentinfo") if name not in _roles(lines)
        ] == []
        assert _first_places(main, order) == sorted(_first_places(main, order)), main
        levels = [int(line.partition("[level=")[2][0]) for line in main if "[level=" in line]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        nameless = {"link", "button", "textbox", "img", "combobox", "radio", "checkbox"}
        without = [
            lines[i - 2 : i + 2] for i, line in enumerate(lines) if line.rstrip(":") in nameless
        ]
        assert without == []
        assert axe_faults(page) == []


def _roles(lines: list[str]) -> set[str]:
    return {line.split()[0].rstrip(":") for line in lines if line}


def _first_places(lines: list[str], texts: tuple[str, ...]) -> list[int]:
    """Where each text is met first, after the one before it or anywhere; all must be there."""
    places: list[int] = []
    for text in texts:
        found = [number for number, line in enumerate(lines) if text in line]
        assert found, f"{text} is nowhere in the tree"
        later = [number for number in found if not places or number > places[-1]]
        places.append(later[0] if later else found[0])
    return places
