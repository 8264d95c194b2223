"""What the map of search areas draws: their outlines, the ground that rules out, what is unknown.

Only shapes with a number or a key: the words stand in the list beside the map, once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.land_uses import LAND_USES
from analysis.search_areas.grid import runs
from app.services.search_areas import SearchAnswer
from app.services.search_facts import RegionGround
from app.services.shelf import Shelf
from geo.crs import RD, WGS84

#: Bends smaller than this are left out of the ground that rules out, and ground that is smaller.
TOLERANCE_M, LEAST_M2 = 10.0, 2_500.0
#: Decimals of a degree: 5 is about 1 m.
DEGREE_DECIMALS = 5
_shelf = Shelf(2)
Shapes = npt.NDArray[Any]


def search_map(answer: SearchAnswer, numbers: Collection[int]) -> bytes:
    """The layers of the map as one JSON text, each a GeoJSON feature collection."""
    areas = answer.found.areas
    shown = areas.index.isin(list(numbers))
    layers = {
        "gebieden": _features(areas.index[shown], np.asarray(areas.geometry.array)[shown]),
        "uitgesloten": _shelf.keep(answer.region.key, lambda: _excluded(answer.region)),
        "onbekend": _features(["onbekend"], [_unknown(answer)]),
    }
    told = ",".join(f'"{name}":{text}' for name, text in layers.items())
    return f"{{{told}}}".encode()


def _excluded(region: RegionGround) -> str:
    """The ground that rules out, as one shape for each use."""
    kinds = [
        use.key for use in LAND_USES if use.excludes and (region.uses["kind"] == use.key).any()
    ]
    shapes = [_drawn(region, kind) for kind in kinds]
    return _features(kinds, shapes)


def _drawn(region: RegionGround, kind: str) -> shapely.Geometry:
    own = np.asarray(region.uses.geometry[region.uses["kind"] == kind].array, dtype=object)
    whole = shapely.intersection(shapely.union_all(shapely.make_valid(own)), region.region)
    simple = shapely.get_parts(shapely.simplify(whole, TOLERANCE_M))
    return shapely.MultiPolygon([*simple[shapely.area(simple) >= LEAST_M2]])


def _unknown(answer: SearchAnswer) -> shapely.Geometry:
    cells = answer.found.cells
    dark = cells[cells["outcome"] == "onbekend"]
    if dark.empty:
        return shapely.MultiPolygon()
    return shapely.simplify(shapely.union_all(runs(dark)), 0)


def _features(keys: Iterable[object], shapes: Collection[shapely.Geometry] | Shapes) -> str:
    """A feature collection with the keys as ids; what has no ground is left out."""
    in_degrees = gpd.GeoSeries(list(shapes), crs=RD).to_crs(WGS84)
    rounded = shapely.transform(
        np.asarray(in_degrees.array, dtype=object), lambda at: at.round(DEGREE_DECIMALS)
    )
    texts = shapely.to_geojson(rounded)
    features = [
        f'{{"type":"Feature","id":{_id(key)},"properties":{{}},"geometry":{text}}}'
        for key, text, shape in zip(keys, texts, rounded, strict=True)
        if not shape.is_empty
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _id(key: object) -> str:
    return f'"{key}"' if isinstance(key, str) else str(key)
