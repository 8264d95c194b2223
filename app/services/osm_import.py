"""Import of an OpenStreetMap file: streets, amenities and ground in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import shapely
from sqlalchemy import Connection, Engine

from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.land_uses import LAND_USES
from app.services.ground_facts import ground_facts
from app.services.imports import secret_words, transaction
from data.load.coverage import check_covers_region
from data.load.land_use import store_land_use
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
from data.load.streets import store_streets
from data.progress import Progress, silent
from data.sources.openstreetmap import SOURCE
from data.sources.osm_network import OsmNetwork, read_osm
from data.sources.osm_pbf import check_pbf, day_of

#: So far outside the region streets and amenities count too: people cross the border.
REGION_BUFFER_M = 5_000.0


@dataclass(frozen=True)
class OsmImport:
    """As which delivery to keep the file, and how far outside the region to read.

    Without a year and version the day in the file gives them.
    """

    year: int | None = None
    version: str | None = None
    region_buffer_m: float = REGION_BUFFER_M


def import_osm(
    engine: Engine,
    path: Path,
    wanted: OsmImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import the streets, amenities and uses of the ground in and around the region."""
    check_pbf(path)
    with transaction(engine, dry_run, SOURCE.title, path.name) as connection:
        region = read_region(connection).gemeenten
        within = shapely.union_all(region.geometry[region["in_region"]].to_numpy())
        delivery = _delivery(connection, path, wanted)
        check_not_known_otherwise(connection, delivery)
        network = read_osm(
            path,
            {entry.key: entry.osm_tags for entry in AMENITY_CATEGORIES},
            secret_words(),
            ground={entry.key: entry.osm_tags for entry in LAND_USES if entry.osm_tags},
            within=within.buffer(wanted.region_buffer_m),
            progress=progress,
        )
        notes = check_covers_region(connection, network.streets.nodes)
        progress("Straten, voorzieningen en vlakken vergelijken en opslaan")
        return _load(connection, delivery, network, notes)


def _load(
    connection: Connection, delivery: Delivery, network: OsmNetwork, notes: tuple[str, ...]
) -> LoadReport:
    pieces, amenities = network.pieces, network.amenities
    return load(
        connection,
        delivery,
        [
            lambda release: store_streets(connection, release, pieces.nodes, pieces.edges),
            lambda release: store_amenities(connection, release, amenities),
            lambda release: store_land_use(connection, release, network.ground),
        ],
        (*network.facts, *_amenity_facts(network), *ground_facts(network.ground)),
        (*network.notes, *notes, *_missing_category_notes(network)),
    )


def _amenity_facts(network: OsmNetwork) -> list[str]:
    counts = network.amenities.groupby("category").size()
    return [
        f"{counts[entry.key]} {entry.plural}" for entry in AMENITY_CATEGORIES if entry.key in counts
    ]


def _missing_category_notes(network: OsmNetwork) -> list[str]:
    found = set(network.amenities["category"])
    missing = [entry.plural for entry in AMENITY_CATEGORIES if entry.key not in found]
    if not missing:
        return []
    return [
        f"Geen enkele voorziening gevonden van deze soorten: {', '.join(missing)}. Laad ze "
        "anders uit een lijst, met: vlekkenplan import points BESTAND"
    ]


def _delivery(connection: Connection, path: Path, wanted: OsmImport) -> Delivery:
    """The delivery that the user names, or else the same as before, or the day in the file."""
    sha256 = sha256_of(path)
    known = release_with_content(connection, SOURCE.key, sha256)
    day = day_of(path)
    if known is not None:
        year, version = known.year, known.version
    else:
        year = int(day[:4]) if day else dt.date.today().year
        version = day or next_version(connection, SOURCE.key, wanted.year or year)
    return Delivery(SOURCE, wanted.year or year, wanted.version or version, sha256, dt.date.today())
