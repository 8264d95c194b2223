"""The need in figures: the task of each gemeente against what is there and what is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FacilityType
from app.numbers import to_dutch
from app.services.lists import SourceLine
from data.queries.areas import areas
from data.queries.counts import site_releases
from data.queries.releases import area_release
from data.queries.sites import capacity_by_area
from data.queries.tasks import task_of_gemeenten, task_release
from geo.frames import REGION_CODE

Json = dict[str, Any]
#: What is counted, and the plan scopes that it takes of the register.
COUNTED = ("bestaand", "besloten", "gepland")


def need_in_figures(
    connection: Connection, gemeente_code: str, kind: FacilityType, on: dt.date
) -> tuple[Json, tuple[SourceLine, ...]]:
    """Rows by gemeente with a sentence, and whose figures they are."""
    release = area_release(connection)
    names = areas(connection, release.id, "gemeente", region_only=True)["name"]
    task = task_of_gemeenten(connection, release.id, {kind.key: kind.label}, on)
    counts = {key: _counts(connection, release.id, kind, on, key) for key in COUNTED}
    is_region = gemeente_code == REGION_CODE
    codes = [str(code) for code in names.index if is_region or code == gemeente_code]
    rows = [_row(code, str(names[code]), task, counts) for code in codes]
    lines = [
        SourceLine("gebieden", "Gebieden", release),
        *(
            SourceLine("locaties", "Plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    ]
    of_task = task_release(connection, release.id)
    if of_task is not None:
        lines.append(SourceLine("opgave", "Opgave", of_task))
    return {
        "on": on.isoformat(),
        "task_year": None if of_task is None else of_task.year,
        "rows": rows,
        "total": _total(rows) if is_region else None,
        "sentence": _sentence(rows, kind, is_region),
    }, tuple(lines)


def _counts(
    connection: Connection, release_id: int, kind: FacilityType, on: dt.date, scope: str
) -> pd.DataFrame:
    statuses = PLAN_SCOPES[scope].statuses
    return capacity_by_area(connection, release_id, "gemeente", on, [kind.key], statuses)


def _row(code: str, name: str, task: pd.DataFrame, counts: dict[str, pd.DataFrame]) -> Json:
    needed: Any = task["place_count"].get(code)
    reason: Any = task["reason"].get(code)
    there, decided, planned = (counts[key]["capacity_count"][code] for key in COUNTED)
    vague = int(counts["gepland"]["unknown_capacity_site_count"][code])
    place_count = None if needed is None or pd.isna(needed) else int(needed)
    return {
        "gemeente": name,
        "task": place_count,
        "task_reason": None if place_count is not None else str(reason or "Niet ingevuld."),
        "in_use": int(there),
        "decided": int(decided - there),
        "planned": int(planned - decided),
        "unknown_site_count": vague,
        "short": None if place_count is None else max(0, place_count - int(decided)),
    }


def _total(rows: Sequence[Json]) -> Json:
    sums = {name: sum(row[name] for row in rows) for name in ("in_use", "decided", "planned")}
    is_known = all(row["task"] is not None for row in rows)
    return {
        **sums,
        "gemeente": "Samen",
        "task": sum(row["task"] for row in rows) if is_known else None,
        "task_reason": None if is_known else "Niet van alle gemeenten is de opgave ingevuld.",
        "unknown_site_count": sum(row["unknown_site_count"] for row in rows),
        "short": sum(row["short"] for row in rows) if is_known else None,
    }


def _sentence(rows: Sequence[Json], kind: FacilityType, is_region: bool) -> str:
    if not rows:
        return "Deze gemeente ligt niet in de regio."
    row = _total(rows) if is_region else rows[0]
    whose = "De acht gemeenten samen" if is_region else row["gemeente"]
    if is_region and len(rows) != 8:
        whose = "De gemeenten samen"
    verb = "hebben" if is_region else "heeft"
    if row["task"] is None:
        return (
            f"{whose} {verb} {_places(row['in_use'], kind)} in gebruik en "
            f"{to_dutch(row['decided'])} besloten. Hoeveel er nodig zijn, is niet ingevuld."
        )
    return (
        f"{whose} {verb} een opgave van {_places(row['task'], kind)}. Er zijn er "
        f"{to_dutch(row['in_use'])} in gebruik en {to_dutch(row['decided'])} besloten. "
        f"Er ontbreken er nog {to_dutch(row['short'])}."
    )


def _places(count: int, kind: FacilityType) -> str:
    return f"{to_dutch(count)} {kind.counted if count == 1 else kind.counted_plural}"
