"""What sites would cost; row level security keeps it to the own gemeenten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.planning_tables import SiteCost


@dataclass(frozen=True)
class CostRecord:
    """What a site would cost once, in whole euros; ``version`` grows with each change."""

    cost_eur: int
    source: str
    found_on: dt.date
    version: int


def site_costs(connection: Connection, site_ids: Collection[int]) -> dict[int, CostRecord]:
    """The stored costs by site; a site without an estimate is not there."""
    columns = [getattr(SiteCost, name) for name in CostRecord.__dataclass_fields__]
    rows = connection.execute(
        select(SiteCost.site_id, *columns).where(SiteCost.site_id.in_(site_ids))
    )
    return {site_id: CostRecord(*facts) for site_id, *facts in rows}
