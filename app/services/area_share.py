"""What part of the region's places an area has, beside its part of the residents."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.spreading.verdict import VERDICTS, Verdict
from app.services.area_profile import AreaProfile
from app.services.spreading import answer, read_question

#: The choice behind the share: everything on the map that is in use, by residents.
TYPES = "alle_locaties"
BASE = "inwoners"
PLANS = "bestaand"


@dataclass(frozen=True)
class AreaShare:
    """Parts from 0 to 1; places and the even share in places."""

    capacity_share: float
    resident_share: float
    capacity_count: int
    fair_share_count: float
    verdict: Verdict


def area_share(connection: Connection, profile: AreaProfile) -> AreaShare | None:
    """The share of a gemeente or wijk; None for a buurt, or when it can't be computed."""
    place = profile.area
    if place.level == "buurt" or not place.in_region:
        return None
    question = read_question([TYPES], place.level, profile.on, BASE, PLANS)
    row = answer(connection, question).spreading.table.loc[place.area_code]
    if pd.isna(row["capacity_share"]) or pd.isna(row["weight_share"]):
        return None
    return AreaShare(
        float(row["capacity_share"]),
        float(row["weight_share"]),
        int(row["capacity_count"]),
        float(row["fair_share_count"]),
        VERDICTS[row["verdict"]],
    )
