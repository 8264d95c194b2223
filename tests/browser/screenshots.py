"""The pictures in the README, made from the example region: ``make screenshots``.

Run by pytest for its running website and browser, but not a test: it is only run by name.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine, text

from app.database import connection
from app.services.demo_choices import load_demo_choices
from app.services.demo_dialogue import load_demo_dialogue
from tests.browser.views import NARROW, WIDE, OpenPage, SignedInPage

FOLDER = Path(__file__).with_name("screenshots")
#: One date, so that the pictures change only when the pages do; the map folds its filters away
#: only on the date of today.
ON = "2026-01-01"
TALK = "/in-gesprek/skaeve-huse-haarlem-voorbeeld"
PAGES = {
    "kaart": "/?niveau=wijk&cijfer=inwoners",
    "lijst": f"/lijst/locaties?datum={ON}",
    "gemeente": f"/gebied/GM0392?datum={ON}",
    "locatie": "/locatie/{site_id}",
    "bereikbaarheid": "/bereikbaarheid?punt=103900,488500&zones=ja",
    "vergelijking": "/bereikbaarheid?punt=103900,488500&met=101800,486300",
    "minuten": "/bereikbaarheid/minuten",
    "respijt": f"/bereikbaarheid/respijt?datum={ON}",
    "spreiding": f"/spreiding?soort=beschut_wonen&datum={ON}",
    "verloop": "/spreiding/verloop?soort=beschut_wonen",
    "nabij": f"/spreiding/nabij?niveau=gemeente&datum={ON}",
    "zoekgebieden": f"/zoekgebieden/beschut_wonen?datum={ON}",
    "gesprekken": "/in-gesprek",
    "gesprek": TALK,
    "reageren": f"{TALK}/reageren?soort=zorg",
    "belangrijk": f"{TALK}/belangrijk",
}
#: Pages of a planner of Haarlem.
STAFF_PAGES = {
    "werkbank": "/werkbank",
    "werkbank-locatie": "/werkbank/locaties/{site_id}",
    "keuze": "/keuzes/1",
    "afweging": "/vergelijk?soort=skaeve_huse&locatie={compared}",
    "samen-kiezen": "/kiezen",
}
#: Pages of who else works here, by role.
OTHER_PAGES = {"moderatie": ("/moderatie", "moderator")}
QUALITY_PERCENT = 82


@pytest.fixture(scope="session", autouse=True)
def _choices_and_conversations(site_engine: Engine) -> None:
    """What the demo has beside its sites."""
    load_demo_choices(site_engine)
    load_demo_dialogue(site_engine)


@pytest.fixture(scope="session")
def site_id(site_app: Flask) -> int:
    """The first of the four real candidates of 2017."""
    with site_app.app_context(), connection() as opened:
        found = opened.scalar(
            text("SELECT id FROM public_site WHERE name LIKE '%2017%' ORDER BY name LIMIT 1")
        )
    assert found is not None
    return int(found)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def take(open_page: OpenPage, site_id: int, name: str, size: dict[str, int]) -> None:
    """Take one picture of what a reader sees first."""
    address = PAGES[name].format(site_id=site_id)
    with open_page(address, viewport=size, device_scale_factor=1) as page:
        settle(page)
        keep(page, name, size)


@pytest.fixture(scope="session")
def compared(site_engine: Engine) -> str:
    """The two candidates that are compared in Haarlem's choice, as an address names them."""
    query = text("SELECT site_id FROM choice_candidate WHERE stage = 'vergelijking' ORDER BY 1")
    with site_engine.connect() as opened:
        return ",".join(str(number) for number in opened.scalars(query))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", STAFF_PAGES)
def take_of_staff(
    signed_in_page: SignedInPage, site_id: int, compared: str, name: str, size: dict[str, int]
) -> None:
    """Take one picture of what someone who works here sees first."""
    address = STAFF_PAGES[name].format(site_id=site_id, compared=compared)
    with signed_in_page(address, "planner", "GM0392", viewport=size) as page:
        settle(page)
        keep(page, name, size)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", OTHER_PAGES)
def take_of_others(signed_in_page: SignedInPage, name: str, size: dict[str, int]) -> None:
    """Take one picture of what someone with another role sees first."""
    address, role = OTHER_PAGES[name]
    with signed_in_page(address, role, viewport=size) as page:
        settle(page)
        keep(page, name, size)


def keep(page: Page, name: str, size: dict[str, int]) -> None:
    """Write the picture beside the others."""
    file = FOLDER / f"{name}-{size['width']}.jpg"
    page.screenshot(path=file, type="jpeg", quality=QUALITY_PERCENT)
    assert file.stat().st_size > 10_000


def settle(page: Page) -> None:
    """Wait until fonts and the map are drawn."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(800)
