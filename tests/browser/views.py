"""How a page is looked at: the sizes, and the types of the fixtures that open one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Locator, Page, ViewportSize, expect

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
#: A site on the map; a count of protected sites is a marker too.
SITE_MARKER = ".vp-marker:not(.vp-marker--protected)"
#: Of things on a map, the first of which the middle is in sight with nothing on top.
FIRST_FREE = """all => all.findIndex(one => {
  const {x, y, width, height} = one.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  return y > 150 && (top === one || one.contains(top));
})"""
OpenPage = Callable[..., AbstractContextManager[Page]]
#: Path, role and gemeente code.
SignedInPage = Callable[..., AbstractContextManager[Page]]
AxeFaults = Callable[[Page], list[str]]


def point_at_tip(page: Page, targets: Locator) -> None:
    """Point at the first that lies free, and then at its tip: that stays, and goes with Escape."""
    targets.nth(targets.evaluate_all(FIRST_FREE)).hover()
    tip = page.locator(".leaflet-tooltip")
    told, place = tip.inner_text(), tip.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2, steps=12)
    page.wait_for_timeout(600)
    assert tip.inner_text() == told
    assert tip.bounding_box() == place
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    expect(tip).to_have_count(0)
