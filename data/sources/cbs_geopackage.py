"""CBS wijken en buurten from a GeoPackage: this year's, or an old one with short names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from data.faults import Fault, Refused, refuse
from data.sources.cbs_areas import (
    RIM_M,
    AreaFrames,
    to_area_frames,
    wanted_columns,
)
from data.sources.cbs_layers import LAYER_NAMES
from data.sources.cbs_wijken_buurten import REGION_CODES
from data.sources.geopackages import Layer, check_geopackage, read_layer, read_layers
from geo.frames import LEVELS, Level

#: How a layer may be called: gemeenten, wijkenbuurten:gemeenten, gemeente_2022_v3 ...
_PREFIX = re.compile(r"^(cbs[_ -]?)?(wijken[_ -]?(en[_ -]?)?buurten|wijkbuurtkaart)[_ :.-]*(?=\D)")
_LAYER_PATTERN = {level: re.compile(rf"^(cbs_)?{level}(e?n)?(?![a-z])") for level in LEVELS}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_VERSION = re.compile(r"(?<![a-z])v(\d)(?!\d)")


def read_cbs_geopackage(
    path: Path,
    *,
    year: int,
    version: str | None = None,
    region: Sequence[str] = REGION_CODES,
    rim_m: float = RIM_M,
) -> AreaFrames:
    """The frames of the region and its rim. Raises Refused with every fault found."""
    check_geopackage(path)
    layers = find_layers(path)
    _check_names(layers, year, version)
    frames: dict[Level, gpd.GeoDataFrame] = {
        level: read_layer(path, layer, wanted_columns(layer.columns))
        for level, layer in layers.items()
    }
    return to_area_frames(frames, year=year, region=region, rim_m=rim_m)


def find_layers(path: Path) -> dict[Level, Layer]:
    """The layer of each level. Raises Refused naming the levels that have none."""
    present = read_layers(path)
    found: dict[Level, Layer] = {}
    for level in LEVELS:
        matches = [layer for layer in present if level_of(layer.name) == level]
        if len(matches) > 1:
            names = ", ".join(layer.name for layer in matches)
            raise refuse(f"Er zijn meer lagen met {LAYER_NAMES[level]}: {names}. Houd er één.")
        if matches:
            found[level] = matches[0]
    missing = [level for level in LEVELS if level not in found]
    if missing:
        names = ", ".join(layer.name for layer in present) or "geen"
        raise Refused(
            Fault(f"De laag {LAYER_NAMES[level]} ontbreekt. Wel in het bestand: {names}.")
            for level in missing
        )
    return found


def level_of(layer_name: str) -> Level | None:
    """Which level a layer holds, by its name; None when it holds none."""
    name = _PREFIX.sub("", layer_name.lower())
    return next((level for level in LEVELS if _LAYER_PATTERN[level].match(name)), None)


def _check_names(layers: dict[Level, Layer], year: int, version: str | None) -> None:
    """Some files carry year and version in the names of their layers."""
    for layer in layers.values():
        years = set(_YEAR.findall(layer.name))
        if years - {str(year)}:
            raise refuse(f"De laag {layer.name} is niet van {year}, het jaar dat u gaf.")
        versions = {f"v{number}" for number in _VERSION.findall(layer.name.lower())}
        if version is not None and versions - {version}:
            raise refuse(f"De laag {layer.name} is niet van versie {version}, die u gaf.")
