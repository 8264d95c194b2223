"""Agreements, support and the register of personal data: both widths, by keyboard, and axe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, delete, insert, select

from data.dialogue_tables import (
    Agreement,
    SupportMeasurement,
    Track,
    TrackPhase,
    TrackSite,
)
from data.tables import Site
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

PLANNER = ("planner", "GM0392")


@pytest.fixture(scope="module")
def planted(site_app: Flask, site_engine: Engine) -> Iterator[tuple[int, int]]:
    """The numbers of a conversation in Haarlem with agreements, and of its site.

    The page of the site is asked for once before a browser waits for it: its first answer reads
    the streets of the region.
    """
    with site_engine.begin() as connection:
        site_id = connection.scalar(
            select(Site.id)
            .where(Site.gemeente_code == "GM0392", Site.publication == "openbaar")
            .order_by(Site.id)
        )
        assert site_id is not None
        track_id = connection.scalar(
            insert(Track)
            .values(
                code="proef-afspraken",
                gemeente_code="GM0392",
                type="beschut_wonen",
                title="Een plek in de proefwijk",
                summary="Wij praten over een plek.",
                state="open",
                published_at=dt.datetime(2025, 9, 1, tzinfo=dt.UTC),
            )
            .returning(Track.id)
        )
        assert track_id is not None
        _plant_parts(connection, track_id, site_id)
    assert site_app.test_client().get(f"/locatie/{site_id}").status_code == 200
    yield track_id, site_id
    with site_engine.begin() as connection:
        connection.execute(delete(Track).where(Track.id == track_id))


def _plant_parts(connection: Any, track_id: int, site_id: int) -> None:
    of = {"track_id": track_id, "site_id": site_id}
    connection.execute(insert(TrackSite).values(**of, part="onderwerp"))
    connection.execute(
        insert(TrackPhase).values(track_id=track_id, position=1, name="Maken", level="coproduceren")
    )
    for kind, title, day in (
        ("commissie", "Een groep van buren", dt.date(2020, 1, 1)),
        ("tegenprestatie", "Lampen op het pad", None),
    ):
        connection.execute(
            insert(Agreement).values(
                **of,
                kind=kind,
                title=title,
                explanation="Wij doen dit samen.",
                who="Gemeente",
                agreed_on=dt.date(2019, 1, 1),
                evaluate_on=day,
            )
        )
    for year, positive in ((2023, 30), (2024, 60)):
        connection.execute(
            insert(SupportMeasurement).values(
                **of,
                measured_on=dt.date(year, 5, 1),
                question="Wat vindt u ervan?",
                method="Brief aan alle adressen.",
                source="Gemeente",
                invited_count=400,
                positive_count=positive,
                neutral_count=10,
                negative_count=90 - positive,
            )
        )


def focus_on(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until this element has the focus, as who has no mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def check_view(page: Page, axe_faults: AxeFaults) -> None:
    assert axe_faults(page) == []
    wide, shown = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown, f"{page.url} scrolls sideways"


def test_everyone_reads_agreements_support_and_the_register(
    open_page: OpenPage, axe_faults: AxeFaults, planted: tuple[int, int]
) -> None:
    _, site_id = planted
    for viewport in (WIDE, NARROW):
        with open_page(f"/locatie/{site_id}", viewport=viewport, bypass_csp=True) as page:
            expect(page.get_by_role("heading", name="Afspraken met de buurt")).to_be_visible()
            expect(page.get_by_text("Dat is hoger dan op 1 mei 2023.")).to_be_visible()
            check_view(page, axe_faults)
            page.goto(f"{page.url.partition('/locatie')[0]}/privacy/register")
            lead = page.locator(".utrecht-paragraph--lead")
            box = lead.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < viewport["height"]
            focus_on(page, "#reageren ~ * summary, [aria-labelledby=reageren] summary", 60)
            page.keyboard.press("Enter")
            table = page.get_by_role("region", name="Gegevens voor: Reageren op een plan")
            expect(table).to_be_visible()
            check_view(page, axe_faults)


def test_a_planner_makes_and_finishes_an_agreement_by_keyboard(
    signed_in_page: SignedInPage, axe_faults: AxeFaults, planted: tuple[int, int]
) -> None:
    track_id, _ = planted
    for number, viewport in enumerate((WIDE, NARROW)):
        base = f"/gesprekken/{track_id}"
        options = {"viewport": viewport, "bypass_csp": True}
        with signed_in_page(f"{base}/afspraken", *PLANNER, **options) as page:
            site = page.url.partition("/gesprekken")[0]
            expect(page.get_by_text("Tijd om samen te kijken hoe het gaat")).to_be_visible()
            check_view(page, axe_faults)
            focus_on(page, f"a[href='{base}/afspraken/nieuw']")
            page.keyboard.press("Enter")
            page.wait_for_url(f"{site}{base}/afspraken/nieuw")
            check_view(page, axe_faults)
            focus_on(page, "#soort")
            page.keyboard.type("Wat")
            focus_on(page, "#wat")
            page.keyboard.type(f"Een bankje {number}")
            focus_on(page, "#wie")
            page.keyboard.type("Gemeente")
            focus_on(page, "form.vp-form button[type=submit]")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("Vul een datum in.")
            check_view(page, axe_faults)
            page.fill("#afgesproken", "2025-09-01")
            page.press("#afgesproken", "Enter")
            page.get_by_role("link", name=f"Een bankje {number}").press("Enter")
            page.fill("#klaar", "2025-10-01")
            page.fill("#hoe", "Het bankje staat er.")
            page.get_by_role("button", name="Klaar melden").press("Enter")
            expect(page.get_by_text("De afspraak is klaar gemeld.")).to_be_visible()
            for address in (f"{base}/draagvlak", f"{base}/draagvlak/nieuw"):
                page.goto(f"{site}{address}")
                check_view(page, axe_faults)
