"""Sites from a CSV, XLSX or GeoPackage file of a gemeente or provider.

Every fault of the file is found before anything is refused, and nothing is stored when there
is one. The vocabulary of types and statuses is handed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data.faults import check_none
from data.publication import INTERN, OPENBAAR
from data.sources.cells import shown
from data.sources.file_columns import ParsedRow
from data.sources.reading import Choices, Reading, read_rows
from data.sources.region import Region
from data.sources.site_columns import FIXED_KEYS, SiteVocabulary
from geo.crs import RD
from geo.frames import SITE_STATES, SITES, check

_NEEDED_COLUMNS = ("site_code", "name", "type", "status")
_SAME_SPOT_M = 1.0


@dataclass(frozen=True)
class SiteFile:
    """The checked frames of a file, and what the user should know about it."""

    sites: gpd.GeoDataFrame
    states: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _SiteRows:
    """The rows of one site, in the order of the file, and what they say together."""

    code: str
    rows: list[ParsedRow]
    facts: dict[str, Any]
    point: shapely.Point | None


def read_sites(
    path: Path,
    vocabulary: SiteVocabulary,
    region: Region,
    choices: Choices,
    publication: str | None = None,
) -> SiteFile:
    """The sites and their states. Raises Refused with every fault of the file.

    ``publication`` is the level of sites for which the file names none; without it they are
    internal.
    """
    reading = read_rows(
        path,
        vocabulary.columns,
        choices,
        needed=_NEEDED_COLUMNS,
        secret=vocabulary.secret,
    )
    sites = list(_grouped(reading))
    for site in sites:
        _check_life(site, reading, vocabulary)
        _check_place(site, reading, region)
    check_none(reading.faults)
    _note_publication(sites, publication, reading)
    _note_same_spot(sites, reading)
    if region.is_example:
        reading.notes.append(
            "In de database staan alleen voorbeeldgrenzen. Of een locatie in de regio ligt, is "
            "daarmee ruw bepaald."
        )
    level = publication or INTERN.key
    return SiteFile(_to_sites(sites, level), _to_states(sites), tuple(reading.notes))


def _grouped(reading: Reading) -> Iterator[_SiteRows]:
    rows_by_code: dict[str, list[ParsedRow]] = {}
    for row in reading.rows:
        code = row.values.get("site_code")
        if code is not None:
            rows_by_code.setdefault(code, []).append(row)
        elif "site_code" in reading.found and not reading.has_fault_at(row, "site_code"):
            reading.blame(row, "site_code", "Vul een code in.")
    for code, rows in rows_by_code.items():
        facts = {key: _agreed(rows, key, reading) for key in FIXED_KEYS}
        yield _SiteRows(code, rows, facts, _agreed_point(rows, reading))


def _agreed(rows: list[ParsedRow], key: str, reading: Reading) -> Any:
    """The one value that the rows of a site give; rows that leave it empty agree."""
    known = [row for row in rows if row.values.get(key) is not None]
    for row in known[1:]:
        first = known[0]
        if row.values[key] != first.values[key]:
            reading.blame(
                row,
                key,
                f"In rij {first.number} staat bij deze code iets anders: "
                f"{shown(first.values[key])}. Maak de rijen gelijk of geef een eigen code.",
                shown(row.values[key]),
            )
    unread = any(reading.has_fault_at(row, key) for row in rows)
    if not known and not unread and key in ("name", "type") and key in reading.found:
        reading.blame(rows[0], key, "Dit vakje is leeg. Vul het in.")
    return known[0].values[key] if known else None


def _agreed_point(rows: list[ParsedRow], reading: Reading) -> shapely.Point | None:
    placed = [row for row in rows if row.number in reading.points]
    if not placed:
        if reading.place_column and not any(reading.has_place_fault(row) for row in rows):
            reading.blame_place(rows[0], "De plek ontbreekt. Vul beide coördinaten in.")
        return None
    first = placed[0]
    for row in placed[1:]:
        apart_m = reading.points[row.number].distance(reading.points[first.number])
        if apart_m > _SAME_SPOT_M:
            reading.blame_place(
                row,
                f"Deze plek ligt {apart_m:.0f} m van die in rij {first.number} met dezelfde code. "
                "Maak de rijen gelijk of geef een eigen code.",
            )
    return reading.points[first.number]


def _check_life(site: _SiteRows, reading: Reading, vocabulary: SiteVocabulary) -> None:
    seen: dict[dt.date, int] = {}
    for row in site.rows:
        if row.values.get("from_date") is None and len(site.rows) == 1:
            _fill_date(site, row, reading)
        _check_state(row, reading, vocabulary)
        day = row.values.get("from_date")
        if day is None:
            continue
        if day in seen:
            reading.blame(
                row,
                "from_date",
                f"Code {site.code} met deze datum staat ook in rij {seen[day]}. Houd er één.",
                shown(day),
            )
        seen.setdefault(day, row.number)
    start, end = site.facts["valid_from"], site.facts["valid_to"]
    if start is not None and end is not None and end < start:
        reading.blame(
            site.rows[0],
            "valid_to",
            "Het einde ligt voor het begin. Verbeter een van beide.",
            shown(end),
        )


def _fill_date(site: _SiteRows, row: ParsedRow, reading: Reading) -> None:
    """A site with one row may say with ``geldig van`` since when it is so."""
    if "from_date" in row.values and site.facts["valid_from"] is not None:
        row.values["from_date"] = site.facts["valid_from"]


def _check_state(row: ParsedRow, reading: Reading, vocabulary: SiteVocabulary) -> None:
    asked = {"status": "Vul een status in.", "from_date": "Vul in sinds wanneer dit zo is."}
    for key, message in asked.items():
        is_empty = key in row.values and row.values[key] is None
        if is_empty and (key in reading.found or key == "from_date"):
            reading.blame(row, key, message)
    needs_reason = row.values.get("status") in vocabulary.statuses_with_reason
    if needs_reason and row.values.get("reason") is None:
        reading.blame(row, "reason", "Vul in waarom deze locatie is afgevallen.")


def _check_place(site: _SiteRows, reading: Reading, region: Region) -> None:
    if site.point is None:
        return
    message = region.fault_of(site.point)
    if message is not None:
        row = next(row for row in site.rows if row.number in reading.points)
        reading.blame_place(row, message)


def _note_publication(sites: list[_SiteRows], publication: str | None, reading: Reading) -> None:
    silent = sum(site.facts["publication"] is None for site in sites)
    if silent and publication is None:
        reading.notes.append(
            f"Locaties zonder publicatieniveau: {silent}. Ze zijn intern: alleen medewerkers zien "
            f"ze. Maak ze zichtbaar met --publication {OPENBAAR.key}."
        )


def _note_same_spot(sites: list[_SiteRows], reading: Reading) -> None:
    spots: dict[tuple[str, int, int], str] = {}
    for site in sites:
        if site.point is None:
            continue
        spot = (site.facts["type"], round(site.point.x), round(site.point.y))
        if spot in spots:
            reading.notes.append(
                f"{spots[spot]} en {site.code} zijn van dezelfde soort en liggen op dezelfde "
                "plek. Is dit één locatie?"
            )
        spots.setdefault(spot, site.code)


def _to_sites(sites: list[_SiteRows], publication: str) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        [[site.facts[key] for key in FIXED_KEYS] for site in sites],
        columns=list(FIXED_KEYS),
        index=pd.Index([site.code for site in sites], name="site_code"),
        dtype=object,
    )
    table["publication"] = table["publication"].fillna(publication)
    frame = gpd.GeoDataFrame(table, geometry=[site.point for site in sites], crs=RD)
    return check(frame, SITES)


def _to_states(sites: list[_SiteRows]) -> pd.DataFrame:
    rows = [
        (site.code, *(row.values[key] for key in list(SITE_STATES.columns)[1:]))
        for site in sites
        for row in site.rows
    ]
    states = pd.DataFrame(rows, columns=list(SITE_STATES.columns), dtype=object)
    states["capacity_count"] = states["capacity_count"].astype("Int64")
    return check(states.sort_values(["site_code", "from_date"], ignore_index=True), SITE_STATES)
