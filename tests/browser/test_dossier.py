"""The dossier of a choice as people read it: on a screen, on a telephone, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, text

from tests.app.choosing import gather, make

NARROW = {"width": 390, "height": 844}
HAARLEM = "GM0392"


@pytest.fixture
def choice(site_engine: Engine) -> Iterator[str]:
    """The address of a choice between the plans for Skaeve Huse in Haarlem that are public."""
    with site_engine.begin() as connection:
        ids = connection.execute(
            text(
                "SELECT id FROM site WHERE type = 'skaeve_huse' AND gemeente_code = :code "
                "AND publication = 'openbaar' ORDER BY name"
            ),
            {"code": HAARLEM},
        ).scalars()
        choice_id = make(connection, HAARLEM)
        gather(connection, choice_id, *ids)
    yield f"/keuzes/{choice_id}"
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM choice WHERE id = :id"), {"id": choice_id})


def press(page: Page, label: str) -> None:
    """Reach a button by keyboard alone, and press it."""
    button = page.get_by_role("button", name=label)
    button.focus()
    page.keyboard.press("Enter")


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.parametrize("viewport", [None, NARROW], ids=["wide", "narrow"])
def test_a_dossier_is_made_published_and_read(
    signed_in_page: Any, open_page: Any, axe_faults: Any, choice: str, viewport: Any
) -> None:
    options = {"bypass_csp": True} | ({"viewport": viewport} if viewport else {})
    with signed_in_page(f"{choice}/dossier", "planner", HAARLEM, **options) as page:
        assert axe_faults(page) == []
        press(page, "Dossier maken")
        page.wait_for_url("**/dossier/2*")
        assert page.get_by_role("heading", name="4. De vergelijking").is_visible()
        assert axe_faults(page) == []
        assert fits(page)
        page.get_by_label("Waarom?").fill("Voor de raad")
        press(page, "Dossier openbaar maken")
        page.get_by_text("Dit dossier is openbaar sinds").wait_for()
        code = page.url.rpartition("/")[2]
    with open_page(f"/dossier/{code}", **options) as page:
        assert page.get_by_role("heading", level=1).inner_text().startswith("Dossier:")
        assert axe_faults(page) == []
        assert fits(page)


def test_on_paper_a_dossier_is_a_document(
    signed_in_page: Any, open_page: Any, choice: str, tmp_path: Any
) -> None:
    with signed_in_page(f"{choice}/dossier", "planner", HAARLEM) as page:
        press(page, "Dossier maken")
        page.wait_for_url("**/dossier/2*")
        page.get_by_label("Waarom?").fill("Voor de raad")
        press(page, "Dossier openbaar maken")
        page.get_by_text("Dit dossier is openbaar sinds").wait_for()
        code = page.url.rpartition("/")[2]
        page.emulate_media(media="print")
        assert not page.get_by_text("Dit dossier is openbaar sinds").is_visible()
    with open_page(f"/dossier/{code}") as page:
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="Hoofdmenu").is_visible()
        assert page.get_by_role("heading", name="9. Zo controleert u dit dossier").is_visible()
        assert page.get_by_text("Versie 1, ").is_visible()
        widths = page.evaluate(
            "[...document.querySelectorAll('.vp-dossier .utrecht-table-container')]"
            ".map(box => getComputedStyle(box).overflowX)"
        )
        assert set(widths) == {"visible"}
