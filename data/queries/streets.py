"""The street network of one release, and the lines of some of its streets."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ARRAY, BigInteger, Connection, Text, cast, func, select

from data.errors import NotFound
from data.queries.bulk import Kind, read_bulk
from data.queries.releases import Release
from data.tables import StreetEdge, StreetNode
from data.views import public_release
from geo.crs import RD

NO_STREETS = "Er zijn nog geen straten in de database. Laad ze, met: vlekkenplan import osm BESTAND"

_EDGE_KINDS: dict[str, Kind] = {
    "edge_id": "whole",
    "from_node_id": "whole",
    "to_node_id": "whole",
    "length_m": "number",
    "walk": "bool",
    "cycle_forward": "bool",
    "cycle_backward": "bool",
}


class NoStreets(NotFound):
    """No streets have been loaded."""


def street_release(connection: Connection) -> Release:
    """The release whose streets to use; NoStreets when the database holds none.

    Real streets come before example streets, then the newest year and version.
    """
    a_street = (
        select(StreetEdge.edge_id)
        .where(StreetEdge.release_id == public_release.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(*(public_release.c[name] for name in Release.__dataclass_fields__))
        .where(a_street.is_not(None))
        .order_by(
            public_release.c.is_example,
            public_release.c.year.desc(),
            public_release.c.version.desc(),
        )
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoStreets(NO_STREETS)
    return Release(*row)


def street_nodes(connection: Connection, release_id: int) -> gpd.GeoDataFrame:
    """The nodes of a release, also those between pieces (STREET_NODES), by node_id."""
    query = (
        select(StreetNode.node_id, func.ST_X(StreetNode.geom), func.ST_Y(StreetNode.geom))
        .where(StreetNode.release_id == release_id)
        .order_by(StreetNode.node_id)
    )
    rows = read_bulk(connection, query, {"node_id": "whole", "x_m": "number", "y_m": "number"})
    points = shapely.points(rows["x_m"].to_numpy(), rows["y_m"].to_numpy())
    index = pd.Index(rows["node_id"], name="node_id")
    return gpd.GeoDataFrame(geometry=points, crs=RD, index=index)


def street_edges(connection: Connection, release_id: int) -> gpd.GeoDataFrame:
    """The streets of a release in pieces (STREET_EDGES of ``geo.frames``), by edge_id."""
    query = (
        select(
            *(getattr(StreetEdge, name) for name in _EDGE_KINDS), func.ST_AsHEXEWKB(StreetEdge.geom)
        )
        .where(StreetEdge.release_id == release_id)
        .order_by(StreetEdge.edge_id)
    )
    rows = read_bulk(connection, query, {**_EDGE_KINDS, "geometry": "geometry"})
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=RD).set_index("edge_id")


def edge_lines(connection: Connection, release_id: int, edge_ids: Collection[int]) -> gpd.GeoSeries:
    """The lines (RD) of some streets, by edge_id in the order asked.

    A line runs from the street's from_node to its to_node. NotFound when the release does not
    have one of them.
    """
    wanted = pd.Index(np.array(list(edge_ids), dtype=np.int64), name="edge_id")
    listed = "{" + ",".join(map(str, wanted.unique())) + "}"
    # As a table to join with: a list in a condition is searched anew for every street.
    asked = (
        func.unnest(cast(cast(listed, Text), ARRAY(BigInteger)))
        .table_valued("edge_id")
        .render_derived()
    )
    query = (
        select(StreetEdge.edge_id, func.ST_AsHEXEWKB(StreetEdge.geom))
        .join(asked, asked.c.edge_id == StreetEdge.edge_id)
        .where(StreetEdge.release_id == release_id)
    )
    rows = read_bulk(connection, query, {"edge_id": "whole", "geometry": "geometry"})
    lines = gpd.GeoSeries(rows.set_index("edge_id")["geometry"], crs=RD)
    missing = wanted.difference(lines.index)
    if len(missing):
        raise NotFound(f"Er is geen straat met nummer {missing[0]} in levering {release_id}.")
    return lines.reindex(wanted)
