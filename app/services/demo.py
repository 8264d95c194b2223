"""The demo region in the database: generated once, loaded once, replaced when it changes."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from sqlalchemy import Connection, Engine

from app.services.command_history import tell_command
from app.services.home_protection import area_parents, with_hidden
from data import demo as demo_package
from data.demo import DemoRegion, demo_region
from data.load.areas import area_facts, store_areas
from data.load.homes import store_homes
from data.load.land_use import store_land_use
from data.load.points import store_amenities, store_population_points
from data.load.releases import Delivery, load, release_with_content
from data.load.report import LoadReport
from data.load.sites import store_sites
from data.load.streets import store_streets
from data.load.tasks import store_tasks
from data.progress import Progress, silent
from data.sources.source import Source
from data.sources.voorbeeldregio import SOURCE
from geo import street_pieces


def load_demo_region(engine: Engine, progress: Progress = silent) -> LoadReport:
    """Load the demo region in one transaction.

    When this program's demo region is already there, nothing is generated and nothing written.
    """
    sha256 = demo_sha256()
    with engine.begin() as connection:
        tell_command(connection, SOURCE.title)
        known = release_with_content(connection, SOURCE.key, sha256)
        if known is not None:
            title = f"{SOURCE.title} {known.year} {known.version}"
            return LoadReport(title, known.id, (), notes=("De voorbeeldregio is er al.",))
        progress("Voorbeeldregio maken")
        return load_region(connection, demo_region(), sha256=sha256, progress=progress)


def load_region(
    connection: Connection,
    region: DemoRegion,
    *,
    source: Source = SOURCE,
    sha256: str | None = None,
    progress: Progress = silent,
) -> LoadReport:
    """Load all frames of a made-up region as one delivery. Needs a transaction."""
    delivery = Delivery(
        source,
        region.year,
        region.version,
        sha256 or region.sha256,
        dt.date.today(),
    )
    homes = with_hidden(region.homes, area_parents(region.areas))
    stores = (
        lambda release: store_areas(connection, release, region.areas, region.figures, progress),
        lambda release: store_sites(connection, release, region.sites, region.site_states),
        lambda release: store_amenities(connection, release, region.amenities),
        lambda release: store_population_points(connection, release, region.population_points),
        lambda release: store_tasks(connection, release, region.tasks),
        lambda release: store_homes(connection, release, homes),
        lambda release: store_streets(
            connection, release, region.street_nodes, region.street_edges
        ),
        lambda release: store_land_use(connection, release, region.land_use),
    )
    progress("Voorbeeldregio opslaan")
    return load(connection, delivery, stores, area_facts(region.areas, region.figures))


def demo_sha256() -> str:
    """A checksum of everything that the demo region is made from."""
    folder = Path(demo_package.__file__).parent
    digest = hashlib.sha256(Path(street_pieces.__file__).read_bytes())
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.csv")]):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
