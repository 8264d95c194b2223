"""What sites would cost once, as the gemeente estimates; row level security keeps it to theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.planning_tables import SiteCost


@dataclass(frozen=True)
class CostRecord:
    """The estimate for a site as it is stored; ``version`` grows with each change."""

    site_id: int
    cost_eur: int
    source: str
    found_on: dt.date
    version: int


def site_costs(connection: Connection, site_ids: Collection[int]) -> dict[int, CostRecord]:
    """The estimates of those sites within reach that have one, by site."""
    columns = [getattr(SiteCost, name) for name in CostRecord.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(SiteCost.site_id.in_(site_ids)))
    return {row.site_id: CostRecord(*row) for row in rows}
