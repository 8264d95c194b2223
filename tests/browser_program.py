"""Where Chromium is, for the tests that look at pages. Standard library only."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

SETTING = "VLEKKENPLAN_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
#: Where Playwright keeps the browsers it fetched, under the home folder.
FETCHED = (
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_chromium(environ: Mapping[str, str]) -> str | None:
    """The program to start: the setting, else the first found on PATH; None when there is none."""
    if chosen := environ.get(SETTING):
        return chosen
    path = environ.get("PATH")
    found = (shutil.which(name, path=path) for name in NAMES)
    usual = (place for place in PLACES if Path(place).exists())
    home = Path(environ.get("HOME", "/nonexistent"))
    fetched = (str(place) for pattern in FETCHED for place in sorted(home.glob(pattern)))
    return next((program for program in (*found, *usual, *fetched) if program), None)
