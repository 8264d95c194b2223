"""How fast loading is, against the ORM and geopandas in the same run.

Run by hand:

    DATABASE_URL=postgresql://... python -m tests.bench.bench_import [FILE.gpkg]

The database must be a scratch one: its tables are made, filled and dropped. Without a file the
rows are the areas of the demo region.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from app.config import to_driver_url
from data import schema
from data.demo import demo_region
from data.load.areas import store_areas
from data.load.releases import Delivery, load
from data.sources.cbs_geopackage import read_cbs_geopackage
from data.sources.cbs_wijken_buurten import SOURCE
from data.tables import Area, Figure, SourceRelease
from geo.crs import RD_EPSG, WGS84_EPSG
from geo.outlines import to_outlines

ROUNDS = 3


def read_frames(path: Path | None) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Areas and figures of the file, or of the demo region."""
    if path is None:
        region = demo_region()
        return region.areas, region.figures
    started = time.perf_counter()
    frames = read_cbs_geopackage(path, year=2024)
    print(f"read and check the file: {time.perf_counter() - started:.2f} s")
    return frames.areas, frames.figures


def outlines_of(areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """What all three ways do before they store anything."""
    return pd.concat([to_outlines(part.geometry) for _, part in areas.groupby("level")])


def load_with_copy(engine: Engine, areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> None:
    """Our own way: COPY, compare, merge."""
    delivery = Delivery(SOURCE, 2024, "v1", "0" * 64, dt.date(2024, 1, 1))
    with engine.begin() as connection:
        load(connection, delivery, [lambda new: store_areas(connection, new, areas, figures)])


def load_with_orm(engine: Engine, areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> None:
    """One object a row."""
    outlines = outlines_of(areas)
    columns = [name for name in areas.columns if name != "geometry"]
    with Session(engine) as session:
        release = _release()
        session.add(release)
        session.flush()
        for code, row in areas.iterrows():
            values = {name: None if pd.isna(row[name]) else row[name] for name in columns}
            session.add(
                Area(
                    release_id=release.id,
                    area_code=code,
                    geom=from_shape(row.geometry, RD_EPSG),
                    outline_wgs84=from_shape(outlines[code], WGS84_EPSG),
                    **values,
                )
            )
        session.flush()
        for record in figures.astype(object).where(figures.notna(), None).to_dict("records"):
            session.add(Figure(release_id=release.id, **{str(k): v for k, v in record.items()}))
        session.commit()


def load_with_geopandas(engine: Engine, areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> None:
    """``to_postgis`` and ``to_sql`` into the same tables, without any comparing."""
    outlines = outlines_of(areas)
    with Session(engine) as session:
        release = _release()
        session.add(release)
        session.commit()
        release_id = release.id
    rows = areas.rename_geometry("geom").assign(
        release_id=release_id,
        outline_wgs84=[
            from_shape(outlines[code], WGS84_EPSG, extended=True).desc for code in areas.index
        ],
    )
    with engine.begin() as connection:
        rows.to_postgis("area", connection, if_exists="append", index=True)
        figures.assign(release_id=release_id).to_sql(
            "figure", connection, if_exists="append", index=False, method="multi", chunksize=5_000
        )


def measure(
    engine: Engine,
    way: Callable[[Engine, gpd.GeoDataFrame, pd.DataFrame], None],
    areas: gpd.GeoDataFrame,
    figures: pd.DataFrame,
) -> float:
    """The shortest of a few rounds into empty tables, seconds."""
    times = []
    for _ in range(ROUNDS):
        with engine.begin() as connection:
            connection.execute(delete(SourceRelease))
        started = time.perf_counter()
        way(engine, areas, figures)
        times.append(time.perf_counter() - started)
    return min(times)


def _release() -> SourceRelease:
    return SourceRelease(
        source_key=SOURCE.key,
        publisher=SOURCE.publisher,
        title=SOURCE.title,
        licence=SOURCE.licence,
        attribution=SOURCE.attribution_of(2024),
        address=SOURCE.address,
        year=2024,
        version="v1",
        retrieved_on=dt.date(2024, 1, 1),
        sha256="0" * 64,
        row_count=0,
        is_example=False,
    )


def main() -> None:
    """Measure the three ways and print the ratios."""
    url = to_driver_url(os.environ.get("DATABASE_URL"))
    if url is None:
        raise SystemExit("Set DATABASE_URL to a scratch database.")
    engine = schema.connect(url)
    schema.upgrade(engine)
    areas, figures = read_frames(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    print(f"{len(areas)} areas, {len(figures)} figures, best of {ROUNDS}")
    started = time.perf_counter()
    outlines_of(areas)
    outlines = time.perf_counter() - started
    print(f"outlines, part of every way and left out below: {outlines:.2f} s")
    ours = measure(engine, load_with_copy, areas, figures) - outlines
    again = time.perf_counter()
    load_with_copy(engine, areas, figures)
    again = time.perf_counter() - again - outlines
    others = {
        "ORM": measure(engine, load_with_orm, areas, figures) - outlines,
        "geopandas to_postgis": measure(engine, load_with_geopandas, areas, figures) - outlines,
    }
    print(f"COPY, compare and merge: {ours:.2f} s; the same again: {again:.2f} s")
    for name, seconds in others.items():
        print(f"{name}: {seconds:.2f} s, {seconds / ours:.1f} times ours")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM source_release"))
    engine.dispose()


if __name__ == "__main__":
    main()
