"""Keeping the test of a proposed place that could not be made when it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from data.dialogue_tables import Contribution


def keep_place_test(connection: Connection, code: str, place_test: Mapping[str, Any]) -> bool:
    """Keep a test where there is none yet; whether there was none."""
    changed = connection.execute(
        update(Contribution)
        .where(Contribution.code == code, Contribution.place_test.is_(None))
        .values(place_test=dict(place_test))
    )
    return bool(changed.rowcount)
