"""Conversations in a browser: wide and narrow, by keyboard, and with nothing for axe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from shapely.geometry import Point, Polygon
from sqlalchemy import Engine, delete, insert, text

from data.dialogue_tables import Track, TrackPhase, TrackSite
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage
from tests.dialogue import PlantedTrack, plant_contribution

PAGE = "/in-gesprek/browserproef"
TITLE = "Gesprek van de browserproef"
SIZES = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture(scope="module", autouse=True)
def track(site_app: Flask, site_engine: Engine) -> Iterator[PlantedTrack]:
    """A conversation about the first plan of the example region, with 40 contributions.

    The first answer makes the streets ready, which takes longer than a browser waits.
    """
    with site_engine.begin() as connection:
        site = connection.execute(
            text(
                "SELECT s.id, s.type, a.gemeente_code, a.area_code, ST_X(s.geom) AS x_m, "
                "ST_Y(s.geom) AS y_m FROM public_site s JOIN area a "
                "ON a.level = 'wijk' AND ST_Covers(a.geom, s.geom) "
                "WHERE s.type = 'beschut_wonen' ORDER BY s.id LIMIT 1"
            )
        ).one()
        track_id = connection.scalar(
            insert(Track)
            .values(
                code="browserproef",
                gemeente_code=site.gemeente_code,
                wijk_code=site.area_code,
                type=site.type,
                title=TITLE,
                summary="Wij zoeken samen een plek.",
                open_text="De plek.",
                state="open",
            )
            .returning(Track.id)
        )
        assert track_id is not None
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
        assert phase_id is not None
        connection.execute(
            insert(TrackSite).values(track_id=track_id, site_id=site.id, part="onderwerp")
        )
        planted = PlantedTrack(track_id, "browserproef", {"Plek kiezen": phase_id}, {})
        for number in range(40):
            x_m, y_m = site.x_m + 60 * (number % 8) - 200, site.y_m + 60 * (number // 8) + 80
            area = Polygon([(x_m, y_m), (x_m + 90, y_m), (x_m, y_m + 90)])
            plant_contribution(
                connection,
                planted,
                f"proef{number:02}",
                kind="plek" if number % 5 == 0 else "vraag",
                answers={},
                place=area if number % 10 == 0 else Point(x_m, y_m),
                moderation="openbaar",
                made_at=dt.datetime(2025, 10, 1, 12, number, tzinfo=dt.UTC),
            )
    assert site_app.test_client().get(PAGE).status_code == 200
    yield planted
    with site_engine.begin() as connection:
        connection.execute(delete(Track).where(Track.id == track_id))


def ready(page: Page) -> Page:
    page.wait_for_selector("#kaart[data-ready]")
    expect(page.locator("#kaart-fout")).to_be_hidden()
    return page


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def is_on_first_screen(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    return box["y"] + box["height"] <= page.viewport_size["height"]


@SIZES
def test_a_resident_finds_by_keyboard_what_is_near(
    open_page: OpenPage, axe_faults: AxeFaults, viewport: object
) -> None:
    with open_page("/in-gesprek", viewport=viewport, bypass_csp=True) as page:
        ready(page)
        assert fits(page)
        for part in (".utrecht-paragraph--lead", "#q"):
            assert is_on_first_screen(page, part)
        # The map and the list have the same conversations and sites.
        link = page.get_by_role("link", name=TITLE)
        expect(link).to_be_visible()
        expect(page.locator("#kaart path.k5").first).to_be_attached()
        marker = page.locator("#kaart .vp-marker").first
        marker.focus()
        page.keyboard.press("Enter")
        assert axe_faults(page) == []
        page.locator("#q").focus()
        page.keyboard.type("Beverwijk")
        expect(page.locator("#zoek-gevonden [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/in-gesprek?punt=*")
        ready(page)
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("Bij u in de buurt")
        expect(page.locator("#kaart .map-here")).to_be_attached()
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()
        assert axe_faults(page) == []


@SIZES
def test_a_conversation_has_the_same_on_its_map_and_in_its_list(
    open_page: OpenPage, axe_faults: AxeFaults, viewport: object
) -> None:
    with open_page(PAGE, viewport=viewport, bypass_csp=True) as page:
        ready(page)
        assert fits(page)
        for part in (".utrecht-paragraph--lead", "text=Reageer >> nth=0"):
            assert is_on_first_screen(page, part)
        assert axe_faults(page) == []
        codes = page.locator("#kaart .vp-marker").evaluate_all(
            "all => all.flatMap(one => one.dataset.ids.split(' ')).filter(id => id.length > 5)"
        )
        assert sorted(codes) == [f"proef{number:02}" for number in range(40)]
        expect(page.locator("#kaart path.map-contribution")).to_have_count(4)
        # Fewer markers than contributions: those that pile up stand together.
        assert page.locator("#kaart .vp-marker").count() < 41
        # By keyboard: a choice of kind, then a contribution on the map leads to the list.
        page.get_by_label("Soort", exact=True).select_option("plek")
        page.get_by_role("button", name="Toon deze reacties").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**soort=plek**")
        ready(page)
        expect(page.locator("#reacties-aantal")).to_contain_text("Er zijn 8 reacties.")
        expect(page.locator(".vp-talk-one")).to_have_count(8)
        while page.locator("#kaart .vp-marker--many").count():
            page.locator("#kaart .vp-marker--many").first.focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(100)
        alone = page.locator("#kaart .vp-marker[data-ids^=proef]").first
        code = alone.get_attribute("data-ids")
        alone.focus()
        page.keyboard.press("Enter")
        assert page.url.endswith(f"#reactie-{code}")
        expect(page.locator(f"#reactie-{code} a")).to_be_focused()
        # What is in view on the map, as an address that works without scripts.
        page.get_by_role("button", name="Alleen wat nu in beeld is").click()
        page.wait_for_url("**waar=**")
        ready(page)
        assert 0 < page.locator(".vp-talk-one").count() <= 8
        expect(page.get_by_label("Waar", exact=True)).not_to_have_value("")


@SIZES
def test_a_contribution_alone_is_in_order(
    open_page: OpenPage, axe_faults: AxeFaults, viewport: object
) -> None:
    with open_page("/reactie/proef00", viewport=viewport, bypass_csp=True) as page:
        assert fits(page)
        assert axe_faults(page) == []
        page.get_by_role("link", name="Toon op de kaart van het gesprek").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**waar=**")
        ready(page)


def test_without_scripts_everything_is_there(open_page: OpenPage) -> None:
    with open_page("/in-gesprek", java_script_enabled=False) as page:
        page.get_by_label("Uw adres, buurt of wijk").fill("Heemskerk")
        page.get_by_role("button", name="Toon").click()
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("Bij u in de buurt")
        page.goto(page.url.partition("/in-gesprek")[0] + f"{PAGE}?soort=vraag&pagina=4")
        expect(page.locator(".vp-talk-one")).to_have_count(2)
        expect(page.locator("#kaart")).to_be_hidden()
        expect(page.get_by_role("button", name="Alleen wat nu in beeld is")).to_be_hidden()
