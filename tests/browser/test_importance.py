"""What a resident finds important: at both widths, by keyboard alone, and read by the council."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, insert, text

from data.dialogue_tables import Importance, Track, TrackPhase, TrackSite
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

CODE = "skaeve-huse-proef"
ADDRESS = f"/in-gesprek/{CODE}/belangrijk"
SUBJECTS = ("bereikbaarheid", "verdeling", "nabijheid", "afstand", "praktisch", "kosten")
VIEWS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture(autouse=True)
def _conversation(site_engine: Engine, site_app: Flask) -> Iterator[None]:
    """A conversation in Haarlem about candidates of a closer look, measured once already."""
    with site_engine.begin() as connection:
        track_id = connection.scalar(
            insert(Track)
            .values(
                code=CODE,
                gemeente_code="GM0392",
                type="skaeve_huse",
                title="Skaeve Huse in Haarlem",
                summary="Wij zoeken samen een plek.",
                state="open",
            )
            .returning(Track.id)
        )
        phase_id = connection.scalar(
            insert(TrackPhase)
            .values(
                track_id=track_id,
                position=1,
                name="Afwegen",
                level="raadplegen",
                starts_on=dt.date(2025, 1, 1),
                takes_importance=True,
            )
            .returning(TrackPhase.id)
        )
        sites = connection.scalars(
            text(
                "SELECT id FROM site WHERE type = 'skaeve_huse' AND publication = 'openbaar' "
                "AND gemeente_code = 'GM0392' AND name LIKE '%kandidaat uit 2017%' ORDER BY id"
            )
        ).all()
        assert len(sites) >= 4
        for site_id in sites[:5]:
            connection.execute(
                insert(TrackSite).values(track_id=track_id, site_id=site_id, part="onderwerp")
            )
        for number in range(30):
            points = {key: (number + at * (number % 5)) % 5 for at, key in enumerate(SUBJECTS)}
            connection.execute(
                insert(Importance).values(
                    track_id=track_id,
                    phase_id=phase_id,
                    type="skaeve_huse",
                    points=points | {"afstand": 3, "kosten": 1},
                    wijk_code="WK039201" if number % 2 else None,
                )
            )
    assert site_app.test_client().get(ADDRESS).status_code == 200
    yield
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM track WHERE code = :code"), {"code": CODE})
        connection.execute(text("DELETE FROM attempt"))


def wide_parts(page: Page) -> bool:
    """Whether anything makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@VIEWS
def test_a_resident_weighs_and_sends_and_the_order_follows_at_once(
    open_page: OpenPage, axe_faults: AxeFaults, viewport: dict[str, int]
) -> None:
    with open_page(ADDRESS, viewport=viewport, bypass_csp=True) as page:
        assert axe_faults(page) == []
        assert not wide_parts(page)
        lead = page.locator("#volgorde p").first
        assert lead.bounding_box()["y"] < viewport["height"] - 60  # type: ignore[index]
        before = page.locator("#volgorde").inner_text()
        page.locator("label[for='afstand-4']").click()
        page.locator("label[for='bereikbaarheid-0']").click()
        page.wait_for_selector("#volgorde:not([aria-busy])")
        assert page.locator("#volgorde").inner_text() != before
        assert "afstand=4" in page.url
        expect(page.locator("[data-sent='afstand']")).to_have_text("heel zwaar")
        told = page.locator("#volgorde").inner_text()
        page.reload()
        assert page.locator("#volgorde").inner_text() == told
        page.locator("#wijk").select_option("WK039201")
        page.get_by_role("button", name="Stuur mijn afweging mee").click()
        expect(page.get_by_role("status").filter(has_text="telt mee")).to_be_visible()
        assert axe_faults(page) == []


def test_by_keyboard_alone(open_page: OpenPage, site_engine: Engine) -> None:
    with open_page(ADDRESS, viewport=NARROW) as page:
        for _ in range(40):
            if page.evaluate("document.activeElement.name") == "verdeling":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("location.search.includes('verdeling=4')")
        outline = page.evaluate(
            "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
        )
        assert outline == "solid"
        for _ in range(40):
            if page.evaluate("document.activeElement.textContent") == "Stuur mijn afweging mee":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("meegestuurd"))
    with site_engine.begin() as connection:
        kept = connection.scalar(
            text(
                "SELECT count(*) FROM importance i JOIN track t ON t.id = i.track_id "
                "WHERE t.code = :code AND points ->> 'verdeling' = '4' "
                "AND points ->> 'kosten' = '2'"
            ),
            {"code": CODE},
        )
    assert kept == 1


def test_without_scripts_the_button_shows_the_order(open_page: OpenPage) -> None:
    with open_page(ADDRESS, viewport=NARROW, java_script_enabled=False) as page:
        page.locator("label[for='verdeling-4']").click()
        page.get_by_role("button", name="Laat de volgorde zien").click()
        assert "verdeling=4" in page.url
        expect(page.locator("[data-sent='verdeling']")).to_have_text("heel zwaar")
        page.get_by_role("button", name="Stuur mijn afweging mee").click()
        expect(page.get_by_role("status").filter(has_text="telt mee")).to_be_visible()


@VIEWS
def test_the_council_reads_all_together_beside_its_own(
    signed_in_page: SignedInPage, axe_faults: AxeFaults, viewport: dict[str, int]
) -> None:
    address = f"/belang/{CODE}?afstand=4"
    with signed_in_page(address, "raadslid", viewport=viewport, bypass_csp=True) as page:
        assert axe_faults(page) == []
        assert not wide_parts(page)
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("30 keer")
        expect(page.get_by_role("img", name="Hoe zwaar telt elk onderwerp?")).to_be_visible()
        expect(page.locator("#gewicht + p")).to_contain_text("bij u telt het zwaarder")
