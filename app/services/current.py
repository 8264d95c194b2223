"""What every page stands on: the release in use, the date, and whether it is an example."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import exists, select

from app.database import connection
from data.errors import NotFound
from data.queries.releases import area_release
from data.tables import Site, SourceRelease


def today() -> dt.date:
    """The date of today; one place, so that tests can set it."""
    return dt.date.today()


def uses_example_data() -> bool:
    """Whether the areas or any site shown come from a release marked as example."""
    example_sites = select(
        exists().where(Site.release_id == SourceRelease.id, SourceRelease.is_example)
    )
    with connection() as opened:
        try:
            if area_release(opened).is_example:
                return True
        except NotFound:
            return False
        return bool(opened.scalar(example_sites))


def template_context() -> dict[str, object]:
    """What every template may use."""
    return {
        "is_example": uses_example_data(),
        "today": today(),
        "settings": current_app.config["SETTINGS"],
    }
