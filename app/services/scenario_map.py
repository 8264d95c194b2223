"""The sites of a scenario on the map: what is on, off, moved and new, among all that counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from analysis.scenario import ITEM_KINDS, row_key
from app.services.scenario_figures import ScenarioFigures
from geo.crs import to_wgs84

NOT_YET = "Nog niet in gebruik"
#: What is not in use yet, and stands on the map to be turned on.
_PLANS = [status.key for status in SITE_STATUSES if status.group.key in ("plan", "decided")]
#: Decimals of a degree: about a metre.
_DECIMALS = 5


def map_points(found: ScenarioFigures) -> list[dict[str, Any]]:
    """What the map draws: each site once, with what the scenario does to it (``wat``).

    A site that moved has ``van``, the place where it stood. What the scenario leaves alone has
    an empty ``wat``. Internal numbers of items are not in it: their gaps would tell of others.
    """
    entry = found.cases[0]
    kinds = {row_key(effect.item): effect.item.kind for effect in entry.situation.effects}
    sites = entry.situation.sites
    plans = sites["type"].eq(found.type.key) & sites["status"].isin(_PLANS)
    shown = sites[sites["counts"] | sites.index.isin(list(kinds)) | plans]
    return [
        _point(key, row, kinds.get(key, ""), found.today.sites)
        for key, row in zip(shown.index, shown.to_dict("records"), strict=True)
    ]


def _point(key: object, row: dict[Any, Any], kind: str, today: pd.DataFrame) -> dict[str, Any]:
    type = FACILITY_TYPES[str(row["type"])]
    point = {
        "id": key if isinstance(key, int) else None,
        "naam": str(row["name"]),
        "soort": type.label,
        "symbool": type.symbol,
        "wat": kind,
        "groep": kind or ("blijft" if row["counts"] else "plan"),
        "woord": ITEM_KINDS[kind].label if kind else "Blijft" if row["counts"] else NOT_YET,
        "plek": _degrees(row["x_m"], row["y_m"]),
    }
    if kind == "moved":
        was = today.loc[[key]].iloc[0]
        point["van"] = _degrees(was["x_m"], was["y_m"])
    return point


def _degrees(x_m: object, y_m: object) -> list[float]:
    lon, lat = to_wgs84(float(str(x_m)), float(str(y_m)))
    return [round(lat, _DECIMALS), round(lon, _DECIMALS)]
