"""Travel access as people use it: by keyboard alone, by a click on the map, and without scripts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import NARROW, WIDE, AxeFaults, OpenPage

PAGE = "/bereikbaarheid"
READY = "#kaart[data-ready]"
HAARLEM, ZANDVOORT = "103900,488500", "97000,488000"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}
QUESTIONS = {
    "empty": "",
    "place": f"?punt={HAARLEM}&soort=skaeve_huse",
    "zones": f"?punt={HAARLEM}&zones=ja",
    "two places": f"?punt={HAARLEM}&met={ZANDVOORT}&soort=beschut_wonen",
    "slow": f"?punt={HAARLEM}&tempo=rustig&wijze=fietsend&soort=skaeve_huse",
    "nonsense": "?q=qqqqqqqq",
}


def ready(page: Page) -> Page:
    page.wait_for_selector(READY, timeout=60_000)
    return page


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def lead(page: Page) -> str:
    return page.locator(".utrecht-paragraph--lead").inner_text()


def categories(page: Page, selector: str) -> list[str]:
    found = page.eval_on_selector_all(selector, "rows => rows.map(row => row.dataset.categorie)")
    return sorted(found)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe_faults: AxeFaults, question: str, view: str
) -> None:
    with open_page(PAGE + QUESTIONS[question], bypass_csp=True, **VIEWS[view]) as page:
        ready(page)
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_pace_changes_the_minutes_and_the_address(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}&zones=ja", viewport=NARROW) as page:
        ready(page)
        before = lead(page)
        page.locator("#tempo").select_option("rustig")
        expect(page.locator("#profiel")).to_contain_text("Tempo: rustig, 3,2 km per uur.")
        ready(page)
        assert query(page)["tempo"] == ["rustig"]
        assert lead(page) != before
        page.locator("#tempo").select_option("gewoon")
        expect(page.locator("#profiel")).to_contain_text("Tempo: gewoon, 4,8 km per uur.")
        assert "tempo" not in query(page)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_stands_in_the_first_screen_of_a_telephone(
    open_page: OpenPage, question: str
) -> None:
    with open_page(PAGE + QUESTIONS[question], viewport=NARROW) as page:
        answer = page.locator(".utrecht-paragraph--lead").bounding_box()
        drawing = page.locator("#kaart").bounding_box()
        assert answer is not None
        assert drawing is not None
        assert answer["y"] + answer["height"] <= NARROW["height"] / 2 + 40
        assert answer["y"] < drawing["y"]


def test_nothing_is_asked_of_another_host_and_no_rule_is_broken(
    guarded_page: Page, live_site: str
) -> None:
    page = guarded_page
    for address in (f"{PAGE}?punt={HAARLEM}&met={ZANDVOORT}", "/locatie/1"):
        page.goto(f"{live_site}{address}")
        ready(page)
        page.get_by_role("button", name="Apotheek").click()


def test_from_a_name_to_a_profile_to_a_comparison_by_keyboard_alone(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        field = page.get_by_role("combobox", name="Vanaf welke plek?")
        field.focus()
        page.keyboard.type("meerplein")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("punt="))
        expect(page.locator("#antwoord")).to_contain_text("Meerplein, Beverwijk")
        ready(page)
        first = page.url
        # Walk on with Tab until the field for a second place, then type coordinates.
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "qmet":
                break
        assert page.evaluate("document.activeElement.id") == "qmet"
        page.keyboard.type("52,38 4,63")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("met="))
        assert query(page)["punt"] == parse_qs(urlsplit(first).query)["punt"]
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("soorten voorzieningen")
        heads = page.locator("#profiel thead").first.inner_text().split()
        assert heads == ["Voorziening", "A", "B", "Verschil"]


def test_a_click_on_the_map_shows_the_profile_of_that_place(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?wijze=fietsend") as page:
        ready(page)
        box = page.locator("#kaart").bounding_box()
        assert box is not None
        # The middle of the region lies on land.
        page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
        page.wait_for_url(re.compile(r"punt=\d+,\d+"))
        ready(page)
        assert query(page)["wijze"] == ["fietsend"]
        assert set(query(page)) == {"punt", "wijze"}
        assert "fietsen" in lead(page)
        point = query(page)["punt"][0].replace(",", ", ")
        expect(page.get_by_label("Vanaf welke plek?")).to_have_value(point)
        assert categories(page, "#profiel tr[data-categorie]") != []
        assert page.locator(".vp-place").count() == 1
        page.go_back()
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("Kies een plek.")
        expect(page.locator(".vp-place")).to_have_count(0)


def test_a_click_in_the_sea_is_said_and_another_click_works(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        box = page.locator("#kaart").bounding_box()
        assert box is not None
        # The whole region is in view; its north-western corner is sea.
        page.mouse.click(box["x"] + 12, box["y"] + 12)
        expect(page.locator(".utrecht-paragraph--lead")).to_contain_text("buiten de regio")
        ready(page)
        expect(page.locator("#q")).to_have_attribute("aria-invalid", "true")
        assert page.locator("#q").input_value() == query(page)["q"][0]
        page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
        page.wait_for_url(re.compile(r"punt=\d+,\d+"))
        ready(page)
        assert page.locator("#q").get_attribute("aria-invalid") is None


def test_the_middle_of_the_map_is_chosen_with_enter_or_the_button(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        page.locator("#kaart").focus()
        expect(page.locator(".vp-crosshair")).to_be_visible()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(350)
        page.keyboard.press("Enter")
        page.wait_for_function(f"!location.search.includes('{HAARLEM}')")
        ready(page)
        east = int(query(page)["punt"][0].split(",")[0])
        assert east > 103_900
        before = page.url
        page.locator("#kaart").focus()
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(350)
        page.get_by_role("button", name="Kies het midden van de kaart").press("Enter")
        page.wait_for_function("before => location.href !== before", arg=before)
        ready(page)
        assert "lopen" in lead(page)


def test_a_second_click_may_choose_the_place_to_compare_with(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        page.get_by_label("Een klik kiest plek B").check()
        box = page.locator("#kaart").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 60, box["y"] + box["height"] - 60)
        page.wait_for_url(re.compile("met="))
        ready(page)
        assert query(page)["punt"] == [HAARLEM]
        letters = page.locator(".vp-place").all_inner_texts()
        assert sorted(letters) == ["A", "B"]


def test_the_table_and_the_map_have_the_same_amenities(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        listed = categories(page, "#profiel tr[data-categorie]:not(:has([colspan]))")
        assert page.locator(".vp-amenity-marker").count() == len(listed) == 12
        assert page.locator("path.vp-way").count() == 12
        tips = page.evaluate(
            "fetch(document.querySelector('[data-kaart]').dataset.kaart).then(a => a.json())"
            ".then(j => j.features.filter(f => f.properties.rol === 'voorziening')"
            ".map(f => f.properties.categorie))"
        )
        assert sorted(tips) == listed


def test_a_row_brings_out_its_way_on_the_map(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        row = page.get_by_role("button", name="Ziekenhuis")
        row.press("Enter")
        expect(row).to_have_attribute("aria-pressed", "true")
        assert page.locator("path.vp-way.is-picked").count() == 1
        assert page.locator("path.vp-way.is-dimmed").count() == 11
        row.press("Enter")
        expect(row).to_have_attribute("aria-pressed", "false")
        assert page.locator("path.vp-way.is-picked").count() == 0


def test_the_way_of_travelling_is_switched_at_once(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        walking = lead(page)
        page.get_by_label("Met de fiets").check(force=True)
        page.wait_for_url("**wijze=fietsend**")
        ready(page)
        assert lead(page) != walking
        page.get_by_label("Past het bij een soort plek?").select_option("respijt")
        expect(page.get_by_role("heading", name="Score voor Respijt")).to_be_visible()
        assert query(page)["soort"] == ["respijt"]
        assert query(page)["wijze"] == ["fietsend"]


def test_zones_come_and_go_with_their_table(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        assert page.locator("path.vp-zone-shape").count() == 0
        box = page.get_by_label("Toon waar u in 5, 10 en 15 minuten komt")
        box.check()
        expect(page.get_by_role("heading", name="Waar u in 5, 10 en 15")).to_be_visible()
        expect(page.locator("path.vp-zone-shape")).to_have_count(3)
        box.uncheck()
        expect(page.locator("path.vp-zone-shape")).to_have_count(0)
        assert "zones" not in query(page)


def test_an_address_brings_someone_else_to_the_same_view(open_page: OpenPage) -> None:
    address = f"{PAGE}?punt={HAARLEM}&met={ZANDVOORT}&wijze=fietsend"
    with open_page(address) as page:
        ready(page)
        said = lead(page)
        assert page.url.endswith(address)
    with open_page(address, java_script_enabled=False) as page:
        assert lead(page) == said


def test_without_scripts_everything_but_the_map_is_there(open_page: OpenPage) -> None:
    with open_page(PAGE, java_script_enabled=False) as page:
        expect(page.locator("#kaart")).to_be_hidden()
        page.get_by_label("Vanaf welke plek?").fill("103.900, 488.500")
        page.get_by_role("button", name="Toon").first.click()
        assert query(page)["punt"] == [HAARLEM]
        assert "minuten lopen" in lead(page)
        page.get_by_label("Met de fiets").check(force=True)
        page.locator("#keuze").get_by_role("button", name="Toon").click()
        assert "fietsen" in lead(page)
        page.get_by_label("Met welke plek?").fill("zandvoort")
        page.locator("#vergelijk").get_by_role("button", name="Toon").click()
        assert set(query(page)) == {"punt", "met", "wijze"}
        expect(page.locator("#profiel th .vp-access__show")).to_have_count(0)


def test_a_server_that_stops_answering_is_said(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        said = lead(page)
        page.route(f"**{PAGE}**", lambda route: route.abort())
        page.get_by_label("Met de fiets").check(force=True)
        expect(page.locator("#kaart-fout")).to_be_visible()
        assert lead(page) == said


def test_nothing_is_cut_off_at_400_percent_zoom(open_page: OpenPage) -> None:
    for question in QUESTIONS.values():
        with open_page(PAGE + question, viewport={"width": 320, "height": 256}) as page:
            ready(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_large_enough_to_hit(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}", viewport=NARROW) as page:
        ready(page)
        small = page.eval_on_selector_all(
            "main button, main select, main input:not([type=hidden]), .leaflet-bar a",
            """items => items.filter(item => item.checkVisibility()).filter(item => {
                 const {width, height} = (item.closest('label') || item).getBoundingClientRect();
                 return Math.min(width, height) < 24;
               }).map(item => item.outerHTML.slice(0, 80))""",
        )
        assert small == []


def test_the_profile_prints_as_a_document(open_page: OpenPage) -> None:
    with open_page(f"{PAGE}?punt={HAARLEM}") as page:
        ready(page)
        page.emulate_media(media="print")
        assert page.locator("#profiel table").first.is_visible()
        assert page.locator(".utrecht-paragraph--lead").is_visible()
        for gone in ("#zoek", "#keuze", "#vergelijk", "#kies-midden", ".vp-nav"):
            assert not page.locator(gone).first.is_visible(), gone


def test_a_site_shows_the_ways_to_what_is_near(open_page: OpenPage) -> None:
    with open_page("/locatie/1") as page:
        ready(page)
        shown = page.locator("#buurt-deel tr[data-categorie]:not(:has([colspan]))").count()
        assert shown > 0
        assert page.locator(".vp-amenity-marker").count() == shown
        page.get_by_role("button", name="Supermarkt").click()
        assert page.locator("path.vp-way.is-picked").count() == 1
        page.get_by_role("link", name="Met de fiets").click()
        page.wait_for_url("**wijze=fietsend#in-de-buurt")
        ready(page)
        expect(page.locator("#in-de-buurt + p")).to_contain_text("fietsen")


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_on_a_site_with_its_map(
    open_page: OpenPage, axe_faults: AxeFaults, view: str
) -> None:
    with open_page("/locatie/1", bypass_csp=True, **VIEWS[view]) as page:
        ready(page)
        assert axe_faults(page) == []
