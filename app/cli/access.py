"""``vlekkenplan access``: how far daily life is, as text, JSON or CSV."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.profiles import ACCESS_PROFILES, AccessProfile
from analysis.access.score import measure_access
from app.cli.access_records import (
    AREA_COLUMNS,
    Scored,
    area_rows,
    areas_record,
    category_rows,
    mode_record,
    point_record,
    sites_record,
    source_columns,
)
from app.cli.access_text import show_areas, show_point, show_sites
from app.cli.database import open_database
from app.cli.travel_options import (
    at_speed,
    mode_option,
    speed_option,
    travel_mode,
    x_option,
    y_option,
)
from app.config import settings_from_environment
from app.services.area_minutes import minutes_of_areas
from app.services.current import today
from app.services.spreading import read_types
from app.services.travel import (
    PointAccess,
    SiteAccess,
    access_frames,
    point_access,
    sites_access,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FORMAT = click.option(
    "--format",
    "layout",
    default="tekst",
    show_default=True,
    type=click.Choice(["tekst", "json", "csv"]),
    help="De vorm van het antwoord.",
)
_DATE = click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)


@click.group("access")
def access_command() -> None:
    """Laat zien hoe ver het dagelijks leven is, langs de straten."""


@access_command.command("point")
@x_option
@y_option
@mode_option
@speed_option
@click.option("--type", "word", help="Geef ook de score voor deze soort, met alle delen.")
@_FORMAT
def point_command(
    x_m: float,
    y_m: float,
    option: str | None,
    speed_km_per_h: float | None,
    word: str | None,
    layout: str,
) -> None:
    """Wat er in de buurt van een punt is: het dichtstbijzijnde, het derde, en hoeveel.

    De score houdt haar eigen snelheid, zodat scores te vergelijken blijven.
    """
    profile = _profile(word) if word else None
    mode = profile.mode if profile and option is None else travel_mode(option)
    mode = at_speed(mode, speed_km_per_h)
    with _database() as (connection, home):
        access = point_access(connection, home, x_m, y_m, mode)
        found = Scored(access)
        if profile is not None:
            own = access
            if profile.mode != mode:
                own = point_access(connection, home, x_m, y_m, profile.mode)
            found = _scored({0: access}, {0: own}, profile)[0]
    if layout == "json":
        _write_json(point_record(found))
    elif layout == "csv":
        told = {"x_m": x_m, "y_m": y_m, **mode_record(mode)}
        score = {"type": profile.key, "score": found.score} if profile else {}
        standing = source_columns(access.sources)
        _write_csv({**told, **row, **score, **standing} for row in category_rows(found))
    else:
        show_point(found)


@access_command.command("sites")
@click.option("--type", "words", help="Alleen deze soorten, met komma's ertussen.")
@mode_option
@speed_option
@_DATE
@_FORMAT
def sites_command(
    words: str | None,
    option: str | None,
    speed_km_per_h: float | None,
    on: dt.datetime | None,
    layout: str,
) -> None:
    """Wat er in de buurt is van elke openbare locatie, met de score voor haar soort.

    De score houdt haar eigen snelheid, zodat scores te vergelijken blijven.
    """
    profiles = {entry.key: entry for entry in _profiles(words)}
    only = next(iter(profiles.values())) if len(profiles) == 1 else None
    mode = only.mode if only and option is None else travel_mode(option)
    mode = at_speed(mode, speed_km_per_h)
    day = on.date() if on else today()
    with _database() as (connection, home):
        sites = sites_access(connection, home, list(profiles), day, mode)
        scored = _scored_sites(connection, home, sites, profiles, mode, day)
    lines = (line for site in sites for line in (*site.access.sources, site.source))
    sources = tuple(dict.fromkeys(lines))
    rows = [(site, scored[site.site_id]) for site in sites]
    if layout == "json":
        question = {"types": list(profiles), "date": day.isoformat()}
        _write_json(sites_record(question, mode, rows, sources))
    elif layout == "csv":
        standing = source_columns(sources)
        _write_csv(
            {
                "site_code": site.site_code,
                "name": site.name,
                "type": site.type.key,
                "x_m": site.access.x_m,
                "y_m": site.access.y_m,
                **mode_record(mode),
                "score": found.score,
                **row,
                **standing,
            }
            for site, found in rows
            for row in category_rows(found)
        )
    else:
        show_sites(mode, day, rows, sources)


@access_command.command("areas")
@click.option("--category", required=True, help="Een soort voorziening of een soort locatie.")
@click.option("--level", default="gemeente", show_default=True, help="gemeente, wijk of buurt.")
@mode_option
@speed_option
@_DATE
@_FORMAT
def areas_command(
    category: str,
    level: str,
    option: str | None,
    speed_km_per_h: float | None,
    on: dt.datetime | None,
    layout: str,
) -> None:
    """Hoeveel minuten de inwoners van elk gebied van het dichtstbijzijnde zijn."""
    mode = travel_mode(option, speed_km_per_h)
    day = on.date() if on else today()
    with _database() as (connection, home):
        found = minutes_of_areas(
            connection, home, category, level, mode.key, day, mode.speed_km_per_h
        )
    if layout == "json":
        _write_json(areas_record(found))
    elif layout == "csv":
        told = {"category": found.question.target.key, **mode_record(mode)}
        standing = source_columns(found.sources)
        rows = ({**row, **told, **standing} for row in area_rows(found))
        _write_csv(rows, [*AREA_COLUMNS, *told, *standing])
    else:
        show_areas(found)


def _profile(word: str) -> AccessProfile:
    """The profile of one type; the errors of ``read_types`` when the word is none."""
    profiles = _profiles(word)
    if len(profiles) != 1:
        raise click.BadParameter("Kies één soort.", param_hint="--type")
    return profiles[0]


def _profiles(words: str | None) -> list[AccessProfile]:
    if words is None:
        return list(ACCESS_PROFILES)
    types = read_types([word for word in words.split(",") if word.strip()])
    return [ACCESS_PROFILES[entry.key] for entry in types]


def _scored(
    shown: Mapping[int, PointAccess], own: Mapping[int, PointAccess], profile: AccessProfile
) -> dict[int, Scored]:
    """The points shown, each with its score by the way of travelling of the profile (``own``)."""
    frames = access_frames(own)
    scores = measure_access(frames.minutes, profile, basis=frames.basis, reasons=frames.reasons)
    return {key: Scored(shown[key], scores, key) for key in own}


def _scored_sites(
    connection: Connection,
    home: Path,
    sites: Sequence[SiteAccess],
    profiles: Mapping[str, AccessProfile],
    mode: TravelMode,
    on: dt.date,
) -> dict[int, Scored]:
    """Every site with the score for its own type."""
    shown = {site.site_id: site.access for site in sites}
    by_type: dict[str, list[int]] = defaultdict(list)
    for site in sites:
        by_type[site.type.key].append(site.site_id)
    found: dict[int, Scored] = {}
    for way in TRAVEL_MODES:
        types = [key for key in by_type if profiles[key].mode == way]
        measured = shown
        if types and way != mode:
            again = sites_access(connection, home, types, on, way)
            measured = {site.site_id: site.access for site in again}
        for key in types:
            own = {site_id: measured[site_id] for site_id in by_type[key]}
            found |= _scored(shown, own, profiles[key])
    return found


@contextmanager
def _database() -> Iterator[tuple[Connection, Path]]:
    settings = settings_from_environment(os.environ)
    with open_database(settings) as engine, engine.connect() as connection:
        yield connection, settings.home


def _write_json(record: Mapping[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))


def _write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> None:
    listed = list(rows)
    names = dict.fromkeys([*columns, *(name for row in listed for name in row)])
    writer = csv.DictWriter(sys.stdout, list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
