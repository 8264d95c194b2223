"""The exported map, opened as a file in a browser that has no network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from app.services.map_export import export_map
from app.services.map_layers import MapQuestion
from tests.browser.views import NARROW, SITE_MARKER, WIDE, AxeFaults, point_at_tip

ON = dt.date(2026, 1, 1)
NASTY = "Naam </script><script>document.title = 'gekaapt'</script> ${document.title = 1} `x` \\"


@pytest.fixture(scope="module")
def exported(
    site_app: Flask, site_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A file with the map by buurt, in which one site has a name made to break out."""
    file = tmp_path_factory.mktemp("export") / "kaart.html"
    with site_app.app_context(), site_engine.connect() as connection:
        connection.execute(
            text("UPDATE site SET name = :name WHERE name LIKE 'Beschut wonen Parkwijk%'"),
            {"name": NASTY},
        )
        page = export_map(connection, MapQuestion(on=ON, level="buurt"), ON)
        connection.rollback()
    file.write_text(page, encoding="utf-8")
    return file


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Browser, exported: Path) -> Iterator[Page]:
    """The file, opened without a network; anything it asks for or complains of is a fault."""
    context = browser.new_context(viewport=request.param, locale="nl-NL", offline=True)
    opened = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(exported.as_uri())
    expect(opened.locator(".vp-marker").first).to_be_visible()
    yield opened
    elsewhere = [url for url in asked if not url.startswith(("data:", exported.as_uri()))]
    assert (elsewhere, complaints) == ([], [])
    context.close()


def test_the_map_is_drawn_from_the_file_alone(page: Page) -> None:
    assert page.locator("path.map-area").count() == 400
    assert page.locator("path.is-border").count() == 8
    assert page.locator(".vp-marker svg").count() > 30


def test_axe_finds_nothing(page: Page, axe_faults: AxeFaults) -> None:
    assert axe_faults(page) == []


def test_the_lists_hold_every_site_and_area_of_the_map(page: Page) -> None:
    sites, areas = page.locator("table").nth(0), page.locator("table").nth(1)
    assert sites.locator("tbody tr").count() == page.locator(SITE_MARKER).count()
    assert areas.locator("tbody tr").count() == page.locator("path.map-area").count()


def test_the_legend_counts_every_area_once(page: Page) -> None:
    counts = [
        int(line.rsplit(":", 1)[1].split()[0].replace(".", ""))
        for line in page.locator(".export__legend li").all_inner_texts()
    ]
    assert sum(counts) == 400


def test_the_colours_are_those_of_the_map_page(page: Page, live_site: str) -> None:
    fills = "names => names.map(n => getComputedStyle(document.querySelector(n)).fill)"
    names = [f".map-area.k{number}" for number in range(1, 6)]
    exported = page.evaluate(fills, names)
    context = page.context.browser.new_context(viewport=WIDE)  # type: ignore[union-attr]
    online = context.new_page()
    online.goto(f"{live_site}/?niveau=buurt&datum={ON}")
    expect(online.locator(".map-area.k5").first).to_be_attached()
    assert exported == online.evaluate(fills, names)
    context.close()


def test_a_marker_is_reached_and_named_by_keyboard(page: Page) -> None:
    marker = page.locator(SITE_MARKER).first
    marker.focus()
    assert ":" in (marker.get_attribute("title") or "")
    expect(page.locator(".leaflet-tooltip")).to_be_visible()


def test_the_tip_of_an_area_can_be_pointed_at(page: Page) -> None:
    page.locator(".export__map").scroll_into_view_if_needed()
    point_at_tip(page, page.locator("path.map-area"))


def test_a_nasty_name_is_only_text(page: Page) -> None:
    assert page.title().startswith("Locaties en inwoners per buurt")
    assert any(NASTY in words for words in page.locator("tbody th").all_inner_texts())


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]
