"""What every page stands on: the release in use, the date, and whether it is an example."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import current_app
from jinja2 import pass_context
from jinja2.runtime import Context

from app.config import Settings
from app.database import connection
from data.errors import NotFound
from data.queries.counts import shows_example_sites
from data.queries.releases import Release, area_release


def today() -> dt.date:
    """The date of today; one place, so that tests can set it."""
    return dt.date.today()


def now() -> dt.datetime:
    """The moment it is now; one place, so that tests can set it."""
    return dt.datetime.now(dt.UTC)


def home() -> Path:
    """The folder in which the program keeps what it makes."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.home


@pass_context
def is_example(context: Context) -> bool:
    """Whether the areas or any site shown come from a release marked as example.

    A page that tells of which release its areas are, has read that already.
    """
    told = context.get("area_release")
    return bool(isinstance(told, Release) and told.is_example) or uses_example_data()


def uses_example_data() -> bool:
    """The same of a page that tells nothing of its areas."""
    with connection() as opened:
        try:
            of_areas = area_release(opened)
        except NotFound:
            return False
        return of_areas.is_example or shows_example_sites(opened)


def template_context() -> dict[str, object]:
    """What every template may use."""
    return {
        "is_example": is_example,
        "today": today(),
        "settings": current_app.config["SETTINGS"],
    }
