"""Many rows at once: PostgreSQL copies them out as text, several times faster than row by row."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, Select

from geo.crs import RD

Kind = Literal["whole", "number", "bool", "geometry"]


def read_bulk(
    connection: Connection, query: Select[*tuple[Any, ...]], kinds: Mapping[str, Kind]
) -> pd.DataFrame:
    """The columns of the query, in its order, each of the kind given; nothing may be unknown.

    Numbers are those of the database, bit by bit; geometry comes as ``ST_AsHEXEWKB``.
    """
    statement = query.compile(connection, compile_kwargs={"literal_binds": True})
    driver = connection.connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy,
    ):
        text = b"".join(copy)
    rows = pd.read_csv(
        io.BytesIO(text), names=list(kinds), dtype="object", keep_default_na=False, header=None
    )
    return pd.DataFrame({name: _READ[kind](rows[name].to_numpy()) for name, kind in kinds.items()})


_READ = {
    "whole": lambda texts: texts.astype(np.int64),
    "number": lambda texts: texts.astype(np.float64),
    "bool": lambda texts: texts == "t",
    "geometry": lambda texts: gpd.GeoSeries(shapely.from_wkb(texts), crs=RD),
}
