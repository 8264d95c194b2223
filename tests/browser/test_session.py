"""Who is signed in hears in time that the session ends, and loses nothing that was typed."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.browser.views import AxeFaults, SignedInPage

PAGE = "/gesprekken/nieuw"
#: So that a test can wait until this tab heard of another one.
LISTEN = """() => {
  const tabs = new BroadcastChannel("vlekkenplan-sessie");
  window.heard = new Promise((resolve) => tabs.addEventListener("message", () => resolve()));
}"""


def fields_of(page: Page) -> str:
    return str(page.locator("main [name=csrf_token]").first.input_value())


def far_on(page: Page, minutes: float) -> None:
    """Let the clock of the browser go on, as when somebody rests."""
    page.clock.fast_forward(int(minutes * 60_000))


def open_with_clock(page: Page) -> Page:
    page.clock.install()
    page.reload()
    page.wait_for_load_state("networkidle")
    return page


def test_any_key_after_the_warning_keeps_one_signed_in(
    signed_in_page: SignedInPage, axe_faults: AxeFaults
) -> None:
    with signed_in_page(PAGE, "planner", "GM0392", bypass_csp=True) as page:
        open_with_clock(page)
        told = page.locator(".vp-session")
        far_on(page, 27)
        expect(told).to_be_hidden()
        far_on(page, 1.2)
        expect(told).to_contain_text("Over 2 minuten logt u vanzelf uit")
        expect(told).to_have_attribute("role", "alert")
        assert axe_faults(page) == []
        with page.expect_response("**/account") as asked:
            page.keyboard.press("Shift")
        assert asked.value.status == 200
        expect(told).to_have_text("U blijft ingelogd.")
        far_on(page, 1)
        expect(told).to_be_hidden()
        far_on(page, 26)
        expect(told).to_be_hidden()


def test_who_is_busy_is_not_warned(signed_in_page: SignedInPage) -> None:
    with signed_in_page(PAGE, "planner", "GM0392") as page:
        open_with_clock(page)
        for _ in range(4):
            far_on(page, 15)
            with page.expect_response("**/account"):
                page.keyboard.press("Shift")
            expect(page.locator(".vp-session:not([aria-busy])")).to_have_count(1)
        expect(page.locator(".vp-session")).to_be_hidden()


def test_who_is_busy_on_another_tab_is_not_warned(
    signed_in_page: SignedInPage, live_site: str
) -> None:
    with signed_in_page(PAGE, "planner", "GM0392") as page:
        open_with_clock(page)
        told = page.locator(".vp-session")
        far_on(page, 28.5)
        expect(told).to_contain_text("Over 2 minuten")
        other = page.context.new_page()
        other.goto(f"{live_site}/account")
        expect(told).to_have_text("U blijft ingelogd.")
        far_on(page, 20)
        expect(told).to_be_hidden()
        page.evaluate(LISTEN)
        other.keyboard.press("Shift")
        page.evaluate("window.heard")
        far_on(page, 20)
        expect(told).to_be_hidden()


def test_what_was_typed_is_sent_after_signing_in_again(
    signed_in_page: SignedInPage, site_engine: Engine, live_site: str
) -> None:
    with signed_in_page(PAGE, "planner", "GM0392") as page:
        open_with_clock(page)
        page.get_by_label("Titel").fill("Een naam die blijft staan")
        before = fields_of(page)
        with site_engine.begin() as connection:
            connection.execute(text("DELETE FROM sign_in_session"))
        far_on(page, 31)
        told = page.locator(".vp-session")
        expect(told).to_contain_text("Wat u typte, staat nog op deze pagina")
        with signed_in_page(PAGE, "planner", "GM0392") as other:
            (cookie,) = other.context.cookies()
        page.context.add_cookies(
            [{"name": cookie["name"], "value": cookie["value"], "url": live_site}]
        )
        far_on(page, 1)
        page.keyboard.press("Shift")
        expect(told).to_have_text("U bent weer ingelogd. U kunt hier verder.")
        assert fields_of(page) != before
        page.get_by_role("button", name="Gesprek maken").click()
        expect(page.get_by_label("Titel")).to_have_value("Een naam die blijft staan")
        expect(page.locator("main")).to_contain_text("Kies een gemeente of een wijk")
