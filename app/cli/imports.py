"""``vlekkenplan import``: data from files and services into the database.

Exit code 0 when all is well, 1 when the import is refused; nothing is stored then.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from app.cli.database import open_database
from app.cli.import_contributions import contributions_command
from app.cli.import_report import show_faults, show_report, write_faults
from app.cli.progress import steps, tell
from app.config import Settings, settings_from_environment
from data.faults import Refused
from data.publication import PUBLICATION_LEVELS

if TYPE_CHECKING:
    from sqlalchemy import Engine


Command = TypeVar("Command", bound=Callable[..., Any])

#: Passes over the file, joining and storing: what the bar of an import is divided in.
_OSM_STEPS = 7
_FILE = click.Path(path_type=Path, dir_okay=False)
_FILE_ARGUMENT = click.argument("path", metavar="BESTAND", type=_FILE)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen.")
_FAULTS = click.option(
    "--faults", "faults_file", type=_FILE, help="Bewaar de fouten ook in dit CSV-bestand."
)
_SHEET = click.option("--sheet", help="Het blad (XLSX) of de laag (GeoPackage).")
_CRS = click.option(
    "--crs", help="Het stelsel van de coördinaten: 28992 (RD), 4326 (graden) of 3857 (webkaart)."
)
_COLUMN = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ONZE=UW",
    help="Welke kolom van het bestand wij moeten lezen, bijvoorbeeld aanbieder=Organisatie.",
)


@click.group("import")
def import_command() -> None:
    """Haal gegevens op uit een bestand of een dienst."""


import_command.add_command(contributions_command)


def _area_options(command: Command) -> Command:
    for option in (
        click.option(
            "--rim-km", type=click.FloatRange(min=0), help="Zo ver buiten de regio telt als rand."
        ),
        click.option(
            "--region",
            help="De gemeentecodes van de regio, met komma's ertussen. Nu: de acht gemeenten.",
        ),
        click.option("--version", required=True, help="De versie van het CBS: v1, v2 of v3."),
        click.option("--year", type=click.IntRange(2000, 2100), required=True, help="Het jaar."),
    ):
        command = option(command)
    return command


@import_command.command("cbs")
@_FILE_ARGUMENT
@_area_options
@_DRY_RUN
@_FAULTS
def import_cbs_command(
    path: Path,
    year: int,
    version: str,
    region: str | None,
    rim_km: float | None,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Wijken en buurten van het CBS, uit een GeoPackage."""
    from app.services.imports import import_cbs_file

    wanted = _area_import(year, version, region, rim_km)
    with _answered(faults_file) as (engine, _settings):
        report = import_cbs_file(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("cbs-api")
@_area_options
@click.option("--address", help="Het adres van de dienst; {year} wordt het jaar.")
@_DRY_RUN
@_FAULTS
def import_cbs_api_command(
    year: int,
    version: str,
    region: str | None,
    rim_km: float | None,
    address: str | None,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Wijken en buurten van het CBS, van de dienst van PDOK.

    Wordt het ophalen onderbroken, typ dan hetzelfde nog eens: wat er al is, blijft bewaard.
    """
    from app.services.imports import import_cbs_api

    wanted = _area_import(year, version, region, rim_km)
    with _answered(faults_file) as (engine, settings):
        report = import_cbs_api(
            engine,
            wanted,
            settings.home / "fetched",
            address=address,
            dry_run=dry_run,
            progress=tell,
        )
        show_report(report, dry_run=dry_run)


@import_command.command("sites")
@_FILE_ARGUMENT
@_SHEET
@_CRS
@_COLUMN
@click.option(
    "--publication",
    type=click.Choice([level.key for level in PUBLICATION_LEVELS]),
    help="Het niveau van locaties waarvoor het bestand er geen noemt. Nu: intern.",
)
@click.option(
    "--remove-gone",
    is_flag=True,
    help="Beëindig locaties die niet meer in het bestand staan; hun geschiedenis blijft.",
)
@_DRY_RUN
@_FAULTS
def import_sites_command(
    path: Path,
    sheet: str | None,
    crs: str | None,
    columns: tuple[str, ...],
    publication: str | None,
    remove_gone: bool,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Locaties uit een CSV-, XLSX- of GeoPackage-bestand."""
    from app.services.imports import SiteImport, import_sites
    from data.sources.site_columns import SITE_COLUMNS

    labels = {column.label: column.key for column in SITE_COLUMNS}
    wanted = SiteImport(_choices(sheet, crs, _chosen(columns, labels)), publication, remove_gone)
    with _answered(faults_file) as (engine, _settings):
        report = import_sites(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("points")
@_FILE_ARGUMENT
@click.option("--category", help="De soort van alle punten, bijvoorbeeld basisschool.")
@click.option(
    "--year", type=click.IntRange(1990, 2100), help="Het jaar van het bestand. Nu: dit jaar."
)
@click.option("--version", help="De naam van deze levering. Nu: de soort.")
@_SHEET
@_CRS
@_COLUMN
@click.option("--code-column", help="De kolom met de code.")
@click.option("--name-column", help="De kolom met de naam.")
@click.option("--x-column", help="De kolom met x of de lengtegraad.")
@click.option("--y-column", help="De kolom met y of de breedtegraad.")
@_DRY_RUN
@_FAULTS
def import_points_command(
    path: Path,
    category: str | None,
    year: int | None,
    version: str | None,
    sheet: str | None,
    crs: str | None,
    columns: tuple[str, ...],
    code_column: str | None,
    name_column: str | None,
    x_column: str | None,
    y_column: str | None,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Voorzieningen (scholen, winkels, artsen ...) uit een CSV-, XLSX- of GeoPackage-bestand."""
    from analysis.amenity_categories import AMENITY_CATEGORIES
    from app.services.imports import PointImport, import_points
    from data.sources.point_columns import POINT_COLUMNS

    own = {"amenity_code": code_column, "name": name_column, "x": x_column, "y": y_column}
    labels = {column.label: column.key for column in POINT_COLUMNS}
    chosen = {key: name for key, name in own.items() if name} | _chosen(columns, labels)
    wanted = PointImport(
        year or dt.date.today().year,
        AMENITY_CATEGORIES.find(category).key if category else None,
        version,
        _choices(sheet, crs, chosen),
    )
    with _answered(faults_file) as (engine, _settings):
        report = import_points(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("tasks")
@_FILE_ARGUMENT
@click.option(
    "--year", type=click.IntRange(2000, 2100), help="Het jaar van de opgave zelf. Nu: dit jaar."
)
@_SHEET
@_COLUMN
@_DRY_RUN
@_FAULTS
def import_tasks_command(
    path: Path,
    year: int | None,
    sheet: str | None,
    columns: tuple[str, ...],
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """De opgave: hoeveel plekken elke gemeente nodig heeft, uit een CSV- of XLSX-bestand.

    De kolommen zijn gemeente, soort, jaar en plekken. De nieuwste levering telt, in haar geheel.
    """
    from app.services.task_import import TaskImport, import_tasks
    from data.sources.task_columns import TASK_COLUMNS

    labels = {column.label: column.key for column in TASK_COLUMNS}
    wanted = TaskImport(year, _choices(sheet, None, _chosen(columns, labels)))
    with _answered(faults_file) as (engine, _settings):
        report = import_tasks(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("homes")
@_FILE_ARGUMENT
@_SHEET
@_COLUMN
@_DRY_RUN
@_FAULTS
def import_homes_command(
    path: Path,
    sheet: str | None,
    columns: tuple[str, ...],
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Gewone woningen van bewoners met begeleiding: aantallen per gebied, uit CSV of XLSX.

    De kolommen zijn gebied, soort, jaar en aantal. Adressen worden geweigerd; kleine aantallen
    blijven verborgen.
    """
    from app.services.home_import import HomeImport, import_homes
    from data.sources.home_columns import HOME_COLUMNS

    labels = {column.label: column.key for column in HOME_COLUMNS}
    wanted = HomeImport(_choices(sheet, None, _chosen(columns, labels)))
    with _answered(faults_file) as (engine, _settings):
        report = import_homes(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("osm")
@_FILE_ARGUMENT
@click.option(
    "--year", type=click.IntRange(2000, 2100), help="Het jaar. Nu: dat van de dag in het bestand."
)
@click.option("--version", help="De naam van deze levering. Nu: de dag in het bestand.")
@click.option(
    "--region-buffer",
    "region_buffer_km",
    type=click.FloatRange(0, 100),
    default=5.0,
    help="Zoveel kilometer buiten de regio telt ook mee. Nu: 5.",
)
@_DRY_RUN
@_FAULTS
def import_osm_command(
    path: Path,
    year: int | None,
    version: str | None,
    region_buffer_km: float,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Straten, voorzieningen en gebruik van de grond van OpenStreetMap, uit een .osm.pbf-bestand.

    Bijvoorbeeld noord-holland-latest.osm.pbf van download.geofabrik.de. Hoogteverschil telt
    niet mee.
    """
    from app.services.osm_import import OsmImport, import_osm

    wanted = OsmImport(year, version, region_buffer_km * 1000)
    with _answered(faults_file) as (engine, settings):
        with steps(_OSM_STEPS) as progress:
            report = import_osm(engine, path, wanted, dry_run=dry_run, progress=progress)
        show_report(report, dry_run=dry_run)
        if not dry_run:
            _prepare_streets(engine, settings)


@import_command.command("land-use")
@_FILE_ARGUMENT
@click.option("--kind", help="Het gebruik van alle vlakken, bijvoorbeeld geluidscontour.")
@click.option(
    "--year", type=click.IntRange(1990, 2100), help="Het jaar van het bestand. Nu: dit jaar."
)
@click.option("--version", help="De naam van deze levering. Nu: het gebruik.")
@click.option("--publisher", help="Van wie het bestand is, bijvoorbeeld Rijkswaterstaat.")
@_SHEET
@_CRS
@_COLUMN
@_DRY_RUN
@_FAULTS
def import_land_use_command(
    path: Path,
    kind: str | None,
    year: int | None,
    version: str | None,
    publisher: str | None,
    sheet: str | None,
    crs: str | None,
    columns: tuple[str, ...],
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Gebruik van de grond (water, geluidszone ...) uit een GeoPackage, GeoJSON of Shapefile.

    Zonder --kind heeft het bestand een kolom soort. Vlakken buiten de regio tellen niet mee.
    """
    from analysis.land_uses import LAND_USES
    from app.services.ground_import import GroundImport, import_ground
    from data.sources.ground_columns import GROUND_COLUMNS

    labels = {column.label: column.key for column in GROUND_COLUMNS}
    wanted = GroundImport(
        year or dt.date.today().year,
        LAND_USES.find(kind).key if kind else None,
        version,
        publisher,
        _choices(sheet, crs, _chosen(columns, labels)),
    )
    with _answered(faults_file) as (engine, _settings):
        report = import_ground(engine, path, wanted, dry_run=dry_run, progress=tell)
        show_report(report, dry_run=dry_run)


@import_command.command("demo")
def import_demo_command() -> None:
    """De voorbeeldregio: echte namen en aantallen, verzonnen grenzen en locaties."""
    from app.services.demo import load_demo_region
    from app.services.demo_choices import load_demo_choices

    with _answered(None) as (engine, _settings):
        show_report(load_demo_region(engine, tell), dry_run=False)
        load_demo_choices(engine, tell)


def _prepare_streets(engine: Engine, settings: Settings) -> None:
    """Make the networks now, so that no visitor waits for them."""
    from analysis.access.modes import TRAVEL_MODES
    from app.services.street_store import travel_streets

    tell("Straten klaarzetten voor het meten van afstanden")
    with engine.connect() as connection:
        for mode in TRAVEL_MODES:
            travel_streets(connection, settings.home, mode.key)


@contextmanager
def _answered(faults_file: Path | None) -> Iterator[tuple[Engine, Settings]]:
    """The database; a refused import is shown as a table of faults, with exit code 1."""
    settings = settings_from_environment(os.environ)
    try:
        with open_database(settings, role=None) as engine:
            yield engine, settings
    except Refused as refused:
        show_faults(refused.faults)
        if faults_file is not None:
            write_faults(refused.faults, faults_file)
            click.echo(f"De fouten staan ook in {faults_file}.", err=True)
        raise SystemExit(1) from refused


def _area_import(year: int, version: str, region: str | None, rim_km: float | None) -> Any:
    from app.services.imports import AreaImport

    wanted: dict[str, Any] = {"year": year, "version": version}
    if region is not None:
        wanted["region"] = tuple(code.strip().upper() for code in region.split(",") if code.strip())
    if rim_km is not None:
        wanted["rim_m"] = rim_km * 1000
    return AreaImport(**wanted)


def _choices(sheet: str | None, crs: str | None, columns: Mapping[str, str]) -> Any:
    from data.sources.cells import CellError
    from data.sources.coordinates import to_system
    from data.sources.reading import Choices

    try:
        return Choices(sheet, to_system(crs), columns)
    except CellError as error:
        raise click.BadParameter(str(error), param_hint="--crs") from error


def _chosen(columns: tuple[str, ...], labels: Mapping[str, str]) -> dict[str, str]:
    chosen = {}
    for pair in columns:
        ours, separator, theirs = pair.partition("=")
        key = labels.get(ours.strip().lower())
        if not separator or key is None:
            raise click.BadParameter(
                f"Schrijf ONZE=UW, met als onze kolom een van: {', '.join(labels)}.",
                param_hint="--column",
            )
        chosen[key] = theirs.strip()
    return chosen
