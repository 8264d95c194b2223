"""Loading gemeenten, wijken and buurten with their figures."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.progress import Progress, silent
from data.tables import Area, Figure
from geo.crs import WGS84
from geo.frames import AREAS, FIGURES, LEVELS, check
from geo.outlines import to_multipolygons, to_outlines

_AREA = table_of(Area)
_FIGURE = table_of(Figure)
_NOUNS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}


def store_areas(
    connection: Connection,
    release: OpenRelease,
    areas: gpd.GeoDataFrame,
    figures: pd.DataFrame,
    progress: Progress = silent,
) -> tuple[Section, ...]:
    """Make the areas and figures of this release equal to the frames. Needs a transaction."""
    check(areas, AREAS)
    check(figures, FIGURES)
    progress("Grenzen voor de kaart vereenvoudigen")
    rows = _to_rows(areas)
    rows.insert(0, "release_id", release.id)
    progress("Gebieden vergelijken en opslaan")
    area_changes = merge(connection, _AREA, rows, within=_AREA.c.release_id == release.id)
    progress("Cijfers vergelijken en opslaan")
    figure_rows = figures.reset_index(drop=True)[["area_code", "figure", "value", "reason"]]
    figure_rows.insert(0, "release_id", release.id)
    figure_changes = merge(
        connection, _FIGURE, figure_rows, within=_FIGURE.c.release_id == release.id
    )
    return Section("gebieden", area_changes), Section("cijfers", figure_changes)


def area_facts(areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> tuple[str, ...]:
    """How many areas and inhabitants the region has, and how many areas its rim."""
    counts = areas.groupby(["in_region", "level"]).size()
    lines = [
        f"{_dutch(counts.get((True, level), 0))} {_NOUNS[level]} in de regio" for level in LEVELS
    ]
    people = figures[figures["figure"] == "inwoners"].set_index("area_code")["value"]
    in_region = areas.index[areas["in_region"] & (areas["level"] == "gemeente")]
    lines.append(f"{_dutch(people.reindex(in_region).sum())} inwoners in de regio")
    lines.append(f"{_dutch(counts.get((False, 'buurt'), 0))} buurten in de rand")
    return tuple(lines)


def _to_rows(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(areas.drop(columns="geometry")).reset_index()
    rows = rows[["area_code", *AREAS.columns]]
    geometry = gpd.GeoSeries(
        to_multipolygons(np.asarray(areas.geometry.array, dtype=object)), crs=areas.crs
    )
    outlines = pd.concat([to_outlines(part.geometry) for _, part in areas.groupby("level")])
    rows["geom"] = geometry
    rows["outline_wgs84"] = gpd.GeoSeries(
        np.asarray(outlines.reindex(areas.index).array, dtype=object), crs=WGS84
    )
    return rows


def _dutch(number: float) -> str:
    return f"{int(number):,}".replace(",", ".")
