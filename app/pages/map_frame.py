"""What the box of a map reads, on every page of the workspace that has one."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import Connection

from app.config import Settings
from app.pages.map_data import borders_url
from data.queries.releases import area_release
from geo.frames import LEVELS


def map_frame(connection: Connection) -> dict[str, Any]:
    """Borders and background."""
    release = area_release(connection)
    settings: Settings = current_app.config["SETTINGS"]
    return {
        "borders": {level: borders_url(release, level) for level in LEVELS},
        "tiles": (settings.tile_url, settings.tile_attribution) if settings.tile_url else None,
        "area_release": release,
    }
