"""How a page is looked at: the sizes, and the types of the fixtures that open one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
#: A site on the map; a count of protected sites is a marker too.
SITE_MARKER = ".vp-marker:not(.vp-marker--protected)"
OpenPage = Callable[..., AbstractContextManager[Page]]
#: Path, role and gemeente code.
SignedInPage = Callable[..., AbstractContextManager[Page]]
AxeFaults = Callable[[Page], list[str]]
