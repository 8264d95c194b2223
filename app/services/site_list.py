"""Public sites as a list, on any date; protected sites only as counts of their area."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.services.area_list import SHOWN_TYPES
from app.services.lists import Column, SourceLine, arranged, matching
from data.queries.areas import areas
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, sites_on
from geo.frames import Level

COLUMNS = (
    Column("naam", "Naam", "text"),
    Column("soort", "Soort", "text"),
    Column("status", "Fase", "text", sort_key="status_order"),
    Column("laatste_wijziging", "Laatst gewijzigd", "date"),
    Column("plekken", "Plekken", "whole"),
    Column("aanbieder", "Aanbieder", "text"),
    Column("gemeente", "Gemeente", "text"),
    Column("wijk", "Wijk", "text"),
    Column("buurt", "Buurt", "text"),
)
DOWNLOAD_COLUMNS = (
    Column("code", "Code", "text"),
    *COLUMNS,
    Column("adres", "Adres", "text"),
    Column("soort_code", "Soort (sleutel)", "text"),
    Column("status_code", "Fase (sleutel)", "text"),
    Column("gemeente_code", "Gemeentecode", "text"),
    Column("wijk_code", "Wijkcode", "text"),
    Column("buurt_code", "Buurtcode", "text"),
    Column("x_m", "X (RD, m)", "number", 1),
    Column("y_m", "Y (RD, m)", "number", 1),
    Column("lengtegraad", "Lengtegraad", "number", 6),
    Column("breedtegraad", "Breedtegraad", "number", 6),
    Column("bron_locatie", "Bron van de locatie", "text"),
    Column("jaar_locatie", "Jaar van de bron", "whole"),
    Column("licentie_locatie", "Licentie", "text"),
    Column("voorbeeld", "Voorbeeldgegeven", "text"),
)


@dataclass(frozen=True)
class SiteQuestion:
    """What is asked of the list of sites; no types or statuses means all of them."""

    on: dt.date
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    gemeente_code: str | None = None
    words: str = ""
    sort: str = "naam"
    descending: bool = False


@dataclass(frozen=True)
class ProtectedCount:
    """How many protected sites an area has; nothing else of them is public."""

    level: Level
    area_code: str
    name: str
    gemeente_name: str
    site_count: int


@dataclass(frozen=True)
class SiteList:
    """The answer: rows by site id, in the order asked, and what is not in the rows.

    ``protected`` counts the sites that are not wholly public, per gemeente and per wijk,
    with the same types, stages and date. Words never search in them.
    """

    question: SiteQuestion
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    total_count: int
    protected: tuple[ProtectedCount, ...]
    gemeenten: dict[str, str]
    sources: tuple[SourceLine, ...]

    @property
    def protected_count(self) -> int:
        """All protected sites that the question asks for."""
        return sum(entry.site_count for entry in self.protected if entry.level == "gemeente")


def site_list(connection: Connection, question: SiteQuestion) -> SiteList:
    """The public sites that the question asks for."""
    release = area_release(connection)
    places = areas(connection, release.id, region_only=True)
    releases = {entry.id: entry for entry in site_releases(connection, release.id)}
    sites = sites_on(connection, release.id, question.on, types=SHOWN_TYPES)
    rows = _rows(sites[sites["in_region"].astype(bool)], releases)
    by_key = {column.key: column for column in COLUMNS}
    gemeenten = places[places["level"] == "gemeente"].sort_values("name")["name"]
    return SiteList(
        question,
        COLUMNS,
        arranged(_chosen(rows, question), by_key[question.sort], question.descending),
        total_count=len(rows),
        protected=_protected(connection, release, places, question),
        gemeenten={str(code): str(name) for code, name in gemeenten.items()},
        sources=(
            *(SourceLine("locaties", "Locaties", entry) for entry in releases.values()),
            SourceLine("gebieden", "Gebieden", release),
        ),
    )


def _rows(sites: pd.DataFrame, releases: dict[int, Release]) -> pd.DataFrame:
    """The frame of ``sites_on`` under the names of our columns."""
    source = sites["release_id"].map(releases)
    return pd.DataFrame(
        {
            "code": sites["site_code"],
            "naam": sites["name"],
            "soort": sites["type"].map(lambda key: FACILITY_TYPES[key].label),
            "soort_code": sites["type"],
            "status": sites["status"].map(lambda key: SITE_STATUSES[key].label),
            "status_code": sites["status"],
            "status_order": sites["status"].map(lambda key: SITE_STATUSES[key].order),
            "status_group": sites["status"].map(lambda key: SITE_STATUSES[key].group.key),
            "laatste_wijziging": sites["since"],
            "plekken": sites["capacity_count"],
            "aanbieder": sites["provider"],
            "adres": sites["address"],
            **{
                column: sites[f"{level}_{english}"]
                for level in ("gemeente", "wijk", "buurt")
                for column, english in ((level, "name"), (f"{level}_code", "code"))
            },
            "x_m": sites["x_m"],
            "y_m": sites["y_m"],
            "lengtegraad": sites["lon"],
            "breedtegraad": sites["lat"],
            "bron_locatie": source.map(lambda entry: f"{entry.publisher}, {entry.title}"),
            "jaar_locatie": source.map(lambda entry: entry.year),
            "licentie_locatie": source.map(lambda entry: entry.licence),
            "voorbeeld": sites["is_example"].map({True: "ja", False: "nee"}),
        },
        index=sites.index,
    )


def _chosen(rows: pd.DataFrame, question: SiteQuestion) -> pd.DataFrame:
    kept = matching(
        rows, question.words, ["naam", "aanbieder", "adres", "gemeente", "wijk", "buurt"]
    )
    if question.types:
        kept &= rows["soort_code"].isin(question.types)
    if question.statuses:
        kept &= rows["status_code"].isin(question.statuses)
    if question.gemeente_code is not None:
        kept &= rows["gemeente_code"] == question.gemeente_code
    return rows[kept]


def _protected(
    connection: Connection, release: Release, places: pd.DataFrame, question: SiteQuestion
) -> tuple[ProtectedCount, ...]:
    counts: list[ProtectedCount] = []
    levels: tuple[Level, ...] = ("gemeente", "wijk")
    for level in levels:
        counted = capacity_by_area(
            connection,
            release.id,
            level,
            question.on,
            question.types or SHOWN_TYPES,
            question.statuses or None,
        )["protected_site_count"]
        there = places.loc[counted.index[counted > 0]]
        counts += [
            ProtectedCount(level, code, place["name"], place["gemeente_name"], int(counted[code]))
            for code, place in cast(dict[str, dict[str, Any]], there.to_dict("index")).items()
            if question.gemeente_code in (None, place["gemeente_code"])
        ]
    return tuple(sorted(counts, key=lambda entry: (entry.gemeente_name, entry.area_code)))
