"""Compiles the table of facts of the demo region from the file that CBS publishes.

    python -m data.demo.compile_facts wijkenbuurten_2024.gpkg data/demo/facts

Only facts are kept: codes, names, numbers and one point per buurt, rounded to 10 m. No
boundary of the file is copied. Running it again on the same file gives the same tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.region import FACTS_FOLDER, GEMEENTE_CODES
from data.figures import missing_reason

CENTRE_ROUNDED_M = 10.0
_SECRET_VALUES = missing_reason("secret_or_absent").values
_SECRET = float(_SECRET_VALUES[0])
_NUMBERS = {
    "aantal_inwoners": "inwoners",
    "aantal_huishoudens": "huishoudens",
    "omgevingsadressendichtheid": "omgevingsadressendichtheid",
    "oppervlakte_land_in_ha": "oppervlakte_land_ha",
}
_CENTRE = ("centre_x_m", "centre_y_m")
_COUNTS = ("inwoners", "huishoudens", "oppervlakte_land_ha")


def read_layer(geopackage: Path, layer: str) -> gpd.GeoDataFrame:
    """One layer of the publisher's file, cut to the eight gemeenten, our names for figures."""
    frame = gpd.read_file(geopackage, layer=layer).rename(columns=_NUMBERS)
    frame = frame[frame["gemeentecode"].isin(GEMEENTE_CODES)]
    figures = [name for name in _NUMBERS.values() if name in frame]
    frame[figures] = frame[figures].replace(list(_SECRET_VALUES), _SECRET)
    return frame


def centre_points(buurten: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The centroid, or a point on the surface where the centroid lies outside; RD, 10 m."""
    centroids = buurten.geometry.centroid
    inside = buurten.geometry.contains(centroids)
    points = centroids.where(inside, buurten.geometry.representative_point())
    rounded = np.round(shapely.get_coordinates(points) / CENTRE_ROUNDED_M) * CENTRE_ROUNDED_M
    return gpd.GeoSeries(shapely.points(rounded), index=buurten.index, crs=buurten.crs)


def hide_empty_sums(areas: pd.DataFrame, buurten: pd.DataFrame, key: str) -> pd.DataFrame:
    """A sum over nothing but secret numbers is itself secret, not 0."""
    for name in _COUNTS:
        known = buurten[name].ge(0).groupby(buurten[key]).any()
        areas[name] = areas[name].where(areas[key].map(known), _SECRET)
    return areas


def compile_facts(geopackage: Path, folder: Path) -> None:
    """Write ``gemeenten.csv``, ``wijken.csv`` and ``buurten.csv``."""
    buurten = read_layer(geopackage, "buurten")
    centres = centre_points(buurten)
    buurten["centre_x_m"], buurten["centre_y_m"] = centres.x, centres.y
    wijken = hide_empty_sums(read_layer(geopackage, "wijken"), buurten, "wijkcode")
    gemeenten = hide_empty_sums(read_layer(geopackage, "gemeenten"), buurten, "gemeentecode")
    numbers = list(_NUMBERS.values())
    _write(folder / "gemeenten.csv", gemeenten, ["gemeentecode", "gemeentenaam", *_COUNTS])
    _write(
        folder / "wijken.csv",
        wijken,
        ["wijkcode", "wijknaam", "gemeentecode", *_COUNTS],
    )
    _write(
        folder / "buurten.csv",
        buurten,
        ["buurtcode", "buurtnaam", "wijkcode", "gemeentecode", *numbers, *_CENTRE],
    )


def _write(path: Path, frame: pd.DataFrame, columns: list[str]) -> None:
    table = pd.DataFrame(frame[columns]).sort_values(columns[0])
    whole = table.select_dtypes("number").columns
    table[whole] = table[whole].astype("int64")
    table.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    compile_facts(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else FACTS_FOLDER)
