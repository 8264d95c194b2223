"""The workspace as planners use it: by keyboard alone, on the map, two at once, and interrupted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine, text

from geo.crs import to_rd, to_wgs84
from tests.app.signed_in import signed_in, submit
from tests.browser.staff import sign_in
from tests.browser.views import NARROW, WIDE, AxeFaults

NEW = "/werkbank/locaties/nieuw"
READY = "#kaart[data-ready]"
IN_HAARLEM = "103900, 488500"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}
OpenStaff = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def open_as(browser: Browser, live_site: str, site_app: Flask, site_engine: Engine) -> OpenStaff:
    """Opens an address in a fresh browser of a planner of Haarlem, or of someone else."""
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM draft"))

    @contextmanager
    def opening(
        path: str, role: str = "planner", gemeente: str = "GM0392", **options: Any
    ) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": WIDE, "locale": "nl-NL", **options})
        try:
            sign_in(context, site_app, site_engine, live_site, role, gemeente)
            page = context.new_page()
            page.goto(f"{live_site}{path}")
            yield page
            # What is kept on leaving arrives before the next test begins.
            page.goto("about:blank")
            page.wait_for_timeout(200)
        finally:
            context.close()

    return opening


@pytest.fixture
def own_site(site_app: Flask, site_engine: Engine) -> str:
    """The address of a site that a test may change."""
    client = signed_in(site_app, site_engine, "planner", "GM0392")
    made = submit(
        client,
        NEW,
        naam="Proefplek",
        plek=IN_HAARLEM,
        reden="Voor een proef",
        soort="respijt",
        aanbieder="Eerste aanbieder",
    )
    assert made.status_code == 303, made.text
    return made.headers["Location"]


def fill(page: Page, **texts: str) -> None:
    for name, typed in texts.items():
        page.locator(f"#{name}").fill(typed)


def save(page: Page) -> None:
    page.get_by_role("button", name="Opslaan").last.click()
    page.wait_for_url(re.compile(r"/werkbank/locaties/\d+$"))


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def middle_of_map(page: Page) -> tuple[float, float]:
    page.locator("#kaart").scroll_into_view_if_needed()
    box = page.locator("#kaart").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tab_to(page: Page, element: str) -> None:
    """Walk with the Tab key until the element with this id, or this text, has the focus."""
    script = "name => [document.activeElement.id, document.activeElement.innerText].includes(name)"
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(script, element):
            return
    raise AssertionError(f"the Tab key never comes at {element}")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('name')"))


def test_a_candidate_is_added_with_the_keyboard_alone(open_as: OpenStaff) -> None:
    with open_as("/werkbank") as page:
        tab_to(page, "Locatie toevoegen")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("nieuw"))
        ready(page)
        tab_to(page, "naam")
        page.keyboard.type("Toetsenbordplek")
        tab_to(page, "soort")
        page.keyboard.type("Resp")
        tab_to(page, "zoek")
        page.keyboard.type("Meerplein")
        page.keyboard.press("Enter")
        expect(page.locator("#plek")).not_to_have_value("")
        assert page.locator("#naam").input_value() == "Toetsenbordplek"
        tab_to(page, "plek")
        page.keyboard.press("Control+A")
        page.keyboard.type(IN_HAARLEM)
        for _ in range(60):
            page.keyboard.press("Tab")
            if focused(page) == "fase":
                break
        page.keyboard.press("ArrowDown")
        tab_to(page, "aantal")
        page.keyboard.type("6")
        tab_to(page, "reden")
        page.keyboard.type("De school gaat dicht")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/werkbank/locaties/\d+$"))
        expect(page.locator("h1")).to_have_text("Toetsenbordplek")
        lead = page.locator(".utrecht-paragraph--lead")
        expect(lead).to_contain_text(re.compile(r"^Verkend sinds .*, 6 bedden\.$"))
        expect(page.get_by_text("De locatie is toegevoegd.")).to_be_visible()
        expect(page.get_by_text("Bezoekers zien niets van deze locatie.")).to_be_visible()


def test_a_click_chooses_the_place_and_arrow_keys_move_it(open_as: OpenStaff) -> None:
    with open_as(NEW) as page:
        ready(page)
        page.mouse.click(*middle_of_map(page))
        field = page.locator("#plek")
        expect(field).to_have_value(re.compile(r"^\d{6}, \d{6}$"))
        x, y = (int(part) for part in field.input_value().split(", "))
        expect(page.locator("#teken-melding")).to_have_text(f"Plek gekozen: {x}, {y}.")
        page.locator(".vp-pin").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
        expect(field).to_have_value(f"{x + 2}, {y + 10}")


def test_an_outline_is_drawn_with_the_mouse(open_as: OpenStaff) -> None:
    with open_as(NEW) as page:
        ready(page)
        fill(page, naam="Getekend", plek=IN_HAARLEM, reden="Voor een proef")
        page.locator("#soort").select_option("respijt")
        expect(page.locator(".vp-pin")).to_be_visible()
        page.get_by_role("button", name="Omtrek tekenen").click()
        middle = middle_of_map(page)
        for right, down in ((-60, -60), (60, -60), (200, 0), (60, 60)):
            page.mouse.click(middle[0] + right, middle[1] + down)
            page.wait_for_timeout(350)  # two clicks in one place would be a double click
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        expect(page.locator("#teken-melding")).to_contain_text("Er zijn nu 2 hoeken.")
        page.keyboard.press("Enter")
        expect(page.locator("#teken-melding")).to_contain_text("Nog 1 te gaan.")
        page.mouse.click(middle[0] + 60, middle[1] + 60)
        page.wait_for_timeout(350)
        page.mouse.dblclick(middle[0] - 60, middle[1] + 60)
        expect(page.locator("#teken-melding")).to_contain_text("gesloten, met 4 hoeken")
        lines = page.locator("#omtrek").input_value().split("\n")
        assert len(lines) == 4
        assert all(re.fullmatch(r"\d{6} \d{6}", line) for line in lines)
        save(page)
        ready(page)
        expect(page.get_by_text("hectare")).to_be_visible()
        expect(page.locator(".vp-plot")).to_be_visible()


def test_an_outline_is_drawn_with_the_keyboard_and_escape_keeps_the_old_one(
    open_as: OpenStaff,
) -> None:
    with open_as(NEW) as page:
        ready(page)
        fill(page, plek=IN_HAARLEM)
        page.get_by_role("button", name="Omtrek tekenen").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "kaart"
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
            page.keyboard.press("Space")
            page.keyboard.press(key)
            page.wait_for_timeout(400)
        expect(page.locator("#teken-melding")).to_have_text("Hoek 3 gezet.")
        page.keyboard.press("Enter")
        drawn = page.locator("#omtrek").input_value()
        assert len(drawn.split("\n")) == 3
        page.get_by_role("button", name="Omtrek tekenen").click()
        page.keyboard.press("Space")
        page.keyboard.press("Escape")
        expect(page.locator("#teken-melding")).to_contain_text("Gestopt met tekenen.")
        assert page.locator("#omtrek").input_value() == drawn
        pressed = page.get_by_role("button", name="Plek kiezen")
        expect(pressed).to_have_attribute("aria-pressed", "true")


def test_two_browsers_at_one_site_get_a_choice(open_as: OpenStaff, own_site: str) -> None:
    edit = f"{own_site}/wijzigen"
    with open_as(edit) as mine, open_as(edit, "regiocoordinator", "") as theirs:
        fill(theirs, naam="Hun naam", aanbieder="Hun aanbieder", reden="Overleg")
        save(theirs)
        fill(mine, naam="Mijn naam", toelichting="Mijn lange tekst", reden="Bezoek")
        mine.get_by_role("button", name="Opslaan").last.click()
        expect(mine.locator("h1")).to_have_text("Kies wat er blijft staan")
        expect(mine.get_by_text("Opgeslagen door Regiocoördinator").first).to_be_visible()
        name = mine.locator("#keuze-naam")
        expect(name.get_by_role("radio", checked=True)).to_have_count(0)
        added = mine.locator("#keuze-toelichting")
        expect(added.get_by_role("radio", name="Wat u typte")).to_be_checked()
        mine.get_by_role("button", name="Opslaan met deze keuzes").click()
        expect(mine.get_by_text("Maak nog een keuze bij:")).to_be_visible()
        name.get_by_role("radio", name="Wat u typte").check()
        mine.get_by_role("button", name="Opslaan met deze keuzes").click()
        expect(mine.locator("h1")).to_have_text("Mijn naam")
        expect(mine.locator("#inhoud")).to_contain_text("Hun aanbieder")
        expect(mine.locator("#inhoud")).to_contain_text("Mijn lange tekst")


def test_what_was_typed_survives_a_reload(open_as: OpenStaff) -> None:
    with open_as(NEW) as page:
        fill(page, naam="Half af", toelichting="Eerste regel\nTweede regel")
        page.get_by_role("radio", name="Alleen per gemeente en wijk").check()
        expect(page.locator("[data-concept-melding]")).to_have_text(
            re.compile(r"^Concept bewaard om \d\d\.\d\d\.$")
        )
        page.reload()
        expect(page.locator("h1")).to_have_text("Verder met uw concept?")
        page.get_by_role("link", name="Verder met uw concept").click()
        assert page.locator("#naam").input_value() == "Half af"
        assert page.locator("#toelichting").input_value() == "Eerste regel\nTweede regel"
        expect(page.get_by_role("radio", name="Alleen per gemeente en wijk")).to_be_checked()
        expect(page.locator(".vp-net")).to_have_count(0)
        page.goto(page.url.split("?")[0])
        page.get_by_role("button", name="Weggooien en opnieuw beginnen").click()
        assert page.locator("#naam").input_value() == ""
        expect(page.locator(".vp-net")).to_have_count(0)


def test_a_window_keeps_what_the_server_could_not(open_as: OpenStaff) -> None:
    def lose(route: Route) -> None:
        route.abort()

    with open_as(NEW) as page:
        page.route("**/werkbank/concept/**", lose)
        fill(page, naam="Geen verbinding")
        expect(page.locator("[data-concept-melding]")).to_contain_text("nog niet bewaard")
        page.reload()
        assert page.locator("#naam").input_value() == ""
        page.unroute("**/werkbank/concept/**")
        page.get_by_role("button", name="Zet het terug").click()
        assert page.locator("#naam").input_value() == "Geen verbinding"
        expect(page.locator("[data-concept-melding]")).to_contain_text("Concept bewaard om")


def test_who_was_signed_out_loses_nothing(
    open_as: OpenStaff, site_app: Flask, site_engine: Engine, live_site: str
) -> None:
    with open_as(NEW) as page:
        with site_engine.begin() as connection:
            connection.execute(text("DELETE FROM sign_in_session"))
        fill(page, naam="Te lang gewacht")
        told = page.locator("[data-concept-melding]")
        expect(told).to_contain_text("U bent niet meer ingelogd.")
        sign_in(page.context, site_app, site_engine, live_site, "planner", "GM0392")
        expect(told).to_contain_text("Concept bewaard om", timeout=30_000)
        fill(page, plek=IN_HAARLEM, reden="Toch nog")
        page.locator("#soort").select_option("respijt")
        save(page)
        expect(page.locator("h1")).to_have_text("Te lang gewacht")


def test_nothing_is_left_in_the_window_after_saving(open_as: OpenStaff, own_site: str) -> None:
    with open_as(f"{own_site}/wijzigen") as page:
        fill(page, adres="Nieuwstraat 2", reden="Adres verbeterd")
        save(page)
        expect(page.get_by_text("De wijzigingen zijn opgeslagen.")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0


def test_the_form_works_without_scripts(open_as: OpenStaff) -> None:
    with open_as(NEW, java_script_enabled=False) as page:
        fill(page, naam="Zonder script", zoek="Meerplein")
        page.get_by_role("button", name="Zoek").click()
        assert page.locator("#naam").input_value() == "Zonder script"
        assert page.locator("#plek").input_value() != ""
        fill(page, plek=IN_HAARLEM, reden="Voor een proef")
        page.locator("#soort").select_option("respijt")
        save(page)
        expect(page.locator("h1")).to_have_text("Zonder script")


@pytest.mark.parametrize(
    "point", [(103_900, 488_500), (97_000, 488_000), (121_000, 475_000), (105_000, 505_000)]
)
def test_the_map_and_the_server_agree_on_where_a_point_is(
    open_as: OpenStaff, point: tuple[int, int]
) -> None:
    lon, lat = to_wgs84(*point)
    with open_as("/werkbank") as page:
        drawn = page.evaluate("async p => (await import('/modules/1/rd.js')).toDegrees(p)", point)
        back = page.evaluate("async p => (await import('/modules/1/rd.js')).toRd(p)", [lat, lon])
    x, y = to_rd(drawn[1], drawn[0])
    assert abs(x - point[0]) < 0.5
    assert abs(y - point[1]) < 0.5
    assert abs(back[0] - point[0]) <= 1
    assert abs(back[1] - point[1]) <= 1


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "state", ["list", "new", "site", "edit", "faults", "hits", "draft", "both"]
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_as: OpenStaff, axe_faults: AxeFaults, own_site: str, view: str, state: str
) -> None:
    edit = f"{own_site}/wijzigen"
    starts = {"list": "/werkbank", "site": own_site, "edit": edit, "both": edit}
    with open_as(starts.get(state, NEW), bypass_csp=True, **VIEWS[view]) as page:
        if state in SHOW:
            SHOW[state](page, open_as, edit)
        if page.locator("#kaart").count():
            ready(page)
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def show_faults(page: Page, _open_as: OpenStaff, _edit: str) -> None:
    page.get_by_role("button", name="Opslaan").last.click()
    expect(page.locator("#fouten")).to_be_visible()


def show_hits(page: Page, _open_as: OpenStaff, _edit: str) -> None:
    fill(page, zoek="beschut wonen")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_text("Welke plek bedoelt u?")).to_be_visible()


def show_draft(page: Page, _open_as: OpenStaff, _edit: str) -> None:
    fill(page, naam="Half af")
    expect(page.locator("[data-concept-melding]")).to_contain_text("Concept bewaard")
    page.reload()


def show_both(page: Page, open_as: OpenStaff, edit: str) -> None:
    with open_as(edit, "regiocoordinator", "") as other:
        fill(other, naam="Hun naam", reden="Overleg")
        save(other)
    fill(page, naam="Mijn naam", toelichting="Mijn tekst", reden="Bezoek")
    page.get_by_role("button", name="Opslaan").last.click()
    expect(page.locator("h1")).to_have_text("Kies wat er blijft staan")


SHOW: dict[str, Callable[[Page, OpenStaff, str], None]] = {
    "faults": show_faults,
    "hits": show_hits,
    "draft": show_draft,
    "both": show_both,
}
