"""The geometry of CBS layers: in RD, in the Netherlands, valid, polygons only."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from data.faults import refuse
from geo.crs import RD_BOUNDS, RD_EPSG, diagnose, frame_to_rd
from geo.outlines import to_multipolygons

_POLYGONS = ("Polygon", "MultiPolygon")


def to_rd_polygons(layer: gpd.GeoDataFrame, name: str, notes: list[str]) -> gpd.GeoDataFrame:
    """The layer with valid polygons in RD; repairs and conversions are told in ``notes``.

    Raises Refused when the layer does not say its coordinate system, lies elsewhere or holds
    something else than areas.
    """
    if layer.crs is None:
        raise refuse(
            f"De laag {name} zegt niet in welk coördinatenstelsel de grenzen staan. Kies het "
            "oorspronkelijke bestand van het CBS, of geef de laag een stelsel (RD, EPSG:28992)."
        )
    if layer.crs.to_epsg() != RD_EPSG:
        _check_within(layer, name)
        notes.append(f"De grenzen van de laag {name} zijn omgerekend van {layer.crs.name} naar RD.")
        layer = frame_to_rd(layer)
    shapes = shapely.force_2d(np.asarray(layer.geometry.array, dtype=object))
    _check_areas(shapes, name)
    _check_in_netherlands(shapes, name)
    return layer.set_geometry(gpd.GeoSeries(_valid(shapes, name, notes), layer.index, layer.crs))


def _check_within(layer: gpd.GeoDataFrame, name: str) -> None:
    """Coordinates outside the range of their own system would turn into nonsense."""
    if layer.crs.is_geographic and not _is_degrees(layer.total_bounds):
        raise refuse(
            f"De laag {name} zegt in graden te zijn, maar de coördinaten zijn geen graden. "
            "Kies het oorspronkelijke bestand van het CBS."
        )


def _is_degrees(bounds: np.ndarray) -> bool:
    return bool(np.isfinite(bounds).all() and np.abs(bounds).max() <= 180)


def _check_areas(shapes: np.ndarray, name: str) -> None:
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if missing.any():
        raise refuse(f"Gebieden zonder grens in de laag {name}: {int(missing.sum())}.")
    kinds = {shape.geom_type for shape in shapes} - {*_POLYGONS}
    if kinds:
        raise refuse(
            f"De laag {name} bevat geen vlakken maar {', '.join(sorted(kinds))}. Kies de laag "
            "met de grenzen."
        )


def _check_in_netherlands(shapes: np.ndarray, name: str) -> None:
    x_min, y_min, x_max, y_max = shapely.total_bounds(shapes)
    if RD_BOUNDS.holds(x_min, y_min) and RD_BOUNDS.holds(x_max, y_max):
        return
    kind = diagnose((x_min + x_max) / 2, (y_min + y_max) / 2)
    hints = {
        "swapped": "x en y zijn verwisseld",
        "wgs84": "het zijn graden (WGS 84)",
        "wgs84_swapped": "het zijn graden (WGS 84)",
        "web_mercator": "het zijn coördinaten van een webkaart (EPSG:3857)",
    }
    raise refuse(
        f"De grenzen van de laag {name} liggen niet in Nederland: "
        f"{hints.get(kind, 'de coördinaten zijn geen RD-meters')}."
    )


def _valid(shapes: np.ndarray, name: str, notes: list[str]) -> np.ndarray:
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(
            shapes[broken], method="structure", keep_collapsed=False
        )
        notes.append(f"Kapotte grenzen in de laag {name}: {int(broken.sum())}. Ze zijn hersteld.")
    repaired = to_multipolygons(shapes)
    empty = shapely.is_empty(repaired)
    if empty.any():
        raise refuse(f"Grenzen in de laag {name} die niet te herstellen zijn: {int(empty.sum())}.")
    return repaired
