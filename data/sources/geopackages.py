"""Opening a GeoPackage: whether it is one, whether it is whole, and what it holds."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio

from data.faults import refuse

#: The whole of the Netherlands from CBS is under 200 MB.
LARGEST_FILE_MB = 1_000
_SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Layer:
    """One layer with geometry, and the names of its columns."""

    name: str
    columns: tuple[str, ...]
    feature_count: int


def check_geopackage(path: Path) -> None:
    """Return when the file is a whole GeoPackage; raise Refused in words for the user if not."""
    check_file(path)
    with path.open("rb") as file:
        if file.read(len(_SQLITE_MAGIC)) != _SQLITE_MAGIC:
            raise refuse(
                f"{path.name} is geen GeoPackage. Kies een bestand dat eindigt op .gpkg en dat "
                "door een kaartprogramma is gemaakt."
            )
    try:
        _check_whole(path)
    except sqlite3.DatabaseError as error:
        raise refuse(
            f"{path.name} is beschadigd of niet helemaal gedownload. Haal het opnieuw op."
        ) from error


def read_layers(path: Path) -> tuple[Layer, ...]:
    """The layers that have geometry, in the order of the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        infos = [(name, pyogrio.read_info(path, layer=name)) for name in found]
    return tuple(
        Layer(name, tuple(str(field) for field in info["fields"]), int(info["features"]))
        for name, info in infos
    )


def choose_layer(path: Path, part: str | None) -> Layer:
    """The only layer with geometry, or the one that is called ``part``; Refused otherwise."""
    layers = read_layers(path)
    names = ", ".join(layer.name for layer in layers) or "geen"
    chosen = [layer for layer in layers if part is None or layer.name == part]
    if part is not None and not chosen:
        raise refuse(f"De laag {part} staat niet in {path.name}. Wel: {names}.")
    if len(chosen) != 1:
        raise refuse(f"Kies met --sheet een laag van {path.name}: {names}.")
    return chosen[0]


def read_layer(path: Path, layer: Layer, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """The features of a layer with these columns; the index is the number of the feature."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(
                path, layer=layer.name, columns=list(columns), fid_as_index=True
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise refuse(f"De laag {layer.name} van {path.name} is niet te lezen.") from error
    if frame.crs is not None and frame.crs.name.startswith("Undefined"):
        return frame.set_crs(None, allow_override=True)
    return frame


def check_file(path: Path) -> None:
    """Return when there is a file with something in it; raise Refused if not."""
    if not path.is_file():
        raise refuse(f"Het bestand {path} is er niet. Kijk of de naam klopt.")
    size = path.stat().st_size
    if size == 0:
        raise refuse(f"{path.name} is leeg.")
    if size > LARGEST_FILE_MB * 1_000_000:
        raise refuse(
            f"{path.name} is te groot: {size // 1_000_000} MB. Wij lezen bestanden tot "
            f"{LARGEST_FILE_MB} MB. Haal weg wat niet nodig is."
        )


def _check_whole(path: Path) -> None:
    """Raises sqlite3.DatabaseError when pages of the file are missing or broken."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'"
        ).fetchone():
            raise refuse(f"{path.name} is een database, maar geen GeoPackage.")
    finally:
        connection.close()
