"""Whether a street network covers the region that the database knows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, select

from data.faults import Fault, check_none
from data.queries.releases import area_release
from data.tables import Area
from geo.crs import RD

#: A gemeente is covered when this share of its buurten has a junction. The rest may well be
#: without one: a wood, a harbour, a new buurt.
COVERED_SHARE = 0.8


def check_covers_region(connection: Connection, nodes: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Notes about the buurten without a street; Refused when a gemeente is hardly covered."""
    buurten = _read_buurten(connection)
    tree = shapely.STRtree(np.asarray(nodes.geometry.array, dtype=object))
    shapes = np.asarray(buurten.geometry.array, dtype=object)
    buurten["has_street"] = False
    buurten.loc[np.unique(tree.query(shapes, predicate="intersects")[0]), "has_street"] = True
    check_none(
        [
            Fault(
                f"Er zijn geen of te weinig straten in {name}: in {int(found.sum())} van de "
                f"{len(found)} buurten. Kies een bestand met de hele regio, bijvoorbeeld van "
                "Noord-Holland."
            )
            for name, found in buurten.groupby("gemeente_name")["has_street"]
            if found.mean() < COVERED_SHARE
        ]
    )
    bare = buurten.loc[~buurten["has_street"], "name"].tolist()
    return (f"Buurten zonder kruispunt: {', '.join(sorted(bare))}.",) if bare else ()


def _read_buurten(connection: Connection) -> gpd.GeoDataFrame:
    """The buurten on land of the region in use."""
    query = select(Area.name, Area.gemeente_name, Area.geom).where(
        Area.release_id == area_release(connection).id,
        Area.level == "buurt",
        Area.in_region,
        ~Area.is_water,
    )
    return gpd.read_postgis(query, connection, geom_col="geom", crs=RD)
