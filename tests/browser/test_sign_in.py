"""Signing in with a real browser: by keyboard, with a second step, and who guesses is slowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, text

from app.services import current
from app.services.links import SIGN_IN, make_link
from tests.app.sign_in_steps import PASSWORD, add_person, add_second_step, code_at
from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage, SignedInPage

COOKIE = "vlekkenplan"
PLANNER = ("planner", "GM0392")


@pytest.fixture
def email(site_engine: Engine) -> Iterator[str]:
    """Someone with a password, and no attempts yet."""
    address = "toets@test.example"
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))
        add_person(connection, address, PLANNER)
    yield address
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM account WHERE email = :email"), {"email": address})


def id_of(engine: Engine, email: str) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT id FROM account WHERE email = :email"), {"email": email}
            ).scalar_one()
        )


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button with this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.labels?.length ? e.labels[0].innerText : e.innerText }"
        )
        if (found or "").strip() == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def type_in(page: Page, email: str, password: str) -> None:
    tab_to(page, "E-mailadres")
    page.keyboard.type(email)
    tab_to(page, "Wachtwoord")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def cookie_of(context: BrowserContext) -> Any:
    return next(found for found in context.cookies() if found["name"] == COOKIE)


def test_someone_signs_in_by_keyboard_with_a_telephone(
    open_page: OpenPage, site_engine: Engine, email: str
) -> None:
    with site_engine.begin() as connection:
        add_second_step(connection, id_of(site_engine, email), current.now())
    with open_page("/werkbank") as page:
        expect(page).to_have_url(re.compile(r"/inloggen\?verder=/werkbank"))
        type_in(page, email, PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap")
        tab_to(page, "Code")
        page.keyboard.type(code_at(current.now()))
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/werkbank$"))
        expect(page.get_by_text("Proefpersoon (voorbeeld)")).to_be_visible()
        tab_to(page, "Uitloggen")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Inloggen")).to_be_visible()
        page.goto(page.url.rstrip("/") + "/werkbank")
        expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")


def test_the_second_step_is_set_up_by_what_stands_on_the_page(
    open_page: OpenPage, email: str
) -> None:
    with open_page("/inloggen?verder=/account/tweede-stap") as page:
        type_in(page, email, PASSWORD)
        box = page.get_by_role("img", name="Plaatje met de sleutel").bounding_box()
        assert box is not None
        assert box["width"] == pytest.approx(box["height"], abs=4)
        assert box["width"] > 150
        secret = page.locator(".vp-code").inner_text()
        tab_to(page, "Code van uw telefoon")
        page.keyboard.type(pyotp.TOTP(secret).at(current.now()))
        tab_to(page, "Uw wachtwoord")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Uw herstelcodes")
        expect(page.locator(".vp-codes li")).to_have_count(10)


def test_who_guesses_has_to_wait(open_page: OpenPage, email: str) -> None:
    with open_page("/inloggen") as page:
        for number in range(5):
            page.get_by_label("E-mailadres").fill(email)
            page.get_by_label("Wachtwoord").fill(f"gok nummer {number}")
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
            expect(page.get_by_label("E-mailadres")).to_have_value(email)
        page.get_by_label("E-mailadres").fill(email)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        with page.expect_response("**/inloggen") as caught:
            page.get_by_role("button", name="Log in").click()
        assert caught.value.status == 429
        assert 0 < int(caught.value.headers["retry-after"]) <= 60
        expect(
            page.get_by_text("Te veel pogingen. Probeer het over 1 minuut opnieuw.")
        ).to_be_visible()


def test_a_cookie_that_was_stolen_before_signing_in_is_useless_after(
    browser: Browser, live_site: str, email: str
) -> None:
    context, thief = browser.new_context(), browser.new_context()
    page = context.new_page()
    page.goto(f"{live_site}/inloggen")
    stolen = cookie_of(context)
    thief.add_cookies([stolen])
    type_in(page, email, PASSWORD)
    expect(page).to_have_url(re.compile(r"/werkbank$"))
    renewed = cookie_of(context)
    assert renewed["value"] != stolen["value"]
    assert renewed["httpOnly"]
    assert renewed["sameSite"] == "Lax"
    theirs = thief.new_page()
    theirs.goto(f"{live_site}/werkbank")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Inloggen")
    context.close()
    thief.close()


def test_a_link_opened_by_a_mail_scanner_still_lets_its_owner_in(
    open_page: OpenPage, site_engine: Engine, email: str
) -> None:
    account_id = id_of(site_engine, email)
    with site_engine.begin() as connection:
        token = make_link(connection, account_id, SIGN_IN, current.now())
    with open_page(f"/inloggen/link/{token}"):
        pass
    with open_page(f"/inloggen/link/{token}") as page:
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(re.compile(r"/werkbank$"))
        page.goto(page.url.replace("/werkbank", f"/inloggen/link/{token}"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Deze link werkt niet")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/inloggen", None),
        ("/inloggen/link/onbekend", None),
        ("/account", "planner"),
        ("/account", "beheerder"),
        ("/account/wachtwoord", "planner"),
        ("/account/tweede-stap", "planner"),
        ("/accounts", "beheerder"),
        ("/accounts/nieuw", "beheerder"),
        ("/accounts/{id}", "beheerder"),
        ("/lijst", "planner"),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage,
    signed_in_page: SignedInPage,
    site_engine: Engine,
    axe_faults: AxeFaults,
    email: str,
    path: str,
    role: str | None,
    size: Any,
) -> None:
    options = {"viewport": size, "bypass_csp": True}
    address = path.format(id=id_of(site_engine, email))
    gemeente_code = "GM0392" if role == "planner" else ""
    opened = (
        signed_in_page(address, role, gemeente_code, **options)
        if role
        else open_page(address, **options)
    )
    with opened as page:
        assert_in_order(page, axe_faults)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_steps_of_signing_in_are_in_order_too(
    open_page: OpenPage, site_engine: Engine, axe_faults: AxeFaults, email: str, size: Any
) -> None:
    with open_page("/inloggen", viewport=size, bypass_csp=True) as page:
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert_in_order(page, axe_faults)
        type_in(page, email, PASSWORD)
        expect(page).to_have_url(re.compile(r"/werkbank$"))
        page.goto(page.url.replace("/werkbank", "/account/tweede-stap"))
        assert_in_order(page, axe_faults)
        secret = page.locator(".vp-code").inner_text()
        page.get_by_label("Code van uw telefoon").fill(pyotp.TOTP(secret).at(current.now()))
        page.get_by_label("Uw wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Zet de tweede stap aan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Uw herstelcodes")
        assert_in_order(page, axe_faults)
        page.get_by_role("link", name="Ik heb ze bewaard").click()
        page.get_by_role("link", name="Tweede stap").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap")
        assert_in_order(page, axe_faults)
        page.get_by_role("button", name="Uitloggen").click()
        page.get_by_role("link", name="Inloggen").click()
        type_in(page, email, PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap")
        assert_in_order(page, axe_faults)


def assert_in_order(page: Page, axe_faults: AxeFaults) -> None:
    assert axe_faults(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
