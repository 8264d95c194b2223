"""Signing in at one's own organisation, in a real browser and at a real provider."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine, delete

from app.config import DEFAULT_OIDC_LABEL, Settings
from data.changes.accounts import add_account, set_roles
from data.tables import Account
from tests.browser.conftest import served
from tests.browser.views import NARROW, WIDE, AxeFaults
from tests.oidc_provider import OidcProvider
from tests.own_app import own_app

EMAIL = "planner.oidc@test.example"
NAME = "Planner Haarlem (voorbeeld)"


@pytest.fixture(scope="module")
def site(
    site_engine: Engine, provider: OidcProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The website with a provider to sign in at, and one planner who has an account."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home, secret_key="test", tile_url=None, oidc=provider.settings)
    with site_engine.begin() as connection:
        account_id = add_account(connection, EMAIL, NAME)
        set_roles(connection, account_id, [("planner", "GM0392")])
    with own_app(settings, site_engine) as app, served(app) as address:
        yield address
    with site_engine.begin() as connection:
        connection.execute(delete(Account).where(Account.id == account_id))


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A window on the website that fetches nothing from outside this machine."""
    context = browser.new_context(base_url=site, viewport=WIDE, locale="nl-NL", bypass_csp=True)
    context.route("**/*", _only_here)
    yield context.new_page()
    context.close()


def _only_here(route: Route) -> None:
    is_here = urlsplit(route.request.url).hostname == "127.0.0.1"
    return route.continue_() if is_here else route.abort()


def go_to_provider(page: Page, provider: OidcProvider) -> None:
    page.get_by_role("link", name=DEFAULT_OIDC_LABEL).click()
    page.wait_for_url(f"{provider.settings.issuer}/**")


def sign_in_there(page: Page, name: str) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("maakt niet uit")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_a_planner_signs_in_at_the_own_organisation_and_out_again(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/werkbank?fase=kandidaat")
    expect(page).to_have_url(f"{site}/inloggen?verder=/werkbank?fase%3Dkandidaat")
    go_to_provider(page, provider)
    sign_in_there(page, "planner")
    expect(page).to_have_url(f"{site}/werkbank?fase=kandidaat")
    expect(page.get_by_text(NAME)).to_be_visible()
    (cookie,) = [entry for entry in page.context.cookies(site) if entry["name"] == "vlekkenplan"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")

    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text(NAME)).to_have_count(0)
    page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": site}])
    page.goto("/werkbank")
    expect(page).to_have_url(f"{site}/inloggen?verder=/werkbank")


def test_who_signs_out_may_do_so_at_the_own_organisation_as_well(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/inloggen")
    go_to_provider(page, provider)
    sign_in_there(page, "planner")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("Bij uw organisatie bent u nog ingelogd.")).to_be_visible()
    page.get_by_role("link", name="Ook bij uw organisatie uitloggen").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_text("Sign-out Success")).to_be_visible()
    page.goto("/inloggen")
    go_to_provider(page, provider)
    expect(page.locator("input[name=login]")).to_be_visible()


def test_who_gives_up_at_the_organisation_reads_so_and_begins_again(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/inloggen")
    go_to_provider(page, provider)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen is niet gelukt")
    expect(page.get_by_text("niet afgemaakt")).to_be_visible()
    page.get_by_role("link", name="Opnieuw proberen").click()
    sign_in_there(page, "planner")
    expect(page).to_have_url(f"{site}/werkbank")


def test_who_is_unknown_here_is_refused_and_may_choose_another_account(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/inloggen")
    go_to_provider(page, provider)
    sign_in_there(page, "onbekend")
    expect(page.get_by_text("Voor dit account is hier nog geen rol.")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)
    beside = page.context.new_page()
    beside.goto("/werkbank")
    expect(beside).to_have_url(f"{site}/inloggen?verder=/werkbank")
    page.get_by_role("link", name="Inloggen met een ander account").click()
    sign_in_there(page, "planner")
    expect(page).to_have_url(f"{site}/werkbank")


def test_an_answer_that_was_used_is_worth_nothing_by_going_back(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/inloggen")
    go_to_provider(page, provider)
    with page.expect_request(lambda request: "/inloggen/oidc/terug?" in request.url) as asked:
        sign_in_there(page, "planner")
    expect(page).to_have_url(f"{site}/werkbank")
    page.context.clear_cookies(name="vlekkenplan")
    page.goto(asked.value.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen is niet gelukt")
    page.goto("/werkbank")
    expect(page).to_have_url(f"{site}/inloggen?verder=/werkbank")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_of_signing_in_are_accessible_and_not_too_wide(
    page: Page, provider: OidcProvider, axe_faults: AxeFaults, size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    for address in ("/inloggen", "/inloggen/oidc/terug?state=x&code=y"):
        page.goto(address)
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_way_in_and_the_way_on_after_a_refusal_work_by_keyboard(
    page: Page, site: str, provider: OidcProvider
) -> None:
    page.goto("/inloggen")
    page.get_by_role("link", name=DEFAULT_OIDC_LABEL).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{provider.settings.issuer}/**")
    page.go_back()
    page.goto("/inloggen/oidc/terug")
    page.get_by_role("link", name="Opnieuw proberen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{provider.settings.issuer}/**")
