"""Following the surroundings in a real browser: by keyboard, wide and narrow, up to stopping."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine, text

from app.services.post_round import run_round
from tests.browser.test_sign_in import tab_to
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

EMAIL = "buur@straat.example"


def has_room(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_resident_follows_confirms_and_stops_by_keyboard(
    open_page: OpenPage,
    signed_in_page: SignedInPage,
    axe_faults: AxeFaults,
    site_app: Flask,
    site_engine: Engine,
    live_site: str,
    view: ViewportSize,
) -> None:
    with site_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO track (code, gemeente_code, title, summary, state, published_at) "
                "VALUES "
                "('volgen-in-haarlem', 'GM0392', 'Wonen in Haarlem', 'Wij zoeken een plek.', "
                "'open', now())"
            )
        )
        connection.execute(text("DELETE FROM public_event"))
    try:
        with open_page("/volgen", viewport=view, bypass_csp=True) as page:
            assert axe_faults(page) == []
            assert has_room(page)
            tab_to(page, "Buurt of plek (of kies een wijk of gemeente)")
            page.keyboard.type("103900, 488500")
            tab_to(page, "Uw e-mailadres")
            page.keyboard.type("geen adres")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("Dit is geen e-mailadres")
            expect(page.get_by_label("Buurt of plek")).to_have_value("103900, 488500")
            assert axe_faults(page) == []
            page.get_by_label("Uw e-mailadres").fill(EMAIL)
            page.get_by_label("Hoe vaak?").select_option("meteen")
            tab_to(page, "Volgen")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw e-mail")
            assert axe_faults(page) == []

        def make_round() -> None:
            engine = site_app.extensions["vlekkenplan_engine"]
            run_round(engine, site_app.config["SETTINGS"], live_site, dt.datetime.now(dt.UTC))

        make_round()
        with signed_in_page("/post", "beheerder", viewport=view, bypass_csp=True) as page:
            assert axe_faults(page) == []
            assert has_room(page)
            page.locator("article a[href*='/volgen/']").first.focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Wilt u dit volgen?")
            assert axe_faults(page) == []
            tab_to(page, "Ja, ik wil dit volgen")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Dit volgt u")
            assert axe_faults(page) == []
            assert has_room(page)
            with site_engine.begin() as connection:
                connection.execute(
                    text(
                        "INSERT INTO track_news (track_id, title, body) "
                        "SELECT id, 'Nieuwe tekening', 'Kijk maar.' FROM track "
                        "WHERE code = 'volgen-in-haarlem'"
                    )
                )
            make_round()
            page.goto(f"{live_site}/post")
            expect(page.get_by_role("heading", level=3).first).to_have_text(
                "Nieuwe tekening (Wonen in Haarlem)"
            )
            page.get_by_role("link", name="De knop ‘Afmelden’ van een mailprogramma").first.focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Stoppen met volgen")
            assert axe_faults(page) == []
            tab_to(page, "Stop met volgen")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("U volgt dit niet meer")
            assert axe_faults(page) == []
        with site_engine.begin() as connection:
            assert connection.scalar(text("SELECT count(*) FROM subscription")) == 0
    finally:
        with site_engine.begin() as connection:
            for table in ("subscription", "outgoing_mail", "attempt", "public_event"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("DELETE FROM track WHERE code = 'volgen-in-haarlem'"))
