"""Importing homes of single people: a file, through its checks, into the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine

from analysis.facility_types import FACILITY_TYPES
from analysis.small_counts import sum_faults
from app.services.home_counts import COUNTED_TYPES
from app.services.home_protection import area_parents, published_sha256, with_hidden
from app.services.imports import secret_words, transaction
from data.load.homes import hidden_before, store_homes
from data.load.region import read_region_areas
from data.load.releases import Delivery, load, next_version, release_with_content
from data.load.report import LoadReport
from data.progress import Progress, silent
from data.sources.cells import to_plain
from data.sources.geopackages import check_file
from data.sources.home_columns import HomeArea, HomeVocabulary
from data.sources.home_files import read_homes
from data.sources.reading import Choices
from data.sources.woningen import SOURCE
from geo.frames import REGION_CODE


@dataclass(frozen=True)
class HomeImport:
    """How to read a file with homes; the year stands in the file itself."""

    choices: Choices = field(default_factory=Choices)


def import_homes(
    engine: Engine,
    path: Path,
    wanted: HomeImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import how many homes there are by area. The newest delivery of a year counts."""
    check_file(path)
    with transaction(engine, dry_run, SOURCE.title, path.name) as connection:
        areas = read_region_areas(connection)
        progress(f"{path.name} lezen")
        file = read_homes(path, home_vocabulary(areas), wanted.choices)
        progress("Kleine aantallen verbergen")
        homes = with_hidden(file.homes, area_parents(areas), hidden_before(connection, file.year))
        return load(
            connection,
            _delivery(connection, published_sha256(homes, file.year), file.year),
            [lambda release: store_homes(connection, release, homes)],
            (_fact(homes),),
            file.notes,
        )


def home_vocabulary(areas: pd.DataFrame) -> HomeVocabulary:
    """The words of files with homes: the areas of the region, and the registry of types."""
    parents = area_parents(areas)
    words: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for entry in FACILITY_TYPES:
        if entry in COUNTED_TYPES or entry.recorded.on_map:
            for word in (entry.key, entry.label, entry.plural, *entry.aliases):
                is_site = entry.recorded.on_map
                words[is_site][to_plain(word)] = entry.label if is_site else entry.key
    known = {
        str(code): HomeArea(str(level), str(name))
        for code, level, name in zip(areas.index, areas["level"], areas["name"], strict=True)
    }
    return HomeVocabulary(
        known,
        words[False],
        words[True],
        secret_words(),
        lambda counts: sum_faults(counts, parents),
    )


def _fact(homes: pd.DataFrame) -> str:
    of_areas = homes[homes["area_code"] != REGION_CODE]
    hidden = int(of_areas["is_hidden"].sum())
    return (
        f"{len(of_areas)} aantallen in {of_areas['area_code'].nunique()} gebieden, waarvan "
        f"{hidden} niet openbaar"
    )


def _delivery(connection: Connection, sha256: str, year: int) -> Delivery:
    """The newest delivery again when the same is published of it, else the next one of its year."""
    known = release_with_content(connection, SOURCE.key, sha256)
    same = known is not None and known.is_newest and known.year == year
    version = known.version if known and same else next_version(connection, SOURCE.key, year)
    return Delivery(SOURCE, year, version, sha256, dt.date.today())
