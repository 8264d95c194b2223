"""Photos, documents and the sheet, as planners use them: with a file in hand, by keyboard too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from tests.app import made_uploads as made
from tests.app.test_bulk_edit import Cells, changed_sheet
from tests.browser.staff import sign_in
from tests.browser.views import NARROW, WIDE, AxeFaults

VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}
OpenStaff = Callable[..., AbstractContextManager[Page]]
SHEET, IN, LOOK = "/werkbank/locaties.xlsx", "/werkbank/inlezen", "/werkbank/inlezen/nakijken"


@pytest.fixture
def open_as(browser: Browser, live_site: str, site_app: Flask, site_engine: Engine) -> OpenStaff:
    """Opens an address in a fresh browser of a planner of Haarlem."""
    with site_engine.begin() as owner:
        owner.execute(text("DELETE FROM draft"))
        owner.execute(text("DELETE FROM site_document"))

    @contextmanager
    def opening(path: str, **options: Any) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": WIDE, "locale": "nl-NL", **options})
        try:
            sign_in(context, site_app, site_engine, live_site, "planner", "GM0392")
            page = context.new_page()
            page.goto(f"{live_site}{path}")
            yield page
        finally:
            context.close()

    return opening


@pytest.fixture
def site_id(site_engine: Engine) -> int:
    """The first site of Haarlem."""
    with site_engine.connect() as owner:
        query = text("SELECT min(id) FROM site WHERE gemeente_code = 'GM0392'")
        return int(owner.execute(query).scalar_one())


def write(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as someone without a mouse does."""
    for _ in range(120):
        if page.evaluate("css => document.activeElement?.matches(css) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def press_enter(page: Page) -> None:
    """Follow a link or send a form with the keyboard, and wait for the page that comes."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def picture(page: Page, name: str) -> None:
    """Keep a picture to look at, when someone asks for it."""
    folder = os.environ.get("VLEKKENPLAN_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def no_sideways_scroll(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def rename(rows: list[Cells]) -> list[Cells]:
    first = rows[0]["code"]
    for row in rows:
        if row["code"] == first:
            row["naam"] = f"{row['naam']} aan het water"
    rows[-1] = {**rows[-1], "aanbieder": rows[-1]["aanbieder"]}
    new = {**rows[0], "code": "PROEF-1", "naam": "Nieuwe plek (voorbeeld)", "versie": None}
    return [*rows, new]


def test_a_photo_is_added_by_keyboard_and_looked_at(
    open_as: OpenStaff, site_id: int, tmp_path: Path
) -> None:
    photo = write(tmp_path, "IMG_1.jpg", made.phone_photo())
    with open_as(f"/werkbank/locaties/{site_id}") as page:
        tab_to(page, f'a[href="/werkbank/locaties/{site_id}/bestanden"]')
        press_enter(page)
        tab_to(page, "#titel")
        page.keyboard.type("Vanaf de straat")
        tab_to(page, "#bestand")
        page.locator("#bestand").set_input_files(photo)
        tab_to(page, "form .utrecht-button--primary-action")
        press_enter(page)
        expect(page.get_by_role("status")).to_contain_text("de plek (GPS), de datum")
        shown = page.get_by_role("img", name="Vanaf de straat")
        expect(shown).to_be_visible()
        shown.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.vp-file-item img').naturalWidth === 300")
        tab_to(page, 'a[href$="/weghalen"]')
        press_enter(page)
        tab_to(page, "#reden")
        page.keyboard.type("Er is een betere foto")
        tab_to(page, "form .utrecht-button--primary-action")
        press_enter(page)
        expect(page.get_by_role("status")).to_contain_text("is weggehaald")
        expect(shown).to_have_count(0)


def test_a_pdf_is_downloaded_under_its_title(
    open_as: OpenStaff, site_id: int, tmp_path: Path
) -> None:
    plan = write(tmp_path, "scan0001.pdf", made.document(made.PDF_PLANTS["scripts en acties"]))
    with open_as(f"/werkbank/locaties/{site_id}/bestanden") as page:
        page.get_by_label("Titel").fill("Plan van de tuin")
        page.locator("#bestand").set_input_files(plan)
        page.get_by_role("button", name="Toevoegen").click()
        expect(page.get_by_role("status")).to_contain_text("scripts en acties")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Plan van de tuin", exact=True).click()
        assert downloading.value.suggested_filename == "plan-van-de-tuin.pdf"


def test_a_refused_file_keeps_the_title_and_says_what_to_do(
    open_as: OpenStaff, site_id: int, tmp_path: Path
) -> None:
    letter = write(tmp_path, "brief.docx", b"PK\x03\x04 brief")
    with open_as(f"/werkbank/locaties/{site_id}/bestanden") as page:
        page.get_by_label("Titel").fill("Brief")
        page.locator("#bestand").set_input_files(letter)
        page.get_by_role("button", name="Toevoegen").click()
        expect(page.get_by_role("alert")).to_contain_text("Bewaar het als PDF")
        expect(page.get_by_label("Titel")).to_have_value("Brief")
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.locator("#bestand")).to_be_focused()


def test_a_sheet_goes_out_and_comes_back_by_keyboard(
    open_as: OpenStaff, site_engine: Engine, tmp_path: Path
) -> None:
    with open_as("/werkbank") as page:
        tab_to(page, f'a[href="{IN}"]')
        press_enter(page)
        tab_to(page, f'a[href="{SHEET}"]')
        with page.expect_download() as downloading:
            page.keyboard.press("Enter")
        taken = Path(downloading.value.path()).read_bytes()
        changed = write(tmp_path, "locaties.xlsx", changed_sheet(taken, rename))
        page.locator("#bestand").set_input_files(changed)
        tab_to(page, "form .utrecht-button--primary-action")
        press_enter(page)
        expect(page.get_by_role("heading", name="Gewijzigd (1)")).to_be_visible()
        expect(page.get_by_role("heading", name="Nieuw (1)")).to_be_visible()
        expect(page.get_by_role("cell", name="aan het water")).to_be_visible()
        tab_to(page, "#reden")
        page.keyboard.type("Namen nagekeken")
        tab_to(page, "form .utrecht-button--primary-action")
        press_enter(page)
        expect(page.get_by_role("status")).to_contain_text("1 nieuw en 1 gewijzigd")
    with site_engine.begin() as owner:
        removed = owner.execute(text("DELETE FROM site WHERE site_code = 'PROEF-1'"))
        assert removed.rowcount == 1
        owner.execute(text("UPDATE site SET name = replace(name, ' aan het water', '')"))


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_are_accessible_and_fit(
    view: str, open_as: OpenStaff, axe_faults: AxeFaults, site_id: int, tmp_path: Path
) -> None:
    photo = write(tmp_path, "a.jpg", made.phone_photo())
    plan = write(tmp_path, "a.pdf", made.document())
    with open_as(f"/werkbank/locaties/{site_id}/bestanden", bypass_csp=True, **VIEWS[view]) as page:

        def check(name: str) -> None:
            picture(page, f"{name}-{view.replace(' ', '-')}")
            assert axe_faults(page) == [], name
            assert no_sideways_scroll(page), name

        for title, file in (("Vanaf de straat", photo), ("Een lange titel " * 7, plan)):
            page.get_by_label("Titel").fill(title.strip())
            page.locator("#bestand").set_input_files(file)
            page.get_by_role("button", name="Toevoegen").click()
        check("files")
        page.get_by_role("button", name="Toevoegen").click()
        check("files-refused")
        page.goto(f"{page.url.rpartition('/')[0]}")
        picture(page, f"site-{view.replace(' ', '-')}")
        page.goto(f"{page.url}/bestanden")
        page.locator('a[href$="/weghalen"]').last.click()
        check("removal")


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_of_the_sheet_are_accessible_and_fit(
    view: str, open_as: OpenStaff, axe_faults: AxeFaults, live_site: str, tmp_path: Path
) -> None:
    with open_as(IN, bypass_csp=True, **VIEWS[view]) as page:

        def check(name: str) -> None:
            picture(page, f"{name}-{view.replace(' ', '-')}")
            assert axe_faults(page) == [], name
            assert no_sideways_scroll(page), name

        def bring(change: Callable[[list[Cells]], Any]) -> None:
            page.goto(f"{live_site}{IN}")
            taken = page.request.get(f"{live_site}{SHEET}").body()
            file = write(tmp_path, "locaties.xlsx", changed_sheet(taken, change))
            page.locator("#bestand").set_input_files(file)
            page.get_by_role("button", name="Nakijken").click()

        def spoil(rows: list[Cells]) -> None:
            rows[0].update(plekken=-1, type="zwembad")

        def clash(rows: list[Cells]) -> list[Cells]:
            elsewhere = {**rows[-1], "code": "PROEF-2", "versie": None, "x": 110_000, "y": 490_000}
            for row in rows:
                row["naam"] = f"{row['naam']}, anders"
                row["versie"] = "0-oud" if row["code"] == rows[0]["code"] else row["versie"]
            return [*rows[:3], elsewhere]

        check("sheet")
        bring(spoil)
        expect(page.get_by_role("cell", name="zwembad", exact=True)).to_be_visible()
        check("sheet-faults")
        bring(rename)
        check("preview")
        page.get_by_role("button", name="Alles opslaan").click()
        expect(page.get_by_role("alert")).to_contain_text("Vul in waarom")
        check("preview-refused")
        bring(clash)
        check("preview-conflict")
        page.get_by_role("button", name="Bestand weggooien").click()
        check("thrown-away")
