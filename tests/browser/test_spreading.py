"""The page of the spreading as people use it: wide, narrow, dark, by keyboard, and taken along."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from struct import unpack
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import NARROW, AxeFaults, OpenPage

ON = "datum=2026-01-01"
PAGE = f"/spreiding?soort=beschut_wonen&{ON}"
WIJKEN = f"{PAGE}&niveau=wijk"
#: What the page shows with few sites, without places, and without figures to divide by.
FEW = f"/spreiding?soort=respijt&{ON}"
NONE = f"/spreiding?soort=skaeve_huse&{ON}"
UNKNOWN = f"{PAGE}&basis=woningvoorraad"
ALL = f"/spreiding?{ON}"
READY = "#kaart[data-ready]"
CHARTS = ("verhouding", "kaart", "trechter", "lorenz")
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW},
    "dark": {"color_scheme": "dark"},
}
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
#: The ends of the region on the page, left and right, seen from the left of the map.
REGION = """() => {
    const map = document.getElementById("kaart").getBoundingClientRect();
    const parts = [...document.querySelectorAll("path.is-border")];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    return [
        Math.min(...boxes.map((box) => box.left)) - map.left,
        Math.max(...boxes.map((box) => box.right)) - map.left,
        map.width,
    ];
}"""
#: The texts in a chart with their boxes on the page.
TEXTS = """(svg) => [...svg.querySelectorAll("text")].map((text) => {
    const { left, top, right, bottom } = text.getBoundingClientRect();
    return [text.textContent, left, top, right, bottom];
})"""


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def table_classes(page: Page) -> list[str]:
    classes: list[str] = page.eval_on_selector_all(
        "#tabel tr[data-klasse]", "rows => rows.map(row => row.dataset.klasse)"
    )
    return classes


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", [PAGE, WIJKEN, FEW, NONE, UNKNOWN])
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe_faults: AxeFaults, view: str, path: str
) -> None:
    with open_page(path, bypass_csp=True, **VIEWS[view]) as page:
        ready(page)
        page.eval_on_selector_all("details", "all => all.forEach(each => (each.open = true))")
        assert axe_faults(page) == []
        width = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [PAGE, WIJKEN, FEW, NONE, UNKNOWN])
def test_the_answer_and_its_date_stand_in_the_first_screen_of_a_telephone(
    open_page: OpenPage, path: str
) -> None:
    with open_page(path, viewport=NARROW) as page:
        for part in (".utrecht-paragraph--lead", ".vp-when"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= NARROW["height"]
        expect(page.locator(".vp-when")).to_contain_text("1 januari 2026")


@pytest.mark.parametrize("path", [PAGE, WIJKEN])
def test_at_four_hundred_percent_nothing_sticks_out(open_page: OpenPage, path: str) -> None:
    with open_page(path, viewport={"width": 320, "height": 256}) as page:
        ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_asks_nothing_of_another_host_and_breaks_none_of_its_own_rules(
    guarded_page: Page, live_site: str
) -> None:
    page = guarded_page
    for path in (PAGE, WIJKEN, FEW, NONE, UNKNOWN):
        page.goto(f"{live_site}{path}")
        ready(page)


@pytest.mark.parametrize("path", [PAGE, WIJKEN, NONE])
def test_the_map_and_its_legend_have_the_verdicts_of_the_table(
    open_page: OpenPage, path: str
) -> None:
    with open_page(path) as page:
        ready(page)
        classes = page.eval_on_selector_all(
            "path.map-area", "paths => paths.map(path => path.getAttribute('class'))"
        )
        on_map = Counter(re.findall(r"\bk-(onder|gelijk|boven|none)\b", " ".join(classes)))
        in_table = Counter("none" if key == "0" else key for key in table_classes(page))
        assert on_map == in_table
        assert sum(on_map.values()) == (83 if path == WIJKEN else 8)
        steps = page.locator(".vp-spread__legend li").all()
        told = {
            str(step.locator(".vp-legend__swatch").get_attribute("class")).split("k-")[-1]: int(
                step.locator(".vp-legend__count").inner_text().split()[0]
            )
            for step in steps
        }
        assert told == on_map
        assert page.locator("path.is-border").count() == 8


def test_every_area_of_the_map_has_the_colour_of_its_own_row(open_page: OpenPage) -> None:
    with open_page(WIJKEN) as page:
        ready(page)
        swatches = page.eval_on_selector_all(
            ".vp-spread__legend .vp-legend__swatch",
            """all => Object.fromEntries(all.map((swatch) => [
                swatch.className.split("k-")[1], getComputedStyle(swatch).backgroundColor,
            ]))""",
        )
        row = page.locator("#tabel tr[data-klasse=boven]").first
        page.evaluate("code => { window.location.hash = code; }", row.get_attribute("id"))
        expect(page.locator("path.is-chosen")).to_have_count(1)
        # The outline has the same line as the area under it, which has the colour.
        fill = page.evaluate(
            """() => {
                const line = document.querySelector("path.is-chosen").getAttribute("d");
                const areas = [...document.querySelectorAll("path.map-area")];
                const own = areas.find((area) => area.getAttribute("d") === line);
                return getComputedStyle(own).fill;
            }"""
        )
        assert fill == swatches["boven"]
        assert len(set(swatches.values())) == len(swatches)


def test_a_click_on_the_map_leads_to_the_row_of_the_area(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        page.locator("#kaart").scroll_into_view_if_needed()
        box = page.locator("path.map-area").last.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*middle)
        tip = page.locator(".vp-map .leaflet-tooltip")
        name, told = tip.locator("strong").inner_text(), tip.locator(".vp-tip__value").inner_text()
        page.mouse.click(*middle)
        page.wait_for_function("location.hash.startsWith('#GM')")
        row = page.locator(f"#{page.evaluate('location.hash.slice(1)')}")
        expect(row).to_be_in_viewport()
        expect(row.locator("th")).to_contain_text(name)
        assert told.startswith(row.locator(".vp-verdict-column").inner_text())
        expect(page.locator("path.is-chosen")).to_have_count(1)


def test_the_map_shows_the_region_again_after_it_was_without_size(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        before = page.evaluate(REGION)
        assert 0 <= before[0] < before[1] <= before[2]
        for display in ("none", "block"):
            page.locator("#kaart").evaluate(
                "(map, display) => (map.style.display = display)", display
            )
            page.wait_for_timeout(200)
        assert page.evaluate(REGION) == pytest.approx(before, abs=2)


@pytest.mark.parametrize("script", [True, False])
def test_everything_can_be_chosen_by_keyboard(open_page: OpenPage, script: bool) -> None:
    with open_page(f"/spreiding?{ON}", java_script_enabled=script) as page:
        form = page.get_by_role("form", name="Kies wat u vergelijkt")
        for label, keys in (
            ("Soort", "Besch"),
            ("Per", "W"),
            ("Verdeeld naar", "Huis"),
            ("Wat telt mee", "Wat"),
        ):
            field = form.get_by_label(label, exact=True)
            field.focus()
            page.keyboard.type(keys)
        form.get_by_role("button", name="Toon").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**niveau=wijk**")
        for word in ("soort=besch", "basis=huishoudens", ON):
            assert word in page.url
        assert page.locator("#tabel tbody tr").count() == 83
        chosen = form.get_by_label("Verdeeld naar").locator("option:checked")
        assert chosen.inner_text() == "Huishoudens"


def test_a_table_of_a_chart_opens_and_files_are_reached_by_keyboard(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        chart = page.locator("#trechter")
        chart.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(chart.locator("table")).to_be_visible()
        assert chart.locator("tbody tr").count() == 8
        page.keyboard.press("Tab")  # the table can be scrolled
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "SVG"
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "PNG"
        with page.expect_download() as arriving:
            page.keyboard.press("Enter")
        assert arriving.value.suggested_filename.endswith(".png")


def test_the_keyboard_can_skip_the_map_and_can_pass_through_it(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        skip = page.get_by_role("link", name="Sla de kaart over")
        skip.focus()
        page.keyboard.press("Enter")
        assert page.locator(":focus").inner_text() == "Verschil of toeval?"
        skip.focus()
        stops = []
        for _ in range(6):
            page.keyboard.press("Tab")
            stops.append(page.locator(":focus").inner_text())
        assert "SVG" in stops


def test_without_scripts_the_tables_say_it_all(open_page: OpenPage) -> None:
    with open_page(PAGE, java_script_enabled=False) as page:
        assert not page.locator("#kaart").is_visible()
        assert page.locator("#tabel tbody tr").count() == 8
        for chart in ("trechter", "lorenz"):
            figure = page.locator(f"#{chart}")
            assert figure.locator("svg").is_visible()
            figure.locator("summary").click()
            assert figure.locator("tbody tr").count() == 8
            assert figure.locator("table").is_visible()
        assert page.get_by_role("link", name="SVG", exact=True).count() == len(CHARTS)
        assert page.get_by_role("link", name="PNG", exact=True).count() == 0


@pytest.mark.parametrize("path", [PAGE, WIJKEN, ALL])
def test_a_chart_says_in_words_what_its_table_holds(open_page: OpenPage, path: str) -> None:
    with open_page(path) as page:
        funnel = page.locator("#trechter")
        drawing = funnel.get_by_role("img")
        says = funnel.locator("figcaption").inner_text()
        expect(drawing).to_have_accessible_description(says)
        lorenz = page.locator("#lorenz")
        if lorenz.count():
            expect(lorenz.get_by_role("img")).to_have_accessible_description(
                lorenz.locator("figcaption").inner_text()
            )
        counts = Counter(table_classes(page))
        dots = funnel.locator(".vp-chart__dot-clear").count()
        assert dots == counts["boven"] + counts["onder"]
        for key, word in (("boven", "Boven"), ("onder", "Onder")):
            if not counts[key]:
                assert f"{word} de trechter" not in says
            elif counts[key] > 6:
                assert f"{word} de trechter liggen {counts[key]} " in says
            else:
                names = page.locator(f"#tabel tr[data-klasse={key}] th a").all_inner_texts()
                sentence = re.search(rf"{word} de trechter [^:]*:", says)
                assert sentence is not None
                assert all(name in sentence[0] for name in names)


@pytest.mark.parametrize("path", [PAGE, WIJKEN, ALL])
@pytest.mark.parametrize("view", ["wide", "narrow"])
def test_no_text_in_a_chart_lies_over_another(open_page: OpenPage, path: str, view: str) -> None:
    with open_page(path, **VIEWS[view]) as page:
        page.evaluate("document.fonts.ready")
        for chart in page.locator("svg.vp-chart__drawing").all():
            assert over_each_other(chart.evaluate(TEXTS)) == []


def over_each_other(texts: list[tuple[str, float, float, float, float]]) -> list[tuple[str, str]]:
    """The pairs of texts whose boxes overlap by more than the white around letters."""
    return [
        (one[0], other[0])
        for one, other in combinations(texts, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > 1
        and min(one[4], other[4]) - max(one[2], other[2]) > 0.3 * (one[4] - one[2])
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_arrives_as_svg_and_as_a_picture_of_it(open_page: OpenPage, chart: str) -> None:
    with open_page(PAGE) as page:
        link = page.locator(f'a[data-png="vlekkenplan-{chart}.png"]')
        with page.expect_download() as arriving:
            page.locator(f'a[download][href*="/spreiding/{chart}.svg"]').click()
        assert arriving.value.suggested_filename.startswith("vlekkenplan-")
        assert arriving.value.suggested_filename.endswith(".svg")
        drawing = ElementTree.parse(arriving.value.path()).getroot()
        _, _, width, height = (float(number) for number in drawing.attrib["viewBox"].split())
        inside = " ".join(text.text or "" for text in drawing.iter(f"{SVG}text"))
        for wanted in ("Bron:", "2024", "/methode/", "1 januari 2026"):
            assert wanted in inside
        with page.expect_download() as picture:
            link.click()
        assert picture.value.suggested_filename == f"vlekkenplan-{chart}.png"
        told = Path(picture.value.path()).read_bytes()
        assert told.startswith(PNG)
        wide, high = unpack(">II", told[16:24])
        assert wide >= 2 * width
        assert high / wide == pytest.approx(height / width, rel=0.01)
        assert len(told) > 10_000


def test_nothing_is_offered_that_is_not_there(open_page: OpenPage) -> None:
    for path in (FEW, WIJKEN, NONE, UNKNOWN):
        with open_page(path) as page:
            links = page.locator('a[download][href*=".svg"]').all()
            for link in links:
                answer = page.request.get(
                    f"{page.evaluate('location.origin')}{link.get_attribute('href')}"
                )
                assert answer.status == 200, (path, link.get_attribute("href"))


def test_the_borders_can_be_lost_without_losing_the_answer(open_page: OpenPage) -> None:
    with open_page("/lijst") as page:
        page.route("**/kaart/grenzen/**", lambda route: route.abort())
        page.goto(page.url.replace("/lijst", PAGE))
        ready(page)
        expect(page.locator("#kaart-fout")).to_contain_text("De tabel heeft dezelfde cijfers")
        assert page.locator("#tabel tbody tr").count() == 8


def test_the_page_prints_as_a_document(open_page: OpenPage) -> None:
    with open_page(PAGE) as page:
        ready(page)
        page.emulate_media(media="print")
        for gone in ("form", ".vp-downloads", ".vp-map .leaflet-control-zoom"):
            assert not page.locator(gone).first.is_visible()
        for stays in ("h1", "#tabel table", "#trechter svg", "#lorenz svg", ".vp-when"):
            assert page.locator(stays).is_visible()
        swatches = page.eval_on_selector_all(
            ".vp-spread__legend .vp-legend__swatch",
            "all => all.map(swatch => getComputedStyle(swatch).printColorAdjust)",
        )
        assert set(swatches) == {"exact"}
        assert page.pdf(format="A4").startswith(b"%PDF-")
