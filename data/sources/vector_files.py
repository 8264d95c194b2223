"""Opening a file with surfaces: GeoPackage, GeoJSON or Shapefile, with the rows users see."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from data.faults import Refused, refuse
from data.sources.geopackages import (
    check_file,
    check_geopackage,
    choose_layer,
    read_layer,
)
from data.sources.table_files import Row, TableFile

#: The first bytes of a main file of a Shapefile.
_SHAPEFILE_MAGIC = b"\x00\x00\x27\x0a"
_READ_BYTES = 4096
_COMPANIONS = (".shx", ".dbf")


@dataclass(frozen=True)
class VectorFile:
    """The rows of a file, the geometry of each that has one, and the system if it says so."""

    table: TableFile
    shapes: dict[int, shapely.Geometry]
    epsg: int | None


def read_vector_file(path: Path, part: str | None = None) -> VectorFile:
    """The rows of a file; ``part`` names the layer. Raises Refused when it can't be read.

    A row has the number of the feature in a GeoPackage, and else its place in the file from 1.
    """
    check_file(path)
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        check_geopackage(path)
        layer = choose_layer(path, part)
        return _to_rows(path, layer.name, read_layer(path, layer, layer.columns))
    if suffix in (".geojson", ".json"):
        _check_begins(path, b"{", "GeoJSON-bestand")
    elif suffix == ".shp":
        _check_begins(path, _SHAPEFILE_MAGIC, "Shapefile")
        _check_companions(path)
    else:
        raise refuse(
            f"Bestanden die eindigen op {path.suffix or 'niets'} kunnen wij niet lezen. Kies een "
            "GeoPackage (.gpkg), een GeoJSON-bestand (.geojson) of een Shapefile (.shp)."
        )
    return _to_rows(path, "", _read_only_layer(path))


def _check_begins(path: Path, mark: bytes, kind: str) -> None:
    """Refuse what only has the name of this kind of file: it might be read as something else."""
    with path.open("rb") as file:
        start = file.read(_READ_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not start.startswith(mark):
        raise refuse(f"{path.name} is geen {kind}. Maak het opnieuw in een kaartprogramma.")


def _check_companions(path: Path) -> None:
    missing = [
        path.with_suffix(suffix).name
        for suffix in _COMPANIONS
        if not any(path.with_suffix(spelled).is_file() for spelled in (suffix, suffix.upper()))
    ]
    if missing:
        raise refuse(
            f"Bij {path.name} horen nog bestanden die er niet zijn: {', '.join(missing)}. Zet ze "
            "in dezelfde map."
        )


def _read_only_layer(path: Path) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise refuse(f"{path.name} heeft geen vlakken.")
    return frame.set_axis(range(1, len(frame) + 1), axis="index")


def _damaged(path: Path) -> Refused:
    return refuse(f"{path.name} is beschadigd of niet helemaal gedownload. Haal het opnieuw op.")


def _to_rows(path: Path, part: str, frame: gpd.GeoDataFrame) -> VectorFile:
    if frame.empty:
        raise refuse(f"{path.name} heeft geen rijen.")
    shapes = {
        int(number): shape
        for number, shape in zip(frame.index, frame.geometry, strict=True)
        if shape is not None and not shape.is_empty
    }
    cells = frame.drop(columns=frame.geometry.name)
    records = cells.astype(object).to_dict("records")
    rows = tuple(
        Row(int(number), {str(name): cell for name, cell in record.items()})
        for number, record in zip(frame.index, records, strict=True)
    )
    columns = tuple(str(name) for name in cells.columns)
    epsg = None if frame.crs is None else frame.crs.to_epsg()
    if frame.crs is not None and epsg is None:
        raise refuse(
            f"Het coördinatenstelsel van {path.name} herkennen wij niet: {frame.crs.name}. Bewaar "
            "het bestand opnieuw in RD (EPSG:28992), of geef --crs."
        )
    return VectorFile(TableFile(path, part, columns, rows), shapes, epsg)
