"""What is measured of a scenario, each measure as the other pages have it, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.availability import LIMIT_MIN, share_within
from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.comparing.criteria import NEAR_HOME_M
from analysis.facility_types import FacilityType
from analysis.scenario import row_key
from analysis.spreading.change import SpreadingChange, measure_change
from analysis.spreading.exposure import Nearby, exposure_by_area, places_near
from analysis.spreading.exposure_change import ExposureChange, measure_exposure_change
from analysis.spreading.hoover import hoover_index
from app.services.area_list import SHOWN_TYPES
from app.services.exposure import NotMeasurable, metres_on_foot, residents_on_foot
from app.services.place_scores import score_places
from app.services.residents import Residents, residents_on_streets
from app.services.scenario_sites import Situation
from data.errors import NotFound

CYCLE = TRAVEL_MODES["cycle"]
WALK = TRAVEL_MODES["walk"]
NO_SITES = "Er is dan geen locatie van deze soort waarvan de plek en het aantal bekend zijn."
NO_PROFILE = "Voor deze soort is er geen profiel voor bereikbaarheid."
OTHER_UNKNOWN = "Van een locatie die verandert, is het aantal plekken niet bekend."


@dataclass(frozen=True, eq=False)
class Spread:
    """How places are spread over the gemeenten: the index, and its change since today."""

    capacity: pd.Series
    hoover: float | None
    change: SpreadingChange | None
    reason: str | None = None


@dataclass(frozen=True)
class Near:
    """What people have within 400 m on foot, and who gets more or fewer than today."""

    most_place_count: float | None
    is_at_least: bool
    near_count: float
    near_share: float | None
    change: ExposureChange | None
    reason: str | None = None


@dataclass(frozen=True)
class Reach:
    """The share of residents within a quarter of an hour by bike; None with the reason."""

    share: float | None
    measured_count: float
    reason: str | None = None


@dataclass(frozen=True)
class Scores:
    """The access scores of the sites of the type: mean and least, and what could not be scored."""

    mean: float | None
    least: float | None
    least_name: str | None
    scored_count: int
    unscored_count: int
    reason: str | None = None


def measure_spread(
    weights: pd.DataFrame, situations: Sequence[Situation], types: tuple[str, ...]
) -> list[Spread]:
    """The spreading of each situation over the gemeenten; the first one is today."""
    frames = [_areas(weights, situation, types) for situation in situations]
    found = []
    for number, (situation, frame) in enumerate(zip(situations, frames, strict=True)):
        reason = unknown_reason(situation, types)
        if reason:
            found.append(Spread(frame["capacity_count"], None, None, reason))
        elif number == 0:
            found.append(_first_spread(frame))
        else:
            found.append(_spread(frame, measure_change(frames[0], frame)))
    return found


def unknown_reason(situation: Situation, types: Sequence[str]) -> str | None:
    """Which items leave the figures of these types unknown; None when all is known."""
    type_of = {
        effect.item.key: situation.sites.at[row_key(effect.item), "type"]
        for effect in situation.effects
        if not effect.is_idle
    }
    told = [
        fault.text
        for fault in situation.faults
        if any(type_of.get(key) in types for key in fault.items)
    ]
    return " ".join(told) or None


def measure_near(
    connection: Connection, home: Path, area_release_id: int, situations: Sequence[Situation]
) -> tuple[list[Near], Residents | None]:
    """The places of all types near homes, of each situation; the first one is today."""
    try:
        residents = residents_on_foot(connection, home, area_release_id)
    except NotMeasurable as missing:
        return [_no_near(str(missing))] * len(situations), None
    points = pd.DataFrame(residents.points.drop(columns="geometry"))
    here = points["in_region"]
    people = points.loc[here, "resident_count"]
    around = [near.part(here) for near in _nearby(residents, situations)]
    return [
        _near(situation, near, around[0], people, is_first=number == 0)
        for number, (situation, near) in enumerate(zip(situations, around, strict=True))
    ], residents


def measure_reach(
    connection: Connection,
    home: Path,
    area_release_id: int,
    situations: Sequence[Situation],
    type: FacilityType,
) -> tuple[list[Reach], Residents | None]:
    """Who can cycle to a place of the type in time, of each situation."""
    try:
        residents = residents_on_streets(connection, home, area_release_id, CYCLE)
    except NotFound as missing:
        return [Reach(None, 0, str(missing))] * len(situations), None
    frames = [_known(situation, (type.key,)) for situation in situations]
    metres = _distances(residents, frames)
    return [
        _reach(residents, metres, frame, unknown_reason(situation, (type.key,)))
        for situation, frame in zip(situations, frames, strict=True)
    ], residents


def measure_scores(
    connection: Connection,
    home: Path,
    area_release_id: int,
    situations: Sequence[Situation],
    type: FacilityType,
) -> list[Scores]:
    """How well daily life can be reached from the sites of the type, of each situation."""
    if type.key not in ACCESS_PROFILES:
        return [Scores(None, None, None, 0, 0, NO_PROFILE)] * len(situations)
    frames = [_in_region(situation, type) for situation in situations]
    places = _places_of(frames)
    scores, _ = score_places(connection, home, area_release_id, places, type)
    return [_scores(frame, scores) for frame in frames]


def _areas(weights: pd.DataFrame, situation: Situation, types: tuple[str, ...]) -> pd.DataFrame:
    capacity = situation.capacity(types).reindex(weights.index)
    return weights[["name", "weight"]].assign(capacity_count=capacity)


def _first_spread(frame: pd.DataFrame) -> Spread:
    capacity = frame["capacity_count"]
    index = hoover_index(capacity, frame["weight"])
    if np.isnan(index):
        return Spread(capacity, None, None, _why_no_index(frame))
    return Spread(capacity, index, None)


def _why_no_index(frame: pd.DataFrame) -> str:
    return measure_change(frame, frame).reasons[0].label


def _spread(frame: pd.DataFrame, change: SpreadingChange) -> Spread:
    capacity = frame["capacity_count"]
    if not change.reasons:
        return Spread(capacity, change.hoover_now, change)
    # Without places today there is no change to tell, but there may be an index.
    alone = _first_spread(frame)
    return Spread(capacity, alone.hoover, change, change.reasons[0].label)


def _known(situation: Situation, types: Sequence[str]) -> pd.DataFrame:
    """The sites that count and of which the number of places is known and above 0."""
    counted = situation.counted(types)
    return counted[counted["capacity_count"].fillna(0) > 0]


def _place_keys(frame: pd.DataFrame) -> pd.Index:
    """A site keeps its distances as long as it stays in its place."""
    return pd.Index(
        [f"{x_m!r} {y_m!r}" for x_m, y_m in zip(frame["x_m"], frame["y_m"], strict=True)],
        dtype="object",
    )


def _in_region(situation: Situation, type: FacilityType) -> pd.DataFrame:
    counted = situation.counted((type.key,))
    return counted[counted["gemeente_code"].isin(situation.gemeente_codes)]


def _places_of(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Every place of these frames once: x_m and y_m by a key of the place."""
    together = pd.concat([frame.set_axis(_place_keys(frame))[["x_m", "y_m"]] for frame in frames])
    return together[~together.index.duplicated()].astype("float64")


def _distances(residents: Residents, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Metres from every place that occurs to every point; without places far from a street."""
    places = _places_of(frames)
    is_far = residents.snap(places["x_m"], places["y_m"]).is_far
    return metres_on_foot(residents, places[~is_far])


def _nearby(residents: Residents, situations: Sequence[Situation]) -> list[Nearby]:
    frames = [_with_places(situation) for situation in situations]
    metres = _distances(residents, frames)
    dark = residents.points.index[residents.stops.is_far]
    found = []
    for frame in frames:
        is_near = _place_keys(frame).isin(metres.index)
        kept = frame[is_near]
        distance_m = metres.loc[_place_keys(kept)].set_axis(kept.index)
        found.append(
            places_near(distance_m, kept["capacity_count"], (NEAR_HOME_M,), unmeasured=dark)
        )
    return found


def _with_places(situation: Situation) -> pd.DataFrame:
    """The sites that count, but for those that have 0 places by what is known."""
    counted = situation.counted(SHOWN_TYPES)
    return counted[~counted["capacity_count"].eq(0).fillna(False).astype("bool")]


def _no_near(reason: str) -> Near:
    return Near(None, False, 0, None, None, reason)


def _near(
    situation: Situation, near: Nearby, today: Nearby, people: pd.Series, *, is_first: bool
) -> Near:
    reason = unknown_reason(situation, SHOWN_TYPES)
    if reason:
        return _no_near(reason)
    everybody = pd.Series("regio", index=people.index)
    row: Any = exposure_by_area(near, NEAR_HOME_M, people, everybody, area_codes=["regio"]).iloc[0]
    if pd.isna(row["most_place_count"]):
        return _no_near(str(row["reason"]))
    is_same = near.unknown_site_count.equals(today.unknown_site_count)
    change = None
    if not is_first and is_same:
        change = measure_exposure_change(today, near, people, WALK)
    return Near(
        float(row["most_place_count"]),
        bool(row["is_at_least"]),
        float(row["near_count"]),
        float(row["near_share"]),
        change,
        None if is_first or is_same else OTHER_UNKNOWN,
    )


def _reach(
    residents: Residents, metres: pd.DataFrame, frame: pd.DataFrame, unknown: str | None
) -> Reach:
    keys = [key for key in _place_keys(frame) if key in metres.index]
    if unknown or not keys:
        return Reach(None, 0, unknown or NO_SITES)
    points = pd.DataFrame(residents.points.drop(columns="geometry"))
    nearest = CYCLE.minutes(metres.loc[keys].to_numpy()).min(axis=0)
    minutes = pd.Series(np.where(residents.stops.is_far, np.nan, nearest), index=points.index)
    here = points["in_region"]
    people = points.loc[here, "resident_count"]
    everybody = pd.Series("regio", index=people.index)
    row: Any = share_within(minutes[here], people, everybody, LIMIT_MIN, area_codes=["regio"]).iloc[
        0
    ]
    if pd.isna(row["share"]):
        return Reach(None, 0, str(row["reason"]))
    return Reach(float(row["share"]), float(row["measured_count"]))


def _scores(frame: pd.DataFrame, scores: pd.DataFrame) -> Scores:
    if frame.empty:
        return Scores(None, None, None, 0, 0, NO_SITES)
    told = scores.reindex(_place_keys(frame))
    values = pd.Series(told["score"].to_numpy(dtype="float64"), index=frame.index)
    known = values.dropna()
    if known.empty:
        reasons = told["reason"].dropna()
        reason = str(reasons.iloc[0]) if len(reasons) else NO_SITES
        return Scores(None, None, None, 0, len(values), reason)
    lowest = known.index[int(known.to_numpy().argmin())]
    return Scores(
        float(known.mean()),
        float(known.min()),
        str(frame.loc[[lowest], "name"].iloc[0]),
        len(known),
        len(values) - len(known),
    )
