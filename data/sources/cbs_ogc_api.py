"""CBS wijken en buurten from the OGC API Features of PDOK."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from data.faults import refuse
from data.progress import Progress, silent
from data.sources.cbs_areas import RIM_M, AreaFrames, to_area_frames, wanted_columns
from data.sources.cbs_layers import LAYER_NAMES
from data.sources.cbs_wijken_buurten import REGION_CODES
from data.sources.ogc_features import FeatureService, FetchSettings, Page
from geo.crs import RD, RD_URI, WGS84, is_rd_uri
from geo.frames import LEVELS, Level

DEFAULT_ADDRESS = "https://api.pdok.nl/cbs/wijken-en-buurten-{year}/ogc/v1"


@dataclass(frozen=True)
class FetchedAreas:
    """The frames, where they came from, and a checksum of what the service gave."""

    frames: AreaFrames
    address: str
    sha256: str


def fetch_cbs_areas(
    folder: Path,
    *,
    year: int,
    region: Sequence[str] = REGION_CODES,
    rim_m: float = RIM_M,
    address: str | None = None,
    settings: FetchSettings | None = None,
    progress: Progress = silent,
) -> FetchedAreas:
    """Fetch the region and its rim. Pages are kept in ``folder`` until all of them are in.

    Raises FetchError when the service fails, and Refused when what it gives has faults.
    """
    base = (address or DEFAULT_ADDRESS).format(year=year)
    name = hashlib.sha256(f"{base} {','.join(region)} {rim_m}".encode()).hexdigest()[:12]
    service = FeatureService(base, folder / f"cbs-{year}-{name}", settings, progress)
    with closing(service):
        bounds = _bounds_of_region(service, region)
        box = {"bbox": _box(bounds, rim_m), "bbox-crs": RD_URI}
        pages = {level: service.pages(LAYER_NAMES[level], box) for level in LEVELS}
        service.forget()
    layers = {level: _to_layer(level, pages[level]) for level in LEVELS}
    frames = to_area_frames(layers, year=year, region=region, rim_m=rim_m)
    return FetchedAreas(frames, base, _sha256(pages))


def _bounds_of_region(
    service: FeatureService, region: Sequence[str]
) -> tuple[float, float, float, float]:
    """The box around the gemeenten of the region, asked one by one and filtered again here."""
    parts: list[gpd.GeoDataFrame] = []
    for code in region:
        layer = _to_layer("gemeente", service.pages("gemeenten", {"gemeentecode": code}))
        column = next(name for name in layer.columns if name.lower() in ("gemeentecode", "gm_code"))
        parts.append(layer[layer[column] == code])
        if layer[column].isin(region).sum() == len(set(region)):
            parts = [layer[layer[column].isin(region)]]
            break
    found = gpd.GeoDataFrame(pd.concat(parts))
    if found.empty:
        raise refuse("De dienst kent geen van de gemeenten van de regio. Kijk of de codes kloppen.")
    x_min, y_min, x_max, y_max = found.to_crs(RD).total_bounds
    return float(x_min), float(y_min), float(x_max), float(y_max)


def _box(bounds: tuple[float, float, float, float], rim_m: float) -> str:
    x_min, y_min, x_max, y_max = bounds
    return f"{x_min - rim_m:.0f},{y_min - rim_m:.0f},{x_max + rim_m:.0f},{y_max + rim_m:.0f}"


def _to_layer(level: Level, pages: list[Page]) -> gpd.GeoDataFrame:
    """The features of all pages in RD, each once, with the columns that we read."""
    parts = [_to_frame(page) for page in pages if page.features]
    if not parts:
        raise refuse(
            f"De dienst gaf geen {LAYER_NAMES[level]}. Kijk of het jaar en het adres kloppen."
        )
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=RD)
    kept = wanted_columns([str(name) for name in frame.columns])
    return frame.drop_duplicates("feature_id")[[*kept, "geometry"]]


def _to_frame(page: Page) -> gpd.GeoDataFrame:
    """One page in RD; without Content-Crs the standard says longitude and latitude."""
    crs = RD if is_rd_uri(page.crs_uri) else WGS84
    frame = gpd.GeoDataFrame.from_features(page.features, crs=crs)
    frame["feature_id"] = [_id_of(feature) for feature in page.features]
    return frame.to_crs(RD)


def _id_of(feature: dict[str, Any]) -> str:
    """What tells a feature from its doubles on another page."""
    return str(feature.get("id") or json.dumps(feature, sort_keys=True))


def _sha256(pages: dict[Level, list[Page]]) -> str:
    """A checksum of the features alone: pages also carry the time they were made."""
    digest = hashlib.sha256()
    for level in LEVELS:
        features = [feature for page in pages[level] for feature in page.features]
        for text in sorted({json.dumps(feature, sort_keys=True) for feature in features}):
            digest.update(text.encode())
    return digest.hexdigest()
