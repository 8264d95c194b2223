"""Imports: from a file or service, through the checks of its source, into the database.

Each import is one transaction. ``dry_run`` does all of it and then takes it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.services.command_history import tell_command
from data.load.areas import area_facts, store_areas
from data.load.points import store_amenities
from data.load.region import read_region
from data.load.releases import (
    Delivery,
    check_not_known_otherwise,
    load,
    next_version,
    release_with_content,
    sha256_of,
)
from data.load.report import LoadReport
from data.load.sites import store_sites
from data.progress import Progress, silent
from data.sources import cbs_wijken_buurten, locatieregister, source, voorzieningen
from data.sources.cbs_areas import RIM_M, AreaFrames
from data.sources.cbs_geopackage import read_cbs_geopackage
from data.sources.cbs_ogc_api import fetch_cbs_areas
from data.sources.cells import to_plain
from data.sources.geopackages import check_file
from data.sources.ogc_features import FetchSettings
from data.sources.point_files import PointVocabulary, read_points
from data.sources.reading import Choices
from data.sources.secrets import SecretWords
from data.sources.site_columns import SiteVocabulary
from data.sources.site_files import read_sites

#: Other words for places that stay secret, beside the names of the types themselves.
_SECRET_PHRASES = (
    "vrouwenopv",
    "opvang voor vrouwen",
    "opvanghuis voor vrouwen",
    "crisisopvang vrouwen",
    "crisisopvang voor vrouwen",
    "opvang huiselijk geweld",
    "vluchthuis",
    "vrouwen en kinderopvang",
    "blijf van mijn lijf",
    "blijfhuis",
    "blijf groep",
)
_SHORTEST_PHRASE = 6


@dataclass(frozen=True)
class AreaImport:
    """Which delivery of wijken en buurten to import, and what counts as the region."""

    year: int
    version: str
    region: Sequence[str] = cbs_wijken_buurten.REGION_CODES
    rim_m: float = RIM_M


@dataclass(frozen=True)
class SiteImport:
    """How to read a file with sites, and what to do with sites that it leaves out."""

    choices: Choices = field(default_factory=Choices)
    publication: str | None = None
    remove_gone: bool = False


@dataclass(frozen=True)
class PointImport:
    """How to read a file with amenities, and as which delivery to keep it."""

    year: int
    category: str | None = None
    version: str | None = None
    choices: Choices = field(default_factory=Choices)


def import_cbs_file(
    engine: Engine,
    path: Path,
    wanted: AreaImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import wijken en buurten from a GeoPackage of CBS."""
    progress(f"{path.name} lezen")
    frames = read_cbs_geopackage(
        path,
        year=wanted.year,
        version=wanted.version,
        region=wanted.region,
        rim_m=wanted.rim_m,
    )
    delivery = _delivery(
        cbs_wijken_buurten.SOURCE.key, wanted.year, wanted.version, sha256_of(path)
    )
    with transaction(engine, dry_run, cbs_wijken_buurten.SOURCE.title, path.name) as connection:
        return load_area_frames(connection, delivery, frames, progress)


def import_cbs_api(
    engine: Engine,
    wanted: AreaImport,
    folder: Path,
    *,
    address: str | None = None,
    settings: FetchSettings | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import wijken en buurten from the service of PDOK; pages are kept in ``folder``."""
    fetched = fetch_cbs_areas(
        folder,
        year=wanted.year,
        region=wanted.region,
        rim_m=wanted.rim_m,
        address=address,
        settings=settings,
        progress=progress,
    )
    key = cbs_wijken_buurten.SOURCE.key
    delivery = replace(
        _delivery(key, wanted.year, wanted.version, fetched.sha256), address=fetched.address
    )
    with transaction(engine, dry_run, cbs_wijken_buurten.SOURCE.title) as connection:
        return load_area_frames(connection, delivery, fetched.frames, progress)


def load_area_frames(
    connection: Connection, delivery: Delivery, frames: AreaFrames, progress: Progress
) -> LoadReport:
    """Load frames of wijken en buurten as this delivery."""
    check_not_known_otherwise(connection, delivery)
    return load(
        connection,
        delivery,
        [lambda release: store_areas(connection, release, frames.areas, frames.figures, progress)],
        area_facts(frames.areas, frames.figures),
        frames.notes,
    )


def import_sites(
    engine: Engine,
    path: Path,
    wanted: SiteImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import a register of sites. Sites that it leaves out stay, or end today."""
    check_file(path)
    with transaction(engine, dry_run, locatieregister.SOURCE.title, path.name) as connection:
        region = read_region(connection)
        progress(f"{path.name} lezen")
        file = read_sites(path, site_vocabulary(), region, wanted.choices, wanted.publication)
        progress("Locaties vergelijken en opslaan")
        close_on = dt.date.today() if wanted.remove_gone else None
        return load(
            connection,
            _site_delivery(connection, sha256_of(path)),
            [
                lambda release: store_sites(
                    connection, release, file.sites, file.states, close_gone_on=close_on
                )
            ],
            (f"{len(file.sites)} locaties in het bestand",),
            file.notes,
        )


def import_points(
    engine: Engine,
    path: Path,
    wanted: PointImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import amenities. Each category of a year is a delivery of its own, unless named."""
    progress(f"{path.name} lezen")
    file = read_points(path, point_vocabulary(), wanted.choices, wanted.category)
    version = wanted.version or wanted.category or "alle soorten"
    delivery = _delivery(voorzieningen.SOURCE.key, wanted.year, version, sha256_of(path))
    with transaction(engine, dry_run, voorzieningen.SOURCE.title, path.name) as connection:
        check_not_known_otherwise(connection, delivery)
        counts = file.amenities.groupby("category").size()
        return load(
            connection,
            delivery,
            [lambda release: store_amenities(connection, release, file.amenities)],
            tuple(
                f"{count} {AMENITY_CATEGORIES[str(category)].plural}"
                for category, count in counts.items()
            ),
            file.notes,
        )


def site_vocabulary() -> SiteVocabulary:
    """The words of files with sites, from the registries of types and statuses."""
    by_recording = {
        key: {
            word: (entry.key if key == "site" else entry.label)
            for entry in FACILITY_TYPES
            if entry.recorded.key == key
            for word in _words(entry.key, entry.label, entry.aliases)
        }
        for key in ("site", "area_count")
    }
    return SiteVocabulary(
        types=by_recording["site"],
        only_counted=by_recording["area_count"],
        secret=secret_words(),
        statuses={
            word: status.key
            for status in SITE_STATUSES
            for word in _words(status.key, status.label, getattr(status, "aliases", ()))
        },
        statuses_with_reason=frozenset(
            status.key for status in SITE_STATUSES if status.asks_reason
        ),
    )


def point_vocabulary() -> PointVocabulary:
    """The words of files with amenities, from the registry of categories."""
    return PointVocabulary(
        categories={
            word: entry.key
            for entry in AMENITY_CATEGORIES
            for word in _words(entry.key, entry.label, (entry.plural, *entry.aliases))
        },
        secret=secret_words(),
    )


def secret_words() -> SecretWords:
    """What betrays a place whose address is secret."""
    names = [
        name
        for entry in FACILITY_TYPES
        if entry.recorded.key == "never_located"
        for name in (entry.key, entry.label, *entry.aliases)
    ]
    phrases = [to_plain(name).replace(" ", "") for name in (*names, *_SECRET_PHRASES)]
    return SecretWords(
        phrases=tuple(sorted({text for text in phrases if len(text) >= _SHORTEST_PHRASE})),
        types=tuple(names),
    )


def _words(key: str, label: str, others: Sequence[str]) -> set[str]:
    return {to_plain(word) for word in (key, label, *others)}


def _delivery(source_key: str, year: int, version: str, sha256: str) -> Delivery:
    return Delivery(source(source_key), year, version, sha256, dt.date.today())


def _site_delivery(connection: Connection, sha256: str) -> Delivery:
    """The newest delivery again when the file is the same, else the next one of this year."""
    key, today = locatieregister.SOURCE.key, dt.date.today()
    newest = release_with_content(connection, key, sha256)
    if newest is not None and newest.is_newest:
        return _delivery(key, newest.year, newest.version, sha256)
    return _delivery(key, today.year, next_version(connection, key, today.year), sha256)


@contextmanager
def transaction(
    engine: Engine, dry_run: bool, title: str, file_name: str = ""
) -> Iterator[Connection]:
    """A connection whose work is kept at the end, or taken back after a ``dry_run``.

    The history says that it came by a command, from which source and file.
    """
    with engine.connect() as connection:
        tell_command(connection, title, file_name)
        yield connection
        if dry_run:
            connection.rollback()
        else:
            connection.commit()
