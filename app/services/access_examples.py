"""Today's figures of access, one case of each measure, for the examples of the method pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.access.facts import AccessFacts, AreaRow, PlaceScore, Trip
from analysis.access.modes import TRAVEL_MODES
from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import measure_access
from analysis.access.sentence import NOUNS
from app.services.area_minutes import minutes_of_areas
from app.services.availability import reach_of_facilities
from app.services.lists import SourceLine
from app.services.street_store import NO_STREETS
from app.services.travel import SiteAccess, access_frames, sites_access
from data.errors import NotFound

#: The questions that the examples answer.
CATEGORY, MODE, LEVEL, TYPE = "huisarts", "walk", "gemeente", "beschut_wonen"
NO_SITES = "Er is geen openbare locatie om vanaf te meten."


@dataclass(frozen=True, eq=False)
class AccessExample:
    """The facts for one measure, what they are about, and whose data they rest on.

    ``about`` is a Dutch phrase; ``reason`` says why there are no facts, if there are none;
    ``address`` is the page that shows all of it.
    """

    facts: AccessFacts
    about: str = ""
    sources: tuple[SourceLine, ...] = ()
    reason: str | None = None
    address: str | None = None
    link: str = ""


def access_example(connection: Connection, home: Path, key: str, on: dt.date) -> AccessExample:
    """The facts for the measure with this key; without streets only the reason why not."""
    try:
        return _EXAMPLES[key](connection, home, on)
    except NotFound:
        return AccessExample(AccessFacts(), reason=NO_STREETS)


def _trip(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    mode = TRAVEL_MODES[MODE]
    sites = sites_access(connection, home, [TYPE], on, mode)
    for site in sorted(sites, key=lambda entry: entry.name):
        entry = site.access.of(CATEGORY)
        if entry.nearest is not None:
            trip = Trip(
                from_name=site.name,
                target=NOUNS[CATEGORY],
                to_name=entry.nearest.name,
                distance_m=entry.nearest.distance_m,
                mode=mode,
            )
            return _from_site(site, AccessFacts(trip=trip))
    reasons = [site.access.of(CATEGORY).reason for site in sites]
    return AccessExample(AccessFacts(), reason=reasons[0] if reasons else NO_SITES)


def _score(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    profile = ACCESS_PROFILES[TYPE]
    sites: dict[Hashable, SiteAccess] = {
        site.site_id: site
        for site in sorted(
            sites_access(connection, home, [TYPE], on, profile.mode), key=lambda entry: entry.name
        )
    }
    if not sites:
        return AccessExample(AccessFacts(), reason=NO_SITES)
    if not all(site.access.has_streets for site in sites.values()):
        return AccessExample(AccessFacts(), reason=NO_STREETS)
    frames = access_frames({key: site.access for key, site in sites.items()})
    found = measure_access(frames.minutes, profile, basis=frames.basis, reasons=frames.reasons)
    scores = found.scores["score"].dropna()
    if scores.empty:
        return AccessExample(AccessFacts(), reason=str(found.scores["reason"].iloc[0]))
    # The score nearest to the middle has the most to explain; of equal ones the first by name.
    site = sites[(scores - 50).abs().idxmin()]
    return _from_site(site, AccessFacts(place=PlaceScore(site.name, site.site_id, found)))


def _from_site(site: SiteAccess, facts: AccessFacts) -> AccessExample:
    return AccessExample(
        facts,
        f"Vanaf {site.name}, {site.access.mode.label}",
        site.access.sources,
        address=f"/locatie/{site.site_id}",
        link="Bekijk deze locatie",
    )


def _reach(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    found = reach_of_facilities(connection, home, on=on)
    question = found.question
    row = _largest(found.table, "share")
    if row is None:
        return AccessExample(AccessFacts(), reason=str(found.region["reason"]))
    area = AreaRow(str(row["name"]), question.places, question.mode, row)
    return AccessExample(
        AccessFacts(within=area, shared=area),
        f"Van inwoners naar {question.places} in gebruik, {question.mode.label}",
        found.sources,
        address="/bereikbaarheid/respijt",
        link="Bekijk alle gemeenten",
    )


def _typical(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    found = minutes_of_areas(connection, home, CATEGORY, LEVEL, MODE, on)
    question = found.question
    row = _largest(found.table, "median_min")
    if row is None:
        return AccessExample(AccessFacts(), reason=str(found.region["reason"]))
    mode = TRAVEL_MODES[MODE]
    return AccessExample(
        AccessFacts(typical=AreaRow(str(row["name"]), question.noun, mode, row)),
        f"Van inwoners naar {question.noun} die het dichtst bij is, {mode.label}",
        found.sources,
        address=f"/bereikbaarheid/minuten?niveau={LEVEL}",
        link="Bekijk alle gemeenten",
    )


def _largest(table: pd.DataFrame, figure: str) -> pd.Series | None:
    """The area with the most residents of those with this figure, None when there is none."""
    known = table[table[figure].notna()].sort_values("resident_count", kind="stable")
    return known.iloc[-1] if len(known) else None


_EXAMPLES: dict[str, Callable[[Connection, Path, dt.date], AccessExample]] = {
    "reistijd": _trip,
    "toegangsscore": _score,
    "bereik_binnen_15_minuten": _reach,
    "mediaan_minuten": _typical,
    "plekken_binnen_bereik": _reach,
}
