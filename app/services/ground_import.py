"""Importing uses of the ground: a file with surfaces, through its checks, into the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import shapely
from sqlalchemy import Connection, Engine

from analysis.land_uses import LAND_USES
from app.services.ground_facts import ground_facts
from app.services.imports import secret_words, transaction
from app.services.osm_import import REGION_BUFFER_M
from data.load.land_use import store_land_use
from data.load.region import read_region
from data.load.releases import Delivery, check_not_known_otherwise, load, sha256_of
from data.load.report import LoadReport
from data.progress import Progress, silent
from data.sources.cells import to_plain
from data.sources.geopackages import check_file
from data.sources.grondgebruik import SOURCE
from data.sources.ground_files import GroundVocabulary, read_ground
from data.sources.reading import Choices
from data.sources.source import Source

ALL_KINDS = "alle soorten"


@dataclass(frozen=True)
class GroundImport:
    """How to read a file with ground, whose it is, and as which delivery to keep it."""

    year: int
    kind: str | None = None
    version: str | None = None
    publisher: str | None = None
    choices: Choices = field(default_factory=Choices)


def import_ground(
    engine: Engine,
    path: Path,
    wanted: GroundImport,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Import uses of the ground. Each kind of a year is a delivery of its own, unless named."""
    check_file(path)
    with transaction(engine, dry_run, SOURCE.title, path.name) as connection:
        delivery = Delivery(
            _source_of(wanted.publisher),
            wanted.year,
            wanted.version or wanted.kind or ALL_KINDS,
            sha256_of(path),
            dt.date.today(),
        )
        check_not_known_otherwise(connection, delivery)
        progress(f"{path.name} lezen")
        file = read_ground(
            path,
            ground_vocabulary(),
            wanted.choices,
            kind=wanted.kind,
            within=_region_with_rim(connection),
        )
        progress("Vlakken vergelijken en opslaan")
        return load(
            connection,
            delivery,
            [lambda release: store_land_use(connection, release, file.ground)],
            ground_facts(file.ground),
            file.notes,
        )


def ground_vocabulary() -> GroundVocabulary:
    """The words of files with ground, from the registry of its uses."""
    words = {
        to_plain(word): entry.key
        for entry in LAND_USES
        for word in (entry.key, entry.label, *entry.aliases)
    }
    return GroundVocabulary(words, secret_words())


def _source_of(publisher: str | None) -> Source:
    """The source, with the name of who publishes the file where the user gives it."""
    if publisher is None:
        return SOURCE
    credit = publisher.replace("{", "{{").replace("}", "}}")
    return replace(SOURCE, publisher=publisher, attribution=f"{SOURCE.title}: {credit}, {{year}}")


def _region_with_rim(connection: Connection) -> shapely.Geometry:
    region = read_region(connection).gemeenten
    inside = region.geometry[region["in_region"]].to_numpy()
    return shapely.buffer(shapely.union_all(inside), REGION_BUFFER_M)
