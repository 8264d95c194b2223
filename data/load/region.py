"""The region as the database knows it, to check new sites against."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection, select

from data.errors import NotFound
from data.faults import refuse
from data.queries.releases import area_release
from data.sources.region import Region
from data.tables import Area
from geo.crs import RD


def read_region(connection: Connection) -> Region:
    """The gemeenten of the release in use. Raises Refused when there are none yet."""
    try:
        release = area_release(connection)
    except NotFound as error:
        raise refuse(
            "Er zijn nog geen gemeenten in de database. Laad eerst de wijken en buurten, met: "
            "vlekkenplan import cbs BESTAND --year JAAR --version VERSIE"
        ) from error
    query = select(Area.name, Area.in_region, Area.geom).where(
        Area.release_id == release.id, Area.level == "gemeente"
    )
    gemeenten = gpd.read_postgis(query, connection, geom_col="geom", crs=RD)
    return Region(gemeenten, release.is_example)
