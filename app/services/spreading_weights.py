"""What the places are divided by: a figure of the areas, or the task of the gemeenten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SpreadingBase
from analysis.facility_types import FacilityType
from data.figures import figure, missing_reason
from data.queries.areas import areas, figure_values
from data.queries.releases import Release
from data.queries.tasks import task_of_gemeenten, task_release
from geo.frames import Level

#: The base that is a task, and no figure of areas.
TASK = "opgave"


class Weights(NamedTuple):
    """The areas of the region by code, and the delivery of their task if that is the base.

    ``table`` has the columns name, gemeente_name, weight (unknown is NaN), weight_reason (a Dutch
    sentence where it is unknown), and for smaller areas than gemeenten ``group``: their gemeente.
    """

    table: pd.DataFrame
    task_release: Release | None = None


def read_weights(
    connection: Connection,
    area_release_id: int,
    level: Level,
    base: SpreadingBase,
    types: Iterable[FacilityType],
    on: dt.date,
) -> Weights:
    """The base of every area of the region; a task is that of these types on this date."""
    if base.key == TASK:
        labels = {entry.key: entry.label for entry in types}
        return _of_task(connection, area_release_id, labels, on)
    found = figure_values(connection, area_release_id, level, base.key, region_only=True)
    named = found[["name", "gemeente_name"]]
    if level != "gemeente":
        named = named.assign(group=found["gemeente_code"])
    table = named.assign(
        weight=found["value"],
        weight_reason=found["reason"].map(
            lambda key: f"{figure(base.key).label}: {missing_reason(key).label}.",
            na_action="ignore",
        ),
    )
    return Weights(table)


def _of_task(
    connection: Connection, area_release_id: int, labels: dict[str, str], on: dt.date
) -> Weights:
    places = areas(connection, area_release_id, "gemeente", region_only=True)
    needed = task_of_gemeenten(connection, area_release_id, labels, on).reindex(places.index)
    table = places[["name", "gemeente_name"]].assign(
        weight=needed["place_count"], weight_reason=needed["reason"]
    )
    return Weights(table, task_release(connection, area_release_id))
