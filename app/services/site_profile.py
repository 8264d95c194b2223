"""One public site: what it is, how far it is, and how it came so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch, to_dutch_date
from app.services.area_list import SHOWN_TYPES
from app.services.lists import SourceLine
from app.services.shelf import Shelf, content_key
from data.errors import NotFound
from data.queries.releases import Release, area_release, release
from data.queries.sites import NOT_THERE, site_history, sites_on

#: The way that a plan goes when it goes through.
WAY: tuple[SiteStatus, ...] = tuple(
    entry for entry in SITE_STATUSES if entry.group.key in ("plan", "decided", "in_use")
)
_shelf = Shelf(most=128)


@dataclass(frozen=True)
class Step:
    """A stage on the way: been there, here now, or still to come."""

    status: SiteStatus
    since: dt.date | None
    is_here: bool
    is_past: bool


@dataclass(frozen=True)
class State:
    """What was so from a date on."""

    from_date: dt.date
    status: SiteStatus
    capacity_count: int | None
    reason: str | None
    is_to_come: bool


@dataclass(frozen=True)
class SiteProfile:
    """Everything on the page of a site; ``on`` is the date it describes."""

    site_id: int
    site_code: str
    name: str
    type: FacilityType
    status: SiteStatus
    since: dt.date
    capacity_count: int | None
    provider: str | None
    address: str | None
    description: str | None
    reason: str | None
    places: tuple[tuple[str, str], ...]
    x_m: float
    y_m: float
    lon: float
    lat: float
    is_example: bool
    on: dt.date
    steps: tuple[Step, ...]
    history: tuple[State, ...]
    sources: tuple[SourceLine, ...]

    @property
    def has_ended(self) -> bool:
        """Whether there is no facility here any more, or never will be."""
        return self.status.group.key == "ended"

    @property
    def sentence(self) -> str:
        """How far it is, in the one sentence that stands first on the page."""
        counted = "" if self.capacity_count is None else self._counted(self.capacity_count)
        if self.status.key == "afgevallen":
            return "Dit plan gaat niet door."
        match self.status.group.key:
            case "in_use":
                tail = f", met {counted}" if counted else ""
                return f"Deze locatie is in gebruik sinds {to_dutch_date(self.since)}{tail}."
            case "decided":
                tail = f", met {counted}" if counted else ""
                return f"Er is besloten dat deze locatie er komt{tail}. Zij is nog niet open."
            case "plan":
                tail = f" voor {counted}" if counted else ""
                return f"Dit is een plan{tail}. Er is nog niets besloten."
            case _:
                return self.status.explanation

    def _counted(self, count: int) -> str:
        return f"{to_dutch(count)} {self.type.unit if count == 1 else self.type.unit_plural}"


def site_profile(connection: Connection, site_id: int, on: dt.date) -> SiteProfile:
    """The profile of a public site on a date, or on the nearest date that it was there.

    Raises NotFound, in the same words, when there is no such site and when it is not public.
    """
    history = site_history(connection, site_id)
    areas_from = area_release(connection)
    row, day = _row(connection, areas_from.id, site_id, on, history)
    sites_from = release(connection, int(row["release_id"]))
    status = SITE_STATUSES[row["status"]]
    return SiteProfile(
        site_id,
        site_code=row["site_code"],
        name=row["name"],
        type=FACILITY_TYPES[row["type"]],
        status=status,
        since=_since(history, day),
        capacity_count=_whole(row["capacity_count"]),
        provider=_text(row["provider"]),
        address=_text(row["address"]),
        description=_text(row["description"]),
        reason=_text(row["reason"]),
        places=tuple(
            (row[f"{level}_code"], row[f"{level}_name"])
            for level in ("gemeente", "wijk", "buurt")
            if _text(row[f"{level}_code"])
        ),
        x_m=float(row["x_m"]),
        y_m=float(row["y_m"]),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        is_example=bool(row["is_example"]),
        on=day,
        steps=_steps(history, status, day),
        history=_states(history, day),
        sources=(
            SourceLine("locatie", "Locatie", sites_from),
            SourceLine("gebieden", "Gebieden", areas_from),
        ),
    )


def kept_profile(
    connection: Connection, site_id: int, on: dt.date, release: Release, mark: str
) -> SiteProfile:
    """The same, made once; ``mark`` is that of everything public (see ``public_mark``)."""
    key = content_key(connection, release, mark, site_id, on)
    return _shelf.keep(key, lambda: site_profile(connection, site_id, on))


def _row(
    connection: Connection, area_release_id: int, site_id: int, on: dt.date, history: pd.DataFrame
) -> tuple[pd.Series, dt.date]:
    """The site on the date; else on the last, else on the first date that it was there."""
    last_first = sorted(history["from_date"], reverse=True)
    for day in (on, *(day for day in last_first if day <= on), *reversed(last_first)):
        found = sites_on(connection, area_release_id, day, types=SHOWN_TYPES, site_id=site_id)
        if len(found):
            return found.iloc[0], day
    raise NotFound(NOT_THERE)


def _steps(history: pd.DataFrame, now: SiteStatus, on: dt.date) -> tuple[Step, ...]:
    since = _starts(history[history["from_date"] <= on])
    return tuple(
        Step(
            status,
            since.get(status.key),
            is_here=status == now,
            is_past=status.order < now.order and (now in WAY or status.key in since),
        )
        for status in WAY
    )


def _starts(history: pd.DataFrame) -> dict[str, dt.date]:
    """Since when, by status: the first day of its last unbroken stretch.

    A change of capacity alone starts nothing new.
    """
    changes = history[history["status"] != history["status"].shift()]
    return dict(zip(changes["status"], changes["from_date"], strict=True))


def _since(history: pd.DataFrame, on: dt.date) -> dt.date:
    past = history[history["from_date"] <= on]
    return _starts(past)[str(past["status"].iloc[-1])]


def _states(history: pd.DataFrame, on: dt.date) -> tuple[State, ...]:
    return tuple(
        State(
            row["from_date"],
            SITE_STATUSES[row["status"]],
            _whole(row["capacity_count"]),
            _text(row["reason"]),
            row["from_date"] > on,
        )
        for row in history.to_dict("records")
    )


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)  # type: ignore[call-overload]


def _whole(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(str(value))  # type: ignore[call-overload]
