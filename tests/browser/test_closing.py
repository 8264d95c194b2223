"""A planner closes a phase with answers to all: by mouse or keyboard, wide and narrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, delete, insert

from data.dialogue_tables import Track, TrackPhase
from tests.browser.test_choices import press_until
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage
from tests.dialogue import PlantedTrack, plant_contribution

PLANNER = ("planner", "GM0392")
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}
READY = "#kaart[data-ready]"
PLACE = shapely.Point(103_900, 488_900)


@pytest.fixture
def track(site_engine: Engine) -> Iterator[PlantedTrack]:
    """A conversation in Haarlem with four contributions that wait for an answer."""
    with site_engine.begin() as connection:
        values = {
            "code": "afronden",
            "gemeente_code": "GM0392",
            "type": "beschut_wonen",
            "title": "Beschut wonen aan het plein",
            "summary": "Wij zoeken samen een plek.",
            "state": "open",
            "published_at": dt.datetime(2025, 9, 1, 9, tzinfo=dt.UTC),
        }
        track_id = connection.scalar(insert(Track).values(values).returning(Track.id))
        phase_id = connection.scalar(
            insert(TrackPhase)
            .values(
                track_id=track_id,
                position=1,
                name="Plek kiezen",
                level="raadplegen",
                starts_on=dt.date(2025, 9, 1),
                takes_contributions=True,
            )
            .returning(TrackPhase.id)
        )
        assert track_id is not None
        assert phase_id is not None
        found = PlantedTrack(track_id, "afronden", {"Plek kiezen": phase_id}, {})
        for code, body in (("groen2", "Meer bomen."), ("groen3", "Een bank in het groen.")):
            plant_contribution(connection, found, code, body, moderation="openbaar")
        plant_contribution(connection, found, "vraag2", "Wie komt er?", moderation="openbaar")
        plant_contribution(
            connection,
            found,
            "plek22",
            "Hier kan het ook.",
            place=PLACE,
            kind="plek",
            answers={"waarom": ["ruimte"]},
            moderation="openbaar",
        )
    yield found
    with site_engine.begin() as connection:
        connection.execute(delete(Track).where(Track.id == track_id))


def check(page: Page, axe_faults: AxeFaults, where: str) -> None:
    if page.locator("#kaart").count():
        page.wait_for_selector(READY)
    assert axe_faults(page) == [], where
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), where


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_planner_closes_a_phase_with_answers_to_all(
    signed_in_page: SignedInPage,
    open_page: OpenPage,
    live_site: str,
    axe_faults: AxeFaults,
    track: PlantedTrack,
    view: dict[str, Any],
) -> None:
    start = f"/gesprekken/{track.id}/reacties"
    closing = f"/gesprekken/{track.id}/fasen/{track.phases['Plek kiezen']}/afronden"
    with signed_in_page(start, *PLANNER, bypass_csp=True, **view) as page:
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("4 reacties wachten")
        check(page, axe_faults, "list")
        page.get_by_label("Kies reactie groen2").check()
        page.get_by_label("Kies reactie groen3").check()
        page.get_by_label("In thema").select_option("nieuw")
        page.get_by_label("Naam van het nieuwe thema").fill("Groen")
        page.get_by_role("button", name="Zet in thema").click()
        expect(page.get_by_role("status")).to_contain_text("2 reacties in het nieuwe thema")
        page.goto(f"{live_site}/gesprekken/{track.id}/themas")
        check(page, axe_faults, "themes")
        page.get_by_role("link", name="Groen", exact=True).click()
        check(page, axe_faults, "theme")
        page.get_by_label("Wat is ermee gedaan?").select_option("meegenomen")
        page.get_by_role("button", name="Opslaan").click()
        expect(page.locator("#fouten")).to_contain_text("hoort een antwoord")
        check(page, axe_faults, "theme with a fault")
        page.locator("#antwoord").fill("Er komen tien bomen en een bank.")
        page.get_by_role("button", name="Opslaan").click()
        page.goto(f"{live_site}{closing}")
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text(
            "2 reacties hebben nog geen"
        )
        expect(page.get_by_role("button", name="Fase afronden")).to_have_count(0)
        check(page, axe_faults, "closing too early")
        page.goto(f"{live_site}{start}/vraag2")
        for code, status, told in (
            ("vraag2", "meegenomen", "Zes mensen die al in de wijk wonen."),
            ("plek22", "niet_meegenomen", "Daar ligt een riool."),
        ):
            expect(page.locator("h1")).to_contain_text(code)
            check(page, axe_faults, code)
            page.get_by_label("Wat is ermee gedaan?").select_option(status)
            page.locator("#antwoord").fill(told)
            page.get_by_role("button", name="Opslaan en naar de volgende").click()
        expect(page.locator("main")).to_contain_text("Niets anders wacht nog op antwoord.")
        page.goto(f"{live_site}{closing}")
        page.get_by_role("link", name="Nota bekijken").click()
        check(page, axe_faults, "preview")
        page.go_back()
        page.get_by_label("Wat is er veranderd?").fill("De ingang komt aan het plein.")
        page.get_by_role("button", name="Fase afronden").click()
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("Deze fase is afgerond")
        check(page, axe_faults, "closed")
        for rest in ("overnemen", "inbed"):
            page.goto(f"{live_site}/gesprekken/{track.id}/{rest}")
            check(page, axe_faults, rest)
    with open_page("/in-gesprek/afronden/nota", bypass_csp=True, **view) as page:
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("alle hebben een antwoord")
        check(page, axe_faults, "nota")
        page.goto(f"{live_site}/inbed/afronden")
        check(page, axe_faults, "frame")
        page.goto(f"{live_site}/inbed")
        check(page, axe_faults, "frame of all")
        assert page.context.cookies() == []


def test_a_page_of_reactions_is_ticked_at_once(
    signed_in_page: SignedInPage, track: PlantedTrack
) -> None:
    with signed_in_page(f"/gesprekken/{track.id}/reacties?woord=e", *PLANNER) as page:
        boxes, told = page.locator("[name=reactie]"), page.locator("[data-kies-telt]")
        page.get_by_label("Kies alle 4 op deze bladzijde").check()
        expect(told).to_have_text("4 van 4 aangevinkt")
        boxes.first.uncheck()
        expect(told).to_have_text("3 van 4 aangevinkt")
        assert page.get_by_label("Kies alle 4").evaluate("box => box.indeterminate")
        page.get_by_role("button", name="Markeer als bekeken").click()
        expect(page.get_by_role("status")).to_have_text("Gemarkeerd als bekeken: 3 van 3 reacties.")
        assert page.url.endswith("?woord=e")


def test_a_phase_closes_by_keyboard_alone(
    signed_in_page: SignedInPage, site_engine: Engine, track: PlantedTrack
) -> None:
    start = f"/gesprekken/{track.id}/reacties"
    with signed_in_page(start, *PLANNER, viewport=NARROW) as page:
        for code in ("groen2", "groen3", "vraag2", "plek22"):
            press_until(page, code, most=200)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/reacties/{code}*")
            press_until(page, "Wat is ermee gedaan?", most=200)
            page.keyboard.type("Meegenomen")
            press_until(page, "Antwoord")
            page.keyboard.type("Dat doen wij.")
            press_until(page, "Opslaan")
            page.keyboard.press("Enter")
            page.wait_for_url("**/reacties#*")
        press_until(page, "Plek kiezen", most=200)
        page.keyboard.press("Enter")
        page.wait_for_url("**/afronden")
        press_until(page, "Wat is er veranderd?", most=200)
        page.keyboard.type("Alles is meegenomen.")
        press_until(page, "Fase afronden")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("De nota is nu openbaar")
