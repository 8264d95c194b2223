"""The real files of OpenStreetMap, each read once in a test run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.imports import secret_words
from data.sources.osm_graph import StreetGraph
from data.sources.osm_network import OsmNetwork, read_osm
from geo.street_pieces import StreetPieces

#: Kinds of amenities by one tag, so that they can be counted in a raw file.
KINDS = {
    "school": ((("amenity", "school"),),),
    "supermarket": ((("shop", "supermarket"),),),
    "pharmacy": ((("amenity", "pharmacy"),),),
    "bus_stop": ((("highway", "bus_stop"),),),
}
FILES = {"porto": ("porto_portugal", 32629), "malta": ("malta-latest", 32633)}


@dataclass(frozen=True, eq=False)
class RealFile:
    """A file, the system in metres that suits it, and what was read from it."""

    path: Path
    epsg: int
    network: OsmNetwork

    @property
    def streets(self) -> StreetGraph:
        """From crossing to crossing."""
        return self.network.streets

    @property
    def pieces(self) -> StreetPieces:
        """The same, cut for use."""
        return self.network.pieces


def read_real(folder: Path, name: str) -> RealFile:
    """The file with the amenities of all categories and those of ``KINDS``."""
    stem, epsg = FILES[name]
    path = folder / "osm" / f"{stem}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"this file is not here: {path}")
    categories = {category.key: category.osm_tags for category in AMENITY_CATEGORIES}
    return RealFile(path, epsg, read_osm(path, categories | KINDS, secret_words()))
