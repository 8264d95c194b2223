"""Loading the street network."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection

from data.load.points import to_rows
from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.tables import StreetEdge, StreetNode
from geo.frames import STREET_EDGES, STREET_NODES, check

_NODE = table_of(StreetNode)
_EDGE = table_of(StreetEdge)


def store_streets(
    connection: Connection, release: OpenRelease, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame
) -> tuple[Section, ...]:
    """Make the streets of this release equal to the frames. Needs a transaction."""
    check(nodes, STREET_NODES)
    check(edges, STREET_EDGES)
    node_rows = to_rows(nodes, ["node_id"], release.id)
    edge_rows = to_rows(edges, ["edge_id", *STREET_EDGES.columns], release.id)
    return (
        Section(
            "punten in straten",
            merge(connection, _NODE, node_rows, within=_NODE.c.release_id == release.id),
        ),
        Section(
            "stukken straat",
            merge(connection, _EDGE, edge_rows, within=_EDGE.c.release_id == release.id),
        ),
    )
