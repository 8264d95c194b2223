"""Writing what a site would cost. Who wrote in between is never written over."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.planning_tables import SiteCost
from data.queries.costs import site_costs


@dataclass(frozen=True)
class CostFields:
    """What a person fills in: whole euros, on whose word, and of which date."""

    cost_eur: int
    source: str
    found_on: dt.date


def save_cost(connection: Connection, site_id: int, fields: CostFields, seen_version: int) -> None:
    """Write an estimate over version ``seen_version``; 0 says that none was there yet.

    Hold the site first (``hold_site``). Raises Conflict when there is another version.
    """
    is_new = _check_seen(connection, site_id, seen_version) == 0
    values = dataclasses.asdict(fields)
    with in_words():
        if is_new:
            connection.execute(insert(SiteCost).values(site_id=site_id, **values))
        else:
            connection.execute(update(SiteCost).where(SiteCost.site_id == site_id).values(**values))


def remove_cost(connection: Connection, site_id: int, seen_version: int) -> None:
    """Take an estimate away; the history keeps it. Hold the site first."""
    if _check_seen(connection, site_id, seen_version):
        connection.execute(delete(SiteCost).where(SiteCost.site_id == site_id))


def _check_seen(connection: Connection, site_id: int, seen_version: int) -> int:
    stored = site_costs(connection, [site_id]).get(site_id)
    version = stored.version if stored else 0
    if version != seen_version:
        raise Conflict("Iemand anders heeft de kosten intussen gewijzigd.")
    return version
