"""The map page as people use it: wide, narrow, dark, by keyboard, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.views import NARROW, SITE_MARKER, AxeFaults, OpenPage

READY = "#kaart[data-ready]"
MOST_BYTES = 600_000
#: Notes whether the map ever glides.
WATCH_GLIDES = """() => {
  window.glides = false;
  const look = () => { window.glides ||= document.querySelector(".leaflet-pan-anim") !== null; };
  new MutationObserver(look).observe(document.getElementById("kaart"), {
    attributeFilter: ["class"], subtree: true
  });
}"""


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def listed_ids(page: Page) -> set[str]:
    return set(
        page.eval_on_selector_all(
            "#locaties .vp-site", "items => items.map(item => item.dataset.locatie)"
        )
    )


def ids_on_map(page: Page) -> set[str]:
    return set(
        page.eval_on_selector_all(
            SITE_MARKER, "items => items.flatMap(item => item.dataset.ids.split(' '))"
        )
    )


def choose(page: Page, action: Callable[[], object]) -> None:
    """Do something that changes the view, and wait until all of it has changed."""
    with (
        page.expect_response(lambda answer: "/kaart/locaties.json" in answer.url),
        page.expect_response(lambda answer: urlsplit(answer.url).path == "/"),
    ):
        action()
    ready(page)


VIEWS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
    "dark and narrow": {"color_scheme": "dark", "viewport": NARROW},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "path", ["/", "/?niveau=buurt&soort=beschut_wonen&gebied=GM0392", "/?cijfer=geen&locatie=1"]
)
def test_axe_finds_nothing(
    open_page: OpenPage, axe_faults: AxeFaults, view: str, path: str
) -> None:
    with open_page(path, bypass_csp=True, **VIEWS[view]) as page:
        ready(page)
        assert axe_faults(page) == []


def test_the_page_asks_nothing_of_another_host_and_breaks_none_of_its_own_rules(
    guarded_page: Page, live_site: str
) -> None:
    page = guarded_page
    page.goto(f"{live_site}/?niveau=buurt")
    ready(page)
    choose(page, lambda: page.locator(".vp-site__name").first.click())


def test_the_first_load_of_all_buurten_is_light(
    blank_context: BrowserContext, live_site: str
) -> None:
    page = blank_context.new_page()
    network = blank_context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{live_site}/?niveau=buurt", wait_until="networkidle")
    ready(page)
    assert page.locator("path.map-area").count() == 400
    print(f"first load at buurt level: {sum(sizes):,.0f} bytes in {len(sizes)} requests")
    assert sum(sizes) < MOST_BYTES


def test_the_list_has_the_same_sites_as_the_map(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        assert listed_ids(page) == ids_on_map(page)
        assert page.locator("[data-aantal]").inner_text() == str(len(listed_ids(page)))
        before = listed_ids(page)
        page.get_by_text("Kies soort, fase en datum").click()
        choose(page, lambda: page.get_by_role("checkbox", name="Respijtplek").check())
        assert listed_ids(page) == ids_on_map(page)
        assert listed_ids(page) < before
        assert page.locator("[data-aantal]").inner_text() == str(len(listed_ids(page)))


def test_a_site_that_ended_is_shown_only_when_asked_for(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        before = listed_ids(page)
        page.get_by_text("Kies soort, fase en datum").click()
        choose(page, lambda: page.get_by_label("Gestopt").check())
        assert before < listed_ids(page) == ids_on_map(page)


def test_every_area_has_the_same_figure_on_the_map_and_in_the_table(open_page: OpenPage) -> None:
    with open_page("/?niveau=gemeente") as page:
        ready(page)
        drawn = page.evaluate("fetch('/kaart/laag.json?niveau=gemeente').then(a => a.json())")
        table = page.eval_on_selector_all(
            "#cijfers a[data-gebied]",
            "links => links.map(link => [link.dataset.gebied, "
            "link.closest('tr').querySelector('td').textContent])",
        )
        assert dict(table) == {code: text for code, (_, text) in drawn["gebieden"].items()}
        assert sum(step["aantal"] for step in drawn["klassen"]) + drawn["geen_cijfer"] == 8
        legend = page.locator("#legenda .vp-legend__count").all_inner_texts()
        assert sum(int(text.split()[0]) for text in legend) == 8


def test_an_address_brings_someone_else_to_the_same_view(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        choose(page, lambda: page.get_by_label("Buurten").check(force=True))
        choose(page, lambda: page.get_by_label("Klassen").select_option("gelijk"))
        page.get_by_text("Kies soort, fase en datum").click()
        choose(page, lambda: page.get_by_role("checkbox", name="Beschut wonen").check())
        choose(page, lambda: page.locator(".vp-site__name").first.click())
        page.wait_for_timeout(500)  # the map comes to rest and notes its position
        address = page.url
        listed, title = listed_ids(page), page.locator("#paneel-kop").inner_text()
    query = parse_qs(urlsplit(address).query)
    assert {"niveau", "indeling", "soort", "locatie"} <= set(query)
    assert "cijfer" not in query
    with open_page(f"/?{urlsplit(address).query}") as page:
        ready(page)
        assert page.url == address
        assert listed_ids(page) == ids_on_map(page) == listed
        assert page.locator("#paneel-kop").inner_text() == title
        expect(page.get_by_label("Buurten")).to_be_checked()
        expect(page.get_by_label("Klassen")).to_have_value("gelijk")
        assert page.locator("path.map-area").count() == 400


def test_the_position_of_the_map_is_kept_in_the_address(open_page: OpenPage) -> None:
    with open_page("/?kaart=52.38,4.63,13") as page:
        ready(page)
        page.get_by_label("Inzoomen").click()
        page.wait_for_url(re.compile(r"kaart=52\.3\d*,4\.6\d*,14"))


def test_the_back_button_undoes_a_choice(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        before = listed_ids(page)
        page.get_by_text("Kies soort, fase en datum").click()
        choose(page, lambda: page.get_by_role("checkbox", name="Skaeve Huse").check())
        assert listed_ids(page) != before
        choose(page, lambda: page.go_back())
        assert listed_ids(page) == ids_on_map(page) == before
        expect(page.get_by_role("checkbox", name="Skaeve Huse")).not_to_be_checked()


def test_a_site_opens_from_the_list_and_closes_with_escape(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        link = page.locator(".vp-site__name").nth(3)
        name = link.inner_text()
        choose(page, lambda: link.press("Enter"))
        expect(page.locator("#paneel-kop")).to_contain_text(name)
        expect(page.locator("#paneel-kop")).to_be_focused()
        assert page.locator(".vp-marker--chosen").count() == 1
        choose(page, lambda: page.keyboard.press("Escape"))
        expect(page.locator("#paneel-kop")).to_have_count(0)
        expect(page.get_by_role("link", name=name).first).to_be_focused()


def test_an_area_opens_from_the_map_and_names_itself_in_the_sentence(open_page: OpenPage) -> None:
    with open_page("/?niveau=gemeente") as page:
        ready(page)
        # A corner of the map that no site covers: the middle of the largest gemeente is full.
        choose(
            page,
            lambda: page.evaluate(
                "document.querySelectorAll('path.map-area')[3]"
                ".dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: 800}))"
            ),
        )
        name = page.locator("#paneel-kop").inner_text()
        expect(page.locator("#antwoord")).to_contain_text(f"In {name}")
        expect(page.get_by_role("link", name=f"Alles over {name}")).to_be_visible()
        assert page.locator("path.is-chosen").count() == 1
        assert listed_ids(page) == ids_on_map(page)


def test_the_sites_on_the_map_are_one_stop_and_arrows_go_round(open_page: OpenPage) -> None:
    with open_page("/?kaart=52.38,4.64,12") as page:
        ready(page)
        assert page.locator(".vp-marker[tabindex='0']").count() == 1
        page.locator(".vp-marker[tabindex='0']").focus()
        page.keyboard.press("ArrowRight")
        focused = page.locator(".vp-marker:focus")
        expect(focused).to_have_count(1)
        assert focused.get_attribute("aria-label")
        while " " in (focused.get_attribute("data-ids") or ""):
            page.keyboard.press("ArrowRight")
        choose(page, lambda: page.keyboard.press("Enter"))
        expect(page.locator("#paneel-kop")).to_be_focused()


def test_the_tab_key_walks_the_whole_page(open_page: OpenPage) -> None:
    with open_page("/?soort=domus_plus") as page:
        ready(page)
        walked = []
        for _ in range(90):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "document.activeElement.textContent.trim() || document.activeElement.id "
                "|| document.activeElement.name"
            )
            walked.append(here)
            if here == "Bronnen" and "Privacy" in walked:
                break
        assert walked[0] == "Naar de inhoud"
        for stop in ("q", "Sla de kaart over", "Sorteren en downloaden", "Privacy"):
            assert stop in walked
        assert walked[-1] == "Bronnen"


def test_the_search_field_is_a_combobox(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        field = page.get_by_role("combobox", name="Zoek uw gemeente")
        field.press_sequentially("heems")
        options = page.get_by_role("option")
        expect(options.first).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        field.press("ArrowDown")
        active = field.get_attribute("aria-activedescendant")
        expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
        field.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        field.fill("heemsted")
        expect(options.first).to_contain_text("Heemstede")
        field.press("ArrowDown")
        choose(page, lambda: field.press("Enter"))
        expect(page.locator("#paneel-kop")).to_have_text("Heemstede")
        assert "gebied=GM0397" in page.url


def test_the_wheel_scrolls_the_page_over_the_map(open_page: OpenPage) -> None:
    with open_page("/", viewport=NARROW) as page:
        ready(page)
        page.locator("#kaart").scroll_into_view_if_needed()
        box = page.locator("#kaart").bounding_box()
        assert box is not None
        before = page.evaluate("scrollY")
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.wheel(0, 300)
        expect(page.locator("#kaart-hint")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") > before


@pytest.mark.parametrize(("motion", "glides"), [("no-preference", True), ("reduce", False)])
def test_the_map_does_not_glide_for_who_wants_less_motion(
    open_page: OpenPage, motion: str, glides: bool
) -> None:
    with open_page("/", reduced_motion=motion) as page:
        ready(page)
        before = page.url
        page.locator("#kaart").focus()
        page.evaluate(WATCH_GLIDES)
        page.keyboard.press("ArrowDown")
        page.wait_for_function("before => location.href !== before", arg=before)
        assert page.evaluate("window.glides") is glides


def test_nothing_is_cut_off_at_400_percent_zoom(open_page: OpenPage) -> None:
    with open_page("/?gebied=GM0392", viewport={"width": 320, "height": 256}) as page:
        ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_large_enough_to_hit(open_page: OpenPage) -> None:
    with open_page("/?gebied=GM0392", viewport=NARROW) as page:
        ready(page)
        small = page.eval_on_selector_all(
            "button, select, input:not([type=hidden]), summary, .vp-marker, .leaflet-bar a, "
            ".vp-nav__link, .vp-panel__close",
            """items => items.filter(item => item.checkVisibility()).filter(item => {
                 const {width, height} = (item.closest('label') || item).getBoundingClientRect();
                 return Math.min(width, height) < 24;
               }).map(item => item.outerHTML.slice(0, 80))""",
        )
        assert small == []


def test_a_server_that_stops_answering_is_said_and_the_page_stays(open_page: OpenPage) -> None:
    with open_page("/") as page:
        ready(page)
        page.route("**/kaart/*.json*", lambda route: route.abort())
        page.get_by_label("Buurten").check(force=True)
        expect(page.locator("#kaart-fout")).to_be_visible()
        assert listed_ids(page)


def test_without_scripts_the_page_is_a_list_with_a_form(open_page: OpenPage) -> None:
    with open_page("/", java_script_enabled=False) as page:
        expect(page.locator("#kaart")).to_be_hidden()
        expect(page.locator("#antwoord")).to_contain_text("In de regio:")
        everything = page.locator("#locaties .vp-site").count()
        page.get_by_text("Kies soort, fase en datum").click()
        page.get_by_role("checkbox", name="Respijtplek").check()
        page.get_by_role("button", name="Toon").click()
        assert "soort=respijt" in page.url
        assert 0 < page.locator("#locaties .vp-site").count() < everything
        expect(page.get_by_role("checkbox", name="Respijtplek")).to_be_checked()
        page.locator(".vp-site__name").first.click()
        assert urlsplit(page.url).path.startswith("/locatie/")


def test_without_scripts_the_search_form_finds(open_page: OpenPage) -> None:
    with open_page("/", java_script_enabled=False) as page:
        page.get_by_label("Zoek uw gemeente").fill("Schalkwijk")
        page.get_by_role("button", name="Zoek").click()
        assert urlsplit(page.url).path == "/zoeken"
        assert parse_qs(urlsplit(page.url).query)["q"] == ["Schalkwijk"]


def test_a_background_that_does_not_come_breaks_nothing(
    blank_context: BrowserContext, site_with_lost_tiles: str
) -> None:
    page = blank_context.new_page()
    page.goto(f"{site_with_lost_tiles}/")
    ready(page)
    assert listed_ids(page) == ids_on_map(page)
    expect(page.locator("#kaart-fout")).to_be_hidden()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Kadaster")
