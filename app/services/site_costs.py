"""What a site would cost once: the estimate that stands there, and writing another."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from app.numbers import to_dutch
from data.changes import costs
from data.changes.costs import CostFields
from data.changes.refusals import hold_site
from data.queries.costs import CostRecord, site_costs
from data.queries.workspace import WorkspaceSite

EARLIEST = dt.date(1990, 1, 1)


def find_cost(connection: Connection, site_id: int) -> CostRecord | None:
    """The estimate for a site within reach; None when there is none."""
    return site_costs(connection, [site_id]).get(site_id)


def cost_section(connection: Connection, site: WorkspaceSite) -> dict[str, object]:
    """What ``werkbank/_kosten.html`` shows."""
    cost = find_cost(connection, site.id)
    return {"cost": cost, "cost_told": cost and cost_told(cost, site.capacity_count)}


def cost_told(cost: CostRecord, place_count: int | None) -> str:
    """An estimate in a sentence, by place as well where their number is known."""
    told = f"Eenmalig € {to_dutch(cost.cost_eur)}"
    if not place_count:
        return f"{told}. Het aantal plekken is niet bekend, dus ook niet de kosten per plek."
    return f"{told}. Dat is € {to_dutch(cost.cost_eur / place_count)} per plek."


def cost_faults(fields: CostFields, today: dt.date) -> dict[str, str]:
    """What is wrong with an estimate, by field."""
    if fields.found_on > today:
        return {"found_on": "Deze datum ligt in de toekomst. Vul in van wanneer de schatting is."}
    if fields.found_on < EARLIEST:
        return {"found_on": "Deze datum is te lang geleden."}
    return {}


def save_cost(connection: Connection, site_id: int, fields: CostFields, seen_version: int) -> None:
    """Write an estimate. Raises NotFound, Conflict or SecretText."""
    hold_site(connection, site_id)
    costs.save_cost(connection, site_id, fields, seen_version)


def remove_cost(connection: Connection, site_id: int, seen_version: int) -> None:
    """Take the estimate away. Raises NotFound or Conflict."""
    hold_site(connection, site_id)
    costs.remove_cost(connection, site_id, seen_version)
