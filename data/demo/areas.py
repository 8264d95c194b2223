"""Schematic boundaries of the demo region: Voronoi cells of the buurten, cut to the outline.

Every place belongs to the buurt whose centre point is nearest. Wijken and gemeenten are the
buurten put together, so that all three levels are a coverage without gaps or overlaps.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from data.demo.region import SECRET, RegionFacts
from geo import frames
from geo.crs import RD

#: Coordinates of boundaries are whole metres: identical in every area that shares them.
_GRID_M = 1.0
FIGURE_KEYS = (
    "inwoners",
    "huishoudens",
    "omgevingsadressendichtheid",
    "oppervlakte_land_ha",
)


def draw_areas(facts: RegionFacts, outline: shapely.Polygon) -> gpd.GeoDataFrame:
    """The AREAS frame of gemeenten, wijken and buurten with schematic boundaries."""
    buurten = facts.buurten.assign(level="buurt", name=facts.buurten["buurtnaam"])
    buurten["geometry"] = np.array(voronoi_cells(facts.centres_m, outline))
    wijken = facts.wijken.assign(level="wijk", name=facts.wijken["wijknaam"])
    wijken["wijkcode"] = wijken.index
    wijken["geometry"] = _joined(buurten, "wijkcode")
    gemeenten = facts.gemeenten.assign(level="gemeente", name=facts.gemeenten["gemeentenaam"])
    gemeenten["gemeentecode"] = gemeenten.index
    gemeenten["wijkcode"] = None
    gemeenten["geometry"] = _joined(buurten, "gemeentecode")
    table = pd.concat([gemeenten, wijken, buurten])
    areas = gpd.GeoDataFrame(
        {
            "level": table["level"],
            "name": table["name"],
            "gemeente_code": table["gemeentecode"],
            "gemeente_name": table["gemeentecode"].map(facts.gemeenten["gemeentenaam"]),
            "wijk_code": table["wijkcode"],
            "in_region": True,
            "is_water": False,
            "land_area_ha": table["oppervlakte_land_ha"].astype(float),
        },
        geometry=[_multi(shape) for shape in table["geometry"]],
        crs=RD,
    )
    return frames.check(areas.rename_axis("area_code"), frames.AREAS)


def list_figures(facts: RegionFacts) -> pd.DataFrame:
    """The FIGURES frame of all three levels; a secret number is a reason, never 0."""
    tables = (facts.gemeenten, facts.wijken, facts.buurten)
    long = pd.concat([_long(table) for table in tables], ignore_index=True)
    secret = long["value"].isin(SECRET.values)
    long["value"] = long["value"].astype(float).mask(secret)
    long["reason"] = [SECRET.key if hidden else None for hidden in secret]
    return frames.check(long, frames.FIGURES)


def voronoi_cells(
    centres_m: npt.NDArray[np.float64], outline: shapely.Polygon
) -> list[shapely.Geometry]:
    """Per centre the part of the outline that is nearest to it.

    All lines are noded together on a grid of whole metres and closed to faces again, so that
    neighbours share every vertex. A face cut off from its own centre by the outline goes to
    the neighbour with which it shares the longest border.
    """
    lines = shapely.voronoi_polygons(
        shapely.MultiPoint(centres_m), extend_to=outline, only_edges=True
    )
    inside = shapely.intersection(lines, outline)
    network = shapely.union_all([inside, outline.boundary], grid_size=_GRID_M)
    faces = np.array(shapely.get_parts(shapely.polygonize([network])))
    owners = KDTree(centres_m).query(shapely.get_coordinates(shapely.point_on_surface(faces)))[1]
    holds_centre = shapely.contains_xy(faces, *centres_m[owners].T)
    for loose in np.flatnonzero(~holds_centre):
        border_m = shapely.length(shapely.intersection(faces[loose], faces))
        border_m[~holds_centre] = 0.0
        owners[loose] = owners[int(np.argmax(border_m))]
    return [shapely.coverage_union_all(faces[owners == cell]) for cell in range(len(centres_m))]


def _joined(buurten: pd.DataFrame, key: str) -> pd.Series:
    return buurten.groupby(key)["geometry"].agg(lambda cells: shapely.coverage_union_all(cells))


def _long(table: pd.DataFrame) -> pd.DataFrame:
    known = [key for key in FIGURE_KEYS if key in table.columns]
    columns = table[known].rename_axis("area_code").reset_index()
    return columns.melt(id_vars="area_code", var_name="figure", value_name="value")


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(shape).tolist())
