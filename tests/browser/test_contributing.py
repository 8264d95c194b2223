"""A resident reacts: by keyboard alone, wide and narrow, and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, delete, func, insert, select, update

from data.dialogue_tables import Contribution, Track, TrackPhase
from data.tables import Area, Attempt
from geo.crs import RD_EPSG
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

CODE = "browser-proef"
ADDRESS = f"/in-gesprek/{CODE}/reageren"


@pytest.fixture
def track_id(site_engine: Engine) -> Iterator[int]:
    with site_engine.begin() as connection:
        made = connection.scalar(
            insert(Track)
            .values(
                code=CODE,
                gemeente_code="GM0392",
                type="beschut_wonen",
                title="Beschut wonen in Schalkwijk",
                summary="Wij zoeken samen een plek.",
                contact_name="Afdeling Wonen",
                contact_email="wonen@voorbeeld.example",
                state="open",
            )
            .returning(Track.id)
        )
        assert made is not None
        connection.execute(
            insert(TrackPhase).values(
                track_id=made,
                position=1,
                name="Plek kiezen",
                level="raadplegen",
                starts_on=func.current_date() - 30,
                takes_contributions=True,
            )
        )
    yield made
    with site_engine.begin() as connection:
        connection.execute(delete(Track).where(Track.id == made))
        connection.execute(delete(Attempt).where(Attempt.kind.like("resident %")))


def photographed(page: Page, name: str) -> None:
    """A picture to look at, where VLEKKENPLAN_LOOK names a folder."""
    if folder := os.environ.get("VLEKKENPLAN_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def is_as_wide_as_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def reach(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_resident_proposes_a_place_by_keyboard_alone(
    open_page: OpenPage,
    axe_faults: AxeFaults,
    site_engine: Engine,
    track_id: int,
    view: dict[str, int],
) -> None:
    name = f"{view['width']}"
    with open_page(ADDRESS, viewport=view, bypass_csp=True) as page:
        assert is_as_wide_as_the_screen(page)
        photographed(page, f"{name}-1-soorten")
        assert axe_faults(page) == []
        reach(page, "a[href*='soort=plek']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Een andere plek")
        page.locator("#kaart[data-ready]").wait_for()
        assert is_as_wide_as_the_screen(page)
        photographed(page, f"{name}-2-formulier")
        assert axe_faults(page) == []
        reach(page, "input[value='ruimte']")
        page.keyboard.press("Space")
        reach(page, "#tekst")
        page.keyboard.type("Hier is ruimte. Bel mij op 06-12345678.")
        reach(page, "#plek")
        page.keyboard.type("103900, 488500")
        reach(page, "#email")
        page.keyboard.type("bewoner")
        reach(page, "button.utrecht-button[value='nakijken']")
        page.keyboard.press("Enter")
        expect(page.locator("#fouten")).to_contain_text("Dit is geen e-mailadres")
        photographed(page, f"{name}-3-fout")
        reach(page, "#email")
        page.keyboard.press("Control+A")
        page.keyboard.type("bewoner@post.example")
        reach(page, "button.utrecht-button[value='nakijken']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Kijk na", timeout=60_000)
        assert is_as_wide_as_the_screen(page)
        photographed(page, f"{name}-4-nakijken")
        assert axe_faults(page) == []
        expect(page.locator("main")).to_contain_text("Haal het liever weg")
        expect(page.locator("main")).to_contain_text("Dagelijks leven dichtbij")
        page.wait_for_timeout(3_000)
        reach(page, "button[value='verstuur']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Bedankt voor uw reactie", timeout=60_000)
        assert is_as_wide_as_the_screen(page)
        photographed(page, f"{name}-5-bedankt")
        assert axe_faults(page) == []
        own = page.locator("#link").input_value()
        assert "/mijn-reactie/" in own
        page.get_by_role("link", name="Naar het gesprek").click()
        assert page.evaluate("document.referrer") == ""
    with site_engine.begin() as connection:
        kept = connection.execute(select(Contribution.kind, Contribution.place_test)).one()
        assert kept.kind == "plek"
        assert kept.place_test["headline"]


def test_a_photo_that_is_too_large_takes_nothing_typed_with_it(
    open_page: OpenPage, track_id: int, tmp_path: Path
) -> None:
    large = tmp_path / "groot.jpg"
    large.write_bytes(bytes(10 * 1024**2 + 1))
    with open_page(f"{ADDRESS}?soort=zorg", viewport=NARROW) as page:
        page.locator("#tekst").fill("De stoep is smal.")
        page.get_by_text("Wilt u een foto toevoegen?").click()
        page.locator("#foto").set_input_files(large)
        expect(page.locator("[data-foto-melding]")).to_contain_text("Deze foto is te groot")
        assert page.locator("#foto").input_value() == ""
        page.get_by_role("button", name="Kijk na", exact=True).last.click()
        expect(page.locator("h1")).to_have_text("Kijk na")
        expect(page.locator("main")).to_contain_text("De stoep is smal.")


def test_the_map_opens_on_the_wijk_of_the_conversation(
    open_page: OpenPage, site_engine: Engine, track_id: int
) -> None:
    with site_engine.begin() as connection:
        connection.execute(update(Track).where(Track.id == track_id).values(wijk_code="WK039219"))
    with open_page(f"{ADDRESS}?soort=plek", viewport=NARROW) as page:
        page.locator("#kaart[data-ready]").wait_for()
        page.locator("#kaart").focus()
        page.keyboard.press("Enter")
        x_m, y_m = page.locator("#plek").input_value().split(", ")
    middle = func.ST_Centroid(func.ST_Envelope(Area.geom))
    chosen = func.ST_SetSRID(func.ST_MakePoint(int(x_m), int(y_m)), RD_EPSG)
    query = select(func.max(func.ST_Distance(middle, chosen))).where(Area.area_code == "WK039219")
    with site_engine.connect() as connection:
        away_m = connection.scalar(query)
    assert away_m is not None
    assert away_m < 100


def test_without_scripts_all_of_it_works_on_a_phone(
    open_page: OpenPage, site_engine: Engine, track_id: int
) -> None:
    with open_page(ADDRESS, viewport=NARROW, java_script_enabled=False) as page:
        page.get_by_role("link", name="Een zorg").click()
        page.get_by_label("Verkeer en parkeren").check()
        page.locator("#tekst").fill("Er is al te weinig plek voor auto's.")
        page.get_by_text("Gaat het over een plek?").click()
        page.locator("#zoek").fill("103900, 488500")
        page.locator("button[value='zoek']").click()
        expect(page.locator("#plek")).to_have_value("103900, 488500")
        assert page.locator("#tekst").input_value() == "Er is al te weinig plek voor auto's."
        photographed(page, "390-zonder-scripts")
        page.locator("button.utrecht-button[value='nakijken']").click()
        expect(page.locator("main")).to_contain_text("De plek die u koos komt op de kaart")
        page.get_by_role("button", name="Wijzigen").click()
        expect(page.get_by_label("Verkeer en parkeren")).to_be_checked()
        page.locator("button.utrecht-button[value='nakijken']").click()
        page.wait_for_timeout(3_000)
        page.get_by_role("button", name="Versturen").click()
        expect(page.locator("h1")).to_have_text("Bedankt voor uw reactie")
    with site_engine.begin() as connection:
        assert connection.scalars(select(Contribution.kind)).all() == ["zorg"]


def test_staff_enter_paper_wide_and_narrow(
    signed_in_page: SignedInPage, axe_faults: AxeFaults, track_id: int
) -> None:
    address = f"/gesprekken/{track_id}/invoeren"
    with signed_in_page(address, "planner", "GM0392", bypass_csp=True) as page:
        photographed(page, "1280-invoeren")
        assert axe_faults(page) == []
        page.locator("#tekst").fill("Er is te weinig groen.")
        page.get_by_role("button", name="Bewaar en voer de volgende in").click()
        expect(page.locator("main")).to_contain_text("De reactie is bewaard.")
        page.set_viewport_size(NARROW)
        assert is_as_wide_as_the_screen(page)
        photographed(page, "390-invoeren")
        assert axe_faults(page) == []
